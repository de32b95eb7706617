/** Client metadata documents: a client whose `client_id` is where it describes itself (draft-ietf-oauth-client-id-metadata-document). */
import { type JsonObject, text } from '../json.ts'
import type { Settings } from '../settings.ts'
import type { Authority, Client } from './authority.ts'
import { addressFault } from './public-address.ts'
import { createPublicReader, type PublicReader, Unreadable } from './public-json.ts'
import { redirectFault } from './redirect.ts'
import { clientName } from './registration.ts'

/** Largest document, in bytes (6.6 of the draft). */
const MAX_BYTES = 5120

/** What is wrong with the address of a document, which besides being public needs a path. */
export function documentFault(settings: Settings, id: string): string | undefined {
  if (settings.clientDocuments === 'off') return 'is a document, which are not read here'
  return addressFault(settings, id) ?? (new URL(id).pathname === '/' ? 'has no path' : undefined)
}

/** The client that a document describes. Throws Unreadable; `logo_uri` and all other addresses stay unfetched. */
export const readDocument: PublicReader<Client> = createPublicReader(MAX_BYTES, toClient)

function toClient(document: JsonObject, address: string, { settings }: Authority): Client {
  if (document.client_id !== address) throw new Unreadable('client_id is not the address of the document')
  if (document.client_secret !== undefined || document.client_secret_expires_at !== undefined)
    throw new Unreadable('the document holds a client_secret')
  const name = clientName(document)
  if (name === undefined) throw new Unreadable('client_name is missing')
  return {
    id: address,
    kind: 'document',
    name,
    redirects: redirectsOf(document, settings),
    ...authenticationOf(document, settings),
  }
}

/** What today's rules refuse is left out, so that one new scheme in a document does not lock its client out. */
function redirectsOf({ redirect_uris: uris }: JsonObject, { redirectSchemes }: Settings): string[] {
  const texts = Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : []
  const good = texts.filter((uri) => redirectFault(uri, redirectSchemes) === undefined)
  if (good.length === 0) throw new Unreadable('redirect_uris holds none that can be used')
  return good
}

/** The method that the document prefers, or another that it lists; never one that it does not (RFC 7591, 2). */
function authenticationOf(
  document: JsonObject,
  settings: Settings,
): Pick<Client, 'authentication' | 'jwksUri'> {
  const { token_endpoint_auth_method: preferred, token_endpoint_auth_methods_supported: others } = document
  if (preferred === undefined && others === undefined) return { authentication: 'none' }
  const listed = [preferred, ...(Array.isArray(others) ? others : [])]
  if (text(preferred)?.startsWith('client_secret_'))
    throw new Unreadable('the document asks for a shared secret')
  if (preferred === 'none') return { authentication: 'none' }
  const jwksUri = text(document.jwks_uri)
  if (
    listed.includes('private_key_jwt') &&
    jwksUri !== undefined &&
    addressFault(settings, jwksUri) === undefined
  )
    return { authentication: 'private_key_jwt', jwksUri }
  if (listed.includes('none')) return { authentication: 'none' }
  throw new Unreadable('the document lists no method of authentication that can be used')
}
