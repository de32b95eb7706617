/** One argument of a tool: what a model is told of it, what it takes, and how it is sent. */
import { describe, expect, it } from 'vitest'
import { compile } from '../../src/connector/compile.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { oneGet, sent, withParameters } from '../documents.ts'

const query = (more: JsonObject): JsonObject => ({ name: 'q', in: 'query', ...more })
const content = (type: string, schema: JsonObject) => ({ content: { [type]: { schema } } })

describe('an argument is told', () => {
  const TEXT = { type: 'string' }
  it.each([
    ['in the parameter’s words before the schema’s', { description: 'Words.', schema: { ...TEXT, description: 'Others.' } }, 'Words.'],
    ['in the schema’s words', { schema: { ...TEXT, description: 'Words.' } }, 'Words.'],
    ['in its title', { schema: { ...TEXT, title: 'Word' } }, 'Word'],
    ['that it is deprecated', { deprecated: true, schema: TEXT }, 'Deprecated.'],
    ['by an example', { example: 'inv_1', schema: TEXT }, 'Such as inv_1.'],
    ['by an example of 40 characters', { example: 'x'.repeat(40), schema: TEXT }, `Such as ${'x'.repeat(40)}.`],
    ['by an example beside a pattern', { example: 'inv_1', schema: { ...TEXT, pattern: '^inv_[0-9]$' } }, 'Matching ^inv_[0-9]$; such as inv_1.'],
    ['by a list', { example: ['a', 'b'], schema: { type: 'array', items: TEXT } }, 'Such as ["a","b"].'],
    ['by a list that the schema shows', { schema: { type: 'array', items: TEXT, examples: [['a']] } }, 'Such as ["a"].'],
    ['by an object', { style: 'deepObject', explode: true, example: { min: 1 }, schema: { type: 'object', properties: { min: { type: 'number' } } } }, 'Such as {"min":1}.'],
    ['not by a list of options', { example: ['a'], schema: { type: 'array', items: { ...TEXT, enum: ['a', 'b'] } } }, undefined],
    ['not by a list that is too long to show', { example: Array(20).fill('a'), schema: { type: 'array', items: TEXT } }, undefined],
    ['not by a text for a list', { example: 'a', schema: { type: 'array', items: TEXT } }, undefined],
    ['not by a list for a text', { example: ['a'], schema: TEXT }, undefined],
    ['not by null', { example: null, schema: TEXT }, undefined],
    ['not by one that it does not take', { example: 'x', schema: { ...TEXT, pattern: '^inv_' } }, 'Matching ^inv_.'],
    ['by its unit', { description: 'Weight.', schema: { type: 'number', 'x-unit': 'kg' } }, 'Weight (unit: kg).'],
    ['by the unit of the parameter', { 'x-unit': 'cents', schema: { type: 'integer', minimum: 0, 'x-unit': 'euros' } }, 'At least 0; unit: cents.'],
    ['not by a unit of many lines', { 'x-unit': 'a\nb', schema: { type: 'integer' } }, undefined],
    ['not by a unit that is no text', { 'x-unit': 5, schema: { type: 'integer' } }, undefined],
    ['by a default', { schema: { type: 'integer', default: 5 } }, 'Default 5.'],
    ['in words without space around them', { description: '  Words. \n', schema: TEXT }, 'Words.'],
    ['not by a longer one', { example: 'x'.repeat(41), schema: TEXT }, undefined],
    ['not by one of several lines', { example: 'a\nb', schema: TEXT }, undefined],
    ['not by an empty one', { example: '', schema: TEXT }, undefined],
    ['not by one that is a number', { example: 5, schema: { type: 'integer' } }, undefined],
    ['not by one beside options', { example: 'a', schema: { ...TEXT, enum: ['a', 'b'] } }, undefined],
    ['not by one beside a format', { example: '2026-01-02', schema: { ...TEXT, format: 'date' } }, 'YYYY-MM-DD.'],
    ['by all of it', { name: 'q[a]', description: 'Words.', deprecated: true, example: 'ab', schema: { ...TEXT, minLength: 2 } }, 'Words (at least 2 characters; sent as q[a]; such as ab; deprecated).'],
  ] as [string, JsonObject, string | undefined][])('%s', (_, more, description) => {
    const [schema] = Object.values(withParameters([query(more)]).inputSchema.properties)
    expect(schema!.description).toBe(description)
  }) // biome-ignore format: one row a line
})

describe('an argument takes', () => {
  const choice = { anyOf: [{ type: 'string' }, { type: 'integer' }] }
  const members = { type: 'object', properties: { a: { type: 'string' } } }
  it.each([
    ['text for a choice that is text when it is sent', query({ schema: choice }), { type: 'string' }, { q: '5' }, '?q=5'],
    ['text for a choice in plain text', query(content('text/plain', choice)), { type: 'string' }, { q: '5' }, '?q=5'],
    ['either in JSON', query(content('application/json', choice)), { type: 'string', description: 'or a whole number' }, { q: 5 }, '?q=5'],
    ['either in JSON by another name', query(content('application/vnd.shop+json; v=1', choice)), { type: 'string', description: 'or a whole number' }, { q: '5' }, '?q=%225%22'],
    ['a form', query(content('application/x-www-form-urlencoded', members)), { type: 'object' }, { q: { a: 'b' } }, '?q=a%3Db'],
    ['text for any type', query(content('*/*', { type: 'string' })), { type: 'string' }, { q: 'a' }, '?q=a'],
    ['listed members of an exploded object, and no other', query({ schema: members }), { additionalProperties: false }, { q: { a: 'b' } }, '?a=b'],
    ['others, where the document says so', query({ schema: { ...members, additionalProperties: { type: 'integer' } } }), { additionalProperties: { type: 'integer' } }, { q: { c: 5 } }, '?c=5'],
    ['any, where none are listed', query({ schema: { type: 'object' } }), { properties: {} }, { q: { c: 'd' } }, '?c=d'],
    ['any in brackets', query({ style: 'deepObject', schema: members }), { properties: { a: { type: 'string' } } }, { q: { c: 'd' } }, '?q%5Bc%5D=d'],
  ] as [string, Json, JsonObject, JsonObject, string][])('%s', (_, parameter, schema, given, expected) => {
    const tool = withParameters([parameter])
    expect(tool.inputSchema.properties.q).toMatchObject(schema)
    expect(sent(tool, given)).toBe(`/things${expected}`)
  }) // biome-ignore format: one row a line

  it.each([
    ['in the query', 'query', true],
    ['in a cookie', 'cookie', false],
    ['in a header', 'header', false],
  ])('reserved characters %s: %s %s', (_, place, expected) => {
    expect(withParameters([query({ in: place, allowReserved: true })]).parameters[0]!.allowReserved).toBe(
      expected,
    )
  })
})

it('what is omitted costs a declared tool nothing, however wrongly it is described', () => {
  const declaration = (omit: string[]) => ({
    name: 'things',
    title: 'Things',
    description: 'Things.',
    access: { type: 'none' as const },
    namespaces: { things: { title: 'T', description: 'T.', tools: { list: { operation: 'list', title: 'List', omit } } } },
  }) // biome-ignore format: one declaration
  const document = oneGet({ operationId: 'list', summary: 'S', parameters: [query({ style: 'matrix' })] })
  expect(compile(declaration(['q']), document).tools).toHaveLength(1)
  expect(() => compile(declaration([]), document)).toThrow(
    'things.list: q: style matrix does not exist in query',
  )
})
