/** Row 22: an address that a stranger chose is asked with care or not at all. */
import { beforeAll, expect, it } from 'vitest'
import { EgressError } from '../../src/errors.ts'
import { createGetPublic, type Resolve } from '../../src/node/public.ts'
import { readSettings } from '../../src/settings.ts'
import { newClient, Person, redeem, walkToCode } from '../person.ts'
import { attack } from './attack.ts'
import { createSigner, openReadingStage } from './documents.ts'
import { asks, expectPage } from './pages.ts'
import { serveWith } from './ports.ts'
import { openUpstream, settingsFor } from './stage.ts'

const GOOD = 'https://desk.example/cb'
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

type ReadingStage = Awaited<ReturnType<typeof openReadingStage>>

/** The page for a client id, without what differs from request to request. */
async function pageFor(issuer: string, clientId: string): Promise<string> {
  const { authorizeUrl } = await newClient({ issuer, clientId, redirect: GOOD })
  const step = await new Person().request(authorizeUrl)
  expectPage(step, 400)
  return step.page.replaceAll(step.response.headers.get('x-request-id')!, '-')
}

/** A public host name that leads to each of these: none is public. */
// biome-ignore format: a kind a line
const INNER = [
  '127.0.0.1', '127.255.255.254', '0.0.0.0', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1',
  '169.254.169.254', '169.254.170.2', '100.64.0.1', '100.127.255.254', '100.100.100.200', '168.63.129.16', '192.0.0.192', '198.18.0.1',
  '224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.2.1',
  '::1', '::', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:169.254.169.254', '::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b::127.0.0.1',
  'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '2002:7f00:1::', '2001:0:7f00:1::', '2001:db8::1',
]

/** Addresses that are not even looked up. */
// biome-ignore format: a kind a line
const SPELLED = [
  'https://127.0.0.1/c', 'https://127.1/c', 'https://2130706433/c', 'https://0x7f000001/c', 'https://0x7f.1/c', 'https://0177.0.0.1/c', 'https://017700000001/c',
  'https://[::1]/c', 'https://[::ffff:127.0.0.1]/c', 'https://[::ffff:7f00:1]/c', 'https://[fd00:ec2::254]/c', 'https://1.1.1.1/c',
  'https://169.254.169.254/latest/meta-data/', 'https://100.64.0.1/c', 'https://0/c', 'https://①②⑦.0.0.1/c',
  'http://evil.example/c', 'https://evil.example:8443/c', 'https://evil.example:22/c', 'https://evil.example:80/c', 'https://evil.example:443/c',
  'https://user:pass@evil.example/c', 'https://evil.example#@desk.example/c', 'https://evil.example\\@desk.example/c', 'https://evil.example/../c', 'https://evil.example/c#x', 'https://evil.example',
  'https://localhost/c', 'https://metadata/c', 'https://evil.example./c', 'https://EVIL.example/c', 'HTTPS://evil.example/c', `https://evil.example/${'a'.repeat(1100)}`,
]

attack(22, () => {
  let stage: ReadingStage
  beforeAll(async () => {
    stage = await openReadingStage({ env: { LECTERN_IDP_TIMEOUT: '0.5' } })
  })

  const LIMITS = readSettings({ LECTERN_CONNECT_TIMEOUT: '0.3' })
  const options = { headers: {}, signal: new AbortController().signal, maxBytes: 5120 }
  const addresses = (...found: string[]) =>
    found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

  it.each(INNER)('a name that leads to %s is refused, alone and among public ones', async (address) => {
    for (const found of [[address], ['93.184.216.34', address], [address, '2606:4700::1']]) {
      const get = createGetPublic(LIMITS, async () => addresses(...found))
      await expect(get(new URL('https://evil.example/c'), options)).rejects.toMatchObject({ code: 'refused' })
    }
  })

  it('a name that is public when it is asked for first, and private then, is connected to nowhere private', async () => {
    let asked = 0
    const inner = stage.publisher.origin
    const before = stage.publisher.asked.length
    // TEST-NET would be refused, so the public answer is a public address at which nothing is waited for.
    const rebinding: Resolve = async () => addresses(asked++ === 0 ? '93.184.216.34' : '127.0.0.1')
    const get = createGetPublic(LIMITS, rebinding)
    const first = AbortSignal.timeout(300)
    await expect(
      get(new URL('https://evil.example/c'), { ...options, signal: first }),
    ).rejects.toBeInstanceOf(EgressError)
    expect(asked, 'one connection is one look-up').toBe(1)
    await expect(get(new URL('https://evil.example/c'), options)).rejects.toMatchObject({ code: 'refused' })
    expect(asked).toBe(2)
    expect([inner.startsWith('http://127.0.0.1'), stage.publisher.asked.length]).toEqual([true, before])
  })

  it.each(SPELLED)('%s is not asked, and told like any other failure', async (id) => {
    const looked: string[] = []
    const { provider, sandbox } = await openUpstream()
    const getPublic = createGetPublic(LIMITS, async (name) => {
      looked.push(name)
      return addresses('127.0.0.1')
    })
    const { url: issuer } = await serveWith(settingsFor(provider, sandbox.url), getPublic)
    const uniform = await pageFor(issuer, 'https://rebound.example/c')
    expect(looked).toEqual(['rebound.example'])
    const page = await pageFor(issuer, id)
    expect(page).toBe(uniform)
    expect(looked).toEqual(['rebound.example'])
  })

  it('redirects of every status, slow, huge and wrong answers are one and the same failure', async () => {
    const { publisher, issuer } = stage
    const inner = publisher.publish('/inner.json', (client_id) => ({
      client_id,
      client_name: 'x',
      redirect_uris: [GOOD],
    }))
    const { routes, origin } = publisher
    const json = { 'content-type': 'application/json' }
    const good = (id: string) => JSON.stringify({ client_id: id, client_name: 'x', redirect_uris: [GOOD] })
    for (const status of [301, 302, 303, 307, 308, 300, 304, 305])
      routes[`/${status}`] = (_, answer) => answer.writeHead(status, { location: inner }).end()
    for (const status of [201, 204, 206, 400, 401, 404, 500, 503])
      routes[`/${status}`] = (_, answer) =>
        answer.writeHead(status, json).end(status === 204 ? undefined : good(`${origin}/${status}`))
    for (const [at, type] of [
      'text/html',
      'text/plain',
      'image/png',
      'application/javascript',
      'application/jsonx',
      '',
    ].entries())
      routes[`/type${at}`] = (_, answer) =>
        answer.writeHead(200, type ? { 'content-type': type } : {}).end(good(`${origin}/type${at}`))
    routes['/silent'] = () => {}
    routes['/slow'] = (_, answer) => {
      const drip = setInterval(() => answer.write(' '), 50).unref()
      answer.writeHead(200, json).on('close', () => clearInterval(drip))
    }
    let sent = 0
    routes['/huge'] = (_, answer) => {
      answer.writeHead(200, { ...json, 'content-length': 2 ** 30 })
      const pour = () => {
        while (!answer.destroyed && sent < 2 ** 30 && answer.write(Buffer.alloc(65_536, 32))) sent += 65_536
      }
      answer.on('drain', pour)
      pour()
    }
    routes['/chunked'] = (_, answer) =>
      answer.writeHead(200, json).end(good(`${origin}/chunked`) + ' '.repeat(5200))
    routes['/cut'] = (_, answer) => {
      answer.writeHead(200, { ...json, 'content-length': 500 }).write('{')
      setTimeout(() => answer.destroy(), 20)
    }
    routes['/latin'] = (_, answer) =>
      answer.writeHead(200, json).end(Buffer.from('{"client_id":"\xff"}', 'latin1'))
    for (const [at, text] of [
      '',
      'null',
      '[]',
      '1',
      '{',
      '{}',
      '{"client_id":1}',
      good(inner),
      good(`${origin}/json/`),
      '{"__proto__":{}}',
    ].entries())
      routes[`/json${at}`] = (_, answer) => answer.writeHead(200, json).end(text)
    const faulty: [string, object][] = [
      ['/secret', { client_secret: 'x' }],
      ['/nameless', { client_name: undefined }],
      ['/unredirected', { redirect_uris: [] }],
      ['/post', { token_endpoint_auth_method: 'client_secret_post' }],
    ]
    for (const [path, changed] of faulty)
      publisher.publish(path, (client_id) => ({
        client_id,
        client_name: 'x',
        redirect_uris: [GOOD],
        ...changed,
      }))
    const uniform = await pageFor(issuer, `${origin}/nothing-here`)
    const paths = Object.keys(routes).filter((path) => path !== '/inner.json')
    expect(paths.length).toBeGreaterThan(35)
    for (const path of paths) {
      const before = Date.now()
      expect(await pageFor(issuer, `${origin}${path}`), path).toBe(uniform)
      expect(Date.now() - before, path).toBeLessThan(2000)
    }
    expect(sent).toBeLessThan(2 ** 24)
    expect(publisher.asked.filter((path) => path === '/inner.json')).toEqual([])
    // The premise: the same document where it says that it is, is read.
    const { authorizeUrl } = await newClient({ issuer, clientId: inner, redirect: GOOD })
    expect(asks(await new Person().request(authorizeUrl))).toBe(true)
  })

  it('a closed port and a host that nothing is known of fail like a wrong document', async () => {
    const { issuer, publisher } = stage
    const uniform = await pageFor(issuer, `${publisher.origin}/nothing-here`)
    for (const id of [
      'https://nobody.invalid/c',
      'https://localhost/c',
      'http://127.0.0.1:1/c',
      'https://evil.example:8443/c',
    ])
      expect(await pageFor(issuer, id), id).toBe(uniform)
  })

  it('logo, terms and every other address of a document stay unasked', async () => {
    const { publisher, issuer } = stage
    const others = [
      'logo_uri',
      'client_uri',
      'policy_uri',
      'tos_uri',
      'jwks_uri',
      'sector_identifier_uri',
      'software_statement',
    ]
    const id = publisher.publish('/logo.json', (client_id) => ({
      client_id,
      client_name: 'Desk',
      redirect_uris: [GOOD],
      ...Object.fromEntries(others.map((name) => [name, `${publisher.origin}/other/${name}`])),
    }))
    const client = await newClient({ issuer, clientId: id, redirect: GOOD })
    expect((await redeem(client, (await walkToCode(client)).get('code')!)).status).toBe(200)
    const metadata = {
      redirect_uris: [GOOD],
      client_name: 'Desk',
      ...Object.fromEntries(others.map((name) => [name, `${publisher.origin}/other/${name}`])),
    }
    const headers = { 'content-type': 'application/json' }
    await fetch(`${issuer}/register`, { method: 'POST', headers, body: JSON.stringify(metadata) })
    expect(publisher.asked.filter((path) => path.startsWith('/other'))).toEqual([])
  })

  it('key sets are asked for under the same guard, and fail alike', async () => {
    const { publisher, issuer } = stage
    const { keySet, assert } = await createSigner()
    const fresh = (jwks: string, at: number) =>
      publisher.publish(`/keys-of-${at}.json`, (client_id) => ({
        client_id,
        client_name: 'Desk',
        redirect_uris: [GOOD],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: jwks,
      }))
    const { origin, routes } = publisher
    const inner = publisher.publish('/inner-keys.json', () => keySet)
    for (const status of [301, 302, 307, 308])
      routes[`/keys-${status}`] = (_, answer) => answer.writeHead(status, { location: inner }).end()
    routes['/keys-huge'] = (_, answer) =>
      answer
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(keySet) + ' '.repeat(40_000))
    routes['/keys-html'] = (_, answer) =>
      answer.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify(keySet))
    routes['/keys-silent'] = () => {}
    const readable = [
      '/keys-301',
      '/keys-302',
      '/keys-307',
      '/keys-308',
      '/keys-huge',
      '/keys-html',
      '/keys-silent',
      '/keys-none',
    ].map((path) => origin + path)
    const bodies = new Set<string>()
    for (const [at, jwks] of readable.entries()) {
      const client = await newClient({ issuer, clientId: fresh(jwks, at), redirect: GOOD })
      const code = (await walkToCode(client)).get('code')!
      const proof = {
        client_assertion_type: ASSERTION,
        client_assertion: await assert(client.clientId, issuer),
      }
      const { status, body } = await redeem(client, code, proof)
      expect([status, body.error], jwks).toEqual([401, 'invalid_client'])
      bodies.add(body.error_description.replace(/\(request [\w-]+\)/, ''))
    }
    expect([...bodies]).toEqual(['The client assertion is not valid '])
    expect(publisher.asked).not.toContain('/inner-keys.json')
    // One that nothing would be fetched from makes its document unreadable, and a registration invalid.
    const uniform = await pageFor(issuer, `${origin}/nothing-here`)
    for (const [at, jwks] of [
      'https://169.254.169.254/keys',
      'http://127.0.0.1:1/keys',
      'https://localhost/keys',
      'file:///etc/passwd',
      'data:application/json,{}',
    ].entries()) {
      expect(await pageFor(issuer, fresh(jwks, 100 + at)), jwks).toBe(uniform)
      const metadata = {
        redirect_uris: [GOOD],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: jwks,
      }
      const headers = { 'content-type': 'application/json' }
      const refused = await fetch(`${issuer}/register`, {
        method: 'POST',
        headers,
        body: JSON.stringify(metadata),
      })
      expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([
        400,
        'invalid_client_metadata',
      ])
    }
    const rest = await newClient({ issuer, clientId: fresh(inner, 200), redirect: GOOD })
    const proof = { client_assertion_type: ASSERTION, client_assertion: await assert(rest.clientId, issuer) }
    expect((await redeem(rest, (await walkToCode(rest)).get('code')!, proof)).status).toBe(200)
  })
})
