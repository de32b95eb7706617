/** The sandbox's identity provider, walked by a client that others wrote (oauth4webapi) and by a person's browser. */
import { exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Identity, type IdentityOptions, startIdentity } from '../../src/sandbox/identity.ts'
import type { IdentityFault } from '../../src/sandbox/identity-faults.ts'
import { people } from '../../src/sandbox/people.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { createVisitor, type Visitor } from '../visitor.ts'

const callback = 'http://127.0.0.1:4999/callback'
const http = { [oauth.allowInsecureRequests]: true } as const

let sandbox: Sandbox
const opened: { close(): Promise<void> }[] = []
const printed = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name))
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
  for (const spy of printed) expect(spy).not.toHaveBeenCalled()
})

async function start(identity: IdentityOptions = {}, authentication?: oauth.ClientAuth): Promise<App> {
  sandbox = await startSandbox({ identity })
  opened.push(sandbox)
  return createApp(sandbox.identity!, authentication)
}

type Tokens = oauth.TokenEndpointResponse

/** An app that signs people in at `identity`. */
async function createApp(
  identity: Identity,
  authentication = oauth.ClientSecretBasic(identity.clientSecret),
) {
  const issuer = new URL(identity.issuer)
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http))
  const client: oauth.Client = { client_id: identity.clientId }

  function request(more: Record<string, string> = {}) {
    const verifier = oauth.generateRandomCodeVerifier()
    const url = new URL(server.authorization_endpoint!)
    const parameters = { response_type: 'code', redirect_uri: callback, scope: 'openid offline_access' }
    const own = { client_id: client.client_id, state: 's1', code_challenge_method: 'S256' }
    return { verifier, url, send: { ...parameters, ...own, ...more } }
  }

  async function ask(more: Record<string, string> = {}): Promise<{ verifier: string; url: URL }> {
    const { verifier, url, send } = request(more)
    const challenge = await oauth.calculatePKCECodeChallenge(verifier)
    url.search = new URLSearchParams({ code_challenge: challenge, ...send }).toString()
    return { verifier, url }
  }

  async function signIn(person: string, visitor = createVisitor(), more: Record<string, string> = {}) {
    const { verifier, url } = await ask(more)
    const page = await visitor.open(url, callback)
    const end = page.response ? await visitor.press(page, 'person', person, callback) : page
    return { verifier, answer: new URL(end.url), asked: page.response !== undefined }
  }

  async function redeem({ answer, verifier }: { answer: URL; verifier: string }): Promise<Tokens> {
    const parameters = oauth.validateAuthResponse(server, client, answer, 's1')
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      parameters,
      callback,
      verifier,
      http,
    )
    return oauth.processAuthorizationCodeResponse(server, client, response)
  }

  return {
    identity,
    server,
    client,
    ask,
    signIn,
    redeem,
    async enter(person: string) {
      return redeem(await signIn(person))
    },
    async refresh(refreshToken: string): Promise<Tokens> {
      const response = await oauth.refreshTokenGrantRequest(
        server,
        client,
        authentication,
        refreshToken,
        http,
      )
      return oauth.processRefreshTokenResponse(server, client, response)
    },
    async revoke(token: string): Promise<void> {
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(server, client, authentication, token, http),
      )
    },
  }
}

type App = Awaited<ReturnType<typeof createApp>>

/** Status of the API for a token, and the number of the newest invoice, which tells whose books they are. */
async function read(token: string): Promise<[number, string | null]> {
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(`${sandbox.url}/v1/invoices?pageSize=1&direction=sale`, { headers })
  const body = (await response.json()) as { items?: { number: string }[] }
  return [response.status, body.items?.[0]?.number.slice(0, 2) ?? response.headers.get('www-authenticate')]
}

const refused = [401, 'Bearer realm="flowtly", error="invalid_token"']

describe('two people in two organizations', () => {
  it.each([
    ['anna', 'Anna Nowak', 'org_aurora', 'Aurora Studio', 'FV'],
    ['boris', 'Boris Petrauskas', 'org_borealis', 'Borealis Trading', 'BT'],
  ])('%s signs in and reads her or his own books', async (id, name, organization, title, series) => {
    const { signIn, redeem, server, client, identity } = await start()
    const signedIn = await signIn(id)
    expect(signedIn.answer.searchParams.get('iss')).toBe(identity.issuer)
    const tokens = await redeem(signedIn)
    const claims = oauth.getValidatedIdTokenClaims(tokens)!
    expect(claims).toMatchObject({ sub: id, name, organization, organization_name: title })
    const response = await oauth.userInfoRequest(server, client, tokens.access_token, http)
    const userinfo = await oauth.processUserInfoResponse(server, client, id, response)
    expect(userinfo).toMatchObject({ name, organization, organization_name: title })
    expect(await identity.organizationOf(tokens.access_token)).toBe(title)
    expect(await read(tokens.access_token)).toEqual([200, series])
    expect(tokens.refresh_token).toBeDefined()
  })

  it('leaves the demo keys as they were, and knows no other token', async () => {
    await start()
    expect(await read('flowtly_demo_borealis')).toEqual([200, 'BT'])
    expect(await read('something')).toEqual(refused)
    expect(await read('eyJhbGciOiJub25lIn0.e30.')).toEqual(refused)
  })

  it('answers nobody once an access token has expired', async () => {
    const { enter } = await start({ accessTokenTtl: 2 })
    const { access_token } = await enter('anna')
    expect(await read(access_token)).toEqual([200, 'FV'])
    await expect.poll(() => read(access_token), { timeout: 4000 }).toEqual(refused)
  })
})

describe('codes and tokens', () => {
  it('rotates refresh tokens; the second use of one ends them all', async () => {
    const { enter, refresh } = await start()
    const first = await enter('anna')
    const second = await refresh(first.refresh_token!)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(await read(second.access_token)).toEqual([200, 'FV'])
    await expect(refresh(first.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(refresh(second.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' })
    expect(await read(second.access_token)).toEqual(refused)
  })

  it('keeps one refresh token where told not to rotate', async () => {
    const { enter, refresh } = await start({ rotate: false })
    const { refresh_token } = await enter('anna')
    const answers = await Promise.all([refresh(refresh_token!), refresh(refresh_token!)])
    expect(answers.map((each) => each.refresh_token)).toEqual([refresh_token, refresh_token])
  })

  it('takes a code once; its second use ends what the first brought', async () => {
    const { signIn, redeem } = await start()
    const signedIn = await signIn('anna')
    const { access_token } = await redeem(signedIn)
    await expect(redeem(signedIn)).rejects.toMatchObject({ error: 'invalid_grant' })
    expect(await read(access_token)).toEqual(refused)
  })

  it('gives no refresh token without offline_access, and ignores scopes it does not know', async () => {
    const { signIn, redeem } = await start()
    const tokens = await redeem(await signIn('anna', createVisitor(), { scope: 'openid invoices:read' }))
    expect([tokens.refresh_token, tokens.scope]).toEqual([undefined, 'openid'])
  })

  it('revokes', async () => {
    const { enter, revoke, refresh } = await start()
    const one = await enter('anna')
    const other = await enter('anna')
    await revoke(one.refresh_token!)
    expect(await read(one.access_token)).toEqual(refused)
    await expect(refresh(one.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' })
    expect(await read(other.access_token)).toEqual([200, 'FV'])
    await revoke(other.access_token)
    expect(await read(other.access_token)).toEqual(refused)
  })

  it('hands out long JWTs where asked, which end with their grant', async () => {
    const { enter, refresh, revoke, identity } = await start({ accessToken: 'jwt', jwtPadding: 2200 })
    const first = await enter('boris')
    expect(first.access_token.length).toBeGreaterThan(3000)
    const claims = JSON.parse(Buffer.from(first.access_token.split('.')[1]!, 'base64url').toString())
    expect(claims).toMatchObject({ iss: identity.issuer, sub: 'boris', organization: 'org_borealis' })
    const { access_token, refresh_token } = await refresh(first.refresh_token!)
    expect(await read(access_token)).toEqual([200, 'BT'])
    expect(await read(`${access_token.slice(0, -4)}AAAA`)).toEqual(refused)
    await revoke(refresh_token!)
    expect(await read(access_token)).toEqual(refused)
  })
})

describe('the page', () => {
  let app: App
  let visitor: Visitor
  beforeEach(async () => {
    app = await start()
    visitor = createVisitor()
  })

  it('is named, in English, with a button each, and loads and runs nothing', async () => {
    const { response, html } = await visitor.open((await app.ask()).url)
    expect([response?.status, response?.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ])
    expect(response?.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+='; base-uri 'none'; frame-ancestors 'none'$/,
    )
    expect(html).toMatch(/<html lang="en">[\s\S]*<title>[^<]+<\/title>[\s\S]*<h1>[^<]+<\/h1>/)
    expect(html).toMatch(/<form method="post" aria-label="[^"]+">/)
    for (const { id, name } of people)
      expect(html).toContain(`<button name="person" value="${id}"><strong>${name}</strong>`)
    expect(html).not.toMatch(/<script|<link|<img|style="|\son\w+=|url\(/)
  })

  it('turns back', async () => {
    const { answer } = await app.signIn('', visitor)
    expect(Object.fromEntries(answer.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 's1',
      iss: app.identity.issuer,
    })
  })

  it('asks each time who it is', async () => {
    expect(await app.signIn('anna', visitor)).toMatchObject({ asked: true })
    const second = await app.signIn('boris', visitor)
    expect(second.asked).toBe(true)
    expect(oauth.getValidatedIdTokenClaims(await app.redeem(second))?.sub).toBe('boris')
  })

  it.each(['login', 'consent', 'select_account'])('takes prompt=%s', async (prompt) => {
    const tokens = await app.redeem(await app.signIn('anna', visitor, { prompt }))
    expect(tokens.refresh_token).toBeDefined()
  })

  it('refuses a person that does not exist, a stranger’s page and an old one', async () => {
    const page = await visitor.open((await app.ask()).url)
    expect((await visitor.press(page, 'person', 'constructor')).response?.status).toBe(400)
    const stranger = await createVisitor().press(page, 'person', 'anna')
    expect([stranger.response?.status, stranger.html]).toEqual([400, expect.stringContaining('has expired')])
    await visitor.press(page, 'person', 'anna', callback)
    expect((await visitor.press(page, 'person', 'anna')).response?.status).toBe(400)
  })
})

describe('who is remembered', () => {
  it('signs the last person in unasked, until asked to', async () => {
    const app = await start({ remember: true })
    const visitor = createVisitor()
    expect(await app.signIn('boris', visitor)).toMatchObject({ asked: true })
    const silent = await app.signIn('nobody', visitor)
    expect(silent.asked).toBe(false)
    const tokens = await app.redeem(silent)
    expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).toBe('boris')
    expect(tokens.refresh_token).toBeDefined()
    expect(await app.signIn('anna', visitor, { prompt: 'login' })).toMatchObject({ asked: true })
    const now = await app.redeem(await app.signIn('nobody', visitor))
    expect(oauth.getValidatedIdTokenClaims(now)?.sub).toBe('anna')
  })
})

describe('authorization requests', () => {
  it.each(['http://localhost:1/callback', 'http://127.0.0.1:65535/callback', 'http://[::1]:8787/callback'])(
    'returns to %s',
    async (redirect_uri) => {
      const { ask } = await start()
      const visitor = createVisitor()
      const page = await visitor.open((await ask({ redirect_uri })).url)
      const end = await visitor.press(page, 'person', 'anna', redirect_uri)
      expect(end.url).toContain(`${redirect_uri}?code=`)
    },
  )

  it.each([
    ['another path', { redirect_uri: 'http://127.0.0.1:4999/other' }],
    ['another host', { redirect_uri: 'https://example.com/callback' }],
    ['an unknown client', { client_id: '<b>x' }],
  ])('%s stays on a page', async (_, more) => {
    const { ask } = await start()
    const { response, html } = await createVisitor().open((await ask(more as Record<string, string>)).url)
    expect([response?.status, html]).toEqual([400, expect.stringContaining('Signing in cannot go on')])
    expect(html).not.toContain('<b>')
    expect(response?.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('without PKCE are refused', async () => {
    const { ask } = await start()
    const { url } = await ask()
    for (const name of ['code_challenge', 'code_challenge_method']) url.searchParams.delete(name)
    const end = await createVisitor().open(url, callback)
    expect(new URL(end.url).searchParams.get('error')).toBe('invalid_request')
  })

  it('return where told to, where told', async () => {
    const redirect_uri = 'https://mcp.example.com/callback'
    const { ask } = await start({ redirectUris: [redirect_uri] })
    const visitor = createVisitor()
    const page = await visitor.open((await ask({ redirect_uri })).url)
    expect((await visitor.press(page, 'person', 'anna', redirect_uri)).url).toContain('?code=')
  })
})

describe('clients and issuers', () => {
  it('takes a secret in the form', async () => {
    const options: IdentityOptions = { clientAuthentication: 'client_secret_post', clientSecret: 'chosen' }
    const { server, identity, enter } = await start(options, oauth.ClientSecretPost('chosen'))
    expect(identity.clientSecret).toBe('chosen')
    expect(server.token_endpoint_auth_methods_supported).toEqual(['client_secret_post'])
    expect(await read((await enter('anna')).access_token)).toEqual([200, 'FV'])
  })

  it('takes a signed assertion', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const clientKeys = [await exportJWK(publicKey)]
    const { enter } = await start(
      { clientAuthentication: 'private_key_jwt', clientKeys },
      oauth.PrivateKeyJwt(privateKey),
    )
    expect(await read((await enter('anna')).access_token)).toEqual([200, 'FV'])
  })

  it('takes a public client', async () => {
    const { identity, enter, refresh } = await start({ clientAuthentication: 'none' }, oauth.None())
    expect(identity.clientSecret).toBe('')
    const { refresh_token } = await enter('anna')
    expect(await read((await refresh(refresh_token!)).access_token)).toEqual([200, 'FV'])
  })

  it('refuses a wrong secret', async () => {
    const { enter } = await start({}, oauth.ClientSecretBasic('wrong'))
    await expect(enter('anna')).rejects.toMatchObject({ status: 401 })
  })

  it('has a path where told', async () => {
    const { enter, identity, refresh } = await start({ path: '/tenant/main' })
    expect(identity.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/tenant\/main$/)
    const { refresh_token } = await enter('boris')
    expect(await read((await refresh(refresh_token!)).access_token)).toEqual([200, 'BT'])
    const root = identity.issuer.replace('/tenant/main', '')
    expect((await fetch(`${root}/.well-known/openid-configuration`)).status).toBe(404)
  })

  it('never takes its name from the Host header', async () => {
    const { identity } = await start()
    const port = new URL(identity.issuer).port
    const document = await (await fetch(`http://localhost:${port}/.well-known/openid-configuration`)).text()
    expect(document).not.toContain('localhost')
  })
})

describe('faults of the token endpoint', () => {
  const expected: [IdentityFault, number, string | null][] = [
    ['down', 503, null],
    ['invalid_grant', 400, null],
    ['rate_limited', 429, '1'],
  ]
  it.each(expected)('%s', async (fault, status, retryAfter) => {
    const { identity, server, enter, refresh } = await start()
    const { refresh_token = '' } = await enter('anna')
    identity.fault = fault
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token })
    const response = await fetch(server.token_endpoint!, { method: 'POST', body })
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter])
    identity.fault = undefined
    expect((await refresh(refresh_token)).access_token).toBeDefined()
    const counted = identity.requests.filter(
      ({ path, grant }) => path === '/token' && grant === 'refresh_token',
    )
    expect(counted).toHaveLength(2)
  })

  it('slow waits', async () => {
    const { identity, enter } = await start()
    identity.fault = 'slow'
    identity.slowMs = 150
    const before = performance.now()
    await enter('anna')
    expect(performance.now() - before).toBeGreaterThan(140)
  })

  it('notes names and never values', async () => {
    const { identity, enter } = await start()
    const { refresh_token } = await enter('anna')
    expect(identity.requests.at(-1)).toEqual({
      method: 'POST',
      path: '/token',
      parameters: ['redirect_uri', 'code', 'code_verifier', 'grant_type'],
      grant: 'authorization_code',
    })
    expect(JSON.stringify(identity.requests)).not.toContain(refresh_token)
  })
})

describe('starting', () => {
  it('refuses a taken port, and leaves nothing open', async () => {
    const { identity } = await start()
    const port = Number(new URL(identity.issuer).port)
    await expect(startIdentity({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await expect(startSandbox({ port: sandbox.port, identity: true })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })

  it('ends with the sandbox', async () => {
    const { identity } = await start()
    await sandbox.close()
    opened.length = 0
    await expect(fetch(identity.issuer)).rejects.toThrow()
  })
})
