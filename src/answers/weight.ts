/**
 * What a text weighs: the bytes of UTF-8 that it takes between the quotes of a JSON string. No client counts more; Codex counts
 * these, where its program writes a result whole, and the others count characters, which are never more than these.
 */
import { BACKSLASH, QUOTE } from '../tools/json-bytes.ts'
import { byteLength, type Wire } from '../wire.ts'

const SHORT_ESCAPES = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d])

export function weigh(text: string): number {
  let weight = text.length
  for (let at = 0; at < text.length; at++) weight += extra(text.charCodeAt(at))
  return weight
}

/** Bytes beside the first. Half a pair of surrogates is half of four. */
function extra(code: number): number {
  if (code >= 0x20 && code < 0x80) return code === QUOTE || code === BACKSLASH ? 1 : 0
  if (code < 0x20) return SHORT_ESCAPES.has(code) ? 1 : 5
  return code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2
}

const encoder = new TextEncoder()

/** The same of a string that is already written, told from its bytes. */
export function weightOf(json: Wire): number {
  const bytes = json.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece))
  return byteLength(bytes) - 2
}
