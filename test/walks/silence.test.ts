/** What a replica logs, and what it answers to failures, holds no token, code, verifier, state, secret, cookie or e-mail address. */
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { newSecret, type Replica, startReplica } from '../fleet.ts'
import { type Client, newClient, Person, postForm, redeem, refresh, register, walkToCode } from '../person.ts'
import { type Provider, startProvider } from '../provider.ts'

const MAIL = 'vera.silent@example.org'
const SUBJECT = 'subject-of-vera-71'
const REDIRECT = 'http://127.0.0.1:33999/callback'

/** Parameters, members of JSON and headers whose values are nobody else's business. */
const PRIVATE =
  /^(code|state|nonce|code_verifier|access_token|refresh_token|id_token|token|client_secret|client_assertion|transaction)$/

const secrets = new Set<string>([MAIL, SUBJECT])
/** Answers of Lectern that were failures: their status, headers and body. */
const failures: string[] = []
const fetched = globalThis.fetch
let provider: Provider
let sandbox: Sandbox
let serving: Replica

beforeAll(() => {
  globalThis.fetch = watched
})
afterAll(() => {
  globalThis.fetch = fetched
})
afterEach(async () => {
  failures.length = 0
  await serving?.kill()
  await sandbox?.close()
  await provider?.close()
})

/** The fetch of the walk's own client and browser, which keeps what must not be seen elsewhere. */
async function watched(...given: Parameters<typeof fetch>): Promise<Response> {
  const [url, init] = given
  keepAll(new URL(String(url)).searchParams)
  const { body } = init ?? {}
  if (body instanceof URLSearchParams) keepAll(body)
  for (const [name, value] of new Headers(init?.headers)) {
    if (name === 'authorization') keep(value.replace(/^\w+ /, ''))
    if (name === 'cookie') for (const pair of value.split('; ')) keep(pair.split(/=(.*)/s)[1] ?? '')
  }
  const answer = await fetched(...given)
  const text = await answer.clone().text()
  const location = answer.headers.get('location')
  const leads = location !== null && URL.canParse(location) ? new URL(location) : undefined
  if (leads) keepAll(leads.searchParams)
  for (const [, value] of text.matchAll(/name="transaction" value="([^"]*)"/g)) keep(value!)
  for (const [, name, value] of text.matchAll(/"(\w+)":"([^"]*)"/g)) if (PRIVATE.test(name!)) keep(value!)
  if (
    new URL(String(url)).origin === serving?.url &&
    (answer.status >= 400 || leads?.searchParams.has('error'))
  ) {
    const headers = [...answer.headers].filter(([name]) => name !== 'location')
    // The client's own state goes back to it with an error too (RFC 6749, 4.1.2.1), and to nobody else.
    leads?.searchParams.delete('state')
    failures.push([answer.status, JSON.stringify(headers), leads?.href, text].join('\n'))
  }
  return answer
}

function keepAll(parameters: Iterable<[string, string]>): void {
  for (const [name, value] of parameters) if (PRIVATE.test(name)) keep(value)
}

/** Shorter values would be found in innocent words. */
function keep(value: string): void {
  if (value.length >= 8) secrets.add(value)
}

async function start(env: Record<string, string> = {}): Promise<string> {
  const claims = { sub: SUBJECT, email: MAIL, name: 'Vera Silent', organization: 'org_aurora' }
  provider = await startProvider({ claims, accessToken: 'jwt' })
  sandbox = await startSandbox({ tokens: provider })
  const own = {
    LECTERN_SESSION_SECRETS: newSecret(),
    LECTERN_REGISTRATION_SECRETS: newSecret(),
    LECTERN_IDP_CLIENT_SECRET: provider.clientSecret,
  }
  for (const value of Object.values(own)) keep(value)
  serving = await startReplica({
    ...own,
    LECTERN_LOG: 'json',
    LECTERN_UPSTREAM_URL: sandbox.url,
    LECTERN_IDP_ISSUER: provider.issuer,
    LECTERN_IDP_CLIENT_ID: provider.clientId,
    LECTERN_UNKNOWN_CLIENTS: 'refuse',
    LECTERN_RETRIES: '0',
    ...env,
  })
  return serving.url
}

/** What the provider and the upstream saw: codes, verifiers, tokens and the proof of us. */
function keepUpstream(): void {
  for (const { parameters, headers } of provider.requests) {
    keepAll(Object.entries(parameters))
    keep((headers.authorization ?? '').replace(/^\w+ /, ''))
  }
  for (const { headers } of sandbox.requests) keep((headers.authorization ?? '').replace(/^\w+ /, ''))
}

function call(issuer: string, token: string, name = 'taxGroups.list', args: object = {}): Promise<Response> {
  return fetch(`${issuer}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  })
}

/** Waits until the log holds a line for the last request, then searches it and every failure. */
async function search(issuer: string): Promise<{ lines: string[] }> {
  const last = (await fetch(`${issuer}/health`)).headers.get('x-request-id')!
  await expect.poll(() => serving.printed.out).toContain(last)
  keepUpstream()
  const { out, err } = serving.printed
  const seen = { out, err, failures: failures.join('\n\n') }
  for (const [where, text] of Object.entries(seen)) {
    const found = [...secrets].filter(
      (secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)),
    )
    expect(found, where).toEqual([])
  }
  // No sealed value and no JWT at all, whosever; and nothing that looks like an address of a person.
  expect(out + err).not.toMatch(/eyJ[\w-]{8}|[\w.]+@[\w.]+\.\w/)
  return { lines: out.trim().split('\n') }
}

/** A whole login and what follows, then each of these with something wrong. */
async function succeed(issuer: string) {
  const client = await newClient({ issuer })
  const code = (await walkToCode(client)).get('code')!
  const { body } = await redeem(client, code)
  expect((await call(issuer, body.access_token)).status).toBe(200)
  const renewed = (await refresh(client, body.refresh_token)).body
  expect((await call(issuer, renewed.access_token, 'invoices.list', { q: MAIL })).status).toBe(200)
  return { client, code, access: renewed.access_token as string, renewal: renewed.refresh_token as string }
}

/** With a secret of its own, in both places where it can stand. */
async function succeedWithSecret(issuer: string): Promise<void> {
  const metadata = { redirect_uris: [REDIRECT], token_endpoint_auth_method: 'client_secret_basic' }
  const { client_id: clientId, client_secret: secret } = await register(issuer, metadata)
  const client = await newClient({ issuer, clientId })
  const code = (await walkToCode(client)).get('code')!
  const basic = Buffer.from(`${clientId}:${secret}`).toString('base64')
  keep(basic)
  const form = {
    grant_type: 'authorization_code',
    code,
    code_verifier: client.verifier,
    redirect_uri: REDIRECT,
  }
  const wrong = await redeem(client, code, { client_secret: 'wrong-secret-of-somebody' })
  expect(wrong.status).toBe(401)
  const { status, body } = await postForm(`${issuer}/token`, form, { authorization: `Basic ${basic}` })
  expect(status).toBe(200)
  expect((await refresh(client, body.refresh_token, { client_secret: secret })).status).toBe(200)
}

async function failAtToken(
  issuer: string,
  { client, code, access, renewal }: Awaited<ReturnType<typeof succeed>>,
) {
  const { client_id: clientId } = await register(issuer, { redirect_uris: [REDIRECT], client_name: 'Other' })
  const spare = (await walkToCode(client)).get('code')!
  const refused = [
    await redeem(client, code),
    await redeem(client, spare, { code_verifier: randomBytes(40).toString('base64url') }),
    await redeem(client, spare, { redirect_uri: 'http://127.0.0.1:33999/elsewhere' }),
    await redeem(client, spare, { resource: 'https://elsewhere.example/mcp' }),
    await redeem({ ...client, clientId }, spare),
    await redeem({ ...client, clientId: `${client.clientId}x` }, spare),
    await redeem(client, `${spare.slice(0, -4)}AAAA`),
    await redeem(client, access),
    await refresh(client, spare),
    await refresh(client, `${renewal.slice(0, -4)}AAAA`),
    await refresh({ issuer, clientId }, renewal),
    await postForm(`${issuer}/token`, { grant_type: 'password', username: MAIL, password: 'hunter2hunter2' }),
    await postForm(`${issuer}/token`, { grant_type: 'refresh_token', refresh_token: renewal }),
    await postForm(`${issuer}/token?refresh_token=${renewal}`, {}),
  ]
  for (const { status } of refused) expect(status).toBeGreaterThanOrEqual(400)
}

async function failAtResource(issuer: string, access: string): Promise<void> {
  const upstream = sandbox.requests.at(-1)!.headers.authorization!.slice('Bearer '.length)
  const answers = [
    await call(issuer, upstream),
    await call(issuer, `${access.slice(0, -4)}AAAA`),
    await fetch(`${issuer}/mcp?access_token=${access}`, { method: 'POST' }),
    await fetch(`${issuer}/${access}`),
    await fetch(`${issuer}/.well-known/${access.slice(0, 60)}`),
    await fetch(`${issuer}/mcp`, { headers: { authorization: `Basic ${access}` } }),
    await fetch(`${issuer}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access}` },
      body: access,
    }),
  ]
  for (const { status } of answers) expect(status).toBeGreaterThanOrEqual(400)
  const bad = [
    ['invoices.get', { invoiceId: MAIL }],
    ['invoices.list', { pageSize: 'not-a-number-of-vera' }],
    [access, {}],
  ] as const
  for (const [name, args] of bad) await (await call(issuer, access, name, args)).text()
  for (const fault of ['unauthorized', 'unavailable', 'error', 'reset'] as const) {
    sandbox.fault = fault
    await (await call(issuer, access)).text()
  }
  sandbox.fault = undefined
}

async function failInBrowser(client: Client): Promise<void> {
  const wrong = new URL(client.authorizeUrl)
  wrong.searchParams.set('redirect_uri', 'https://elsewhere.example/callback')
  const repeated = `${client.authorizeUrl}&state=${client.state}`
  const unknown = client.authorizeUrl.replace(/client_id=[^&]*/, 'client_id=nobody')
  const plain = client.authorizeUrl.replace('code_challenge_method=S256', 'code_challenge_method=plain')
  for (const url of [wrong.href, repeated, unknown, plain]) await new Person().request(url)

  const person = new Person()
  const page = await person.request(client.authorizeUrl)
  await new Person().submit(page, { decision: 'approve' })
  await person.submit(page, { decision: 'approve' }, { 'sec-fetch-site': 'cross-site' })
  await person.submit(page, { decision: 'approve', transaction: 'eyJhbGciOiJub25lIn0.e30.AAAA' })
  await person.submit(page, { decision: 'deny' })

  const consented = await person.submit(page, { decision: 'approve' })
  const back = await person.request(consented.response.headers.get('location')!)
  const callback = back.response.headers.get('location')!
  await new Person().request(callback)
  await person.request(callback.replace(/state=[^&]*/, 'state=forged-state-of-a-stranger'))
  await person.request(
    callback.replace(/iss=[^&]*/, `iss=${encodeURIComponent('https://elsewhere.example')}`),
  )
  const spoken = { error: 'access_denied', error_description: `${MAIL} pressed`, iss: provider.issuer }
  const told = new URL(callback)
  told.search = new URLSearchParams({ ...spoken, state: told.searchParams.get('state')! }).toString()
  await person.request(told.href)
}

/** The provider misbehaves in the middle: it refuses us, it refuses the grant, it is gone. */
async function failAtProvider({ client, renewal }: Awaited<ReturnType<typeof succeed>>): Promise<void> {
  const code = (await walkToCode(client)).get('code')!
  provider.options.authentication = 'client_secret_post'
  expect((await redeem(client, code)).body.error).toBe('server_error')
  expect((await refresh(client, renewal)).body.error).toBe('server_error')
  provider.options.authentication = 'client_secret_basic'
  provider.options.requireScope = true
  await refresh(client, renewal)
  keepUpstream()
  await provider.close()
  expect((await redeem(client, code)).body.error).toBe('temporarily_unavailable')
}

describe.each(['token', 'callback'])('nothing leaks where the code is redeemed at %s', (exchange) => {
  it('over whole logins, failures, refreshes, revocations and calls', async () => {
    const issuer = await start({ LECTERN_EXCHANGE: exchange })
    const held = await succeed(issuer)
    await succeedWithSecret(issuer)
    await failAtToken(issuer, await succeed(issuer))
    await failAtResource(issuer, (await succeed(issuer)).access)
    await failInBrowser(held.client)
    const gone = await succeed(issuer)
    const revoked = { token: gone.renewal, client_id: gone.client.clientId }
    for (const form of [revoked, revoked, { ...revoked, client_id: 'nobody' }, { ...revoked, token: MAIL }])
      await postForm(`${issuer}/revoke`, form)
    await refresh(gone.client, gone.renewal)
    await (await call(issuer, gone.access)).text()
    await refresh(held.client, held.renewal)
    if (exchange === 'token') await failAtProvider(await succeed(issuer))

    const { lines } = await search(issuer)
    // It was a walk worth searching: all of it was logged, in JSON and with its ids.
    expect(lines.length).toBeGreaterThan(80)
    const entries = lines.map((line) => JSON.parse(line))
    for (const path of ['/register', '/authorize', '/consent', '/callback', '/token', '/revoke', '/mcp'])
      expect(entries.filter((entry) => entry.path === path).length, path).toBeGreaterThan(1)
    expect(new Set(entries.map(({ error }) => error)).size).toBeGreaterThan(5)
    expect(entries.filter(({ session }) => /^[\w-]{8}$/.test(session)).length).toBeGreaterThan(5)
    expect(secrets.size).toBeGreaterThan(100)
    expect(failures.length).toBeGreaterThan(30)
  })
})

describe('a start that fails', () => {
  it('names the settings and none of their values', async () => {
    const values = {
      LECTERN_SESSION_SECRETS: 'correct-horse-battery-staple',
      LECTERN_REGISTRATION_SECRETS: `${newSecret()},tooShort1234`,
      LECTERN_IDP_ISSUER: 'https://me:hunter2hunter2@login.example.com',
    }
    const failed = await startReplica(values).catch((error: Error) => error.message)
    expect(failed).toContain('LECTERN_SESSION_SECRETS')
    expect(failed).toContain('LECTERN_IDP_ISSUER')
    for (const value of ['correct-horse', 'tooShort1234', 'hunter2hunter2'])
      expect(failed).not.toContain(value)
  })

  it('names a private key that cannot be used, and nothing of it', async () => {
    const d = randomBytes(32).toString('base64url')
    const key = JSON.stringify({ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', d })
    const env = { LECTERN_IDP_PRIVATE_KEY: key, LECTERN_IDP_CLIENT_SECRET: '' }
    const failed = await start(env).catch((error: Error) => error.message)
    expect(failed).toContain('LECTERN_IDP_PRIVATE_KEY is not a private key')
    expect(failed).not.toContain(d)
  })
})
