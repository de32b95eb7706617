/** Row 16, among the addresses of one deployment: a token of a part opens that part alone. And what tries to reach beyond one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { createParts } from '../../src/mcp/parts.ts'
import { createServer } from '../../src/mcp/server.ts'
import { callTool } from '../../src/mcp/tools.ts'
import { after, type LogEntry, type Ports } from '../../src/ports.ts'
import { open, seal } from '../../src/sealing/seal.ts'
import { readSettings } from '../../src/settings.ts'
import { type Connector, startConnector } from '../connector.ts'
import { type Client, newClient, Person, redeem, refresh, walkToCode } from '../person.ts'
import { attack } from './attack.ts'
import { withParameters } from './pages.ts'
import { openStage, ringOf, type Stage } from './stage.ts'

const ADDRESSES = ['/mcp', '/n/invoices/mcp', '/n/invoices,contracts/mcp', '/n/contracts/mcp']
const REDIRECT = 'http://127.0.0.1:33999/callback'

interface Held {
  client: Client
  access: string
  refresh: string
}

attack(16, () => {
  let stage: Stage
  const held = new Map<string, Held>()
  const client = (path: string) =>
    newClient({ issuer: stage.url, redirect: REDIRECT, resource: stage.url + path })
  beforeAll(async () => {
    stage = await openStage({ provider: { rotate: false } })
    for (const path of ADDRESSES) {
      const own = await client(path)
      const code = (await walkToCode(own)).get('code')!
      const { body } = await redeem(own, code, { resource: stage.url + path })
      held.set(path, { client: own, access: body.access_token, refresh: body.refresh_token })
    }
  })

  const list = (path: string, token: string) =>
    fetch(stage.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    })

  it.each(ADDRESSES)('a token for %s opens no other address, and is told which it needs', async (own) => {
    for (const path of ADDRESSES) {
      const answer = await list(path, held.get(own)!.access)
      expect(answer.status, path).toBe(path === own ? 200 : 401)
      if (path === own) continue
      const challenge = answer.headers.get('www-authenticate')!
      expect(challenge).toContain('error="invalid_token"')
      expect(challenge).toContain(`/.well-known/oauth-protected-resource${path}"`)
      const words = ((await answer.json()) as { error: { message: string } }).error.message
      expect(words).toContain(`was issued for ${stage.url}${own}:`)
      expect(words).toContain(`resource=${stage.url}${path}.`)
    }
  })

  it('nor does a token that names a part in another spelling', async () => {
    const ring = ringOf(stage.url)
    const now = Date.now() / 1000
    const claims = (await open(ring, 'access', held.get('/n/invoices,contracts/mcp')!.access, now))!
    const sealedFor = (resource: unknown) => seal(ring, 'access', { ...claims, resource } as never, now, 60)
    const path = '/n/invoices,contracts/mcp'
    expect((await list(path, await sealedFor(path))).status).toBe(200)
    // biome-ignore format: spellings next to one another
    const others = ['/n/contracts,invoices/mcp', '/n/invoices%2Ccontracts/mcp', '/n/invoices,contracts/mcp/', '/n/invoices,contracts', '/n/*/mcp', '/n/invoices,contracts,taxGroups/mcp', '/n//mcp', `${stage.url}${path}`, ['/n/invoices,contracts/mcp'], null]
    for (const resource of others)
      expect((await list(path, await sealedFor(resource))).status, String(resource)).toBe(401)
  })

  it('a code or refresh token of one address brings no token of another', async () => {
    for (const own of ADDRESSES) {
      const mine = await client(own)
      const code = (await walkToCode(mine)).get('code')!
      for (const path of ADDRESSES.filter((each) => each !== own)) {
        const resource = stage.url + path
        expect((await redeem(mine, code, { resource })).body.error).toBe('invalid_target')
        const { client: kept, refresh: token } = held.get(own)!
        expect((await refresh(kept, token, { resource })).body.error).toBe('invalid_target')
      }
      const { body } = await redeem(mine, code, { resource: undefined })
      expect((await list(own, body.access_token)).status).toBe(200)
      // Who names none gets another for the address that was agreed to.
      const again = await refresh(mine, body.refresh_token)
      for (const path of ADDRESSES)
        expect((await list(path, again.body.access_token)).status).toBe(path === own ? 200 : 401)
    }
  })

  it('nobody signs in for a part that is spelled otherwise, or for two', async () => {
    const { authorizeUrl } = await client('/mcp')
    // biome-ignore format: addresses next to one another
    const wrong = ['/n/contracts,invoices/mcp', '/n/invoices%2Ccontracts/mcp', '/n/invoices,invoices/mcp', '/n/Invoices/mcp', '/n/invoices/mcp//', '/n/zzz/mcp', '/n//mcp', '/n/mcp', '/n/invoices', `/n/${','.repeat(3000)}/mcp`]
    const errorOf = async (url: string) => {
      const { response } = await new Person().request(url)
      return new URL(response.headers.get('location')!).searchParams.get('error')
    }
    for (const path of wrong)
      expect(
        await errorOf(withParameters(authorizeUrl, { resource: stage.url + path })),
        path.slice(0, 40),
      ).toBe('invalid_target')
    const second = encodeURIComponent(`${stage.url}/n/invoices/mcp`)
    expect(await errorOf(`${authorizeUrl}&resource=${second}`)).toBe('invalid_target')
  })
})

describe('a part of invoices and contracts', () => {
  let connector: Connector
  let finding: Connector
  beforeAll(async () => {
    const catalog = loadFlowtly()
    connector = await startConnector({ LECTERN_KNOWLEDGE: 'on' })
    finding = await startConnector({}, { ...catalog, discovery: true })
  })
  afterAll(() => Promise.all([connector.close(), finding.close()]))

  const uris = (...all: string[]) => all.map((uri) => ['resources/read', { uri }] as [string, object])
  const tools = (...all: [string, object?][]) =>
    all.map(([name, args = {}]) => ['tools/call', { name, arguments: args }] as [string, object])
  const template = (uri: string, name: string) =>
    ['completion/complete', { ref: { type: 'ref/resource', uri }, argument: { name, value: '' } }] as [
      string,
      object,
    ]
  const prompt = (name: string) =>
    [
      'prompts/get',
      { name, arguments: { question: 'x', client: 'x', from: '2026-01-01', to: '2026-02-01' } },
    ] as [string, object]

  const REACHING: [string, object][] = [
    ...tools(['transactions.list'], ['transactions_list'], ['bankAccounts.get', { accountId: 'acc_1' }], ['taxGroups.list'], ['__proto__'], ['constructor']),
    ...tools(['fetch', { id: 'counterparties:cp_000017' }], ['search', { query: 'counterparties: studio' }], ['search', { query: 'transactions: x' }]),
    ...uris('flowtly://counterparties/cp_000017', 'flowtly://counterparties', 'flowtly://transactions?pageSize=1', 'flowtly://attachments/att_000001'),
    ...uris('https://workspace.flowtly.eu/counterparties/cp_000017', 'https://workspace.flowtly.eu/taxGroups', 'flowtly://taxGroups'),
    // From a record of elsewhere to rows of here, and the other way.
    ...uris('flowtly://counterparties/cp_000017/invoices', 'https://workspace.flowtly.eu/counterparties/cp_000017/contracts', 'flowtly://contracts/con_000001/transactions'),
    prompt('cash_position'), prompt('client_statement'), prompt('spend_by_cost_group'), prompt('missing_receipts'),
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'cash_position' }, argument: { name: 'from', value: '' } }],
    template('flowtly://counterparties/{counterpartyId}', 'counterpartyId'),
    template('flowtly://bankAccounts/{accountId}', 'accountId'),
  ] // biome-ignore format: one way a line

  async function post(to: Connector, method: string, params: object, modern: boolean) {
    const name = (params as { name?: string; uri?: string }).name ?? (params as { uri?: string }).uri
    const headers: Record<string, string> = modern
      ? {
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': method,
          ...(name !== undefined && { 'mcp-name': name }),
        }
      : {}
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    const answer = await fetch(`${to.url}/n/invoices,contracts/mcp`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer flowtly_demo_aurora',
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method,
        params: { ...params, ...(modern && { _meta }) },
      }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
    return (await answer.json()) as any
  }

  it.each([false, true])('is not left by any method (2026-07-28: %s)', async (modern) => {
    const asked = connector.sandbox.requests.length
    for (const [method, params] of REACHING) {
      const { error, result } = await post(connector, method, params, modern)
      const isRefused = error !== undefined || result.isError === true
      expect(isRefused, `${method} ${JSON.stringify(params)}: ${JSON.stringify(result)}`).toBe(true)
    }
    expect(connector.sandbox.requests).toHaveLength(asked)
    const { result } = await post(
      connector,
      'tools/call',
      { name: 'invoices.list', arguments: { pageSize: 1 } },
      modern,
    )
    expect(result.isError).toBeFalsy()
    expect(connector.sandbox.requests).toHaveLength(asked + 1)
  })

  it('is not left by finding, describing or calling', async () => {
    const asked = finding.sandbox.requests.length
    for (const query of [
      'bank transactions',
      'tax groups',
      'suppliers and counterparties',
      'bankAccounts.get',
    ])
      for (const { name } of JSON.parse(
        (await post(finding, 'tools/call', { name: 'tools.find', arguments: { query } }, false)).result
          .content[0].text,
      ).tools)
        expect(name).toMatch(/^(invoices|contracts)\./)
    for (const name of ['tools.describe', 'tools.call', 'tools_call'])
      for (const tool of ['transactions.list', 'taxGroups_list']) {
        const { result } = await post(finding, 'tools/call', { name, arguments: { tool } }, false)
        expect(result.isError).toBe(true)
        expect(result.content[0].text).toContain('not part of this address')
      }
    expect((await post(finding, 'tools/call', { name: 'transactions.list' }, false)).error.message).toContain(
      'not part of this address',
    )
    expect(finding.sandbox.requests).toHaveLength(asked)
  })
})

describe('all parts, asked one after another', () => {
  const ports: Ports = {
    get: () => Promise.reject(new TypeError('nothing is asked here')),
    now: () => 0,
    random: () => 0.5,
    id: () => 'id',
    after,
    log: () => {},
  }
  const names = loadFlowtly().namespaces.map(({ name }) => name)
  const subset = (bits: number) => names.filter((_, at) => bits & (1 << at))

  it('leave 64 servers behind, and those that are called stay', () => {
    const serverOf = createParts(createServer(loadFlowtly(), readSettings({}), ports))
    const first = serverOf(subset(1))
    const second = serverOf(subset(2))
    const caller = { scopes: 'all' as const, headers: {} }
    const view = second.views(caller)
    for (let bits = 3; bits < 1 << names.length; bits++) {
      expect(serverOf(subset(bits)).views(caller).names.size).toBeGreaterThan(0)
      expect(serverOf(subset(1))).toBe(first)
    }
    expect(serverOf(subset(2))).not.toBe(second)
    // Views are kept for all of them together.
    expect(second.views(caller)).not.toBe(view)
  })

  const pairs = names.flatMap((one, at) => names.slice(at + 1).map((other) => [one, other]))

  it('of ten thousand tools leave no more lists behind than 64 MB', () => {
    const catalog = loadFlowtly()
    const long = {
      ...catalog,
      tools: catalog.tools.map((tool) => ({ ...tool, description: 'x'.repeat(1e6) })),
    }
    const serverOf = createParts(createServer(long, readSettings({}), ports))
    const caller = { scopes: 'all' as const, headers: {} }
    const views = pairs.map((pair) => serverOf(pair).views(caller))
    const kept = pairs.filter((pair, at) => serverOf(pair).views(caller) === views[at])
    expect(kept).toEqual([])
    const last = pairs.at(-1)!
    expect(serverOf(last).views(caller)).toBe(serverOf(last).views(caller))
    const enormous = { ...catalog, tools: [{ ...catalog.tools[0]!, description: 'x'.repeat(7e7) }] }
    const alone = createParts(createServer(enormous, readSettings({}), ports))(['invoices'])
    expect(alone.views(caller)).toBe(alone.views(caller))
  })

  it('of ten thousand tools leave few servers behind', () => {
    const catalog = loadFlowtly()
    const many = catalog.namespaces.flatMap(({ name }) =>
      Array.from({ length: 3000 }, (_, at) => ({
        ...catalog.tools[0]!,
        name: `${name}.a${at}`,
        namespace: name,
      })),
    )
    const serverOf = createParts(
      createServer({ ...catalog, tools: many, prompts: [] }, readSettings({}), ports),
    )
    const [first = []] = pairs
    const server = serverOf(first)
    for (const pair of pairs.slice(1, 8)) serverOf(pair)
    expect(serverOf(first)).toBe(server)
    for (const pair of pairs.slice(8, 17)) serverOf(pair)
    expect(serverOf(first)).not.toBe(server)
  })

  it('are searched in one index, made once for all of them', async () => {
    const catalog = loadFlowtly()
    let read = 0
    const counting = { ...catalog.tools[0]!, name: 'invoices.zzz', title: 'Zzz', get description() {
      read++
      return 'Zzz.'
    } } // biome-ignore format: one tool
    const found = { ...catalog, discovery: true, tools: [...catalog.tools, counting] }
    const serverOf = createParts(createServer(found, readSettings({}), ports))
    for (const server of [...pairs.slice(0, 8).map(serverOf), serverOf(['contracts'])]) {
      const context = {
        server,
        caller: { scopes: 'all' as const, headers: {} },
        request: new Request('http://127.0.0.1/'),
        entry: {} as LogEntry,
        call: {
          era: 'legacy' as const,
          version: '2025-06-18',
          id: 1,
          method: 'tools/call',
          params: { name: 'tools.find', arguments: { query: 'contracts of a client' } },
        },
      }
      expect(JSON.stringify(await callTool(context))).not.toContain('zzz')
    }
    expect(read).toBe(1)
  })

  it('see each its own tools, whoever asked before', () => {
    const serverOf = createParts(createServer(loadFlowtly(), readSettings({}), ports))
    const caller = { scopes: 'all' as const, headers: {} }
    for (const name of [...names, ...names]) {
      const { names: seen } = serverOf([name]).views(caller)
      expect([...seen].every((tool) => tool.startsWith(`${name}.`))).toBe(true)
    }
  })
})
