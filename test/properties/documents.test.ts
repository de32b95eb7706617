/** Whatever a document says, no GET of it is lost, every tool passes the strictest client, and every call that it allows is planned. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Derived, derive } from '../../src/connector/derive.ts'
import { StartError } from '../../src/errors.ts'
import { isObject, type Json, type JsonObject, type Schema } from '../../src/json.ts'
import { checkArguments } from '../../src/tools/check.ts'
import { plan } from '../../src/tools/plan.ts'
import { target } from '../../src/tools/send.ts'
import { complaints } from '../strict.ts'

const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom<unknown>(Number.POSITIVE_INFINITY, -1, 1.5, 0, { toString: 1, valueOf: 1 })) as fc.Arbitrary<Json> // biome-ignore format: one kind
/** Mostly what it should be. */
const mostly = (good: fc.Arbitrary<unknown>) => fc.oneof({ weight: 9, arbitrary: good as fc.Arbitrary<Json> }, { weight: 1, arbitrary: junk }) // biome-ignore format: one call
const some = (members: Record<string, fc.Arbitrary<unknown>>, required: string[] = []) => fc.record(Object.fromEntries(Object.entries(members).map(([name, each]) => [name, mostly(each)])), { requiredKeys: required }) as fc.Arbitrary<JsonObject> // biome-ignore format: one call

const name = fc.oneof(
  fc.constantFrom('id', 'page', 'q', 'filter[a]', 'a b', 'größe', '$top', 'constructor', '__proto__', 'toString', '宠物', 'x'.repeat(70)),
  fc.string({ minLength: 1, maxLength: 8 }),
) // biome-ignore format: a kind a line
const words = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('Words.', '<b>x</b>', '\u202e', 'default 5'),
)
const pointer = fc.constantFrom('S0', 'S1', 'S2', 'S3', 'None').map((key) => `#/components/schemas/${key}`)
const number = fc.oneof(fc.integer({ min: -5, max: 100 }), fc.double({ noNaN: true }))
const leaf = fc.oneof(fc.string({ maxLength: 5 }), number, fc.boolean(), fc.constant(null))

const { schema } = fc.letrec<{ schema: Json; reference: Json; whole: Json; union: Json }>((tie) => ({
  schema: mostly(fc.oneof({ maxDepth: 3 }, tie('reference'), tie('whole'), tie('union'))),
  reference: some({ $ref: pointer, description: words }, ['$ref']),
  whole: some({
    type: fc.oneof(fc.constantFrom('string', 'integer', 'number', 'boolean', 'array', 'object', 'null', 'file', 'constructor'), fc.array(fc.constantFrom('string', 'integer', 'array', 'object', 'null'), { maxLength: 3 })),
    title: words,
    description: words,
    format: fc.constantFrom('date', 'uuid', 'int32', 'made up'),
    pattern: fc.constantFrom('^a', '(?i)a', '['),
    enum: fc.array(leaf, { maxLength: 4 }),
    const: leaf,
    default: leaf,
    minimum: number,
    maximum: number,
    exclusiveMinimum: fc.oneof(number, fc.boolean()),
    exclusiveMaximum: fc.oneof(number, fc.boolean()),
    multipleOf: number,
    minLength: number,
    maxLength: number,
    minItems: fc.integer({ min: -1, max: 3 }),
    maxItems: fc.integer({ min: -1, max: 3 }),
    uniqueItems: fc.boolean(),
    nullable: fc.boolean(),
    items: fc.oneof(tie('schema'), fc.array(tie('schema'), { maxLength: 2 })),
    prefixItems: fc.array(tie('schema'), { maxLength: 2 }),
    properties: fc.dictionary(name, tie('schema'), { maxKeys: 3 }),
    required: fc.oneof(fc.array(name, { maxLength: 3 }), fc.boolean()),
    additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
    allOf: fc.array(tie('schema'), { maxLength: 3 }),
  }),
  union: some({
    anyOf: fc.array(tie('schema'), { maxLength: 3 }),
    oneOf: fc.array(tie('schema'), { maxLength: 3 }),
    type: fc.constantFrom('object', 'string'),
    properties: fc.dictionary(name, tie('schema'), { maxKeys: 2 }),
    discriminator: fc.constant({ propertyName: 'kind', mapping: { a: '#/a' } }),
    default: leaf,
  }),
})) // biome-ignore format: a keyword a line

const parameter = mostly(
  some({
    name,
    in: fc.constantFrom('query', 'query', 'path', 'header', 'cookie', 'querystring', 'body', 'formData'),
    required: fc.boolean(),
    description: words,
    style: fc.constantFrom('form', 'simple', 'label', 'matrix', 'deepObject', 'pipeDelimited', 'spaceDelimited', 'cookie'),
    explode: fc.boolean(),
    allowReserved: fc.boolean(),
    allowEmptyValue: fc.boolean(),
    schema,
    example: leaf,
    content: fc.dictionary(fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded', 'a/b'), some({ schema }), { minKeys: 1, maxKeys: 1 }),
    collectionFormat: fc.constantFrom('csv', 'multi', 'pipes', 'tsv', 'ssv'),
    type: fc.constantFrom('string', 'array', 'integer'),
  }, ['name', 'in']),
) // biome-ignore format: a member a line

const get = mostly(
  some({
    operationId: name,
    summary: words,
    description: words,
    tags: fc.array(name, { maxLength: 2 }),
    parameters: fc.array(parameter, { maxLength: 5 }),
    responses: fc.dictionary(fc.constantFrom('200', '2XX', 'default'), junk),
    deprecated: fc.boolean(),
    servers: fc.constantFrom([{ url: '/other' }], [{ url: 'https://b.example' }], []),
  }),
)
const segment = fc.oneof(fc.constantFrom('things', 'v1', '{id}', '{q}', '{a b}', '{+id}', '..', '{id}.{q}', '{?q}', 'constructor'), fc.string({ maxLength: 4 })) // biome-ignore format: one list
const path = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`)
const item = mostly(some({ get, parameters: fc.array(parameter, { maxLength: 2 }), post: junk }))

const document = fc
  .record({
    version: fc.constantFrom({ openapi: '3.0.3' }, { openapi: '3.1.0' }, { openapi: '3.2.0' }, { swagger: '2.0' }),
    paths: fc.dictionary(path, item, { maxKeys: 4 }),
    schemas: fc.record({ S0: schema, S1: schema, S2: schema, S3: schema }),
    more: some({ info: some({ title: words, description: words }), tags: fc.array(junk), servers: fc.constant([{ url: 'https://a.example/v1' }]) }),
  })
  .map(({ version, paths, schemas, more }): JsonObject => ({ ...more, ...version, paths, components: { schemas } })) // biome-ignore format: a member a line

/** A path item that is a reference counts as one GET where it points nowhere; there are none that it could point to. */
function countGets(paths: JsonObject): number {
  return Object.values(paths).filter((each) => !isObject(each) || Object.hasOwn(each, 'get')).length
}

function derived(document: JsonObject): Derived | undefined {
  try {
    return derive(document, { location: 'https://a.example/openapi.json' })
  } catch (error) {
    expect(error).toBeInstanceOf(StartError)
    return undefined
  }
}

const runs = { numRuns: 500 }

it('no GET is lost, and every tool passes the strictest client', () => {
  fc.assert(
    fc.property(document, (given) => {
      const before = JSON.stringify(given)
      const found = derived(given)
      expect(JSON.stringify(given)).toBe(before)
      if (found === undefined) return
      const { catalog, operations, skipped } = found
      expect([operations, catalog.tools.length + skipped.length]).toEqual([countGets(given.paths as JsonObject), operations]) // biome-ignore format: one call
      expect(new Set(catalog.tools.map(({ name }) => name.replace('.', '_'))).size).toBe(catalog.tools.length)
      expect(catalog.tools.flatMap(complaints)).toEqual([])
      expect(skipped.every(({ reason }) => reason !== '')).toBe(true)
      expect(JSON.parse(JSON.stringify(catalog.tools))).toEqual(catalog.tools)
    }),
    runs,
  )
})

/** Values that a schema describes, and now and then one that it does not. */
function valuesOf(schema: Schema, depth = 0): fc.Arbitrary<Json> {
  const { type, enum: options, anyOf, items = {}, properties = {}, additionalProperties: extra } = schema
  if (depth > 4) return junk
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((branch) => valuesOf(branch, depth + 1)))
  if (options !== undefined) return fc.constantFrom(...options)
  if (type === 'array') return fc.array(valuesOf(items, depth + 1), { maxLength: 3 })
  if (type === 'boolean') return fc.boolean()
  if (type === 'integer') return fc.integer()
  if (type === 'number') return fc.double({ noNaN: true })
  if (type !== 'object') return fc.string({ unit: 'binary', maxLength: 6 })
  const members = Object.fromEntries(
    Object.entries(properties).map(([each, member]) => [each, valuesOf(member, depth + 1)]),
  )
  const others = fc.dictionary(name, typeof extra === 'object' ? valuesOf(extra, depth + 1) : junk, {
    maxKeys: 2,
  })
  const listed = fc.record(members, { requiredKeys: schema.required ?? [] })
  return (extra === false ? listed : fc.tuple(others, listed).map(([one, other]) => ({ ...one, ...other }))) as fc.Arbitrary<Json> // biome-ignore format: one value
}

it('every call that a tool allows is planned, or refused in words, and stays where the API is', () => {
  const base = new URL('https://a.example/v1')
  fc.assert(
    fc.property(document, fc.gen(), (given, sample) => {
      for (const tool of derived(given)?.catalog.tools ?? []) {
        const args = sample(valuesOf, tool.inputSchema) as JsonObject
        const checked = checkArguments(tool, args)
        for (const each of checked.ok ? [checked.args, args] : [args]) {
          const planned = plan(tool, each)
          if (!planned.ok) expect(planned.problem).toMatch(/\S/)
          else expect(target(base, planned.plan.target).origin).toBe(base.origin)
        }
      }
    }),
    runs,
  )
})
