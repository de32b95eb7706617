/** The guarded GET on Node: which addresses are public, one look-up a connection, no redirects, caps (attack 22). */
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGetPublic, isPublicAddress, type Resolve } from '../../src/node/public.ts'
import { findClient } from '../../src/oauth/client.ts'
import { readSettings } from '../../src/settings.ts'
import { createTestAuthority } from '../authority.ts'

// biome-ignore format: a kind a line
const special: readonly (readonly [kind: string, addresses: string[]])[] = [
  ['loopback', ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1']],
  ['unspecified', ['0.0.0.0', '0.1.2.3', '::']],
  ['private', ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255']],
  ['shared (CGNAT)', ['100.64.0.1', '100.127.255.254', '100.100.100.200']],
  ['link-local and metadata', ['169.254.0.1', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1', '168.63.129.16', 'fd00:ec2::254']],
  ['unique local', ['fc00::1', 'fd12:3456::1', 'fdff::1']],
  ['site-local', ['fec0::1']],
  ['multicast', ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1']],
  ['mapped and compatible', ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:93.184.216.34', '::ffff:5db8:d822', '::127.0.0.1', '::ffff:0:127.0.0.1']],
  ['translated (NAT64)', ['64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b::127.0.0.1', '64:ff9b:1::1']],
  ['6to4', ['2002:7f00:1::', '2002:a9fe:a9fe::1', '192.88.99.1']],
  ['Teredo and protocol assignments', ['2001::1', '2001:0:7f00:1::', '2001:20::1', '2001:10::1', '192.0.0.1', '192.0.0.170', '192.0.0.192']],
  ['benchmarking', ['198.18.0.1', '198.19.255.255', '2001:2::1']],
  ['documentation', ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1']],
  ['reserved', ['240.0.0.1', '255.255.255.255', '4000::1', '5f00::1', '100::1']],
  ['no address', ['', 'localhost', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.0.0.1:80', '[::1]', '1.2.3', '1.2.3.4.5', '::g']],
]

describe('not public', () => {
  it.each(special)('%s', (_, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([])
  })

  it('but these are', () => {
    // biome-ignore format: addresses next to the blocks
    const open = ['1.1.1.1', '9.255.255.255', '11.0.0.0', '93.184.216.34', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0',
      '169.253.255.255', '172.15.255.255', '172.32.0.0', '192.167.255.255', '198.17.255.255', '198.20.0.0', '223.255.255.255',
      '2606:4700:4700::1111', '2a00:1450:4001:831::200e', '2001:200::1', '2001:4860:4860::8888', '2003::1']
    expect(open.filter((address) => !isPublicAddress(address))).toEqual([])
  })
})

function* endless() {
  for (;;) yield Buffer.alloc(16_384)
}

const json = JSON.stringify({ client_id: 'x' })
let connections = 0
const routes: Record<string, RequestListener> = {
  '/json': (_, answer) => answer.setHeader('content-type', 'application/json').end(json),
  '/gzip': (_, answer) => answer.setHeader('content-encoding', 'gzip').end(gzipSync(json)),
  '/bomb': (_, answer) =>
    answer.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(50_000_000))),
  '/large': (_, answer) => void Readable.from(endless()).pipe(answer.setHeader('content-length', 1e9)),
  '/chunked': (_, answer) => answer.write(Buffer.alloc(100_000), () => answer.end()),
  '/slow': (_, answer) => answer.write('{'),
  '/silent': () => {},
  '/echo': (request, answer) =>
    answer.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers })),
}
for (const status of [301, 302, 303, 307, 308])
  routes[`/${status}`] = (_, answer) => answer.writeHead(status, { location: '/json' }).end()

let server: Server
let port: number
beforeAll(async () => {
  server = createServer((request, answer) => routes[request.url!.split('?')[0]!]!(request, answer))
  server.on('connection', () => connections++)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const never = new AbortController().signal
const LIMITS = { LECTERN_CONNECT_TIMEOUT: '0.3', LECTERN_IDLE_TIMEOUT: '5' }
const addresses = (...found: string[]) =>
  found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

/** Asks for `url` where names resolve as told; `origins` are the private ones. */
function get(url: string, resolve?: Resolve, origins = '', maxBytes = 5120, signal = never) {
  const settings = readSettings({ ...LIMITS, LECTERN_PRIVATE_CLIENT_ORIGINS: origins })
  return createGetPublic(settings, resolve)(new URL(url), {
    headers: { accept: 'application/json' },
    signal,
    maxBytes,
  })
}

describe('what a stranger chose', () => {
  // biome-ignore format: addresses a line
  it.each([
    'http://example.com/c', 'https://example.com:8443/c', 'https://example.com:22/c', 'ftp://example.com/c', 'file:///etc/passwd', 'data:,x',
    'https://127.0.0.1/c', 'https://127.1/c', 'https://2130706433/c', 'https://0x7f000001/c', 'https://0177.0.0.1/c', 'https://1.1.1.1/c',
    'https://[::1]/c', 'https://[::ffff:127.0.0.1]/c', 'https://[2606:4700:4700::1111]/c', 'https://169.254.169.254/latest/meta-data/',
  ])('%s is refused before any look-up', async (url) => {
    const asked: string[] = []
    const resolve: Resolve = async (name) => {
      asked.push(name)
      return addresses('1.1.1.1')
    }
    await expect(get(url, resolve)).rejects.toMatchObject({ name: 'EgressError', code: 'refused' })
    expect(asked).toEqual([])
  })

  it.each(special.filter(([kind]) => kind !== 'no address').flatMap(([, found]) => found.slice(0, 2)))(
    'a name for %s is refused',
    async (address) => {
      await expect(get('https://evil.example/c', async () => addresses(address))).rejects.toMatchObject({
        code: 'refused',
      })
    },
  )

  it('a name with one address that is not public among others is refused', async () => {
    for (const found of [
      ['1.1.1.1', '127.0.0.1'],
      ['127.0.0.1', '1.1.1.1'],
      ['2606:4700:4700::1111', '::ffff:10.0.0.1'],
    ])
      await expect(get('https://evil.example/c', async () => addresses(...found))).rejects.toMatchObject({
        code: 'refused',
      })
  })

  it.each(['localhost', 'a.localhost'])('%s as name servers resolve it is not reached', async (name) => {
    await expect(get(`https://${name}/c`)).rejects.toMatchObject({
      code: expect.stringMatching(/refused|connect/),
    })
  })

  it('a name that is public once and private then is refused then, and each GET looks it up once', async () => {
    let asked = 0
    const rebinding: Resolve = async () => addresses(asked++ === 0 ? '127.0.0.1' : '10.0.0.1')
    // The one look-up decides where the connection goes: the same name, let through as private, reaches this server.
    const named = `http://rebinding.example:${port}`
    expect(await get(`${named}/json`, rebinding, named)).toMatchObject({ status: 200 })
    expect(asked).toBe(1)
    await expect(get('https://rebinding.example/json', rebinding, named)).rejects.toMatchObject({
      code: 'refused',
    })
    expect(asked).toBe(2)
  })

  it('a name without an address, or that cannot be looked up, is connect', async () => {
    const failing: Resolve = async () => {
      throw Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })
    }
    await expect(get('https://gone.example/c', failing)).rejects.toMatchObject({ code: 'connect' })
    await expect(get('https://gone.example/c', async () => [])).rejects.toMatchObject({ code: 'connect' })
  })

  it('a look-up that never ends, does: by the time to connect, or by the signal', async () => {
    const hanging: Resolve = () => new Promise(() => {})
    await expect(get('https://slow.example/c', hanging)).rejects.toMatchObject({ code: 'connect' })
    const patient = createGetPublic(readSettings({ LECTERN_CONNECT_TIMEOUT: '5' }), hanging)
    const started = performance.now()
    const options = { headers: {}, maxBytes: 5120, signal: AbortSignal.timeout(50) }
    await expect(patient(new URL('https://slow.example/c'), options)).rejects.toMatchObject({
      code: 'aborted',
    })
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('an origin that the operator named', () => {
  const origin = () => `http://127.0.0.1:${port}`
  const fetched = (path: string, maxBytes?: number, signal?: AbortSignal) =>
    get(`${origin()}${path}`, undefined, origin(), maxBytes, signal)

  it('is asked with GET and without a body', async () => {
    const { method, url, headers } = JSON.parse(new TextDecoder().decode((await fetched('/echo?a=%2F')).body))
    expect([method, url]).toEqual(['GET', '/echo?a=%2F'])
    expect(headers).toMatchObject({ accept: 'application/json' })
    expect(headers).not.toHaveProperty('content-length')
  })

  it.each(['/json', '/gzip'])('%s arrives decoded', async (path) => {
    const reply = await fetched(path)
    expect([reply.status, new TextDecoder().decode(reply.body)]).toEqual([200, json])
  })

  it.each([301, 302, 303, 307, 308])('%d is handed back and not followed', async (status) => {
    const before = connections
    expect(await fetched(`/${status}`)).toMatchObject({ status })
    expect(connections - before).toBe(1)
  })

  it.each(['/bomb', '/large', '/chunked'])('%s is too_large', async (path) => {
    await expect(fetched(path)).rejects.toMatchObject({ code: 'too_large' })
  })

  it.each(['/slow', '/silent'])('%s ends with the signal', async (path) => {
    await expect(fetched(path, 5120, AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'aborted' })
  })

  it('is connected to where its one look-up says', async () => {
    const asked: string[] = []
    const resolve: Resolve = async (name) => {
      asked.push(name)
      return addresses('127.0.0.1')
    }
    const named = `http://documents.example:${port}`
    const reply = await get(`${named}/json`, resolve, named)
    expect([reply.status, asked]).toEqual([200, ['documents.example']])
    const other = `http://documents.example:${port + 1}`
    await expect(get(`${other}/json`, resolve, named)).rejects.toMatchObject({ code: 'refused' })
    await expect(get(`https://documents.example/json`, resolve, named)).rejects.toMatchObject({
      code: 'refused',
    })
    expect(asked).toHaveLength(2)
  })

  it('with no address is connect', async () => {
    const named = `http://documents.example:${port}`
    await expect(get(`${named}/json`, async () => [], named)).rejects.toMatchObject({ code: 'connect' })
  })

  it('leaves no connection open', async () => {
    await fetched('/json')
    await expect.poll(() => new Promise((done) => server.getConnections((_, open) => done(open)))).toBe(0)
  })
})

it('a client whose document is on a private network is found, over a real connection', async () => {
  const id = `http://127.0.0.1:${port}/client.json`
  const document = { client_id: id, client_name: 'Desk', redirect_uris: ['http://localhost/cb'] }
  routes['/client.json'] = (_, answer) =>
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(document))
  const authority = createTestAuthority({ LECTERN_PRIVATE_CLIENT_ORIGINS: `http://127.0.0.1:${port}` })
  authority.ports.getPublic = createGetPublic(authority.settings)
  expect(await findClient(authority, id, 'http://localhost:7/cb')).toMatchObject({
    kind: 'document',
    name: 'Desk',
  })
  const stranger = createTestAuthority()
  stranger.ports.getPublic = createGetPublic(stranger.settings)
  expect(await findClient(stranger, id, 'http://localhost:7/cb')).toMatchObject({ fault: 'unreadable' })
})
