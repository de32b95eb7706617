/** Flowtly's records, links and prompts, asked for in both eras over real HTTP, in front of the real sandbox. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../src/access/caller.ts'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { compile } from '../../src/connector/compile.ts'
import type { Declaration } from '../../src/connector/declaration.ts'
import { flowtly } from '../../src/connectors/flowtly.ts'
import { endpoint } from '../../src/mcp/endpoint.ts'
import { createServer } from '../../src/mcp/server.ts'
import { after } from '../../src/ports.ts'
import { readSettings } from '../../src/settings.ts'
import { type Connector, startConnector } from '../connector.ts'

const document = JSON.parse(readFileSync(new URL('../../openapi/flowtly.json', import.meta.url), 'utf8'))

let connector: Connector
beforeAll(async () => {
  connector = await startConnector()
})
afterAll(() => connector.close())

type Ask = (method: string, params?: Record<string, unknown>) => Promise<{ result: never; error: never }>
// biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
const eras: [string, (at: Connector) => (...asked: Parameters<Ask>) => Promise<any>][] = [
  [
    '2025-11-25',
    (at) => (method, params) => at.rpc(method, params, { 'mcp-protocol-version': '2025-11-25' }),
  ],
  ['2026-07-28', (at) => async (method, params) => (await at.modern(method, params)).json()],
]

describe.each(eras)('in %s', (version, over) => {
  it('each template that is listed reads a record', async () => {
    const ask = over(connector)
    const ids: Record<string, string> = {
      invoiceId: 'inv_000123',
      bankAccountId: 'acc_000001',
      counterpartyId: 'cp_000017',
      contractId: 'con_000012',
      attachmentId: 'att_000321',
    }
    const { resourceTemplates } = (await ask('resources/templates/list')).result
    expect(resourceTemplates).toHaveLength(6)
    for (const { uriTemplate, mimeType } of resourceTemplates) {
      const uri = uriTemplate.replace(/\{(\w+)\}/, (_: string, name: string) => ids[name])
      const { contents } = (await ask('resources/read', { uri })).result
      expect(contents).toMatchObject([{ uri, mimeType }])
      expect(contents[0].text).toContain(`"${/[a-z]+_\d+/.exec(uri)![0]}"`)
    }
  })

  it('each resource that is listed reads rows', async () => {
    const ask = over(connector)
    const { resources } = (await ask('resources/list')).result
    expect(resources.map(({ uri }: { uri: string }) => uri)).toEqual([
      'flowtly://bankAccounts',
      'flowtly://costGroups',
      'flowtly://taxGroups',
    ])
    for (const { uri } of resources) {
      const { contents } = (await ask('resources/read', { uri })).result
      expect(JSON.parse(contents[0].text).items.length).toBeGreaterThan(1)
    }
  })

  it.each([
    ['flowtly://counterparties/cp_000017/invoices?status=paid', '/v1/invoices?status=paid&counterpartyId=cp_000017&page=1&pageSize=50'],
    ['flowtly://bankAccounts/acc_000001/transactions', '/v1/transactions?bankAccountId=acc_000001&limit=50'],
    ['https://workspace.flowtly.eu/contracts/con_000012/paymentScheduleLines', '/v1/contracts/con_000012/payment-schedule-lines?page=1&pageSize=50'],
    ['https://workspace.flowtly.eu/attachments/att_000321?download=true', '/v1/attachments/att_000321?download=true'],
  ])('%s is read by one GET', async (uri, path) => {
    const before = connector.sandbox.requests.length
    const { contents } = (await over(connector)('resources/read', { uri })).result
    expect(contents).toMatchObject([{ uri }])
    const asked = connector.sandbox.requests.slice(before).map((sent) => [sent.method, sorted(sent.path)])
    expect(asked).toEqual([['GET', sorted(path)]])
  }) // biome-ignore format: one row a line

  it.each([
    'https://workspace.flowtly.eu/invoices?status=lost',
    'https://workspace.flowtly.eu/invoices/inv_000123?tab=payments',
    'https://workspace.flowtly.eu/invoices/FV-2026',
    'https://workspace.flowtly.eu/invoices/inv_999999',
  ])('%s is not found', async (uri) => {
    const code = version === '2026-07-28' ? -32602 : -32002
    expect((await over(connector)('resources/read', { uri })).error).toMatchObject({ code, data: { uri } })
  })

  it('every prompt is filled in and names tools that are there', async () => {
    const ask = over(connector)
    const { prompts } = (await ask('prompts/list')).result
    expect(prompts).toHaveLength(7)
    for (const { name, arguments: args } of prompts) {
      const given = Object.fromEntries(args.map((each: { name: string }) => [each.name, `<${each.name}>`]))
      const { messages } = (await ask('prompts/get', { name, arguments: given })).result
      for (const each of args) expect(messages[0].content.text).toContain(`<${each.name}>`)
    }
  })

  it.each([
    ['overdue_invoices', 'direction', '', ['sale', 'purchase']],
    ['expiring_contracts', 'direction', 'PUR', ['purchase']],
    ['client_statement', 'counterparty', 'S', []],
  ])('%s completes %s from %j as %j', async (name, argument, value, values) => {
    const ref = { type: 'ref/prompt', name }
    const { result } = await over(connector)('completion/complete', {
      ref,
      argument: { name: argument, value },
    })
    expect(result.completion.values).toEqual(values)
  })
})

function sorted(path: string): string {
  const [before, query = ''] = path.split('?')
  return `${before}?${query.split('&').sort().join('&')}`
}

it('a URI beyond the templates has no variables to complete', async () => {
  const ref = { type: 'ref/resource', uri: 'flowtly://counterparties/cp_000017/invoices' }
  const argument = { name: 'counterpartyId', value: '' }
  expect((await connector.rpc('completion/complete', { ref, argument })).error.code).toBe(-32602)
})

describe('for how long a record may be kept', () => {
  const answers = createHttpServer((request, response) => {
    const said = decodeURIComponent(/q=([^&]*)/.exec(request.url!)?.[1] ?? '')
    const [control = '', age] = said.split('|')
    const headers = { ...(control !== '' && { 'cache-control': control }), ...(age !== undefined && { age }) }
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end('{"items":[]}')
  })
  let cached: Connector
  beforeAll(async () => {
    answers.listen(0, '127.0.0.1')
    await once(answers, 'listening')
    const { port } = answers.address() as AddressInfo
    cached = await startConnector({ LECTERN_UPSTREAM_URL: `http://127.0.0.1:${port}` })
  })
  afterAll(async () => {
    await cached.close()
    answers.closeAllConnections()
    answers.close()
  })

  const uri = (said: string) => `flowtly://invoices?q=${encodeURIComponent(said)}`

  it.each([
    ['', 0],
    ['private, max-age=60', 60_000],
    ['max-age=60|45', 15_000],
    ['no-store', 0],
    ['max-age=999999999', 3_600_000],
  ])('%j is %i ms, for one person alone', async (said, ttlMs) => {
    const { result } = (await (await cached.modern('resources/read', { uri: uri(said) })).json()) as {
      result: object
    }
    expect(result).toMatchObject({ ttlMs, cacheScope: 'private', resultType: 'complete' })
  })

  it('is not told before 2026-07-28', async () => {
    const { result } = await cached.rpc('resources/read', { uri: uri('max-age=60') })
    expect(Object.keys(result)).toEqual(['contents'])
  })
})

describe('a caller with fewer scopes', () => {
  async function ask(caller: Caller, method: string, params: object) {
    const get = () => expect.unreachable('a request went to the upstream')
    const ports = { get, now: () => 0, random: () => 0.5, id: () => 'id', after, log: () => {} }
    const request = new Request('http://localhost/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const server = createServer(loadFlowtly(), readSettings({}), ports)
    const answer = await endpoint({ request, caller, server, entry: {} })
    // biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
    return (await answer.json()) as any
  }
  const banker: Caller = { scopes: new Set(['banking:read']), headers: {} }

  it('is offered the prompts that the scopes can answer, and routes to those tools alone', async () => {
    const { prompts } = (await ask(banker, 'prompts/list', {})).result
    expect(prompts.map(({ name }: { name: string }) => name)).toEqual([
      'which_tool',
      'cash_position',
      'missing_receipts',
    ])
    const params = { name: 'which_tool', arguments: { question: 'How much?' } }
    const { messages } = (await ask({ ...banker, refusesDots: true }, 'prompts/get', params)).result
    const routes = messages[0].content.text.match(/^- .*?:/gm)
    expect(routes).toEqual(['- transactions_list:', '- bankAccounts_list:', '- bankAccounts_get:'])
  })

  it('without any is offered none', async () => {
    expect((await ask({ ...banker, scopes: new Set() }, 'prompts/list', {})).result.prompts).toEqual([])
  })

  it.each([
    ['resources/read', { uri: 'https://workspace.flowtly.eu/invoices/inv_000123' }, -32002],
    ['resources/read', { uri: 'flowtly://bankAccounts/acc_000001/transactions/../../invoices' }, -32002],
    ['resources/read', { uri: 'flowtly://counterparties/cp_000017/invoices' }, -32002],
    ['prompts/get', { name: 'overdue_invoices' }, -32602],
  ])('%s of %j is refused, and nothing is asked', async (method, params, code) => {
    expect((await ask(banker, method, params)).error.code).toBe(code)
  })
})

describe('a connector that declares tools alone', () => {
  const { resources: _, prompts: __, ...declared } = flowtly
  const { resource: ___, ...list } = flowtly.namespaces.taxGroups!.tools.list!
  const bare: Declaration = {
    ...declared,
    namespaces: { taxGroups: { ...flowtly.namespaces.taxGroups!, tools: { list } } },
  }
  let alone: Connector
  beforeAll(async () => {
    alone = await startConnector({}, compile(bare, document))
  })
  afterAll(() => alone.close())

  it.each(['resources/list', 'resources/read', 'prompts/list', 'completion/complete'])(
    'has no %s',
    async (method) => {
      expect((await alone.rpc(method)).error.code).toBe(-32601)
      expect((await alone.modern(method, { uri: 'flowtly://taxGroups' })).status).toBe(404)
    },
  )

  it('says so in every handshake', async () => {
    for (const protocolVersion of ['2024-11-05', '2025-11-25']) {
      const { result } = await alone.rpc('initialize', { protocolVersion })
      expect(result.capabilities).toEqual({ tools: {} })
    }
  })
})
