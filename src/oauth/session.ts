/** What our codes and tokens carry sealed: one sign-in of one person through one client to one resource. */
import type { Credential } from '../access/credential.ts'
import type { AccessToken } from '../access/token.ts'
import { purposes } from '../sealing/purposes.ts'
import { randomToken } from '../sealing/random.ts'
import { type Claims, open, seal } from '../sealing/seal.ts'
import type { Asked, Authority, Transaction } from './authority.ts'
import { OAuthError } from './errors.ts'

/** What stays the same from the consent to the last refresh. */
export interface Session
  extends Pick<
    Asked,
    'client' | 'authentication' | 'jwksUri' | 'resource' | 'scopes' | 'dotless' | 'knowledge'
  > {
  /** Names the sign-in in the log, and to whoever revokes it; 16 random bytes. */
  family: string
  /** Seconds since 1970 at which the person signed in. */
  began: number
}

/** A code: the provider's own, to be redeemed at /token, or what was granted already, for one use of `id`. */
export interface Code {
  session: Session
  redirect: string
  challenge: string
  provider?: { code: string; verifier: string }
  granted?: Granted
  id?: string
}

export interface RefreshToken {
  session: Session
  organization?: string
  /** Digest of the provider's `sub`. */
  subject?: string
  /** The provider's refresh token, or the credential itself and when it ends. */
  refresh?: string
  credential?: Credential
  until?: number
  /** Fresh at each renewal. */
  id: string
}

export function beginSession(asked: Asked, now: number): Session {
  const { client, authentication, jwksUri, resource, scopes, dotless, knowledge } = asked
  return {
    client,
    authentication,
    ...(jwksUri !== undefined && { jwksUri }),
    resource,
    scopes,
    ...(dotless && { dotless }),
    ...(knowledge && { knowledge }),
    family: randomToken(16),
    began: Math.floor(now),
  }
}

/** What a sign-in grants, at the beginning and at each refresh. */
export interface Granted {
  credential: Credential
  /** Seconds since 1970 at which the credential ends, where it does. */
  until?: number
  /** The provider's refresh token; without one the credential itself is held, for as long as it lasts. */
  refresh?: string
  organization?: string
  /** Digest of the ID token's `sub`. */
  subject?: string
  /** `id` of the refresh tokens made of it: those of two answers hold the provider's same one, and are used as one. */
  renewal?: string
}

/** What /token answers (RFC 6749, 5.1). */
export interface TokenAnswer {
  access_token: string
  token_type: 'Bearer'
  /** Seconds. */
  expires_in: number
  refresh_token?: string
  /** Absent where the connector declares no scopes (RFC 6749, 3.3). */
  scope?: string
}

/** What comes back with the person from the provider. */
export interface State extends Pick<Transaction, 'asked' | 'browser'> {
  /** PKCE verifier toward the provider. */
  verifier: string
}

/** What each purpose of the session lineage carries. */
interface Carried {
  consent: Transaction
  state: State
  code: Code
  refresh: RefreshToken
  access: AccessToken
  /** Digest of a remembered consent -> seconds since 1970 until which it holds. */
  memory: { kept: Record<string, number> }
  answer: { answer: TokenAnswer }
}

/** `ttl` in seconds. Throws OAuthError for what would be too long to be opened again. */
export async function sealAs<P extends keyof Carried>(
  { ring, ports }: Pick<Authority, 'ring' | 'ports'>,
  purpose: P,
  value: Carried[P],
  ttl: number,
): Promise<string> {
  const sealed = await seal(ring, purpose, value as unknown as Claims, ports.now(), ttl)
  if (sealed.length <= purposes[purpose].longest) return sealed
  throw new OAuthError(
    'server_error',
    'The identity provider’s values are too long',
    `${purpose}: ${sealed.length} characters`,
  )
}

/** Undefined for whatever is not what we sealed for this purpose, is over, or began before everybody was signed out. */
export async function openAs<P extends keyof Carried>(
  { ring, ports, settings }: Pick<Authority, 'ring' | 'ports' | 'settings'>,
  purpose: P,
  sealed: string,
): Promise<Carried[P] | undefined> {
  const claims = await open(ring, purpose, sealed, ports.now())
  if (claims === undefined || Number(claims.iat) < settings.notBefore) return undefined
  return claims as unknown as Carried[P]
}
