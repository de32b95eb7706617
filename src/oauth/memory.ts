/** Remembered consents: a sealed cookie of digests, off unless the settings say otherwise; whatever differs asks again. */
import { digest } from '../sealing/random.ts'
import type { Authority, Transaction } from './authority.ts'
import { readCookies, setCookie } from './browser.ts'
import { openAs, sealAs } from './session.ts'

/** Most consents in one cookie; the oldest is forgotten first. */
const MOST = 25

/** Digest of a consent -> seconds since 1970 until which it holds. */
type Kept = Record<string, number>

/**
 * Only a navigation that the person began may use it (`Sec-Fetch-Site` `none` or `same-origin`): a client id is no secret,
 * and another site could bounce the browser here with it (GHSA-6x8h-498w-gv8c).
 */
export async function isRemembered(
  authority: Authority,
  request: Request,
  transaction: Transaction,
): Promise<boolean> {
  const site = request.headers.get('sec-fetch-site')
  if (site !== 'none' && site !== 'same-origin') return false
  if (!offersMemory(authority, transaction)) return false
  const kept = await read(authority, request)
  return (kept[await entryOf(transaction)] ?? 0) > authority.ports.now()
}

/** `Set-Cookie` that adds this consent to those that the browser remembers. */
export async function remember(
  authority: Authority,
  request: Request,
  transaction: Transaction,
): Promise<string> {
  const { ports, settings } = authority
  const now = ports.now()
  const id = await entryOf(transaction)
  const { [id]: _, ...others } = await read(authority, request)
  const live = Object.entries(others).filter(([, until]) => until > now)
  const kept = Object.fromEntries([...live, [id, Math.floor(now) + settings.consentMemory]].slice(-MOST))
  const sealed = await sealAs(authority, 'memory', { kept }, settings.consentMemory)
  return setCookie(nameOf(authority), sealed, authority.secure, settings.consentMemory)
}

/**
 * Only for a client that registered here: its id is known to it and to us, while the address of a metadata document is
 * public, and a page that the person opened themselves could bounce them here with it (`Sec-Fetch-Site` stays `none` then).
 */
export function offersMemory({ settings, access }: Authority, { shown }: Transaction): boolean {
  return settings.consentMemory > 0 && shown.kind === 'registered' && access.signIn.type === 'oauth'
}

async function read(authority: Authority, request: Request): Promise<Kept> {
  const sealed = readCookies(request).get(nameOf(authority)) ?? ''
  return (await openAs(authority, 'memory', sealed))?.kept ?? {}
}

/** Of everything that was agreed to: any change of client, redirect URI, scopes or resource is another consent. */
function entryOf({ asked, shown }: Transaction): Promise<string> {
  const { client, redirect, scopes, resource, authentication } = asked
  const port = /^(http:\/\/(?:localhost|[\d.]+|\[::1\])):\d+/
  const parts = [
    POLICY,
    client,
    redirect.replace(port, '$1'),
    resource,
    authentication,
    shown.kind,
    ...scopes,
  ]
  return digest(JSON.stringify(parts), 16)
}

/** Raised when what a consent means changes, so that everybody is asked anew. */
const POLICY = 1

function nameOf({ secure }: Authority): string {
  return secure ? '__Host-lectern_memory' : 'lectern_memory'
}
