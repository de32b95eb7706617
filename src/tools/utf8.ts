/** One character of UTF-8 at a time (RFC 3629), for a pass over bytes that cannot afford to decode them all. */

/** The least code point that needs so many bytes; a smaller one is an overlong form. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000]

/** Bytes of the character that begins with `lead`. */
export function sizeOf(lead: number): number {
  if (lead < 0x80) return 1
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
}

/** The code point at `at`, or undefined where the bytes are not UTF-8: cut short, overlong, a surrogate, out of range. */
export function codePointAt(source: Uint8Array, at: number): number | undefined {
  const lead = source[at]!
  const size = sizeOf(lead)
  if (size === 1) return lead
  if (lead < 0xc2 || lead > 0xf4) return undefined
  let code = lead & (0x7f >> size)
  for (let i = 1; i < size; i++) {
    const byte = source[at + i] ?? 0
    if (byte >> 6 !== 2) return undefined
    code = (code << 6) | (byte & 0x3f)
  }
  const isSurrogate = code >> 11 === 0x1b
  return code < LEAST[size]! || code > 0x10ffff || isSurrogate ? undefined : code
}
