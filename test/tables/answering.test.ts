/** What a document and a declaration say of answers, compiled: where rows stand, how pages follow, what may be asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from '../../src/connector/compile.ts'
import type { AnswerDeclaration, Declaration, ToolDeclaration } from '../../src/connector/declaration.ts'
import { flowtly } from '../../src/connectors/flowtly.ts'
import { StartError } from '../../src/errors.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { readSettings } from '../../src/settings.ts'
import { checkArguments } from '../../src/tools/check.ts'
import { schemaOf, type Tool } from '../../src/tools/tool.ts'
import { type Connector, startConnector } from '../connector.ts'
import { documentOf, inPath, query, swaggerOf } from '../documents.ts'

const json = (schema: Json, more: JsonObject = {}): JsonObject => ({
  200: { description: 'OK', content: { 'application/json': { schema } }, ...more },
})
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
})
const TEXT = { type: 'string' }
const COUNT = { type: 'integer' }
const ROW = object({ id: TEXT, name: TEXT })
const ROWS = { type: 'array', items: ROW }

interface Documented {
  schema?: Json
  parameters?: Json[]
  path?: string
  components?: JsonObject
  responses?: JsonObject
}

function document({ schema, parameters = [], path = '/things', components = {}, responses }: Documented) {
  const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => inPath(name!, { schema: TEXT }))
  const get = {
    operationId: 'listThings',
    summary: 'Things.',
    parameters: [...places, ...parameters],
    responses: responses ?? (schema === undefined ? {} : json(schema)),
  }
  return documentOf({ [path]: { get } }, { components: { schemas: components } })
}

type Answers = AnswerDeclaration | false | undefined

function declaration(
  answers?: Answers,
  namespace?: Answers,
  connector?: Answers,
  omit?: string[],
): Declaration {
  const list: ToolDeclaration = { operation: 'listThings', title: 'List things', ...(answers !== undefined && { answers }), ...(omit && { omit }) } // biome-ignore format: one tool
  const shared = { title: 'Things', description: 'Things.', tools: { list } }
  return {
    name: 'things', title: 'Things', description: 'Things.', access: { type: 'none' },
    ...(connector !== undefined && { answers: connector }),
    namespaces: { things: { ...shared, ...(namespace !== undefined && { answers: namespace }) } },
  } // biome-ignore format: a declaration of no interest
}

function compiled(documented: Documented | JsonObject, answers?: Answers): Tool {
  const whole = 'openapi' in documented || 'swagger' in documented ? documented : document(documented)
  return compile(declaration(answers), whole).tools[0]!
}

const answering = (documented: Documented | JsonObject, answers?: Answers) =>
  compiled(documented, answers).answering!
const argumentsOf = (tool: Tool) => tool.inputSchema.properties
/** All that are taken; `listedOf` those that are listed. */
/** But for `*`, which every one takes. */
const fieldsOf = (tool: Tool) => schemaOf(tool, 'fields')?.items?.enum?.slice(1)
const listedOf = (tool: Tool) => argumentsOf(tool).fields?.items?.enum

function faultsOf(documented: Documented, answers: unknown): readonly string[] {
  try {
    compile(declaration(answers as Answers), document(documented))
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(StartError)
    return (error as StartError).faults
  }
}

describe('rows', () => {
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  const components: JsonObject = {
    Row: ROW,
    Page: object({ results: { type: 'array', items: ref('Row') }, total: COUNT }),
    Paged: { allOf: [object({ total: COUNT }), object({ data: { type: 'array', items: ref('Row') } })] },
    Either: { oneOf: [ref('Paged'), object({ error: TEXT })] },
    Tree: object({ id: TEXT, children: { type: 'array', items: ref('Tree') } }),
    Loop: { allOf: [ref('Loop'), ref('Page')] },
    Nullable: { anyOf: [ref('Page'), { type: 'null' }] },
  }
  const rows: [string, Json, string[] | undefined][] = [
    ['a bare list', ROWS, ['items']],
    ['a bare list of what is not said', { type: 'array' }, ['items']],
    ['a list in a member', object({ results: ROWS, total: COUNT }), ['results']],
    ['a list two deep', object({ data: object({ orders: ROWS }), meta: object({ total: COUNT }) }), ['data', 'orders']],
    ['the list that is called so', object({ warnings: ROWS, items: ROWS, links: ROWS }), ['items']],
    ['of several, none that is called so', object({ red: ROWS, blue: ROWS }), undefined],
    ['a list of texts is none', object({ tags: { type: 'array', items: TEXT }, name: TEXT }), []],
    ['a list of texts beside one of objects', object({ tags: { type: 'array', items: TEXT }, red: ROWS }), ['red']],
    ['nothing but members', object({ name: TEXT, total: COUNT }), []],
    ['an open object', { type: 'object' }, undefined],
    ['nothing', {}, undefined],
    ['true', true, undefined],
    ['a reference', ref('Page'), ['results']],
    ['a dangling reference', ref('Nobody'), undefined],
    ['allOf', ref('Paged'), ['data']],
    ['oneOf', ref('Either'), ['data']],
    ['anyOf with null', ref('Nullable'), ['results']],
    ['a schema that holds itself', ref('Tree'), ['children']],
    ['a schema that is itself', ref('Loop'), ['results']],
    ['types as a list', object({ results: { type: ['array', 'null'], items: ROW } }), ['results']],
  ] // biome-ignore format: a row a line
  it.each(rows)('%s', (_, schema, expected) =>
    expect(answering({ schema, components }).rows).toEqual(expected),
  )

  it('where the document says nothing of answers, they are looked for', () => {
    const tool = compiled({})
    expect([tool.answering, Object.keys(argumentsOf(tool))]).toEqual([{ asks: { skip: 'skip' } }, ['skip']])
  })

  it('of a path that ends in an id are parts of one record', () => {
    const tool = compiled({ path: '/things/{id}', schema: object({ id: TEXT, name: TEXT, lines: ROWS }) })
    expect(tool.answering).toEqual({ rows: ['lines'], record: true, asks: { fields: 'fields', skip: 'skip' } })
    expect(fieldsOf(tool)).toEqual(['id', 'name', 'lines', 'lines.id', 'lines.name'])
    expect(compiled({ path: '/things/{id}/lines', schema: ROWS }).answering?.record).toBeUndefined()
    expect(compiled({ path: '/reports/sales', schema: ROW }).answering).toEqual({ rows: [], record: true, asks: { fields: 'fields' } })
  }) // biome-ignore format: one story

  it('in Swagger 2.0', () => {
    const schema = {
      type: 'object',
      properties: { rows: { type: 'array', items: { $ref: '#/definitions/Row' } } },
    }
    const get = { operationId: 'listThings', summary: 'Things.', produces: ['application/json'], responses: { 200: { description: 'OK', schema, headers: { Link: TEXT } } } } // biome-ignore format: one GET
    const tool = compiled(swaggerOf({ '/things': { get } }, { definitions: { Row: ROW } }))
    expect(tool.answering).toMatchObject({ rows: ['rows'], paging: { kind: 'link' } })
    expect(fieldsOf(tool)).toEqual(['id', 'name'])
  })
})

describe('paging', () => {
  const integer = (name: string, more: JsonObject = {}) => query(name, { schema: { ...COUNT, ...more } })
  const text = (name: string) => query(name, { schema: TEXT })
  const paged = (...members: [string, Json][]) => object({ items: ROWS, ...Object.fromEntries(members) })
  const rows: [string, Documented, object | undefined, string[]?][] = [
    ['page and size', { parameters: [integer('page'), integer('pageSize')], schema: paged(['total', COUNT]) }, { kind: 'page', page: 'page', first: 1, size: 'pageSize' }, ['total']],
    ['page from 0 by its default', { parameters: [integer('page', { default: 0 })], schema: ROWS }, { kind: 'page', page: 'page', first: 0 }],
    ['page from 0 by its minimum', { parameters: [integer('page', { minimum: 0 })], schema: ROWS }, { kind: 'page', page: 'page', first: 0 }],
    ['page from 1, whatever the minimum', { parameters: [integer('page', { minimum: 0, default: 1 })], schema: ROWS }, { kind: 'page', page: 'page', first: 1 }],
    ['what the answer says of its page', { parameters: [integer('page_number')], schema: paged(['meta', object({ per_page: COUNT, has_more: { type: 'boolean' }, total_count: COUNT })]) }, { kind: 'page', page: 'page_number', first: 1, stated: ['meta', 'per_page'], more: ['meta', 'has_more'] }, ['meta', 'total_count']],
    ['DRF by page', { parameters: [integer('page'), integer('page_size')], schema: object({ count: COUNT, next: TEXT, previous: TEXT, results: ROWS }) }, { kind: 'page', page: 'page', first: 1, size: 'page_size', next: ['next'] }],
    ['DRF by offset', { parameters: [integer('limit'), integer('offset')], schema: object({ count: COUNT, next: TEXT, results: ROWS }) }, { kind: 'offset', offset: 'offset', size: 'limit', next: ['next'] }],
    ['DRF by cursor', { parameters: [text('cursor')], schema: object({ next: TEXT, results: ROWS }) }, { kind: 'cursor', cursor: 'cursor', next: ['next'] }],
    ['offset and limit', { parameters: [integer('$skip'), integer('$top')], schema: ROWS }, { kind: 'offset', offset: '$skip'.replace('$', ''), size: 'top' }],
    ['SCIM, from 1', { parameters: [integer('startIndex', { minimum: 1 }), integer('count')], schema: object({ Resources: ROWS, totalResults: COUNT, itemsPerPage: COUNT }) }, { kind: 'offset', offset: 'startIndex', first: 1, size: 'count', stated: ['itemsPerPage'] }, ['totalResults']],
    ['from, where it is a date', { parameters: [text('from')], schema: ROWS }, undefined],
    ['page, where it is a text', { parameters: [text('page')], schema: ROWS }, undefined],
    ['cursor', { parameters: [text('cursor')], schema: paged(['nextCursor', TEXT]) }, { kind: 'cursor', cursor: 'cursor', next: ['nextCursor'] }],
    ['cursor in an object', { parameters: [text('page[after]')], schema: paged(['page_info', TEXT], ['pageInfo', object({ endCursor: TEXT, hasNextPage: { type: 'boolean' } })]) }, { kind: 'cursor', cursor: 'page_after', next: ['pageInfo', 'endCursor'], more: ['pageInfo', 'hasNextPage'] }],
    ['a cursor that the answer does not tell', { parameters: [text('cursor')], schema: paged() }, undefined],
    ['the header before all', { parameters: [integer('page')], responses: json(ROWS, { headers: { LINK: { schema: TEXT } } }) }, { kind: 'link' }],
    ['an address in the answer', { schema: paged(['links', object({ next: TEXT, self: TEXT })]) }, { kind: 'link', next: ['links', 'next'] }],
    ['an address in an object of no known name', { schema: paged(['other', object({ next: TEXT })]) }, undefined],
    ['nothing', { schema: ROWS }, undefined],
    ['a page in the path', { path: '/things/{page}/rows', schema: ROWS }, undefined],
    ['a page in a header', { parameters: [{ ...integer('page'), in: 'header' }], schema: ROWS }, undefined],
    ['of one record none', { path: '/things/{id}', parameters: [integer('page')], schema: ROW }, undefined],
  ] // biome-ignore format: a row a line
  it.each(rows)('%s', (_, documented, expected, total) => {
    const found = answering(documented)
    expect([found.paging, found.total]).toEqual([expected, total])
  })
})

describe('fields', () => {
  it('are what stands at the top first, then what stands inside, lists and choices too', () => {
    const client = object({ id: TEXT, address: object({ city: object({ name: object({ x: TEXT }) }) }) })
    const row = { allOf: [object({ id: TEXT, client }), { oneOf: [object({ paid: TEXT }), object({ lines: ROWS })] }] } // biome-ignore format: one row
    expect(fieldsOf(compiled({ schema: { type: 'array', items: row } }))).toEqual(
      'id client paid lines client.id client.address lines.id lines.name client.address.city'.split(' '),
    )
  })

  it('that are listed are the innermost of a row, and the outermost of a record', () => {
    const row = object({ id: TEXT, client: object({ id: TEXT, name: TEXT }), lines: ROWS })
    const all = ['id', 'client', 'lines', 'client.id', 'client.name', 'lines.id', 'lines.name']
    const list = compiled({ schema: { type: 'array', items: row } })
    const record = compiled({ path: '/things/{id}', schema: row })
    expect([fieldsOf(list), fieldsOf(record)]).toEqual([all, all])
    expect(listedOf(list)).toEqual(['id', 'client.id', 'client.name', 'lines.id', 'lines.name'])
    expect(listedOf(record)).toEqual(['id', 'client', 'lines'])
  })

  it('are forty at most, and of names that a path can hold', () => {
    const names = Array.from({ length: 60 }, (_, at) => `f${at}`)
    const many = object(Object.fromEntries(names.map((name) => [name, TEXT])))
    expect(fieldsOf(compiled({ schema: { type: 'array', items: many } }))).toEqual(names.slice(0, 40))
    const odd = object({ 'a.b': TEXT, 'a b': TEXT, $c: TEXT, 'd-e': TEXT, '': TEXT, ['x'.repeat(41)]: TEXT, __proto: TEXT }) // biome-ignore format: one row
    expect(fieldsOf(compiled({ schema: { type: 'array', items: odd } }))).toEqual(['$c', 'd-e', '__proto'])
  })

  it('are offered where there is a choice', () => {
    expect(fieldsOf(compiled({ schema: { type: 'array', items: object({ id: TEXT }) } }))).toBeUndefined()
    expect(fieldsOf(compiled({ schema: { type: 'array', items: TEXT } }))).toBeUndefined()
    expect(fieldsOf(compiled({ schema: ROWS }, { fields: false }))).toBeUndefined()
  })

  it('of a summary come first, behind *, and are told by their number', () => {
    const tool = compiled({ schema: ROWS }, { summary: ['name'] })
    expect(tool.answering?.summary).toEqual(['name'])
    expect(argumentsOf(tool).fields).toEqual({
      type: 'array',
      items: { type: 'string', enum: ['*', 'name', 'id'] },
      description: '* for all; default the 1 after it',
    })
    expect(argumentsOf(compiled({ schema: ROWS })).fields?.description).toBe('Default all; dots lead inside')
  })

  it('take * where there is no summary too, though nobody needs it there', () => {
    const tool = compiled({ schema: ROWS })
    const read = (fields: string[]) => checkArguments(tool, { fields })
    expect([read(['*']).ok, read(['nope']).ok]).toEqual([true, false])
    expect(listedOf(tool)).toEqual(['id', 'name'])
  })

  it('that are listed are taken, however many stand inside', () => {
    const inner = Array.from({ length: 5 }, (_, at) => [`o${at}`, object({ a: TEXT, b: TEXT })])
    const plain = Array.from({ length: 25 }, (_, at) => [`f${at}`, TEXT])
    const row = object(Object.fromEntries([...inner, ...plain]))
    const tool = compiled({ schema: { type: 'array', items: row } }, { summary: ['f0'] })
    const listed = listedOf(tool) as string[]
    expect(listed).toHaveLength(36)
    expect(checkArguments(tool, { fields: listed }).ok).toBe(true)
  })

  it('of an inherited summary are of lists alone; a record has one where its own tool names it', () => {
    const get = (operationId: string, schema: Json) => ({
      get: { operationId, summary: 'Things.', responses: json(schema) },
    })
    const one = { ...get('getThing', ROW), parameters: [inPath('id', { schema: TEXT })] }
    const whole = documentOf({ '/things': get('listThings', ROWS), '/things/{id}': one })
    const declared = declaration()
    const list = { operation: 'listThings', title: 'List' }
    const summaries = (own?: string[]) => {
      const single = { operation: 'getThing', title: 'Get', ...(own && { answers: { summary: own } }) }
      const things = {
        ...declared.namespaces.things!,
        answers: { summary: ['name'] },
        tools: { list, single },
      }
      const { tools } = compile({ ...declared, namespaces: { things } }, whole)
      return tools.map(({ answering: found }) => found?.summary)
    }
    expect(summaries()).toEqual([['name'], undefined])
    expect(summaries(['id'])).toEqual([['name'], ['id']])
  })

  it('of a schema that leads to itself end', () => {
    const components = { Tree: object({ id: TEXT, up: { $ref: '#/components/schemas/Tree' } }) }
    const schema = { type: 'array', items: { $ref: '#/components/schemas/Tree' } }
    expect(fieldsOf(compiled({ schema, components }))).toEqual(['id', 'up', 'up.id', 'up.up', 'up.up.id', 'up.up.up'])
  }) // biome-ignore format: one story

  it('of schemas that lead to ever more are bounded', () => {
    const ref = (at: number) => ({ $ref: `#/components/schemas/S${at % 300}` })
    const components = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`S${at}`, { allOf: [object({ [`m${at}`]: ref(at + 1) }), { anyOf: [ref(at + 1), ref(at + 2), ref(at + 3)] }] }])) // biome-ignore format: one document
    const started = performance.now()
    expect(fieldsOf(compiled({ schema: { type: 'array', items: ref(0) }, components }))).toHaveLength(40)
    expect(performance.now() - started).toBeLessThan(3000)
  })
})

describe('formats', () => {
  const produced = (...types: string[]) => ({ responses: { 200: { description: 'OK', content: Object.fromEntries(types.map((type) => [type, type.includes('json') ? { schema: ROWS } : {}])) } } }) // biome-ignore format: one document
  it.each([
    ['made of rows', { schema: ROWS }, ['json', 'csv', 'markdown'], undefined],
    ['none of a record', { path: '/things/{id}', schema: ROW }, undefined, undefined],
    ['none where rows are not said', { schema: {} }, undefined, undefined],
    ['what the upstream serves beside JSON', produced('application/json', 'text/csv; header=present', 'text/html'), ['json', 'csv', 'markdown', 'html'], { csv: 'text/csv; header=present', html: 'text/html' }],
    ['not what it serves alone', produced('text/csv'), undefined, undefined],
    ['not what is no format', produced('application/json', 'application/pdf'), ['json', 'csv', 'markdown'], undefined],
  ])('%s', (_, documented, options, served) => {
    const tool = compiled(documented)
    expect([argumentsOf(tool).format?.enum, tool.answering?.served]).toEqual([options, served])
  }) // biome-ignore format: one row

  it('are left out where the declaration says so, but for the upstream’s', () => {
    expect(argumentsOf(compiled({ schema: ROWS }, { formats: false })).format).toBeUndefined()
    const tool = compiled(produced('application/json', 'text/csv'), { formats: false })
    expect(argumentsOf(tool).format?.enum).toEqual(['json', 'csv'])
  })
})

describe('a name that the upstream has', () => {
  it.each([
    [['fields'], { format: 'format', skip: 'skip' }],
    [['format'], { fields: 'fields', skip: 'skip' }],
    [['skip'], { fields: 'fields', format: 'format', skip: 'skipRows' }],
    [['skip', 'skipRows'], { fields: 'fields', format: 'format', skip: 'skipShownRows' }],
    [['skip', 'skipRows', 'skipShownRows'], { fields: 'fields', format: 'format' }],
    [['Fields', 'SKIP'], { fields: 'fields', format: 'format', skip: 'skip' }],
  ])('%j stays the upstream’s', (names, asks) => {
    const tool = compiled({ schema: ROWS, parameters: names.map((name) => query(name, { schema: { type: 'string', description: 'Theirs.' } })) }) // biome-ignore format: one document
    expect(tool.answering?.asks).toEqual(asks)
    for (const name of names) expect(argumentsOf(tool)[name]?.description).toBe('Theirs.')
    expect(tool.parameters.map(({ argument }) => argument)).toEqual(names)
  })

  it('under another spelling is free for ours', () => {
    const tool = compiled({ schema: ROWS, parameters: [query('skip[]', { schema: TEXT })] })
    expect(tool.parameters.map(({ argument }) => argument)).not.toContain(tool.answering?.asks.skip)
  })

  it('in two places stays theirs, whatever its arguments are called', () => {
    const twice = ['query', 'header'].map((place) => ({ ...query('fields', { schema: TEXT }), in: place }))
    expect(compiled({ schema: ROWS, parameters: twice }).answering?.asks.fields).toBeUndefined()
  })

  it('of the summary’s argument leaves all fields', () => {
    const tool = compiled(
      { schema: ROWS, parameters: [query('fields', { schema: TEXT })] },
      { summary: ['id'] },
    )
    expect(tool.answering?.summary).toBeUndefined()
  })
})

describe('a declaration', () => {
  const parameters = [
    query('at', { schema: COUNT }),
    query('n', { schema: COUNT }),
    query('mark', { schema: TEXT }),
  ]
  const schema = object({
    red: ROWS,
    blue: { type: 'array', items: object({ sku: TEXT, net: TEXT }) },
    sum: COUNT,
  })
  it.each([
    ['rows', { rows: 'blue' }, { rows: ['blue'] }],
    ['rows at the root', { rows: '' }, { rows: ['items'] }, ROWS],
    ['one record', { rows: false }, { rows: [], record: true }],
    ['the total', { total: 'meta.sum' }, { total: ['meta', 'sum'] }],
    ['the budget', { budget: 5000 }, { budget: 5000 }],
    ['pages', { paging: { kind: 'page', page: 'at', first: 0, size: 'n', stated: 'a.b', more: 'c', next: 'd.e' } }, { paging: { kind: 'page', page: 'at', first: 0, size: 'n', stated: ['a', 'b'], more: ['c'], next: ['d', 'e'] } }],
    ['offsets', { paging: { kind: 'offset', offset: 'at', first: 1 } }, { paging: { kind: 'offset', offset: 'at', first: 1 } }],
    ['cursors', { paging: { kind: 'cursor', cursor: 'mark', next: 'meta.next', more: 'meta.more' } }, { paging: { kind: 'cursor', cursor: 'mark', next: ['meta', 'next'], more: ['meta', 'more'] } }],
    ['addresses', { paging: { kind: 'link', next: 'a.b' } }, { paging: { kind: 'link', next: ['a', 'b'] } }],
  ] as [string, AnswerDeclaration, object, Json?][])('says %s', (_, answers, expected, other = schema) =>
    expect(answering({ schema: other, parameters }, answers)).toMatchObject(expected),
  ) // biome-ignore format: a row a line

  it('says that there are no pages', () => {
    const documented = { schema: ROWS, parameters: [query('page', { schema: COUNT })] }
    expect(answering(documented).paging).toBeDefined()
    expect(answering(documented, { paging: false }).paging).toBeUndefined()
  })

  it('of rows makes a list of what a path would make a record', () => {
    const found = answering(
      { path: '/groups/{id}', schema: object({ red: ROWS, name: TEXT }) },
      { rows: 'red' },
    )
    expect([found.rows, found.record]).toEqual([['red'], undefined])
  })

  it('of rows gives their fields', () =>
    expect(fieldsOf(compiled({ schema }, { rows: 'blue' }))).toEqual(['sku', 'net']))

  it.each([
    [{ rows: 'bleu' }, ['things.list: answers.rows bleu: the answer has no member bleu; did you mean blue?']],
    [{ rows: 'sum' }, ['things.list: answers.rows sum: is no list in the answer']],
    [{ rows: 'blue', summary: ['sku', 'gross'] }, ['things.list: answers.summary: the document has no field gross']],
    [{ rows: 'blue', summary: ['sku', 'ent'] }, ['things.list: answers.summary: the document has no field ent; did you mean net?']],
    [{ rows: 'blue', summary: ['sku.x'] }, []],
    [{ rows: 'blues', summary: ['sku'] }, ['things.list: answers.rows blues: the answer has no member blues; did you mean blue?']],
    [{ rows: 'blue', budget: 10, summary: ['gross'] }, ['namespaces.things.tools.list.answers.budget must be at least 1000', 'things.list: answers.summary: the document has no field gross']],
    [{ rows: 'red', summary: Array(40).fill('id') }, ['things.list: answers.summary: less than 40 fields']],
    [{ paging: { kind: 'page', page: 'p', first: 1, size: 's' } }, ['things.list: answers.paging: the tool has no argument p', 'things.list: answers.paging: the tool has no argument s']],
    [{ paging: { kind: 'cursor', cursor: 'toString', next: 'x' } }, ['things.list: answers.paging: the tool has no argument toString']],
  ])('%j: %j', (answers, faults) => expect(faultsOf({ schema, parameters }, answers)).toEqual(faults)) // biome-ignore format: a row a line

  it.each([
    [{ budget: 999 }],
    [{ budget: 10_000_001 }],
    [{ budget: 1000.5 }],
    [{ rows: true }],
    [{ paging: { kind: 'pages' } }],
    [{ paging: { kind: 'page', page: 'at' } }],
    [{ paging: { kind: 'page', page: 'at', first: 2 } }],
    [{ paging: { kind: 'cursor', cursor: 'mark', next: 'a..b' } }],
    [{ paging: { kind: 'cursor', cursor: 'mark', next: 'a.b.c.d.e.f.g' } }],
    [{ summary: [] }],
    [{ fields: true }],
    [{ formats: ['csv'] }],
    [{ total: ' ' }],
    [{ rowz: 'x' }],
    [true],
  ])('%j is refused by its member', (answers) => {
    const faults = faultsOf({ schema, parameters }, answers)
    expect(faults.length).toBeGreaterThan(0)
    for (const fault of faults) expect(fault).toMatch(/namespaces\.things\.tools\.list\.answers/)
  })
})

describe('levels', () => {
  const levels = (connector?: Answers, namespace?: Answers, tool?: Answers) =>
    compile(declaration(tool, namespace, connector), document({ schema: ROWS })).tools[0]!
  it.each([
    ['nothing', levels(), true],
    ['the connector says no', levels(false), false],
    ['the namespace says no', levels(undefined, false), false],
    ['the tool says no', levels(undefined, undefined, false), false],
    ['the tool says otherwise than the connector', levels(false, undefined, {}), true],
    ['the namespace says otherwise than the connector', levels(false, { budget: 2000 }), true],
    ['the tool says no where the connector shapes', levels({ budget: 2000 }, {}, false), false],
  ])('%s', (_, tool, shapes) => {
    expect(tool.answering !== undefined).toBe(shapes)
    expect(Object.keys(argumentsOf(tool))).toEqual(shapes ? ['fields', 'format', 'skip'] : [])
  })

  it.each([
    ['the connector’s', levels({ budget: 2000 }), 2000],
    ['the namespace’s before it', levels({ budget: 2000 }, { budget: 3000 }), 3000],
    ['the tool’s before both', levels({ budget: 2000 }, { budget: 3000 }, { budget: 4000 }), 4000],
    ['the connector’s, where the others say something else', levels({ budget: 2000 }, { formats: false }, { summary: ['id'] }), 2000],
    ['none behind a no', levels({ budget: 2000 }, false, { formats: false }), undefined],
  ])('the budget is %s', (_, tool, budget) => expect(tool.answering?.budget).toBe(budget)) // biome-ignore format: a row a line
})

describe('the budget of a deployment', () => {
  it.each(['999', '10000001', '0', '-1', 'many', '1e4', ''])('%j is refused or is the default', (value) => {
    const read = () => readSettings({ LECTERN_ANSWER_BUDGET: value, LECTERN_UPSTREAM_URL: 'http://127.0.0.1:9' })
    if (value === '') expect(read().answerBudget).toBe(38_000)
    else expect(read).toThrow(/LECTERN_ANSWER_BUDGET/)
  }) // biome-ignore format: one story

  let connector: Connector
  beforeAll(async () => {
    const { invoices, transactions } = flowtly.namespaces
    const own = { ...transactions!.tools.list!, answers: { ...(transactions!.tools.list!.answers as AnswerDeclaration), budget: 1500 } } // biome-ignore format: one tool
    const namespaces = { invoices: invoices!, transactions: { ...transactions!, tools: { list: own } } }
    const { prompts: _, ...declared } = flowtly
    const { readFileSync } = await import('node:fs')
    const flowtlyDocument = JSON.parse(readFileSync(new URL('../../openapi/flowtly.json', import.meta.url), 'utf8')) // biome-ignore format: one file
    connector = await startConnector(
      { LECTERN_ANSWER_BUDGET: '4000' },
      compile({ ...declared, namespaces }, flowtlyDocument),
    )
  })
  afterAll(() => connector.close())

  it('holds where the tool declares none', async () => {
    const length = async (name: string) => {
      const { result } = await connector.call(name, { fields: ['*'] })
      expect(JSON.parse(result.content[0].text)._lectern.shown).toBeGreaterThan(0)
      return result.content[0].text.length as number
    }
    const [invoices, transactions] = [await length('invoices.list'), await length('transactions.list')]
    expect([invoices <= 4000, invoices > 3000, transactions <= 1500, transactions > 700]).toEqual(Array(4).fill(true))
  }) // biome-ignore format: one story
})
