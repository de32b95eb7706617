/** `private_key_jwt`: a client proves itself with a signature that its published keys verify (RFC 7523, 2.2 and 3). */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import type { JsonObject } from '../json.ts'
import { digest } from '../sealing/random.ts'
import type { Authority } from './authority.ts'
import { OAuthError } from './errors.ts'
import { createPublicReader, Unreadable } from './public-json.ts'

export const ASSERTION_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA']

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Longest assertion that is looked at, in characters. */
export const LONGEST_ASSERTION = 8192
/** Most seconds that an assertion may live, and by how much two clocks may differ. */
const LONGEST_LIFE = 300
const LEEWAY = 30
/** Seconds after which a set of keys is fetched again for a key that it lacks. */
const RENEWAL = 60

type KeySet = ReturnType<typeof createLocalJWKSet>

const readKeys = createPublicReader<KeySet>(32 * 1024, toKeySet)

function toKeySet(json: JsonObject): KeySet {
  try {
    return createLocalJWKSet(json as unknown as JSONWebKeySet)
  } catch {
    throw new Unreadable('not a JSON Web Key Set')
  }
}

/**
 * Holds an assertion against the keys at `jwksUri` (sealed at consent), this server's name and the clock, and uses its
 * `jti` up. Throws OAuthError `invalid_client` with one message for all of it; `temporarily_unavailable` without the guard.
 */
export async function checkAssertion(
  authority: Authority,
  assertion: string,
  clientId: string,
  jwksUri: string,
): Promise<void> {
  const claims = await verified(authority, assertion, clientId, jwksUri).catch((error: Error) => {
    throw refusal(error.message)
  })
  const now = authority.ports.now()
  const { aud, exp, jti } = claims
  if (Array.isArray(aud) && aud.length !== 1) throw refusal('aud names several')
  if (exp! > now + LONGEST_LIFE + LEEWAY) throw refusal('exp is too far ahead')
  if (typeof jti !== 'string' || jti.length === 0 || jti.length > 256)
    throw refusal('jti is missing or too long')
  // Only what is authentic is used up: a stranger cannot burn a client's assertions.
  const key = await digest(`assertion ${clientId} ${jti}`)
  const isFirst = await authority.ports.replay.claim(key, Math.ceil(exp! - now + LEEWAY))
  if (!isFirst) throw refusal('jti was used before')
}

async function verified(
  authority: Authority,
  assertion: string,
  clientId: string,
  jwksUri: string,
): Promise<JWTPayload> {
  if (assertion.length > LONGEST_ASSERTION) throw new Unreadable('the assertion is too long')
  const keys = await readKeys(authority, jwksUri)
  try {
    return await verify(authority, assertion, clientId, keys)
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
    const newer = await readKeys(authority, jwksUri, authority.ports.now() - RENEWAL)
    return verify(authority, assertion, clientId, newer)
  }
}

async function verify({ issuer, ports }: Authority, assertion: string, clientId: string, keys: KeySet) {
  const { payload } = await jwtVerify(assertion, keys, {
    algorithms: ASSERTION_ALGORITHMS,
    issuer: clientId,
    subject: clientId,
    audience: [issuer, `${issuer}/token`],
    requiredClaims: ['exp', 'jti'],
    clockTolerance: LEEWAY,
    currentDate: new Date(ports.now() * 1000),
  })
  return payload
}

function refusal(detail: string): OAuthError {
  return new OAuthError('invalid_client', 'The client assertion is not valid', detail)
}
