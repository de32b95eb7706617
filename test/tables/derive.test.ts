/** A document that nobody declared anything for: each GET is a tool or has a reason, in the document's own words. */
import { describe, expect, it } from 'vitest'
import type { Access } from '../../src/access/access.ts'
import type { Derived, DeriveOptions } from '../../src/connector/derive.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { deriveBare, documentOf, oneGet, refusal, sent, swaggerOf, toolOf } from '../documents.ts'

const query = (name: string, more: JsonObject = {}): JsonObject => ({ name, in: 'query', ...more })
const ID = { name: 'id', in: 'path', required: true }

/** Names with their arguments, as `things.get(id)`. */
function signatures({ catalog }: Derived): string[] {
  return catalog.tools.map(({ name, inputSchema }) => `${name}(${Object.keys(inputSchema.properties).join(', ')})`)
} // biome-ignore format: one call

describe('a whole document', () => {
  const answer = { 200: { description: 'OK', content: { 'application/json': {}, 'text/csv': {} } } }
  const schema = { type: 'integer' }
  const paths = (typed: JsonObject, responses: JsonObject): JsonObject => ({
    '/pets': {
      get: { operationId: 'listPets', tags: ['Pets'], parameters: [query('limit', typed)], responses },
      post: { operationId: 'createPet' },
    },
    '/pets/{id}': {
      parameters: [{ ...ID, ...typed }],
      get: { operationId: 'getPet', tags: ['Pets'], responses },
      delete: { operationId: 'deletePet' },
    },
    '/files': {
      get: { operationId: 'broken', parameters: [{ $ref: '#/none' }] },
    },
  })
  const servers = [{ url: 'https://pets.example/v2/' }]
  const today = { info: { title: 'Pets', version: '2' }, servers, paths: paths({ schema }, answer) }
  const old = { info: { title: 'Pets', version: '2' }, host: 'pets.example', basePath: '/v2/', produces: ['application/json', 'text/csv'], paths: paths(schema, {}) } // biome-ignore format: one document
  it.each([
    ['2.0', { swagger: '2.0', ...old }],
    ['3.0', { openapi: '3.0.4', ...today }],
    ['3.1', { openapi: '3.1.1', ...today }],
    ['3.2', { openapi: '3.2.0', ...today }],
  ] as [string, JsonObject][])('of %s', (_, document) => {
    const derived = deriveBare(document)
    const { catalog, operations, skipped, notes } = derived
    expect({ ...catalog, tools: [], openapi: {} }).toEqual({
      name: 'pets',
      title: 'Pets',
      description: 'Pets: everything here reads.',
      server: 'https://pets.example/v2',
      toolNames: 'underscore',
      upstreamErrors: 'result',
      allowPrefixes: [],
      credentialOrigins: [],
      access: { type: 'none' },
      scopes: {},
      namespaces: [
        { name: 'pets', title: 'Pets', description: 'Pets.' },
        { name: 'files', title: 'Files', description: 'Files.' },
      ],
      tools: [],
      prompts: [],
      knowledge: [],
      discovery: false,
      completions: { prompts: {}, resources: {} },
      openapi: {},
    })
    expect(signatures(derived)).toEqual(['pets.list(limit)', 'pets.get(id)'])
    expect([operations, skipped, notes]).toEqual([3, [{ operation: 'GET /files', reason: '$ref #/none points nowhere' }], []]) // biome-ignore format: one line
    const [list, get] = catalog.tools
    expect(list!.inputSchema).toEqual({ type: 'object', properties: { limit: { type: 'integer' } }, additionalProperties: false }) // biome-ignore format: one schema
    expect(get!.inputSchema.required).toEqual(['id'])
    expect([list!.accept, list!.produces, list!.operation]).toEqual(['application/json, text/csv, */*;q=0.1', ['application/json', 'text/csv'], 'GET /pets']) // biome-ignore format: one line
    expect(Object.keys(catalog.openapi.paths as JsonObject)).toEqual(['/pets', '/pets/{id}'])
    expect(JSON.stringify(catalog.openapi)).not.toMatch(/createPet|deletePet|broken/)
  })

  it.each([
    ['no paths', { openapi: '3.1.0' }],
    ['empty paths', documentOf({})],
    ['paths with nothing to read', documentOf({ '/a': { post: {} }, '/b': {}, 'x-c': { get: {} } })],
    ['webhooks alone', documentOf({}, { webhooks: { a: { get: {} } } })],
  ] as [string, JsonObject][])('with %s has no tools', (_, document) => {
    const { catalog, operations, skipped } = deriveBare(document)
    expect([catalog.tools, catalog.namespaces, operations, skipped]).toEqual([[], [], 0, []])
  })

  const NO_VERSION =
    'it has neither openapi nor swagger, which name its version: where it is OpenAPI, add openapi: 3.0.3 at its top'
  it.each([
    ['nothing', null, NO_VERSION],
    ['a list', [], NO_VERSION],
    ['another document', { hello: 'world' }, NO_VERSION],
    ['AsyncAPI', { asyncapi: '3.0.0' }, 'it is AsyncAPI, which is not read: OpenAPI and Swagger are'],
    ['a version to come', documentOf({}, { openapi: '4.0.0' }), 'its version is "4.0.0"; known are 2.0, 3.0, 3.1, 3.2'],
    ['paths in a list', documentOf([] as unknown as JsonObject), '#/paths is not an object'],
    ['paths of null', documentOf(null as unknown as JsonObject), '#/paths is not an object'],
  ] as [string, unknown, string][])('that is %s is refused', (_, document, reason) => {
    expect(refusal(() => deriveBare(document))).toEqual([reason])
  }) // biome-ignore format: one row a line

  it('that is refused is named', () => {
    expect(() => deriveBare({}, { called: 'shop.json' })).toThrow(
      'shop.json cannot be compiled:\n  - it has neither',
    )
  })

  it('has its operations counted, and those of other methods apart', () => {
    const { operations, others } = deriveBare(documentOf({ '/a': { get: {}, post: {} }, '/b': { put: {} } }))
    expect([operations, others]).toEqual([1, 2])
  })
})

describe('a reason', () => {
  const rows: [string, JsonObject, string, string?][] = [
    ['a parameter that is nowhere', { parameters: [{ $ref: '#/components/parameters/None' }] }, '$ref #/components/parameters/None points nowhere'],
    ['a parameter elsewhere', { parameters: [{ $ref: 'common.yaml#/Id' }] }, '$ref common.yaml#/Id points outside the document'],
    ['a parameter in a circle', { parameters: [{ $ref: '#/paths/~1things/get/parameters/0' }] }, '$ref #/paths/~1things/get/parameters/0 never ends'],
    ['a body that is needed', { requestBody: { required: true } }, 'it needs a request body, and a GET is sent without one'],
    ['a parameter of a body', { parameters: [{ name: 'b', in: 'body', required: true }] }, 'the parameter b is in "body", where a GET has none, and required'],
    ['a media type that cannot be written', { parameters: [query('q', { required: true, content: { 'application/xml': {} } })] }, 'q: a value cannot be sent as application/xml'],
    ['another host', { servers: [{ url: 'https://other.example' }] }, 'its own server https://other.example is another than https://api.example.com: give it a connector of its own'],
    ['a path that climbs', {}, 'the path "/../admin" is not one that can be sent', '/../admin'],
    ['a path that climbs once it is read', {}, 'the path "/a/%2e%2E/admin" is not one that can be sent', '/a/%2e%2E/admin'],
    ['a path with a step that is none', {}, 'the path "/a/%2e" is not one that can be sent', '/a/%2e'],
    ['a path that no server takes', {}, 'the path has more than 2000 characters', `/${'x'.repeat(2000)}`],
    ['a path with a line break', {}, 'the path "/a\\nb" is not one that can be sent', '/a\nb'],
  ] // biome-ignore format: one row a line
  it.each(rows)('is given for %s', (_, get, reason, path = '/things') => {
    const { catalog, operations, skipped } = deriveBare(oneGet(get, {}, path))
    expect([catalog.tools, operations, skipped]).toEqual([[], 1, [{ operation: `GET ${path}`, reason }]])
  })

  it('is not needed for an id that speaks for another path: what a path says counts', () => {
    const { catalog, skipped } = deriveBare(
      documentOf({ '/a': { get: { operationId: 'GET /b' } }, '/b': { get: {} } }),
    )
    const told = catalog.tools.map(({ operation, path }) => `${operation} asks ${path}`)
    expect([told, skipped]).toEqual([['GET /a asks /a', 'GET /b asks /b'], []])
  })

  it.each([
    ['an id that is the path', oneGet({ operationId: 'GET /things' })],
    [
      'one id twice',
      documentOf({ '/a': { get: { operationId: 'x' } }, '/b': { get: { operationId: 'x' } } }),
    ],
    ['a body that may be left out', oneGet({ requestBody: { content: {} } })],
    ['a deprecated GET', oneGet({ deprecated: true })],
    ['an answer that is nowhere', oneGet({ responses: { 200: { $ref: '#/none' } } })],
    ['no description at all', oneGet({})],
    ['a long path', oneGet({}, {}, `/${'x'.repeat(1999)}`)],
    ['a path with points in it', oneGet({}, {}, '/v1.2/a..b/%2ehidden/...')],
  ])('is not needed for %s', (_, document) => {
    const { catalog, operations, skipped } = deriveBare(document)
    expect([catalog.tools.length, skipped]).toEqual([operations, []])
  })
})

describe('a note', () => {
  const optional = (more: JsonObject) => ({ parameters: [query('q', more)] })
  const rows: [string, JsonObject, string, string?][] = [
    ['a style out of place', optional({ style: 'matrix' }), 'q: style matrix does not exist in query'],
    ['a schema that is nowhere', optional({ schema: { $ref: '#/none' } }), 'q: $ref #/none points nowhere'],
    ['a media type that cannot be written', optional({ content: { 'application/xml': {} } }), 'q: a value cannot be sent as application/xml'],
    ['a header that frames', { parameters: [{ name: 'Host', in: 'header', required: true }] }, 'Host: this header cannot be set by an argument'],
    ['a parameter of a body', { parameters: [{ name: 'b', in: 'body' }] }, 'the parameter b is in "body", where a GET has none, and is left out'],
    ['a parameter that is none', { parameters: [null] }, 'a parameter that is no object is left out'],
    ['a path variable that is not described', {}, 'the path needs id, which is not described', '/things/{id}'],
    ['a path variable that the path has not', { parameters: [ID] }, 'id has no place in /things'],
  ] // biome-ignore format: one row a line
  it.each(rows)('is made of %s', (_, get, note, path = '/things') => {
    const { catalog, skipped, notes } = deriveBare(oneGet(get, {}, path))
    expect([catalog.tools.length, skipped, notes]).toEqual([1, [], [`GET ${path}: ${note}`]])
  })

  it('is not made of what is skipped', () => {
    const { notes } = deriveBare(oneGet({ parameters: [query('q', { style: 'matrix' }), query('r', { required: true, content: { 'application/xml': {} } })] })) // biome-ignore format: one call
    expect(notes).toEqual([])
  })
})

describe('the words', () => {
  const named = (info: Json | undefined, options: DeriveOptions = {}) => {
    const { name, title, description } = deriveBare(documentOf({}, { info: info as Json }), options).catalog
    return [name, title, description]
  }
  it.each([
    ['a title', { title: 'Pet Store' }, {}, ['pet-store', 'Pet Store', 'Pet Store: everything here reads.']],
    ['a title with markup', { title: '<b>Pets</b> &amp; **more**', description: '# Hi\n\nThere' }, {}, ['pets-more', 'Pets & more', 'Hi\nThere']],
    ['a long title', { title: 'The Very Long Title of an API that Nobody Could Ever Remember at All' }, {}, ['the-very-long', 'The Very Long Title of an API that Nobody Could Ever…', 'The Very Long Title of an API that Nobody Could Ever…: everything here reads.']],
    ['a title that ends in a dash there', { title: 'A fifteen chars s' }, {}, ['a-fifteen-chars', 'A fifteen chars s', 'A fifteen chars s: everything here reads.']],
    ['a title of a digit first', { title: '3D models' }, {}, ['api', '3D models', '3D models: everything here reads.']],
    ['a title of one letter', { title: 'X' }, {}, ['api', 'X', 'X: everything here reads.']],
    ['a title in another script', { title: '宠物' }, {}, ['api', '宠物', '宠物: everything here reads.']],
    ['no title', {}, {}, ['api', 'API', 'API: everything here reads.']],
    ['a title that is none', { title: 5, description: [] }, {}, ['api', 'API', 'API: everything here reads.']],
    ['an info that is none', 'Pets', {}, ['api', 'API', 'API: everything here reads.']],
    ['options', { title: 'Pets', description: 'Words.' }, { name: 'other', title: 'Mine' }, ['other', 'Mine', 'Words.']],
    ['an option of a title alone', { title: 'Pets' }, { title: 'My Pets' }, ['my-pets', 'My Pets', 'My Pets: everything here reads.']],
  ] as [string, Json, DeriveOptions, string[]][])('of %s', (_, info, options, expected) => {
    expect(named(info, options)).toEqual(expected)
  }) // biome-ignore format: one row a line

  it('of a description end where 600 characters do', () => {
    expect(named({ description: 'word '.repeat(1000) })[2]!.length).toBeLessThanOrEqual(600)
  })

  const namespaces = (tag: Json, tags: Json = []) =>
    deriveBare(oneGet({ tags: [tag] }, { tags })).catalog.namespaces
  it.each([
    ['a tag', 'bank_accounts', [], 'Bank accounts', 'Bank accounts.'],
    ['a tag that is described', 'Pets', [{ name: 'Pets', description: '# All <i>our</i> pets' }], 'Pets', 'All our pets'],
    ['a tag that another is described as', 'Pets', [{ name: 'pets', description: 'Others.' }, null, 'Pets'], 'Pets', 'Pets.'],
    ['a description that is none', 'Pets', [{ name: 'Pets', description: 5 }], 'Pets', 'Pets.'],
    ['tags that are none', 'Pets', 'Pets', 'Pets', 'Pets.'],
    ['an empty tag', '', [], 'Things', 'Things.'],
    ['a tag of markup', '<b></b>', [], 'B', 'B.'],
    ['a tag in another script', '宠物', [], '宠物', '宠物.'],
    ['a long tag', 'word '.repeat(50), [], `${'Word'.padEnd(74, ' word')}…`, `${'Word'.padEnd(74, ' word')}….`],
  ] as [string, Json, Json, string, string][])('of %s', (_, tag, tags, title, description) => {
    expect(namespaces(tag, tags)).toEqual([expect.objectContaining({ title, description })])
  }) // biome-ignore format: one row a line

  it('of an operation in backquotes are the name of its tool', () => {
    const document = documentOf({ '/a': { get: { operationId: 'listA', description: 'See `getB`, and `none`.' } }, '/b/{id}': { get: { operationId: 'getB' } } }) // biome-ignore format: one document
    expect(deriveBare(document, { toolNames: 'dotted' }).catalog.tools[0]!.description).toBe(
      'See b.get, and `none`.',
    )
    expect(deriveBare(document).catalog.tools[0]!.description).toBe('See b_get, and `none`.')
  })
})

describe('never an argument', () => {
  const header = (name: string) => ({ name, in: 'header', required: true })
  const scheme = (type: string, place: string, name: string) => ({ components: { securitySchemes: { key: { type, in: place, name } } } }) // biome-ignore format: one document
  const rows: [string, JsonObject, JsonObject, DeriveOptions?][] = [
    ['Authorization', header('Authorization'), {}],
    ['authorization', header('authorization'), {}],
    ['Accept', header('Accept'), {}],
    ['Content-Type', header('Content-Type'), {}],
    ['X-API-Key', header('x-api-key'), {}],
    ['a cookie header', header('Cookie'), {}],
    ['a key in a header', header('X-Shop-Key'), scheme('apiKey', 'header', 'x-shop-key')],
    ['a key in the query', query('key'), scheme('apiKey', 'query', 'key')],
    ['a key in a cookie', { name: 'session', in: 'cookie' }, scheme('apiKey', 'cookie', 'session')],
    ['a key whose scheme is a reference', query('key'), { components: { securitySchemes: { key: { $ref: '#/components/x-schemes/key' } }, 'x-schemes': { key: { type: 'apiKey', in: 'query', name: 'key' } } } }],
    ['what the operator sends', header('X-Tenant'), {}, { access: { type: 'none', headers: ['x-tenant'] } as Access }],
    ['where a key of ours travels', header('X-Mine'), {}, { access: { type: 'apiKey', forward: { header: 'X-Mine' } } }],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, parameter, more, options = {}) => {
    expect(toolOf(oneGet({ parameters: [parameter] }, more), options).inputSchema.properties).toEqual({})
  })

  it('what the path says itself, nor is it written by an object of any members', () => {
    const open = query('more', { schema: { type: 'object', additionalProperties: { type: 'string' } } })
    const tool = toolOf(oneGet({ parameters: [query('method'), open] }, {}, '/rest?method=list'))
    expect(Object.keys(tool.inputSchema.properties)).toEqual(['more'])
    expect(sent(tool, { more: { page: '2' } })).toBe('/rest?method=list&page=2')
    expect(sent(tool, { more: { method: 'delete' } })).toContain('must not send "method", which this tool does not offer') // biome-ignore format: one call
  })

  it('a key of Swagger 2.0', () => {
    const get = { parameters: [{ name: 'api_key', in: 'query', type: 'string' }] }
    const securityDefinitions = { key: { type: 'apiKey', in: 'query', name: 'api_key' } }
    expect(toolOf(swaggerOf({ '/a': { get } }, { securityDefinitions })).parameters).toEqual([])
  })

  it.each([
    ['a name like a header’s, in the query', query('authorization'), {}],
    ['a key’s name in another place', query('key'), scheme('apiKey', 'header', 'key')],
    ['a key’s name in other letters', query('Key'), scheme('apiKey', 'query', 'key')],
    ['a scheme that is no key', query('key'), scheme('oauth2', 'query', 'key')],
    ['schemes that are none', query('key'), { components: { securitySchemes: { a: null, b: { type: 'apiKey' }, c: { $ref: '#/none' } } } }],
  ] as [string, JsonObject, JsonObject][])('but for %s', (_, parameter, more) => {
    expect(toolOf(oneGet({ parameters: [parameter] }, more)).parameters).toHaveLength(1)
  }) // biome-ignore format: one row a line
})
