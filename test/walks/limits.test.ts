/** Each limit that a setting holds, reached for real: what the caller is told, and that the setting moves it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { AURORA, type Connector, startConnector } from '../connector.ts'

let connector: Connector | undefined
afterEach(async () => {
  await connector?.close()
  connector = undefined
})

async function start(env: Record<string, string>): Promise<Connector> {
  connector = await startConnector(env)
  return connector
}

it('LECTERN_DEADLINE ends a call whose tries and pauses take too long', async () => {
  const { sandbox, call } = await start({ LECTERN_DEADLINE: '0.5' })
  sandbox.fault = 'slow'
  const before = Date.now()
  const { error } = await call('taxGroups.list')
  expect(error.message).toContain('did not answer within 0.5 s')
  expect(Date.now() - before).toBeLessThan(1500)
  await expect.poll(() => sandbox.open).toBe(0)
})

it('LECTERN_IDLE_TIMEOUT ends an answer that falls silent', async () => {
  const { sandbox, call } = await start({ LECTERN_IDLE_TIMEOUT: '0.4' })
  sandbox.fault = 'stall'
  expect((await call('taxGroups.list')).error.data).toEqual({ reason: 'upstream_timeout' })
})

it('LECTERN_CONNECT_TIMEOUT gives up on an address that does not answer', async () => {
  const { port, release } = await deafPort()
  const { call } = await start({
    LECTERN_UPSTREAM_URL: `http://127.0.0.1:${port}`,
    LECTERN_CONNECT_TIMEOUT: '0.3',
    LECTERN_RETRIES: '0',
  })
  const before = Date.now()
  const { error } = await call('taxGroups.list')
  release()
  expect(error.data).toEqual({ reason: 'upstream_unreachable' })
  expect(Date.now() - before).toBeLessThan(2500)
})

/** A port whose queue is full and whose owner is stopped, so that the system drops further attempts to connect. */
async function deafPort(): Promise<{ port: number; release(): void }> {
  const script =
    'const s = require("net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => console.log(s.address().port))'
  const owner = spawn(process.execPath, ['-e', script])
  const [chunk] = await once(owner.stdout, 'data')
  owner.kill('SIGSTOP')
  const waiting: Socket[] = Array.from({ length: 4 }, () =>
    connect(Number(chunk), '127.0.0.1').on('error', () => {}),
  )
  await once(waiting[0]!, 'connect')
  return {
    port: Number(chunk),
    release() {
      for (const socket of waiting) socket.destroy()
      owner.kill('SIGKILL')
    },
  }
}

it('LECTERN_RETRIES says how often a call is tried again', async () => {
  const { sandbox, call } = await start({ LECTERN_RETRIES: '0' })
  sandbox.fault = 'unavailable'
  await call('taxGroups.list')
  expect(sandbox.requests).toHaveLength(1)
})

it('LECTERN_MAX_REDIRECTS says how many are followed', async () => {
  const { sandbox, call } = await start({ LECTERN_MAX_REDIRECTS: '0' })
  sandbox.fault = 'redirect-same'
  expect((await call('taxGroups.list')).error.message).toContain('redirected more than 0 times')
})

it('LECTERN_MAX_RESPONSE_BYTES bounds what is read', async () => {
  const { call } = await start({ LECTERN_MAX_RESPONSE_BYTES: '2048' })
  expect((await call('invoices.list')).error.message).toContain('more than 2048 bytes')
  expect((await call('taxGroups.list')).result).toBeDefined()
})

it('LECTERN_MAX_BINARY_BYTES bounds files', async () => {
  const { call } = await start({ LECTERN_MAX_BINARY_BYTES: '256' })
  const { error } = await call('attachments.get', { attachmentId: 'att_000321', download: true })
  expect(error.message).toMatch(/a file of \d+ bytes; at most 256/)
})

it('LECTERN_CONNECTIONS bounds what the upstream sees at once', async () => {
  const { sandbox, call } = await start({ LECTERN_CONNECTIONS: '2' })
  sandbox.fault = 'slow'
  sandbox.slowMs = 200
  const calls = Promise.all(Array.from({ length: 5 }, () => call('taxGroups.list')))
  await expect.poll(() => sandbox.requests.length).toBeGreaterThanOrEqual(2)
  expect(sandbox.open).toBe(2)
  for (const { result } of await calls) expect(result.content).toHaveLength(1)
})

it('LECTERN_MAX_RESPONSE_BYTES bounds a whole batch too, and a batch goes four at a time', async () => {
  const { sandbox, post } = await start({ LECTERN_MAX_RESPONSE_BYTES: '30000' })
  sandbox.fault = 'slow'
  sandbox.slowMs = 150
  const batch = Array.from({ length: 8 }, (_, id) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'invoices.list', arguments: { pageSize: 20, fields: ['*'] } },
  }))
  const answer = post(batch)
  await expect.poll(() => sandbox.open).toBe(4)
  const messages = (await (await answer).json()) as { id: number; error?: { code: number } }[]
  expect(sandbox.requests.length).toBeLessThan(8)
  expect(messages.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(messages[0]!.error).toBeUndefined()
  expect(messages.at(-1)!.error?.code).toBe(-32603)
})

it('LECTERN_MAX_CLIENTS closes one more, LECTERN_CLIENT_TIMEOUT cuts off one that does not finish its request', async () => {
  const { url } = await start({
    LECTERN_MAX_CLIENTS: '1',
    LECTERN_CLIENT_TIMEOUT: '1',
    LECTERN_DEADLINE: '1',
  })
  const slow = open(url)
  await once(slow, 'connect')
  const closed = once(slow.resume(), 'close')
  slow.write('POST /mcp HTTP/1.1\r\nHost: localhost\r\n')
  await expect(fetch(`${url}/health`)).rejects.toThrow()
  // Node answers 408, unless a busy machine lets the silence of the socket be noticed first.
  await closed
  await expect.poll(() => healthy(url), { timeout: 5000 }).toBe(true)
})

it('LECTERN_CLIENT_TIMEOUT ends a client that does not take its answers', async () => {
  const { url } = await start({
    LECTERN_MAX_CLIENTS: '1',
    LECTERN_CLIENT_TIMEOUT: '1',
    LECTERN_DEADLINE: '1',
  })
  const deaf = open(url).pause()
  await once(deaf, 'connect')
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'transactions.list', arguments: { limit: 500 } },
  })
  const head = `POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${AURORA}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  deaf.write((head + body).repeat(60))
  expect(await healthy(url)).toBe(false)
  await expect.poll(() => healthy(url), { timeout: 15_000, interval: 500 }).toBe(true)
})

function open(url: string): Socket {
  const { hostname, port } = new URL(url)
  return connect(Number(port), hostname).on('error', () => {})
}

const healthy = (url: string) =>
  fetch(`${url}/health`, { headers: { connection: 'close' } }).then(
    ({ ok }) => ok,
    () => false,
  )

it('LECTERN_LIST_TTL is what clients are told', async () => {
  const { modern } = await start({ LECTERN_LIST_TTL: '7' })
  expect(await (await modern('tools/list')).json()).toMatchObject({ result: { ttlMs: 7000 } })
})

it('LECTERN_PUBLIC_URL lets its Host and Origin in', async () => {
  const { post, url } = await start({ LECTERN_PUBLIC_URL: 'https://mcp.example.com' })
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }
  expect((await post(ping, { origin: 'https://mcp.example.com' })).status).toBe(200)
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write('GET /health HTTP/1.1\r\nHost: mcp.example.com\r\nConnection: close\r\n\r\n')
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1.1 200/)
})

it('a well-formed traceparent is passed on, another is not', async () => {
  const { sandbox, call, modern } = await start({})
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await call('taxGroups.list', {}, { traceparent })
  await modern('tools/call', { name: 'taxGroups.list', _meta: { traceparent } })
  await call('taxGroups.list', {}, { traceparent: '00-xyz' })
  expect(sandbox.requests.map(({ headers }) => headers.traceparent)).toEqual([
    traceparent,
    traceparent,
    undefined,
  ])
})
