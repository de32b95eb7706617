/** Whatever a document's schema does, the strictest client gets one that is inlined, typed, small and still true. */
import { describe, expect, it } from 'vitest'
import { described } from '../../src/document/limits.ts'
import { DocumentError, resolver } from '../../src/document/resolve.ts'
import { clientSchema } from '../../src/document/schema.ts'
import type { Json, JsonObject, Schema } from '../../src/json.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

const SCHEMAS: JsonObject = {
  Id: { type: 'string', pattern: '^inv_', description: 'An id.' },
  Alias: ref('Id'),
  AliasOfAlias: { ...ref('Alias'), description: 'Another.' },
  Loop: ref('Pool'),
  Pool: ref('Loop'),
  Node: { type: 'object', properties: { name: { type: 'string' }, child: ref('Node') } },
  Tree: {
    type: 'object',
    properties: Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, ref('Tree')])),
  },
  Choice: { anyOf: [ref('Choice'), ref('Choice'), { type: 'string' }] },
  Whole: { allOf: [ref('Whole')] },
  List: { type: 'array', items: ref('List') },
  Base: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
  More: { ...ref('Base'), properties: { b: { type: 'integer' } } },
  Few: { type: 'integer', maximum: 9, enum: [1, 2, 3] },
  'a/b~c d': { type: 'boolean' },
}
const convert = (node: Json) => clientSchema(node, resolver({ components: { schemas: SCHEMAS } }))

describe('becomes', () => {
  const rows: [string, Json, Schema][] = [
    ['a reference', ref('Id'), { type: 'string', pattern: '^inv_', description: 'An id.' }],
    ['a chain of them', ref('Alias'), { type: 'string', pattern: '^inv_', description: 'An id.' }],
    ['words beside it', ref('AliasOfAlias'), { type: 'string', pattern: '^inv_', description: 'Another.' }],
    ['members beside it', ref('More'), { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } }, required: ['a'] }],
    ['what is required beside it', { ...ref('More'), required: ['b'] }, { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } }, required: ['a', 'b'] }],
    ['limits beside it', { ...ref('Few'), maximum: 5, enum: [2, 3, 4] }, { type: 'integer', maximum: 5, enum: [2, 3] }],
    ['an escaped reference', { $ref: '#/components/schemas/a~1b~0c%20d' }, { type: 'boolean' }],
    ['allOf', { allOf: [ref('Base'), { properties: { b: { type: 'integer' } }, required: ['b'] }] }, { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } }, required: ['a', 'b'] }],
    ['allOf with words beside it', { allOf: [ref('Id')], description: 'Ours.' }, { type: 'string', pattern: '^inv_', description: 'Ours.' }],
    ['allOf in allOf', { allOf: [{ allOf: [ref('Id')] }, { maxLength: 9 }] }, { type: 'string', pattern: '^inv_', description: 'An id.', maxLength: 9 }],
    ['a choice of scalars, which are all text on the wire', { anyOf: [{ type: 'integer' }, ref('Id')] }, { type: 'string', description: 'a whole number, or An id.' }],
    ['oneOf', { oneOf: [{ type: 'integer' }, { type: 'boolean' }] }, { type: 'string', description: 'a whole number, or true or false' }],
    ['a choice of numbers', { oneOf: [{ type: 'integer' }, { type: 'number' }] }, { type: 'number', description: 'a whole number, or a number' }],
    ['a choice of options', { oneOf: [{ enum: ['a', 'b'] }, { const: 'c' }] }, { type: 'string', enum: ['a', 'b', 'c'] }],
    ['options or a range', { anyOf: [{ const: 'auto' }, { type: 'integer', minimum: 1, maximum: 9 }] }, { type: 'string', description: '"auto", or a whole number, 1 to 9' }],
    ['one or a list of them', { oneOf: [{ type: 'string', enum: ['a'] }, { type: 'array', items: { type: 'string', enum: ['a', 'b'] } }] }, { type: 'array', items: { type: 'string', enum: ['a', 'b'] } }],
    ['a choice of objects', { oneOf: [{ ...(SCHEMAS.Base as JsonObject) }, { type: 'object', properties: { a: { type: 'string' }, c: { type: 'boolean' } }, required: ['a', 'c'] }] }, { type: 'object', properties: { a: { type: 'string' }, c: { type: 'boolean' } }, required: ['a'] }],
    ['an object or a number', { anyOf: [{ type: 'object', properties: { gt: { type: 'integer' } } }, { type: 'integer' }] }, { type: ['object', 'integer'], anyOf: [{ type: 'object', properties: { gt: { type: 'integer' } } }, { type: 'integer' }] }],
    ['a choice of one', { oneOf: [{ type: 'integer' }], description: 'x' }, { type: 'integer', description: 'x' }],
    ['two types', { type: ['string', 'integer'] }, { type: 'string', description: 'text, or a whole number' }],
    ['a number that can be null (3.0)', { type: 'integer', nullable: true }, { type: 'integer' }],
    ['exclusive bounds of whole numbers', { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 }, { type: 'integer', minimum: 1, maximum: 9 }],
    ['exclusive bounds as 3.0 writes them', { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: false }, { type: 'number', exclusiveMinimum: 0, maximum: 1 }],
    ['a misspelt type', { type: 'int' }, { type: 'integer' }],
    ['an invented type', { type: 'file' }, { type: 'string' }],
    ['an invented format', { type: 'string', format: 'mask' }, { type: 'string' }],
    ['a pattern that JavaScript cannot read', { type: 'string', pattern: '(?i)^a' }, { type: 'string', description: 'Matching (?i)^a.' }],
    ['a pattern between slashes', { type: 'string', pattern: '/^a/' }, { type: 'string', pattern: '^a' }],
    ['one that ignores case', { type: 'string', pattern: '/^a/i', description: 'A.' }, { type: 'string', description: 'A (matching /^a/i).' }],
    ['a bound that is the width of an integer', { type: 'integer', maximum: 2 ** 63, minimum: 0 }, { type: 'integer', minimum: 0 }],
    ['a default of another type', { type: 'integer', default: '10' }, { type: 'integer', default: 10 }],
    ['a default that is none of the options', { type: 'string', enum: ['a'], default: 'b' }, { type: 'string', enum: ['a'] }],
    ['a default that is no value of the type', { type: 'array', items: { type: 'string' }, default: 'a' }, { type: 'array', items: { type: 'string' } }],
    ['options of another type', { type: 'string', enum: [1, true, 'a', null, 'a'] }, { type: 'string', enum: ['1', 'true', 'a'] }],
    ['options written on the array', { type: 'array', items: { type: 'string' }, enum: ['a', 'b'] }, { type: 'array', items: { type: 'string', enum: ['a', 'b'] } }],
    ['a tuple', { type: 'array', items: [{ type: 'string' }, { type: 'integer' }] }, { type: 'array', items: { type: 'string', description: 'text, or a whole number' } }],
    ['a tuple of today', { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'integer' }] }, { type: 'array', items: { type: 'integer' } }],
    ['what is required and not described', { type: 'object', properties: { a: {} }, required: ['a', 'b', 'a'] }, { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }],
    ['one member described twice', { allOf: [{ properties: { a: { minimum: 1, type: 'integer' } } }, { properties: { a: { minimum: 3, maximum: 5 } } }] }, { type: 'object', properties: { a: { type: 'integer', minimum: 3, maximum: 5 } } }],
    ['options that allOf narrows', { allOf: [{ type: 'string', enum: ['a', 'b', 'c'] }, { enum: ['b', 'c', 'd'] }] }, { type: 'string', enum: ['b', 'c'] }],
    ['a discriminator', { oneOf: [{ type: 'object', properties: { kind: { type: 'string' }, a: {} } }, { type: 'object', properties: { kind: { type: 'string' } } }], discriminator: { propertyName: 'kind', mapping: { x: '#/a', y: '#/b' } } }, { type: 'object', properties: { kind: { type: 'string', enum: ['x', 'y'] }, a: { type: 'string' } } }],
    ['null as a type', { type: ['string', 'null'], enum: ['a', null] }, { type: 'string', enum: ['a'] }],
    ['null as a branch', { anyOf: [ref('Id'), { type: 'null' }] }, { type: 'string', pattern: '^inv_', description: 'An id.' }],
    ['null as a constant', { oneOf: [{ const: null }, { type: 'integer' }] }, { type: 'integer' }],
    ['a constant', { const: 'a' }, { type: 'string', enum: ['a'] }],
    ['constants as a choice', { type: 'string', enum: ['a', 'b'] }, { type: 'string', enum: ['a', 'b'] }],
    ['a constant number', { const: 5 }, { type: 'number', enum: [5] }],
    ['untyped', {}, { type: 'string' }],
    ['anything', true, { type: 'string' }],
    ['untyped with properties', { properties: { a: {} } }, { type: 'object', properties: { a: { type: 'string' } } }],
    ['untyped with items', { items: {} }, { type: 'array', items: { type: 'string' } }],
    ['untyped with a range', { minimum: 1 }, { type: 'number', minimum: 1 }],
    ['untyped with options', { enum: [true, false] }, { type: 'boolean', enum: [true, false] }],
    ['an array of anything', { type: 'array' }, { type: 'array', items: { type: 'string' } }],
    ['a map', { type: 'object', additionalProperties: ref('Alias') }, { type: 'object', properties: {}, additionalProperties: { type: 'string', pattern: '^inv_', description: 'An id.' } }],
    ['a closed object', { type: 'object', additionalProperties: false }, { type: 'object', properties: {}, additionalProperties: false }],
    ['a choice of what is required', { ...(SCHEMAS.Base as JsonObject), anyOf: [{ required: ['a'] }, { required: ['b'] }] }, { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }],
    ['a type that is a name of every object', { type: 'constructor' }, { type: 'string' }],
    ['a type that is the prototype', { type: '__proto__' }, { type: 'string' }],
    ['allOf whose members are demanded as 2.0 never did', { allOf: [{ type: 'integer', required: true }, { required: true }] }, { type: 'integer' }],
    ['allOf of lists that are none', { allOf: [{ type: 'integer', enum: 'a', required: {} }, { enum: 'b', required: {} }] }, { type: 'integer' }],
    ['allOf of members that are none', { allOf: [{ type: 'object', properties: null }, { properties: null }, { properties: 'ab' }, { properties: 'cd' }] }, { type: 'object', properties: {} }],
    ['a bound beyond numbers', { type: 'number', minimum: Number.NEGATIVE_INFINITY, maximum: Number.POSITIVE_INFINITY, multipleOf: Number.NaN }, { type: 'number' }],
    ['lengths that are none', { type: 'string', minLength: -1, maxLength: 1.5 }, { type: 'string' }],
    ['a multiple of nothing', { type: 'number', multipleOf: 0 }, { type: 'number' }],
    ['a multiple of less than nothing', { type: 'integer', multipleOf: -5 }, { type: 'integer' }],
    ['options on the array and on its items', { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, enum: ['a'] }, { type: 'array', items: { type: 'string', enum: ['a', 'b'] } }],
    ['options that allOf takes away, of which the later hold', { allOf: [{ enum: ['a'] }, { enum: ['b'] }] }, { type: 'string', enum: ['b'] }],
    ['an open object or a closed one', { anyOf: [{ type: 'object', properties: { a: {} } }, { type: 'object', properties: { b: {} }, additionalProperties: false }] }, { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } }],
    ['two closed objects', { anyOf: [{ type: 'object', properties: { a: {} }, additionalProperties: false }, { type: 'object', properties: { b: {} }, additionalProperties: false }] }, { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, additionalProperties: false }],
    ['exclusive bounds between whole numbers', { type: 'integer', exclusiveMinimum: 0.5, exclusiveMaximum: 2.5 }, { type: 'integer', minimum: 1, maximum: 2 }],
    ['true and false as text', { type: 'boolean', enum: ['true', 'false'], default: 'false' }, { type: 'boolean', enum: [true, false], default: false }],
    ['a pattern that only the old reading takes', { type: 'string', pattern: '^\\_a$' }, { type: 'string', description: 'Matching ^\\_a$.' }],
    ['keywords that clients refuse', { type: 'string', $schema: 'x', $id: 'y', $defs: {}, not: {}, if: {}, example: 1, examples: [1], deprecated: true, 'x-a': 1 }, { type: 'string' }],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, node, expected) => {
    expect(convert(node)).toEqual(expected)
  })
})

describe('nothing that a client refuses survives', () => {
  const KNOWN = new Set([
    'type', 'title', 'description', 'enum', 'default', 'format', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum',
    'multipleOf', 'minLength', 'maxLength', 'items', 'minItems', 'maxItems', 'uniqueItems', 'properties', 'required',
    'additionalProperties', 'anyOf',
  ]) // biome-ignore format: one list

  /** The paths of everything in `schema` that is unknown or untyped. */
  function complaints(schema: Schema, at: string): string[] {
    const unknown = Object.keys(schema).filter((keyword) => !KNOWN.has(keyword))
    const typed =
      typeof schema.type === 'string' || (Array.isArray(schema.type) && (schema.anyOf?.length ?? 0) > 1)
    const { items, additionalProperties: extra, properties = {}, anyOf = [] } = schema
    return [
      ...unknown.map((keyword) => `${at}: ${keyword}`),
      ...(typed ? [] : [`${at}: untyped`]),
      ...(schema.type === 'array' && !items ? [`${at}: no items`] : []),
      ...(items ? complaints(items, `${at}[]`) : []),
      ...(typeof extra === 'object' ? complaints(extra, `${at}.*`) : []),
      ...anyOf.flatMap((branch, index) => complaints(branch, `${at}|${index}`)),
      ...Object.entries(properties).flatMap(([name, property]) => complaints(property, `${at}.${name}`)),
    ]
  }

  it.each([
    ...Object.keys(SCHEMAS).filter((name) => !['Loop', 'Pool', 'Whole', 'a/b~c d', 'Tree'].includes(name)).map((name) => [name, ref(name)] as [string, Json]),
    ['a bit of everything', { allOf: [ref('Node')], properties: { c: { oneOf: [ref('Base'), { type: ['array', 'null'], items: ref('Choice') }, { $ref: '#/components/schemas/Id' }] }, d: { not: {} }, e: true } }],
  ] as [string, Json][])('in %s', (_, node) => {
    expect(complaints(convert(node), 'x')).toEqual([])
  }) // biome-ignore format: one row a line

  it.each(['Node', 'List', 'Choice', 'Tree'])('and %s, which holds itself, stays small', (name) => {
    expect(JSON.stringify(convert(ref(name))).length).toBeLessThan(64 * 1024)
  })
})

describe('what is beyond all measure', () => {
  it('of depth is told by its type', () => {
    let deep: JsonObject = { type: 'integer', minimum: 1 }
    for (let depth = 0; depth < 20; depth++) deep = { type: 'object', properties: { a: deep } }
    let depth = 0
    let schema: Schema | undefined = convert(deep)
    for (; schema?.properties; depth++) schema = schema.properties.a
    expect([depth, schema]).toEqual([13, { type: 'object' }])
  })

  it('of number is told by its type', () => {
    const properties = Object.fromEntries(Array.from({ length: 1100 }, (_, at) => [`m${at}`, { type: 'integer', minimum: 1 }])) // biome-ignore format: one call
    const members = Object.values(convert({ type: 'object', properties }).properties!)
    expect(members.filter(({ minimum }) => minimum === 1)).toHaveLength(999)
    expect(members.every(({ type }) => type === 'integer')).toBe(true)
  })
})

describe('sent as JSON, where 5 and "5" are two', () => {
  const exact = (node: Json) => clientSchema(node, resolver({}), true)
  it.each([
    ['a text or a number', { anyOf: [{ type: 'string' }, { type: 'number' }] }, { type: ['string', 'number'], anyOf: [{ type: 'string' }, { type: 'number' }] }],
    ['one or a list', { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, { type: ['string', 'array'], anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }],
    ['whole and other numbers', { anyOf: [{ type: 'integer' }, { type: 'number' }] }, { type: 'number', description: 'a whole number, or a number' }],
  ] as [string, Json, Schema][])('%s stays a choice of types', (_, node, expected) => {
    expect(exact(node)).toEqual(expected)
  }) // biome-ignore format: one row a line
})

describe('a reference that cannot be followed is told', () => {
  it.each([
    ['nowhere', '#/components/schemas/None', /points nowhere/],
    ['an inherited name', '#/components/schemas/constructor', /points nowhere/],
    ['the web', 'https://example.com/schema.json', /points outside the document/],
    ['a file', './common.json#/Id', /points outside the document/],
    ['an anchor', '#Id', /points nowhere|points outside/],
    ['a broken escape', '#/components/schemas/50%', /points nowhere/],
    ['a circle', '#/components/schemas/Loop', /never ends/],
    ['itself in allOf', '#/components/schemas/Whole', /./],
  ])('%s', (_, $ref, message) => {
    expect(() => convert({ $ref })).toThrow(DocumentError)
    expect(() => convert({ $ref })).toThrow(message)
  })

  it.each([[5], ['x'], [null], [[]], [false]] as Json[][])('%j is no schema', (node) => {
    expect(() => convert(node!)).toThrow(DocumentError)
  })
})

describe('limits are told in words where they stand', () => {
  const day = { type: 'string', format: 'date' }
  const told = { ...day, description: 'YYYY-MM-DD.' }
  it.each([
    ['on a member', { type: 'object', properties: { d: day } }, { type: 'object', properties: { d: told } }],
    ['on members of any name', { type: 'object', additionalProperties: day }, { type: 'object', additionalProperties: told }],
    ['on plain items, at their list', { type: 'array', items: day }, { type: 'array', items: day, description: 'Each YYYY-MM-DD.' }],
    ['in a list of lists', { type: 'array', items: { type: 'array', items: { type: 'object', properties: { d: day } } } }, { type: 'array', items: { type: 'array', items: { type: 'object', properties: { d: told } } } }],
  ] as [string, Schema, Schema][])('%s', (_, schema, expected) => {
    expect(described(schema)).toEqual(expected)
  }) // biome-ignore format: one row a line
})
