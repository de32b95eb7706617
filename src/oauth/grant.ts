/** What the provider's tokens grant: their credential, what renews it, and the one organization that they read. */
import { decodeJwt } from 'jose'
import type { Organization } from '../access/access.ts'
import { organizationId } from '../access/organization.ts'
import { type JsonObject, text } from '../json.ts'
import { digest } from '../sealing/random.ts'
import type { Authority } from './authority.ts'
import { OAuthError, PageError } from './errors.ts'
import type { Provider } from './idp.ts'
import { redeem, refresh, type Tokens, userinfo } from './idp-calls.ts'
import type { Granted, RefreshToken } from './session.ts'

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
  held: Pick<RefreshToken, 'organization' | 'subject'> & { refresh: string },
  scopes: readonly string[],
): Promise<Granted> {
  const tokens = await refresh(provider, held.refresh, scopes)
  const kept = { ...(await toGranted(authority, tokens)), ...named(held.organization) }
  refuseOther(held, kept)
  const { from } = authority.access.organization ?? {}
  // Not every provider repeats its ID token on refresh; what was agreed to at sign-in holds.
  const silent = from === 'id_token' && tokens.claims === undefined
  const fresh = silent ? kept : await granted(authority, provider, tokens).catch(unlessAway(kept))
  refuseOther(held, fresh)
  if (fresh.organization !== held.organization) {
    throw new OAuthError('invalid_grant', 'The account now belongs to another organization: connect again')
  }
  const subject = held.subject === undefined ? {} : { subject: held.subject }
  return { ...subject, ...fresh, refresh: fresh.refresh ?? held.refresh }
}

/** OpenID Connect Core, 12.2. */
function refuseOther(held: Pick<Granted, 'subject'>, { subject = held.subject }: Granted): void {
  if (held.subject !== undefined && subject !== held.subject)
    throw new OAuthError('invalid_grant', 'The identity provider answered for another person: connect again')
}

/** The provider's refresh token may be used up by now: what userinfo cannot tell at this moment must not cost the sign-in. */
function unlessAway(kept: Granted): (error: unknown) => Granted {
  return (error) => {
    if (error instanceof OAuthError && error.code === 'temporarily_unavailable') return kept
    throw error
  }
}

async function granted(authority: Authority, provider: Provider, tokens: Tokens): Promise<Granted> {
  const declared = authority.access.organization
  if (declared === undefined) return toGranted(authority, tokens)
  const claims = await claimsOf(declared, provider, tokens)
  const id = requireOrganization(claims, declared, authority.title)
  // Without an ID token, userinfo says who it is.
  const subject = declared.from === 'userinfo' ? text(claims.sub) : undefined
  const person = subject === undefined ? {} : { subject: await digest(subject, 16) }
  return { ...person, ...(await toGranted(authority, tokens)), ...named(id) }
}

async function toGranted(
  { ports }: Authority,
  { access, refresh, expiresIn, claims }: Tokens,
): Promise<Granted> {
  const subject = text(claims?.sub)
  return {
    credential: { token: access },
    ...(expiresIn !== undefined && { until: Math.floor(ports.now()) + expiresIn }),
    ...(refresh !== undefined && { refresh }),
    ...(subject !== undefined && { subject: await digest(subject, 16) }),
  }
}

function named(organization: string | undefined): { organization?: string } {
  return organization === undefined ? {} : { organization }
}

async function claimsOf({ from }: Organization, provider: Provider, tokens: Tokens): Promise<JsonObject> {
  if (from === 'id_token') return tokens.claims ?? {}
  if (from === 'userinfo') return userinfo(provider, tokens.access, text(tokens.claims?.sub))
  try {
    // Read, not verified: it came from the provider's own token endpoint, and the upstream verifies it.
    return decodeJwt(tokens.access) as JsonObject
  } catch {
    return {}
  }
}

/** Throws PageError where a required one is missing. */
export function requireOrganization(
  claims: JsonObject,
  { name, required = true }: Organization,
  product: string,
): string | undefined {
  const id = organizationId(claims, name)
  if (id !== undefined || !required) return id
  throw new PageError(
    403,
    'Your account has no organization',
    `Signing in worked, but your account does not belong to one organization of ${product}, and this connection reads exactly one.`,
    [`Ask an administrator of ${product} to add you to an organization, then connect again.`],
  )
}
