/** A tool is made as small as the client that takes least asks for: what a model misses least goes first, and what is gone is said. */
import { describe, expect, it } from 'vitest'
import { slim } from '../../src/connector/slim.ts'
import type { Schema } from '../../src/json.ts'
import type { Tool } from '../../src/tools/tool.ts'
import { deriveBare, oneGet, sent } from '../documents.ts'

const BUDGET = 11_000

function toolWith(
  properties: Record<string, Schema>,
  more: Partial<Tool> = {},
  required: string[] = [],
): Tool {
  const parameters = Object.keys(properties).map((name) => ({ argument: name, name, in: 'query' as const, style: 'form' as const, explode: true, allowReserved: false })) // biome-ignore format: one parameter
  return {
    name: 'things.list',
    namespace: 'things',
    title: 'List things',
    description: 'Things.',
    scopes: [],
    inputSchema: { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false },
    operation: 'GET /things',
    path: '/things',
    parameters,
    defaults: {},
    accept: 'application/json',
    produces: [],
    ...more,
  } // biome-ignore format: one tool
}

function size({ name, description, inputSchema }: Tool): number {
  return Buffer.byteLength(JSON.stringify({ name, description, inputSchema }))
}

const many = (count: number, schema: (at: number) => Schema) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, schema(at)])) // biome-ignore format: one call
const letters = (count: number) => 'word '.repeat(count / 5).trim()
const options = (count: number) => Array.from({ length: count }, (_, at) => `o${at}`)

describe('what is small', () => {
  it.each([
    ['no arguments', {}],
    ['a few', many(10, () => ({ type: 'string', description: letters(500), enum: options(20) }))],
    ['one with many options', many(1, () => ({ type: 'string', enum: options(1000) }))],
    ['one with long words', many(1, () => ({ type: 'string', title: 'T', pattern: '^a', default: 'a', description: letters(10_000) }))],
  ] as [string, Record<string, Schema>][])('stays as it is: %s', (_, properties) => {
    const tool = toolWith(properties)
    expect(slim(tool)).toEqual({ tool, lost: [] })
  }) // biome-ignore format: one row a line

  it('stays as it is to the last byte, and is made smaller one byte later', () => {
    const bare = size(toolWith({ a: { type: 'string', description: '' } }))
    const whole = toolWith({ a: { type: 'string', description: 'x'.repeat(BUDGET - bare) } })
    expect([size(whole), slim(whole).tool]).toEqual([BUDGET, whole])
    const larger = toolWith({ a: { type: 'string', description: 'x'.repeat(BUDGET - bare + 1) } })
    expect(slim(larger).tool.inputSchema.properties.a!.description).toHaveLength(400)
  })
})

describe('what goes, in order', () => {
  /** Words inside, words, and options, of each argument. */
  const argument: Schema = {
    type: 'array',
    description: letters(500),
    items: {
      type: 'object',
      description: letters(200),
      properties: { m: { type: 'string', description: letters(200), enum: options(5) } },
    },
  }
  const choice: Schema = { type: 'string', title: 'Choice', pattern: '^o', default: 'o1', description: letters(500), enum: options(42), minLength: 1 } // biome-ignore format: one schema

  /** What is left of both: the lengths of words, and the numbers of options. */
  function left(pairs: number): string {
    const { tool, lost } = slim(toolWith(many(pairs * 2, (at) => (at % 2 === 0 ? argument : choice))))
    const [one, other] = Object.values(tool.inputSchema.properties) as [Schema, Schema]
    const length = (schema: Schema | undefined) => schema?.description?.length ?? 0
    expect(size(tool)).toBeLessThanOrEqual(BUDGET)
    const member = one.items?.properties?.m
    const inside = member === undefined ? JSON.stringify(one.items) : `${length(one.items)} ${length(member)} of ${member.enum?.length}`
    return `${length(one)} (${inside}), ${length(other)} of ${other.enum?.length ?? 0}${other.title === undefined ? ', bare' : ''}${lost.length > 0 ? ', some lost' : ''}`
  } // biome-ignore format: as it is read

  it.each([
    [5, '499 (199 199 of 5), 499 of 42'],
    [6, '499 (115 115 of 5), 499 of 42'],
    [7, '395 (115 115 of 5), 395 of 42'],
    [8, '395 (0 0 of 5), 395 of 42'],
    [10, '195 (0 0 of 5), 196 of 0'],
    [19, '195 ({"type":"object"}), 196 of 0'],
    [25, '95 ({"type":"object"}), 96 of 0'],
    [60, '0 ({"type":"object"}), 0 of 0, bare'],
    [200, '0 ({"type":"object"}), 0 of 0, bare, some lost'],
  ])('of %i pairs of arguments', (pairs, expected) => {
    expect(left(pairs)).toBe(expected)
  })

  /** One argument, beside enough others that words give way to no more than `steps`. */
  const beside = (schema: Schema) => slim(toolWith({ it: schema, ...many(20, () => ({ type: 'string', description: letters(750) })) })).tool.inputSchema.properties.it // biome-ignore format: one call
  it.each([
    ['100 options stay', { type: 'string', enum: options(100) }, { type: 'string', enum: options(100) }],
    ['101 are told', { type: 'string', enum: options(101) }, { type: 'string', description: 'one of 101 values, such as "o0", "o1", "o2", "o3", "o4"' }],
    ['101 are told before the words', { type: 'string', enum: options(101), description: 'Words.' }, { type: 'string', description: 'one of 101 values, such as "o0", "o1", "o2", "o3", "o4": Words.' }],
    ['101 of a list’s items are told', { type: 'array', items: { type: 'string', enum: options(101) } }, { type: 'array', items: { type: 'string', description: 'one of 101 values, such as "o0", "o1", "o2", "o3", "o4"' } }],
    ['words are cut to 400 characters', { type: 'string', description: letters(2000) }, { type: 'string', description: `${letters(395)}…` }],
    ['words of a choice are cut to 120', { type: ['object', 'string'], anyOf: [{ type: 'object', properties: { a: { type: 'string', description: letters(500) } } }, { type: 'string', description: letters(500) }] }, { type: ['object', 'string'], anyOf: [{ type: 'object', properties: { a: { type: 'string', description: `${letters(115)}…` } } }, { type: 'string', description: `${letters(115)}…` }] }],
    ['words of a map are cut to 120', { type: 'object', additionalProperties: { type: 'string', description: letters(500) } }, { type: 'object', additionalProperties: { type: 'string', description: `${letters(115)}…` } }],
    ['a closed object stays closed', { type: 'object', properties: {}, additionalProperties: false }, { type: 'object', properties: {}, additionalProperties: false }],
    ['limits stay', { type: 'integer', minimum: 1, maximum: 5 }, { type: 'integer', minimum: 1, maximum: 5 }],
  ] as [string, Schema, Schema][])('%s', (_, schema, expected) => {
    expect(beside(schema)).toEqual(expected)
  }) // biome-ignore format: one row a line
})

describe('what is left out', () => {
  const small: Schema = { type: 'integer', minimum: 1, maximum: 10 }
  const large: Schema = { type: 'object', properties: many(900, () => ({ type: 'string' })) }

  it('is told to the model and to whoever compiled it, and is no argument any more', () => {
    const schema = { type: 'integer', minimum: 1, maximum: 10 }
    const parameters = Array.from({ length: 900 }, (_, at) => ({ name: `p${at}`, in: 'query', schema }))
    const { catalog, notes } = deriveBare(oneGet({ summary: 'List.', parameters }))
    const [tool] = catalog.tools as [Tool]
    const kept = Object.keys(tool.inputSchema.properties)
    expect(tool.description).toBe(`List. (${900 - kept.length} further arguments of the API are left out.)`)
    expect(notes).toEqual([expect.stringMatching(new RegExp(`^GET /things: too many arguments for one tool; left out are p${kept.length}, .*, p899$`))]) // biome-ignore format: one call
    expect([sent(tool, { p0: 1 }), sent(tool, { p899: 1 })]).toEqual(['/things?p0=1', expect.stringContaining('"p899" is unknown')]) // biome-ignore format: one call
    expect(size(tool)).toBeGreaterThan(BUDGET - 350)
    expect(size(tool)).toBeLessThanOrEqual(BUDGET)
  })

  it('is no argument either where it takes more than is listed', () => {
    const schema = { type: 'integer', enum: [1, 2, 3], description: letters(100) }
    const parameters = Array.from({ length: 900 }, (_, at) => ({ name: `p${at}`, in: 'query', schema }))
    const [tool] = deriveBare(oneGet({ summary: 'List.', parameters })).catalog.tools as [Tool]
    expect([sent(tool, { p0: 1 }), sent(tool, { p899: 1 })]).toEqual(['/things?p0=1', expect.stringContaining('"p899" is unknown')]) // biome-ignore format: one call
  })

  it('is taken by nothing else, told in another way or by members of any name', () => {
    const schema = { type: 'integer', enum: Array.from({ length: 30 }, (_, at) => at) }
    const listed = Array.from({ length: 900 }, (_, at) => ({ name: `p${at}`, in: 'query', schema }))
    const any = {
      name: 'any',
      in: 'query',
      required: true,
      schema: { type: 'object', additionalProperties: {} },
    }
    const [tool] = deriveBare(oneGet({ parameters: [any, ...listed] })).catalog.tools as [Tool]
    expect(sent(tool, { any: {}, p899: 1 })).toContain('"p899" is unknown')
    expect(sent(tool, { any: { p899: 1 } })).toContain('"p899", which this tool does not offer')
  })

  it.each([
    ['nothing that is required', { ...many(400, () => small), needed: small }, ['needed'], ['needed', 'a0']],
    ['nothing that is required, and comes last', { ...many(400, () => small), ...Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`needed${at}`, small])) }, Array.from({ length: 100 }, (_, at) => `needed${at}`), ['needed99', 'a0']],
    ['what is large, and not what comes behind it', { large, after: small }, [], ['after']],
    ['what stands beside something large that is required', { first: small, large: { ...large, properties: many(420, () => ({ type: 'string' })) }, after: small }, ['large'], ['first', 'large', 'after']],
  ] as [string, Record<string, Schema>, string[], string[]][])('is %s', (_, properties, required, kept) => {
    const { tool } = slim(toolWith(properties, {}, required))
    expect(Object.keys(tool.inputSchema.properties)).toEqual(expect.arrayContaining(kept))
    expect(tool.parameters.map(({ argument }) => argument)).toEqual(Object.keys(tool.inputSchema.properties))
    expect('large' in tool.inputSchema.properties).toBe(required.includes('large'))
    expect(size(tool)).toBeLessThanOrEqual(BUDGET)
  }) // biome-ignore format: one row a line

  it.each(['title', 'description', 'pattern', 'default'])('is not an argument for its long %s alone', (keyword) => {
    const long = { type: 'string', [keyword]: 'x'.repeat(100_000) }
    const { tool, lost } = slim(toolWith({ needed: long, other: long }, {}, ['needed']))
    expect([lost, tool.inputSchema.properties]).toEqual([[], { needed: expect.objectContaining({ type: 'string' }), other: expect.objectContaining({ type: 'string' }) }]) // biome-ignore format: one call
    expect(size(tool)).toBeLessThanOrEqual(BUDGET)
  }) // biome-ignore format: one call
})

describe('a description', () => {
  it.each([
    ['of 2,000 bytes stays', 'x'.repeat(2000), 2000],
    ['of more is cut', 'x'.repeat(2001), 2000],
    ['of more is cut behind a sentence', `${'x'.repeat(1500)}. ${'y'.repeat(1500)}`, 1501],
    ['of wide letters is cut by its bytes', '宠'.repeat(1000), 1998],
    ['of wide letters first', `${'宠'.repeat(1000)}${'x'.repeat(3000)}`, 1998],
    ['of wide letters last', `${'x'.repeat(1500)}${'宠'.repeat(1000)}`, 1998],
    ['of emoji', '😀'.repeat(1000), 1998],
  ])('%s', (_, description, least) => {
    const { length } = Buffer.from(slim(toolWith({}, { description })).tool.description)
    expect(length).toBeLessThanOrEqual(2000)
    expect(length).toBeGreaterThanOrEqual(least)
  })
})
