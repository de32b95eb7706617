/** How the sandbox's APIs answer: JSON with its numbers as they are, other texts, refusals; and nothing is ever written. */
import { type Context, Hono } from 'hono'
import { type Encoded, encode } from './encoding.ts'
import { writeJson } from './json.ts'
import { Problem } from './problem.ts'

/** An API without routes, in which nothing can be changed, whoever asks. */
export function readOnlyApi(): Hono {
  const api = new Hono()
  api.use(refuseWrites)
  api.notFound(() => refusal(new Problem(404, 'Nothing is here')))
  api.onError((error) => refusal(error instanceof Problem ? error : new Problem(500, 'The sandbox failed')))
  return api
}

async function refuseWrites(c: Context, next: () => Promise<void>): Promise<void> {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
  throw new Problem(405, 'The sandbox is read-only', { allow: 'GET, HEAD' })
}

export function json(c: Context, value: unknown, headers: Record<string, string> = {}): Response {
  return text(c, writeJson(value), { 'content-type': 'application/json', ...headers })
}

export function text(c: Context, body: string, headers: Record<string, string>): Response {
  return bytes(c, new TextEncoder().encode(body), headers)
}

/** `headers` names the media type. */
export function bytes(c: Context, body: Uint8Array<ArrayBuffer>, headers: Record<string, string>): Response {
  return reply(encode(body, c.req.header('accept-encoding')), headers)
}

function reply({ body, headers }: Encoded, own: Record<string, string>): Response {
  return new Response(body, { headers: { ...own, ...headers } })
}

function refusal({ status, headers, body }: Problem): Response {
  return new Response(body, { status, headers })
}

/** The key or token of a request (RFC 6750, 2.1). */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
}

/** The refusal of a request that brought no key, or one that is unknown. */
export function unauthorized(realm: string, authorization: string | undefined): Problem {
  const error = authorization === undefined ? '' : ', error="invalid_token"'
  const challenge = `Bearer realm="${realm}"${error}`
  return new Problem(401, 'A valid bearer token is required', { 'www-authenticate': challenge })
}
