/** Finds the client behind a `client_id`: a registration of ours, a metadata document, or one that is let in unread. */
import { isLoopbackUrl } from '../settings.ts'
import { visible } from '../tools/invisible.ts'
import type { Authority, Client } from './authority.ts'
import { documentFault, readDocument } from './client-document.ts'
import { Unreadable } from './public-json.ts'
import { matchesRedirect, redirectFault, redirectKind } from './redirect.ts'
import { openRegistration } from './registration.ts'

/** Told to the person on a page, never to the redirect URI: nobody vouches for it. */
export interface ClientFault {
  /** `unknown`: not registered here; `unreadable`: its document cannot be used; `redirect`: it may not return there. */
  fault: 'unknown' | 'unreadable' | 'redirect'
  /** What the client did wrong, in plain text that may repeat its addresses. */
  message: string
  /** What the person can do. */
  hint: string
  /** For the log only. */
  detail?: string
}

/** The client, if it may return to `redirect`; an empty one is not checked. Never throws for what a stranger sent. */
export async function findClient(
  authority: Authority,
  id: string,
  redirect: string,
): Promise<Client | ClientFault> {
  const spare = letIn(authority, id, redirect)
  const found = await readClient(authority, id, spare && PATIENCE)
  if ('fault' in found) return spare ? { ...spare, unread: found.detail ?? found.fault } : found
  if (redirect === '') return found
  const fault = redirectFault(redirect, authority.settings.redirectSchemes)
  if (fault !== undefined) {
    const message = `The application asks to return to ${shown(redirect)}, which ${fault}.`
    return { fault: 'redirect', message, hint: REGISTER_AGAIN, detail: `redirect_uri ${fault}` }
  }
  if (found.redirects.some((registered) => matchesRedirect(registered, redirect))) return found
  return unlisted(found, redirect)
}

/** True where a request at /token may come from this client: what is false is told to register again (`invalid_client`). */
export async function isKnownClientId(authority: Authority, id: string): Promise<boolean> {
  if (letsUnknownIn(authority)) return true
  return isAddress(id)
    ? documentFault(authority.settings, id) === undefined
    : (await openRegistration(authority, id)) !== undefined
}

/** Seconds for the document of a client that is let in without it: offline, a name's look-up takes five or more to fail. */
const PATIENCE = 1.5

async function readClient(
  authority: Authority,
  id: string,
  patience?: number,
): Promise<Client | ClientFault> {
  if (!isAddress(id)) return (await openRegistration(authority, id)) ?? UNKNOWN
  const fault = documentFault(authority.settings, id)
  if (fault !== undefined) return { ...UNREADABLE, detail: `client_id ${fault}` }
  try {
    return await readDocument(authority, id, 0, patience)
  } catch (error) {
    if (error instanceof Unreadable) return { ...UNREADABLE, detail: error.message }
    throw error
  }
}

function isAddress(id: string): boolean {
  return /^https?:/i.test(id)
}

const REGISTER_AGAIN =
  'Remove the connection in the application, or clear its saved sign-in, and add it again: it then registers anew.'

const UNKNOWN: ClientFault = {
  fault: 'unknown',
  message:
    'The application identifies itself with a registration that this server did not make, or made with a key that it no ' +
    'longer has.',
  hint: REGISTER_AGAIN,
}

/** One message for everything that can go wrong: it does not tell a stranger what answers at an address. */
const UNREADABLE: ClientFault = {
  fault: 'unreadable',
  message:
    'The application identifies itself with a metadata document that this server cannot read or use. It must be JSON of ' +
    'at most 5 KB at a public https address, whose client_id is that address, with client_name and redirect_uris.',
  hint: 'Try again in a minute. If that does not help, tell the maker of the application.',
}

/** A registration adds no trust to a client that anybody may register: unread, it has no name and returns to this machine only. */
function letIn(authority: Authority, id: string, redirect: string): Client | undefined {
  if (!letsUnknownIn(authority)) return undefined
  const fault = redirectFault(redirect, authority.settings.redirectSchemes)
  if (fault !== undefined || redirectKind(redirect) !== 'loopback') return undefined
  return { id, redirects: [redirect], authentication: 'none', kind: 'unknown' }
}

function letsUnknownIn({ issuer, settings }: Authority): boolean {
  return (settings.unknownClients ?? (isLoopbackUrl(new URL(issuer)) ? 'loopback' : 'refuse')) === 'loopback'
}

function unlisted({ redirects, kind }: Client, redirect: string): ClientFault {
  const listed = redirects.slice(0, 3).map(shown).join(', ')
  const more = redirects.length > 3 ? ` and ${redirects.length - 3} more` : ''
  const what = kind === 'document' ? 'its metadata document lists' : 'it registered'
  const message =
    `The application asks to return to ${shown(redirect)}, but ${what} ${listed || 'nothing that is allowed today'}` +
    `${more}.`
  return { fault: 'redirect', message, hint: REGISTER_AGAIN, detail: 'redirect_uri is not listed' }
}

function shown(uri: string): string {
  return visible(uri.replace(/\s/g, '%20'), 120)
}
