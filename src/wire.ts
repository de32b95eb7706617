/** JSON that is already written: pieces of text and bytes that are joined once, when the answer leaves. */

export type Piece = string | Uint8Array
export type Wire = readonly Piece[]

const encoder = new TextEncoder()

/** All pieces as one body. */
export function toBytes(wire: Wire): Uint8Array<ArrayBuffer> {
  return join(wire.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece)))
}

/** The text that pieces stand for which are a JSON string together, with its quotes. */
export function textOf(json: Wire): string {
  return JSON.parse(new TextDecoder().decode(toBytes(json))) as string
}

/** Byte arrays one after the other. */
export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.byteLength
  }
  return whole
}

/** Bytes, or UTF-16 units for text, that the pieces hold. */
export function byteLength(wire: Wire): number {
  return wire.reduce((sum, piece) => sum + (typeof piece === 'string' ? piece.length : piece.byteLength), 0)
}
