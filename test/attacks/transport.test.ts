/** Rows 27 and 28: every address that we tell is the operator's own, and plain. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { serve } from '../../src/node.ts'
import { readSettings } from '../../src/settings.ts'
import { newClient, Person, type Step } from '../person.ts'
import { attack } from './attack.ts'
import { asks, withParameters } from './pages.ts'
import { ask } from './raw.ts'
import { keep, openStage, openUpstream, settingsFor } from './stage.ts'

const GOOD = 'https://desk.example/cb'
const JSON_TYPE = { 'content-type': 'application/json' }

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
      const locations = [upstream, ...(await Promise.all(ends)).map(onward)]
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

/** Where a step leads on: by itself, or by the link of a page, as it does before an app is opened. */
function onward({ response, page }: Step): string {
  const link = /class="button" href="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&')
  return response.headers.get('location') ?? link!
}
