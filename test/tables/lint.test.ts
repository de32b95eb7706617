/** For every rule a tool that breaks it: who refuses it, who loses something, and where it points. */
import { describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { underscored } from '../../src/connector/names.ts'
import { CLIENTS } from '../../src/doctor/clients.ts'
import type { Finding, ListedTool, Severity } from '../../src/doctor/finding.ts'
import { lint } from '../../src/doctor/lint.ts'
import type { RuleName } from '../../src/doctor/rules.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { loadFlowpos } from '../flowpos.ts'

const hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }
const GOOD: ListedTool = {
  name: 'boats_list',
  title: 'Boats: list',
  description: 'The boats of a harbour.',
  inputSchema: {
    type: 'object',
    properties: { size: { type: 'integer', description: 'Length in metres (1 to 90).', minimum: 1, maximum: 90 } },
    additionalProperties: false,
  },
  annotations: { title: 'Boats: list', ...hints },
} // biome-ignore format: as MCP lists it

/** Four characters a token is near enough for a tool that is planted. */
const countTokens = (text: string) => Math.ceil(text.length / 4)
const check = (tools: ListedTool[], server = 'harbour') => lint(tools, { server, countTokens })
const root = (properties: JsonObject, rest: JsonObject = {}): Partial<ListedTool> => ({
  inputSchema: { type: 'object', properties, ...rest },
})
const argument = (schema: Json) => root({ a: schema })

const A = '/inputSchema/properties/a'
const EVERYBODY = CLIENTS.map(({ name }) => name).join(' ')

type Row = [rule: RuleName, planted: Partial<ListedTool>, at: string, refused: string, lost: string]
// biome-ignore format: a planted tool a line
const rows: Row[] = [
  ['name-characters', { name: 'boats.list' }, '/name', 'claude openai cursor', ''],
  ['name-characters', { name: 'boats-list' }, '/name', 'cursor', ''],
  ['name-characters', { name: '2_boats' }, '/name', 'gemini', ''],
  ['name-characters', { name: 'größe' }, '/name', 'claude openai cursor gemini', ''],
  ['name-length', { name: 'b'.repeat(41) }, '/name', 'claude', ''],
  ['name-length', { name: 'b'.repeat(54) }, '/name', 'claude cursor vscode', ''],
  ['name-length', { name: 'b'.repeat(115) }, '/name', 'claude claude-code openai cursor vscode gemini', ''],
  ['tokens', { description: 'boats '.repeat(3400) }, '', 'openai', ''],
  ['description-absent', { description: ' ' }, '/description', '', EVERYBODY],
  ['description-long', { description: 'Bötchen '.repeat(240) }, '/description', '', 'claude-code'],
  ['title-absent', { title: '', annotations: hints }, '/title', '', EVERYBODY],
  ['read-only-hint', { annotations: { title: 'Boats' } }, '/annotations', 'codex', 'claude openai cursor vscode'],
  ['read-only-hint', { annotations: { ...hints, readOnlyHint: 'true' } }, '/annotations', 'codex', 'claude openai cursor vscode'],
  ['hints', { annotations: { readOnlyHint: true } }, '/annotations', '', 'openai'],
  ['output-root', { outputSchema: { type: 'array', items: { type: 'string' } } }, '/outputSchema', 'gemini-cli sdk-1 sdk-2', ''],
  ['root-type', { inputSchema: { properties: {} } }, '/inputSchema', EVERYBODY, ''],
  ['root-type', { inputSchema: { type: ['object'] } }, '/inputSchema', EVERYBODY, ''],
  ['root-type', { inputSchema: null }, '/inputSchema', EVERYBODY, ''],
  ['root-composition', root({}, { anyOf: [{ type: 'object', required: [] }] }), '/inputSchema', 'claude openai gemini', 'claude-code codex vscode'],
  ['argument-key', root({ 'filter[state]': { type: 'string' } }), '/inputSchema/properties/filter[state]', 'claude claude-code', ''],
  ['argument-key', root({ 'a/b~c': { type: 'string' } }), '/inputSchema/properties/a~1b~0c', 'claude claude-code', ''],
  ['argument-key', root({ ['k'.repeat(65)]: { type: 'string' } }), `/inputSchema/properties/${'k'.repeat(65)}`, 'claude claude-code', ''],
  ['member-key', argument({ type: 'object', properties: { $gt: { type: 'string' } } }), `${A}/properties/$gt`, 'claude', ''],
  ['boolean-argument', argument(true), A, 'gemini-cli sdk-1', ''],
  ['boolean-schema', argument({ type: 'array', items: true }), `${A}/items`, 'openai gemini', ''],
  ['no-type', argument({ description: 'Anything.' }), A, 'openai gemini', 'claude claude-code codex'],
  ['no-type', argument({ type: 'array', items: {} }), `${A}/items`, 'openai gemini', 'claude claude-code codex'],
  ['no-type', argument({ anyOf: [{ type: 'string' }, { enum: [1] }] }), `${A}/anyOf/1`, 'openai gemini', 'claude claude-code codex'],
  ['no-type', argument({ type: 'object', additionalProperties: {} }), `${A}/additionalProperties`, 'openai gemini', 'claude claude-code codex'],
  ['no-type', argument({ allOf: [{ type: 'string' }] }), A, 'openai gemini', 'claude claude-code codex'],
  ['type-list', argument({ type: ['string', 'integer'] }), A, 'gemini', ''],
  ['type-unknown', argument({ type: 'file' }), A, 'claude claude-code openai cursor vscode gemini', ''],
  ['type-unknown', argument({ type: ['string', 'date'] }), A, 'claude claude-code openai cursor vscode gemini', ''],
  ['items-absent', argument({ type: 'array' }), A, 'openai vscode gemini', ''],
  ['items-absent', argument({ type: 'array', items: { type: 'array' } }), `${A}/items`, 'openai vscode gemini', ''],
  ['list-items-absent', argument({ type: ['string', 'array'] }), A, 'openai gemini', ''],
  ['tuple', argument({ type: 'array', items: [{ type: 'string' }] }), A, 'claude claude-code openai codex gemini', ''],
  ['prefix-items', argument({ type: 'array', items: { type: 'string' }, prefixItems: [{ type: 'string' }] }), A, 'gemini', ''],
  ['draft-4-bound', argument({ type: 'number', minimum: 1, exclusiveMinimum: true }), A, 'claude claude-code openai gemini', ''],
  ['keyword-type', argument({ type: 'string', maxLength: '5' }), A, 'claude claude-code openai vscode', ''],
  ['keyword-type', argument({ type: 'string', required: true }), A, 'claude claude-code openai vscode', ''],
  ['keyword-type', root({}, { required: ['a', 'a'] }), '/inputSchema', 'claude claude-code openai vscode', ''],
  ['keyword-type', argument({ type: 'string', enum: 'a' }), A, 'claude claude-code openai vscode', ''],
  ['keyword-type', argument({ type: 'object', properties: { b: null } }), A, 'claude claude-code openai vscode', ''],
  ['reference', argument({ $ref: '#/$defs/Boat' }), A, 'claude gemini', ''],
  ['composition', argument({ type: 'string', not: { type: 'string', enum: ['a'] } }), A, 'gemini', ''],
  ['composition', argument({ oneOf: [{ type: 'string' }] }), A, 'gemini', ''],
  ['required-unknown', root({ a: { type: 'string' } }, { required: ['b'] }), '/inputSchema', 'gemini gemini-cli', 'claude'],
  ['enum-empty', argument({ type: 'string', enum: [] }), A, 'claude openai gemini', ''],
  ['enum-type', argument({ type: 'integer', enum: ['1'] }), A, 'openai gemini', ''],
  ['enum-type', argument({ type: 'string', enum: ['a', null] }), A, 'openai gemini', ''],
  ['enum-blank', argument({ type: 'string', enum: ['', 'a'] }), A, 'gemini', ''],
  ['enum-not-text', argument({ type: 'integer', enum: [1, 2] }), A, 'gemini', ''],
  ['default-type', argument({ type: 'integer', description: 'Default 20.', default: '20' }), A, '', 'claude claude-code openai gemini'],
  ['default-unlisted', argument({ type: 'string', description: 'c', enum: ['a'], default: 'c' }), A, '', 'claude claude-code openai'],
  ['pattern-invalid', argument({ type: 'string', description: 'a[', pattern: 'a[' }), A, '', 'openai gemini-cli'],
  ['pattern-refused', argument({ type: 'string', description: String.raw`^\p{L}+$`, pattern: String.raw`^\p{L}+$` }), A, 'openai', ''],
  ['pattern-refused', argument({ type: 'string', description: '(?!a)b', pattern: '(?!a)b' }), A, 'openai', ''],
  ['pattern-refused', argument({ type: 'string', description: '(?<n>b)', pattern: '(?<n>b)' }), A, 'openai', ''],
  ['pattern-refused', argument({ type: 'string', description: String.raw`\cA`, pattern: String.raw`\cA` }), A, 'openai', ''],
  ['unsaid', argument({ type: 'integer', description: 'Up to 900, at least 15.', maximum: 90 }), A, '', 'codex vscode'],
  ['unsaid', argument({ type: 'string', description: 'When.', format: 'date' }), A, '', 'codex vscode'],
  ['unsaid', argument({ type: 'integer', description: 'Page.', default: 1 }), A, '', 'codex vscode'],
  ['unsaid', argument({ type: 'number', exclusiveMinimum: 0 }), A, '', 'codex gemini'],
  ['unsaid', argument({ type: 'array', items: { type: 'string', pattern: '^b' } }), `${A}/items`, '', 'codex vscode'],
]

function by(findings: Finding[], severity: Severity): string {
  return findings.filter((each) => each.severity === severity).map(({ client }) => client).join(' ') // biome-ignore format: one line
}

describe('a planted tool', () => {
  it.each(rows)('breaks %s', (rule, planted, at, refused, lost) => {
    const findings = check([GOOD, { ...GOOD, name: 'planted', ...planted }]).filter((each) => each.rule === rule)
    expect(new Set(findings.map(({ tool }) => tool))).toEqual(new Set([planted.name ?? 'planted']))
    expect(new Set(findings.map((each) => each.at))).toEqual(new Set([at]))
    const once = findings.filter((each, index) => findings.findIndex(({ client }) => client === each.client) === index)
    expect({ refused: by(once, 'refusal'), lost: by(once, 'loss') }).toEqual({ refused, lost })
  }) // biome-ignore format: as read

  it('stands here for every rule of a client', () => {
    const held = CLIENTS.flatMap(({ refuses, loses }) => [...refuses, ...loses])
    const names: RuleName[] = ['name-characters', 'name-length', 'name-clash']
    expect(new Set([...rows.map(([rule]) => rule), 'name-clash'])).toEqual(new Set([...held, ...names]))
  })
})

describe('two tools', () => {
  const clashing = (first: string, second: string) =>
    check([{ ...GOOD, name: first }, { ...GOOD, name: second }])
      .filter(({ rule }) => rule === 'name-clash')
      .map(({ client, tool }) => `${client} ${tool}`) // biome-ignore format: as read

  it.each([
    ['boats_list', 'boats_list', CLIENTS.map(({ name }) => name).filter((name) => name !== 'codex')],
    ['boats.list', 'boats_list', ['claude-code', 'vscode']],
    ['boats/list', 'boats list', ['claude-code', 'vscode']],
    ['boats-list', 'boats_list', []],
    [`a${'b'.repeat(30)}c${'d'.repeat(30)}`, `a${'b'.repeat(30)}e${'d'.repeat(30)}`, ['gemini-cli']],
    ['boats_list', 'boats_get', []],
  ])('%s and %s', (first, second, clients) => {
    expect(clashing(first, second)).toEqual(clients.map((client) => `${client} ${second}`))
  })
})

describe('finds nothing', () => {
  // biome-ignore format: one a line
  it.each<[string, Partial<ListedTool>]>([
    ['in a good tool', {}],
    ['in a tool without arguments', root({})],
    ['in a choice whose branches are typed', argument({ anyOf: [{ type: 'string' }, { type: 'integer' }] })],
    ['in a limit that is said further up', argument({ type: 'array', description: 'Each 1 to 5.', items: { type: 'integer', minimum: 1, maximum: 5 } })],
    ['in a number that is said with separators', argument({ type: 'integer', description: 'At most 10,000.', maximum: 10_000 })],
    ['in a length of none or one', root({ a: { type: 'string', minLength: 0 }, b: { type: 'string', minLength: 1 } })],
    ['in a format that is the API’s own', argument({ type: 'integer', format: 'int32' })],
    ['in a plain pattern', argument({ type: 'string', description: String.raw`^[\w\-./]{2}(?:a|b)\\p{2}$`, pattern: String.raw`^[\w\-./]{2}(?:a|b)\\p{2}$` })],
    ['in what is nested 500 levels deep', argument(JSON.parse(`${'{"type":"array","items":'.repeat(500)}{"type":"string"}${'}'.repeat(500)}`))],
  ])('%s', (_, tool) => {
    expect(check([{ ...GOOD, ...tool }])).toEqual([])
  })

  it.each([
    ['flowtly', loadFlowtly()],
    ['flowpos', loadFlowpos()],
  ])('that costs a tool of %s, by its names without dots', (server, catalog) => {
    const tools = catalog.tools.map(({ name, title, description, inputSchema }) => ({
      ...{ name: underscored(name), title, description, inputSchema: inputSchema as unknown as Json },
      annotations: hints,
    }))
    expect(check(tools, server).filter(({ severity }) => severity === 'refusal')).toEqual([])
  })
})
