/** Whatever the parameters and the values: the URL keeps its origin, base and segments, and a server reads what was given. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Json } from '../../src/json.ts'
import { plan } from '../../src/tools/plan.ts'
import type { Content, Parameter, Style, Tool } from '../../src/tools/tool.ts'
import { type Definition, decode, type Shape, type Value } from '../styles/decode.ts'

const BASE = new URL('https://api.example.com/base/v2')
const URI = /^(?:[A-Za-z0-9\-._~:/?@!$&()*+,;=]|%[0-9A-F]{2})*$/
const RUNS = { numRuns: 3000 }

const HOSTILE = [
  '', '.', '..', '...', '/', '//', '\\', '..\\..', '../..', '%', '%2e', '%2E%2e', '%2f', '%252e', '?', '#', '&', '=', '+', ' ', ';', ',', '|', '@', ':', '//evil.example',
  '\r\n', '\t', '\u0000', 'żółw', '😀', '\u2028', '\ud800', '__proto__', 'constructor', '{id}', '[]', '[a]', 'a=b', 'null', 'p0', 'p1', 'p1[a]', 'k',
] // biome-ignore format: one list
const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ maxLength: 6 }),
)
const harmless = fc.stringMatching(/^[a-z0-9]{1,6}$/)

/** A shape, and a generator of its values. */
interface Kind {
  shape: Shape
  value: fc.Arbitrary<Value>
}
type Text = fc.Arbitrary<string>

const double = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((number) => (Object.is(number, -0) ? 0 : number))
const leaves = (text: Text): Kind[] => [
  { shape: { type: 'string' }, value: text },
  { shape: { type: 'number' }, value: fc.oneof(fc.integer(), double) },
  { shape: { type: 'boolean' }, value: fc.boolean() },
]
const leaf = (text: Text) => fc.constantFrom(...leaves(text))

const listOf = ({ shape, value }: Kind): Kind => ({
  shape: { type: 'array', items: shape },
  value: fc.array(value, { maxLength: 4 }),
})
const openOf =
  (name: Text) =>
  ({ shape, value }: Kind): Kind => ({
    shape: { type: 'object', additionalProperties: shape },
    value: fc.dictionary(name, value, { maxKeys: 4 }),
  })
const closedOf = (kinds: Kind[], names: string[]): Kind => {
  const members = kinds.slice(0, names.length).map((kind, at) => [names[at]!, kind] as const)
  const shapes = members.map(([name, { shape }]) => [name, shape] as const)
  const values = members.map(([name, { value }]) => [name, value] as const)
  return {
    shape: { type: 'object', properties: Object.fromEntries(shapes), additionalProperties: false },
    value: fc.record(Object.fromEntries(values), { requiredKeys: [] }),
  }
}

const flat = (text: Text): fc.Arbitrary<Kind> =>
  fc.oneof(
    leaf(text),
    leaf(text).map(listOf),
    leaf(text).map(openOf(text)),
    fc
      .tuple(
        fc.array(leaf(text), { minLength: 1, maxLength: 3 }),
        fc.uniqueArray(text, { minLength: 3, maxLength: 3 }),
      )
      .map(([kinds, names]) => closedOf(kinds, names)),
  )
const deep = (text: Text): fc.Arbitrary<Kind> =>
  flat(text).chain((kind) =>
    fc.constantFrom(kind, listOf(kind), openOf(text)(kind), listOf(openOf(text)(kind))),
  )

interface Given extends Definition {
  value: Value
}

const STYLES: [Definition['in'], Style[]][] = [
  ['path', ['simple', 'label', 'matrix']],
  ['query', ['form', 'spaceDelimited', 'pipeDelimited', 'tabDelimited', 'deepObject']],
  ['header', ['simple']],
  ['cookie', ['form', 'cookie']],
]

const styled = (text: Text): fc.Arbitrary<Given> =>
  fc
    .constantFrom(...STYLES.flatMap(([place, styles]) => styles.map((style) => ({ in: place, style }))))
    .chain((at) =>
      fc.tuple(
        fc.constant(at),
        at.style === 'deepObject' ? deep(text) : flat(text),
        fc.boolean(),
        fc.boolean(),
      ),
    )
    .chain(([{ in: place, style }, { shape, value }, explode, flag]) =>
      value.map((given) => ({
        name: '',
        in: place,
        style,
        explode,
        ...(place === 'query' && flag && { allowReserved: true }),
        ...(place === 'query' && style === 'form' && !flag && { allowEmptyValue: true }),
        schema: shape,
        value: given,
      })),
    )

const written: fc.Arbitrary<Given> = fc
  .tuple(fc.constantFrom<Definition['in']>('path', 'query', 'header', 'cookie'), fc.jsonValue())
  .map(([place, value]) => ({
    name: '',
    in: place,
    content: { 'application/json': { schema: { type: 'object' } } },
    value,
  }))

/** Up to five parameters; those of the path are placed in a template of literals and of one or two values a segment. */
const operation = (text: Text) =>
  fc
    .record({
      given: fc.array(fc.oneof({ weight: 5, arbitrary: styled(text) }, { weight: 1, arbitrary: written }), {
        minLength: 1,
        maxLength: 5,
      }),
      names: fc.uniqueArray(
        text.filter((name) => name !== '' && name.isWellFormed() && !/[{}]/.test(name)),
        { minLength: 5, maxLength: 5 },
      ),
      odd: fc.boolean(),
      joints: fc.array(fc.constantFrom('/', '/x/', '-', '.', '', '/.'), { minLength: 5, maxLength: 5 }),
    })
    .map(({ given, names, odd, joints }) => {
      const parameters = given.map((each, at) => ({
        ...each,
        name: odd && each.in !== 'header' ? names[at]! : `p${at}`,
      }))
      const places = parameters
        .filter((each) => each.in === 'path')
        .map(({ name }, at) => `${joints[at]}{${name}}`)
      return { path: `/at${places.join('')}/tail`, parameters }
    })

function toolOf(path: string, parameters: Given[]): Tool {
  const properties = Object.fromEntries(parameters.map(({ schema }, at) => [`a${at}`, schema ?? {}]))
  return {
    path,
    parameters: parameters.map(
      (
        { name, in: place, style, explode, allowReserved = false, allowEmptyValue, content },
        at,
      ): Parameter => ({
        argument: `a${at}`,
        name,
        in: place,
        style: (style as Style | undefined) ?? (place === 'path' || place === 'header' ? 'simple' : 'form'),
        explode: explode ?? false,
        allowReserved,
        ...(allowEmptyValue && { allowEmptyValue }),
        ...(content && { content: Object.keys(content)[0] as Content }),
      }),
    ),
    inputSchema: { type: 'object', properties },
    accept: 'application/json',
  } as unknown as Tool
}

/** The head that the runtimes send for a plan. */
function headOf({ target, headers }: { target: string; headers: Record<string, string> }): string {
  const url = new URL(BASE.href + target)
  expect(url.origin).toBe(BASE.origin)
  expect([url.hash, url.username]).toEqual(['', ''])
  expect(url.pathname + url.search).toBe(BASE.pathname + target)
  return [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    ...Object.entries(headers).map(([name, line]) => `${name}: ${line}`),
  ].join('\r\n')
}

const isEmpty = (value: Value) =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

/** What was given, by name; an empty list or object is nothing, unless it is JSON or may be empty. */
function meant(parameters: Given[]): Record<string, Value> {
  const sent = parameters.filter(
    ({ value, content, allowEmptyValue }) => content || allowEmptyValue || !isEmpty(value),
  )
  return Object.fromEntries(sent.map(({ name, value }) => [name, JSON.parse(JSON.stringify(value))]))
}

function planned(path: string, parameters: Given[]) {
  return plan(
    toolOf(path, parameters),
    Object.fromEntries(parameters.map(({ value }, at) => [`a${at}`, value as Json])),
  )
}

it('a server reads what was given, or a refusal names the argument', () => {
  let sent = 0
  fc.assert(
    fc.property(operation(hostile), ({ path, parameters }) => {
      const result = planned(path, parameters)
      if (!result.ok) {
        expect(result.problem).toMatch(/^a\d( and a\d)* (must not|must be|would make|stand side by side)/)
        return
      }
      sent++
      expect(result.plan.target).toMatch(URI)
      for (const line of Object.values(result.plan.headers)) expect(line).toMatch(/^[\x20-\x7e]*$/)
      expect(decode(headOf(result.plan), BASE.pathname + path, parameters)).toEqual(meant(parameters))
    }),
    RUNS,
  )
  expect(sent).toBeGreaterThan(RUNS.numRuns / 5)
})

it('what is harmless is sent', () => {
  const alone = operation(harmless).filter(({ path, parameters }) => {
    const open = parameters.filter(({ schema }) => schema?.type === 'object')
    const inPath = parameters.filter(({ in: place }) => place === 'path')
    // Two objects may meet in a name, and two values in a segment; dots are a matter of numbers and labels.
    return open.length < 2 && inPath.length < 2 && !/\/\./.test(path)
  })
  let refused = 0
  fc.assert(
    fc.property(alone, ({ path, parameters }) => {
      const result = planned(path, parameters)
      if (result.ok) {
        expect(decode(headOf(result.plan), BASE.pathname + path, parameters)).toEqual(meant(parameters))
        return
      }
      refused++
      expect(result.problem).toMatch(
        /must not be empty|must not send|must not hold "\."|must not hold null|must be printable|would make/,
      )
    }),
    RUNS,
  )
  expect(refused).toBeLessThan(RUNS.numRuns / 4)
})

it('a path keeps its segments, and the literal ones as they are', () => {
  fc.assert(
    fc.property(operation(hostile), ({ path, parameters }) => {
      const result = planned(path, parameters)
      if (!result.ok) return
      const literals = path.replace(/\{[^{}]*\}/g, '{}').split('/')
      const segments = result.plan.target.split('?')[0]!.split('/')
      expect(segments).toHaveLength(literals.length)
      for (const [at, literal] of literals.entries())
        if (!literal.includes('{')) expect(segments[at]).toBe(literal)
    }),
    RUNS,
  )
})
