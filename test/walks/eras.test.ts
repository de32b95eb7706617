/** One endpoint, five revisions: what each era is told, as their specifications put it, over real HTTP. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { type Connector, ENVELOPE, startConnector } from '../connector.ts'

let connector: Connector
beforeAll(async () => {
  connector = await startConnector({ LECTERN_MAX_BATCH: '3' })
})
afterAll(() => connector.close())

// biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
const json = async (answer: Promise<Response>): Promise<any> => (await answer).json()

describe('the handshake', () => {
  it.each([
    ['2024-11-05', '2024-11-05'],
    ['2025-03-26', '2025-03-26'],
    ['2025-06-18', '2025-06-18'],
    ['2025-11-25', '2025-11-25'],
    ['2026-07-28', '2025-11-25'],
    ['1999-01-01', '2025-11-25'],
    [undefined, '2025-11-25'],
  ])('asked for %s it offers %s', async (protocolVersion, offered) => {
    const { result } = await connector.rpc('initialize', {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    })
    expect(result.protocolVersion).toBe(offered)
    expect(result.serverInfo).toMatchObject({ name: 'flowtly' })
    expect('title' in result.serverInfo).toBe(offered >= '2025-06-18')
    expect(result).not.toHaveProperty('resultType')
  })

  it('names the namespaces in instructions of at most 2 KB', async () => {
    const { result } = await connector.rpc('initialize', { protocolVersion: '2025-11-25' })
    for (const namespace of ['invoices', 'costGroups', 'projects'])
      expect(result.instructions).toContain(`- ${namespace}: `)
    expect(Buffer.byteLength(result.instructions)).toBeLessThanOrEqual(2048)
  })

  it.each(['notifications/initialized', 'notifications/cancelled', 'notifications/whatever'])(
    '%s is 202 and empty',
    async (method) => {
      const answer = await connector.post({ jsonrpc: '2.0', method })
      expect([answer.status, await answer.text()]).toEqual([202, ''])
    },
  )

  it('a notification under an unknown version is 400', async () => {
    const headers = { 'mcp-protocol-version': 'junk' }
    expect(
      (await connector.post({ jsonrpc: '2.0', method: 'notifications/initialized' }, headers)).status,
    ).toBe(400)
  })

  it('a posted response is 202', async () => {
    expect((await connector.post({ jsonrpc: '2.0', id: 1, result: {} })).status).toBe(202)
  })

  it('an unknown method is -32601 with HTTP 200', async () => {
    for (const method of [
      'nope',
      'server/discover',
      'resources/subscribe',
      'prompts/nope',
      'logging/setLevel',
    ]) {
      const answer = await connector.post({ jsonrpc: '2.0', id: 7, method })
      expect([answer.status, ((await answer.json()) as { error: { code: number } }).error.code]).toEqual([
        200, -32601,
      ])
    }
  })

  it('an unknown version header is 400', async () => {
    expect(
      (await connector.post({ jsonrpc: '2.0', id: 1, method: 'ping' }, { 'mcp-protocol-version': '2030' }))
        .status,
    ).toBe(400)
  })

  it('null for what may be absent is absent', async () => {
    expect((await connector.rpc('tools/list', { cursor: null })).result.tools).toHaveLength(
      loadFlowtly().tools.length,
    )
    const answer = await json(connector.post({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: null }))
    expect(answer.result.tools).toHaveLength(loadFlowtly().tools.length)
  })

  it('nothing is remembered: a call needs no handshake, and a session id is neither minted nor minded', async () => {
    const answer = await connector.post(
      { jsonrpc: '2.0', id: 1, method: 'tools/list' },
      { 'mcp-session-id': 'made-up' },
    )
    expect(answer.status).toBe(200)
    expect(answer.headers.has('mcp-session-id')).toBe(false)
  })
})

describe('JSON-RPC', () => {
  it.each([
    ['{', 400, -32700],
    ['', 400, -32700],
    ['42', 400, -32600],
    ['{}', 400, -32600],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', 400, -32600],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', 400, -32600],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', 400, -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}', 200, -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}', 200, -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"invoice.list"}}', 200, -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"__proto__"}}', 200, -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}', 200, -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"constructor"}', 200, -32601],
  ])('%s is HTTP %i, %i', async (body, status, code) => {
    const answer = await connector.post(body)
    expect([answer.status, ((await answer.json()) as { error: { code: number } }).error.code]).toEqual([
      status,
      code,
    ])
  })
})

it('a body that is not UTF-8 is -32700', async () => {
  const answer = await connector.post(Uint8Array.of(0x22, 0xff, 0x22))
  expect(await answer.json()).toMatchObject({ id: null, error: { code: -32700 } })
})

describe('batches', () => {
  const ping = (id: number) => ({ jsonrpc: '2.0', id, method: 'ping' })
  const header = { 'mcp-protocol-version': '2025-03-26' }

  it('of 2025-03-26 are answered in order, without the notifications', async () => {
    const answer = await json(
      connector.post([ping(1), { jsonrpc: '2.0', method: 'notifications/initialized' }, ping(2)], header),
    )
    expect(answer).toEqual([1, 2].map((id) => ({ jsonrpc: '2.0', id, result: {} })))
  })

  it('call tools side by side', async () => {
    const call = (id: number, name: string) => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name },
    })
    const answer = await json(
      connector.post([call(1, 'taxGroups.list'), call(2, 'nope'), call(3, 'costGroups.list')]),
    )
    expect(answer.map((each: { id: number }) => each.id)).toEqual([1, 2, 3])
    expect(answer[0].result.content[0].text).toContain('"tax_')
    expect(answer[1].error.code).toBe(-32602)
  })

  it.each([
    ['that is empty', [], header],
    ['of a later revision', [ping(1)], { 'mcp-protocol-version': '2025-06-18' }],
    ['of 2026-07-28', [ping(1)], { 'mcp-protocol-version': '2026-07-28' }],
    ['that smuggles a modern message', [{ ...ping(1), params: { _meta: ENVELOPE } }], header],
    ['with something else in it', [ping(1), 2], header],
    ['that is too long', [1, 2, 3, 4].map(ping), header],
  ])('%s is 400', async (_, body, headers) => {
    expect((await connector.post(body, headers)).status).toBe(400)
  })

  it('of notifications alone is 202', async () => {
    expect(
      (await connector.post([{ jsonrpc: '2.0', method: 'notifications/initialized' }], header)).status,
    ).toBe(202)
  })
})

describe('2026-07-28', () => {
  it('server/discover says what is spoken, how long that holds and who answers', async () => {
    const { result } = await json(connector.modern('server/discover'))
    expect(result).toMatchObject({
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {} },
      ttlMs: 300_000,
      cacheScope: 'private',
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'flowtly' } },
    })
  })

  it('every result is complete and says whose it is', async () => {
    const list = await json(connector.modern('tools/list'))
    expect(list.result).toMatchObject({ resultType: 'complete', ttlMs: 300_000, cacheScope: 'private' })
    const call = await json(connector.modern('tools/call', { name: 'taxGroups.list', arguments: {} }))
    expect(call.result).toMatchObject({ resultType: 'complete', _meta: expect.anything() })
    expect(call.result).not.toHaveProperty('ttlMs')
  })

  it.each(['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'unknown/method'])(
    '%s is 404, -32601',
    async (method) => {
      const answer = await connector.modern(method)
      expect([answer.status, ((await answer.json()) as { error: { code: number } }).error.code]).toEqual([
        404, -32601,
      ])
    },
  )

  it.each([
    ['an empty Mcp-Method', { 'mcp-method': '' }, -32020],
    ['another Mcp-Method', { 'mcp-method': 'tools/list' }, -32020],
    ['another Mcp-Name', { 'mcp-name': 'invoices.list' }, -32020],
    ['a Mcp-Name in other case', { 'mcp-name': 'TaxGroups.list' }, -32020],
    ['another version in the header', { 'mcp-protocol-version': '2025-11-25' }, -32020],
  ])('%s is 400', async (_, headers, code) => {
    const answer = await connector.modern('tools/call', { name: 'taxGroups.list' }, headers)
    expect([answer.status, ((await answer.json()) as { error: { code: number } }).error.code]).toEqual([
      400,
      code,
    ])
  })

  it('takes Mcp-Name in Base64 and around white space', async () => {
    for (const name of [`=?base64?${btoa('taxGroups.list')}?=`, '  taxGroups.list ']) {
      expect(
        (await connector.modern('tools/call', { name: 'taxGroups.list' }, { 'mcp-name': name })).status,
      ).toBe(200)
    }
  })

  it('an unserved version is 400, -32022 with those that are', async () => {
    const _meta = { 'io.modelcontextprotocol/protocolVersion': 'v999.0.0' }
    const answer = await connector.modern(
      'server/discover',
      { _meta },
      { 'mcp-protocol-version': 'v999.0.0' },
    )
    expect(answer.status).toBe(400)
    const { error } = (await answer.json()) as { error: object }
    expect(error).toMatchObject({ code: -32022, data: { supported: ['2026-07-28'], requested: 'v999.0.0' } })
  })

  it('a wrong argument is a result that a model can mend', async () => {
    const answer = await connector.modern('tools/call', { name: 'invoices.list', arguments: { pageSise: 3 } })
    const { result } = (await answer.json()) as { result: { isError: boolean; content: { text: string }[] } }
    expect(answer.status).toBe(200)
    expect(result.isError).toBe(true)
    expect(JSON.parse(result.content[0]!.text)).toMatchObject({
      error: 'invalid_arguments',
      message: expect.stringContaining('did you mean pageSize?'),
    })
  })

  it('server/discover minds no cursor, subscriptions/listen wants an object', async () => {
    expect(await json(connector.modern('server/discover', { cursor: 'x' }))).toHaveProperty('result')
    expect(await json(connector.modern('subscriptions/listen', { notifications: 'x' }))).toMatchObject({
      error: { code: -32602 },
    })
  })

  it('subscriptions/listen acknowledges nothing and completes at once', async () => {
    const answer = await connector.modern('subscriptions/listen', {
      notifications: { toolsListChanged: true },
    })
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    const frames = (await answer.text())
      .trim()
      .split('\n\n')
      .map((frame) => JSON.parse(frame.split('\ndata: ')[1]!))
    const tag = { 'io.modelcontextprotocol/subscriptionId': frames[1].id }
    expect(frames[0]).toMatchObject({
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications: {}, _meta: tag },
    })
    expect(frames[1].result).toMatchObject({ resultType: 'complete', _meta: tag })
    expect(frames).toHaveLength(2)
  })
})

describe('a client that takes events only', () => {
  it('gets one', async () => {
    const answer = await connector.post(
      { jsonrpc: '2.0', id: 5, method: 'ping' },
      { accept: 'text/event-stream' },
    )
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    expect(await answer.text()).toBe('event: message\ndata: {"jsonrpc":"2.0","id":5,"result":{}}\n\n')
  })
  it('gets its errors so, too', async () => {
    const answer = await connector.post(
      { jsonrpc: '2.0', id: 5, method: 'nope' },
      { accept: 'text/event-stream, application/json;q=0' },
    )
    expect(await answer.text()).toMatch(/^event: message\ndata: \{"jsonrpc":"2.0","id":5,"error":/)
  })
  it.each(['application/json, text/event-stream', '*/*', 'text/event-stream, */*;q=0.1'])(
    '%s gets JSON',
    async (accept) => {
      const answer = await connector.post({ jsonrpc: '2.0', id: 5, method: 'ping' }, { accept })
      expect(answer.headers.get('content-type')).toBe('application/json')
    },
  )
})
