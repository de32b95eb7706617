/** Whatever the arguments, a URL keeps its origin, its base and its segments, and its query decodes back to them. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/json.ts'
import { plan } from '../../src/tools/plan.ts'
import type { Parameter, Style, Tool } from '../../src/tools/tool.ts'

const BASE = 'https://api.example.com/base/v2'
const URI = /^(?:[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=]|%[0-9A-F]{2})*$/

const HOSTILE = [
  '', '.', '..', '...', '/', '//', '\\', '..\\..', '../..', '%', '%2e', '%2E%2e', '%2f', '%252e', '?', '#', '&', '=', '+', ' ', ';', ',', '|', '@', ':', '//evil.example',
  '\r\n', '\t', '\u0000', 'żółw', '😀', '\u2028', '__proto__', 'constructor', '{id}', '[]', 'null',
] // biome-ignore format: one list
const word = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ maxLength: 8 }),
)
const leaf = fc.oneof(word, fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }))
const keys = word.filter((key) => key !== '')
const value = fc.oneof(
  leaf,
  fc.array(leaf, { minLength: 1, maxLength: 4 }),
  fc.dictionary(keys, leaf, { minKeys: 1, maxKeys: 4 }),
)

function toolOf(path: string, parameters: Parameter[]): Tool {
  return { path, parameters, accept: 'application/json', inputSchema: { properties: {} } } as unknown as Tool
}

function parameterOf(
  at: number,
  place: 'path' | 'query',
  style: Style,
  explode: boolean,
  more: Partial<Parameter> = {},
): Parameter {
  return {
    argument: `p${at}`,
    name: `p${at}`,
    in: place,
    style,
    explode,
    allowReserved: false,
    ...more,
  }
}

/** Path templates of literals and of one or two values in a segment. */
const templated = fc
  .array(fc.constantFrom('things', 'a.b', '*', '*.json', 'x*', '*-*', '.*', '**', '*.'), {
    minLength: 1,
    maxLength: 5,
  })
  .map((segments) => {
    let count = 0
    return segments.map((segment) => segment.replace(/\*/g, () => `{p${count++}}`))
  })

it('a path keeps its segments, its base and its origin', () => {
  const styles = fc.array(
    fc.tuple(fc.constantFrom<Style>('simple', 'label', 'matrix'), fc.boolean(), value),
    { minLength: 10, maxLength: 10 },
  )
  let sent = 0
  fc.assert(
    fc.property(templated, styles, (segments, given) => {
      const count = segments.join('').split('{').length - 1
      const parameters = given
        .slice(0, count)
        .map(([style, explode], at) => parameterOf(at, 'path', style, explode))
      const args = Object.fromEntries(
        given.slice(0, count).map(([, , value], at) => [`p${at}`, value as Json]),
      )
      const planned = plan(toolOf(`/${segments.join('/')}`, parameters), args)
      if (!planned.ok) return
      sent++
      const { target } = planned.plan
      expect(target).toMatch(URI)
      expect(target.split('/')).toHaveLength(segments.length + 1)
      expect(target).not.toMatch(/[?#]/)
      const url = new URL(BASE + target)
      expect(url.origin).toBe('https://api.example.com')
      expect(url.pathname).toBe(new URL(BASE).pathname + target)
      expect([url.search, url.hash, url.username]).toEqual(['', '', ''])
      segments.forEach((segment, at) => {
        if (!segment.includes('{')) expect(target.split('/')[at + 1]).toBe(segment)
      })
    }),
    { numRuns: 2000 },
  )
  expect(sent).toBeGreaterThan(1500)
})

/** What a server reads of one parameter: written anew from the specification, without a line of ours. */
type Decoder = (pairs: [string, string][], name: string, shape: Json) => Json
const plain = decodeURIComponent
const text = (json: Json) => (json === null ? '' : String(json))
const split = (raw: string, separator: string, shape: Json): Json => {
  const list = raw.split(separator).map(plain)
  if (Array.isArray(shape)) return list
  if (typeof shape !== 'object') return plain(raw)
  return Object.fromEntries(
    Array.from({ length: list.length / 2 }, (_, at) => [list[2 * at], list[2 * at + 1]]),
  )
}
const find = (pairs: [string, string][], name: string) =>
  pairs.filter(([key]) => plain(key) === name).map(([, raw]) => raw)
const apart: Decoder = (pairs, name, shape) => {
  if (Array.isArray(shape)) return find(pairs, name).map(plain)
  return plain(find(pairs, name)[0]!)
}
const joined =
  (separator: string): Decoder =>
  (pairs, name, shape) =>
    split(find(pairs, name)[0]!, separator, shape)
const bracketed: Decoder = (pairs, name, shape) => {
  if (typeof shape !== 'object' || Array.isArray(shape)) return apart(pairs, name, shape)
  const own = pairs
    .map(([key, raw]) => [plain(key), plain(raw)] as const)
    .filter(([key]) => key.startsWith(`${name}[`))
  return Object.fromEntries(own.map(([key, item]) => [key.slice(name.length + 1, -1), item]))
}
const exploded: Decoder = (pairs, name, shape) => {
  if (typeof shape !== 'object' || Array.isArray(shape)) return apart(pairs, name, shape)
  return Object.fromEntries(
    pairs.map(([key, raw]) => [plain(key), plain(raw)]).filter(([key]) => Object.hasOwn(shape!, key!)),
  )
}

/** As the value was meant: every leaf as text. */
function spelled(json: Json): Json {
  if (Array.isArray(json)) return json.map(text)
  return typeof json === 'object' && json !== null
    ? Object.fromEntries(Object.entries(json).map(([key, item]) => [key, text(item)]))
    : text(json)
}

const without = (forbidden: string) => (json: Json) => !JSON.stringify(spelled(json)).includes(forbidden)
const styles: [string, Style, boolean, Partial<Parameter>, Decoder, (json: Json) => boolean][] = [
  ['form', 'form', true, {}, exploded, () => true],
  ['form, joined', 'form', false, {}, joined(','), () => true],
  ['form, reserved', 'form', true, { allowReserved: true }, exploded, () => true],
  ['deepObject', 'deepObject', true, {}, bracketed, () => true],
  ['spaceDelimited', 'spaceDelimited', false, {}, joined('%20'), without(' ')],
  ['pipeDelimited', 'pipeDelimited', false, {}, joined('%7C'), without('|')],
] // biome-ignore format: one row a line

it.each(styles)(
  'a query of style %s decodes back, between its neighbours',
  (_, style, explode, more, decoder, fits) => {
    fc.assert(
      fc.property(
        value.filter((json) => fits(json as Json)),
        word,
        (given, neighbour) => {
          // An exploded object's keys are names of their own; they must not be those of its neighbours.
          const object = given as JsonObject
          fc.pre(typeof given !== 'object' || !['p0', 'p2'].some((name) => Object.hasOwn(object, name)))
          const parameters = [
            parameterOf(0, 'query', 'form', true),
            parameterOf(1, 'query', style, explode, more),
            parameterOf(2, 'query', 'form', false),
          ]
          const planned = plan(toolOf('/p', parameters), {
            p0: neighbour,
            p1: given as Json,
            p2: [neighbour],
          })
          if (!planned.ok) throw new Error(planned.problem)
          const { target } = planned.plan
          expect(target).toMatch(URI)
          expect(target.startsWith('/p?')).toBe(true)
          expect(new URL(BASE + target).hash).toBe('')
          const pairs = target
            .slice(3)
            .split('&')
            .map((pair): [string, string] => {
              const at = pair.indexOf('=')
              return [pair.slice(0, at), pair.slice(at + 1)]
            })
          expect(plain(pairs[0]![1])).toBe(neighbour)
          expect(plain(pairs.at(-1)![1])).toBe(neighbour)
          expect(decoder(pairs.slice(1, -1), 'p1', given as Json)).toEqual(spelled(given as Json))
        },
      ),
      { numRuns: 1000 },
    )
  },
)

it('a query of JSON decodes back exactly', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (given) => {
      const parameter = parameterOf(0, 'query', 'form', true, { content: 'application/json' })
      const planned = plan(toolOf('/p', [parameter]), { p0: given as Json })
      if (!planned.ok) throw new Error(planned.problem)
      expect(planned.plan.target).toMatch(URI)
      expect(JSON.stringify(JSON.parse(plain(planned.plan.target.slice(6))))).toBe(JSON.stringify(given))
    }),
  )
})

it('a header or cookie never holds a line break or a second cookie', () => {
  fc.assert(
    fc.property(value, fc.boolean(), (given, explode) => {
      const header = { ...parameterOf(0, 'query', 'simple', explode), in: 'header' } as const
      const cookie = { ...parameterOf(1, 'query', 'form', false), in: 'cookie' } as const
      const sent = [header, cookie].map((parameter) =>
        plan(toolOf('/p', [parameter]), { [parameter.argument]: given as Json }),
      )
      for (const planned of sent) {
        if (!planned.ok) continue
        for (const line of Object.values(planned.plan.headers)) expect(line).toMatch(/^[\x20-\x7e]*$/)
        expect(planned.plan.headers.cookie ?? '').not.toMatch(/;/)
      }
    }),
  )
})
