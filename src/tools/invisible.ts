/** The characters that a person cannot see in text, and so must not be able to carry instructions past one. */

/**
 * Controls, bidirectional and zero-width characters, fillers, variation selectors and tags (Unicode: Cc, Bidi_Control,
 * Default_Ignorable_Code_Point, line separators, interlinear marks, blanks), as ranges in ascending order.
 */
// biome-ignore format: a range a pair
const INVISIBLE: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f], [0x7f, 0x9f], [0xad, 0xad], [0x34f, 0x34f], [0x61c, 0x61c], [0x115f, 0x1160], [0x17b4, 0x17b5],
  [0x180b, 0x180f], [0x200b, 0x200f], [0x2028, 0x202e], [0x2060, 0x206f], [0x2800, 0x2800], [0x3164, 0x3164], [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff], [0xffa0, 0xffa0], [0xfff0, 0xfffb], [0x13430, 0x13440], [0x1bca0, 0x1bca3], [0x1d173, 0x1d17a], [0xe0000, 0xe0fff],
]

export function isInvisible(code: number): boolean {
  for (const [first, last] of INVISIBLE) {
    if (code <= last) return code >= first
  }
  return false
}

/** The character as an escape that can be seen, as JSON writes it. */
export function visibleEscape(code: number): string {
  const units = String.fromCodePoint(code).split('')
  return units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
}

/** Plain text in which every invisible character but line breaks and tabs is a visible escape. */
export function reveal(text: string): string {
  return text.replace(/[^\x20-\x7e\n\r\t]/gu, (char) =>
    isInvisible(char.codePointAt(0)!) ? visibleEscape(char.codePointAt(0)!) : char,
  )
}

/** Text without invisible characters, line breaks and runs of space folded to one space, cut to `longest` characters. */
export function visible(text: string, longest: number): string {
  const shown = Array.from(text.slice(0, longest * 4), (char) =>
    isInvisible(char.codePointAt(0)!) ? ' ' : char,
  )
  const folded = Array.from(shown.join('').toWellFormed().replace(/\s+/g, ' ').trim())
  return folded.length > longest ? `${folded.slice(0, longest).join('').trimEnd()}…` : folded.join('')
}
