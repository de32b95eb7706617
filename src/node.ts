/** Node: the environment becomes settings, undici the one GET, and a socket listens. */
import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createApp } from './app.ts'
import type { Catalog } from './connector/catalog.ts'
import { createEntrance, planTokens } from './door.ts'
import { StartError } from './errors.ts'
import { createProviderFetch } from './node/fetch.ts'
import { createGet } from './node/get.ts'
import { createGetPublic } from './node/public.ts'
import { createReplayFolder } from './node/replay.ts'
import type { SizeRow } from './oauth/sizes.ts'
import { after, type LogEntry, type Ports, type ReplayGuard } from './ports.ts'
import { createReplayGuard } from './replay.ts'
import { isLoopbackUrl, readSettings, type Settings } from './settings.ts'
import { unknownSettings } from './unknown-settings.ts'

export interface Running {
  /** Origin that this process listens on, such as `http://127.0.0.1:8787`. */
  url: string
  /** What tokens will weigh here; empty without sign-in. */
  sizes: readonly SizeRow[]
  /** Takes no new connection, lets what is under way end for `grace` seconds (default 0), then closes everything. */
  close(grace?: number): Promise<void>
}

export interface ServeOptions {
  /** Replaces the process's global Request and Response by faster ones, for a process that does nothing else. */
  ownProcess?: boolean
  /** A guard that several processes share, of the caller's own. */
  replay?: ReplayGuard
  /** Finds the addresses of the upstream's host, in place of the system. */
  lookup?: LookupFunction
}

/** Serves a compiled connector. Throws StartError where a setting is wrong or missing, or the port is taken. */
export async function serve(
  catalog: Catalog,
  settings: Settings = environmentSettings(),
  { ownProcess = false, replay, lookup }: ServeOptions = {},
): Promise<Running> {
  const { ports, close } = await openPorts(settings, replay, lookup)
  let app: ReturnType<typeof createApp> | undefined
  let sizes: SizeRow[]
  let closing = false
  const server = createAdaptorServer({
    async fetch(request: Request) {
      const answer = await app!.fetch(request)
      // Else the connection would be kept, idle, until its timeout, and hold up the end.
      if (closing) answer.headers.set('connection', 'close')
      return answer
    },
    overrideGlobalObjects: ownProcess,
    serverOptions: timeLimits(settings),
  }) as Server
  server.maxConnections = settings.maxClients
  // An answer that nobody takes would be held for ever; a call under way is silent too, for as long as its deadline.
  server.setTimeout((settings.clientTimeout + settings.deadline) * 1000)
  await listen(server, settings)
  const url = originOf(server)
  try {
    // On loopback the address itself is the public one, and its port is known only now.
    const publicUrl = settings.publicUrl ?? (isLoopbackUrl(new URL(url)) ? url : undefined)
    const complete = { ...settings, publicUrl }
    const entrance = createEntrance(catalog, complete, ports)
    sizes = await planTokens(entrance)
    app = createApp(catalog, complete, ports, entrance)
  } catch (error) {
    server.close()
    await close()
    throw error
  }
  return {
    url,
    sizes,
    async close(grace = 0) {
      closing = true
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      const cancel = after(grace, () => server.closeAllConnections())
      await closed
      cancel()
      await close()
    },
  }
}

/** Those of the process; on standard error, which names of ours it holds that are not known. */
function environmentSettings(): Settings {
  const unknown = unknownSettings(process.env)
  if (unknown !== undefined) console.error(unknown)
  return readSettings(process.env)
}

/** The ports of this runtime, and what gives their connections back. */
export async function openPorts(
  settings: Settings,
  given?: ReplayGuard,
  lookup?: LookupFunction,
): Promise<{ ports: Ports; close(): Promise<void> }> {
  const now = () => Date.now() / 1000
  const egress = createGet(settings, lookup)
  const provider = createProviderFetch(settings)
  const { replayDir, replayEntries } = settings
  const own = () => (replayDir ? createReplayFolder(replayDir, now) : createReplayGuard(now, replayEntries))
  const replay = given ?? (await own())
  const ports: Ports = {
    get: egress.get,
    now,
    random: Math.random,
    id: randomUUID,
    after,
    log: settings.log === 'json' ? writeLine : () => {},
    oauth: { fetch: provider.fetch, getPublic: createGetPublic(settings), replay },
  }
  return { ports, close: async () => void (await Promise.all([egress.close(), provider.close()])) }
}

function originOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** How long a request may take to arrive, looked at often enough to mean it; in milliseconds. */
function timeLimits({ clientTimeout }: Settings) {
  const patience = clientTimeout * 1000
  return {
    requestTimeout: patience,
    headersTimeout: patience,
    connectionsCheckingInterval: Math.min(5000, patience),
  }
}

function listen(server: Server, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen(port, host, resolve)
  })
}

const LISTEN_FAULTS: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (host, port) =>
    `port ${port} on ${host} is taken: end what listens there, or choose another by PORT (start: or --port)`,
  EACCES: (_, port) =>
    `port ${port} may not be opened by this user: choose one of 1024 or above by PORT (start: or --port)`,
  EADDRNOTAVAIL: notOurs,
  ENOTFOUND: notOurs,
}

function notOurs(host: string): string {
  return `${host} is no address of this machine: choose one by HOST (start: or --host)`
}

/** A fault that whoever starts it can mend, else the error itself. */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const fault = LISTEN_FAULTS[error.code ?? '']
  return fault ? new StartError('The server cannot listen', [fault(host, port)]) : error
}

function writeLine(entry: LogEntry): void {
  process.stdout.write(`${JSON.stringify(entry)}\n`)
}
