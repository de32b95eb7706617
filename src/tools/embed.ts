/**
 * One pass over an upstream's JSON bytes (RFC 8259): checks UTF-8 and grammar, drops whitespace, leaves every number and
 * string as it was written, and escapes the text so that it can stand inside a JSON string of ours.
 */
import { isInvisible, visibleEscape } from './invisible.ts'
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  ESCAPES,
  isHex,
  LITERALS,
  OPEN_ARRAY,
  OPEN_OBJECT,
  PLAIN,
  QUOTE,
} from './json-bytes.ts'
import { isOwnName } from './own-name.ts'
import { codePointAt, sizeOf } from './utf8.ts'

/** `claims` where the root has a member of the name in which we speak. */
export type Embedded =
  | { ok: true; bytes: Uint8Array; claims?: true }
  | { ok: false; fault: string; tooLarge?: true }

/** Containers nested deeper than this are refused; clients parse the text again, many of them recursively. */
const DEEPEST = 512

/** What may come next. */
const VALUE = 0
const VALUE_OR_END = 1
const KEY = 2
const KEY_OR_END = 3
const COLON = 4
const COMMA_OR_END = 5

/**
 * Embeds `source` in at most `maxBytes`: an escape can be seven times what it stands for. A root that is not an object is
 * framed as `{"items":[…]}` or `{"value":…}`: some clients fail on it.
 */
export function embedJson(source: Uint8Array, maxBytes = Number.POSITIVE_INFINITY): Embedded {
  try {
    const embedding = new Embedding(source, maxBytes)
    const bytes = embedding.run()
    return { ok: true, bytes, ...(embedding.claims && { claims: true }) }
  } catch (error) {
    if (error instanceof TooLarge) return { ok: false, fault: error.message, tooLarge: true }
    if (error instanceof Fault) return { ok: false, fault: error.message }
    throw error
  }
}

class Fault extends Error {}
class TooLarge extends Fault {}

class Embedding {
  readonly #source: Uint8Array
  readonly #maxBytes: number
  claims = false
  #out: Uint8Array
  #at: number
  #length = 0

  constructor(source: Uint8Array, maxBytes: number) {
    this.#source = source
    this.#maxBytes = maxBytes
    this.#at = source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf ? 3 : 0
    this.#out = new Uint8Array(source.byteLength + (source.byteLength >> 2) + 64)
  }

  run(): Uint8Array {
    this.#skipSpace()
    const root = this.#source[this.#at]
    if (root === OPEN_ARRAY) this.#write('{\\"items\\":')
    else if (root !== OPEN_OBJECT) this.#write('{\\"value\\":')
    this.#walk()
    this.#skipSpace()
    if (this.#at < this.#source.byteLength) throw this.#fault('text after the end')
    if (root !== OPEN_OBJECT) this.#write('}')
    return this.#out.subarray(0, this.#length)
  }

  #walk(): void {
    const kinds = new Uint8Array(DEEPEST)
    let depth = 0
    let next = VALUE
    do {
      this.#skipSpace()
      const byte = this.#source[this.#at]
      if (byte === undefined) throw this.#fault('the end is missing')
      const key = next === KEY || next === KEY_OR_END
      if (byte === QUOTE && next <= KEY_OR_END) {
        const from = this.#length
        this.#string()
        if (key && depth === 1 && isOwnName(this.#out, from + 2, this.#length - 2)) this.claims = true
        next = key ? COLON : COMMA_OR_END
      } else if (byte === 0x3a && next === COLON) {
        this.#copy()
        next = VALUE
      } else if (byte === COMMA && next === COMMA_OR_END && depth > 0) {
        this.#copy()
        next = kinds[depth - 1] === OPEN_OBJECT ? KEY : VALUE
      } else if ((byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) && closes(byte, kinds[depth - 1], next)) {
        this.#copy()
        depth--
        next = COMMA_OR_END
      } else if (next > VALUE_OR_END) {
        throw this.#fault('unexpected character')
      } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        if (depth === DEEPEST) throw this.#fault('nested too deeply')
        kinds[depth++] = byte
        this.#copy()
        next = byte === OPEN_OBJECT ? KEY_OR_END : VALUE_OR_END
      } else {
        const literal = LITERALS[byte]
        if (literal === undefined) this.#number()
        else this.#literal(literal)
        next = COMMA_OR_END
      }
    } while (depth > 0)
  }

  /** A string with its quotes. What is left of the source is reserved first, so that plain bytes copy unchecked. */
  #string(): void {
    const source = this.#source
    this.#write('\\"')
    this.#at++
    for (;;) {
      this.#reserve(source.byteLength - this.#at + 16)
      const out = this.#out
      let at = this.#at
      let length = this.#length
      let byte = source[at]
      while (byte !== undefined && PLAIN[byte] === 1) {
        out[length++] = byte
        byte = source[++at]
      }
      this.#at = at
      this.#length = length
      if (byte === undefined) throw this.#fault('a string without end')
      if (byte === QUOTE) break
      if (byte === BACKSLASH) this.#escapeSequence()
      else if (byte >= 0x7f) this.#beyondAscii(byte)
      else throw this.#fault('a control character in a string')
    }
    this.#at++
    this.#write('\\"')
  }

  #escapeSequence(): void {
    const escaped = this.#source[this.#at + 1]
    const length = escaped === 0x75 ? 6 : 2
    if (escaped === undefined || !ESCAPES.has(escaped)) throw this.#fault('an unknown escape')
    for (let i = 2; i < length; i++)
      if (!isHex(this.#source[this.#at + i])) throw this.#fault('a broken \\u escape')
    this.#out[this.#length++] = BACKSLASH
    for (let i = 0; i < length; i++) {
      const byte = this.#source[this.#at + i]!
      if (i > 0 && (byte === BACKSLASH || byte === QUOTE)) this.#out[this.#length++] = BACKSLASH
      this.#out[this.#length++] = byte
    }
    this.#at += length
  }

  /** One character of UTF-8 beyond ASCII; what a person cannot see becomes a visible escape of the same value. */
  #beyondAscii(lead: number): void {
    const size = sizeOf(lead)
    const code = codePointAt(this.#source, this.#at)
    if (code === undefined) throw this.#fault('not UTF-8')
    if (isInvisible(code)) {
      this.#write(visibleEscape(code).replaceAll('\\', '\\\\'))
    } else {
      for (let i = 0; i < size; i++) this.#out[this.#length++] = this.#source[this.#at + i]!
    }
    this.#at += size
  }

  #literal(literal: string): void {
    for (let i = 0; i < literal.length; i++) {
      if (this.#source[this.#at + i] !== literal.charCodeAt(i)) throw this.#fault('unexpected character')
    }
    this.#write(literal)
    this.#at += literal.length
  }

  /** A number, byte by byte as written; the value is never computed. */
  #number(): void {
    const source = this.#source
    const start = this.#at
    if (source[this.#at] === 0x2d) this.#at++
    if (source[this.#at] === 0x30) this.#at++
    else this.#digits()
    if (source[this.#at] === 0x2e) {
      this.#at++
      this.#digits()
    }
    if ((source[this.#at]! | 0x20) === 0x65) {
      const sign = source[++this.#at]
      if (sign === 0x2b || sign === 0x2d) this.#at++
      this.#digits()
    }
    this.#reserve(this.#at - start)
    for (let i = start; i < this.#at; i++) this.#out[this.#length++] = source[i]!
  }

  #digits(): void {
    const start = this.#at
    let byte = this.#source[start]
    while (byte !== undefined && byte >= 0x30 && byte <= 0x39) byte = this.#source[++this.#at]
    if (this.#at === start) throw this.#fault('unexpected character')
  }

  #skipSpace(): void {
    const source = this.#source
    let byte = source[this.#at]
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = source[++this.#at]
  }

  #copy(): void {
    this.#reserve(1)
    this.#out[this.#length++] = this.#source[this.#at++]!
  }

  #write(ascii: string): void {
    this.#reserve(ascii.length)
    for (let i = 0; i < ascii.length; i++) this.#out[this.#length++] = ascii.charCodeAt(i)
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#out.byteLength) return
    if (this.#length > this.#maxBytes)
      throw new TooLarge(`more than ${this.#maxBytes} bytes once it is escaped`)
    const grown = new Uint8Array(this.#out.byteLength * 2 + more)
    grown.set(this.#out)
    this.#out = grown
  }

  #fault(what: string): Fault {
    return new Fault(`${what} at byte ${this.#at}`)
  }
}

function closes(byte: number, open: number | undefined, next: number): boolean {
  if (byte === CLOSE_ARRAY) return open === OPEN_ARRAY && (next === VALUE_OR_END || next === COMMA_OR_END)
  return open === OPEN_OBJECT && (next === KEY_OR_END || next === COMMA_OR_END)
}
