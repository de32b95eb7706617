/** A declaration and its document compile into plain JSON that can only read, or every fault of both is named at once. */
import { describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import type { Catalog } from '../../src/connector/catalog.ts'
import { compile } from '../../src/connector/compile.ts'
import type { Declaration, NamespaceDeclaration, ToolDeclaration } from '../../src/connector/declaration.ts'
import { StartError } from '../../src/errors.ts'
import { isObject, type Json, type JsonObject } from '../../src/json.ts'

const query = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  in: 'query',
  description: 'Words.',
  schema: { type: 'string' },
  ...more,
})
const ID = query('id', { in: 'path', required: true })

function documentOf(get: JsonObject, more: JsonObject = {}, path = '/v1/things'): JsonObject {
  return {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    servers: [{ url: 'https://api.example.com/' }],
    paths: {
      [path]: { get: { operationId: 'listThings', summary: 'Things.', responses: {}, ...get } },
      '/v1/things/{id}': {
        parameters: [ID],
        get: { operationId: 'getThing', summary: 'A thing.' },
        delete: { operationId: 'deleteThing', summary: 'Deletes.' },
      },
    },
    ...more,
  }
}

type Tools = Record<string, ToolDeclaration>

function declarationOf(
  tools: Tools,
  more: Partial<Declaration> = {},
  namespace: Partial<NamespaceDeclaration> = {},
): Declaration {
  const things = { title: 'Things', description: 'Things.', ...namespace, tools }
  return {
    name: 'things',
    title: 'Things',
    description: 'Things.',
    access: { type: 'none' },
    namespaces: { things },
    ...more,
  }
}
const list = (more: Partial<ToolDeclaration> = {}): Tools => ({
  list: { operation: 'listThings', title: 'List things', ...more },
})

function faultsOf(declaration: Declaration, document: unknown): readonly string[] {
  try {
    compile(declaration, document)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(StartError)
    return (error as StartError).faults
  }
}

describe('a fault', () => {
  const plain = documentOf({})
  const declared: [string, Declaration, string][] = [
    ['an operation that does not exist', declarationOf(list({ operation: 'x' })), 'things.list: the document has no operation x'],
    ['an operation that writes', declarationOf(list({ operation: 'deleteThing' })), 'things.list: deleteThing is DELETE, and only GET is ever sent'],
    ['a long name', declarationOf({ ['a'.repeat(40)]: list().list! }), `things.${'a'.repeat(40)}: the name is longer than 40 characters, which some clients refuse`],
    ['a name with a slash', declarationOf({ 'a/b': list().list! }), 'things.a/b: the name holds characters that some clients refuse: use letters, digits, _ and -'],
    ['two names that fold to one', declarationOf({ a_b: list().list!, 'A-B': list().list! }), 'things.A-B and things.a_b are one name to clients that write dots as underscores'],
    ['a connector name', declarationOf(list(), { name: 'My API' }), 'name does not match ^[a-z][a-z0-9-]{1,15}$'],
    ['a scope', declarationOf(list(), {}, { scope: 'things:read' }), 'things: the scope things:read is not declared'],
    ['an inherited scope', declarationOf(list(), { scopes: {} }, { scope: 'toString' }), 'things: the scope toString is not declared'],
    ['a credential origin', declarationOf(list(), { credentialOrigins: ['https://a.example/'] }), 'credentialOrigins: https://a.example/ is not an origin'],
    ['any origin', declarationOf(list(), { credentialOrigins: ['*'] }), 'credentialOrigins: * is not an origin'],
    ['a key header', declarationOf(list(), { access: { type: 'apiKey', header: 'X Key' } }), 'access.header is not a header name'],
    ['a forward header', declarationOf(list(), { access: { type: 'apiKey', forward: { header: 'a:b' } } }), 'access.forward.header is not a header name'],
    ['ready on what needs an id', declarationOf(list(), { ready: 'getThing' }), 'ready: getThing has required parameters'],
    ['ready on a write', declarationOf(list(), { ready: 'deleteThing' }), 'ready: deleteThing is DELETE, and only GET is ever sent'],
    ['ready on nothing', declarationOf(list(), { ready: 'x' }), 'ready: the document has no operation x'],
    ['a default for no argument', declarationOf(list(), {}, { defaults: { page: 1 } }), 'things: no tool has the argument page, which defaults name'],
    ['words for no parameter', declarationOf(list({ arguments: { x: 'y' } })), 'things.list: the operation has no parameter x'],
    ['an omission of no parameter', declarationOf(list({ omit: ['x'] })), 'things.list: the operation has no parameter x'],
    ['a path value left out', declarationOf(list({ operation: 'getThing', omit: ['id'] })), 'things.list: id is required and cannot be omitted'],
    ['a server that is none', declarationOf(list(), { server: '/v1' }), 'no usable server: "/v1" is not a plain http(s) URL'],
    ['a prompt’s placeholder', declarationOf(list(), { prompts: { p: { title: 'P', description: 'P', text: '{x}', tools: [] } } }), 'prompt p: {x} is no argument of it'],
    ['a prompt’s tool', declarationOf(list(), { prompts: { p: { title: 'P', description: 'P', text: 'x', tools: ['y.z'] } } }), 'prompt p: there is no tool y.z'],
  ] // biome-ignore format: one row a line
  it.each(declared)('of the declaration: %s', (_, declaration, fault) => {
    expect(faultsOf(declaration, plain)).toEqual([fault])
  })

  const parameters = (...given: Json[]) => documentOf({ parameters: given })
  const documented: [string, JsonObject, string][] = [
    ['another version', documentOf({}, { openapi: '4.0.0' }), 'the document: its version is "4.0.0"; known are 2.0, 3.0, 3.1, 3.2'],
    ['no version', documentOf({}, { openapi: null }), 'the document: it has neither openapi nor swagger'],
    ['a version of the other name', documentOf({}, { openapi: '2.0' }), 'the document: its version is "2.0"'],
    ['no description', documentOf({ summary: ' ' }), 'things.list: neither the declaration nor the document describes it'],
    ['a style out of place', parameters(query('a', { style: 'matrix' })), 'things.list: a: style matrix does not exist in query'],
    ['a style of Object', parameters(query('a', { style: 'constructor' })), 'things.list: a: style constructor does not exist in query'],
    ['another media type', parameters(query('a', { content: { 'application/xml': { schema: {} } } })), 'things.list: a: a value cannot be sent as application/xml'],
    ['a framing header', parameters(query('Transfer-Encoding', { in: 'header' })), 'things.list: Transfer-Encoding: this header cannot be set by an argument'],
    ['a header that names another address', parameters(query('X-Original-URL', { in: 'header' })), 'things.list: X-Original-URL: this header cannot be set by an argument'],
    ['a forwarding header', parameters(query('X-Forwarded-Host', { in: 'header' })), 'things.list: X-Forwarded-Host: this header cannot be set by an argument'],
    ['a header that turns the GET into a write', parameters(query('X-HTTP-Method-Override', { in: 'header' })), 'things.list: X-HTTP-Method-Override: this header cannot be set by an argument'],
    ['no place in the path', parameters({ ...ID }), 'things.list: id has no place in /v1/things'],
    ['no value for the path', documentOf({}, {}, '/v1/things/{kind}'), 'things.list: the path needs kind, which is not described'],
    ['two path values with nothing between', documentOf({ parameters: [ID, { ...ID, name: 'type' }] }, {}, '/v1/{id}{type}'), 'things.list: {id} and {type} stand side by side in the path'],
    ['a parameter in the body', parameters(query('a', { in: 'body', required: true })), 'things.list: the parameter a is in "body", where a GET has none, and required'],
    ['a parameter without a name', parameters({ in: 'query', schema: {} }), 'things.list: a parameter without a name is in "query"'],
    ['a schema that is nowhere', parameters(query('a', { schema: { $ref: '#/x' } })), 'things.list: a: $ref #/x points nowhere'],
    ['a parameter on the web', parameters({ $ref: 'https://example.com/p' }), '$ref https://example.com/p points outside the document'],
    ['no server', documentOf({}, { servers: [] }), 'no usable server: the document names none, so declare one'],
  ] // biome-ignore format: one row a line
  it.each(documented)('of the document: %s', (_, document, fault) => {
    expect(faultsOf(declarationOf(list()), document)).toEqual([expect.stringContaining(fault)])
  })

  it('of both: ready on what is asked elsewhere than below the base URL', () => {
    const document = documentOf({ servers: [{ url: '/v2' }] })
    const declaration = declarationOf(list(), { server: 'https://api.example.com/v1', ready: 'listThings' })
    expect(faultsOf(declaration, document)).toEqual(['ready: listThings has a server of its own'])
  })

  it.each([
    ['a path with a backslash', documentOf({}, {}, '/v1\\..\\admin')],
    ['a path with a tab', documentOf({}, {}, '/v1/.\t./admin')],
    ['a path that climbs', documentOf({}, {}, '/v1/../admin')],
    ['a path that climbs into a query', documentOf({}, {}, '/v1/..?admin=1')],
    ['an operation with another server', documentOf({ servers: [{ url: 'http://10.0.0.5' }] })],
    ['a server with a query', documentOf({}, { servers: [{ url: 'https://api.example.com?x=1' }] })],
    ['a server with credentials', documentOf({}, { servers: [{ url: 'https://u:p@api.example.com' }] })],
    ['a server with a variable', documentOf({}, { servers: [{ url: 'https://{region}.example.com' }] })],
    ['a server of another scheme', documentOf({}, { servers: [{ url: 'ftp://api.example.com' }] })],
    ['two operations of one id', documentOf({}, { paths: { '/a': { get: { operationId: 'listThings', summary: 'A' } }, '/b': { get: { operationId: 'listThings', summary: 'B' } } } })],
  ])('is %s', (_, document) => {
    expect(faultsOf(declarationOf(list()), document)).toHaveLength(1)
  }) // biome-ignore format: one row a line

  it.each([
    ['without a slash at its start', '@evil.example/things', '/@evil.example/things'],
    ['that would extend the host', '.evil.example/things', '/.evil.example/things'],
    ['with a fragment, which is never sent', '/v1/things#x', '/v1/things'],
    ['with a query, which is always sent', '/v1/things?kind=1', '/v1/things?kind=1'],
  ])('is none in a path %s', (_, path, sent) => {
    expect(compile(declarationOf(list()), documentOf({}, {}, path)).tools[0]!.path).toBe(sent)
  })

  it('comes with all others', () => {
    const faults = faultsOf(
      declarationOf(
        { ...list({ operation: 'x' }), get: { operation: 'deleteThing', title: 'T' } },
        { name: '!', ready: 'y', credentialOrigins: ['z'] },
      ),
      { openapi: '3.1.0' },
    )
    expect(faults).toHaveLength(6)
  })

  it.each([
    [null],
    [5],
    ['{}'],
    [[]],
    [{}],
    [{ openapi: '3.1.0', paths: [] }],
    [{ openapi: '3.1.0', servers: 5, paths: { '/a': null, '/b': 5, '/c': { get: [] } } }],
  ])('is all there is to %j', (document) => {
    expect(faultsOf(declarationOf(list()), document).length).toBeGreaterThan(0)
  })
})

describe('what one bad spot costs', () => {
  const broken = {
    get: { operationId: 'broken', summary: 'B', parameters: [{ $ref: '#/components/parameters/None' }] },
  }

  it('is nothing where no tool needs it', () => {
    const document = documentOf({})
    expect(
      faultsOf(declarationOf(list()), {
        ...document,
        paths: { ...(document.paths as JsonObject), '/broken': broken },
      }),
    ).toEqual([])
  })

  it('keeps the words that only the schema has', () => {
    const document = documentOf({
      parameters: [
        query('a', { description: null, schema: { type: 'string', description: 'From the schema.' } }),
      ],
    })
    expect(compile(declarationOf(list()), document).tools[0]!.inputSchema.properties.a!.description).toBe(
      'From the schema.',
    )
  })
})

const NAMES = [
  'invoices.list', 'invoices.get', 'transactions.list', 'bankAccounts.list', 'bankAccounts.get', 'counterparties.list', 'counterparties.get',
  'suppliers.list', 'contracts.list', 'contracts.get', 'contracts.paymentScheduleLines', 'attachments.list', 'attachments.get',
  'costGroups.list', 'taxGroups.list', 'projects.list',
] // biome-ignore format: one list

/** Every object in `node` with the path that leads to it. */
function objects(node: Json, at = '#'): [string, JsonObject][] {
  if (Array.isArray(node)) return node.flatMap((item, index) => objects(item, `${at}/${index}`))
  return isObject(node)
    ? [[at, node], ...Object.entries(node).flatMap(([key, item]) => objects(item, `${at}/${key}`))]
    : []
}
const WRITES = ['post', 'put', 'patch', 'delete', 'trace', 'options', 'head']
const writes = (node: Json) =>
  objects(node).flatMap(([at, object]) =>
    WRITES.filter((method) => isObject(object[method]) && !at.includes('/properties')).map(
      (method) => `${at}/${method}`,
    ),
  )

describe('Flowtly', () => {
  const catalog: Catalog = loadFlowtly()

  it('has exactly its tools, in order', () => {
    expect(catalog.tools.map(({ name }) => name)).toEqual(NAMES)
  })

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(catalog))).toEqual(catalog)
  })

  it('has input schemas of one closed object each, whose defaults they allow', () => {
    for (const { inputSchema, defaults, parameters, answering } of catalog.tools) {
      expect(
        Object.keys(inputSchema).filter(
          (key) => !['type', 'properties', 'required', 'additionalProperties'].includes(key),
        ),
      ).toEqual([])
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
      expect(Object.keys(inputSchema.properties)).toEqual([
        ...parameters.map(({ argument }) => argument),
        ...Object.values(answering!.asks),
      ])
      for (const [name, value] of Object.entries(defaults))
        expect(inputSchema.properties[name]).toMatchObject({ default: value })
    }
  })

  it('exposes no write, nothing that is not reached, and nothing that is missing', () => {
    const text = JSON.stringify(catalog.openapi)
    const refs = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([\w.-]+)"/g)].map(
      ([, kind, name]) => `${kind}/${name}`,
    )
    const held = Object.entries(catalog.openapi.components as JsonObject)
      .filter(([kind]) => kind !== 'securitySchemes')
      .flatMap(([kind, group]) => Object.keys(group as JsonObject).map((name) => `${kind}/${name}`))
    expect(writes(catalog.openapi)).toEqual([])
    expect(text).not.toMatch(/"(create|update|delete|replace|send|upload|archive)[A-Z]\w+"/)
    expect([...new Set(refs)].sort()).toEqual(held.sort())
    expect(Object.keys(catalog.openapi.paths as JsonObject).sort()).toEqual(
      [...new Set(catalog.tools.map(({ path }) => path))].sort(),
    )
  })
})

describe('the exposed document', () => {
  const post = { post: { operationId: 'addThing', responses: {} } }
  it.each([
    ['a write on the same path', {}, { paths: { '/v1/things': { get: { operationId: 'listThings', summary: 'T' }, ...post } } }],
    ['webhooks', {}, { webhooks: { added: post } }],
    ['a callback', { callbacks: { added: { '{$request.query.url}': post } } }, {}],
    ['a callback among components', { callbacks: { added: { $ref: '#/components/callbacks/Added' } } }, { components: { callbacks: { Added: { '{$request.query.url}': post } } } }],
    ['another server and extensions', { servers: [{ url: 'https://api.example.com' }, { url: 'http://10.0.0.5' }], 'x-secret': 'Secret' }, { servers: [{ url: 'https://api.example.com' }, { url: 'http://10.0.0.5' }], 'x-internal': 'Secret', info: { title: 'T', version: '1', 'x-owner': 'Secret' } }],
    ['a link to a write', { responses: { 200: { description: 'OK', links: { add: { operationId: 'addThing' } } } } }, {}],
    ['a path item that nothing uses', {}, { components: { pathItems: { Thing: post }, schemas: { Secret: { type: 'string' } } } }],
  ] as [string, JsonObject, JsonObject][])('leaves out %s', (_, get, more) => {
    const { openapi } = compile(declarationOf(list()), documentOf(get, more))
    expect(writes(openapi)).toEqual([])
    expect(JSON.stringify(openapi)).not.toMatch(/addThing|Secret|10\.0\.0\.5/)
  }) // biome-ignore format: one row a line
})

it('the exposed document holds a path item that stands behind a reference', () => {
  const item = { get: { operationId: 'listThings', summary: 'Things.' }, post: { operationId: 'addThing' } }
  const document = documentOf(
    {},
    {
      paths: { '/v1/things': { $ref: '#/components/pathItems/Things' } },
      components: { pathItems: { Things: item } },
    },
  )
  expect(compile(declarationOf(list()), document).openapi.paths).toEqual({ '/v1/things': { get: item.get } })
})

describe('what an argument cannot do', () => {
  const compiled = (...parameters: Json[]) =>
    compile(declarationOf(list()), documentOf({ parameters })).tools[0]!

  it('name a parameter that the document does not list, by an exploded object', () => {
    const { inputSchema } = compiled(
      query('filter', { schema: { type: 'object', properties: { q: { type: 'string' } } } }),
    )
    expect(inputSchema.properties.filter).toMatchObject({ additionalProperties: false })
    const open = compiled(
      query('filter', { schema: { type: 'object', additionalProperties: { type: 'string' } } }),
    )
    expect(open.inputSchema.properties.filter).toMatchObject({ additionalProperties: { type: 'string' } })
  })

  it('end a cookie, whatever the document says of reserved characters', () => {
    const [cookie, search] = compiled(
      query('c', { in: 'cookie', allowReserved: true }),
      query('q', { allowReserved: true }),
    ).parameters
    expect([cookie!.allowReserved, search!.allowReserved]).toEqual([false, true])
  })

  it('be the credential', () => {
    expect(
      compiled(query('X-API-Key', { in: 'header', required: true }), query('Authorization', { in: 'header' }))
        .parameters,
    ).toEqual([])
  })
})

it('words of the document hold nothing that cannot be seen', () => {
  const hidden = 'List\u202e\u{e0041} things.'
  const { tools } = compile(
    declarationOf(list()),
    documentOf({ description: hidden, parameters: [query('q', { description: hidden })] }),
  )
  expect(tools[0]!.description).toBe('List\\u202e\\udb40\\udc41 things.')
  expect(JSON.stringify(tools[0])).not.toMatch(/[\u202e\u{e0041}]/u)
})

it('a document without end is a fault, not a crash', () => {
  let deep: Json = {}
  for (let i = 0; i < 20_000; i++) deep = { properties: { a: deep } }
  expect(
    faultsOf(declarationOf(list()), documentOf({ parameters: [query('q', { schema: deep })] })).length,
  ).toBeGreaterThan(0)
})

describe('a declaration written in plain JavaScript', () => {
  const good = declarationOf(list())
  const without = (member: keyof Declaration) =>
    Object.fromEntries(Object.entries(good).filter(([key]) => key !== member))
  const tool = (given: object) => ({
    ...good,
    namespaces: { things: { title: 'T', description: 'T.', tools: { list: given } } },
  })
  const at = 'namespaces.things.tools'
  const signIn = (access: object) => ({
    ...good,
    access: { type: 'oauth', signIn: { type: 'oauth' }, ...access },
  })
  const rows: [string, unknown, string][] = [
    ['nothing', undefined, 'the declaration is missing'],
    ['a number', 5, 'the declaration must be an object'],
    ['no access', without('access'), 'access is missing'],
    ['no namespaces', without('namespaces'), 'namespaces is missing'],
    ['no name', without('name'), 'name is missing'],
    ['no title', without('title'), 'title is missing'],
    ['no description', without('description'), 'description is missing'],
    ['a misspelt access', { ...good, access: { type: 'apikey' } }, 'access.type must be one of none, apiKey, oauth, jwt, not "apikey"; did you mean apiKey?'],
    ['another access', { ...good, access: { type: 'saml' } }, 'access.type must be one of none, apiKey, oauth, jwt, not "saml"'],
    ['an access of another kind', { ...good, access: 'apiKey' }, 'access must be an object'],
    ['an access without type', { ...good, access: {} }, 'access.type is missing'],
    ['a misspelt member', { ...good, desciption: 'x' }, 'desciption is unknown; did you mean description?'],
    ['a member like no other', { ...good, access: { type: 'none', zzzzz: 1 } }, 'access.zzzzz is unknown; known are type, headers'],
    ['a misspelt choice', { ...good, toolNames: 'dots' }, 'toolNames must be one of dotted, underscore, auto, not "dots"'],
    ['a number for a text', { ...good, title: 5 }, 'title must be a text'],
    ['a text for a list', { ...good, credentialOrigins: 'x' }, 'credentialOrigins must be a list'],
    ['an empty title', { ...good, title: ' ' }, 'title must not be empty'],
    ['a namespace without tools', { ...good, namespaces: { things: { title: 'T', description: 'T.' } } }, `${at} is missing`],
    ['a namespace of no tools', { ...good, namespaces: { things: { title: 'T', description: 'T.', tools: {} } } }, `${at} holds no tool`],
    ['no namespace at all', { ...good, namespaces: {} }, 'namespaces holds no namespace'],
    ['a tool without title', tool({ operation: 'listThings' }), `${at}.list.title is missing`],
    ['a tool without operation', tool({ title: 'List' }), `${at}.list.operation is missing`],
    ['a misspelt member of a tool', tool({ operation: 'listThings', title: 'L', ommit: ['x'] }), `${at}.list.ommit is unknown; did you mean omit?`],
    ['a resource of another kind', tool({ operation: 'listThings', title: 'L', resource: 'x' }), `${at}.list.resource must be true, or an object with the member uri`],
    ['a default that is no JSON', declarationOf(list(), {}, { defaults: { q: (() => 1) as unknown as Json } }), 'namespaces.things.defaults.q is no JSON value'],
    ['a scheme with a line break', { ...good, access: { type: 'apiKey', forward: { header: 'X-Key', scheme: 'a\r\nb' } } }, 'access.forward.scheme is not a scheme'],
    ['a key in a framing header', { ...good, access: { type: 'apiKey', forward: { header: 'Host' } } }, 'access.forward.header: a credential cannot travel in Host'],
    ['a part of a second', signIn({ signIn: { type: 'oauth', quirks: { codeLifetime: 1.5 } } }), 'access.signIn.quirks.codeLifetime must be a whole number'],
    ['no seconds', signIn({ signIn: { type: 'oauth', quirks: { codeLifetime: 0 } } }), 'access.signIn.quirks.codeLifetime must be more than 0'],
    ['too many characters', signIn({ signIn: { type: 'oauth', sizes: { code: 1e9 } } }), 'access.signIn.sizes.code must be at most 100000'],
    ['a field’s name with a space', signIn({ signIn: { type: 'credentials', proof: 'listThings', fields: { 'a b': { title: 'A', in: 'header', name: 'X-A' } } } }), 'access.signIn.fields.a b is not a field name'],
    ['a field without credentials', signIn({ organization: { from: 'field', name: 'shop' } }), 'access.organization.from may be field with credentials only'],
    ['a caller’s token for anybody', { ...good, access: { type: 'jwt', issuer: 'https://as.example.com', upstream: { type: 'caller' } } }, 'access.upstream.type may be caller with an audience only, which is the upstream’s own'],
  ] // biome-ignore format: one row a line
  it.each(rows)('with %s is told where, and what it must be', (_, declaration, fault) => {
    expect(faultsOf(declaration as Declaration, documentOf({}))).toEqual([fault])
  })

  it('with faults of shape is told of those of its operations and names too', () => {
    const { description: _, ...rest } = declarationOf(
      {
        ...list({ operation: 'listThing' }),
        get: { operation: 'deleteThing', title: 'T' },
        'a b': list().list!,
      },
      { desciption: 'D', access: { type: 'apikey' }, ready: 'y' } as unknown as Partial<Declaration>,
    )
    expect(faultsOf(rest as Declaration, documentOf({}))).toEqual([
      'description is missing',
      'access.type must be one of none, apiKey, oauth, jwt, not "apikey"; did you mean apiKey?',
      'desciption is unknown; did you mean description?',
      'things.list: the document has no operation listThing; did you mean listThings?',
      'things.get: deleteThing is DELETE, and only GET is ever sent',
      'things.a b: the name holds characters that some clients refuse: use letters, digits, _ and -',
      'ready: the document has no operation y',
    ])
  })

  it('without an operation is not told that a prompt or a default misses its tool', () => {
    const prompts = { p: { title: 'P', description: 'P', text: 'x', tools: ['things.list'] } }
    const declaration = declarationOf(
      list({ operation: 5 as unknown as string }),
      { prompts },
      { defaults: { q: 1 } },
    )
    expect(faultsOf(declaration, documentOf({ parameters: [query('q')] }))).toEqual([
      `${at}.list.operation must be a text`,
    ])
  })

  it.each([
    [{ ...good, namespaces: { things: 5, others: { title: 'T', description: 'T.', tools: 5 } } }],
    [
      {
        ...good,
        namespaces: { things: { ...good.namespaces.things, tools: { list: 5, get: null, also: [] } } },
      },
    ],
    [{ ...good, scopes: 5, prompts: [], credentialOrigins: {}, ready: {}, server: {} }],
    [tool({ operation: 'getThing', title: 'T', arguments: 5, omit: 'id', resource: 5, headers: [] })],
    [{ namespaces: [] }],
    [[]],
  ])('of any shape, such as %j, is a list of faults and no crash', (declaration) => {
    expect(faultsOf(declaration as unknown as Declaration, documentOf({})).length).toBeGreaterThan(0)
    expect(faultsOf(declaration as unknown as Declaration, {}).length).toBeGreaterThan(0)
  })

  it('with a default that its argument refuses is told so', () => {
    const limit = query('limit', { schema: { type: 'integer', maximum: 100 } })
    for (const preset of ['abc', 1000]) {
      const faults = faultsOf(
        declarationOf(list(), {}, { defaults: { limit: preset } }),
        documentOf({ parameters: [limit] }),
      )
      expect(faults).toEqual([expect.stringContaining('things.list: defaults: limit must be')])
    }
  })

  it('with two resources of one address is told so', () => {
    const get = { operation: 'getThing', title: 'Get', resource: true }
    expect(faultsOf(declarationOf({ get, also: get }), documentOf({}))).toEqual([
      'things.also and things.get are resources of one address',
    ])
  })

  it('with a slip in an operation’s name is told the nearest', () => {
    expect(faultsOf(declarationOf(list({ operation: 'listThing' })), documentOf({}))[0]).toContain(
      'did you mean listThings?',
    )
  })
})

it.each(['pathItems', 'callbacks', 'links'])('a reference into components/%s shows nothing else of it', (kind) => {
  const shown = { description: 'Only this.', content: {} }
  const held = { get: { responses: { 200: shown } }, post: { operationId: 'addThing', summary: 'Secret' } }
  const get = { responses: { 200: { $ref: `#/components/${kind}/Admin/get/responses/200` } } }
  const { openapi } = compile(declarationOf(list()), documentOf(get, { components: { [kind]: { Admin: held } } }))
  expect(openapi.paths).toMatchObject({ '/v1/things': { get: { responses: { 200: shown } } } })
  expect(JSON.stringify(openapi)).not.toMatch(/addThing|Secret/)
}) // biome-ignore format: as it is read
