/** What a caller's scopes do not open cannot be seen or used by any method, and a bug of ours tells the client nothing. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/access/caller.ts'
import { insufficientScope } from '../../src/access/refusal.ts'
import { compile } from '../../src/connector/compile.ts'
import { flowtly } from '../../src/connectors/flowtly.ts'
import { endpoint } from '../../src/mcp/endpoint.ts'
import { createServer } from '../../src/mcp/server.ts'
import { after, type LogEntry, type Ports } from '../../src/ports.ts'
import { readSettings } from '../../src/settings.ts'

const document = JSON.parse(readFileSync(new URL('../../openapi/flowtly.json', import.meta.url), 'utf8'))
const { invoices, taxGroups } = flowtly.namespaces
const catalog = compile(
  {
    ...flowtly,
    namespaces: {
      invoices: {
        ...invoices!,
        tools: { ...invoices!.tools, get: { ...invoices!.tools.get!, resource: true } },
      },
      taxGroups: taxGroups!,
    },
    prompts: {
      overdue: {
        title: 'Overdue',
        description: 'Overdue invoices.',
        text: 'Find them.',
        tools: ['invoices.list'],
      },
    },
  },
  document,
)

const CALLER: Caller = { scopes: new Set(['settings:read']), headers: {} }

/** Posts one body as a caller who may read tax groups alone; nothing may reach the upstream. */
async function post(body: object, caller = CALLER, get: Ports['get'] = refuseToSend, headers = {}) {
  const ports: Ports = { get, now: () => 0, random: () => 0.5, id: () => 'id', after, log: () => {} }
  const entry: LogEntry = {}
  const request = new Request('http://localhost/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const server = createServer(catalog, readSettings({}), ports)
  return { entry, answer: await endpoint({ request, caller, server, entry }) }
}

async function ask(method: string, params: object, get?: Ports['get']) {
  const { entry, answer } = await post({ jsonrpc: '2.0', id: 1, method, params }, CALLER, get)
  return {
    entry,
    body: (await answer.json()) as {
      result?: Record<string, object[]>
      error?: { code: number; message: string }
    },
  }
}

const refuseToSend: Ports['get'] = () => expect.unreachable('a request went to the upstream')

it.each([
  ['tools/list', 'tools', 1],
  ['resources/templates/list', 'resourceTemplates', 0],
  ['prompts/list', 'prompts', 0],
])('%s shows what is open', async (method, member, count) => {
  expect((await ask(method, {})).body.result![member]).toHaveLength(count)
})

it.each([
  ['tools/call', { name: 'invoices.list', arguments: {} }, -32602],
  ['tools/call', { name: 'search', arguments: { query: 'studio' } }, -32602],
  ['tools/call', { name: 'fetch', arguments: { id: 'invoices:inv_000123' } }, -32602],
  ['resources/read', { uri: 'flowtly://invoices/inv_000123' }, -32002],
  ['prompts/get', { name: 'overdue' }, -32602],
])('%s refuses what is not', async (method, params, code) => {
  expect((await ask(method, params)).body.error!.code).toBe(code)
})

it('an error of our own is logged, and the client is told nothing of it', async () => {
  const broken = () => Promise.reject(new TypeError('reading s3cret of undefined'))
  const { body, entry } = await ask('tools/call', { name: 'taxGroups.list' }, broken)
  expect(body.error).toEqual({ code: -32603, message: 'Internal error; the operator finds it in the log' })
  expect(entry.fault).toBe('TypeError: reading s3cret of undefined')
})

describe('where scopes can be asked for', () => {
  const asked: (readonly string[])[] = []
  const asking: Caller = {
    ...CALLER,
    insufficient: (needed) => {
      asked.push(needed)
      return insufficientScope(new Request('http://localhost/mcp'), needed, {
        metadata: 'https://mcp.example/meta',
      })
    },
  }

  it.each([
    ['tools/call', { name: 'invoices.list', arguments: {} }],
    ['tools/call', { name: 'invoices_list', arguments: { page: 'not looked at' } }],
    ['resources/read', { uri: 'flowtly://invoices/inv_000123' }],
    ['prompts/get', { name: 'overdue' }],
  ])('%s %j gets 403 with all that the next token needs', async (method, params) => {
    asked.length = 0
    const { answer, entry } = await post({ jsonrpc: '2.0', id: 1, method, params }, asking)
    expect([answer.status, asked, entry.code]).toEqual([403, [['invoices:read', 'settings:read']], -32602])
    expect(answer.headers.get('www-authenticate')).toContain(
      'error="insufficient_scope", error_description="This needs the scope invoices:read settings:read", scope="invoices:read settings:read", resource_metadata="https://mcp.example/meta"',
    )
  })

  it.each([
    ['tools/call', { name: 'invoices.lost', arguments: {} }, -32602, 'Unknown tool'],
    ['resources/read', { uri: 'flowtly://payments/inv_000123' }, -32002, 'Resource not found'],
    ['prompts/get', { name: 'overdrawn' }, -32602, 'Unknown prompt'],
  ])('%s of what is not there stays an error of its own', async (method, params, code, message) => {
    const { answer } = await post({ jsonrpc: '2.0', id: 1, method, params }, asking)
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        jsonrpc: '2.0',
        id: 1,
        error: expect.objectContaining({ code, message: expect.stringContaining(message) }),
      },
    ])
  })

  it('what is open is called', async () => {
    const get: Ports['get'] = async () => ({
      status: 200,
      header: () => 'application/json',
      body: new TextEncoder().encode('[]'),
    })
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'taxGroups.list' } }
    expect((await post(call, asking, get)).answer.status).toBe(200)
  })

  it('a batch tells it of the one message', async () => {
    const batch = [
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'invoices.list' } },
    ]
    const { answer } = await post(batch, asking, undefined, { 'mcp-protocol-version': '2025-03-26' })
    expect([answer.status, await answer.json()]).toEqual([
      200,
      [
        { jsonrpc: '2.0', id: 1, result: {} },
        {
          jsonrpc: '2.0',
          id: 2,
          error: {
            code: -32602,
            message:
              'invoices.list needs the scope invoices:read, which this sign-in does not hold: sign in again for it',
          },
        },
      ],
    ])
  })

  it.each([
    ['tools/call', { name: 'invoices.list' }, 'invoices_list'],
    ['resources/read', { uri: 'flowtly://invoices/inv_000123' }, 'invoices_get'],
    ['prompts/get', { name: 'overdue' }, 'invoices_list'],
  ])(
    '%s names the tool as the caller has it, and the log as it is declared',
    async (method, params, name) => {
      const claude: Caller = { ...asking, refusesDots: true }
      const batch = [{ jsonrpc: '2.0', id: 2, method, params }]
      const { answer } = await post(batch, claude, undefined, { 'mcp-protocol-version': '2025-03-26' })
      const [{ error }] = (await answer.json()) as [{ error: { message: string } }]
      expect(error.message).toMatch(new RegExp(`^${name} needs the scope invoices:read`))
      const { entry } = await post(batch[0]!, claude)
      expect(entry.tool).toBe(name.replace('_', '.'))
    },
  )

  it('the lists show what is open, and ask for nothing', async () => {
    asked.length = 0
    const { answer } = await post({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, asking)
    expect(((await answer.json()) as { result: { tools: object[] } }).result.tools).toHaveLength(1)
    expect(asked).toEqual([])
  })
})

it('credentials in the query go to the upstream and into no log', async () => {
  const urls: string[] = []
  const get: Ports['get'] = async (url) => {
    urls.push(url.href)
    return {
      status: 404,
      header: () => 'application/json',
      body: new TextEncoder().encode('{"message":"no s3cret-key"}'),
    }
  }
  const caller: Caller = { ...CALLER, query: { api_key: 's3cret-key' } }
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'taxGroups.list' } }
  const { answer, entry } = await post(call, caller, get)
  expect(urls).toEqual([expect.stringMatching(/\?(.*&)?api_key=s3cret-key$/)])
  expect(JSON.stringify([entry, await answer.json()])).not.toContain('s3cret')
})
