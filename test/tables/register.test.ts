/** Dynamic registration: what real clients send and get, what is refused and in which words, and how much may come (attack 26). */
import { OAuthClientInformationFullSchema } from '@modelcontextprotocol/sdk/shared/auth.js'
import { decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Client } from '../../src/oauth/authority.ts'
import { createBucket } from '../../src/oauth/bucket.ts'
import { findClient, isKnownClientId } from '../../src/oauth/client.ts'
import { clientSecret } from '../../src/oauth/client-secret.ts'
import { OAuthError } from '../../src/oauth/errors.ts'
import { register } from '../../src/oauth/register.ts'
import { createTestAuthority, exchange, newSecrets, type TestAuthority } from '../authority.ts'

const BOTH = ['authorization_code', 'refresh_token']
const rest = { grant_types: BOTH, response_types: ['code'], token_endpoint_auth_method: 'none' }

/** What clients sent, as recorded, but for Cursor's and VS Code's, which are as their issues show them. */
// biome-ignore format: a client a line
const bodies: readonly (readonly [client: string, body: Record<string, unknown>])[] = [
  ['Claude Code', { client_name: 'Claude Code (oauth)', redirect_uris: ['http://localhost:61087/callback'], ...rest, application_type: 'native', scope: 'orders:read orders:write' }],
  ['Codex', { client_name: 'Codex', redirect_uris: ['http://127.0.0.1:41357/callback/aMuM2Y3A5JFP'], ...rest, scope: 'orders:read orders:write', application_type: 'native' }],
  ['Codex, fixed path', { client_name: 'Codex', redirect_uris: ['http://127.0.0.1:39133/callback'], ...rest, scope: 'orders:read offline_access', application_type: 'native' }],
  ['Gemini CLI', { client_name: 'Gemini CLI MCP Client', redirect_uris: ['http://localhost:42181/oauth/callback'], ...rest, scope: 'orders:read orders:write' }],
  ['mcp-remote', { redirect_uris: ['http://localhost:42884/oauth/callback'], ...rest, client_name: 'MCP CLI Client', client_uri: 'https://github.com/modelcontextprotocol/mcp-cli', software_id: '2e6dc280-f3c3-4e01-99a7-8181dbd1d23d', software_version: '0.15.1', scope: 'orders:read orders:write', application_type: 'native' }],
  ['SDK v1', { client_name: 'sdk-v1-oauth', redirect_uris: ['http://localhost:3999/callback'], ...rest, scope: 'orders:read orders:write' }],
  ['SDK v2', { client_name: 'sdk-v2-oauth', redirect_uris: ['http://localhost:3999/callback'], ...rest, application_type: 'native', scope: 'orders:read orders:write' }],
  ['Cursor', { client_name: 'Cursor', redirect_uris: ['cursor://anysphere.cursor-mcp/oauth/callback', 'https://www.cursor.com/agents/mcp/oauth/callback', 'http://localhost:8787/callback'], ...rest }],
  ['VS Code', { client_name: 'Visual Studio Code', client_uri: 'https://code.visualstudio.com', redirect_uris: ['https://insiders.vscode.dev/redirect', 'https://vscode.dev/redirect', 'http://127.0.0.1/', 'http://127.0.0.1:33418/'], ...rest, application_type: 'native' }],
  ['Inspector', { client_name: 'MCP Inspector', client_uri: 'https://github.com/modelcontextprotocol/inspector', redirect_uris: ['http://localhost:6274/oauth/callback'], ...rest, scope: '', application_type: 'native' }],
  ['Claude', { client_name: 'Claude', redirect_uris: ['https://claude.ai/api/mcp/auth_callback'], ...rest }],
  ['Claude desktop', { client_name: 'Claude', redirect_uris: ['claude://claude.ai/mcp-auth-callback/sdk'], ...rest }],
  ['Grok', { client_name: 'Grok', redirect_uris: ['https://grok.com/connectors-oauth-exchange-code/', 'https://console.x.ai/connectors-oauth-exchange-code/'], ...rest }],
]

const send = (authority: TestAuthority, body: unknown, headers = { 'content-type': 'application/json' }) =>
  register(
    authority,
    exchange('/register', {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )

async function registered(authority: TestAuthority, body: unknown): Promise<Record<string, unknown>> {
  return (await send(authority, body)).json() as Promise<Record<string, unknown>>
}

describe('a real client', () => {
  it.each(bodies)('%s registers, and is found again by its redirect URIs', async (_, body) => {
    const authority = createTestAuthority()
    const answer = await send(authority, body)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store'])
    const given = (await answer.json()) as Record<string, string>
    const { scope, ...expected } = body
    expect(given).toMatchObject({ ...expected, ...(scope ? { scope } : {}), grant_types: BOTH })
    expect(given.client_id_issued_at).toBe(1_800_000_000)
    expect(Object.values(given)).not.toContain(null)
    expect(given).not.toHaveProperty('registration_client_uri')
    expect(OAuthClientInformationFullSchema.safeParse(given).success).toBe(true)
    expect(given.client_id!.length).toBeLessThan(512)
    for (const uri of body.redirect_uris as string[]) {
      const found = (await findClient(authority, given.client_id!, uri)) as Client
      expect(found).toMatchObject({ kind: 'registered', name: body.client_name, authentication: 'none' })
    }
    expect(authority.fetched).toEqual([])
  })

  it('may leave all but its redirect URIs out, or write null', async () => {
    const given = await registered(createTestAuthority(), {
      redirect_uris: ['http://localhost/cb'],
      client_name: null,
      logo_uri: null,
      scope: 7,
      token_endpoint_auth_method: null,
      unheard_of: { of: ['x'] },
    })
    expect(Object.keys(given)).toEqual([
      'client_id',
      'client_id_issued_at',
      'redirect_uris',
      'grant_types',
      'response_types',
      'token_endpoint_auth_method',
    ])
    expect(given).toMatchObject({ token_endpoint_auth_method: 'none', grant_types: BOTH })
  })

  it('that asks for fewer grants is given both, and never asked for its application type', async () => {
    const body = {
      redirect_uris: ['http://localhost/cb'],
      application_type: 'web',
      grant_types: ['authorization_code'],
    }
    expect(await registered(createTestAuthority(), body)).toMatchObject({
      grant_types: BOTH,
      application_type: 'web',
    })
  })

  it('has its name on one line, without what cannot be seen', async () => {
    const authority = createTestAuthority()
    const given = await registered(authority, {
      redirect_uris: ['http://localhost/cb'],
      client_name: `\u202eClaude\r\n\u0000 <script>\u200b${'x'.repeat(200)}`,
    })
    const found = (await findClient(authority, given.client_id as string, 'http://localhost:1/cb')) as Client
    expect(found.name).toMatch(/^Claude <script> x+…$/)
    expect(Array.from(found.name!)).toHaveLength(80)
    expect(given.client_name).toBe(found.name)
  })
})

describe('a confidential client', () => {
  const body = (method: string) => ({
    redirect_uris: ['https://n8n.example.com/cb'],
    token_endpoint_auth_method: method,
    jwks_uri: 'https://n8n.example.com/jwks.json',
  })

  it.each(['client_secret_basic', 'client_secret_post'])(
    '%s has a secret that is derived',
    async (method) => {
      const secrets = newSecrets()
      const [one, other] = [createTestAuthority({}, { secrets }), createTestAuthority({}, { secrets })]
      const given = await registered(one, body(method))
      expect(given).toMatchObject({ token_endpoint_auth_method: method, client_secret_expires_at: 0 })
      expect(given.client_secret).toMatch(/^[\w-]{43}$/)
      expect(await clientSecret(other.ring, given.client_id as string)).toBe(given.client_secret)
      expect((given.client_id as string).includes(given.client_secret as string)).toBe(false)
    },
  )

  it('keeps its registration and its secret when secrets rotate, and loses both with the generation', async () => {
    const secrets = newSecrets()
    const { client_id, client_secret } = await registered(
      createTestAuthority({}, { secrets }),
      body('client_secret_post'),
    )
    const [fresh] = newSecrets().registration
    const ring = [fresh!, ...secrets.registration]
    const rotated = createTestAuthority({}, { secrets: { ...secrets, registration: ring } })
    expect(await clientSecret(rotated.ring, client_id as string)).toBe(client_secret)
    expect(await isKnownClientId(rotated, client_id as string)).toBe(true)
    const left = createTestAuthority({}, { secrets: { ...secrets, registration: [fresh!] } })
    expect(await clientSecret(left.ring, client_id as string)).toBeUndefined()
    expect(await isKnownClientId(left, client_id as string)).toBe(false)
  })

  it('has another secret than any other client, at any other issuer', async () => {
    const secrets = newSecrets()
    const [one, other] = [
      createTestAuthority({}, { secrets }),
      createTestAuthority({}, { secrets, issuer: 'https://other.example.com' }),
    ]
    const given = await registered(one, body('client_secret_post'))
    expect(await clientSecret(other.ring, given.client_id as string)).not.toBe(given.client_secret)
    expect((await registered(one, body('client_secret_post'))).client_secret).not.toBe(given.client_secret)
  })

  it('private_key_jwt has no secret, and keeps where its keys are', async () => {
    const authority = createTestAuthority()
    const given = await registered(authority, body('private_key_jwt'))
    expect(given).not.toHaveProperty('client_secret')
    expect(
      await findClient(authority, given.client_id as string, 'https://n8n.example.com/cb'),
    ).toMatchObject({ authentication: 'private_key_jwt', jwksUri: 'https://n8n.example.com/jwks.json' })
    expect(authority.fetched).toEqual([])
  })
})

describe('a refusal', () => {
  const uri = (redirect_uris: unknown) => ({ redirect_uris })
  const key = (jwks_uri?: string) => ({
    ...uri(['http://localhost/cb']),
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri,
  })
  const long = Array.from({ length: 10 }, (_, at) => `https://example.com/${at}/${'a'.repeat(150)}`)
  // biome-ignore format: a body a line
  const rows: readonly (readonly [name: string, body: unknown, code: string, words: RegExp])[] = [
    ['no JSON', '{', 'invalid_client_metadata', /not JSON/],
    ['a string', '"\ud800"', 'invalid_client_metadata', /not a JSON object/],
    ['an array', [], 'invalid_client_metadata', /not a JSON object/],
    ['no redirect URIs', {}, 'invalid_redirect_uri', /array of one or more strings/],
    ['none in the list', uri([]), 'invalid_redirect_uri', /array of one or more strings/],
    ['one that is no text', uri(['http://localhost/cb', 7]), 'invalid_redirect_uri', /array of one or more strings/],
    ['a string in place of a list', uri('http://localhost/cb'), 'invalid_redirect_uri', /array of one or more strings/],
    ['eleven', uri(Array.from({ length: 11 }, (_, at) => `http://localhost/${at}`)), 'invalid_redirect_uri', /more than 10/],
    ['one of several', uri(['https://claude.ai/cb', 'javascript:/alert(1)', 'http://evil.com/cb']), 'invalid_redirect_uri', /^redirect_uris\[1\] \(javascript:\/alert\(1\)\) uses .*; redirect_uris\[2\] \(http:\/\/evil.com\/cb\) uses http/],
    ['one in odd characters', uri(['https://x/"\\\u202e\n']), 'invalid_redirect_uri', /^redirect_uris\[0\] \(https:\/\/x\/\?{4}\) holds white space/],
    ['one too long', uri([`https://example.com/${'a'.repeat(2100)}`]), 'invalid_redirect_uri', /\.\.\.\) is longer than 2048/],
    ['too long a client_id', uri(long), 'invalid_client_metadata', /client_id would have \d{4} characters, and 1500/],
    ['a method of others', { ...uri(['http://localhost/cb']), token_endpoint_auth_method: 'tls_client_auth' }, 'invalid_client_metadata', /not one of none, client_secret_basic/],
    ['keys nowhere', key(), 'invalid_client_metadata', /jwks_uri that can be read: it is missing/],
    ['keys on http', key('http://example.com/jwks'), 'invalid_client_metadata', /not https/],
    ['keys at an address', key('https://169.254.169.254/jwks'), 'invalid_client_metadata', /no public host name/],
    ['keys at another port', key('https://example.com:8443/jwks'), 'invalid_client_metadata', /port 443/],
  ]
  it.each(rows)('%s', async (_, body, code, words) => {
    const refusal = await send(createTestAuthority(), body).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(OAuthError)
    expect(refusal).toMatchObject({ code, message: expect.stringMatching(words) })
    expect((refusal as OAuthError).message).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,1000}$/)
  })

  it.each([
    {},
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'application/jsonp' },
  ])('of what is not JSON by its type: %j', async (headers) => {
    const body = JSON.stringify(bodies[0]![1])
    await expect(send(createTestAuthority(), body, headers as never)).rejects.toMatchObject({
      code: 'invalid_client_metadata',
      message: expect.stringContaining('application/json'),
    })
  })

  it('of a body beyond the cap is 413, read no further, and 8 KB are well within', async () => {
    const authority = createTestAuthority()
    const answer = await send(authority, { ...bodies[0]![1], padding: 'x'.repeat(8192) })
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ error: 'invalid_client_metadata' })
    expect((await send(authority, { ...bodies[0]![1], padding: 'x'.repeat(7000) })).status).toBe(201)
  })
})

describe('the rate', () => {
  it('beyond it is 429 with Retry-After, whatever is sent, and time brings it back', async () => {
    const authority = createTestAuthority({ LECTERN_REGISTRATION_RATE: '3' })
    const send1 = () => send(authority, bodies[0]![1])
    expect((await Promise.all([send1(), send1(), send1()])).map(({ status }) => status)).toEqual([
      201, 201, 201,
    ])
    const refused = await send(authority, '{')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '20'])
    expect(refused.headers.get('cache-control')).toBe('no-store')
    expect(await refused.json()).toMatchObject({ error: 'temporarily_unavailable' })
    authority.clock.now += 20
    expect((await send1()).status).toBe(201)
    expect((await send1()).status).toBe(429)
  })

  it('is each authority’s own', async () => {
    const env = { LECTERN_REGISTRATION_RATE: '1' }
    const [one, other] = [createTestAuthority(env), createTestAuthority(env)]
    expect((await send(one, bodies[0]![1])).status).toBe(201)
    expect((await send(other, bodies[0]![1])).status).toBe(201)
  })

  it('gains nothing from a clock set back, and no more than a bucket from one far ahead', () => {
    const take = createBucket(2)
    expect([take(100), take(100), take(100)]).toEqual([0, 0, 30])
    expect(take(40)).toBe(30)
    expect([take(9e9), take(9e9), take(9e9)]).toEqual([0, 0, 30])
  })
})

it('a client_id is a signed value that names its generation and holds no more than is needed', async () => {
  const { client_id } = await registered(createTestAuthority(), bodies[4]![1])
  const [, payload] = (client_id as string).split('.')
  expect(decodeProtectedHeader(client_id as string)).toEqual({
    alg: 'HS256',
    kid: expect.any(String),
    typ: 'client',
  })
  expect(JSON.parse(Buffer.from(payload!, 'base64url').toString())).toEqual({
    r: ['http://localhost:42884/oauth/callback'],
    n: 'MCP CLI Client',
    j: expect.stringMatching(/^[\w-]{12}$/),
    iat: 1_800_000_000,
  })
})

it('two who register the same in the same second are two clients, with a secret each', async () => {
  const authority = createTestAuthority()
  const body = { ...bodies[0]![1], token_endpoint_auth_method: 'client_secret_post' }
  const [one, other] = await Promise.all([registered(authority, body), registered(authority, body)])
  expect(one.client_id_issued_at).toBe(other.client_id_issued_at)
  expect(one.client_id).not.toBe(other.client_id)
  expect(one.client_secret).not.toBe(other.client_secret)
})
