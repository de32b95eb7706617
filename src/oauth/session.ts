/** What our codes and tokens carry sealed: one sign-in of one person through one client to one resource. */
import type { Credential } from '../access/credential.ts'
import type { AccessToken } from '../access/token.ts'
import { randomToken } from '../sealing/random.ts'
import { type Claims, open, seal } from '../sealing/seal.ts'
import type { Asked, Authority } from './authority.ts'
import type { Granted } from './grant.ts'

/** What stays the same from the consent to the last refresh. */
export interface Session
  extends Pick<Asked, 'client' | 'authentication' | 'jwksUri' | 'resource' | 'scopes' | 'dotless'> {
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
  /** The provider's refresh token, or the credential itself and when it ends. */
  refresh?: string
  credential?: Credential
  until?: number
  /** Fresh in each, so that no two are alike. */
  id: string
}

export function beginSession(asked: Asked, now: number): Session {
  const { client, authentication, jwksUri, resource, scopes, dotless } = asked
  return {
    client,
    authentication,
    ...(jwksUri !== undefined && { jwksUri }),
    resource,
    scopes,
    ...(dotless && { dotless }),
    family: randomToken(16),
    began: Math.floor(now),
  }
}

/** What each purpose of this room carries. */
interface Carried {
  code: Code
  refresh: RefreshToken
  access: AccessToken
}

/** `ttl` in seconds. */
export function sealAs<P extends keyof Carried>(
  { ring, ports }: Authority,
  purpose: P,
  value: Carried[P],
  ttl: number,
): Promise<string> {
  return seal(ring, purpose, value as unknown as Claims, ports.now(), ttl)
}

/** Undefined for whatever is not what we sealed for this purpose, is over, or began before everybody was signed out. */
export async function openAs<P extends keyof Carried>(
  { ring, ports, settings }: Authority,
  purpose: P,
  sealed: string,
): Promise<Carried[P] | undefined> {
  const claims = await open(ring, purpose, sealed, ports.now())
  if (claims === undefined || Number(claims.iat) < settings.notBefore) return undefined
  return claims as unknown as Carried[P]
}
