/** The Flowtly REST API as openapi/flowtly.json describes it, read-only, over the demonstration books. */
import { type Context, Hono } from 'hono'
import { type Books, drawBooks } from './books.ts'
import { collections } from './collections.ts'
import { type Encoded, encode } from './encoding.ts'
import { fileOf } from './files.ts'
import { readBoolean } from './filters.ts'
import { writeJson } from './json.ts'
import { organizationOf, type TokenReader } from './keys.ts'
import { organizations } from './organizations.ts'
import { Problem } from './problem.ts'
import { find, records } from './records.ts'

/** Draws the books of both organizations and serves them, to the demo keys and to the access tokens that `tokens` knows. */
export function createApi(tokens?: TokenReader): Hono {
  const library = new Map(organizations.map((organization) => [organization.name, drawBooks(organization)]))
  const open = (c: Context) => openBooks(library, tokens, c)
  const api = new Hono()
  api.use(refuseWrites)
  api.get('/v1/status', (c) => c.json({ status: 'ok' }))
  for (const { path, answer } of collections) {
    api.get(path, async (c) => json(c, answer(await open(c), queryOf(c), c.req.param('id') ?? '')))
  }
  for (const { path, name, rows } of records) {
    api.get(path, async (c) => json(c, find(rows(await open(c)), c.req.param('id') ?? '', name)))
  }
  api.get('/v1/attachments/:id', async (c) => attachment(c, await open(c)))
  api.notFound(() => refusal(new Problem(404, 'Nothing is here')))
  api.onError((error) => refusal(error instanceof Problem ? error : new Problem(500, 'The sandbox failed')))
  return api
}

/** The books that the caller may read; throws a 401 problem when there are none. */
async function openBooks(
  library: ReadonlyMap<string, Books>,
  tokens: TokenReader | undefined,
  c: Context,
): Promise<Books> {
  const authorization = c.req.header('authorization')
  const books = library.get((await organizationOf(authorization, tokens)) ?? '')
  if (books !== undefined) return books
  const challenge =
    authorization === undefined ? 'Bearer realm="flowtly"' : 'Bearer realm="flowtly", error="invalid_token"'
  throw new Problem(401, 'A valid bearer token is required', { 'www-authenticate': challenge })
}

/** Nothing here can be changed, whoever asks. */
async function refuseWrites(c: Context, next: () => Promise<void>): Promise<void> {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
  throw new Problem(405, 'The sandbox is read-only', { allow: 'GET, HEAD' })
}

/** The record of an attachment or, with `download=true`, its file. */
function attachment(c: Context, books: Books): Response {
  const record = find(books.attachments, c.req.param('id') ?? '', 'attachment')
  if (!readBoolean(queryOf(c).get('download') ?? 'false', 'download')) return json(c, record)
  const disposition = `attachment; filename="${record.fileName.replace(/[^ -~]|["\\]/g, '_')}"`
  const headers = { 'content-type': record.mediaType, 'content-disposition': disposition }
  return reply(encode(fileOf(record), c.req.header('accept-encoding')), headers)
}

function json(c: Context, value: unknown): Response {
  const body = new TextEncoder().encode(writeJson(value))
  return reply(encode(body, c.req.header('accept-encoding')), { 'content-type': 'application/json' })
}

function reply({ body, headers }: Encoded, own: Record<string, string>): Response {
  return new Response(body, { headers: { ...own, ...headers } })
}

function refusal({ status, headers, body }: Problem): Response {
  return new Response(body, { status, headers })
}

function queryOf(c: Context): URLSearchParams {
  return new URL(c.req.url).searchParams
}
