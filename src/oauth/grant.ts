/** What a sign-in grants: the upstream's credential, what renews it, and the one organization that it reads. */
import { decodeJwt } from 'jose'
import type { Organization } from '../access/access.ts'
import type { Credential } from '../access/credential.ts'
import type { JsonObject } from '../json.ts'
import type { Authority } from './authority.ts'
import { OAuthError, PageError } from './errors.ts'
import type { Provider } from './idp.ts'
import { redeem, refresh, type Tokens, userinfo } from './idp-calls.ts'

export interface Granted {
  credential: Credential
  /** Seconds since 1970 at which the credential ends, where it does. */
  until?: number
  /** The provider's refresh token; without one the credential itself is held, for as long as it lasts. */
  refresh?: string
  organization?: string
}

/** Redeems the provider's code. Throws OAuthError, or PageError for a person who may not come in. */
export async function grantFromCode(
  authority: Authority,
  provider: Provider,
  code: string,
  verifier: string,
): Promise<Granted> {
  return granted(authority, provider, await redeem(provider, code, verifier))
}

/** Asks the provider for fresh tokens. The organization must stay what it was. */
export async function grantFromRefresh(
  authority: Authority,
  provider: Provider,
  held: { refresh: string; organization?: string | undefined },
  scopes: readonly string[],
): Promise<Granted> {
  const tokens = await refresh(provider, held.refresh, scopes)
  const { from } = authority.access.organization ?? {}
  // Not every provider repeats its ID token on refresh; what was agreed to at sign-in holds.
  const silent = from === 'id_token' && tokens.claims === undefined
  const fresh = silent
    ? { ...toGranted(authority, tokens), ...named(held.organization) }
    : await granted(authority, provider, tokens)
  if (fresh.organization !== held.organization) {
    throw new OAuthError('invalid_grant', 'The account now belongs to another organization: connect again')
  }
  return { ...fresh, refresh: fresh.refresh ?? held.refresh }
}

async function granted(authority: Authority, provider: Provider, tokens: Tokens): Promise<Granted> {
  const declared = authority.access.organization
  const id = declared && organizationId(await claimsOf(declared, provider, tokens), declared, authority.title)
  return { ...toGranted(authority, tokens), ...named(id) }
}

function toGranted({ ports }: Authority, { access, refresh, expiresIn }: Tokens): Granted {
  return {
    credential: { token: access },
    ...(expiresIn !== undefined && { until: Math.floor(ports.now()) + expiresIn }),
    ...(refresh !== undefined && { refresh }),
  }
}

function named(organization: string | undefined): { organization?: string } {
  return organization === undefined ? {} : { organization }
}

async function claimsOf({ from }: Organization, provider: Provider, tokens: Tokens): Promise<JsonObject> {
  if (from === 'id_token') return tokens.claims ?? {}
  if (from === 'userinfo') return userinfo(provider, tokens.access)
  try {
    // Read, not verified: it came from the provider's own token endpoint, and the upstream verifies it.
    return decodeJwt(tokens.access) as JsonObject
  } catch {
    return {}
  }
}

/** An id as it may stand in a header and a log line. Throws PageError where a required one is missing. */
export function organizationId(
  claims: JsonObject,
  { name, required = true }: Organization,
  product: string,
): string | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined
  const id = typeof value === 'number' ? String(value) : value
  if (typeof id === 'string' && /^[\x21-\x7e]{1,128}$/.test(id)) return id
  if (!required) return undefined
  throw new PageError(
    403,
    'Your account has no organization',
    `Signing in worked, but your account does not belong to one organization of ${product}, and this connection reads exactly one.`,
    [`Ask an administrator of ${product} to add you to an organization, then connect again.`],
  )
}
