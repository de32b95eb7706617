/** Discovery: 1,217 GETs behind three tools that fit any context, and each call still one GET of a declared tool. */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insufficientScope } from '../../src/access/refusal.ts'
import { compile } from '../../src/connector/compile.ts'
import { derive } from '../../src/connector/derive.ts'
import { flowtly } from '../../src/connectors/flowtly.ts'
import { lint } from '../../src/doctor/lint.ts'
import { endpoint } from '../../src/mcp/endpoint.ts'
import { createServer } from '../../src/mcp/server.ts'
import { after, type LogEntry, type Ports } from '../../src/ports.ts'
import { readSettings } from '../../src/settings.ts'
import { type Connector, startConnector } from '../connector.ts'
import { manyGets } from '../many.ts'
import { lectern } from '../program.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
type Told = any
const read = ({ content }: Told): Told => JSON.parse(content[0].text)
const document = JSON.parse(readFileSync(new URL('../../openapi/flowtly.json', import.meta.url), 'utf8'))

describe('a document of 1,217 GETs', () => {
  const options = { access: { type: 'apiKey' } as const, discovery: true }
  let connector: Connector
  let plain: Connector
  beforeAll(async () => {
    connector = await startConnector({}, derive(manyGets(), options).catalog)
    plain = await startConnector({}, derive(manyGets(), { ...options, discovery: false }).catalog)
  })
  afterAll(() => Promise.all([connector.close(), plain.close()]))
  const call = async (name: string, args: object, headers = {}) =>
    (await connector.call(name, args, headers)).result
  const asked = () => connector.sandbox.requests.length

  it('lists three tools in 2,400 bytes, where all of them are hundreds of thousands', async () => {
    const { result } = await connector.rpc('tools/list')
    expect(result.tools.map(({ name }: Told) => name)).toEqual(['tools_find', 'tools_describe', 'tools_call'])
    // A token of English JSON is two bytes and more, so that this is less than 1,200 of them.
    expect(JSON.stringify(result).length).toBeLessThan(2400)
    expect(JSON.stringify((await plain.rpc('tools/list')).result).length).toBeGreaterThan(300_000)
    for (const { annotations } of result.tools)
      expect(annotations).toMatchObject({
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      })
    expect(lint(result.tools, { server: 'many', countTokens: (text) => text.length / 2 })).toEqual([])
  })

  it('reads on through the tool that is listed', async () => {
    const seen = new Set<string>()
    let args: Record<string, unknown> = {
      tool: 'invoices_list',
      arguments: { pageSize: 20, status: 'overdue', format: 'csv' },
    }
    for (;;) {
      const { content } = await call('tools_call', args)
      for (const [id] of content[0].text.matchAll(/^inv_\d+/gm)) seen.add(id)
      const next = JSON.parse(content[1].text)._lectern?.next
      if (!next) break
      expect(next.tool).toBe('tools_call')
      expect(next.arguments.tool).toBe('invoices_list')
      args = next.arguments
    }
    expect(seen.size).toBe(47)
  })

  it('finds, describes and calls: the API is asked once, at the end', async () => {
    const before = asked()
    const { tools } = read(await call('tools_find', { query: 'overdue invoices of a client' }))
    expect(tools.length).toBeLessThanOrEqual(20)
    expect(tools[0]).toMatchObject({ name: 'invoices_list', arguments: expect.arrayContaining(['status']) })
    expect(JSON.stringify(tools).length).toBeLessThan(20 * 700)
    const described = read(await call('tools_describe', { tool: 'invoices_list' }))
    const listed = (await plain.rpc('tools/list')).result.tools.find(
      ({ name }: Told) => name === 'invoices_list',
    )
    expect(described).toEqual(listed)
    expect(asked()).toBe(before)
    const args = { status: 'overdue', pageSize: 3 }
    const result = await call('tools_call', { tool: 'invoices_list', arguments: args })
    expect(asked()).toBe(before + 1)
    expect(connector.sandbox.requests.at(-1)!.path).toBe('/v1/invoices?status=overdue&pageSize=3')
    expect(result).toEqual((await plain.call('invoices_list', args)).result)
  })

  it.each([
    ['tools_call', 'bank_accounts.get', { bankAccountId: 'acc_000001' }],
    ['tools.call', 'bank_accounts_get', '{"bankAccountId":"acc_000001"}'],
    ['tools_call', 'tax_groups_list', undefined],
    ['tools_call', 'tax_groups_list', null],
  ])('%s takes %s with %j, by either form of both names', async (by, tool, args) => {
    const result = await call(by, { tool, ...(args !== undefined && { arguments: args }) })
    expect(result.isError).toBeUndefined()
    expect(Object.keys(read(result)).length).toBeGreaterThan(0)
  })

  it('answers in 2026-07-28 too', async () => {
    const answer = await connector.modern('tools/call', {
      name: 'tools_call',
      arguments: { tool: 'tax_groups_list' },
    })
    expect(answer.status).toBe(200)
    expect(read(((await answer.json()) as Told).result).items.length).toBeGreaterThan(0)
  })

  it.each([
    ['tools_find', {}, 'query is required'],
    ['tools_find', { query: 5, most: 100 }, '"most" is unknown'],
    ['tools_describe', { tool: 'invoices_lst' }, 'did you mean invoices_list?'],
    ['tools_describe', { tool: 'constructor' }, 'tools_find finds them'],
    ['tools_describe', { tool: '__proto__' }, 'tools_find finds them'],
    ['tools_call', {}, 'tool is required'],
    ['tools_call', { arguments: {} }, 'tool is required'],
    ['tools_call', { tool: 'tools_call', arguments: { tool: 'tools_call' } }, 'Unknown tool'],
    ['tools_call', { tool: 'invoices_lst' }, 'did you mean invoices_list?'],
    ['tools_call', { tool: 'invoices_list', arguments: { stats: 'overdue' } }, 'did you mean status?'],
    ['tools_call', { tool: 'invoices_list', arguments: { status: 'late' } }, 'status must be one of'],
    ['tools_call', { tool: 'invoices_list', status: 'overdue' }, '"status" is unknown'],
    ['tools_call', { tool: 'invoices_list', arguments: [] }, 'must be one JSON object'],
    ['tools_call', { tool: 'invoices_get', arguments: { invoiceId: '../x' } }, 'invoiceId must be'],
    ['tools_call', { tool: { name: 'x' } }, 'tool must be'],
    ['tools_call', 'x', 'must be one JSON object'],
  ])('%s %j is a mistake that a model can mend, and nothing is sent', async (name, args, words) => {
    const before = asked()
    const result = await call(name, args as object)
    expect(result.isError).toBe(true)
    expect(read(result)).toMatchObject({
      error: 'invalid_arguments',
      message: expect.stringContaining(words),
    })
    expect(asked()).toBe(before)
  })

  it('still takes a declared tool by its own name, and names the three nowhere else', async () => {
    expect((await call('suppliers_list', {})).isError).toBeUndefined()
    const { error } = await plain.call('tools_find', { query: 'x' })
    expect(error.message).toContain('Unknown tool "tools_find"')
    expect((await connector.call('weather')).error.message).toContain('tools_find finds them')
  })
})

describe('a caller of few scopes', () => {
  const { invoices, taxGroups } = flowtly.namespaces
  const mirrored = {
    ...invoices!,
    tools: { ...invoices!.tools, list: { ...invoices!.tools.list!, headers: { status: 'Status' } } },
  }
  const catalog = compile(
    { ...flowtly, discovery: true, prompts: {}, namespaces: { invoices: mirrored, taxGroups: taxGroups! } },
    document,
  )
  const sent: string[] = []
  const ports: Ports = {
    async get(url: URL | string) {
      sent.push(String(url))
      return { status: 200, header: () => 'application/json', body: new TextEncoder().encode('{}') }
    },
    now: () => 0,
    random: () => 0.5,
    id: () => 'id',
    after,
    log: () => {},
  }
  const server = createServer(catalog, readSettings({}), ports)

  async function post(name: string, args: object, scopes: string[], headers: Record<string, string> = {}) {
    const modern = headers['mcp-method'] !== undefined
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    const params = { name, arguments: args, ...(modern && { _meta }) }
    const request = new Request('http://localhost/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    })
    const insufficient = (needed: readonly string[]) => insufficientScope(request, needed)
    const entry: LogEntry = {}
    const answer = await endpoint({
      request,
      caller: { scopes: new Set(scopes), headers: {}, insufficient },
      server,
      entry,
    })
    return {
      entry,
      status: answer.status,
      challenge: answer.headers.get('www-authenticate'),
      body: (await answer.json()) as Told,
    }
  }
  const status = (value: string) => ({ tool: 'invoices.list', arguments: { status: value } })

  it('finds what is open alone', async () => {
    const { body } = await post('tools.find', { query: 'list invoices and tax groups' }, ['settings:read'])
    expect(read(body.result).tools.map(({ name }: Told) => name)).toEqual(['taxGroups.list'])
  })

  it.each(['tools.call', 'tools.describe'])(
    '%s of what is closed is the challenge of a call',
    async (name) => {
      const refused = await post(name, { tool: 'invoices.list' }, ['settings:read'])
      expect(refused.status).toBe(403)
      expect(refused.challenge).toContain('scope="invoices:read settings:read"')
      expect(sent).toEqual([])
    },
  )

  it('the log names the tool that was called, and the one that it was called by', async () => {
    const { entry } = await post('tools.call', { tool: 'taxGroups_list' }, ['settings:read'])
    expect(entry).toMatchObject({ tool: 'taxGroups.list', via: 'tools.call' })
    expect(sent.splice(0)).toHaveLength(1)
  })

  it.each([
    ['no header, which the client could not know of', {}, 200],
    ['the header that agrees', { 'mcp-param-status': 'overdue' }, 200],
    ['one that says otherwise', { 'mcp-param-status': 'paid' }, 400],
  ])('in 2026-07-28 with %s', async (_, more, expected) => {
    const headers = {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'tools.call',
      ...more,
    }
    const answered = await post('tools.call', status('overdue'), ['invoices:read'], headers)
    expect(answered.status).toBe(expected)
    expect(sent.splice(0)).toHaveLength(expected === 200 ? 1 : 0)
  })
})

describe('what may not be declared with it', () => {
  it('a namespace whose tools would be hidden', () => {
    const tools = {
      title: 'Tools',
      description: 'Tools.',
      tools: { find: { operation: 'listTaxGroups', title: 'Find', description: 'Some.' } },
    }
    const declaration = { ...flowtly, namespaces: { ...flowtly.namespaces, tools } }
    expect(() => compile({ ...declaration, discovery: true }, document)).toThrow(
      'tools.find is what discovery calls one of its own',
    )
    expect(compile(declaration, document).tools.at(-1)!.name).toBe('tools.find')
  })
})

describe('lectern start --openapi … --discovery', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'discovery-'))
    await writeFile(join(folder, 'many.json'), JSON.stringify(manyGets()))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('serves three', async () => {
    const args = [
      'start',
      '--openapi',
      join(folder, 'many.json'),
      '--base-url',
      'http://127.0.0.1:9',
      '--discovery',
    ]
    const { printed } = lectern(args, { PORT: '0', LECTERN_LOG: 'off' })
    await expect.poll(() => printed.out, { timeout: 15_000, interval: 20 }).toContain('Ctrl-C ends it.')
    expect(printed.out).toContain('Tools: 1217. tools/list names three that find, describe and call them.')
    const answer = await fetch(/ at (\S+\/mcp)/.exec(printed.out)![1]!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    })
    expect(((await answer.json()) as Told).result.tools).toHaveLength(3)
  })
})
