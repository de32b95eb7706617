/** JSON in one spelling, whatever the order of its members, and the digests that are taken of it (RFC 8785 in spirit; WebCrypto). */
import { isObject, type Json } from '../json.ts'

/** `value` with the members of every object sorted by name. */
export function canonical(value: unknown): string {
  return JSON.stringify(sorted(value as Json))
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(members.map(([name, each]) => [name, sorted(each)]))
}

/** SHA-256 in lower-case hex, as `sha256sum` prints it. */
export async function sha256(given: string | Uint8Array): Promise<string> {
  const bytes = typeof given === 'string' ? new TextEncoder().encode(given) : given
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
