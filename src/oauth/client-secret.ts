/** Secrets of registered clients, derived and never stored: an HMAC over the `client_id` that is the registration. */
import { decodeProtectedHeader, FlattenedSign } from 'jose'
import type { KeyRing } from '../sealing/ring.ts'

/** Longest `client_id` that is looked at, in characters. */
const LONGEST = 1536

/**
 * The secret of a `client_id` that `register` made, 43 characters; the same on every replica for as long as the generation
 * that signed the registration is in the ring. Undefined for any other id.
 */
export async function clientSecret(ring: KeyRing, clientId: string): Promise<string | undefined> {
  const kid = kidOf(clientId)
  const found = kid === undefined ? undefined : await ring.find('secret', kid)
  if (found === undefined) return undefined
  const signed = new FlattenedSign(new TextEncoder().encode(clientId)).setProtectedHeader({
    alg: 'HS256',
    typ: 'secret',
  })
  return (await signed.sign(found.key)).signature
}

function kidOf(clientId: string): string | undefined {
  if (clientId.length > LONGEST) return undefined
  try {
    return decodeProtectedHeader(clientId).kid
  } catch {
    return undefined
  }
}
