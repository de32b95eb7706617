/** The same connector from real workerd, started by `wrangler dev` in front of the sandbox: no step needs Node. */
import { once } from 'node:events'
import { createServer as createHttpServer, request as httpRequest, type Server } from 'node:http'
import { deflateSync } from 'node:zlib'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { AURORA } from '../connector.ts'
import { type Dev, startWrangler } from './wrangler.ts'

let sandbox: Sandbox
let front: Server
let dev: Dev
let url: string

beforeAll(async () => {
  sandbox = await startSandbox()
  front = await startFront(sandbox.url)
  const { port } = front.address() as { port: number }
  dev = await startWrangler(['--var', `LECTERN_UPSTREAM_URL:http://127.0.0.1:${port}`])
  url = dev.url
})

afterAll(async () => {
  await dev.close()
  front.close()
  await sandbox.close()
})

/** The sandbox, but for one list that comes in an encoding which nobody asked for. */
async function startFront(upstream: string): Promise<Server> {
  const started = createHttpServer((request, answer) => {
    if (request.url!.startsWith('/v1/cost-groups')) {
      const odd = request.url!.includes('active=true')
      answer.writeHead(200, {
        'content-type': 'application/json',
        'content-encoding': odd ? 'zstd' : 'deflate',
      })
      return answer.end(deflateSync('[{"id":"cg_000001"}]'))
    }
    const { host: _, ...headers } = request.headers
    const forwarded = httpRequest(upstream + request.url, { headers }, (reply) => {
      answer.writeHead(reply.statusCode!, reply.headers)
      reply.on('error', () => answer.destroy()).pipe(answer)
    })
    forwarded.on('error', () => answer.destroy())
    answer.on('close', () => forwarded.destroy())
    forwarded.end()
  }).listen(0, '127.0.0.1')
  await once(started, 'listening')
  return started
}

function post(body: object, headers: Record<string, string> = {}): Promise<Response> {
  const standard = { authorization: `Bearer ${AURORA}`, 'content-type': 'application/json' }
  return fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { ...standard, ...headers },
    body: JSON.stringify(body),
  })
}

const call = (name: string, args: object = {}) =>
  post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } })

describe('workerd', () => {
  it('walks with the official client from connecting to rows', async () => {
    const client = new Client({ name: 'walk', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } })
    const requestInit = { headers: { authorization: `Bearer ${AURORA}` } }
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }))
    expect((await client.listTools()).tools).toHaveLength(loadFlowtly().tools.length)
    const { content } = await client.callTool({
      name: 'invoices.list',
      arguments: { status: 'overdue', pageSize: 2 },
    })
    expect(JSON.parse((content as { text: string }[])[0]!.text).items).toHaveLength(2)
    await client.close()
  })

  it('hands numbers on as they were written', async () => {
    const sent = await fetch(`${sandbox.url}/v1/transactions?limit=5`, {
      headers: { authorization: `Bearer ${AURORA}` },
    })
    const { result } = (await (await call('transactions.list', { limit: 5, fields: ['*'] })).json()) as {
      result: { content: { text: string }[] }
    }
    expect(result.content[0]!.text).toBe(await sent.text())
  })

  it('cuts between rows, and the call that it tells reads on', async () => {
    const seen: string[] = []
    let next: { tool: string; arguments: Record<string, unknown> } | undefined = {
      tool: 'transactions.list',
      arguments: { limit: 500, fields: ['*'], bookedFrom: '2026-06-01' },
    }
    for (let calls = 0; next; calls++) {
      const answer = await (await call(next.tool, next.arguments)).json()
      const { text } = (answer as { result: { content: { text: string }[] } }).result.content[0]!
      expect(text.length).toBeLessThanOrEqual(38_000)
      const { items, _lectern } = JSON.parse(text)
      seen.push(...items.map(({ id }: { id: string }) => id))
      next = _lectern?.next
      expect(calls).toBeLessThan(20)
    }
    expect(seen.length).toBeGreaterThan(200)
    expect(new Set(seen).size).toBe(seen.length)
  })

  it.each([
    ['unavailable', { code: -32000, data: { status: 503 } }],
    ['redirect-off', { code: -32000, data: { status: 302 } }],
    ['huge', { code: -32000, data: { reason: 'upstream_too_large' } }],
    ['reset', { code: -32000, data: { reason: 'upstream_unreachable' } }],
  ] as const)('tells an upstream that is %s', async (fault, error) => {
    sandbox.fault = fault
    expect(await (await call('invoices.list')).json()).toMatchObject({ error })
    sandbox.fault = undefined
  })

  it('decodes deflate, and tells an encoding that it does not know', async () => {
    const { result } = (await (await call('costGroups.list')).json()) as {
      result: { content: { text: string }[] }
    }
    expect(result.content[0]!.text).toBe('{"items":[{"id":"cg_000001"}]}')
    const odd = await (await call('costGroups.list', { active: true })).json()
    expect(odd).toMatchObject({ error: { data: { reason: 'upstream_not_json' } } })
  })

  it('follows a redirect that stays on the origin', async () => {
    sandbox.fault = 'redirect-same'
    expect(await (await call('taxGroups.list')).json()).toHaveProperty('result')
    sandbox.fault = undefined
  })

  it('serves a part to the official client, and nothing beyond it', async () => {
    const client = new Client({ name: 'walk', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } })
    const requestInit = { headers: { authorization: `Bearer ${AURORA}` } }
    const address = new URL(`${url}/n/invoices,taxGroups/mcp`)
    await client.connect(new StreamableHTTPClientTransport(address, { requestInit }))
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['invoices.list', 'invoices.get', 'taxGroups.list'])
    expect(await client.callTool({ name: 'taxGroups.list', arguments: {} })).not.toHaveProperty(
      'isError',
      true,
    )
    await expect(client.callTool({ name: 'projects.list', arguments: {} })).rejects.toThrow(
      'not part of this address',
    )
    await client.close()
    const misspelt = await fetch(`${url}/n/taxGroups%2Cinvoices/mcp`, { method: 'POST' })
    expect([misspelt.status, await misspelt.json()]).toMatchObject([
      404,
      { error: expect.stringContaining(address.pathname) },
    ])
  })

  it('keeps the door', async () => {
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect((await fetch(`${url}/mcp`, { method: 'POST' })).status).toBe(401)
    expect(
      (await post({ jsonrpc: '2.0', id: 1, method: 'ping' }, { origin: 'https://evil.example.com' })).status,
    ).toBe(403)
  })
})
