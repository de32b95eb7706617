/** Every parameter and member has a name that every client takes, and is sent under its own. */
import { describe, expect, it } from 'vitest'
import { argumentNames, safeMembers } from '../../src/connector/arguments.ts'
import type { DocumentParameter } from '../../src/document/parameters.ts'
import type { Json, JsonObject, Schema } from '../../src/json.ts'
import { sent, withParameters } from '../documents.ts'

type Place = DocumentParameter['in']
const query = (name: string, more: JsonObject = {}): JsonObject => ({ name, in: 'query', schema: { type: 'string' }, ...more }) // biome-ignore format: one parameter

/** The names of parameters, each written as its name, or as place and name. */
function namesOf(...parameters: (string | [Place, string])[]): string[] {
  const given = parameters.map((each) => (typeof each === 'string' ? ['query', each] : each))
  const all = given.map(([place, name]) => ({ in: place, name }) as DocumentParameter)
  const names = argumentNames(all)
  return all.map((parameter) => names.get(parameter)!)
}

describe('a name', () => {
  it.each([
    ['that is safe', 'page', 'page'],
    ['with dots and dashes', 'user.first-name_2', 'user.first-name_2'],
    ['of 64 characters', 'x'.repeat(64), 'x'.repeat(64)],
    ['in brackets', 'filter[created_at]', 'filter_created_at'],
    ['in several', 'a[b][c][]', 'a_b_c'],
    ['after a dollar', '$top', 'top'],
    ['with a space', 'first name', 'first_name'],
    ['with a slash', 'a/b', 'a_b'],
    ['with a colon', 'xml:lang', 'xml_lang'],
    ['after an at sign', '@type', 'type'],
    ['with umlauts', 'größe', 'groesse'],
    ['with accents', 'año', 'ano'],
    ['with a letter that has no mark', 'łódź', 'lodz'],
    ['that compares: less', 'StartTime<', 'StartTime_lt'],
    ['that compares: at most', 'StartTime<=', 'StartTime_lte'],
    ['that compares: more', 'StartTime>', 'StartTime_gt'],
    ['that compares: at least', 'StartTime>=', 'StartTime_gte'],
    ['that compares: other than', 'a!=', 'a_ne'],
    ['that compares: not', 'a!', 'a_not'],
    ['that compares: equal', 'a=', 'a_eq'],
    ['that compares: like', 'a~', 'a_like'],
    ['that is dots at its ends', '..a b..', 'a_b'],
    ['of no letters', '请求', 'arg_ch807w'],
    ['of another script', 'имя', 'arg_00ikyy'],
    ['of signs alone', '[]', 'arg_w7k42t'],
    ['of one that cannot be seen', '\u200b', 'arg_3yaiq2'],
    ['of 65 characters', 'x'.repeat(65), `${'x'.repeat(57)}_sk1lw3`],
    ['that is empty but for a space', ' ', 'arg_aa2mbj'],
  ])('%s', (_, name, expected) => {
    expect(namesOf(name)).toEqual([expected])
    expect(namesOf(name)[0]).toMatch(/^[a-zA-Z0-9_.-]{1,64}$/)
  }) // biome-ignore format: one row a line
})

describe('of several', () => {
  it.each([
    ['the safe one keeps its name', ['a[b]', 'a_b'], ['a_b_query', 'a_b']],
    ['the path comes before the query', [['query', 'id'], ['path', 'id']], ['id_query', 'id']],
    ['the query comes before headers, and they before cookies', [['cookie', 'id'], ['header', 'id'], ['query', 'id']], ['id_cookie', 'id_header', 'id']],
    ['the whole query comes last', [['querystring', 'q'], ['cookie', 'q']], ['q_querystring', 'q']],
    ['the earlier one keeps it', ['a[b]', 'a/b'], ['a_b', 'a_b_query']],
    ['a third has a hash', ['a[b]', 'a/b', 'a b'], ['a_b', 'a_b_query', 'a_b_3pezvy']],
    ['a name that another would get is not given twice', ['a_query', ['path', 'a'], 'a'], ['a_query', 'a', 'a_tujubs']],
    ['long ones differ by their hash', [`${'x'.repeat(70)}1`, `${'x'.repeat(70)}2`], [`${'x'.repeat(57)}_mxja9c`, `${'x'.repeat(57)}_nri3c9`]],
  ] as [string, (string | [Place, string])[], string[]][])('%s', (_, parameters, expected) => {
    expect(namesOf(...parameters)).toEqual(expected)
  }) // biome-ignore format: one row a line

  it('names stay when another parameter is added behind them', () => {
    const names = ['page', 'a[b]', 'a/b', '请求', '$top', 'x'.repeat(80)]
    const before = namesOf(...names)
    for (const added of ['limit', 'c[d]', 'a b', '$skip', '请', `${'x'.repeat(80)}y`])
      expect(namesOf(...names, added).slice(0, -1), added).toEqual(before)
  })

  it('hashes that meet by intent tell two apart all the same', () => {
    const [one, other] = [8669, 31962].map((end) => `é${'x'.repeat(70)}${end}`)
    expect(new Set(namesOf(one!, other!)).size).toBe(2)
    const members = [122789, 339192].map((end) => [`é${'x'.repeat(70)}${end}`, {}])
    const { schema } = safeMembers({ type: 'object', properties: Object.fromEntries(members) })
    expect(Object.keys(schema.properties!)).toHaveLength(2)
  })
})

const object = (properties: Record<string, Schema>, more: Schema = {}): Schema => ({ type: 'object', properties, ...more }) // biome-ignore format: one schema
const TEXT: Schema = { type: 'string' }
const sentAs = (name: string): Schema => ({ ...TEXT, description: `Sent as ${name}.` })

describe('a member', () => {
  const rows: [string, Schema, Schema, JsonObject][] = [
    ['that is safe', object({ a: TEXT }), object({ a: TEXT }), {}],
    ['that is not', object({ 'a b': TEXT }), object({ a_b: sentAs('a b') }), { a_b: { name: 'a b' } }],
    ['with words', object({ $a: { ...TEXT, description: 'Words.' } }), object({ a: { ...TEXT, description: 'Words (sent as $a).' } }), { a: { name: '$a' } }],
    ['whose name another has', object({ 'a b': TEXT, a_b: TEXT }), object({ a_b_4m7u2a: sentAs('a b'), a_b: TEXT }), { a_b_4m7u2a: { name: 'a b' } }],
    ['that is required', object({ 'a b': TEXT, c: TEXT }, { required: ['c', 'a b'] }), object({ a_b: sentAs('a b'), c: TEXT }, { required: ['c', 'a_b'] }), { a_b: { name: 'a b' } }],
    ['inside a safe one', object({ a: object({ 'b c': TEXT }) }), object({ a: object({ b_c: sentAs('b c') }) }), { a: { members: { b_c: { name: 'b c' } } } }],
    ['inside one that is not', object({ $a: object({ 'b c': TEXT }) }), object({ a: object({ b_c: sentAs('b c') }, { description: 'Sent as $a.' }) }), { a: { name: '$a', members: { b_c: { name: 'b c' } } } }],
    ['of the objects of a list', { type: 'array', items: object({ 'a b': TEXT }) }, { type: 'array', items: object({ a_b: sentAs('a b') }) }, { a_b: { name: 'a b' } }],
    ['of a branch', { type: ['object', 'string'], anyOf: [object({ 'a b': TEXT }), TEXT] }, { type: ['object', 'string'], anyOf: [object({ a_b: sentAs('a b') }), TEXT] }, { a_b: { name: 'a b' } }],
    ['of several branches', { anyOf: [object({ a: object({ $b: TEXT }) }), object({ a: object({ $c: TEXT }) })] }, { anyOf: [object({ a: object({ b: sentAs('$b') }) }), object({ a: object({ c: sentAs('$c') }) })] }, { a: { members: { b: { name: '$b' }, c: { name: '$c' } } } }],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, schema, expected, members) => {
    expect(safeMembers(schema)).toEqual({ schema: expected, members })
  })
})

describe('what is sent', () => {
  const filter = (properties: JsonObject, more: JsonObject = {}) => query('filter', { style: 'deepObject', schema: { type: 'object', properties }, ...more }) // biome-ignore format: one parameter
  const json = (schema: JsonObject) => query('filter', { schema: undefined as unknown as Json, content: { 'application/json': { schema } } }) // biome-ignore format: one parameter
  const inner = { type: 'object', properties: { 'b c': { type: 'string' } } }
  it.each([
    ['brackets', [query('filter[a]')], { filter_a: '1' }, '/things?filter[a]=1'],
    ['a sign', [query('StartTime>=')], { StartTime_gte: '1' }, '/things?StartTime>==1'],
    ['letters of no Latin', [query('请求')], { arg_ch807w: '1' }, '/things?请求=1'],
    ['two of one name', [query('id'), query('id', { in: 'header' })], { id: '1', id_header: '2' }, '/things?id=1 id: 2'],
    ['a cookie', [query('a b', { in: 'cookie' })], { a_b: '1' }, '/things cookie: a b=1'],
    ['members', [filter({ $gt: {} })], { filter: { gt: '1' } }, '/things?filter[$gt]=1'],
    ['members of members', [filter({ $a: inner })], { filter: { a: { b_c: '1' } } }, '/things?filter[$a][b c]=1'],
    ['members of an exploded object', [filter({ $a: {}, b: {} }, { style: 'form' })], { filter: { a: '1', b: '2' } }, '/things?$a=1&b=2'],
    ['members in JSON', [json({ type: 'array', items: inner })], { filter: [{ b_c: '1' }] }, '/things?filter=[{"b c":"1"}]'],
    ['members of a choice in JSON', [json({ anyOf: [inner, { type: 'integer' }] })], { filter: { b_c: '1' } }, '/things?filter={"b c":"1"}'],
    ['a path variable', [query('a b', { in: 'path' })], { a_b: '1' }, '/things/1', '/things/{a b}'],
    ['the own name, which is no argument', [query('a[b]')], { 'a[b]': '1' }, 'things.list was not called. "a[b]" is unknown; did you mean a_b?'],
  ] as [string, Json[], JsonObject, string, string?][])('%s', (_, parameters, given, expected, path) => {
    expect(decodeURIComponent(sent(withParameters(parameters, path), given))).toBe(expected)
  }) // biome-ignore format: one row a line

  it('and the model is told the name that the API documents', () => {
    const { properties } = withParameters([query('a[b]', { description: 'Words.' }), query('$c')]).inputSchema
    expect([properties.a_b!.description, properties.c!.description]).toEqual(['Words (sent as a[b]).', 'Sent as $c.']) // biome-ignore format: one call
  })
})
