/**
 * What a text weighs: the bytes of UTF-8 that it takes between the quotes of a JSON string. No client counts more; Codex counts
 * these, where its program writes a result whole, and the others count characters, which are never more than these.
 */
import { byteLength, type Wire } from '../wire.ts'

/** Bytes of an ASCII character beside the first: none, one behind a backslash, or five of `\\u001f`. */
const EXTRA = Uint8Array.from(
  { length: 128 },
  (_, code) => JSON.stringify(String.fromCharCode(code)).length - 3,
)

export function weigh(text: string): number {
  let weight = text.length
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    weight += code < EXTRA.length ? EXTRA[code]! : beyondAscii(code)
  }
  return weight
}

/** Half a pair of surrogates is half of four. */
function beyondAscii(code: number): number {
  return code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2
}

const encoder = new TextEncoder()

/** The same of a string that is already written, told from its bytes. */
export function weightOf(json: Wire): number {
  const bytes = json.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece))
  return byteLength(bytes) - 2
}
