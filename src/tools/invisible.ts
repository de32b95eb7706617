/** The characters that a person cannot see in text, and so must not be able to carry instructions past one. */

/** Control, format and bidirectional characters, tags and variation selectors: text that could hide in text. */
export function isInvisible(code: number): boolean {
  if (code < 0xa0) return true
  if (code < 0x2000)
    return code === 0xad || code === 0x61c || code === 0x180e || code === 0x115f || code === 0x1160
  if (code < 0x2070)
    return (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) || code >= 0x2060
  if (code < 0xfe00) return code === 0x3164
  if (code < 0xe0000) return code === 0xfeff || code === 0xffa0 || (code >= 0xfff9 && code <= 0xfffb)
  return code <= 0xe0fff
}

/** Text without invisible characters, line breaks and runs of space folded to one space, cut to `longest` characters. */
export function visible(text: string, longest: number): string {
  const shown = Array.from(text.slice(0, longest * 4), (char) =>
    isInvisible(char.codePointAt(0)!) ? ' ' : char,
  )
  const folded = shown.join('').replace(/\s+/g, ' ').trim()
  return folded.length > longest ? `${folded.slice(0, longest).trimEnd()}…` : folded
}
