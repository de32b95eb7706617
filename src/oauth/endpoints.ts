/** The authorization server's addresses, a row each: who is answered there, and in which voice an error is told. */
import { errorAnswer, errorPage, json, START_AGAIN } from './answers.ts'
import type { Authority, Endpoint, Exchange } from './authority.ts'
import { authorize } from './authorize.ts'
import { callback } from './callback.ts'
import { consent } from './consent.ts'
import { OAuthError, PageError } from './errors.ts'
import { register } from './register.ts'
import { revoke } from './revoke.ts'
import { token } from './token.ts'

export interface Row {
  path: string
  verb: 'GET' | 'POST'
  /** `client`: JSON, from any browser origin. `person`: a page, and never readable by another site. */
  voice: 'client' | 'person'
  answer: Endpoint
}

// biome-ignore format: one address a line
export const endpoints: readonly Row[] = [
  { path: '/register', verb: 'POST', voice: 'client', answer: register },
  { path: '/authorize', verb: 'GET', voice: 'person', answer: authorize },
  { path: '/consent', verb: 'POST', voice: 'person', answer: consent },
  { path: '/callback', verb: 'GET', voice: 'person', answer: callback },
  { path: '/token', verb: 'POST', voice: 'client', answer: token },
  { path: '/revoke', verb: 'POST', voice: 'client', answer: revoke },
]

/** Answers one request; whatever an endpoint throws is told to whoever stands before it. */
export async function answer(row: Row, authority: Authority, exchange: Exchange): Promise<Response> {
  const { method } = exchange.request
  const cors = row.voice === 'client' ? CORS : {}
  if (method === 'OPTIONS' && row.voice === 'client')
    return new Response(null, { status: 204, headers: PREFLIGHT })
  if (method !== row.verb && !(method === 'HEAD' && row.verb === 'GET')) return refuse(row, exchange, cors)
  const answered = await row.answer(authority, exchange).catch((error: unknown) => {
    if (!(error instanceof OAuthError || error instanceof PageError)) throw error
    return row.voice === 'person' ? errorPage(error, exchange) : errorAnswer(asOAuth(error), exchange)
  })
  for (const [name, value] of Object.entries<string>(cors)) answered.headers.set(name, value)
  return answered
}

/** What a person would be told, for a client that has nobody to show it to. */
function asOAuth(error: OAuthError | PageError): OAuthError {
  return error instanceof OAuthError ? error : new OAuthError('invalid_grant', error.message, error.detail)
}

function refuse({ verb, voice }: Row, exchange: Exchange, cors: Record<string, string>): Response {
  const words = 'It only takes what a page of this site sends to it.'
  const description = { error: 'invalid_request', error_description: `Only ${verb} is answered here` }
  const refused =
    voice === 'person'
      ? errorPage(new PageError(405, 'Nothing can be opened here', words, [START_AGAIN]), exchange)
      : json(description, 405, cors)
  refused.headers.set('allow', verb)
  return refused
}

/** For every origin and without credentials: no cookie is read at these addresses. */
export const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'WWW-Authenticate, Retry-After, X-Request-Id',
}

/** Preflight of a token request, and of a metadata request with the protocol's version header. */
export const PREFLIGHT = {
  ...CORS,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'Authorization, Content-Type, Accept, MCP-Protocol-Version, DPoP',
  'access-control-max-age': '7200',
}
