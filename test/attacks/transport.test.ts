/** Rows 26 to 28: floods cost little, and every address that we tell is the operator's own. */
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { serve } from '../../src/node.ts'
import { readSettings } from '../../src/settings.ts'
import { newClient, Person, register, walkToCode } from '../person.ts'
import { attack } from './attack.ts'
import { openDeployment } from './deployment.ts'
import { asks, withParameters } from './pages.ts'
import { ask } from './raw.ts'
import { keep, openStage, openUpstream, settingsFor } from './stage.ts'

const GOOD = 'https://desk.example/cb'
const JSON_TYPE = { 'content-type': 'application/json' }

attack(26, () => {
  async function registering(issuer: string, body: string, headers: Record<string, string> = JSON_TYPE) {
    const answer = await fetch(`${issuer}/register`, { method: 'POST', headers, body })
    return {
      status: answer.status,
      headers: answer.headers,
      body: (await answer.json()) as Record<string, unknown>,
    }
  }
  const metadata = (changed: object) =>
    JSON.stringify({ redirect_uris: [GOOD], client_name: 'Desk', ...changed })

  it('nothing is stored: what one process registered, another that never heard of it knows', async () => {
    const here = fileURLToPath(new URL('../..', import.meta.url))
    const before = readdirSync(here).sort()
    const { issuer, one, two } = await openDeployment()
    const ids = new Set<string>()
    for (let count = 0; count < 300; count++) {
      const { client_id } = await register(one.url, { redirect_uris: [`${GOOD}/${count}`] })
      ids.add(client_id)
    }
    expect(ids.size).toBe(300)
    const [first, last] = [[...ids][0]!, [...ids].at(-1)!]
    for (const [clientId, redirect] of [
      [first, `${GOOD}/0`],
      [last, `${GOOD}/299`],
    ] as const) {
      const { authorizeUrl } = await newClient({ issuer, clientId, redirect })
      expect(asks(await new Person().request(authorizeUrl.replace(issuer, two.url)))).toBe(true)
    }
    expect(readdirSync(here).sort()).toEqual(before)
  })

  it('a registration does not grow the process', async () => {
    const { one } = await openDeployment({ LECTERN_REGISTRATION_RATE: '1000000' })
    const flood = async () => {
      for (let round = 0; round < 20; round++)
        await Promise.all(
          Array.from({ length: 20 }, (_, at) =>
            register(one.url, { redirect_uris: [`${GOOD}/${'x'.repeat(700)}${round * 20 + at}`] }),
          ),
        )
      return one.heap()
    }
    const weights = [await flood()]
    for (let times = 0; times < 6; times++) weights.push(await flood())
    // The heap settles for a while. But what is kept grows every time, by four hundred addresses and ids of 1,700 characters.
    const growth = weights.slice(1).map((weight, at) => weight - weights[at]!)
    expect(Math.min(...growth), growth.join(' ')).toBeLessThan(200_000)
  })

  it('a body of 8 KB is read and no more, however it comes', async () => {
    const { issuer } = await openStage()
    const fill = (bytes: number) =>
      metadata({ padding: 'x'.repeat(bytes - metadata({ padding: '' }).length) })
    expect((await registering(issuer, fill(8192))).status).toBe(201)
    const { status, body } = await registering(issuer, fill(8193))
    expect([status, body.error]).toEqual([413, 'invalid_client_metadata'])
    const port = new URL(issuer).port
    const chunked = await ask(port, '/register', {
      method: 'POST',
      headers: { ...JSON_TYPE, 'transfer-encoding': 'chunked' },
      body: fill(9000),
    })
    expect(chunked.status).toBe(413)
    const huge = await registering(issuer, fill(5_000_000)).catch(() => ({ status: 413 }))
    expect(huge.status).toBe(413)
    await expect.poll(async () => (await fetch(`${issuer}/health`).catch(() => undefined))?.status).toBe(200)
  })

  it('ten redirect URIs of 2,048 characters are the most, and a client id of 1,500', async () => {
    const { issuer } = await openStage()
    const uris = (count: number) => Array.from({ length: count }, (_, at) => `${GOOD}/${at}`)
    expect((await registering(issuer, metadata({ redirect_uris: uris(10) }))).status).toBe(201)
    expect((await registering(issuer, metadata({ redirect_uris: uris(11) }))).body.error).toBe(
      'invalid_redirect_uri',
    )
    const long = (length: number) => `${GOOD}/${'x'.repeat(length - GOOD.length - 1)}`
    const tooLong = await registering(issuer, metadata({ redirect_uris: [long(2049)] }))
    expect([tooLong.status, tooLong.body.error]).toEqual([400, 'invalid_redirect_uri'])
    for (let length = 600; length < 2048; length += 40) {
      const { status, body } = await registering(issuer, metadata({ redirect_uris: [long(length)] }))
      if (status === 201) expect(String(body.client_id).length).toBeLessThanOrEqual(1500)
      else expect([status, body.error]).toEqual([400, 'invalid_client_metadata'])
    }
    const most = await registering(
      issuer,
      metadata({ redirect_uris: uris(10).map((uri) => uri + 'x'.repeat(600)) }),
    )
    expect(most.status).toBe(400)
  })

  it.each([
    ['brackets', '['.repeat(8000)],
    ['braces', `${'{"a":'.repeat(1600)}1`],
    ['closed brackets', '['.repeat(4000) + ']'.repeat(4000)],
    ['a nested member', metadata({}).replace('}', `,"contacts":${'['.repeat(3500)}${']'.repeat(3500)}}`)],
    ['a prototype', '{"__proto__":{"redirect_uris":["https://evil.example/"]},"client_name":"x"}'],
    ['a number of many digits', `{"redirect_uris":${'9'.repeat(8000)}}`],
    ['an array of names', metadata({ client_name: Array.from({ length: 2000 }, () => 'x') })],
    ['no JSON', 'redirect_uris=https%3A%2F%2Fevil.example'],
    ['nothing', ''],
    ['null', 'null'],
    ['bytes', '\ud800'],
  ])('%s end in a registration or a refusal, and never in a fault', async (_, body) => {
    const { issuer } = await openStage()
    const before = performance.now()
    const { status, body: told } = await registering(issuer, body)
    expect([201, 400, 413]).toContain(status)
    if (status === 201) expect(told.redirect_uris).toEqual([GOOD])
    expect(performance.now() - before).toBeLessThan(1000)
  })

  it('a form that another site can send without asking is no registration', async () => {
    const { issuer } = await openStage()
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/json',
    ])
      expect((await registering(issuer, metadata({}), { 'content-type': type })).status, type).toBe(400)
  })

  it('beyond the limit it is 429 with Retry-After, and those who are registered go on', async () => {
    const { issuer } = await openStage({ env: { LECTERN_REGISTRATION_RATE: '20' } })
    const client = await newClient({ issuer })
    const answers = await Promise.all(Array.from({ length: 60 }, () => registering(issuer, metadata({}))))
    const refused = answers.filter(({ status }) => status === 429)
    expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(20)
    expect(refused.length).toBeGreaterThanOrEqual(40)
    for (const { headers, body } of refused) {
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d?$/)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(body.error).toBe('temporarily_unavailable')
    }
    expect((await walkToCode(client)).has('code')).toBe(true)
  })
})

const DOCUMENTS = ['oauth-authorization-server', 'openid-configuration', 'oauth-protected-resource'].flatMap(
  (name) => [`/.well-known/${name}`, `/.well-known/${name}/mcp`, `/mcp/.well-known/${name}`],
)

attack(27, () => {
  const PUBLIC = 'https://mcp.example.com'
  const EVIL: Record<string, string>[] = [
    { host: 'evil.example' },
    { host: 'evil.example:443' },
    { host: 'mcp.example.com.evil.example' },
    { host: 'mcp.example.com@evil.example' },
    { host: 'mcp.example.com/evil' },
    { host: 'mcp.example.com', 'x-forwarded-host': 'evil.example' },
    {
      host: 'mcp.example.com',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': '80',
      'x-forwarded-prefix': '/evil',
    },
    { host: 'mcp.example.com', forwarded: 'host=evil.example;proto=http' },
    {
      host: 'mcp.example.com',
      'x-host': 'evil.example',
      'x-original-host': 'evil.example',
      'x-forwarded-server': 'evil.example',
    },
    {
      host: 'mcp.example.com',
      'x-original-url': '/evil',
      'x-rewrite-url': '/evil',
      'x-http-method-override': 'POST',
    },
  ]

  async function openPublic() {
    const { provider, sandbox } = await openUpstream()
    const env = { ...settingsFor(provider, sandbox.url), HOST: '0.0.0.0', LECTERN_PUBLIC_URL: PUBLIC }
    const { url } = keep(await serve(loadFlowtly(), readSettings(env)))
    return { port: new URL(url).port, provider }
  }

  it('the documents are the same whatever Host says, and name the operator’s origin alone', async () => {
    const { port } = await openPublic()
    for (const path of DOCUMENTS) {
      const honest = await ask(port, path, { headers: { host: 'mcp.example.com' } })
      expect([honest.status, honest.headers.vary], path).toEqual([200, undefined])
      for (const address of honest.body.match(/https?:\/\/[^"]*/g)!)
        expect(address).toMatch(/^https:\/\/mcp\.example\.com(\/|$)/)
      for (const headers of EVIL) {
        const { status, body } = await ask(port, path, { headers })
        if (status !== 400) expect(body, `${path} ${JSON.stringify(headers)}`).toBe(honest.body)
        expect(body).not.toContain('evil')
      }
      const absolute = await ask(port, `http://evil.example${path}`, { headers: { host: 'evil.example' } })
      if (absolute.status === 200) expect(absolute.body).toBe(honest.body)
      expect(absolute.body).not.toContain('evil')
    }
  })

  it('so are the challenge, the answers of authorize, and what the provider is told', async () => {
    const { port, provider } = await openPublic()
    const registered = await ask(port, '/register', {
      method: 'POST',
      headers: { ...JSON_TYPE, ...EVIL[0] },
      body: JSON.stringify({ redirect_uris: [GOOD] }),
    })
    expect(registered.body).not.toContain('evil')
    const { authorizeUrl } = await newClient({
      issuer: PUBLIC,
      clientId: JSON.parse(registered.body).client_id,
      redirect: GOOD,
    })
    const { pathname, search } = new URL(authorizeUrl)
    for (const headers of EVIL) {
      const challenge = await ask(port, '/mcp', {
        method: 'POST',
        headers: { ...headers, ...JSON_TYPE },
        body: '{}',
      })
      if (challenge.status !== 400) {
        expect(challenge.status).toBe(401)
        const metadata = `resource_metadata="${PUBLIC}/.well-known/oauth-protected-resource/mcp"`
        expect(challenge.headers['www-authenticate']).toContain(metadata)
      }
      const error = await ask(port, `${pathname}${search}&prompt=none`, { headers })
      if (error.status !== 400) expect(new URL(error.headers.location!).searchParams.get('iss')).toBe(PUBLIC)
      const page = await ask(port, pathname + search, { headers })
      if (page.status === 400) continue
      const cookie = page.headers['set-cookie']![0]!.split(';')[0]!
      expect(page.headers['set-cookie']![0]).not.toMatch(/domain/i)
      const transaction = /name="transaction" value="([^"]+)"/.exec(page.body)![1]!
      const form = new URLSearchParams({ transaction, decision: 'approve' }).toString()
      const sent = {
        ...headers,
        cookie,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/x-www-form-urlencoded',
      }
      const upstream = await ask(port, '/consent', { method: 'POST', headers: sent, body: form })
      expect(upstream.headers.location).toContain(provider.endpoints.authorization)
      expect(new URL(upstream.headers.location!).searchParams.get('redirect_uri')).toBe(`${PUBLIC}/callback`)
      expect(
        [challenge, error, page, upstream]
          .map(({ headers: told, body }) => JSON.stringify(told) + body)
          .join(),
      ).not.toContain('evil')
    }
  })

  it('on loopback a foreign Host gets nothing at all', async () => {
    const { url } = await openStage()
    for (const path of [...DOCUMENTS, '/authorize', '/token', '/register', '/mcp', '/'])
      for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '2130706433']) {
        const { status, body } = await ask(new URL(url).port, path, { headers: { host } })
        if (host !== '2130706433')
          expect([status, JSON.parse(body).error.code], `${path} ${host}`).toEqual([403, -32600])
      }
  })
})

/** What a shell, a page or a log could misread. */
const MISREAD = /[\s$();'"`<>\\|&{}^]|[^\x21-\x7e]/

attack(28, () => {
  const LOCATION = /[\s$();'"`<>\\|{}^]|[^\x21-\x7e]/

  it('every address in every document is a plain one at our own origin', async () => {
    const { issuer } = await openStage()
    let seen = 0
    const look = (value: unknown): void => {
      if (typeof value === 'string' && /^[a-z][a-z\d+.-]*:\/\//i.test(value)) {
        seen++
        expect(value).not.toMatch(MISREAD)
        expect(value === issuer || value.startsWith(`${issuer}/`), value).toBe(true)
        expect(new URL(value).href.replace(/\/$/, '')).toBe(value.replace(/\/$/, ''))
      } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look)
    }
    for (const path of DOCUMENTS) look(await (await fetch(`${issuer}${path}`)).json())
    expect(seen).toBeGreaterThan(30)
  })

  const HOSTILE = [
    'javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'ms-msdt:/id', 'https://x.example/$(id)', 'https://x.example/`id`', 'https://x.example/;id', 'https://x.example/|id',
    "https://x.example/'id", 'https://x.example/"id', 'https://x.example/a b', 'https://x.example/a\nb', 'https://x.example/&calc.exe', 'https://$(calc.exe).example/', 'https://x.example/a\\b', 'https://x.example/<id>', 'https://x.example/{id}', 'https://x.example/^id',
    'http://x.example/authorize', 'https://user:pass@x.example/', '//x.example/', 'x.example', '', 'a:b', 'https://x.example/%0a?a=b#c', 'https://x.example/é', 'http:$(calc)//x',
  ] // biome-ignore format: one a line would be long

  it.each(['LECTERN_PUBLIC_URL', 'LECTERN_IDP_ISSUER'])(
    'a %s of that kind does not start',
    async (variable) => {
      const { provider, sandbox } = await openUpstream()
      const good = settingsFor(provider, sandbox.url)
      for (const value of HOSTILE.filter((each) => each !== '')) {
        const starting = async () =>
          keep(await serve(loadFlowtly(), readSettings({ ...good, [variable]: value })))
        await expect(starting(), value).rejects.toThrow(variable)
      }
      for (const value of [
        'https://mcp.example.com/',
        'https://mcp.example.com/path',
        'http://mcp.example.com',
        'https://*.example.com',
        'https://mcp.example.com?a=b',
      ])
        if (variable === 'LECTERN_PUBLIC_URL')
          await expect(
            (async () => keep(await serve(loadFlowtly(), readSettings({ ...good, [variable]: value }))))(),
            value,
          ).rejects.toThrow(variable)
    },
  )

  it('nor are addresses of that kind taken from the metadata of the provider', async () => {
    let endpoints: Record<string, unknown> = {}
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      const issuer = `http://${request.headers.host}`
      const good = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }
      const metadata = {
        issuer,
        ...good,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        ...endpoints,
      }
      response.writeHead(200, JSON_TYPE).end(JSON.stringify(metadata))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    keep({
      async close() {
        server.closeAllConnections()
        server.close()
      },
    })
    const idp = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    for (const name of [
      'authorization_endpoint',
      'token_endpoint',
      'userinfo_endpoint',
      'revocation_endpoint',
    ]) {
      const { issuer } = await openStage({ env: { LECTERN_IDP_ISSUER: idp } })
      for (const value of [...HOSTILE, 1, null, [], {}]) {
        // Where the two are not given at all, they are not used.
        if (value === null && /userinfo|revocation/.test(name)) continue
        endpoints = { [name]: value }
        const { authorizeUrl } = await newClient({ issuer, redirect: GOOD })
        const { response, page } = await new Person().request(authorizeUrl)
        const location = response.headers.get('location') ?? ''
        expect(asks({ url: '', response, page }), `${name} ${value}`).toBe(false)
        expect(new URL(location).searchParams.get('error'), `${name} ${value}`).toBe('server_error')
        expect(location).not.toMatch(LOCATION)
        expect(location + page).not.toMatch(/x\.example|calc|javascript/)
      }
      endpoints = {}
      const { authorizeUrl } = await newClient({ issuer, redirect: GOOD })
      const person = new Person()
      const step = await person.submit(await person.request(authorizeUrl), { decision: 'approve' })
      expect(step.response.headers.get('location')).toMatch(new RegExp(`^${idp}/auth\\?`))
    }
    expect(asked.filter((each) => !each.includes('.well-known'))).toEqual([])
  })

  it('every Location is percent-encoded, with whatever a client or the provider puts into it', async () => {
    const { issuer, provider } = await openStage()
    const payload = '$(calc.exe);`id`|"\'<>{}^\\ \r\n\u202e&x=y#z'
    for (const redirect of [
      GOOD,
      'http://localhost:3118/cb',
      'cursor://anysphere.cursor-mcp/cb',
      `${GOOD}?a=b`,
    ]) {
      const { authorizeUrl } = await newClient({ issuer, redirect, scope: payload })
      const url = withParameters(authorizeUrl, { state: payload })
      const person = new Person()
      const step = await person.submit(await person.request(url), { decision: 'approve' })
      const upstream = step.response.headers.get('location')!
      const back = (await person.request(upstream)).response.headers.get('location')!
      const code = withParameters(back, { code: payload })
      const error = withParameters(back, { code: undefined, error: payload, error_description: payload })
      const ends = [url.replace('S256', 'plain'), code, error, back].map((address) => person.request(address))
      const locations = [
        upstream,
        ...(await Promise.all(ends)).map(({ response }) => response.headers.get('location')!),
      ]
      for (const location of locations) expect(location).not.toMatch(LOCATION)
      for (const location of locations.slice(1)) expect(location.startsWith(redirect)).toBe(true)
      for (const location of locations.slice(1))
        expect(new URL(location).searchParams.get('state')).toBe(payload)
      expect(upstream.startsWith(provider.endpoints.authorization)).toBe(true)
    }
  })

  it.each([
    'https://desk.example/$(calc.exe)',
    'https://desk.example/;id',
    "https://desk.example/'id'",
    'cursor://x/$(calc.exe)',
    'http://localhost/cb?a=$(id)',
    'com.example.app:/(id)',
  ])('a redirect URI that a shell would run is not registered: %s', async (uri) => {
    const { issuer } = await openStage()
    const body = JSON.stringify({ redirect_uris: [uri] })
    const answer = await fetch(`${issuer}/register`, { method: 'POST', headers: JSON_TYPE, body })
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
      400,
      'invalid_redirect_uri',
    ])
  })
})
