/** A document that means harm costs itself: no name, size or circle in it ends the compiler, or reaches a model unseen. */
import { describe, expect, it } from 'vitest'
import { report } from '../../src/commands/report.ts'
import type { Derived } from '../../src/connector/derive.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { definitions } from '../../src/mcp/view.ts'
import { closest } from '../../src/tools/closest.ts'
import { deriveBare, documentOf, oneGet, refusal, sent, swaggerOf, toolOf } from '../documents.ts'

const query = (name: string, schema: Json = { type: 'string' }): JsonObject => ({ name, in: 'query', schema })

/** As JSON has them: in a literal of the program `__proto__` would be the prototype. */
const parsed = (text: string) => JSON.parse(text) as JsonObject

/** Seconds of the processor: how long it takes by the clock says more of the machine than of the program. */
function seconds(run: () => unknown): number {
  const started = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1e6
}

/** Every GET is a tool or has a reason, and no two tools are one to a client. */
function lost({ operations, skipped, catalog }: Derived): number {
  return operations - skipped.length - new Set(catalog.tools.map(({ name }) => name.replace('.', '_'))).size
}

const INHERITED = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']

describe.each(INHERITED)('%s', (name) => {
  it.each([
    ['a tag', oneGet({ tags: [name] }, { tags: [{ name, description: 'Words.' }] })],
    ['an operationId', oneGet({ operationId: name, tags: [name] })],
    ['a path', oneGet({}, {}, `/${name}`)],
    ['a path variable', oneGet({}, {}, `/things/{${name}}`)],
    ['a version’s paths', documentOf(parsed(`{"/a":{"get":{}},"${name}":{"get":{}}}`))],
    ['a style', oneGet({ parameters: [{ ...query('q'), style: name }] })],
    ['a place', oneGet({ parameters: [{ ...query('q'), in: name }] })],
    ['a media type', oneGet({ responses: { 200: { content: parsed(`{"${name}":{}}`) } } })],
    ['a kind of component', { ...oneGet({ responses: { 200: { $ref: `#/components/${name}/${name}` } } }), components: parsed(`{"${name}":{"${name}":{}}}`) }],
    ['a security scheme', { ...oneGet({}), components: { securitySchemes: parsed(`{"${name}":{"type":"apiKey","in":"${name}","name":"${name}"}}`) } }],
  ] as [string, JsonObject][])('as %s is a name like any other', (_, document) => {
    const derived = deriveBare(document)
    expect([derived.catalog.tools.length > 0, lost(derived)]).toEqual([true, 0])
  }) // biome-ignore format: one row a line

  it('is sent as the name of a parameter and of members', () => {
    const member = parsed(`{"type":"object","properties":{"${name}":{"type":"object","properties":{"a b":{"type":"string"}}}}}`)
    const tool = toolOf(oneGet({ parameters: [query(name), { ...query('filter', member), style: 'deepObject' }] }))
    const given = parsed(`{"${name}":"1","filter":{"${name}":{"a_b":"2"}}}`)
    expect(decodeURIComponent(sent(tool, given))).toBe(`/things?${name}=1&filter[${name}][a b]=2`)
  }) // biome-ignore format: as it is read

  it('as a type is text', () => {
    const tool = toolOf(oneGet({ parameters: [query('q', { type: name }), query('r', { format: name })] }))
    expect(tool.inputSchema.properties).toEqual({ q: { type: 'string' }, r: { type: 'string' } })
  })
})

describe('an object that cannot be told as text', () => {
  const object = { toString: 1, valueOf: null }
  it.each([
    ['collectionFormat', swaggerOf({ '/a': { get: { parameters: [{ ...query('q'), collectionFormat: object }] } } })],
    ['a key’s place', oneGet({}, { components: { securitySchemes: { key: { type: 'apiKey', in: object, name: 'key' } } } })],
    ['the title', oneGet({}, { info: { title: object, description: object } })],
    ['a tag', oneGet({ tags: [object], operationId: object, summary: object }, { tags: [{ name: object }] })],
    ['an option', oneGet({ parameters: [query('q', { type: 'string', enum: [object, 'a'], default: object, const: object })] })],
    ['a place', oneGet({ parameters: [{ name: 'q', in: object }, { name: object, in: 'query' }] })],
    ['a server', oneGet({}, { servers: [{ url: 'https://{a}', variables: { a: { default: object } } }, { url: object }] })],
  ] as [string, JsonObject][])('as %s is none', (_, document) => {
    expect(deriveBare(document).catalog.tools).toHaveLength(1)
  }) // biome-ignore format: one row a line

  it('as the version is none', () => {
    expect(refusal(() => deriveBare({ openapi: object }))).toEqual(['its version is {"toString":1,"valueOf":null}; known are 2.0, 3.0, 3.1, 3.2'])
  }) // biome-ignore format: one call
})

describe('100,000 characters', () => {
  const long = 'x'.repeat(100_000)

  it('as every name there is make one small tool', () => {
    const get = {
      operationId: long,
      tags: [long],
      summary: long,
      description: long,
      parameters: [
        { ...query(long, { type: long, format: long, pattern: long, title: long, enum: [long], default: long }), description: long },
        { ...query('q', { type: 'object', properties: { [long]: { type: 'object', properties: { [long]: {} } } } }), style: long },
        { ...query('needed', { type: 'string', title: long, description: long, default: long, pattern: long }), required: true },
      ],
    } // biome-ignore format: one parameter a line
    const { catalog } = deriveBare(oneGet(get, { info: { title: long, description: long }, tags: [{ name: long, description: long }] }, `/${'x'.repeat(900)}/{${'x'.repeat(900)}}`)) // biome-ignore format: one call
    const [tool] = catalog.tools
    expect(tool!.name.length).toBeLessThanOrEqual(40)
    expect(Math.max(...Object.keys(tool!.inputSchema.properties).map(({ length }) => length))).toBe(64)
    const { name, title, description, inputSchema } = tool!
    expect(JSON.stringify({ name, title, description, inputSchema }).length).toBeLessThan(16_000)
    expect(JSON.stringify([catalog.name, catalog.title, catalog.description, catalog.namespaces]).length).toBeLessThan(2000) // biome-ignore format: one call
  })

  it.each(['A', 'Aa', '_', '.', '-', '/', '{', '{?', '{/', '?', '[', '<', ' ', 'é', '宠'])('of %j are a name read at once', (unit) => {
    const name = `x${unit.repeat(100_000 / unit.length)}1`
    const get = { operationId: name, tags: [name], parameters: [query(name), query('q', { type: 'object', properties: { [name]: {} } })] } // biome-ignore format: one GET
    const servers = [{ url: `https://api.example.com/${name}` }]
    const took = seconds(() => {
      const derived = deriveBare(oneGet({ ...get, servers }, { info: { title: name }, servers }, `/${name}`))
      const old = deriveBare(swaggerOf({ '/a': { get } }, { host: name, basePath: name }))
      expect([lost(derived), sent(old.catalog.tools[0]!)]).toEqual([0, '/a'])
    })
    expect(took).toBeLessThan(3)
  }) // biome-ignore format: one row a line

  it.each(['<!--', '<a ', '[', '[a](', '![a](b "', ' \n', '&', '__', '`', '#'])('of %j are read at once', (unit) => {
    const words = unit.repeat(1_000_000 / unit.length)
    const document = oneGet({ summary: words, description: `${words}.` }, { info: { title: words } })
    expect(seconds(() => deriveBare(document))).toBeLessThan(3)
  }) // biome-ignore format: one row a line
})

describe('tens of thousands', () => {
  const list = (count: number, make: (at: number) => Json) =>
    Array.from({ length: count }, (_, at) => make(at))
  const named = (count: number, make: (at: number) => Json, name = (at: number) => `m${at}`): JsonObject => Object.fromEntries(list(count, make).map((each, at) => [name(at), each])) // biome-ignore format: one call
  const options = (prefix: string) => list(100_000, (at) => `${prefix}${at}`)
  const members = { type: 'object', properties: named(40_000, () => ({})), required: list(40_000, (at) => `m${at}`) } // biome-ignore format: one schema
  const holding = (schema: JsonObject) => oneGet({ parameters: [query('q', schema)] })
  it.each([
    ['options in two lists', holding({ allOf: [{ enum: options('a') }, { enum: options('b') }] })],
    ['members of two branches', holding({ anyOf: [members, { ...members, additionalProperties: false }] })],
    ['parameters that are required', oneGet({ parameters: list(40_000, (at) => ({ ...query(`p${at}`), required: true })) })],
    ['parameters that are not', oneGet({ parameters: list(40_000, (at) => query(`p ${at}`)) })],
    ['operations of one id', documentOf(named(20_000, () => ({ get: { operationId: 'x', tags: ['t'] } }), (at) => `/a/{${at}}`))],
    ['components of which each is behind another', oneGet({ responses: { 200: { $ref: '#/components/responses/m0' } } }, { components: { responses: named(20_000, (at) => ({ $ref: `#/components/responses/m${at + 1}` })) } })],
  ] as [string, JsonObject][])('of %s take no longer than they need', (_, document) => {
    expect(seconds(() => expect(lost(deriveBare(document))).toBe(0))).toBeLessThan(4)
  }) // biome-ignore format: one row a line

  it('of media types are not all asked for', () => {
    const content = named(10_000, () => ({}), (at) => `a/b${at}`)
    expect(toolOf(oneGet({ responses: { 200: { content } } })).accept.length).toBeLessThan(300)
  }) // biome-ignore format: one call
})

describe('without end', () => {
  const deep = (depth: number, inner: string) =>
    parsed(`${`{"${inner}":`.repeat(depth)}{}${'}'.repeat(depth)}`)
  it.each([
    ['a schema that holds itself', { S: { type: 'object', properties: { s: { $ref: '#/components/schemas/S' } } } }],
    ['a list of itself', { S: { type: 'array', items: { $ref: '#/components/schemas/S' } } }],
    ['allOf of itself', { S: { allOf: [{ $ref: '#/components/schemas/S' }] } }],
    ['allOf in a circle', { S: { allOf: [{ $ref: '#/components/schemas/T' }] }, T: { allOf: [{ $ref: '#/components/schemas/S' }, { type: 'integer' }] } }],
    ['anyOf of itself', { S: { anyOf: [{ $ref: '#/components/schemas/S' }, { $ref: '#/components/schemas/S' }] } }],
    ['a reference to itself', { S: { $ref: '#/components/schemas/S' } }],
    ['references in a circle', { S: { $ref: '#/components/schemas/T' }, T: { $ref: '#/components/schemas/S' } }],
    ['allOf that doubles', { S: { allOf: [{ $ref: '#/components/schemas/T' }, { $ref: '#/components/schemas/T' }] }, T: { allOf: [{ $ref: '#/components/schemas/S' }, { $ref: '#/components/schemas/S' }] } }],
    ['a map of itself', { S: { additionalProperties: { $ref: '#/components/schemas/S' } } }],
    ['5,000 members', { S: { type: 'object', properties: Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`m${at}`, {}])) } }],
    ['nesting of 200', { S: deep(200, 'allOf') }],
  ] as [string, JsonObject][])('%s is an argument, or is left out with a note', (_, schemas) => {
    const document = oneGet({ parameters: [query('s', { $ref: '#/components/schemas/S' })] }, { components: { schemas } })
    const { catalog, notes } = deriveBare(document)
    const { properties } = catalog.tools[0]!.inputSchema
    expect('s' in properties || notes.length > 0).toBe(true)
    expect(JSON.stringify(properties).length).toBeLessThan(16_000)
  }) // biome-ignore format: one row a line

  it('allOf of one large schema again and again is merged so far', () => {
    const properties = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`m${at}`, {}]))
    const allOf = Array.from({ length: 900 }, () => ({ $ref: '#/components/schemas/S' }))
    const started = performance.now()
    deriveBare(
      oneGet({ parameters: [query('q', { allOf })] }, { components: { schemas: { S: { properties } } } }),
    )
    expect(performance.now() - started).toBeLessThan(3000)
  })

  it('references into operations that lead to many more are written out so far', () => {
    const refs = (at: number) => Array.from({ length: 10 }, () => ({ $ref: `#/paths/~1p${at % 10}/get/responses/200` }))
    const get = (at: number) => ({ responses: { 200: { description: '', content: { a: { schema: { anyOf: refs(at + 1) } } } } } })
    const paths = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`/p${at}`, { get: get(at) }]))
    expect(JSON.stringify(deriveBare(documentOf(paths)).catalog.openapi).length).toBeLessThan(10_000_000)
  }) // biome-ignore format: as it is read

  it('nesting is told as what it is', () => {
    const document = oneGet({ parameters: [query('s', deep(50_000, 'not'))] })
    expect(refusal(() => deriveBare(document))).toEqual(['it is nested too deeply'])
  })
})

describe('20,000', () => {
  const many = (make: (at: number) => [string, Json]) =>
    Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => make(at)))
  const schema = (at: number): [string, Json] => [
    `S${at}`,
    { properties: { s: { $ref: `#/components/schemas/S${at + 1}` } } },
  ]
  const answer = { 200: { description: '', content: { a: { schema: { $ref: '#/components/schemas/S0' } } } } }
  it.each([
    ['schemas in a row', () => oneGet({ responses: answer }, { components: { schemas: many(schema) } })],
    ['operations of one id', () => documentOf(many((at) => [`/p${at}`, { get: { operationId: 'same' } }]))],
    ['tags', () => documentOf(many((at) => [`/p${at}`, { get: { tags: [`t${at}`] } }]), { tags: Object.values(many((at) => [`t${at}`, { name: `t${at}` }])) })],
    ['skipped for one reason', () => documentOf(many((at) => [`/p${at}`, { get: 5 }]))],
  ] as [string, () => JsonObject][])('%s take as long as so many of another kind', (_, make) => {
    const document = make()
    const started = performance.now()
    const derived = deriveBare(document)
    report(document, derived, definitions(derived.catalog.tools, true))
    expect(performance.now() - started).toBeLessThan(6000)
  }, 60_000) // biome-ignore format: one row a line
})

describe('what a person could not see', () => {
  const hidden = 'Seen\u202e\u{e0041}\u200b.'
  const words = { title: hidden, description: hidden }

  it('is visible wherever words of the document go', () => {
    const schema = { type: 'object', ...words, properties: { a: { type: 'string', ...words, default: hidden, pattern: hidden } } } // biome-ignore format: one schema
    const get = { tags: [hidden], summary: hidden, description: hidden, operationId: hidden }
    const parameters = [
      { ...query('a', schema), description: hidden },
      query('b', { type: 'array', items: { type: 'object', ...words, properties: { [hidden]: words } } }),
      query('c', {
        anyOf: [
          { type: 'object', properties: { a: words } },
          { type: 'string', enum: [hidden] },
        ],
      }),
      { ...query(hidden), example: hidden },
    ]
    const document = oneGet({ ...get, parameters }, { info: words, tags: [{ name: hidden, ...words }] })
    const { catalog } = deriveBare(document)
    const [{ name, title, description, inputSchema }] = catalog.tools as [Derived['catalog']['tools'][number]]
    const told = [
      catalog.name,
      catalog.title,
      catalog.description,
      catalog.namespaces,
      name,
      title,
      description,
    ]
    expect(JSON.stringify(told)).not.toMatch(/[\u202e\u{e0041}\u200b]/u)
    expect(described(inputSchema).join()).not.toMatch(/[\u202e\u{e0041}\u200b]/u)
    expect(described(inputSchema).join()).toContain('Seen\\u202e')
  })

  it('is among the values that are taken, and not among those that are told', () => {
    const options = ['plain', hidden]
    const inner = { type: 'string', enum: options, default: hidden }
    const tool = toolOf(
      oneGet({
        parameters: [
          query('a', inner),
          query('b', { type: 'array', items: inner }),
          query('c', { type: 'string', pattern: `^${hidden}$` }),
        ],
      }),
    )
    expect(JSON.stringify(tool.inputSchema)).not.toMatch(/[\u202e\u{e0041}\u200b]/u)
    expect(tool.inputSchema.properties.a!.enum).toEqual(['plain'])
    expect(decodeURIComponent(sent(tool, { a: hidden, b: [hidden] }))).toBe(`/things?a=${hidden}&b=${hidden}`)
    expect(sent(tool, { a: 'other' })).toContain('a must be one of "plain", "Seen\\u202e')
    expect(sent(tool, { a: 'other' })).not.toMatch(/[\u202e\u{e0041}\u200b]/u)
  })

  /** Every title and description in a schema; a value has to stay what it is. */
  function described(node: unknown): string[] {
    if (typeof node !== 'object' || node === null) return []
    return Object.entries(node).flatMap(([keyword, value]) =>
      typeof value === 'string' && /^(title|description)$/.test(keyword) ? [value] : described(value),
    )
  }
})

it('hashes that meet by intent tell operations apart all the same', () => {
  // 31 bits: two of a few 100,000 paths have the same.
  const document = documentOf({ '/a/{35858}': { get: {} }, '/a/{240906}': { get: {} } })
  expect(lost(deriveBare(document))).toBe(0)
})

it('the nearest of 20,000 names is found at once, whatever was asked for', () => {
  const names = Array.from({ length: 20_000 }, (_, at) => `namespace.some_action_name_${at}`)
  const started = performance.now()
  for (const asked of ['q'.repeat(128), 'z'.repeat(30), 'namespace.some_action_name_x']) closest(asked, names)
  expect(closest('namespace_some_action_name_19999', names)).toBe(names[19_999])
  expect(performance.now() - started).toBeLessThan(2000)
})
