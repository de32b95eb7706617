/** The door: what is refused before a message is looked at, in which order, and what stands beside /mcp. */
import { request as rawRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { AURORA, type Connector, startConnector } from '../connector.ts'

let connector: Connector
beforeAll(async () => {
  connector = await startConnector({
    LECTERN_MAX_BODY_BYTES: '4096',
    LECTERN_ALLOWED_ORIGINS: 'https://tools.example.com',
  })
})
afterAll(() => connector.close())

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' }
const key = { authorization: `Bearer ${AURORA}` }

/** A request whose Host header is set by hand, which fetch does not allow. */
function withHost(host: string, path: string): Promise<number> {
  const { port } = new URL(connector.url)
  return new Promise((resolve, reject) => {
    const sent = rawRequest({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode!)
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('without a key', () => {
  it.each(['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD'])(
    '%s /mcp is 401 with a challenge',
    async (method) => {
      const answer = await fetch(connector.endpoint, { method })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="MCP"')
    },
  )

  it('the body is a JSON-RPC error without id, or an OAuth error where the request names 2026-07-28', async () => {
    const legacy = (await (await fetch(connector.endpoint, { method: 'POST' })).json()) as {
      error: { code: number }
    }
    expect(legacy.error.code).toBe(-32001)
    expect(legacy).not.toHaveProperty('id')
    const headers = { 'mcp-protocol-version': '2026-07-28' }
    expect(await (await fetch(connector.endpoint, { method: 'POST', headers })).json()).toMatchObject({
      error: 'invalid_token',
    })
  })

  it('the body is not read: one of a gigabyte is refused at once', async () => {
    const { port } = new URL(connector.url)
    const status = await new Promise((resolve, reject) => {
      const headers = { 'content-length': '1000000000', 'content-type': 'application/json' }
      const sent = rawRequest(
        { host: '127.0.0.1', port, path: '/mcp', method: 'POST', headers },
        (answer) => {
          resolve(answer.statusCode)
          sent.destroy()
        },
      )
      sent.on('error', reject)
      sent.write('{')
    })
    expect(status).toBe(401)
  })

  it.each(['?access_token=', '?api_key=', '?token='])(
    'a key in the query (%s) does not count',
    async (query) => {
      const answer = await fetch(`${connector.endpoint}${query}${AURORA}`, { method: 'POST' })
      expect(answer.status).toBe(401)
    },
  )
})

describe('a key', () => {
  it.each([
    ['as bearer', { authorization: `Bearer ${AURORA}` }, 200],
    ['as bearer in lower case', { authorization: `bearer ${AURORA}` }, 200],
    ['as X-API-Key', { 'x-api-key': AURORA }, 200],
    ['as Basic', { authorization: `Basic ${AURORA}` }, 401],
    ['of two words', { authorization: 'Bearer a b' }, 401],
    ['that is empty', { authorization: 'Bearer ' }, 401],
    ['that is far too long', { 'x-api-key': 'k'.repeat(5000) }, 401],
  ])('%s', async (_, headers, status) => {
    const body = JSON.stringify(PING)
    const answer = await fetch(connector.endpoint, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })
    expect(answer.status).toBe(status)
  })
})

describe('with a key', () => {
  it.each(['GET', 'DELETE', 'PUT', 'HEAD'])('%s /mcp is 405', async (method) => {
    const answer = await fetch(connector.endpoint, { method, headers: key })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  })

  it.each([
    ['application/json', 200],
    ['application/json; charset=utf-8', 200],
    ['Application/JSON;charset="UTF-8"', 200],
    ['application/json; charset=UTF-8; version=1', 200],
    ['application/json;', 200],
    ['application/json; charset=utf-16', 415],
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
  ])('a body of %s is %i', async (type, status) => {
    expect((await connector.post(PING, { 'content-type': type })).status).toBe(status)
  })

  it('a compressed body is 415', async () => {
    expect((await connector.post(PING, { 'content-encoding': 'gzip' })).status).toBe(415)
  })

  it('a body beyond the limit is 413, stated or chunked', async () => {
    const large = JSON.stringify({ ...PING, params: { filler: 'x'.repeat(5000) } })
    expect((await connector.post(large)).status).toBe(413)
    const stream = new Blob([large]).stream()
    const headers = { ...key, 'content-type': 'application/json' }
    const chunked = await fetch(connector.endpoint, {
      method: 'POST',
      headers,
      body: stream,
      duplex: 'half',
    } as RequestInit)
    expect(chunked.status).toBe(413)
  })

  it.each(['', '/', '/mcp/'])('the origin and %j is the same endpoint', async (path) => {
    const headers = { ...key, 'content-type': 'application/json' }
    const answer = await fetch(connector.url + path, { method: 'POST', headers, body: JSON.stringify(PING) })
    expect(await answer.json()).toEqual({ jsonrpc: '2.0', id: 1, result: {} })
  })
})

describe('browsers', () => {
  const preflight = (origin: string) =>
    fetch(connector.endpoint, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })

  it('a preflight is answered before the key is asked for', async () => {
    const answer = await preflight('https://workspace.flowtly.eu')
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://workspace.flowtly.eu')
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
    expect(answer.headers.get('access-control-allow-headers')).toMatch(
      /Authorization.*MCP-Protocol-Version.*Mcp-Name/,
    )
  })

  it('a listed origin without credentials gets none', async () => {
    const answer = await connector.post(PING, { origin: 'https://tools.example.com' })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://tools.example.com')
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
  })

  it.each(['https://evil.example.com', 'null', 'https://workspace.flowtly.eu.evil.com'])(
    '%s is 403',
    async (origin) => {
      expect((await preflight(origin)).status).toBe(403)
      const answer = await connector.post(PING, { origin })
      expect(answer.status).toBe(403)
      expect(answer.headers.has('access-control-allow-origin')).toBe(false)
    },
  )

  it('a refusal can be read by a listed origin', async () => {
    const answer = await fetch(connector.endpoint, {
      method: 'POST',
      headers: { origin: 'https://tools.example.com' },
    })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate')
  })

  it.each(['/health', '/ready', '/mcp/openapi.json'])(
    '%s on loopback is for no page from elsewhere',
    async (path) => {
      const allowed = async (origin: string) => {
        const { headers } = await fetch(connector.url + path, { headers: { origin } })
        return headers.get('access-control-allow-origin')
      }
      expect(await allowed('https://evil.example.com')).toBeNull()
      expect(await allowed('https://tools.example.com')).toBe('https://tools.example.com')
      expect(await allowed('http://localhost:3000')).toBe('http://localhost:3000')
    },
  )
})

describe('Host on loopback', () => {
  it.each([
    ['localhost', 200],
    ['127.0.0.1:8787', 200],
    ['[::1]:8787', 200],
    ['evil.example.com', 403],
    ['127.0.0.1.evil.com', 403],
    ['localhost.evil.com:8787', 403],
  ])('%s is %i', async (host, status) => {
    expect(await withHost(host, '/health')).toBe(status)
  })
})

describe('beside /mcp', () => {
  it('/health does not touch the upstream', async () => {
    const before = connector.sandbox.requests.length
    expect(await (await fetch(`${connector.url}/health`)).json()).toMatchObject({
      status: 'ok',
      connector: 'flowtly',
    })
    expect(connector.sandbox.requests.length).toBe(before)
  })

  it('/ready asks it, and not more than once in two seconds', async () => {
    const fresh = await startConnector()
    for (let i = 0; i < 5; i++) expect((await fetch(`${fresh.url}/ready`)).status).toBe(200)
    expect(fresh.sandbox.requests.map(({ path }) => path)).toEqual(['/v1/status'])
    await fresh.close()
  })

  it('/mcp/openapi.json holds the exposed GETs and nothing that writes', async () => {
    const document = (await (await fetch(`${connector.url}/mcp/openapi.json`)).json()) as {
      paths: Record<string, object>
    }
    const operations = Object.values(document.paths).flatMap((item) =>
      Object.keys(item).filter((key) => key !== 'parameters'),
    )
    expect(operations).toEqual(loadFlowtly().tools.map(() => 'get'))
    expect(JSON.stringify(document)).not.toMatch(/createInvoice|InvoiceInput|"post"|"patch"/)
  })

  it('anything else is 404 and says where to go', async () => {
    const answer = await fetch(`${connector.url}/sse`)
    expect(answer.status).toBe(404)
    expect(await answer.text()).toContain('POST /mcp')
  })
})
