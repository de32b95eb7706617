/** Whatever a document's schema does, the strictest client gets one that is inlined, typed, small and still true. */
import { describe, expect, it } from 'vitest'
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
  'a/b~c d': { type: 'boolean' },
}
const convert = (node: Json) => clientSchema(node, resolver({ components: { schemas: SCHEMAS } }))

describe('becomes', () => {
  const rows: [string, Json, Schema][] = [
    ['a reference', ref('Id'), { type: 'string', pattern: '^inv_', description: 'An id.' }],
    ['a chain of them', ref('Alias'), { type: 'string', pattern: '^inv_', description: 'An id.' }],
    ['words beside it', ref('AliasOfAlias'), { type: 'string', pattern: '^inv_', description: 'Another.' }],
    ['an escaped reference', { $ref: '#/components/schemas/a~1b~0c%20d' }, { type: 'boolean' }],
    ['allOf', { allOf: [ref('Base'), { properties: { b: { type: 'integer' } }, required: ['b'] }] }, { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } }, required: ['a', 'b'] }],
    ['allOf with words beside it', { allOf: [ref('Id')], description: 'Ours.' }, { type: 'string', pattern: '^inv_', description: 'Ours.' }],
    ['allOf in allOf', { allOf: [{ allOf: [ref('Id')] }, { maxLength: 9 }] }, { type: 'string', pattern: '^inv_', description: 'An id.', maxLength: 9 }],
    ['anyOf', { anyOf: [{ type: 'integer' }, ref('Id')] }, { anyOf: [{ type: 'integer' }, { type: 'string', pattern: '^inv_', description: 'An id.' }] }],
    ['oneOf', { oneOf: [{ type: 'integer' }, { type: 'boolean' }] }, { anyOf: [{ type: 'integer' }, { type: 'boolean' }] }],
    ['a choice of one', { oneOf: [{ type: 'integer' }], description: 'x' }, { type: 'integer', description: 'x' }],
    ['two types', { type: ['string', 'integer'] }, { anyOf: [{ type: 'string' }, { type: 'integer' }] }],
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
    const typed = typeof schema.type === 'string' || (schema.anyOf?.length ?? 0) > 1
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
