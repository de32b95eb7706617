/** The bytes that JSON is written with (RFC 8259, 2), and what may stand in a string as it is. */

export const QUOTE = 0x22
export const COMMA = 0x2c
export const BACKSLASH = 0x5c
export const OPEN_ARRAY = 0x5b
export const CLOSE_ARRAY = 0x5d
export const OPEN_OBJECT = 0x7b
export const CLOSE_OBJECT = 0x7d

/** How much deeper each byte leads outside a string. */
export const STEPS_IN = Int8Array.from({ length: 128 }, (_, byte) =>
  byte === OPEN_ARRAY || byte === OPEN_OBJECT ? 1 : byte === CLOSE_ARRAY || byte === CLOSE_OBJECT ? -1 : 0,
)

/** 1 for each byte that ends a number or a literal before it. */
export const ENDS = Uint8Array.from({ length: 128 }, (_, byte) =>
  byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT ? 1 : 0,
)

/** By first byte: t, f, n. */
export const LITERALS: Record<number, string> = { 116: 'true', 102: 'false', 110: 'null' }
/** 1 for each byte that stands for itself in a string on both sides. */
export const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
)
/** `"`, `\`, `/`, b, f, n, r, t, u. */
export const ESCAPES = new Set([QUOTE, BACKSLASH, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74, 0x75])

export function isHex(byte: number | undefined): boolean {
  return byte !== undefined && /[0-9a-f]/i.test(String.fromCharCode(byte))
}
