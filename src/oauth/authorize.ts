/** `GET /authorize` (RFC 6749, 4.1.1; RFC 7636; RFC 8707): checks what a client asks for, then asks the person. */
import { scopesAt } from '../access/parts.ts'
import { resourcePath } from '../access/resources.ts'
import { refusesDots, seeksKnowledge } from '../connector/names.ts'
import { digest } from '../sealing/random.ts'
import { errorAddress, redirectTo, START_AGAIN } from './answers.ts'
import type { Asked, Authority, Client, Exchange } from './authority.ts'
import { findClient } from './client.ts'
import { askConsent } from './consent.ts'
import { OAuthError, PageError } from './errors.ts'
import { parameter, refuseRepeated } from './form.ts'
import { redirectKind } from './redirect.ts'

/** Longest `state` of a client: it travels inside ours, in an address that providers and proxies bound. */
const LONGEST_STATE = 1024

/** An unknown client or redirect URI is told to the person; every other fault goes back to the client. */
export async function authorize(authority: Authority, exchange: Exchange): Promise<Response> {
  const parameters = new URL(exchange.request.url).searchParams
  refuseRepeated(parameters)
  const client = await clientOf(authority, parameters)
  const redirect = redirectOf(client, parameters)
  exchange.entry.client = await digest(client.id, 8)
  exchange.entry.unread = client.unread?.slice(0, 100)
  const state = parameter(parameters, 'state')
  try {
    const asked = await readRequest(authority, client, redirect, parameters)
    return await askConsent(authority, exchange, client, asked)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const answer = { redirect, ...(state !== undefined && isState(state) && { state }) }
    const onward = errorAddress(authority, answer, error, exchange)
    if (redirectKind(redirect) !== 'app') return redirectTo(onward)
    // Anybody may register a scheme: no app is opened before a person has decided anything (RFC 9700, 4.11.2).
    const { message, code, detail } = error
    const page = new PageError(400, 'This sign-in cannot go on', message, [], detail ?? code)
    throw page.withBack(onward)
  }
}

/** Counted as it will be sealed, where one character can become six. */
function isState(state: string): boolean {
  return JSON.stringify(state).length <= LONGEST_STATE + 2 && state.isWellFormed()
}

async function clientOf(authority: Authority, parameters: URLSearchParams): Promise<Client> {
  const id = parameter(parameters, 'client_id')
  if (id === undefined)
    throw new PageError(400, 'No application named', 'The address lacks client_id.', [START_AGAIN])
  const found = await findClient(authority, id, parameter(parameters, 'redirect_uri') ?? '')
  if (!('fault' in found)) return found
  const title =
    found.fault === 'redirect' ? 'This application may not return there' : 'This application is not known'
  throw new PageError(400, title, found.message, [found.hint], found.detail ?? found.fault)
}

/** `findClient` has checked the one that is given. */
function redirectOf(client: Client, parameters: URLSearchParams): string {
  const given = parameter(parameters, 'redirect_uri')
  if (given !== undefined) return given
  const [only, second] = client.redirects
  if (only !== undefined && second === undefined) return only
  throw new PageError(400, 'No address to return to', 'The address lacks redirect_uri.', [START_AGAIN])
}

async function readRequest(
  authority: Authority,
  client: Client,
  redirect: string,
  parameters: URLSearchParams,
): Promise<Asked> {
  const { authentication, jwksUri } = client
  const state = parameter(parameters, 'state')
  if (state !== undefined && !isState(state)) {
    throw new OAuthError(
      'invalid_request',
      `state is longer than ${LONGEST_STATE} characters, control characters counted six times`,
    )
  }
  if (parameters.get('response_type') !== 'code') {
    throw new OAuthError('unsupported_response_type', 'response_type must be code')
  }
  if (/\bnone\b/.test(parameters.get('prompt') ?? '')) {
    throw new OAuthError('consent_required', 'Nobody is signed in without being asked')
  }
  const challenge = challengeOf(parameters)
  const resource = resourceOf(authority, parameters)
  return {
    client: await digest(client.id, 22),
    authentication,
    ...(jwksUri !== undefined && { jwksUri }),
    redirect,
    ...(state !== undefined && { state }),
    challenge,
    resource,
    scopes: scopesOf(authority, resource, parameters.get('scope') ?? ''),
    ...(refusesDots(client) && { dotless: true as const }),
    ...(seeksKnowledge({ redirects: [redirect] }) && { knowledge: true as const }),
  }
}

function challengeOf(parameters: URLSearchParams): string {
  const challenge = parameter(parameters, 'code_challenge')
  if (parameters.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge ?? '')) {
    throw new OAuthError(
      'invalid_request',
      'PKCE is required: code_challenge with code_challenge_method S256',
    )
  }
  return challenge!
}

function resourceOf(authority: Authority, parameters: URLSearchParams): string {
  const { issuer } = authority
  const path = resourcePath(authority, parameters.getAll('resource').filter(Boolean))
  if (path !== undefined) return path
  throw new OAuthError('invalid_target', `resource must name one resource here, such as ${issuer}/mcp`)
}

/**
 * Unknown scopes are dropped: clients send defaults of other servers, or all that the authorization server has where the
 * resource is a part. Nothing that is known means everything of the resource.
 */
function scopesOf({ scopes, namespaces }: Authority, resource: string, asked: string): string[] {
  const known = [...scopesAt(resource, Object.keys(scopes), namespaces)]
  const wanted = new Set(asked.split(' '))
  const granted = known.filter((scope) => wanted.has(scope))
  return granted.length > 0 ? granted : known
}
