/** Chance that nobody guesses, and digests: the only place of ours that draws from WebCrypto. */
import { base64url } from 'jose'

/** `bytes` random bytes as base64url; 16 bytes are 22 characters, 32 are 43. */
export function randomToken(bytes = 32): string {
  return base64url.encode(randomBytes(bytes))
}

export function randomBytes(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes))
}

/** SHA-256 of a text as base64url, cut to `length` characters: 43 are the whole of it, 22 are 132 bits. */
export async function digest(text: string, length = 43): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return base64url.encode(new Uint8Array(bytes)).slice(0, length)
}

/** Compares in a time that does not tell where two texts differ. */
export function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length
  for (let at = 0; at < one.length; at++)
    difference |= one.charCodeAt(at) ^ other.charCodeAt(at % (other.length || 1))
  return difference === 0
}
