/** The whole surface on one screen: every route, and the order in which a request is let in. */
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import type { Gate } from './access/caller.ts'
import { createGate } from './access/gate.ts'
import type { Catalog } from './connector/catalog.ts'
import { shortHash } from './connector/surface.ts'
import { partDocuments, wellKnown } from './discovery.ts'
import { createEntrance, type Entrance } from './door.ts'
import { createGuard, type Guard } from './guard.ts'
import { endpoint } from './mcp/endpoint.ts'
import type { McpServer } from './mcp/server.ts'
import { surfaceOf } from './mcp/view.ts'
import { PRIVATE } from './oauth/answers.ts'
import { answer, CORS, endpoints, PREFLIGHT } from './oauth/endpoints.ts'
import { type Address, createAddresses } from './parts.ts'
import type { LogEntry, Ports } from './ports.ts'
import { createReadiness } from './ready.ts'
import type { Settings } from './settings.ts'
import { VERSION } from './version.ts'

type Env = { Variables: { entry: LogEntry } }

/**
 * A connector as a function of requests; nothing is kept between them but what is written once for all.
 * Throws StartError where the connector asks people to sign in and a setting that this needs is missing.
 */
export function createApp(
  catalog: Catalog,
  settings: Settings,
  ports: Ports,
  { authority, door }: Entrance = createEntrance(catalog, settings, ports),
): Hono<Env> {
  const guard = createGuard(catalog, settings)
  const gate = createGate(catalog.access, door, settings.upstreamHeaders)
  const mcp = createMcp(guard, gate)
  const isReady = createReadiness(catalog, settings, ports)
  const openapi = JSON.stringify(catalog.openapi)
  const app = new Hono<Env>()

  app.use(letIn(guard, ports))

  // People paste the bare origin as often as the full address; both are the one endpoint.
  const addresses = createAddresses(catalog, settings, ports)
  for (const path of ['/mcp', '/mcp/', '/'])
    app.all(path, (c) => mcp(c.req.raw, c.get('entry'), addresses.whole))

  // Without sign-in neither of the three has a row.
  const documents = door ? wellKnown(catalog, settings, door.issuer) : new Map<string, object>()
  for (const [path, document] of documents) {
    app.get(path, (c) => c.json(document, 200, PUBLISHED))
    app.options(path, (c) => c.body(null, 204, PREFLIGHT))
  }
  const documentAt = partDocuments(catalog, documents, door?.issuer ?? '')
  app.on(['GET', 'OPTIONS'], PART_DOCUMENTS, async (c, next) => {
    const document = documentAt(new URL(c.req.url).pathname)
    if (document === undefined) return next()
    c.get('entry').path = 'well-known'
    return c.req.method === 'OPTIONS' ? c.body(null, 204, PREFLIGHT) : c.json(document, 200, PUBLISHED)
  })
  app.all('/n/:part{.+}', (c) => mcp(c.req.raw, c.get('entry'), addresses.part))
  for (const row of authority ? endpoints : []) {
    app.all(row.path, (c) => answer(row, authority!, { request: c.req.raw, entry: c.get('entry') }))
  }

  const open = (c: Context<Env>) => ({ ...guard.share(c.req.raw), 'cache-control': 'no-store' })
  const health = createHealth(catalog)
  app.get('/health', async (c) => c.json(await health(), 200, open(c)))
  app.get('/ready', async (c) => {
    const { status, body } = await isReady()
    return c.json(body, status, open(c))
  })
  app.get('/mcp/openapi.json', (c) =>
    c.body(openapi, 200, { ...open(c), 'content-type': 'application/json' }),
  )

  app.notFound((c) => c.json({ error: 'Nothing is here. The MCP endpoint is POST /mcp.' }, 404))
  app.onError((error, c) => {
    if (c.req.raw.signal.aborted) return c.body(null, CLIENT_LEFT as 400)
    c.get('entry').fault = `${error.name}: ${error.message}`.slice(0, 200)
    return c.json({ error: 'Internal error; the operator finds it in the log.' }, 500, PRIVATE)
  })
  return app
}

/** Which connector this is, and how far its surface goes back; the hash is made once, for the first who asks. */
function createHealth(catalog: Catalog) {
  const { name: connector, synced } = catalog
  let surface: Promise<string> | undefined
  return async () => {
    surface ??= surfaceOf(catalog).then(shortHash)
    const told = { status: 'ok', connector, version: VERSION, surface: await surface }
    return { ...told, ...(synced !== undefined && { synced }) }
  }
}

/** Origin, preflight, which address, who is calling, and then the protocol. */
function createMcp(guard: Guard, gate: Gate) {
  const admit = async (request: Request, entry: LogEntry, server: () => McpServer): Promise<Response> => {
    const caller = await gate(request)
    if (caller instanceof Response) return caller
    Object.assign(entry, caller.facts)
    return endpoint({ request, caller, server: server(), entry })
  }
  return async (request: Request, entry: LogEntry, at: Address): Promise<Response> => {
    const foreign = guard.checkOrigin(request)
    if (foreign) return foreign
    if (request.method === 'OPTIONS') return guard.preflight(request)
    const server = at(request, entry)
    const answer = server instanceof Response ? server : await admit(request, entry, server)
    for (const [name, value] of Object.entries(guard.allow(request))) answer.headers.set(name, value)
    return answer
  }
}

/** Where clients look for what is well-known of a part: its path appended, and in front. */
const PART_DOCUMENTS = ['/.well-known/:name/n/:names/mcp', '/n/:names/mcp/.well-known/:name']
/** For every origin, and for so long that a sign-in reads them once. */
const PUBLISHED = { ...CORS, 'cache-control': 'public, max-age=300' }

/** What the log calls by name; in another path there might be anything, a pasted key among it. */
const PATHS = new Set([
  '/',
  '/mcp',
  '/mcp/',
  '/health',
  '/ready',
  '/mcp/openapi.json',
  ...endpoints.map(({ path }) => path),
])
/** Nobody reads it: the client closed the connection while it sent its request. As nginx logs it. */
const CLIENT_LEFT = 499

/** Opens and closes the line of the access log, and refuses a foreign Host before anything else looks at the request. */
function letIn(guard: Guard, ports: Ports): MiddlewareHandler<Env> {
  return async (c, next) => {
    const started = ports.now()
    const id = ports.id()
    const time = new Date(started * 1000).toISOString()
    const entry: LogEntry = { time, id, method: c.req.method, path: pathName(c.req.path) }
    c.set('entry', entry)
    const foreign = guard.checkHost(c.req.raw)
    if (foreign) c.res = foreign
    else await next()
    c.header('x-request-id', id)
    c.header('x-content-type-options', 'nosniff')
    ports.log({ ...entry, status: c.res.status, ms: Math.round((ports.now() - started) * 1000) })
  }
}

function pathName(path: string): string {
  if (PATHS.has(path)) return path
  return path.startsWith('/.well-known/') && path.length < 80 ? 'well-known' : 'other'
}
