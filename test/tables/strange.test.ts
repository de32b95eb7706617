/** Documents as strangers write them: loosely indented, immense, woven into themselves; each is read, soon, or told why not. */
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/document/parse.ts'
import type { Json, JsonObject, Schema } from '../../src/json.ts'
import type { Tool } from '../../src/tools/tool.ts'
import { deriveBare, documentOf, oneGet, refusal, swaggerOf, toolOf, withParameters } from '../documents.ts'

const query = (name: string, schema: Json) => ({ name, in: 'query', schema })

describe('YAML that is indented less than it should be', () => {
  it.each([
    ['a brace at the column of its key', 'openapi: 3.1.0\na:\n  b: {\n    c: 1,\n  }\n  d: 2', { b: { c: 1 }, d: 2 }],
    ['a bracket at the margin', 'openapi: 3.1.0\na:\n  b: [\n    1,\n    2\n]\n  ', { b: [1, 2] }],
    ['a list at the column of its key', 'openapi: 3.1.0\na:\n  b: [\n  1,\n  2]', { b: [1, 2] }],
    ['a quoted text that goes on', 'openapi: 3.1.0\na:\n  b: "one\n  two\n\n  three"\n  c: 1', { b: 'one two\nthree', c: 1 }],
    ['a quoted text with a rule', "openapi: 3.1.0\na:\n  b: 'one\n\n---\n\ntwo'", { b: 'one\n---\ntwo' }],
    ['several of them', `openapi: 3.1.0\na:\n${'  - {\n  b: 1\n  }\n'.repeat(40)}`, Array(40).fill({ b: 1 })],
  ] as [string, string, unknown][])('%s is what it is meant to be', (_, text, expected) => {
    expect(parseDocument(text).a).toEqual(expected)
  }) // biome-ignore format: one row a line

  it.each([
    ['what else is wrong', 'openapi: 3.1.0\na: [\n1 ]\nb:\n  c: {\n  d: @ }', /^line 6, column 6: /],
    ['a quote that nothing closes', `openapi: 3.1.0\na:\n  b: "open\n  c: d\n${'  e: f\n'.repeat(50)}`, /^line 4, column 3: deficient indentation$/],
    ['what there is too much of', `openapi: 3.1.0\na:\n${'  - {\n  }\n'.repeat(2000)}`, /^line 4, column 3: deficient indentation$/],
  ] as [string, string, RegExp][])('%s is told where it begins', (_, text, fault) => {
    const started = performance.now()
    expect(refusal(() => parseDocument(text))).toEqual([expect.stringMatching(fault)])
    expect(performance.now() - started).toBeLessThan(3000)
  }) // biome-ignore format: one row a line
})

describe('what a client cannot be shown in the schema is told in words beside those of the parameter', () => {
  it.each([
    ['one boolean', { type: 'boolean', enum: [true] }, 'Words (only true)'],
    ['an object or a text', { oneOf: [{ type: 'object', properties: { gt: {} } }, { type: 'string' }] }, 'Words (or text)'],
    ['a pattern that looks ahead', { type: 'string', pattern: '^(?!x)y' }, 'Words (matching ^(?!x)y)'],
  ] as [string, JsonObject, string][])('%s', (_, schema, told) => {
    const { inputSchema } = withParameters([{ ...query('q', schema), description: 'Words.' }])
    expect(inputSchema.properties.q!.description).toBe(told)
  }) // biome-ignore format: one row a line
})

describe('a value that JavaScript cannot spell', () => {
  const bare: JsonObject = { toString: null, valueOf: null }
  it.each([
    ['as where a key travels', oneGet({}, { components: { securitySchemes: { k: { type: 'apiKey', name: 'k', in: [[bare]] } } } })],
    ['as a collection format', swaggerOf({ '/a': { get: { parameters: [{ name: 'q', in: 'query', type: 'array', collectionFormat: bare }] } } })],
    ['as an option', oneGet({ parameters: [query('q', { type: 'string', enum: ['a', bare, [bare]], default: bare })] })],
    ['as a constant', oneGet({ parameters: [query('q', { const: bare }), query('r', { anyOf: [{ const: [bare] }, { const: 1 }] })] })],
    ['as a style, an id and a tag', oneGet({ operationId: bare, tags: [bare], parameters: [{ ...query('q', {}), style: bare, explode: bare }] })],
    ['as a server and its variables', oneGet({ servers: [{ url: bare }, { url: '/{a}', variables: { a: { default: bare, enum: [bare] } } }] })],
    ['as a default of a namespace', oneGet({ summary: bare, description: bare }, { tags: [{ name: bare, description: bare }], info: { title: bare, description: bare } })],
  ] as [string, JsonObject][])('%s costs no more than itself', (_, document) => {
    const { catalog, skipped } = deriveBare(document)
    expect(catalog.tools.length + skipped.length).toBe(1)
  }) // biome-ignore format: one row a line

  it('as the version is refused', () => {
    expect(refusal(() => deriveBare({ openapi: bare }))).toEqual([expect.stringContaining('its version is {"toString":null')]) // biome-ignore format: one call
    expect(refusal(() => deriveBare({ openapi: 'x'.repeat(100_000) }))[0]!.length).toBeLessThan(200)
  })
})

describe('what holds for another type is not told', () => {
  it.each([
    ['of a text', { type: 'string', uniqueItems: true, minItems: 1, minimum: 1, multipleOf: 2, maxLength: 9 }, { type: 'string', maxLength: 9, description: 'At most 9 characters.' }],
    ['of a number', { type: 'integer', uniqueItems: true, minLength: 1, pattern: '^a', maximum: 9 }, { type: 'integer', maximum: 9, description: 'At most 9.' }],
    ['of a list', { type: 'array', maxLength: 3, minimum: 1, maxItems: 3, items: { type: 'boolean', minItems: 1 } }, { type: 'array', maxItems: 3, items: { type: 'boolean' }, description: 'At most 3 items.' }],
  ] as [string, JsonObject, Schema][])('%s', (_, schema, expected) => {
    expect(withParameters([query('q', schema)]).inputSchema.properties.q).toMatchObject(expected)
  }) // biome-ignore format: one row a line
})

describe('several of what an acronym stands for', () => {
  it.each([
    ['listVMs', 'x.list_vms'],
    ['getURLsOfAPIs', 'x.get_urls_of_apis'],
    ['IDsByTag', 'x.ids_by_tag'],
    ['getSSOStatus', 'x.get_sso_status'],
    ['getDNSsuffix', 'x.get_dn_ssuffix'],
  ])('in %s are one word', (operationId, name) => {
    expect(toolOf(oneGet({ operationId, tags: ['x'] })).name).toBe(name)
  })
})

it('half a character is none, wherever it stands', () => {
  const half = 'a\ud800b'
  const get = { operationId: half, tags: [half], summary: half, description: half }
  const schema = {
    type: 'object',
    title: half,
    properties: { [half]: { enum: [half], default: half, pattern: half } },
  }
  const parameters = [
    { ...query(half, schema), description: half },
    { name: half, in: 'path', schema: {} },
  ]
  const named = { tags: [{ name: half, description: half }], info: { title: half, description: half } }
  const derived = deriveBare(oneGet({ ...get, parameters }, named, `/${half}/{${half}}`))
  expect(derived.catalog.tools).toHaveLength(1)
  expect(JSON.stringify(derived)).not.toMatch(/\\ud800/)
})

describe('what stands behind a reference where few expect one', () => {
  const shared = {
    components: {
      parameters: { a: query('a', {}) },
      'x-get': { summary: 'Behind.', parameters: [query('q', {}), { $ref: '#/components/parameters/a' }] },
      'x-lists': { both: [query('q', {}), query('r', {})] },
    },
  }
  it.each([
    ['an operation', { $ref: '#/components/x-get' }, ['Behind.', 'q', 'a']],
    ['an operation with words beside it', { $ref: '#/components/x-get', summary: 'Beside.' }, ['Beside.', 'q', 'a']],
    ['a list of parameters', { summary: 'Here.', parameters: { $ref: '#/components/x-lists/both' } }, ['Here.', 'q', 'r']],
  ] as [string, JsonObject, string[]][])('%s is read', (_, get, told) => {
    const { catalog } = deriveBare(oneGet(get, shared))
    const [{ description, inputSchema }] = catalog.tools as [Tool]
    expect([description, ...Object.keys(inputSchema.properties)]).toEqual(told)
    expect(JSON.stringify(catalog.openapi)).toContain(told[0])
  }) // biome-ignore format: one row a line

  it.each([
    ['an operation of another file', { $ref: 'a.yaml' }, /a\.yaml points outside the document/],
    ['an operation that is none', { $ref: '#/components/x-lists/both' }, /^get is not an object$/],
    ['a list of another file', { parameters: { $ref: './b.yaml#/c' } }, /b\.yaml#\/c points outside the document/],
  ] as [string, JsonObject, RegExp][])('%s is skipped with the reason, and is no tool without arguments', (_, get, reason) => {
    const { catalog, skipped } = deriveBare(oneGet(get, shared))
    expect([catalog.tools, skipped]).toEqual([[], [{ operation: 'GET /things', reason: expect.stringMatching(reason) }]])
  }) // biome-ignore format: one row a line

  it('all paths are read, or refused where they stand in another file', () => {
    const paths = { '/a': { get: { summary: 'A.' } } }
    const { catalog } = deriveBare(documentOf({ $ref: '#/x-paths' }, { 'x-paths': paths }))
    expect([catalog.tools.map(({ path }) => path), Object.keys(catalog.openapi.paths as JsonObject)]).toEqual([['/a'], ['/a']]) // biome-ignore format: one call
    expect(refusal(() => deriveBare(documentOf({ $ref: './paths.yaml' })))).toEqual([expect.stringMatching(/paths\.yaml points outside the document/)]) // biome-ignore format: one call
  })

  it('parameters that are no list are told', () => {
    expect(deriveBare(oneGet({ parameters: { q: query('q', {}) } })).notes).toEqual(['GET /things: parameters is no list, and is left out']) // biome-ignore format: one call
  })
})

it('what is shared by merging is read, in a document that shares much', () => {
  const shared = times(20, (at) => `  k${at}: ${at}`).join('\n')
  const merged = times(2000, (at) => `b${at}:\n  <<: *a`).join('\n')
  expect(parseDocument(`a: &a\n${shared}\n${merged}`).b1999).toMatchObject({ k0: 0, k19: 19 })
  const chain = times(5000, (at) => `a${at + 1}: &a${at + 1}\n  <<: *a${at}\n  k${at}: 1`).join('\n')
  expect(refusal(() => parseDocument(`a0: &a0 {}\n${chain}`))).toEqual([expect.stringMatching(/^line \d+, column 3: merge keys exceeded/)]) // biome-ignore format: one call
})

const times = <T>(count: number, make: (at: number) => T) =>
  Array.from({ length: count }, (_, at) => make(at))
const object = (count: number, make: (at: number) => [string, Json]) => Object.fromEntries(times(count, make))
const schemas = (all: JsonObject) => ({ components: { schemas: all } })
const answering = (schema: Json) => ({ responses: { 200: { content: { 'application/json': { schema } } } } })

describe('a document that is immense is read all the same', () => {
  it.each([
    ['capitals', oneGet({ operationId: 'A'.repeat(200_000), tags: ['B'.repeat(200_000)] })],
    ['words of an id', oneGet({ operationId: times(60_000, (at) => `w${at}`).join('_') })],
    ['words of a tag', oneGet({ tags: [times(60_000, (at) => `w${at}`).join(' ')] })],
    ['segments', oneGet({}, {}, times(60_000, (at) => `/w${at}`).join(''))],
    ['dots in a name', oneGet({ parameters: [query(`é${'.'.repeat(200_000)}x`, {})] })],
    ['slashes in a server', oneGet({ servers: [{ url: `https://api.example.com${'/'.repeat(200_000)}x` }] })],
    ['one id, again and again', documentOf(object(15_000, (at) => [`/r/${at}`, { get: { operationId: 'list' } }]))],
    ['a tag for each operation', documentOf(object(15_000, (at) => [`/r/${at}`, { get: { tags: [`t${at}`] } }]), { tags: times(15_000, (at) => ({ name: `t${at}` })) })],
    ['components', oneGet(answering({ oneOf: times(30_000, (at) => ({ $ref: `#/components/schemas/S${at}` })) }), schemas(object(30_000, (at) => [`S${at}`, { type: 'string' }])))],
    ['paths that stand in one another', documentOf(object(2, (path) => [`/p${path}`, { get: answering({ properties: object(20, (at) => [`x${at}`, { $ref: `#/paths/~1p${(path + at) % 2}/get/responses/200/content/application~1json/schema` }]) }) }]))],
    ['options that allOf narrows', oneGet({ parameters: [query('q', { allOf: ['a', 'b'].map((letter) => ({ enum: times(100_000, (at) => letter + at) })) })] })],
    ['members that allOf repeats', oneGet({ parameters: times(5, (at) => query(`q${at}`, { allOf: times(900, () => ({ $ref: '#/components/schemas/Wide' })) })) }, schemas({ Wide: { properties: object(2000, (at) => [`x${at}`, {}]) } }))],
    ['branches by reference', documentOf(object(10, (path) => [`/p${path}`, { get: { parameters: times(100, (at) => query(`q${at}`, { anyOf: times(500, () => ({ $ref: '#/components/schemas/Wide' })) })) } }]), schemas({ Wide: { type: 'object', properties: object(2000, (at) => [`x${at}`, {}]), ...object(5000, (at) => [`x-${at}`, 1]) } }))],
    ['branches of members', documentOf(object(4, (path) => [`/p${path}`, { get: { parameters: times(100, (at) => query(`q${at}`, { $ref: '#/components/schemas/Wide' })) } }]), schemas({ Wide: { properties: object(1000, (at) => [`x${at}`, { $ref: '#/components/schemas/Choice' }]) }, Choice: { anyOf: times(5000, () => ({ title: 'x' })) } }))],
    ['a reference to what is no schema', documentOf({ ...object(20_000, (at) => [`/z${at}`, {}]), '/a': { get: { parameters: times(10, (at) => query(`q${at}`, { anyOf: times(300, () => ({ $ref: '#/paths' })) })) } } })],
    ['options by reference', documentOf(object(20, (path) => [`/p${path}`, { get: { parameters: times(200, (at) => query(`q${at}`, { $ref: '#/components/schemas/E' })) } }]), schemas({ E: { enum: times(20_000, (at) => `value${at}`) } }))],
    ['arguments by reference', documentOf(object(8, (path) => [`/p${path}`, { get: { parameters: times(300, (at) => ({ ...query(`q${at}`, { $ref: '#/components/schemas/Wide' }) })) } }]), schemas({ Wide: { properties: object(500, (at) => [`x${at}`, { description: 'Words. '.repeat(20) }]) } }))],
  ] as [string, JsonObject][])('%s', (_, document) => {
    const started = performance.now()
    const { operations, skipped, catalog } = deriveBare(document)
    expect(operations).toBe(skipped.length + catalog.tools.length)
    expect(JSON.stringify(catalog.openapi).length).toBeLessThan(40_000_000)
    expect(performance.now() - started).toBeLessThan(15_000)
  }, 120_000) // biome-ignore format: one row a line
})
