/** Any value is read against any schema without a throw, and a value that fits is taken as it is. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Json, Schema } from '../../src/json.ts'
import { isBounded, readValue } from '../../src/tools/value.ts'

interface Fitting {
  schema: Schema
  value: Json
}

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 6 }),
  fc.constantFrom('id', 'page', 'constructor', 'toString', 'valueOf'),
)
const words = fc.string({ unit: 'grapheme', maxLength: 12 })
const day = fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })

/** A schema with a value that it allows. */
const { fitting } = fc.letrec<{ fitting: Fitting; leaf: Fitting; list: Fitting; record: Fitting; map: Fitting }>((tie) => ({
  fitting: fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('list'), tie('record'), tie('map')),
  leaf: fc.oneof(
    words.map((value) => ({ schema: { type: 'string', minLength: 0, maxLength: value.length + 3 }, value })),
    fc.array(words, { minLength: 1, maxLength: 5 }).chain((options) => fc.constantFrom(...options).map((value) => ({ schema: { type: 'string', enum: options }, value }))),
    fc.stringMatching(/^inv_[0-9]{6}$/).map((value) => ({ schema: { type: 'string', pattern: '^inv_[0-9]{6}$' }, value })),
    day.map((date) => ({ schema: { type: 'string', format: 'date' }, value: date.toISOString().slice(0, 10) })),
    day.map((date) => ({ schema: { type: 'string', format: 'date-time' }, value: date.toISOString() })),
    fc.maxSafeInteger().map((value) => ({ schema: { type: 'integer', minimum: value, maximum: value }, value })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value)).map((value) => ({ schema: { type: 'number', minimum: value, exclusiveMaximum: value + Math.abs(value) + 1 }, value })),
    fc.boolean().map((value) => ({ schema: { type: 'boolean' }, value })),
  ),
  list: fc.tuple(tie('fitting'), fc.nat(3)).map(([{ schema, value }, count]) => ({ schema: { type: 'array', items: schema, minItems: count, maxItems: count }, value: Array(count).fill(value) })),
  record: fc.dictionary(name, tie('fitting'), { maxKeys: 4 }).map((members) => ({
    schema: { type: 'object', properties: mapped(members, ({ schema }) => schema), required: Object.keys(members), additionalProperties: false },
    value: mapped(members, ({ value }) => value),
  })),
  map: fc.tuple(tie('fitting'), fc.uniqueArray(name, { maxLength: 3 })).map(([{ schema, value }, names]) => ({ schema: { type: 'object', additionalProperties: schema }, value: Object.fromEntries(names.map((each) => [each, value])) })),
})) // biome-ignore format: a kind a line

function mapped<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

it('what fits is taken unchanged', () => {
  fc.assert(
    fc.property(fitting, ({ schema, value }) => {
      expect(readValue(schema, value, 'x')).toEqual({ value })
    }),
    { numRuns: 2000 },
  )
})

it('what fits one branch of a choice is taken unchanged', () => {
  fc.assert(
    fc.property(fc.array(fitting, { minLength: 2, maxLength: 3 }), fc.nat(2), (choices, at) => {
      const { value } = choices[at % choices.length]!
      const read = readValue({ anyOf: choices.map(({ schema }) => schema) }, value, 'x')
      expect(read).toEqual({ value })
    }),
    {
      numRuns: 2000,
      examples: [
        [
          [
            { schema: { type: 'string' }, value: '5' },
            { schema: { type: 'integer' }, value: 5 },
          ],
          1,
        ],
      ],
    },
  )
})

it('what is written as JSON text is taken as what it says', () => {
  fc.assert(
    fc.property(
      fitting.filter(({ value }) => typeof value === 'object' && isBounded(value)),
      ({ schema, value }) => {
        expect(readValue(schema, JSON.stringify(value), 'x')).toEqual({
          value: JSON.parse(JSON.stringify(value)),
        })
      },
    ),
  )
})

/** Schemas of any sense or none, as a document may hold them. */
function schemas(types: string[]): fc.Arbitrary<Schema> {
  const leaf = fc.record(
    {
      type: fc.constantFrom(...types),
      enum: fc.array(fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json>, { maxLength: 3 }),
      format: fc.constantFrom('date', 'date-time', 'uuid', ...types),
      pattern: fc.constantFrom('^a', '(', '[a-z', '\\p{L}', ''),
      minimum: fc.integer(),
      exclusiveMaximum: fc.double(),
      maxLength: fc.nat(9),
      maxItems: fc.nat(3),
      required: fc.array(name, { maxLength: 2 }),
    },
    { requiredKeys: [] },
  )
  return fc.letrec<{ schema: Schema; branch: Schema }>((tie) => ({
    schema: fc.oneof({ maxDepth: 2 }, leaf as fc.Arbitrary<Schema>, tie('branch')),
    branch: fc.oneof(
      tie('schema').map((items) => ({ type: 'array', items })),
      fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
      fc
        .tuple(fc.dictionary(name, tie('schema'), { maxKeys: 3 }), fc.oneof(fc.boolean(), tie('schema')))
        .map(([properties, additionalProperties]) => ({ type: 'object', properties, additionalProperties })),
    ),
  })).schema
}
const given = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.json({ maxDepth: 3 }),
  fc.constantFrom('[', '{', '[[', '{"a":', '"', '-', '1e999', 'NaN', '\ud800'),
) as fc.Arbitrary<Json>

/** Either a value or problems that open with the place of the offending part. */
function isReading(schema: Schema, value: Json): void {
  const read = readValue(schema, value, 'x')
  expect(Object.keys(read)).toEqual([read.problems === undefined ? 'value' : 'problems'])
  if (read.problems === undefined) return void expect(read.value).toBeDefined()
  expect(read.problems.length).toBeGreaterThan(0)
  for (const problem of read.problems) expect(problem.startsWith('x')).toBe(true)
}

it('any value is read or refused in words', () => {
  const types = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null', '']
  fc.assert(fc.property(schemas(types), given, isReading), {
    numRuns: 3000,
    examples: [[{ type: 'object', enum: ['a'] }, { toString: 0 }]],
  })
})

it('a type or format named like an object’s own member is only an unknown one', () => {
  const types = ['string', 'constructor', 'toString', '__proto__', 'valueOf']
  fc.assert(fc.property(schemas(types), given, isReading), { numRuns: 1000 })
})
