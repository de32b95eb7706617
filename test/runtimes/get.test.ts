/** The one GET on Node against small real servers: encodings, caps, cuts, and the error each trouble becomes. */

import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGet, type NodeGet } from '../../src/node/get.ts'
import { readSettings } from '../../src/settings.ts'

const body = JSON.stringify({ items: 'ż'.repeat(2000) })
const zeros = Buffer.alloc(4_000_000)

const routes: Record<string, RequestListener> = {
  '/plain': (_, answer) => answer.end(body),
  '/stated': (_, answer) => answer.setHeader('content-length', Buffer.byteLength(body)).end(body),
  '/gzip': (_, answer) => answer.setHeader('content-encoding', 'gzip').end(gzipSync(body)),
  '/x-gzip': (_, answer) => answer.setHeader('content-encoding', 'x-gzip').end(gzipSync(body)),
  '/br': (_, answer) => answer.setHeader('content-encoding', 'br').end(brotliCompressSync(body)),
  '/deflate': (_, answer) => answer.setHeader('content-encoding', 'deflate').end(deflateSync(body)),
  '/unknown': (_, answer) => answer.setHeader('content-encoding', 'zstd').end(body),
  '/odd': (_, answer) => answer.setHeader('content-encoding', 'constructor').end(body),
  '/bomb': (_, answer) => answer.setHeader('content-encoding', 'gzip').end(gzipSync(zeros)),
  '/large': (_, answer) => answer.setHeader('content-length', zeros.length).end(zeros),
  '/chunked-large': (_, answer) => answer.write(zeros, () => answer.end()),
  '/large-error': (_, answer) => answer.writeHead(500).end(zeros),
  '/cut-gzip': (_, answer) =>
    answer.setHeader('content-encoding', 'gzip').end(gzipSync(body).subarray(0, 40)),
  '/cut-br': (_, answer) => answer.setHeader('content-encoding', 'br').end(Buffer.from('not brotli at all')),
  '/redirect': (_, answer) => answer.writeHead(302, { location: '/plain' }).end(),
  '/echo': (request, answer) =>
    answer.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers })),
}

let server: Server
let origin: string
let egress: NodeGet
beforeAll(async () => {
  server = createServer((request, answer) => routes[request.url!.split('?')[0]!]!(request, answer)).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  egress = createGet(readSettings({}))
})
afterAll(async () => {
  await egress.close()
  server.close()
})

const get = (path: string, maxBytes = 1_000_000, signal = new AbortController().signal) =>
  egress.get(new URL(path, origin), { headers: { 'x-own': '1' }, signal, maxBytes })

describe('a body', () => {
  it.each(['plain', 'stated', 'gzip', 'x-gzip', 'br', 'deflate'])('%s arrives decoded', async (path) => {
    const reply = await get(`/${path}`)
    expect(reply.status).toBe(200)
    expect(new TextDecoder().decode(reply.body)).toBe(body)
  })

  it.each([
    ['/large', 'too_large'],
    ['/chunked-large', 'too_large'],
    ['/bomb', 'too_large'],
    ['/unknown', 'encoding'],
    ['/odd', 'encoding'],
    ['/cut-gzip', 'encoding'],
    ['/cut-br', 'encoding'],
  ])('%s is %s', async (path, code) => {
    await expect(get(path)).rejects.toMatchObject({ name: 'EgressError', code })
  })

  it('of an error status is cut short, so that the status is told', async () => {
    const reply = await get('/large-error')
    expect(reply.status).toBe(500)
    expect(reply.body.byteLength).toBeLessThan(300_000)
  })
})

describe('a request', () => {
  it('is a GET without a body, with the path and query as they were planned', async () => {
    const { method, url, headers } = JSON.parse(
      new TextDecoder().decode((await get('/echo?a=%2F&b=1%2C2')).body),
    )
    expect([method, url]).toEqual(['GET', '/echo?a=%2F&b=1%2C2'])
    expect(headers).toMatchObject({ 'x-own': '1', 'accept-encoding': 'gzip, br, deflate' })
    expect(headers).not.toHaveProperty('content-length')
    expect(headers).not.toHaveProperty('transfer-encoding')
  })

  it('follows no redirect', async () => {
    const reply = await get('/redirect')
    expect([reply.status, reply.header('location')]).toEqual([302, '/plain'])
  })

  it('ends with the signal', async () => {
    await expect(get('/plain', 1000, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' })
  })

  it('to a closed port is connect', async () => {
    const options = { headers: {}, signal: new AbortController().signal, maxBytes: 10 }
    await expect(egress.get(new URL('http://127.0.0.1:9/'), options)).rejects.toMatchObject({
      code: 'connect',
    })
  })
})
