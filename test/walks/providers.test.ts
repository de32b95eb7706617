/** Identity providers that this repository does not know, given as settings: each whole login, call, refresh and end. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { call, connect, type Deployment, deploy, exchanges, keep, signIn } from '../deployment.ts'
import { newClient, Person, postForm, redeem, refresh, walkToCode } from '../person.ts'
import { type Provider, type ProviderOptions, startProvider } from '../provider.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** A key pair of each kind that `openssl` makes: ours as a JWK that does not say its algorithm, the provider's half beside it. */
async function signing(alg: string): Promise<[string, ProviderOptions, Deployment]> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const { alg: _, ...jwk } = await exportJWK(privateKey)
  return [
    `that wants a signature (${alg})`,
    { authentication: 'private_key_jwt', clientKey: publicKey },
    { env: { LECTERN_IDP_PRIVATE_KEY: JSON.stringify({ ...jwk, kid: 'mine' }) } },
  ]
}
const signed = await Promise.all(['RS256', 'ES256', 'ES384', 'ES512', 'Ed25519'].map(signing))

describe('a login at a provider', () => {
  const rows: [string, ProviderOptions, Deployment?][] = [
    ['as OpenID Connect describes it', {}],
    ['that does not rotate refresh tokens', { rotate: false }],
    ['whose access tokens are JWTs of 3 KB', { accessToken: 'jwt' }],
    ['with a path in its issuer', { path: '/realms/main' }],
    ['with a path in its issuer, that does not say iss', { path: '/realms/main', iss: false }],
    ['that wants the secret in the form', { authentication: 'client_secret_post' }],
    ...signed,
    ['that knows us as a public client', { authentication: 'none' }],
    ['with the document of RFC 8414 alone', { discovery: 'oauth' }],
    ['with that document, at a path, and no ID token', { discovery: 'oauth', path: '/t/1', idToken: false }],
    ['that refuses resource, as Entra does', { refuseResource: true }],
    ['that needs scope on refresh', { requireScope: true }],
    ['that omits the ID token', { idToken: false }],
    ['with codes and refresh tokens of 1,500 characters', { length: 1500 }],
    ['whose code is redeemed in the callback', {}, { env: { LECTERN_EXCHANGE: 'callback' } }],
    [
      'whose JWTs of 3 KB are fetched in the callback',
      { accessToken: 'jwt' },
      { env: { LECTERN_EXCHANGE: 'callback' } },
    ],
  ]

  it.each(rows)('%s', async (_, options, deployment = {}) => {
    const { provider, sandbox, issuer } = await deploy(options, deployment)
    await walk(provider, sandbox, issuer)
  })

  it('that has no discovery: its endpoints are declared', async () => {
    const provider = keep(await startProvider({ discovery: 'none' }))
    const { sandbox, issuer } = await connect(provider, {
      env: { LECTERN_IDP_ISSUER: '' },
      signIn: { endpoints: provider.endpoints, scopes: ['openid'] },
    })
    await walk(provider, sandbox, issuer)
    expect(provider.requests.filter(({ path }) => path.includes('well-known'))).toEqual([])
  })

  it('that has no discovery and a path in its issuer', async () => {
    const provider = keep(await startProvider({ discovery: 'none', path: '/realms/main' }))
    const { sandbox, issuer } = await connect(provider, {
      signIn: { endpoints: provider.endpoints, scopes: ['openid'] },
    })
    await walk(provider, sandbox, issuer)
  })
})

/** Sign-in, call, two refreshes each with a call, revocation; the upstream sees the provider's tokens and never ours. */
async function walk(provider: Provider, sandbox: Sandbox, issuer: string): Promise<void> {
  const { client, body } = await signIn(issuer)
  let held = body
  const seen = new Set<string>()
  for (let round = 0; round < 3; round++) {
    expect(held).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) })
    expect(held.access_token.length).toBeLessThan(7500)
    const { status, headers, text } = await call(issuer, held.access_token, sandbox)
    expect([status, text.includes('Standard rate')]).toEqual([200, true])
    const upstream = headers.authorization!.slice('Bearer '.length)
    expect(await provider.organizationOf(upstream)).toBe('Aurora Studio')
    expect(JSON.stringify(headers)).not.toContain(held.access_token)
    seen.add(upstream)
    if (round === 2) break
    const { status: renewed, body: next } = await refresh(client, held.refresh_token)
    expect([renewed, next.refresh_token === held.refresh_token]).toEqual([200, false])
    held = next
  }
  expect(seen.size).toBe(3)
  for (const { parameters } of exchanges(provider)) expect(parameters).not.toHaveProperty('resource')
  const gone = await postForm(`${issuer}/revoke`, { token: held.refresh_token, client_id: client.clientId })
  expect(gone.status).toBe(200)
  expect(await provider.organizationOf([...seen].at(-1)!)).toBeUndefined()
  expect((await refresh(client, held.refresh_token)).body.error).toBe('invalid_grant')
}

describe('a provider that keeps its refresh tokens back', () => {
  it('its access token is held, and is renewed until it ends', async () => {
    const { provider, sandbox, issuer } = await deploy({ refreshToken: false, accessTokenTtl: 300 })
    const { client, body } = await signIn(issuer)
    expect(body.expires_in).toBeLessThanOrEqual(300)
    const first = await call(issuer, body.access_token, sandbox)
    const renewed = await refresh(client, body.refresh_token)
    expect(renewed.body.expires_in).toBeLessThanOrEqual(300)
    const second = await call(issuer, renewed.body.access_token, sandbox)
    expect(second.headers.authorization).toBe(first.headers.authorization)
    expect(exchanges(provider)).toHaveLength(1)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 })
    expect((await call(issuer, renewed.body.access_token, sandbox)).status).toBe(401)
    const late = await refresh(client, renewed.body.refresh_token)
    expect([late.status, late.body.error]).toEqual([400, 'invalid_grant'])
  })
})

describe('what is declared of a provider', () => {
  it('resource is sent everywhere where the declaration names one', async () => {
    const resource = 'api://ledger'
    const { provider, issuer } = await deploy({}, { signIn: { quirks: { resource } } })
    const { client, body } = await signIn(issuer)
    await refresh(client, body.refresh_token)
    const authorize = provider.requests.find(({ path }) => path.endsWith('/auth'))!
    const named = [authorize, ...exchanges(provider)].map(({ parameters }) => parameters.resource)
    expect(named).toEqual([resource, resource, resource])
  })

  it('scope is left out of a refresh where it says so, and the settings choose the scopes', async () => {
    const { provider, issuer } = await deploy(
      {},
      { signIn: { quirks: { scopeOnRefresh: false } }, env: { LECTERN_IDP_SCOPES: 'openid,ledger' } },
    )
    const { client, body } = await signIn(issuer)
    await refresh(client, body.refresh_token)
    expect(provider.requests.find(({ path }) => path.endsWith('/auth'))!.parameters.scope).toBe(
      'openid ledger',
    )
    expect(exchanges(provider)[1]!.parameters).not.toHaveProperty('scope')
  })

  it('prompt and further parameters reach the authorization request, and cannot replace what protects it', async () => {
    const parameters = {
      access_type: 'offline',
      state: 'mine',
      nonce: 'mine',
      code_challenge_method: 'plain',
    }
    const { provider, issuer } = await deploy({}, { signIn: { quirks: { prompt: 'consent', parameters } } })
    await signIn(issuer)
    const sent = provider.requests.find(({ path }) => path.endsWith('/auth'))!.parameters
    expect(sent).toMatchObject({ access_type: 'offline', prompt: 'consent', code_challenge_method: 'S256' })
    expect([sent.state, sent.nonce]).not.toContain('mine')
  })

  it('parameters of the settings reach it too, and say more than the declaration', async () => {
    const env = { LECTERN_IDP_PARAMETERS: 'audience=https%3A%2F%2Fapi.example.com&prompt=login&state=mine' }
    const { provider, issuer } = await deploy({}, { signIn: { quirks: { prompt: 'consent' } }, env })
    await signIn(issuer)
    const sent = provider.requests.find(({ path }) => path.endsWith('/auth'))!.parameters
    expect(sent).toMatchObject({ audience: 'https://api.example.com', prompt: 'login' })
    expect(sent.state).not.toBe('mine')
  })
})

/** Answer to the client's redirect URI: `error` and what was said. */
async function askToSignIn(issuer: string): Promise<URLSearchParams> {
  const client = await newClient({ issuer })
  const person = new Person()
  let step = await person.follow(await person.request(client.authorizeUrl), client.redirect)
  if (step.page.includes('name="transaction"'))
    step = await person.follow(await person.submit(step, { decision: 'approve' }), client.redirect)
  expect(step.url.startsWith(client.redirect), step.page).toBe(true)
  const answer = new URL(step.url).searchParams
  expect([answer.get('state'), answer.get('iss')]).toEqual([client.state, issuer])
  return answer
}

describe('an answer that is not the provider’s', () => {
  it('a wrong iss ends the sign-in, and nothing is redeemed', async () => {
    const { provider, issuer } = await deploy({ iss: 'https://elsewhere.example' })
    expect((await askToSignIn(issuer)).get('error')).toBe('server_error')
    expect(exchanges(provider)).toEqual([])
  })

  it('a missing iss does, where the provider said that it sends one', async () => {
    const { provider, issuer } = await deploy()
    expect((await askToSignIn(issuer)).has('code')).toBe(true)
    provider.options.iss = false
    expect((await askToSignIn(issuer)).get('error')).toBe('server_error')
    expect(exchanges(provider)).toEqual([])
  })

  it.each([
    ['another nonce', 'somebody-elses'],
    ['no nonce', undefined],
  ])('an ID token with %s ends it, and no token comes of it', async (_, nonce) => {
    const { issuer } = await deploy()
    const client = await newClient({ issuer })
    const person = new Person()
    const page = await person.request(client.authorizeUrl)
    const consented = await person.submit(page, { decision: 'approve' })
    const swapped = new URL(consented.response.headers.get('location')!)
    expect(swapped.searchParams.get('nonce')).toMatch(/^[\w-]{22}$/)
    swapped.searchParams.delete('nonce')
    if (nonce !== undefined) swapped.searchParams.set('nonce', nonce)
    const back = await person.follow(await person.request(swapped.href), client.redirect)
    const { status, body } = await redeem(client, new URL(back.url).searchParams.get('code')!)
    expect([status, body.error]).toEqual([500, 'server_error'])
    expect(body).not.toHaveProperty('access_token')
  })

  it('an error of the provider goes back to the client, without the provider’s words', async () => {
    const { provider, issuer } = await deploy()
    const client = await newClient({ issuer })
    const person = new Person()
    const consented = await person.submit(await person.request(client.authorizeUrl), { decision: 'approve' })
    const { searchParams } = new URL(consented.response.headers.get('location')!)
    const refused = new URL(searchParams.get('redirect_uri')!)
    const words = { error: 'access_denied', error_description: 'Vera pressed cancel', iss: provider.issuer }
    refused.search = new URLSearchParams({ ...words, state: searchParams.get('state')! }).toString()
    const back = await person.follow(await person.request(refused.href), client.redirect)
    const answer = new URL(back.url).searchParams
    expect([answer.get('error'), answer.get('iss')]).toEqual(['access_denied', issuer])
    expect(back.url).not.toContain('Vera')
  })
})

describe('the organization of a sign-in', () => {
  /** The header in which the upstream is told, so that the test sees what was sealed. */
  const header = 'x-organization'

  it.each([
    ['id_token', {}],
    ['access_token', { accessToken: 'jwt' }],
    ['userinfo', { idToken: false }],
  ] as const)('is taken from %s, told to the upstream, and stays over a refresh', async (from, options) => {
    const organization = { from, name: 'organization', header }
    const { sandbox, issuer } = await deploy(options, { access: { organization } })
    const { client, body } = await signIn(issuer)
    expect((await call(issuer, body.access_token, sandbox)).headers[header]).toBe('org_aurora')
    const renewed = await refresh(client, body.refresh_token)
    expect((await call(issuer, renewed.body.access_token, sandbox)).headers[header]).toBe('org_aurora')
  })

  it.each(['id_token', 'access_token', 'userinfo'] as const)(
    'in %s must not change: a refresh for another one ends the connection',
    async (from) => {
      const organization = { from, name: 'organization', header }
      const { provider, issuer } = await deploy({ accessToken: 'jwt' }, { access: { organization } })
      const { client, body } = await signIn(issuer)
      provider.options.claims = { sub: 'u-1001', organization: 'org_borealis' }
      const { status, body: refused } = await refresh(client, body.refresh_token)
      expect([status, refused.error]).toEqual([400, 'invalid_grant'])
      expect(refused.error_description).toMatch(/another organization: connect again/)
    },
  )

  it('holds over a refresh whose answer has no ID token', async () => {
    const organization = { from: 'id_token', name: 'organization', header } as const
    const { provider, sandbox, issuer } = await deploy({}, { access: { organization } })
    const { client, body } = await signIn(issuer)
    provider.options.idToken = false
    const renewed = await refresh(client, body.refresh_token)
    expect((await call(issuer, renewed.body.access_token, sandbox)).headers[header]).toBe('org_aurora')
  })

  const nobody: [string, Record<string, unknown>][] = [
    ['is missing', {}],
    ['is empty', { organization: '' }],
    ['is a list', { organization: ['org_aurora', 'org_borealis'] }],
    ['could break a header', { organization: 'org\r\nx-other: 1' }],
    ['is only inherited', { constructor: undefined }],
  ]
  it.each(nobody)('that %s, and required: the client is told why, and nobody gets in', async (_, more) => {
    const organization = { from: 'id_token', name: 'organization' } as const
    const claims = { sub: 'u-1001', ...more }
    const { issuer } = await deploy({ claims }, { access: { organization } })
    const client = await newClient({ issuer })
    const { status, body } = await redeem(client, (await walkToCode(client)).get('code')!)
    expect([status, body.error]).toEqual([400, 'invalid_grant'])
    expect(body.error_description).toMatch(/^Signing in worked, but your account does not belong to one org/)
  })

  it('that is missing, redeemed in the callback: the person reads it on a page, and the client gets no code', async () => {
    const organization = { from: 'userinfo', name: 'organization' } as const
    const deployment = { access: { organization }, env: { LECTERN_EXCHANGE: 'callback' } }
    const { issuer } = await deploy({ claims: { sub: 'u-1001' } }, deployment)
    const client = await newClient({ issuer })
    const person = new Person()
    const page = await person.request(client.authorizeUrl)
    const end = await person.follow(await person.submit(page, { decision: 'approve' }), client.redirect)
    expect([end.response.status, new URL(end.url).pathname]).toEqual([403, '/callback'])
    expect(end.page).toContain('Your account has no organization')
    expect(end.page).toContain('Ask an administrator of Flowtly')
    // The client still waits for an answer: the page leads on to it.
    const links = [...end.page.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href!)
    expect(links).toHaveLength(1)
    const back = new URL(links[0]!.replaceAll('&amp;', '&'))
    expect(back.origin + back.pathname).toBe(client.redirect)
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'access_denied',
      error_description: expect.stringMatching(/^Signing in worked, but .* \(request [\w-]+\)$/),
      state: client.state,
      iss: issuer,
    })
  })

  it('that is missing and not required does no harm', async () => {
    const organization = { from: 'id_token', name: 'organization', header, required: false } as const
    const { sandbox, issuer } = await deploy({ claims: { sub: 'u-1001' } }, { access: { organization } })
    const { body } = await signIn(issuer)
    const { status, headers } = await call(issuer, body.access_token, sandbox)
    expect([status, headers[header]]).toEqual([200, undefined])
  })
})

describe('the callback redeems the code', () => {
  const deployment = { env: { LECTERN_EXCHANGE: 'callback', LECTERN_OPENED_TOKENS: '0' } }

  it('ours is then good for one use: the second is refused, and ends what the first one got', async () => {
    const { provider, sandbox, issuer } = await deploy({}, deployment)
    const client = await newClient({ issuer })
    const code = (await walkToCode(client)).get('code')!
    const first = await redeem(client, code)
    expect((await call(issuer, first.body.access_token, sandbox)).status).toBe(200)
    const second = await redeem(client, code)
    expect([second.status, second.body.error]).toEqual([400, 'invalid_grant'])
    expect((await call(issuer, first.body.access_token, sandbox)).status).toBe(401)
    expect((await refresh(client, first.body.refresh_token)).body.error).toBe('invalid_grant')
    expect(exchanges(provider)).toHaveLength(1)
  })

  it('twenty who redeem ours at once: one gets tokens', async () => {
    const { issuer } = await deploy({}, deployment)
    const client = await newClient({ issuer })
    const code = (await walkToCode(client)).get('code')!
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(client, code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(19)
  })

  it('a wrong verifier does not use it up', async () => {
    const { issuer } = await deploy({}, deployment)
    const client = await newClient({ issuer })
    const code = (await walkToCode(client)).get('code')!
    const wrong = await redeem(client, code, { code_verifier: 'x'.repeat(43) })
    expect(wrong.body.error).toBe('invalid_grant')
    expect((await redeem(client, code)).status).toBe(200)
  })

  it('a provider that is lost there is told to the client, with nothing to redeem', async () => {
    const { provider, issuer } = await deploy({}, deployment)
    expect((await askToSignIn(issuer)).has('code')).toBe(true)
    Object.assign(provider.options, { authentication: 'none' })
    expect((await askToSignIn(issuer)).get('error')).toBe('server_error')
  })
})

describe('a token that is too long', () => {
  it.each(['token', 'callback'])('is refused with its size and the limit (%s)', async (exchange) => {
    const env = { LECTERN_MAX_TOKEN_LENGTH: '3500', LECTERN_EXCHANGE: exchange }
    const { issuer } = await deploy({ accessToken: 'jwt' }, { env })
    const client = await newClient({ issuer })
    const { status, body } = await redeem(client, (await walkToCode(client)).get('code')!)
    expect([status, body.error]).toEqual([500, 'server_error'])
    expect(body.error_description).toMatch(
      /^The access token would have \d{4} characters, more than the 3500 that fit into a header: the identity provider puts too much into its own/,
    )
  })
})

describe('a provider that cannot be found', () => {
  it('when the server starts: it starts all the same, says so to whoever asks, and works once it is there', async () => {
    const { provider, sandbox, issuer } = await deploy({ discovery: 'none' })
    const answer = await askToSignIn(issuer)
    expect(answer.get('error')).toBe('server_error')
    provider.options.discovery = 'openid'
    const { body } = await signIn(issuer)
    expect((await call(issuer, body.access_token, sandbox)).status).toBe(200)
  })

  it('where nothing listens: temporarily_unavailable', async () => {
    const gone = await startProvider()
    await gone.close()
    const { issuer } = await connect(gone, {})
    expect((await askToSignIn(issuer)).get('error')).toBe('temporarily_unavailable')
  })

  it('an hour later: what was found goes on', async () => {
    const { provider, issuer } = await deploy()
    await signIn(issuer)
    provider.options.discovery = 'none'
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_700_000 })
    expect((await askToSignIn(issuer)).has('code')).toBe(true)
    // It was looked for again, in vain.
    expect(provider.requests.filter(({ path }) => path.includes('well-known')).length).toBeGreaterThan(1)
  })
})

describe('metadata that nobody should follow', () => {
  /** A provider that answers discovery and nothing else, with these values in it. */
  async function publish(more: (issuer: string) => Record<string, unknown>): Promise<string> {
    const server = createServer((request, response) => {
      const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const at = (path: string) => `${issuer}${path}`
      if (request.url !== '/.well-known/openid-configuration') return void response.writeHead(404).end()
      response.writeHead(200, { 'content-type': 'application/json' })
      const endpoints = { authorization_endpoint: at('/auth'), token_endpoint: at('/token') }
      response.end(JSON.stringify({ issuer, ...endpoints, ...more(issuer) }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    keep({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async function connectTo(LECTERN_IDP_ISSUER: string): Promise<string> {
    const provider = keep(await startProvider())
    return (await connect(provider, { env: { LECTERN_IDP_ISSUER } })).issuer
  }

  it('is followed where nothing is wrong with it', async () => {
    const issuer = await connectTo(await publish(() => ({})))
    const client = await newClient({ issuer })
    const person = new Person()
    const consented = await person.submit(await person.request(client.authorizeUrl), { decision: 'approve' })
    expect(new URL(consented.response.headers.get('location')!).pathname).toBe('/auth')
  })

  const names = ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'revocation_endpoint']
  const hostile: [string, (issuer: string) => string][] = [
    ['a command substitution', (issuer) => `${issuer}/$(touch${'$'}{IFS}pwned)`],
    ['a backtick', (issuer) => `${issuer}/\`id\``],
    ['a semicolon', (issuer) => `${issuer}/;id`],
    ['a quote', (issuer) => `${issuer}/"onload=1`],
    ['a space', (issuer) => `${issuer}/a b`],
    ['a pipe', (issuer) => `${issuer}/|id`],
    ['a script', () => 'javascript:alert(1)'],
    ['a file', () => 'file:///etc/passwd'],
    ['plain http elsewhere', () => 'http://login.example.com/auth'],
    ['a name and a password', (issuer) => issuer.replace('//', '//me:secret@')],
  ]
  it.each(names.flatMap((name) => hostile.map(([what, url]) => [what, name, url] as const)))(
    '%s in %s ends the sign-in before anybody is sent there',
    async (_, name, url) => {
      const issuer = await connectTo(await publish((at) => ({ [name]: url(at) })))
      const answer = await askToSignIn(issuer)
      expect([answer.get('error'), answer.has('code')]).toEqual(['server_error', false])
    },
  )

  it.each([
    ['of another issuer', () => ({ issuer: 'https://login.example.com' })],
    ['without a token endpoint', () => ({ token_endpoint: undefined })],
  ])('%s is refused', async (_, more) => {
    const issuer = await connectTo(await publish(more))
    expect((await askToSignIn(issuer)).get('error')).toBe('server_error')
  })
})
