/** Sources of knowledge: what a declaration may say of one, how addresses are written, and what becomes of any answer. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { find, wordsAt } from '../../src/answers/spans.ts'
import type { Knowledge } from '../../src/connector/catalog.ts'
import { compile } from '../../src/connector/compile.ts'
import type { Declaration, KnowledgeDeclaration } from '../../src/connector/declaration.ts'
import { flowtly } from '../../src/connectors/flowtly.ts'
import { StartError } from '../../src/errors.ts'
import type { JsonObject } from '../../src/json.ts'
import { endpoint } from '../../src/mcp/endpoint.ts'
import { document as documentOf, results } from '../../src/mcp/knowledge-results.ts'
import { createServer } from '../../src/mcp/server.ts'
import { after, type Ports } from '../../src/ports.ts'
import { readSettings } from '../../src/settings.ts'
import { fillTitle, fillUrl, titleFault, urlFault } from '../../src/tools/citation.ts'
import { weightOf } from '../answers.ts'

const document = JSON.parse(readFileSync(new URL('../../openapi/flowtly.json', import.meta.url), 'utf8'))

const { invoices, costGroups, projects } = flowtly.namespaces
const withoutAnswers = Object.fromEntries(
  Object.entries(invoices!.tools).map(([action, { answers: _, ...tool }]) => [action, tool]),
)
const declared = (more: Partial<KnowledgeDeclaration>): Declaration => ({
  ...flowtly,
  // They count on tools that are not declared here.
  prompts: {},
  namespaces: {
    // Its summary names fields that some documents below lack.
    invoices: {
      ...invoices!,
      answers: false,
      tools: withoutAnswers,
      knowledge: { ...invoices!.knowledge!, ...more },
    },
    costGroups: costGroups!,
    projects: projects!,
  },
})

function wordsOf(json: string, path: string): string | undefined {
  const found = find(json, path === '' ? [] : path.split('.'))
  return found && wordsAt(json, found)
}

function faultsOf(declaration: Declaration, given: JsonObject = document): readonly string[] {
  try {
    compile(declaration, given)
    return []
  } catch (error) {
    if (error instanceof StartError) return error.faults
    throw error
  }
}

describe('a declaration', () => {
  it('is made plain, in the order of the namespaces, and the document says where the rows are', () => {
    const { knowledge } = compile(flowtly, document)
    expect(knowledge.map(({ namespace }) => namespace)).toEqual(['invoices', 'counterparties', 'contracts'])
    expect(knowledge[0]).toEqual({
      namespace: 'invoices', title: 'Invoices', list: 'invoices.list', query: 'q', rows: 'items', get: 'invoices.get',
      id: 'invoiceId', record: '', idField: 'id', label: '{number} {counterparty.name}',
      url: 'https://workspace.flowtly.eu/invoices/{id}', updated: 'updatedAt', date: 'issuedOn', results: 20,
    }) // biome-ignore format: one value
  })

  const at = 'invoices: knowledge.'
  it.each<[string, Partial<KnowledgeDeclaration>, string[]]>([
    ['a tool that is not there', { list: 'lst' }, [`${at}list: there is no tool invoices.lst; did you mean list?`]],
    ['a tool of another namespace', { get: 'projects.list' }, [`${at}get: there is no tool invoices.projects.list`]],
    ['a prototype’s member', { get: 'constructor' }, [`${at}get: there is no tool invoices.constructor`]],
    ['an argument that is not there', { query: 'query' }, [`${at}query: invoices.list has no argument query`]],
    ['an argument that is no text', { query: 'minAmount' }, [`${at}query: the argument minAmount of invoices.list takes no text`]],
    ['an argument of listed values', { query: 'direction' }, [`${at}query: the argument direction of invoices.list takes no text`]],
    ['an id that is not the argument', { id: 'id' }, [`${at}id: invoices.get has no argument id; did you mean invoiceId?`, `${at}id: invoices.get needs invoiceId too`]],
    ['a member that rows lack', { title: '{numbr}' }, [`${at}title: numbr: invoices.list: the answer has no member numbr; did you mean number?`, `${at}title: numbr: invoices.get: the answer has no member numbr; did you mean number?`]],
    ['a member that rows alone lack', { title: '{paymentReference}' }, [`${at}title: paymentReference: invoices.list: the answer has no member paymentReference`]],
    ['a member inside one', { title: '{counterparty.nam}' }, [`${at}title: counterparty.nam: invoices.list: the answer has no member nam; did you mean name?`, `${at}title: counterparty.nam: invoices.get: the answer has no member nam; did you mean name?`]],
    ['another id’s member', { idField: 'uuid' }, [`${at}idField: uuid: invoices.list: the answer has no member uuid; did you mean id?`]],
    ['metadata that is not there', { updated: 'changedAt' }, [`${at}updated: changedAt: invoices.get: the answer has no member changedAt`]],
    ['rows that are none', { rows: 'total' }, [`${at}rows total: is no list in the answer`]],
    ['rows elsewhere', { rows: 'data' }, [`${at}rows data: the answer has no member data`]],
    ['a record elsewhere', { record: 'data' }, [`${at}record data: the answer has no member data`]],
    ['a title of plain words', { title: 'Invoice' }, [`${at}title Invoice names no member of the record, such as {name}`]],
    ['no https', { url: 'http://workspace.flowtly.eu/{id}' }, [`${at}url http://workspace.flowtly.eu/{id} must begin with https://, a host without user or variable, and a slash`]],
    ['no results', { results: 0 }, ['namespaces.invoices.knowledge.results must be at least 1']],
    ['too many results', { results: 101 }, ['namespaces.invoices.knowledge.results must be at most 100']],
    ['a path that is none', { idField: 'a..b' }, ['namespaces.invoices.knowledge.idField is not a dotted path of at most six members']],
    ['nothing wrong', { title: '{number} {counterparty.name} {project.name}', rows: 'items', results: 100 }, []],
  ])('%s', (_, more, faults) => {
    expect(faultsOf(declared(more))).toEqual(faults)
  }) // biome-ignore format: one row a line

  it('a list of several lists needs rows to be named, and one that stands alone does not', () => {
    const rows = (schema: JsonObject, more: Partial<KnowledgeDeclaration> = {}) => {
      const changed = structuredClone(document)
      changed.paths['/v1/invoices'].get.responses['200'].content['application/json'].schema = schema
      const declaration = declared({ title: '{number}', ...more })
      const faults = faultsOf(declaration, changed)
      return faults.length > 0 ? faults : compile(declaration, changed).knowledge[0]!.rows
    }
    const list = { type: 'array', items: { type: 'object', properties: { id: {}, number: {} } } }
    const lacking = [
      'invoices: knowledge.rows is missing: the document does not say which list in the answer of invoices.list is meant',
    ]
    expect(rows(list)).toBe('items')
    expect(rows({ type: 'object', properties: { data: list, total: {} } })).toBe('data')
    expect(
      rows({ allOf: [{ type: 'object', properties: { rows: list } }, { properties: { page: {} } }] }),
    ).toBe('rows')
    expect(rows({ type: 'object', properties: { one: list, other: list } })).toEqual(lacking)
    expect(rows({ type: 'object', properties: { one: list, other: list } }, { rows: 'other' })).toBe('other')
    expect(rows({})).toEqual(lacking)
    expect(rows({}, { rows: 'any.where' })).toBe('any.where')
    expect(rows({ $ref: '#/components/schemas/Nowhere' }, { rows: 'x' })).toBe('x')
  })

  it('a document that refers to itself for ever is looked at for a while', () => {
    const changed = structuredClone(document)
    changed.components.schemas.InvoicePage = {
      allOf: [{ $ref: '#/components/schemas/InvoicePage' }, { $ref: '#/components/schemas/InvoicePage' }],
    }
    expect(faultsOf(declared({ rows: 'items' }), changed)).toEqual([])
  })
})

describe('the address of a record', () => {
  it.each([
    ['https://app.example/{id}', undefined],
    ['https://app.example/a/b?x={id}&y=1', undefined],
    ['https://app.example:8443/{a.b}', undefined],
    ['https://{id}.example/', 'must begin'],
    ['https://user@app.example/{id}', 'must begin'],
    ['https://app.example{id}/', 'must begin'],
    ['javascript:alert({id})', 'must begin'],
    ['//app.example/{id}', 'must begin'],
    ['https://app.example/#/{id}', 'must not have a fragment'],
    ['https://app.example/x', 'names no member'],
    ['https://app.example/{id', 'holds a brace'],
    ['https://app.example/{{id}}', 'holds a brace'],
    ['https://app.example/a/../{id}', 'is not spelled'],
    ['https://APP.example/{id}', 'is not spelled'],
    ['https://app.example/ü/{id}', 'is not spelled'],
  ])('%s', (template, fault) => {
    const found = urlFault(template)
    expect(fault === undefined ? found : found?.startsWith(fault)).toBe(
      fault === undefined ? undefined : true,
    )
  })

  it.each([
    ['inv_1', 'https://a.example/x/inv_1/z'],
    ['a/b?c#d', 'https://a.example/x/a%2Fb%3Fc%23d/z'],
    ['../../evil', 'https://a.example/x/..%2F..%2Fevil/z'],
    ['..', ''],
    ['.', ''],
    ['%2e%2e', 'https://a.example/x/%252e%252e/z'],
    ['@evil.example', 'https://a.example/x/%40evil.example/z'],
    ['a\nb', 'https://a.example/x/a%0Ab/z'],
    ['\ud800', 'https://a.example/x/%EF%BF%BD/z'],
    ['', ''],
    [undefined, ''],
    ['x'.repeat(3000), ''],
  ])('with %j for its id stays where the template leads', (id, url) => {
    expect(fillUrl('https://a.example/x/{id}/z', () => id)).toBe(url)
  })

  it('a title is one line of 200 characters and a sign that there were more, with nothing in it that a person cannot see', () => {
    const values: Record<string, string> = { a: 'one\n two\u200b\u202e', b: 'x'.repeat(500) }
    expect(fillTitle('{a} – {c}', (name) => values[name])).toBe('one two –')
    expect(fillTitle('{c} {d}', (name) => values[name])).toBe('')
    expect([...fillTitle('{a} {b}', (name) => values[name])].length).toBe(201)
    expect(titleFault('{a} }')).toContain('brace')
  })
})

describe('JSON without arithmetic', () => {
  it.each([
    ['{"id":12345678901234567890}', 'id', '12345678901234567890'],
    ['{"a":{"b":-0.10e+2}}', 'a.b', '-0.10e+2'],
    ['{"a":"1"}', 'a', '1'],
    ['{"a\\"1":2,"b":"\\\\","c":[3,{"d":4}]}', 'b', '\\'],
    ['{"a":true}', 'a', 'true'],
    ['{"a":null}', 'a', undefined],
    ['{"a":[1]}', 'a', undefined],
    ['{"a":{"b":1}}', 'a', undefined],
    ['{"a":1}', 'a.b', undefined],
    ['{"__proto__":{"b":"x"}}', '__proto__.b', 'x'],
    ['{}', 'constructor.name', undefined],
    ['{}', '__proto__', undefined],
    ['"x"', 'length', undefined],
  ])('%s at %s', (json, path, expected) => {
    expect(wordsOf(json, path)).toBe(expected)
  })

  it('reads a string of millions of escapes in a moment', () => {
    const started = performance.now()
    expect(wordsOf(`{"a":"${'\\\\\\"'.repeat(1_000_000)}","b":7}`, 'b')).toBe('7')
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('an answer', () => {
  const source: Knowledge = {
    namespace: 'things', title: 'Things', list: 'things.list', query: 'q', rows: 'items', get: 'things.get', id: 'id',
    record: '', idField: 'id', label: '{name}', url: 'https://a.example/{id}', results: 2,
  } // biome-ignore format: one value

  it.each<[string, Partial<Knowledge>, string, unknown]>([
    ['rows', {}, '{"items":[{"id":"a","name":"A"}]}', [{ id: 'things:a', title: 'A', url: 'https://a.example/a' }]],
    ['ids of nineteen digits', {}, '{"items":[{"id":1234567890123456789}]}', [{ id: 'things:1234567890123456789', title: 'things 1234567890123456789', url: 'https://a.example/1234567890123456789' }]],
    ['more rows than may be', {}, '{"items":[{"id":"a"},{"id":"b"},{"id":"c"}]}', [expect.objectContaining({ id: 'things:a' }), expect.objectContaining({ id: 'things:b' })]],
    ['rows without id', {}, '{"items":[{"name":"A"},null,5,"x",{"id":null},{"id":{}},{"id":""}]}', []],
    ['an id that a person would not see', {}, '{"items":[{"id":"a\\u200b"}]}', []],
    ['an id of half a character, which strict readers of JSON refuse', {}, '{"items":[{"id":"a\\ud800"}]}', []],
    ['an id without end', { results: 1 }, `{"items":[{"id":"${'x'.repeat(201)}"}]}`, []],
    ['a value that its address lacks', { url: 'https://a.example/{slug}' }, '{"items":[{"id":"a","name":"A"}]}', [{ id: 'things:a', title: 'A', url: '' }]],
    ['another member for the id', { idField: 'meta.key' }, '{"items":[{"id":"no","meta":{"key":"k"}}]}', [{ id: 'things:k', title: 'things k', url: 'https://a.example/k' }]],
    ['a list alone, as it is framed', { rows: 'items' }, '{"items":[{"id":"a","name":"A"}]}', [{ id: 'things:a', title: 'A', url: 'https://a.example/a' }]],
    ['no list', {}, '{"items":{"id":"a"}}', undefined],
    ['nothing', {}, '{"value":null}', undefined],
  ])('of a list: %s', (_, more, json, expected) => {
    const told = results({ ...source, ...more }, json, 9000) as { results: object[] } | undefined
    expect(told?.results.slice(0, 2)).toEqual(expected)
    if (told) expect(Object.keys(told)).toEqual(['results'])
  }) // biome-ignore format: one row a line

  it.each([
    [0, 0],
    [14, 0],
    [40, 0],
    [80, 1],
    [200, 2],
    [300, 3],
    [9000, 9],
  ])('of a list, in %i characters, is as many of the first as fit', (room, expected) => {
    const json = `{"items":[${[...'abcdefghi'].map((id) => `{"id":"${id}","name":"\\"${id}\\""}`)}]}`
    const told = results({ ...source, results: 20 }, json, room) as { results: { id: string }[] }
    expect(told.results.map(({ id }) => id.slice(7)).join('')).toBe('abcdefghi'.slice(0, expected))
    expect(room < 20 || weightOf(JSON.stringify(told)) <= room).toBe(true)
  })

  it('of a record: text as it is shown, metadata of what is there', () => {
    const json = '{"data":{"name":"A","at":20260101,"on":null,"amount":12.10}}'
    const whole = { ...source, record: 'data', updated: 'at', date: 'on' }
    expect(documentOf(whole, 'a b', json, () => '{"shown":1}')).toEqual({
      id: 'things:a b',
      title: 'A',
      text: '{"shown":1}',
      url: 'https://a.example/a%20b',
      metadata: { namespace: 'things', updated: '20260101' },
    })
    expect(documentOf({ ...whole, record: 'gone' }, 'a', json, () => json)).toBeUndefined()
  })
})

it('a search whose first result is too long with its address tells it without, and not that there is none', () => {
  const source = { ...compile(flowtly, document).knowledge[0]!, url: 'https://a.example/{id}/{slug}' }
  const slugs = [...'abc'].map((id) => ({ id, number: id, slug: 's'.repeat(1500) }))
  const told = results(source, JSON.stringify({ items: slugs }), 1000)
  expect(told).toEqual({ results: [{ id: 'invoices:a', title: 'a', url: '' }] })
})

describe('an upstream that answers otherwise than its document says', () => {
  const body = new TextEncoder().encode('{"rows":[]}')
  const get: Ports['get'] = async () => ({ status: 200, header: () => 'application/json', body })
  const ports: Ports = { get, now: () => 0, random: () => 0.5, id: () => 'id', after, log: () => {} }
  const server = createServer(compile(flowtly, document), readSettings({}), ports)

  it.each([
    ['invoices_list', true],
    ['invoices.list', false],
  ])('is told by the name %s, by which the caller has the tool', async (name, refusesDots) => {
    const call = { name: 'search', arguments: { query: 'studio' } }
    const request = new Request('http://localhost/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call }),
    })
    const caller = { scopes: 'all' as const, headers: {}, refusesDots }
    const answer = await endpoint({ request, caller, server, entry: {} })
    const { error } = (await answer.json()) as { error: { message: string } }
    expect(error.message).toContain(`Flowtly answered ${name} with something else than its document says`)
  })
})
