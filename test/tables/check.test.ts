/** What a model gets wrong about arguments is mended where that is safe, and otherwise told in words it can act on. */
import { describe, expect, it } from 'vitest'
import { clientSchema } from '../../src/document/schema.ts'
import type { Json, Schema } from '../../src/json.ts'
import { checkArguments } from '../../src/tools/check.ts'
import type { Tool } from '../../src/tools/tool.ts'

function toolOf(properties: Record<string, Schema>, required: string[] = [], defaults = {}): Tool {
  return {
    name: 'things.list',
    namespace: 'things',
    title: 'List things',
    description: 'Things.',
    scopes: [],
    inputSchema: { type: 'object', properties, required, additionalProperties: false },
    operation: 'listThings',
    path: '/things',
    parameters: [],
    defaults,
    accept: 'application/json',
    produces: [],
  }
}

/** The arguments that are used for `given`, or what is told instead. */
function checked(tool: Tool, given: Json | undefined): unknown {
  const result = checkArguments(tool, given)
  return result.ok ? result.args : result.problem.replace('things.list was not called. ', '')
}

const STATUS: Schema = { type: 'string', enum: ['draft', 'sent', 'paid'] }
const RANGE: Schema = {
  type: 'object',
  properties: { min: { type: 'number' }, max: { type: 'number' } },
  required: ['min'],
}
const PRICE: Schema = { ...RANGE, additionalProperties: false }

describe('one argument `x`', () => {
  const rows: [string, Schema, Json, unknown][] = [
    ['a string', { type: 'string' }, 'a', 'a'],
    ['a whole number as a string', { type: 'string' }, 7, '7'],
    ['a fraction as a string', { type: 'string' }, 1.5, 'x must be a string, not 1.5'],
    ['digits beyond 2^53 as a number', { type: 'string' }, 2 ** 53, 'x must be a string, not 9007199254740992'],
    ['a lone surrogate', { type: 'string' }, '\ud800', 'x must be a string, not "\\ud800"'],
    ['an object for a string', { type: 'string' }, { a: 1 }, 'x must be a string, not {"a":1}'],
    ['a long value', { type: 'integer' }, 'y'.repeat(99), `x must be a whole number, not "${'y'.repeat(59)}…`],
    ['too short', { type: 'string', minLength: 2 }, 'a', 'x must be at least 2 characters, not "a"'],
    ['too long', { type: 'string', maxLength: 2 }, 'abc', 'x must be at most 2 characters, not "abc"'],
    ['one emoji is one character', { type: 'string', maxLength: 1 }, '😀', '😀'],
    ['a text too long for its pattern', { type: 'string', pattern: '^[a-z./]*$' }, '../'.repeat(400), `x must be a string matching ^[a-z./]*$, not "${'../'.repeat(19)}..…`],
    ['a pattern that could take ages, left to the upstream', { type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(40)}!`, `${'a'.repeat(40)}!`],
    ['a pattern of many repeats, left to the upstream', { type: 'string', pattern: '^\\w*\\w*\\w*\\w*!$' }, 'a'.repeat(900), 'a'.repeat(900)],
    ['a pattern', { type: 'string', pattern: '^[A-Z]{3}$' }, 'eur', 'x must be a string matching ^[A-Z]{3}$, not "eur"'],
    ['a pattern that is no expression', { type: 'string', pattern: '(' }, 'a', 'a'],
    ['a date', { type: 'string', format: 'date' }, '2026-02-28', '2026-02-28'],
    ['a date of another country', { type: 'string', format: 'date' }, '28.02.2026', 'x must be a date as YYYY-MM-DD, not "28.02.2026"'],
    ['a month that is none', { type: 'string', format: 'date' }, '2026-13-01', 'x must be a date as YYYY-MM-DD, not "2026-13-01"'],
    ['a time', { type: 'string', format: 'date-time' }, '2026-06-30T12:00:00+02:00', '2026-06-30T12:00:00+02:00'],
    ['a date for a time', { type: 'string', format: 'date-time' }, '2026-06-30', 'x must be a date and time as 2026-06-30T12:00:00Z, not "2026-06-30"'],
    ['a format left to the upstream', { type: 'string', format: 'uuid' }, 'no', 'no'],
    ['an option', STATUS, 'paid', 'paid'],
    ['nearly an option', STATUS, 'Sent ', 'x must be one of "draft", "sent", "paid", not "Sent "; did you mean "sent"?'],
    ['no option', STATUS, 'overdue', 'x must be one of "draft", "sent", "paid", not "overdue"'],
    ['an option among two types', clientSchema({ type: ['string', 'integer'], enum: ['a', 1] }, (node) => node), 'zzz', 'x must be one of "a", "1", not "zzz"'],
    ['an integer', { type: 'integer' }, 5, 5],
    ['digits keep their spelling', { type: 'number' }, '12.10', '12.10'],
    ['19 digits in a string', { type: 'integer' }, '9223372036854775807', '9223372036854775807'],
    ['19 digits as a number', { type: 'integer' }, 2 ** 60, 'x must be a whole number of up to 15 digits, or its digits as a string, not 1152921504606847000'],
    ['19 digits of a member that nothing is said of', { type: 'object' }, { id: [2 ** 60] }, 'x.id[0] must be a number of up to 15 digits, or its digits as a string, not 1152921504606847000'],
    ['19 digits in the JSON text of an object', { type: 'object' }, '{"id":9007199254740993}', 'x.id must be a number of up to 15 digits, or its digits as a string, not 9007199254740992'],
    ['members that nothing is said of', { type: 'object' }, { a: [1, 1.5, null, true, 'b', { c: {} }] }, { a: [1, 1.5, null, true, 'b', { c: {} }] }],
    ['spaces around digits', { type: 'integer' }, ' 5 ', '5'],
    ['a fraction for an integer', { type: 'integer' }, 1.5, 'x must be a whole number, not 1.5'],
    ['words for a number', { type: 'number' }, 'ten', 'x must be a number, not "ten"'],
    ['hexadecimal', { type: 'integer' }, '0x10', 'x must be a whole number, not "0x10"'],
    ['1e400', { type: 'number' }, '1e400', 'x must be a number, not "1e400"'],
    ['below', { type: 'integer', minimum: 1 }, 0, 'x must be at least 1, not 0'],
    ['above, as digits', { type: 'integer', maximum: 100 }, '101', 'x must be at most 100, not "101"'],
    ['on an open end', { type: 'number', exclusiveMinimum: 0 }, 0, 'x must be more than 0, not 0'],
    ['on the other open end', { type: 'number', exclusiveMaximum: 1 }, 1, 'x must be less than 1, not 1'],
    ['true', { type: 'boolean' }, 'true', true],
    ['yes', { type: 'boolean' }, 'yes', 'x must be true or false, not "yes"'],
    ['an array', { type: 'array', items: { type: 'string' } }, ['a', 'b'], ['a', 'b']],
    ['an array as JSON text', { type: 'array', items: { type: 'integer' } }, '[1, 2]', [1, 2]],
    ['a lone value for an array', { type: 'array', items: STATUS }, 'paid', ['paid']],
    ['a wrong item', { type: 'array', items: STATUS }, ['paid', 'late'], 'x[1] must be one of "draft", "sent", "paid", not "late"'],
    ['null in an array', { type: 'array', items: { type: 'string' } }, ['a', null], 'x[1] must be a string, not null'],
    ['too many', { type: 'array', items: {}, maxItems: 1 }, ['a', 'b'], 'x takes at most 1 item, not 2'],
    ['many too many', { type: 'array', items: {}, maxItems: 5 }, [1, 2, 3, 4, 5, 6], 'x takes at most 5 items, not 6'],
    ['numbers between commas', { type: 'array', items: { type: 'integer' } }, '1,2,3', 'x must be a list such as [1, 2], not "1,2,3"'],
    ['options between commas', { type: 'array', items: STATUS }, 'draft, paid', 'x must be a list such as ["draft", "paid"], not "draft, paid"'],
    ['words between commas for numbers', { type: 'array', items: { type: 'integer' } }, 'a,b', 'x[0] must be a whole number, not "a,b"'],
    ['texts with a comma, which may be one text', { type: 'array', items: { type: 'string' } }, 'a,b', ['a,b']],
    ['too few', { type: 'array', items: {}, minItems: 1 }, [], 'x takes at least 1 item, not 0'],
    ['an object', RANGE, { min: 1, max: 2 }, { min: 1, max: 2 }],
    ['an object as JSON text', RANGE, '{"min": 1}', { min: 1 }],
    ['an object as broken JSON text', RANGE, '{"min": 1', 'x must be an object, not "{\\"min\\": 1"'],
    ['a member is missing', RANGE, { max: 2 }, 'x.min is required'],
    ['a member is of another type', RANGE, { min: 'low' }, 'x.min must be a number, not "low"'],
    ['an unknown member', PRICE, { min: 1, maxx: 2 }, 'x.maxx is unknown; did you mean max?'],
    ['further members', RANGE, { min: 1, unit: 'EUR' }, { min: 1, unit: 'EUR' }],
    ['either type', { anyOf: [{ type: 'integer' }, STATUS] }, 'paid', 'paid'],
    ['the type that fits as it is', { anyOf: [{ type: 'string' }, { type: 'integer' }] }, 5, 5],
    ['neither type', { anyOf: [{ type: 'integer' }, { type: 'boolean' }] }, 'a', 'x must be a whole number, not "a"\nx must be true or false, not "a"'],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, schema, given, expected) => {
    expect(checked(toolOf({ x: schema }), { x: given })).toEqual(
      typeof expected === 'string' && expected.startsWith('x') ? expected : { x: expected },
    )
  })
})

describe('the arguments as a whole', () => {
  const paged = toolOf({ page: { type: 'integer' }, pageSize: { type: 'integer' } }, [], {
    page: 1,
    pageSize: 50,
  })
  const one = toolOf({ invoiceId: { type: 'string', description: 'Id of the invoice.' } }, ['invoiceId'])
  const rows: [string, Tool, Json | undefined, unknown][] = [
    ['absent', paged, undefined, { page: 1, pageSize: 50 }],
    ['null', paged, null, { page: 1, pageSize: 50 }],
    ['a default gives way', paged, { page: 2 }, { page: 2, pageSize: 50 }],
    ['null asks for the default', paged, { page: null }, { page: 1, pageSize: 50 }],
    ['as JSON text', one, '{"invoiceId":"inv_1"}', { invoiceId: 'inv_1' }],
    ['as other text', one, 'inv_1', 'the arguments must be one JSON object'],
    ['an array', one, ['inv_1'], 'the arguments must be one JSON object'],
    ['a number', one, 1, 'the arguments must be one JSON object'],
    ['one is missing', one, {}, 'invoiceId is required. Id of the invoice.'],
    ['a required one is null', one, { invoiceId: null }, 'invoiceId is required. Id of the invoice.'],
    ['another spelling', one, { invoice_id: 'a', invoiceId: 'b' }, '"invoice_id" is unknown; did you mean invoiceId?'],
    ['no likeness', paged, { colour: 1 }, '"colour" is unknown; known are page, pageSize'],
    ['no likeness in two letters', toolOf({ to: { type: 'string' } }), { xy: 1 }, '"xy" is unknown; known is to'],
    ['an object for arguments of its members', toolOf({ filter_state: {}, filter_kind: {}, page: {} }), { filter: { state: 'open', kind: 1, no: 1 } }, '"filter" is unknown; did you mean filter_state and filter_kind?'],
    ['no arguments at all', toolOf({}), { a: 1 }, '"a" is unknown: this tool takes no arguments'],
    ['__proto__', one, JSON.parse('{"invoiceId":"a","__proto__":{"x":1}}'), '"__proto__" is unknown; known is invoiceId'],
    ['constructor', one, { invoiceId: 'a', constructor: 'b' }, '"constructor" is unknown; known is invoiceId'],
    ['toString is not taken for given', toolOf({ toString: { type: 'string' } }, ['toString']), {}, 'toString is required'],
    ['two faults at once', one, { id: 1 }, '"id" is unknown; did you mean invoiceId?\ninvoiceId is required. Id of the invoice.'],
    ['five of many', toolOf({}), { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1 }, ['a', 'b', 'c', 'd', 'e'].map((name) => `"${name}" is unknown: this tool takes no arguments`).join('\n')],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, tool, given, expected) => {
    expect(checked(tool, given)).toEqual(expected)
  })
})

describe('hostile arguments are refused quickly and in few words', () => {
  const tool = toolOf({ o: PRICE, a: { type: 'array', items: STATUS }, s: { type: 'string' } })
  const long = 'k'.repeat(1 << 20)
  const nest = (depth: number, text: string) =>
    `${text.repeat(depth)}${text === '[' ? ']'.repeat(depth) : ''}`
  const rows: [string, Json][] = [
    ['100,000 levels in the value', { o: JSON.parse(nest(50_000, '[')) }],
    ['100,000 levels as text', { a: nest(100_000, '[') }],
    ['the whole as deep text', nest(100_000, '[')],
    ['half open levels', { a: nest(100_000, '[').slice(0, 100_000) }],
    ['100,000 members', Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`m${at}`, at]))],
    ['100,000 items', { a: Array.from({ length: 100_000 }, () => 'x') }],
    ['a name of 1 MiB', { [long]: 1 }],
    ['a member name of 1 MiB', { o: { min: 1, [long]: 1 } }],
    ['a value of 1 MiB', { a: [long], s: { long } }],
    ['spaces before a broken array', { a: `${' '.repeat(1 << 20)}[` }],
  ]
  it.each(rows)('%s', (_, given) => {
    const started = performance.now()
    const result = checkArguments(tool, given)
    expect(performance.now() - started).toBeLessThan(200)
    expect(result.ok).toBe(false)
    expect((result as { problem: string }).problem.length).toBeLessThan(2000)
  })
})
