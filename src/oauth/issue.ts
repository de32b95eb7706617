/** Mints what /token answers (RFC 6749, 5.1): an access token of ours, and a refresh token where something can renew it. */
import { randomToken } from '../sealing/random.ts'
import type { Authority } from './authority.ts'
import { OAuthError } from './errors.ts'
import { type Granted, type RefreshToken, type Session, sealAs, type TokenAnswer } from './session.ts'

/** `scopes` narrows this access token, not the session. */
export async function issue(
  authority: Authority,
  session: Session,
  granted: Granted,
  scopes: string[] = session.scopes,
): Promise<TokenAnswer> {
  const { settings, ports } = authority
  const now = ports.now()
  const left = Math.floor(session.began + settings.refreshTtl - now)
  const ttl = Math.min(
    settings.accessTtl,
    left,
    Math.floor((granted.until ?? Number.POSITIVE_INFINITY) - now),
  )
  if (ttl <= 0) throw new OAuthError('invalid_grant', 'The sign-in is over: connect again')
  const { client, authentication, jwksUri, resource, dotless, knowledge, family, began } = session
  const { credential, organization } = granted
  const access = {
    client,
    ...(authentication !== 'none' && { authentication }),
    ...(jwksUri !== undefined && { jwksUri }),
    resource,
    scopes,
    ...(dotless && { dotless }),
    ...(knowledge && { knowledge }),
    family,
    began,
    credential,
    ...(organization !== undefined && { organization }),
  }
  const accessToken = await sealAs(authority, 'access', access, ttl)
  refuseTooLong(authority, accessToken)
  const renewal = renewalOf(session, granted, now)
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: ttl,
    ...(renewal !== undefined && { refresh_token: await sealAs(authority, 'refresh', renewal, left) }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  }
}

/** The provider's refresh token renews; without one the credential is held for as long as it lasts. */
function renewalOf(
  session: Session,
  { refresh, credential, until, organization, subject, renewal }: Granted,
  now: number,
): RefreshToken | undefined {
  const shared = {
    session,
    id: renewal ?? randomToken(16),
    ...(organization !== undefined && { organization }),
    ...(subject !== undefined && { subject }),
  }
  if (refresh !== undefined) return { ...shared, refresh }
  if (until !== undefined && until <= now) return undefined
  return { ...shared, credential, ...(until !== undefined && { until }) }
}

/** Better here, with a reason, than as a 431 of some proxy at every call. */
function refuseTooLong({ settings }: Authority, token: string): void {
  if (token.length <= settings.maxTokenLength) return
  const words = `The access token would have ${token.length} characters, more than the ${settings.maxTokenLength} that fit into a header`
  throw new OAuthError('server_error', `${words}: the identity provider puts too much into its own`)
}
