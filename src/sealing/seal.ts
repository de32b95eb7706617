/** Seals claims into a compact JWE or JWS for one purpose, and opens what was sealed for it (RFC 7515, RFC 7516). */
import { CompactEncrypt, CompactSign, compactDecrypt, compactVerify, decodeProtectedHeader } from 'jose'
import { isObject, type JsonObject, text } from '../json.ts'
import { type Purpose, type PurposeRow, purposes } from './purposes.ts'
import type { Key, KeyRing } from './ring.ts'

/** What is sealed; `exp` and `iat` are seconds since 1970 and set by `seal`. */
export type Claims = JsonObject

/** Seals `claims` for one purpose under the newest key. `ttl` in seconds; 0 means that it does not expire. */
export async function seal(
  ring: KeyRing,
  purpose: Purpose,
  claims: Claims,
  now: number,
  ttl: number,
): Promise<string> {
  const iat = Math.floor(now)
  const stamped = { ...claims, iat, ...(ttl > 0 && { exp: iat + Math.floor(ttl) }) }
  const bytes = new TextEncoder().encode(JSON.stringify(stamped))
  const row = purposes[purpose]
  const { kid, key } = await ring.newest(purpose)
  const header = { kid, typ: row.typ }
  return row.form === 'signed'
    ? new CompactSign(bytes).setProtectedHeader({ alg: 'HS256', ...header }).sign(key)
    : new CompactEncrypt(bytes)
        .setProtectedHeader({ alg: ALGORITHMS[row.form], enc: 'A256GCM', ...header })
        .encrypt(key)
}

/**
 * Opens what was sealed for `purpose`; undefined where it was not, was changed, has expired, or its generation has left
 * the ring. Never throws and never says which, and each failure costs one attempt to decrypt.
 */
export async function open(
  ring: KeyRing,
  purpose: Purpose,
  sealed: string,
  now: number,
): Promise<Claims | undefined> {
  const row = purposes[purpose]
  const kid = kidOf(sealed, row)
  const newest = await ring.newest(purpose)
  const known = kid === undefined ? undefined : await ring.find(purpose, kid)
  const attempt = known === undefined ? decoy(row, newest) : decrypt(sealed, row, known)
  const claims = parse(await attempt.catch(() => undefined))
  if (claims === undefined) return undefined
  return typeof claims.exp === 'number' && claims.exp <= now ? undefined : claims
}

/**
 * The generation that a well-formed value names; its header holds exactly what we write, nothing to misread. Base64 that
 * spells the same bytes in another way is not ours either, else one code would be many to whoever looks at its digest.
 */
function kidOf(sealed: string, row: PurposeRow): string | undefined {
  if (sealed.length > row.longest || !SHAPES[row.form].test(sealed)) return undefined
  try {
    const { alg, enc, kid, typ, ...others } = decodeProtectedHeader(sealed)
    const ours = alg === ALGORITHMS[row.form] && typ === row.typ && Object.keys(others).length === 0
    return ours && enc === (row.form === 'signed' ? undefined : 'A256GCM') ? text(kid) : undefined
  } catch {
    return undefined
  }
}

async function decrypt(sealed: string, row: PurposeRow, { key }: Key): Promise<Uint8Array> {
  if (row.form === 'signed') return (await compactVerify(sealed, key, { algorithms: ['HS256'] })).payload
  const options = {
    keyManagementAlgorithms: [ALGORITHMS[row.form]],
    contentEncryptionAlgorithms: ['A256GCM'],
  }
  return (await compactDecrypt(sealed, key, options)).plaintext
}

/** What cannot be ours takes the time of one that might be, so that time does not tell them apart. */
function decoy(row: PurposeRow, key: Key): Promise<Uint8Array> {
  const header = row.form === 'signed' ? { alg: 'HS256' } : { alg: ALGORITHMS[row.form], enc: 'A256GCM' }
  const parts = [btoa(JSON.stringify(header)).replace(/=+$/, ''), ...DECOYS[row.form]]
  return decrypt(parts.join('.'), row, key)
}

/** Base64url without padding, whose last character holds no bits beyond the last byte (RFC 4648, 3.5). */
const PART = '(?:[\\w-]{4})*(?:[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])?'
const [IV, TAG, WRAPPED_KEY, SIGNATURE] = [
  '[\\w-]{16}',
  '[\\w-]{21}[AQgw]',
  '[\\w-]{53}[AQgw]',
  '[\\w-]{42}[AEIMQUYcgkosw048]',
]
/**
 * Compact serialization (RFC 7515, 7.1; RFC 7516, 7.1), each part of its one length: a tag that is short would be refused
 * before anything is decrypted, and sooner than others. `dir` has no encrypted key.
 */
const SHAPES = {
  signed: new RegExp(`^${PART}\\.${PART}\\.${SIGNATURE}$`),
  direct: new RegExp(`^${PART}\\.\\.${IV}\\.${PART}\\.${TAG}$`),
  wrapped: new RegExp(`^${PART}\\.${WRAPPED_KEY}\\.${IV}\\.${PART}\\.${TAG}$`),
}

const ALGORITHMS = { signed: 'HS256', direct: 'dir', wrapped: 'A256KW' } as const

/** Forty bytes: a wrapped key, or claims. */
const FORTY = 'A'.repeat(54)
/** Parts after the header, of the right lengths and authentic under no key. */
const DECOYS = {
  signed: [FORTY, 'A'.repeat(43)],
  direct: ['', 'A'.repeat(16), FORTY, 'A'.repeat(22)],
  wrapped: [FORTY, 'A'.repeat(16), FORTY, 'A'.repeat(22)],
}

function parse(bytes: Uint8Array | undefined): Claims | undefined {
  if (bytes === undefined) return undefined
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
  return isObject(value) ? value : undefined
}
