/** Embedding takes what `JSON.parse` takes and nothing else, and what arrives is the same value. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { embedJson } from '../../src/tools/embed.ts'

const encoder = new TextEncoder()

/** The value that a client reads out of our JSON string, as JSON text; undefined where the source was refused. */
function embedded(source: Uint8Array): string | undefined {
  const result = embedJson(source)
  if (!result.ok) return undefined
  const text: string = JSON.parse(`"${new TextDecoder('utf-8', { fatal: true }).decode(result.bytes)}"`)
  expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b\u2028\u202e\ufeff]/)
  return JSON.stringify(JSON.parse(text))
}

/** The same, by the platform's own parser. */
function expected(source: Uint8Array): string | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(source))
    if (Array.isArray(value)) return JSON.stringify({ items: value })
    return JSON.stringify(typeof value === 'object' && value !== null ? value : { value })
  } catch {
    return undefined
  }
}

const value = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' })
const space = fc
  .array(fc.constantFrom(' ', '\n', '\r', '\t', '\r\n  '), { maxLength: 2 })
  .map((parts) => parts.join(''))

/** JSON text with any white space around its tokens, and some strings written as escapes. */
const spaced = fc.tuple(value, fc.infiniteStream(space), fc.boolean()).map(([json, spaces, escaping]) => {
  const gap = () => spaces.next().value ?? ''
  const quote = (text: string) =>
    escaping
      ? `"${text
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join('')}"`
      : JSON.stringify(text)
  function write(node: unknown): string {
    if (typeof node === 'string') return gap() + quote(node) + gap()
    if (Array.isArray(node)) return `${gap()}[${gap()}${node.map(write).join(',')}]${gap()}`
    if (typeof node !== 'object' || node === null) return gap() + JSON.stringify(node) + gap()
    const members = Object.entries(node).map(([key, item]) => `${gap()}${quote(key)}${gap()}:${write(item)}`)
    return `${gap()}{${gap()}${members.join(',')}}${gap()}`
  }
  return write(json)
})

it('keeps every value through any white space', () => {
  fc.assert(
    fc.property(spaced, (text) => {
      const source = encoder.encode(text)
      expect(embedded(source)).toBe(expected(source))
      expect(embedded(source)).toBeDefined()
    }),
    { numRuns: 1000 },
  )
})

const pieces = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '0',
  '-',
  '.',
  'e',
  'E',
  '+',
  'true',
  'null',
  '\\u',
  '\\ud800',
  '\u0000',
  '\u00a0',
  '\ufeff',
  '😀',
  ' ',
  '/',
]
const edit = fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom('', ...pieces))

it('takes and refuses what `JSON.parse` does, for texts a few edits away from valid', () => {
  fc.assert(
    fc.property(spaced, fc.array(edit, { minLength: 1, maxLength: 3 }), (text, edits) => {
      const edited = edits.reduce((all, [at, removed, added]) => {
        const start = at % (all.length + 1)
        return all.slice(0, start) + added + all.slice(start + removed)
      }, text)
      const source = encoder.encode(edited)
      expect(embedded(source)).toBe(expected(source))
    }),
    { numRuns: 3000 },
  )
})

it('takes and refuses the same bytes', () => {
  const byte = fc.oneof(
    fc.constantFrom(
      ...encoder.encode('"\\{}[]:,0-9.eEtrufalsn '),
      0xc3,
      0xa9,
      0xe2,
      0x82,
      0xac,
      0xed,
      0xa0,
      0x80,
      0xf0,
      0x9f,
      0xff,
    ),
    fc.nat(255),
  )
  const bytes = fc.array(byte, { maxLength: 24 })
  const quoted = bytes.map((inner) => [0x22, ...inner, 0x22])
  fc.assert(
    fc.property(fc.oneof(bytes, quoted), (given) => {
      const source = Uint8Array.from(given)
      expect(embedded(source)).toBe(expected(source))
    }),
    { numRuns: 5000 },
  )
})

it('keeps every number as it was written', () => {
  const digits = fc.stringMatching(/^[0-9]{1,30}$/)
  const number = fc
    .tuple(
      fc.constantFrom('', '-'),
      digits,
      fc.option(digits),
      fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'E-'), digits)),
    )
    .map(
      ([sign, whole, fraction, exponent]) =>
        `${sign}${whole.replace(/^0+(?=.)/, '')}${fraction === null ? '' : `.${fraction}`}${exponent?.join('') ?? ''}`,
    )
  fc.assert(
    fc.property(number, (text) => {
      const result = embedJson(encoder.encode(`{"a" : ${text} }`))
      expect(result.ok && new TextDecoder().decode(result.bytes)).toBe(`{\\"a\\":${text}}`)
    }),
  )
})

it('answers every nesting, taking it up to its bound', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.constantFrom(['[', ']'], ['{"a":', '}']),
      (depth, [open, close]) => {
        const inner = open === '[' ? '' : '1'
        const source = encoder.encode(open!.repeat(depth) + inner + close!.repeat(depth))
        expect(embedJson(source).ok).toBe(depth <= 512)
      },
    ),
  )
})
