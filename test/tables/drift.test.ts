/** What a newer document changes for those who call a tool: breaking, additive, words, or nothing. */
import { describe, expect, it } from 'vitest'
import { defineConnector } from '../../src/connector/declaration.ts'
import { type Drift, drift } from '../../src/drift/drift.ts'
import { fieldsOf } from '../../src/drift/fields.ts'
import type { JsonObject } from '../../src/json.ts'

const shop = defineConnector({
  name: 'shop',
  title: 'Shop',
  description: 'Orders of one shop.',
  access: { type: 'apiKey' },
  namespaces: {
    orders: {
      title: 'Orders',
      description: 'Orders.',
      defaults: { pageSize: 10 },
      tools: {
        list: { operation: 'listOrders', title: 'List orders', description: 'Orders.', omit: ['hidden'] },
      },
    },
  },
})

const parameter = (name: string, schema: JsonObject, more: JsonObject = {}): JsonObject => ({
  name,
  in: 'query',
  schema,
  ...more,
})
const text = { type: 'string' }
const STATE = { type: 'string', enum: ['open', 'paid'] }
/** Two kinds of value. */
const EITHER = {
  anyOf: [{ type: 'object', properties: { after: text }, required: ['after'] }, { type: 'integer' }],
}
const PARAMETERS: JsonObject[] = [
  parameter('state', STATE),
  parameter('since', { type: 'string', format: 'date' }),
  parameter('limit', { type: 'integer', minimum: 1, maximum: 100, default: 20 }),
  parameter('name', { type: 'string', maxLength: 40 }),
  parameter('pageSize', { type: 'integer' }),
  parameter('hidden', text),
  parameter(
    'filter',
    { type: 'object', properties: { city: text, zip: text }, required: ['city'] },
    { style: 'deepObject', explode: true },
  ),
  parameter('ids', { type: 'array', items: text }),
  parameter('id', EITHER),
]
const ORDER: JsonObject = {
  type: 'object',
  description: 'One order.',
  required: ['id'],
  properties: {
    id: { type: 'integer' },
    total: { type: 'object', properties: { amount: { type: 'number' }, currency: text } },
    state: STATE,
    due: { type: 'string', format: 'date' },
    note: { type: ['string', 'null'] },
    parent: { $ref: '#/components/schemas/Order' },
  },
}

interface Parts {
  parameters?: JsonObject[]
  order?: JsonObject
  operation?: JsonObject
  path?: string
  method?: string
  server?: string
  media?: string
}

function document({
  path = '/orders',
  method = 'get',
  server = 'https://shop.example/v1',
  ...parts
}: Parts = {}): JsonObject {
  const { parameters = PARAMETERS, order = ORDER, media = 'application/json', operation = {} } = parts
  const list = { type: 'array', items: { $ref: '#/components/schemas/Order' } }
  return {
    openapi: '3.1.0',
    info: { title: 'Shop', version: '1' },
    servers: [{ url: server }],
    paths: {
      [path]: {
        [method]: {
          operationId: 'listOrders',
          summary: 'Orders',
          parameters,
          responses: { 200: { description: 'OK', content: { [media]: { schema: list } } } },
          ...operation,
        },
      },
    },
    components: { schemas: { Order: order } },
  }
}

/** The parameters with one schema in place of another, or with one more. */
const altered = (name: string, schema: JsonObject, more: JsonObject = {}): Parts => ({
  parameters: PARAMETERS.map((each) => (each.name === name ? { ...each, schema, ...more } : each)),
})
const with_ = (...more: JsonObject[]): Parts => ({ parameters: [...PARAMETERS, ...more] })
const without = (name: string): Parts => ({ parameters: PARAMETERS.filter((each) => each.name !== name) })
const member = (name: string, schema: JsonObject | undefined): Parts => {
  const { [name]: _, ...rest } = ORDER.properties as JsonObject
  return { order: { ...ORDER, properties: schema === undefined ? rest : { ...rest, [name]: schema } } }
}

const told = (changes: Drift[]) => changes.map(({ level, told }) => `${level}: ${told}`)

describe('a newer document', () => {
  it.each<[string, Parts, string[]]>([
    ['that is the same', {}, []],
    ['with its parameters in another order', { parameters: PARAMETERS.toReversed() }, []],
    ['with an enum in another order', altered('state', { enum: ['paid', 'open'], type: 'string' }), []],
    [
      'without the operation',
      { operation: { operationId: 'orders' } },
      ['breaking: the document has no operation listOrders; did you mean GET /orders?'],
    ],
    [
      'whose operation is no GET',
      { method: 'post' },
      ['breaking: listOrders is POST, and only GET is ever sent'],
    ],
    ['with another path', { path: '/v2/orders' }, ['breaking: its path was "/orders" and is "/v2/orders"']],
    [
      'with another server',
      { server: 'https://evil.example' },
      ['breaking: the base URL was https://shop.example/v1 and is https://evil.example/'],
    ],
    [
      'with a new required parameter',
      with_(parameter('region', text, { required: true })),
      ['breaking: "region" is new, and required'],
    ],
    [
      'with a new optional parameter',
      with_(parameter('region', text)),
      ['additive: "region" is new, and optional'],
    ],
    ['without a parameter', without('since'), ['breaking: "since" is no longer taken']],
    ['without one that the tool omits', without('hidden'), []],
    [
      'with a parameter in a header',
      { parameters: PARAMETERS.map((each) => (each.name === 'name' ? { ...each, in: 'header' } : each)) },
      ['breaking: "name" moved from query to header'],
    ],
    [
      'with a parameter that is required now',
      altered('since', { type: 'string', format: 'date' }, { required: true }),
      ['breaking: "since" is now required'],
    ],
    [
      'with one that a default fills',
      altered('pageSize', { type: 'integer' }, { required: true }),
      ['additive: "pageSize" is now required, and the declaration’s default fills it'],
    ],
    [
      'with another style',
      altered('ids', { type: 'array', items: text }, { explode: false }),
      ['breaking: "ids": explode was true and is false'],
    ],
    [
      'with a narrower enum',
      altered('state', { type: 'string', enum: ['open'] }),
      ['breaking: "state" takes "paid" no longer'],
    ],
    [
      'with a wider enum',
      altered('state', { type: 'string', enum: ['open', 'paid', 'late'] }),
      ['additive: "state" also takes "late"'],
    ],
    [
      'with an enum on what was any text',
      altered('name', { type: 'string', maxLength: 40, enum: ['a'] }),
      ['breaking: "name" takes only ["a"]'],
    ],
    [
      'without an enum',
      altered('state', text),
      ['additive: "state" takes other values than ["open","paid"]'],
    ],
    ['with another type', altered('limit', text), ['breaking: "limit" was integer and is string']],
    [
      'with number for integer',
      altered('pageSize', { type: 'number' }),
      ['additive: "pageSize" was integer and is number'],
    ],
    [
      'with integer for number',
      altered('pageSize', { type: 'integer', multipleOf: 5 }),
      ['breaking: "pageSize": multipleOf was none and is 5'],
    ],
    [
      'with a lower maximum',
      altered('limit', { type: 'integer', minimum: 1, maximum: 50, default: 20 }),
      ['breaking: "limit": maximum was 100 and is 50'],
    ],
    [
      'with a higher maximum',
      altered('limit', { type: 'integer', minimum: 1, maximum: 500, default: 20 }),
      ['additive: "limit": maximum was 100 and is 500'],
    ],
    [
      'with a higher minimum',
      altered('limit', { type: 'integer', minimum: 5, maximum: 100, default: 20 }),
      ['breaking: "limit": minimum was 1 and is 5'],
    ],
    [
      'with another default',
      altered('limit', { type: 'integer', minimum: 1, maximum: 100, default: 50 }),
      ['breaking: "limit": the default was 20 and is 50'],
    ],
    [
      'with a pattern',
      altered('name', { type: 'string', maxLength: 40, pattern: '^a' }),
      ['breaking: "name": pattern was none and is "^a"'],
    ],
    ['without a format', altered('since', text), ['additive: "since": format was "date" and is none']],
    [
      'with a member more of an object',
      altered('filter', {
        type: 'object',
        properties: { city: text, zip: text, street: text },
        required: ['city'],
      }),
      ['additive: "filter".street is new'],
    ],
    [
      'with a member less',
      altered('filter', { type: 'object', properties: { city: text }, required: ['city'] }),
      ['breaking: "filter".zip is no longer taken'],
    ],
    [
      'with a member that is required',
      altered('filter', { type: 'object', properties: { city: text, zip: text }, required: ['city', 'zip'] }),
      ['breaking: "filter".zip is now required'],
    ],
    [
      'with other items',
      altered('ids', { type: 'array', items: { type: 'integer' } }),
      ['breaking: "ids"[] was string and is integer'],
    ],
    [
      'with a choice less',
      altered('id', { anyOf: [{ type: 'integer' }] }),
      ['breaking: "id" takes object no longer, or not all of it'],
    ],
    [
      'without a field',
      member('due', undefined),
      ['breaking: it no longer answers [].due', 'breaking: it no longer answers [].parent.due'],
    ],
    [
      'with a new field',
      member('paid', { type: 'object', properties: { on: text } }),
      ['additive: it also answers [].paid', 'additive: it also answers [].parent.paid'],
    ],
    ['with a field of another type', member('id', text), ['breaking: [].id was integer and is string']],
    [
      'with a field of another format',
      member('due', { type: 'string', format: 'date-time' }),
      ['breaking: [].due was string(date) and is string(date-time)'],
    ],
    [
      'with a field that may be null',
      member('state', { type: ['string', 'null'], enum: ['open', 'paid'] }),
      ['breaking: [].state was string and is null or string'],
    ],
    [
      'with a field that is never null',
      member('note', text),
      ['additive: [].note was null or string and is string'],
    ],
    [
      'with a field that may be absent',
      { order: { ...ORDER, required: [] } },
      ['breaking: [].id may be absent now'],
    ],
    [
      'with other values of a field',
      member('state', { type: 'string', enum: ['open'] }),
      ['additive: [].state has other values than before'],
    ],
    [
      'that answers another type',
      { media: 'text/csv' },
      [
        'breaking: it no longer answers application/json',
        'additive: it also answers text/csv',
        'breaking: it no longer answers its answer',
      ],
    ],
    ['in other words', { operation: { summary: 'All orders' } }, ['words: its words changed']],
    [
      'in other words about a field',
      { order: { ...ORDER, description: 'An order.' } },
      ['words: its words changed'],
    ],
    [
      'in other words about a parameter',
      altered('name', { type: 'string', maxLength: 40, description: 'Who.' }),
      ['words: its words changed'],
    ],
    [
      'that cannot be read',
      { server: 'https://shop.example/v1', operation: { parameters: [{ $ref: '#/nowhere' }] } },
      ['breaking: $ref #/nowhere points nowhere'],
    ],
  ])('%s', (_, parts, expected) => {
    const changes = told(drift(shop, document(), document(parts)))
    // What recurs is told where it begins and once inside: the second tells nothing new.
    expect(changes.filter((each) => !each.includes('.parent.'))).toEqual(
      expected.filter((each) => !each.includes('.parent.')),
    )
  })

  it('names the tool and the operation of each change', () => {
    const [change] = drift(shop, document(), document(without('since')))
    expect(change).toMatchObject({ tool: 'orders.list', operation: 'listOrders', level: 'breaking' })
  })

  it('is told even where it is no document at all', () => {
    expect(told(drift(shop, document(), {}))[0]).toMatch(/^breaking: the document cannot be read: /)
  })
})

it('names of any length are compared at once', () => {
  const members = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`p${at}`, { type: 'string' }]))
  const answer = {
    type: 'object',
    properties: { ['k'.repeat(100_000)]: { type: 'object', properties: members } },
  }
  const began = performance.now()
  const fields = fieldsOf(answer, (node) => node)
  expect([...fields].map(([path, { types }]) => [path.length, types])).toEqual([
    [0, ['object']],
    [504, ['more']],
  ])
  expect(performance.now() - began).toBeLessThan(1000)
})
