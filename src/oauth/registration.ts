/** A dynamic registration (RFC 7591, 2) as it is asked for, and as it travels sealed in its own `client_id`. */
import { CLIENT_AUTH, type ClientAuth } from '../access/access.ts'
import { isObject, type Json, type JsonObject, text } from '../json.ts'
import { randomToken } from '../sealing/random.ts'
import { open, seal } from '../sealing/seal.ts'
import type { Settings } from '../settings.ts'
import { visible } from '../tools/invisible.ts'
import type { Authority, Client } from './authority.ts'
import { OAuthError } from './errors.ts'
import { addressFault } from './public-address.ts'
import { redirectFault } from './redirect.ts'

/** What of a registration is needed later; the rest is only echoed. */
export type Registration = Pick<Client, 'name' | 'redirects' | 'authentication' | 'jwksUri'>

const MOST_REDIRECTS = 10
/** Longest `client_id` handed out, in characters: it stands in addresses that proxies bound. */
const LONGEST_ID = 1500

/** Checks client metadata. Throws OAuthError `invalid_redirect_uri` or `invalid_client_metadata`, naming what is wrong. */
export function readRegistration(metadata: Json | undefined, settings: Settings): Registration {
  if (!isObject(metadata)) throw invalid('The registration is not a JSON object')
  const name = clientName(metadata)
  const authentication = methodOf(metadata)
  return {
    redirects: redirectsOf(metadata, settings.redirectSchemes),
    authentication,
    ...(name !== undefined && { name }),
    ...(authentication === 'private_key_jwt' && { jwksUri: jwksUriOf(metadata, settings) }),
  }
}

/** One line of at most 80 characters without control and direction marks, or undefined. */
export function clientName(metadata: JsonObject): string | undefined {
  return visible(text(metadata.client_name) ?? '', 79) || undefined
}

/** Every refused URI is named: a client that sends several tells nobody which one failed. */
function redirectsOf({ redirect_uris: uris }: JsonObject, schemes: readonly string[]): string[] {
  if (!Array.isArray(uris) || uris.length === 0 || !uris.every((uri) => typeof uri === 'string'))
    throw new OAuthError('invalid_redirect_uri', 'redirect_uris is not an array of one or more strings')
  if (uris.length > MOST_REDIRECTS)
    throw new OAuthError('invalid_redirect_uri', `redirect_uris has more than ${MOST_REDIRECTS} items`)
  const faults = uris.flatMap((uri, at) => {
    const fault = redirectFault(uri, schemes)
    return fault === undefined ? [] : [`redirect_uris[${at}] (${legible(uri)}) ${fault}`]
  })
  if (faults.length > 0) throw new OAuthError('invalid_redirect_uri', faults.join('; ').slice(0, 1000))
  return [...new Set(uris)]
}

/** A client's text as `error_description` may hold it (RFC 6749, 5.2), cut to 100 characters. */
function legible(text: string): string {
  return text.slice(0, 100).replace(/[^\x21\x23-\x5b\x5d-\x7e]/g, '?') + (text.length > 100 ? '...' : '')
}

/** Without one, a client is public: RFC 7591 would have it hold a secret, which those that leave it out do not expect. */
function methodOf({ token_endpoint_auth_method: method }: JsonObject): ClientAuth {
  if (typeof method !== 'string') return 'none'
  if (CLIENT_AUTH.includes(method as ClientAuth)) return method as ClientAuth
  throw invalid(`token_endpoint_auth_method is not one of ${CLIENT_AUTH.join(', ')}`)
}

function jwksUriOf({ jwks_uri: uri }: JsonObject, settings: Settings): string {
  const fault = typeof uri === 'string' ? addressFault(settings, uri) : 'is missing'
  if (fault !== undefined) throw invalid(`private_key_jwt needs a jwks_uri that can be read: it ${fault}`)
  return uri as string
}

/** Seals a registration into its `client_id`. Throws OAuthError where that would be too long. */
export async function sealRegistration(
  { ring, ports }: Authority,
  { redirects, authentication, name, jwksUri }: Registration,
): Promise<string> {
  const claims = {
    r: [...redirects],
    ...(authentication !== 'none' && { a: authentication }),
    ...(name !== undefined && { n: name }),
    ...(jwksUri !== undefined && { k: jwksUri }),
    // Who registers the same in the same second must not get the same id: a secret follows from it, and a remembered
    // consent holds for it because nobody else knows it.
    j: randomToken(9),
  }
  const id = await seal(ring, 'client', claims, ports.now(), 0)
  if (id.length <= LONGEST_ID) return id
  throw invalid(
    `The registration is too long: its client_id would have ${id.length} characters, and ${LONGEST_ID} is the most. ` +
      'Register fewer or shorter redirect URIs',
  )
}

/** The client that a `client_id` of ours describes, as today's rules see it; undefined where it cannot be opened. */
export async function openRegistration(
  { ring, ports, settings }: Authority,
  id: string,
): Promise<Client | undefined> {
  const claims = await open(ring, 'client', id, ports.now())
  if (claims === undefined || !Array.isArray(claims.r)) return undefined
  const [name, jwksUri] = [text(claims.n), text(claims.k)]
  return {
    id,
    kind: 'registered',
    redirects: (claims.r as string[]).filter(
      (uri) => redirectFault(uri, settings.redirectSchemes) === undefined,
    ),
    authentication: (text(claims.a) ?? 'none') as ClientAuth,
    ...(name !== undefined && { name }),
    ...(jwksUri !== undefined && { jwksUri }),
  }
}

function invalid(words: string): OAuthError {
  return new OAuthError('invalid_client_metadata', words)
}
