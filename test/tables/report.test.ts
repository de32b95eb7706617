/** What `compile` tells a person: long lists are folded, like reasons stand together, nothing speaks to the terminal. */
import { describe, expect, it } from 'vitest'
import { withoutServer } from '../../src/commands/lacking.ts'
import { report } from '../../src/commands/report.ts'
import type { Catalog } from '../../src/connector/catalog.ts'
import type { Derived } from '../../src/connector/derive.ts'
import type { JsonObject } from '../../src/json.ts'
import type { Answering } from '../../src/tools/answering.ts'
import type { Tool } from '../../src/tools/tool.ts'

function tool(name: string, title: string, names: string[] = [], required?: string[]): Tool {
  const properties = Object.fromEntries(names.map((each) => [each, { type: 'string' }]))
  const inputSchema = { type: 'object' as const, properties, ...(required && { required }) }
  const sent = { operation: name, path: '/', parameters: [], defaults: {}, accept: '', produces: [] }
  return { name, namespace: name.split('.')[0]!, title, description: title, scopes: [], inputSchema, ...sent }
}

function told(
  tools: Tool[],
  rest: Partial<Derived> = {},
  server = 'https://pets.example',
  info: object = {},
  isTrusted = false,
) {
  const names = [...new Set(tools.map(({ namespace }) => namespace))]
  const namespaces = names.map((name) => ({ name, title: `The ${name}`, description: name }))
  const derived = {
    catalog: { server, tools, namespaces } as Partial<Catalog> as Catalog,
    operations: tools.length,
    others: 0,
    skipped: [],
    notes: [],
    ...rest,
  }
  const document = { openapi: '3.0.3', info: { title: 'Pets', version: '1', ...info } }
  return report(
    document,
    derived,
    tools.map(({ name }) => ({ name })),
    isTrusted,
  )
}

const many = (count: number) => Array.from({ length: count }, (_, at) => at)
const skip = (count: number, reason: string) =>
  many(count).map((at) => ({ operation: `GET /${reason}/${at}`, reason }))

describe('a small document', () => {
  it('is told whole', () => {
    const tools = [
      tool('pets.list', 'List pets', ['kind']),
      tool('shops.get', 'Get a shop', ['a', 'id'], ['id']),
    ]
    const skipped = [{ operation: 'GET /odd', reason: 'it is odd' }]
    expect(told(tools, { skipped, operations: 3, notes: ['Read 3.0 as 3.1'] })).toBe(`Pets 1 (OpenAPI 3.0.3)
Base URL: https://pets.example

pets: The pets
  pets.list  List pets  kind

shops: The shops
  shops.get  Get a shop  id*, a

Skipped:
  it is odd
    GET /odd

Notes:
  Read 3.0 as 3.1

3 GET operations: 2 tools in 2 namespaces, 1 skipped.
tools/list is about 43 characters. Arguments with * are required.`)
  })

  it('without a tool, a server or a title is told as such', () => {
    expect(told([], {}, '', { title: {}, version: 2 })).toBe(`(untold) 2 (OpenAPI 3.0.3)
It names no server: give the base URL with --base-url, such as --base-url https://api.example.com/v1.

It has no GET operation: nothing can become a tool.

0 GET operations: 0 tools in 0 namespaces, 0 skipped.`)
  })

  it.each([
    [1, 'It has no GET operation: nothing can become a tool (1 other operation is not a GET).'],
    [2, 'It has no GET operation: nothing can become a tool (2 other operations are not GETs).'],
  ])('with %i operation that is no GET is told so', (others, words) => {
    expect(told([], { others })).toContain(`\n\n${words}\n\n`)
  })

  it('counts the namespaces that have a tool, and names no other', () => {
    const tools = [tool('pets.list', 'List pets')]
    const namespaces = ['pets', 'shops'].map((name) => ({ name, title: name, description: name }))
    const catalog = { server: 'https://pets.example', tools, namespaces } as Partial<Catalog> as Catalog
    const text = told(tools, { catalog, operations: 2, skipped: skip(1, 'odd') })
    expect(text).toContain('2 GET operations: 1 tool in 1 namespace, 1 skipped.')
    expect(text).not.toContain('shops')
  })
})

describe('how lists are read', () => {
  // biome-ignore format: a row a line
  it.each<[Answering | undefined, string | undefined]>([
    [undefined, undefined],
    [{ asks: {} }, undefined],
    [{ asks: {}, rows: [] }, undefined],
    [{ asks: {}, record: true, rows: ['lines'] }, undefined],
    [{ asks: {}, rows: ['items'] }, 'rows: items; no pages; no total'],
    [{ asks: {}, rows: ['data', 'rows'], paging: { kind: 'cursor', cursor: 'after', next: ['meta', 'after'] } }, 'rows: data.rows; pages: after from meta.after; no total'],
    [{ asks: {}, paging: { kind: 'page', page: 'p', first: 1 }, total: ['count'], summary: ['id', 'name'] }, 'rows: the longest list; pages: p; total: count; summary of 2'],
    [{ asks: {}, rows: ['a'], paging: { kind: 'offset', offset: 'start' } }, 'rows: a; pages: start; no total'],
    [{ asks: {}, rows: ['a'], paging: { kind: 'link' } }, 'rows: a; pages: the header Link; no total'],
    [{ asks: {}, rows: ['a\u001b[2J'], paging: { kind: 'link', next: ['links', 'next'] } }, 'rows: a [2J; pages: the address in links.next; no total'],
  ])('%j: %s', (answering, line) => {
    const text = told([{ ...tool('pets.list', 'List pets'), ...(answering && { answering }) }, tool('pets.get', 'Get a pet')])
    const section = /^Lists, as their answers are read:\n {2}pets\.list {2}(.*)\n\n/m.exec(text)?.[1]
    expect([section, text.includes('Lists,')]).toEqual([line, line !== undefined])
  })

  it('are folded', () => {
    const tools = many(40).map((at) => ({
      ...tool(`pets${at}.list`, 'List'),
      answering: { asks: {}, rows: ['a'] },
    }))
    expect(told(tools)).toContain('\n  … and 11 more\n\n')
  })
})

describe('the base URL', () => {
  const heading = (server: string, more: object = {}, isTrusted?: boolean) =>
    told([], {}, server, more, isTrusted).split('\n').slice(1, 3).join('\n')

  it.each([
    'http://localhost:3000',
    'http://api.localhost',
    'http://127.0.0.1/v1',
    'https://10.1.2.3',
    'http://[::1]:9',
  ])('%s, which a start would refuse to ask, carries a note', (server) => {
    const note = `It is not on the public internet, so lectern start refuses it: add --base-url ${server} where that is right`
    expect(heading(server)).toBe(`Base URL: ${server}\n${note}`)
    expect(heading(server, {}, true)).toBe(`Base URL: ${server}\n`)
  })

  it.each(['https://pets.example', 'https://8.8.8.8', 'http://localhost.example'])(
    '%s carries none',
    (server) => {
      expect(heading(server)).toBe(`Base URL: ${server}\n`)
    },
  )
})

describe('without a whole server', () => {
  const rows: [string, JsonObject, string][] = [
    ['a path', { openapi: '3.0.3', servers: [{ url: '/v1' }] }, 'its server /v1 is relative, and nothing says to what: give the whole with --base-url, such as --base-url https://api.example.com/v1'],
    ['Swagger’s path', { swagger: '2.0', basePath: '/v2' }, 'its server /v2 is relative, and nothing says to what: give the whole with --base-url, such as --base-url https://api.example.com/v2'],
    ['a path with a word for a terminal', { openapi: '3.0.3', servers: [{ url: '/v1\u001b[2J' }] }, 'its server /v1 [2J is relative, and nothing says to what: give the whole with --base-url, such as --base-url https://api.example.com/v1%1B[2J'],
    ['no server', { openapi: '3.0.3' }, 'it names no server: give the base URL with --base-url, such as --base-url https://api.example.com/v1'],
    ['neither of Swagger’s', { swagger: '2.0' }, 'it names no server: give the base URL with --base-url, such as --base-url https://api.example.com/v1'],
    ['a server of another kind', { openapi: '3.0.3', servers: [{ url: 'ftp://a.example' }] }, 'it names no server: give the base URL with --base-url, such as --base-url https://api.example.com/v1'],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, document, expected) => {
    expect(withoutServer(document)).toBe(expected)
  })
})

it('a namespace’s title is told where it says more than the name', () => {
  const derived = { operations: 1, others: 0, skipped: [], notes: [] }
  const tools = [tool('bank_accounts.list', 'List')]
  const named = (title: string) => {
    const namespaces = [{ name: 'bank_accounts', title, description: title }]
    return report({}, { ...derived, catalog: { server: '', tools, namespaces } as unknown as Catalog }, tools)
  }
  expect(named('Bank Accounts')).toContain('\nbank_accounts\n')
  expect(named('Accounts at banks')).toContain('\nbank_accounts: Accounts at banks\n')
})

describe('what is long is folded', () => {
  const rows: [string, string, string[], string][] = [
    ['tools', told(many(30).map((at) => tool(`a.b${at}`, 'B'))), ['a.b29 '], 'more'],
    ['one more tool', told(many(31).map((at) => tool(`a.b${at}`, 'B'))), ['a.b28 ', '  … and 2 more (--json has all)\n'], 'a.b29'],
    ['namespaces', told(many(40).map((at) => tool(`n${at}.b`, 'B'))), ['n39: The n39\n'], 'more'],
    ['one more namespace', told(many(41).map((at) => tool(`n${at}.b`, 'B'))), ['n38: The n38\n', '\n… and 2 more (--json has all)\n'], 'n39'],
    ['arguments', told([tool('a.b', 'B', ['a', 'b', 'c', 'd', 'e', 'f'])]), ['a, b, c, d, e, f\n'], 'more'],
    ['one more argument', told([tool('a.b', 'B', ['a', 'b', 'c', 'd', 'e', 'f', 'g'], ['g'])]), ['g*, a, b, c, d, e, … 1 more\n'], ' f'],
    ['operations of a reason', told([], { skipped: skip(5, 'odd') }), ['GET /odd/4'], 'more'],
    ['one more of them', told([], { skipped: skip(6, 'odd') }), ['GET /odd/3\n    … and 2 more (--json has all)\n'], '/odd/4'],
    ['reasons', told([], { skipped: many(16).flatMap((at) => skip(1, `r${at}`)) }), ['  r13\n', '\n  … and 2 more (--json has all)\n'], 'r14'],
    ['notes', told([], { notes: many(16).map((at) => `note ${at}`) }), ['note 13\n  … and 2 more\n'], 'note 14'],
    ['a title', told([tool('a.b', 'T'.repeat(60))]), [`${'T'.repeat(50)}…`], 'T'.repeat(51)],
    ['a reason', told([], { skipped: skip(1, 'r'.repeat(400)) }), [`${'r'.repeat(300)}…`], 'r'.repeat(301)],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, text, held, missing) => {
    for (const words of held) expect(text).toContain(words)
    expect(text).not.toContain(missing)
  })
})

it('no word of a document moves the cursor or hides others', () => {
  const bad = '\u001b[2J\r\u202e\u200bx\ny'
  const skipped = [{ operation: `GET /${bad}`, reason: bad }]
  const info = { title: bad, version: bad }
  const text = told([tool('a.b', bad)], { skipped, notes: [bad] }, `https://${bad}`, info)
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u200b\u202e]/)
})
