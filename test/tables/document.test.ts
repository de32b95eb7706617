/** A document is read from a file or an address, whole and bounded; whatever keeps it from that is told with what to do. */
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { documentName, readDocument } from '../../src/node/document.ts'
import { fetchDocument } from '../../src/node/document-url.ts'
import { createGet } from '../../src/node/get.ts'
import { checkedLookup, type Resolve } from '../../src/node/public.ts'
import { readSettings } from '../../src/settings.ts'

const DOCUMENT = { openapi: '3.1.0', info: { title: 'Pets é', version: '1' }, paths: {} }
const TEXT = JSON.stringify(DOCUMENT)
/** The deadline is far from the silence that is allowed: undici looks at the latter about twice a second only. */
const LIMITS = {
  LECTERN_MAX_DOCUMENT_BYTES: '4096',
  LECTERN_DOCUMENT_TIMEOUT: '8',
  LECTERN_CONNECT_TIMEOUT: '0.3',
  LECTERN_IDLE_TIMEOUT: '0.4',
}

/** What came of it: the document, or the message. */
function read(source: string, allowPrivate = true, env: Record<string, string> = {}): Promise<unknown> {
  return readDocument(source, readSettings({ ...LIMITS, ...env }), allowPrivate).catch((error: Error) => {
    expect(error.name, error.stack!).toBe('StartError')
    return error.message
  })
}

function exactly(bytes: number): string {
  return TEXT + ' '.repeat(bytes - Buffer.byteLength(TEXT))
}

describe('a file', () => {
  let folder: string
  const files: Record<string, string | Uint8Array> = {
    plain: TEXT,
    marked: `\uFEFF${TEXT}`,
    largest: exactly(4096),
    larger: exactly(4097),
    latin: Buffer.from(TEXT, 'latin1'),
    utf16: Buffer.from(`\uFEFF${TEXT}`, 'utf16le'),
    bytes: Uint8Array.from({ length: 100 }, (_, at) => 200 - at),
    empty: '',
    page: '<!DOCTYPE html><html></html>',
    'a name with spaces': TEXT,
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'document-'))
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
    await mkdir(join(folder, 'folder'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each(['plain', 'marked', 'largest', 'a name with spaces'])('%s is read', async (name) => {
    expect(await read(join(folder, name))).toEqual(DOCUMENT)
  })

  it.each([
    ['larger', 'it has more than 4096 bytes: LECTERN_MAX_DOCUMENT_BYTES allows more'],
    ['latin', 'it is not text in UTF-8'],
    ['utf16', 'it is UTF-16: save it as UTF-8'],
    ['bytes', 'it is not text in UTF-8'],
    ['missing', 'there is no such file'],
    ['plain/below', 'there is no such file'],
    ['folder', 'it is a directory: name the document in it'],
  ])('%s is refused', async (name, fault) => {
    const path = join(folder, name)
    expect(await read(path)).toBe(`${path} cannot be read:\n  - ${fault}`)
  })

  it.each(['empty', 'page'])('%s is for the parser to refuse', async (name) => {
    expect(await read(join(folder, name))).toContain(join(folder, name))
  })

  it.skipIf(process.getuid?.() === 0)('that may not be read is told so', async () => {
    const path = join(folder, 'closed')
    await writeFile(path, TEXT, { mode: 0 })
    expect(await read(path)).toContain('this user may not read it')
    await chmod(path, 0o600)
  })

  it('that never ends is not read to its end', async () => {
    expect(await read('/dev/zero')).toContain('more than 4096 bytes')
  })

  it('that is an address without its scheme is told so', async () => {
    expect(await read('pets.example.com/openapi.json')).toContain('an address begins with https://')
  })
})

function* endless() {
  for (;;) yield Buffer.alloc(16_384, ' ')
}

let asked: { url: string; authorization: string | undefined }[] = []
const routes: Record<string, RequestListener> = {
  '/json': (_, answer) => answer.setHeader('content-type', 'application/json').end(TEXT),
  '/unnamed': (_, answer) => answer.end(TEXT),
  '/as-html': (_, answer) => answer.setHeader('content-type', 'text/html').end(TEXT),
  '/marked': (_, answer) => answer.end(`\uFEFF${TEXT}`),
  '/gzip': (_, answer) => answer.setHeader('content-encoding', 'gzip').end(gzipSync(TEXT)),
  '/br': (_, answer) => answer.setHeader('content-encoding', 'br').end(brotliCompressSync(TEXT)),
  '/largest': (_, answer) => answer.end(exactly(4096)),
  '/hop/3': (_, answer) => answer.writeHead(301, { location: '/hop/2' }).end(),
  '/hop/2': (_, answer) => answer.writeHead(307, { location: 'hop/../1' }).end(),
  '/hop/1': (_, answer) => answer.writeHead(303, { location: '/json' }).end(),
  '/1': (_, answer) => answer.writeHead(308, { location: `//${origin.slice(7)}/json` }).end(),
  '/hop/4': (_, answer) => answer.writeHead(302, { location: '/hop/3' }).end(),
  '/loop': (_, answer) => answer.writeHead(302, { location: '/loop' }).end(),
  '/away': (_, answer) => answer.writeHead(302, { location: `${other}/json?signed=1#part` }).end(),
  '/away-with-user': (_, answer) => answer.writeHead(302, { location: other.replace('//', '//u:hunter2@') }).end(),
  '/to-file': (_, answer) => answer.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/to-nowhere': (_, answer) => answer.writeHead(302, { location: 'https://' }).end(),
  '/unled': (_, answer) => answer.writeHead(302).end('{}'),
  '/page': (_, answer) => answer.setHeader('content-type', 'text/html; charset=utf-8').end('\n<!doctype html>'),
  '/not-modified': (_, answer) => answer.writeHead(304).end(),
  '/bomb': (_, answer) => answer.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(50_000_000, ' '))),
  '/larger': (_, answer) => answer.end(exactly(4097)),
  '/endless': (_, answer) => void Readable.from(endless()).pipe(answer),
  '/stated': (_, answer) => void Readable.from(endless()).pipe(answer.setHeader('content-length', 1e12)),
  '/zip': (_, answer) => answer.setHeader('content-encoding', 'zip').end(TEXT),
  '/broken-gzip': (_, answer) => answer.setHeader('content-encoding', 'gzip').end('no gzip'),
  '/cut': (_, answer) => answer.setHeader('content-length', 1000).write('{', () => answer.destroy()),
  '/silent': () => {},
  '/stalls': (_, answer) => answer.write('{'),
  '/drips': (_, answer) => {
    const drip = setInterval(() => answer.write(' '), 100)
    answer.on('close', () => clearInterval(drip))
  },
} // biome-ignore format: a route a line
for (const status of [400, 401, 403, 404, 410, 429, 500, 503])
  routes[`/${status}`] = (_, answer) =>
    answer.writeHead(status, { 'content-type': 'text/html' }).end('<html>')

let [server, second]: Server[] = []
let [origin, other] = ['', '']
async function listen(): Promise<[Server, string]> {
  const started = createServer((request, answer) => {
    asked.push({ url: request.url!, authorization: request.headers.authorization })
    const route = routes[request.url!.split('?')[0]!]
    route ? route(request, answer) : answer.writeHead(404).end()
  })
  await once(started.listen(0, '127.0.0.1'), 'listening')
  return [started, `http://127.0.0.1:${(started.address() as AddressInfo).port}`]
}
beforeAll(async () => {
  ;[server, origin] = await listen()
  ;[second, other] = await listen()
})
afterAll(() => {
  for (const each of [server, second]) {
    each!.closeAllConnections()
    each!.close()
  }
})
beforeEach(() => {
  asked = []
})

describe('an address', () => {
  it.each(['/json', '/unnamed', '/as-html', '/marked', '/gzip', '/br', '/largest', '/hop/3', '/json?a=b'])(
    '%s is read',
    async (path) => {
      expect(await read(origin + path)).toEqual(DOCUMENT)
    },
  )

  it.each([
    ['/404', 'the server answered 404: nothing is there: check the address'],
    ['/410', 'the server answered 410: nothing is there any more: check the address'],
    ['/401', 'the server answered 401: it wants a sign-in: download it, and name the file'],
    ['/403', 'the server answered 403: it wants a sign-in: download it, and name the file'],
    ['/400', 'the server answered 400: check the address'],
    ['/429', 'the server answered 429: the server limits how often it is asked: try again later'],
    ['/500', 'the server answered 500: the server has trouble: try again later'],
    ['/503', 'the server answered 503: the server has trouble: try again later'],
    ['/not-modified', 'the server answered 304: that is no document'],
    ['/unled', 'the server answered 302: that is no document'],
    [
      '/page',
      'it is a web page: give the address of the JSON or YAML that it shows or loads, often openapi.json (on GitHub, the one behind "Raw")',
    ],
    ['/larger', 'it has more than 4096 bytes: LECTERN_MAX_DOCUMENT_BYTES allows more'],
    ['/bomb', 'it has more than 4096 bytes: LECTERN_MAX_DOCUMENT_BYTES allows more'],
    ['/endless', 'it has more than 4096 bytes: LECTERN_MAX_DOCUMENT_BYTES allows more'],
    ['/stated', 'it has more than 4096 bytes: LECTERN_MAX_DOCUMENT_BYTES allows more'],
    ['/zip', 'its body cannot be decoded'],
    ['/broken-gzip', 'its body cannot be decoded'],
    ['/silent', 'the server fell silent for 0.4 s: LECTERN_IDLE_TIMEOUT allows more'],
    ['/stalls', 'the server fell silent for 0.4 s: LECTERN_IDLE_TIMEOUT allows more'],
    ['/to-nowhere', 'it redirects to what is no URL'],
  ])('%s is refused', async (path, fault) => {
    expect(await read(origin + path)).toBe(`${origin}${path} cannot be read:\n  - ${fault}`)
  })

  it('that comes in drops is given up at the deadline', async () => {
    expect(await read(`${origin}/drips`, true, { LECTERN_DOCUMENT_TIMEOUT: '0.5' })).toContain(
      'it did not arrive within 0.5 s: LECTERN_DOCUMENT_TIMEOUT allows more',
    )
  })

  it('that is cut short is no document', async () => {
    expect(await read(`${origin}/cut`)).toContain('the connection failed')
  })

  it('at which nothing listens is told so', async () => {
    const [gone, address] = await listen()
    gone.close()
    await once(gone, 'close')
    expect(await read(`${address}/json`)).toMatch(
      /nothing listens there: check host and port, and that the server runs\n?$/,
    )
  })

  it.each(['ftp://pets.example/openapi.json', 'javascript://%0aalert(1)'])(
    '%s is neither a file nor asked for',
    async (source) => {
      expect(await read(source)).toContain('only files and http(s) addresses are read')
    },
  )

  it('that names a file is told how, and not read', async () => {
    expect(await read('file:///etc/passwd')).toBe(
      'file:///etc/passwd cannot be read:\n  - write the path without file://',
    )
  })

  it('that is no URL is told so, without what may be a password', async () => {
    expect(await read('https://u:hunter2@[pets]/?key=hunter2')).toBe(
      'https://[pets]/?… cannot be read:\n  - it is no URL: check the spelling',
    )
  })
})

describe('a redirect', () => {
  it('is followed on its host as often as the setting says', async () => {
    expect(await read(`${origin}/hop/4`)).toContain('redirected more than 3 times: LECTERN_MAX_REDIRECTS')
    expect(asked).toHaveLength(4)
    expect(await read(`${origin}/hop/4`, true, { LECTERN_MAX_REDIRECTS: '4' })).toEqual(DOCUMENT)
    expect(await read(`${origin}/hop/1`, true, { LECTERN_MAX_REDIRECTS: '0' })).toContain('more than 0 times')
    expect(await read(`${origin}/loop`)).toContain('redirected more than 3 times')
  })

  it('to another host is not followed, and names the address to give instead', async () => {
    expect(await read(`${origin}/away`)).toBe(
      `${origin}/away cannot be read:\n  - it redirects to another host: give ${other}/json?signed=1 where you trust that`,
    )
    expect(asked.map(({ url }) => url)).toEqual(['/away'])
  })

  it('shows no query where the person’s own may hold a token, and no credentials', async () => {
    expect(await read(`${origin}/away?token=hunter2`)).toContain(`give ${other}/json?… where`)
    const told = await read(`${origin}/away-with-user`)
    expect([told, asked.length]).toEqual([expect.not.stringContaining('hunter2'), 2])
  })

  it('to a file is not followed', async () => {
    expect(await read(`${origin}/to-file`)).toContain('it redirects to another host')
  })
})

describe('credentials in an address', () => {
  const given = (path: string) => `${origin.replace('//', '//a%40b:hunter2@')}${path}`

  it('are sent, on its own host’s redirects too', async () => {
    expect(await read(given('/hop/1'))).toEqual(DOCUMENT)
    const basic = `Basic ${Buffer.from('a@b:hunter2').toString('base64')}`
    expect(asked.map(({ authorization }) => authorization)).toEqual([basic, basic])
  })

  it.each(['/404', '/away', '/bomb', '/page', '/silent', '/cut', '/loop'])(
    'are not shown: %s',
    async (path) => {
      const told = await read(given(`${path}?key=hunter3`))
      expect(told).toContain(' cannot be read:')
      expect(told).not.toMatch(/hunter|a%40b|a@b/)
    },
  )

  it('are not in the name of a document', () => {
    expect(documentName('https://u:hunter2@pets.example:8443/v1/openapi.json?key=hunter2#hunter2')).toBe(
      'https://pets.example:8443/v1/openapi.json?…',
    )
  })

  it('a name holds nothing that a terminal obeys', () => {
    expect(documentName('a\u001b[2Jb\u202e.json')).toBe('a [2Jb .json')
  })
})

describe('without --allow-private', () => {
  // biome-ignore format: addresses a line
  it.each([
    'https://127.0.0.1/x', 'https://127.1/x', 'https://2130706433/x', 'https://0x7f000001/x', 'https://0177.0.0.1/x', 'https://①②⑦.0.0.1/x',
    'https://[::1]/x', 'https://[::ffff:127.0.0.1]/x', 'https://[fd00:ec2::254]/x', 'https://[fe80::1]/x', 'https://0/x',
    'https://10.0.0.1/x', 'https://192.168.1.1/x', 'https://169.254.169.254/latest/meta-data/', 'http://169.254.169.254/x', 'https://100.64.0.1/x',
  ])('%s is not asked', async (source) => {
    expect(await read(source, false)).toContain('its host is not on the public internet')
  })

  it.each(['/json', '/away'])('nothing is asked over http: %s', async (path) => {
    expect(await read(origin.replace('127.0.0.1', 'localhost') + path, false)).toContain(
      'over http it could be read',
    )
    expect(await read('http://1.1.1.1/x', false)).toContain('write https, or add --allow-private')
    expect(asked).toEqual([])
  })

  const addresses = (...found: string[]) =>
    found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  const settings = readSettings(LIMITS)

  it.each([
    ['127.0.0.1'],
    ['10.1.2.3'],
    ['169.254.169.254'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
  ])('a name that leads to %s is not asked, alone and among public ones', async (address) => {
    for (const found of [[address], ['93.184.216.34', address], [address, '2606:4700::1']]) {
      const reach = { allowPrivate: false, resolve: async () => addresses(...found) }
      await expect(fetchDocument('https://pets.example/x', settings, reach)).rejects.toThrow(
        'its host is not on the public internet',
      )
    }
  })

  it('a connection is one look-up, so that there is no second answer', async () => {
    let looked = 0
    const resolve: Resolve = async () => addresses(looked++ === 0 ? '93.184.216.34' : '127.0.0.1')
    const soon = { ...settings, documentTimeout: 0.2 }
    await expect(
      fetchDocument('https://pets.example/x', soon, { allowPrivate: false, resolve }),
    ).rejects.toThrow('cannot be read')
    expect(looked).toBe(1)
  })

  it('a name that nobody knows is told so', async () => {
    const resolve: Resolve = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND pets.example'), { code: 'ENOTFOUND' })
    }
    await expect(
      fetchDocument('https://pets.example/x', settings, { allowPrivate: false, resolve }),
    ).rejects.toThrow('no host of this name is known: check the spelling')
  })

  it('the deadline counts while a name server keeps silent', async () => {
    const before = Date.now()
    const reach = { allowPrivate: false, resolve: () => new Promise<never>(() => {}) }
    const patient = readSettings({ ...LIMITS, LECTERN_CONNECT_TIMEOUT: '30', LECTERN_DOCUMENT_TIMEOUT: '1' })
    await expect(fetchDocument('https://pets.example/x', patient, reach)).rejects.toThrow(
      'did not arrive within 1 s',
    )
    expect(Date.now() - before).toBeLessThan(3000)
  })
})

it('the server that a document names is looked up with the same care', async () => {
  const lookup = checkedLookup(async () => [{ address: '127.0.0.1', family: 4 }], false)
  const egress = createGet(readSettings(LIMITS), lookup)
  const options = { headers: {}, signal: new AbortController().signal, maxBytes: 4096 }
  const url = new URL(`${origin.replace('127.0.0.1', 'pets.example')}/json`)
  await expect(egress.get(url, options)).rejects.toMatchObject({ code: 'refused' })
  await egress.close()
  expect(asked).toEqual([])
})

it('nothing that a document refers to is read', async () => {
  routes['/referring'] = (_, answer) =>
    answer.end(
      JSON.stringify({
        ...DOCUMENT,
        paths: { '/a': { $ref: `${origin}/json` } },
        servers: [{ url: origin }],
      }),
    )
  expect(await read(`${origin}/referring`)).toHaveProperty('paths')
  expect(asked.map(({ url }) => url)).toEqual(['/referring'])
})
