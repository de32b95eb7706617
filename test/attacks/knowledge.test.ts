/** Ids and prefixes that a stranger wrote lead to no other record, no other tool and no prototype. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compile } from '../../src/connector/compile.ts'
import { type Connector, startConnector } from '../connector.ts'

/** Ids without a pattern, as many APIs have them: nothing but our own writing keeps a value in its place. */
const parameter = (name: string, place: string) => ({
  name,
  in: place,
  required: place === 'path',
  schema: { type: 'string' },
  description: `The ${name}.`,
})
const answer = (schema: object) => ({
  200: { description: 'OK', content: { 'application/json': { schema } } },
})
const invoice = { type: 'object', properties: { id: { type: 'string' }, number: { type: 'string' } } }
const catalog = compile(
  {
    name: 'books',
    title: 'Books',
    description: 'Books.',
    access: { type: 'apiKey' },
    namespaces: {
      invoices: {
        title: 'Invoices',
        description: 'Invoices.',
        tools: {
          list: { operation: 'list', title: 'List', description: 'Invoices.' },
          get: { operation: 'get', title: 'Get', description: 'An invoice.' },
        },
        knowledge: { list: 'list', query: 'q', get: 'get', id: 'id', title: '{number}', url: 'https://books.example/i/{id}' },
      },
    },
  },
  {
    openapi: '3.1.0',
    info: { title: 'Books', version: '1' },
    servers: [{ url: 'https://books.example' }],
    paths: {
      '/v1/invoices': { get: { operationId: 'list', parameters: [parameter('q', 'query')], responses: answer({ type: 'object', properties: { items: { type: 'array', items: invoice } } }) } },
      '/v1/invoices/{id}': { get: { operationId: 'get', parameters: [parameter('id', 'path')], responses: answer(invoice) } },
    },
  },
) // biome-ignore format: a small document

let connector: Connector
beforeAll(async () => {
  connector = await startConnector({ LECTERN_KNOWLEDGE: 'on' }, catalog)
})
afterAll(() => connector.close())

it.each([
  'invoices:..', 'invoices:.', 'invoices:', ':inv_1', 'inv_1', 'constructor:x', '__proto__:x', 'toString:x', 'hasOwnProperty:x',
  'Invoices:inv_000123', 'invoices.get:x', 'taxGroups:tax_000001', ' invoices:inv_000123', `invoices:${'x'.repeat(600)}`,
])('fetch %j asks nothing', async (id) => {
  const before = connector.sandbox.requests.length
  const { result } = await connector.call('fetch', { id })
  expect(result.isError).toBe(true)
  expect(connector.sandbox.requests).toHaveLength(before)
}) // biome-ignore format: one list

it.each([
  ['invoices:../x', '/v1/invoices/..%2Fx'],
  ['invoices:../../status', '/v1/invoices/..%2F..%2Fstatus'],
  ['invoices:inv_000123?x=1#y', '/v1/invoices/inv_000123%3Fx%3D1%23y'],
  ['invoices:%2e%2e', '/v1/invoices/%252e%252e'],
  ['invoices:a:b', '/v1/invoices/a%3Ab'],
  ['invoices:\\..\\x', '/v1/invoices/%5C..%5Cx'],
])('fetch %j stays in its segment, or asks nothing', async (id, path) => {
  const before = connector.sandbox.requests.length
  const { result } = await connector.call('fetch', { id })
  expect(result.isError).toBe(true)
  const sent = connector.sandbox.requests.slice(before).map((each) => each.path)
  expect(sent.filter((each) => each !== path)).toEqual([])
})

it.each([
  ['constructor: x', 'constructor%3A%20x'],
  ['__proto__: x', '__proto__%3A%20x'],
  ['taxGroups: x&page=9', 'taxGroups%3A%20x%26page%3D9'],
  ['invoices: a&b#c', 'a%26b%23c'],
  ['invoices: invoices: a', 'invoices%3A%20a'],
])('search %j is one GET of the one list, and its words stay words', async (query, sent) => {
  const before = connector.sandbox.requests.length
  await connector.call('search', { query })
  expect(connector.sandbox.requests.slice(before).map(({ path }) => path)).toEqual([`/v1/invoices?q=${sent}`])
})

it.each([
  [{ query: ['a'] }],
  [{ query: { toString: 'x' } }],
  [{ query: null }],
  ['x'],
  [{ __proto__: null, constructor: 'x' }],
])('search with the arguments %j asks nothing', async (args) => {
  const before = connector.sandbox.requests.length
  const { result } = await connector.call('search', args as object)
  expect(result.isError).toBe(true)
  expect(connector.sandbox.requests).toHaveLength(before)
})
