/** The Flowtly REST API as openapi/flowtly.json describes it, read-only, over the demonstration books. */
import type { Context, Hono } from 'hono'
import { bytes, json, readOnlyApi, unauthorized } from './answers.ts'
import { type Books, drawBooks } from './books.ts'
import { collections } from './collections.ts'
import { fileOf } from './files.ts'
import { readBoolean } from './filters.ts'
import { organizationOf, type TokenReader } from './keys.ts'
import { organizations } from './organizations.ts'
import { find, records } from './records.ts'

/** Draws the books of both organizations and serves them, to the demo keys and to the access tokens that `tokens` knows. */
export function createApi(tokens?: TokenReader): Hono {
  const library = new Map(organizations.map((organization) => [organization.name, drawBooks(organization)]))
  const open = (c: Context) => openBooks(library, tokens, c)
  const api = readOnlyApi()
  api.get('/v1/status', (c) => c.json({ status: 'ok' }))
  for (const { path, answer } of collections) {
    api.get(path, async (c) => {
      const { body, headers } = answer(await open(c), urlOf(c), c.req.param('id') ?? '')
      return json(c, body, headers)
    })
  }
  for (const { path, name, rows } of records) {
    api.get(path, async (c) => json(c, find(rows(await open(c)), c.req.param('id') ?? '', name)))
  }
  api.get('/v1/attachments/:id', async (c) => attachment(c, await open(c)))
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
  if (books === undefined) throw unauthorized('flowtly', authorization)
  return books
}

/** The record of an attachment or, with `download=true`, its file. */
function attachment(c: Context, books: Books): Response {
  const record = find(books.attachments, c.req.param('id') ?? '', 'attachment')
  const { searchParams } = urlOf(c)
  if (!readBoolean(searchParams.get('download') ?? 'false', 'download')) return json(c, record)
  const disposition = `attachment; filename="${record.fileName.replace(/[^ -~]|["\\]/g, '_')}"`
  return bytes(c, fileOf(record), { 'content-type': record.mediaType, 'content-disposition': disposition })
}

function urlOf(c: Context): URL {
  return new URL(c.req.url)
}
