/** Tokens of somebody else's issuer, a real one on a socket: which open the door, what goes upstream, and what a rotation does. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { base64url, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JwtAccess } from '../../src/access/access.ts'
import type { Caller, Gate } from '../../src/access/caller.ts'
import { createJwtGate } from '../../src/access/jwt.ts'
import { unauthorized } from '../../src/access/refusal.ts'
import { createProviderFetch } from '../../src/node/fetch.ts'
import { after, type OAuthPorts, type Ports } from '../../src/ports.ts'
import { readSettings } from '../../src/settings.ts'

const NOW = 1_800_000_000
const OURS = 'https://mcp.example.com'
const SCOPES = ['invoices:read', 'settings:read']
const NAMESPACES = new Map([
  ['invoices', ['invoices:read']],
  ['taxGroups', ['settings:read']],
])
type Pair = Awaited<ReturnType<typeof generateKeyPair>>

let issuer: string
let server: Server
let clock = NOW
let first: Pair
let second: Pair
/** What the issuer publishes, how it answers, and what it was asked. */
let published: { kid: string; pair: Pair; alg?: string }[]
let extra: JWK[]
let answer: 'well' | 'oauth only' | 'down' | 'huge' | 'silent' | 'foreign'
let asked: string[]

const ENV = { LECTERN_UPSTREAM_CREDENTIAL: 's3rvice', LECTERN_IDP_TIMEOUT: '0.5' }
const out = createProviderFetch(readSettings(ENV))

beforeAll(async () => {
  first = await generateKeyPair('RS256', { extractable: true })
  second = await generateKeyPair('RS256', { extractable: true })
  server = createServer(async (request, reply) => {
    asked.push(request.url!)
    const document = await documentAt(request.url!)
    if (answer === 'silent') return
    if (answer === 'down' || document === undefined) reply.writeHead(answer === 'down' ? 503 : 404).end('{}')
    else reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tenant`
})

beforeEach(() => {
  clock = NOW
  published = [{ kid: 'k1', pair: first }]
  extra = []
  answer = 'well'
  asked = []
})

afterEach(() => server.closeAllConnections())

afterAll(async () => {
  await out.close()
  server.close()
})

async function documentAt(path: string): Promise<object | undefined> {
  if (path === '/keys') {
    const keys = published.map(async ({ kid, pair, alg = 'RS256' }) => ({ ...(await exportJWK(pair.publicKey)), kid, alg }))
    return { keys: [...(await Promise.all(keys)), ...extra], ...(answer === 'huge' && { filler: 'x'.repeat(70_000) }) }
  }
  const found = answer === 'oauth only' ? '/.well-known/oauth-authorization-server/tenant' : '/tenant/.well-known/openid-configuration'
  const named = answer === 'foreign' ? 'https://evil.example' : issuer
  return path === found ? { issuer: named, jwks_uri: issuer.replace('/tenant', '/keys') } : undefined
} // biome-ignore format: one document after the other

const SERVICE: Partial<JwtAccess> = { upstream: { type: 'service' } }

function createDoor(access: Partial<JwtAccess> = SERVICE, env: Record<string, string> = {}): Gate {
  const unused = () => expect.unreachable('not asked for')
  const ports: Ports & OAuthPorts = {
    get: unused,
    getPublic: unused,
    fetch: out.fetch,
    replay: { shared: false, claim: unused, put: unused, get: unused },
    now: () => clock,
    random: () => 0.5,
    id: () => 'id',
    after,
    log: () => {},
  }
  return createJwtGate(
    { type: 'jwt', issuer, upstream: { type: 'service' }, ...access },
    {
      issuer: OURS,
      scopes: SCOPES,
      namespaces: NAMESPACES,
      ports,
      settings: readSettings({ ...ENV, ...env }),
    },
  )
}

interface Made {
  claims?: Record<string, unknown>
  header?: { typ?: string | undefined; alg?: string; kid?: string | undefined }
  key?: Pair['privateKey'] | Uint8Array
}

/** A good token but for what is given; `undefined` leaves a claim out. */
function make({ claims = {}, header = {}, key = first.privateKey }: Made = {}): Promise<string> {
  const good = { iss: issuer, aud: `${OURS}/mcp`, sub: 'u1', client_id: 'c1', iat: NOW, exp: NOW + 300, scope: SCOPES.join(' ') }
  return new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'k1', ...header } as { alg: string })
    .sign(key)
} // biome-ignore format: one token

function enter(gate: Gate, token: string | undefined, path = '/mcp', headers: Record<string, string> = {}) {
  const authorization: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` }
  return gate(
    new Request(`http://internal:1${path}`, { method: 'POST', headers: { ...authorization, ...headers } }),
  )
}

/** 200 for a caller, else the status of the refusal. */
async function statusOf(gate: Gate, token: string | undefined, path?: string): Promise<number> {
  const entered = await enter(gate, token, path)
  return entered instanceof Response ? entered.status : 200
}

async function callerOf(gate: Gate, token: string): Promise<Caller> {
  const entered = await enter(gate, token)
  if (entered instanceof Response) throw new Error(`${entered.status} ${await entered.text()}`)
  return entered
}

describe('a token', () => {
  const rows: [string, () => Made, number][] = [
    ['as it should be', () => ({}), 200],
    ['for the bare origin', () => ({ claims: { aud: OURS } }), 200],
    ['for the bare origin with a slash', () => ({ claims: { aud: `${OURS}/` } }), 200],
    ['for several', () => ({ claims: { aud: ['https://other.example', `${OURS}/mcp`] } }), 200],
    ['for another', () => ({ claims: { aud: 'https://other.example/mcp' } }), 401],
    ['for another path', () => ({ claims: { aud: `${OURS}/mcp/x` } }), 401],
    ['for nobody', () => ({ claims: { aud: undefined } }), 401],
    ['for an object', () => ({ claims: { aud: { [OURS]: 1 } as never } }), 401],
    ['of another issuer', () => ({ claims: { iss: 'https://evil.example' } }), 401],
    ['of a neighbour', () => ({ claims: { iss: `${issuer}/` } }), 401],
    ['of nobody', () => ({ claims: { iss: undefined } }), 401],
    ['expired', () => ({ claims: { exp: NOW - 6 } }), 401],
    ['expired within the skew', () => ({ claims: { exp: NOW - 4 } }), 200],
    ['without end', () => ({ claims: { exp: undefined } }), 401],
    ['not valid yet', () => ({ claims: { nbf: NOW + 60 } }), 401],
    ['under another key', () => ({ key: second.privateKey }), 401],
    ['under an unknown key', () => ({ key: second.privateKey, header: { kid: 'k9' } }), 401],
    ['without a key id', () => ({ header: { kid: undefined } }), 200],
    ['of the longer type', () => ({ header: { typ: 'application/at+jwt' } }), 200],
    ['of type JWT', () => ({ header: { typ: 'JWT' } }), 200],
    ['of no type', () => ({ header: { typ: undefined } }), 200],
    ['of type JWT, an ID token', () => ({ header: { typ: 'JWT' }, claims: { nonce: 'n' } }), 401],
    ['of type JWT, an ID token without nonce', () => ({ header: { typ: 'JWT' }, claims: { client_id: undefined, scope: undefined } }), 401],
    ['of another type', () => ({ header: { typ: 'logout+jwt' } }), 401],
    ['that is too long', () => ({ claims: { filler: 'x'.repeat(13_000) } }), 401],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', async (_, made, status) => {
    expect(await statusOf(createDoor(), await make(made()))).toBe(status)
  })

  it.each(['RS384', 'PS256', 'ES256', 'ES384', 'EdDSA'])('signed with %s', async (alg) => {
    const pair = await generateKeyPair(alg, { extractable: true })
    published = [{ kid: 'k1', pair, alg }]
    expect(await statusOf(createDoor(), await make({ header: { alg }, key: pair.privateKey }))).toBe(200)
  })

  it('that is not signed, or signed with what everybody knows, is refused', async () => {
    const gate = createDoor()
    const [, payload] = (await make()).split('.')
    const encode = (header: object) =>
      base64url.encode(JSON.stringify({ typ: 'at+jwt', kid: 'k1', ...header }))
    const modulus = base64url.decode((await exportJWK(first.publicKey)).n!)
    extra = [{ kty: 'oct', k: base64url.encode('k'.repeat(32)), kid: 'shared', alg: 'HS256' }]
    const forged = [
      `${encode({ alg: 'none' })}.${payload}.`,
      `${encode({ alg: 'none' })}.${payload}.AAAA`,
      await make({ header: { alg: 'HS256' }, key: modulus }),
      await make({ header: { alg: 'HS256', kid: 'shared' }, key: new TextEncoder().encode('k'.repeat(32)) }),
      await make({ header: { jwk: await exportJWK(second.publicKey), jku: 'https://evil.example' } as never, key: second.privateKey }),
      await make({ header: { crit: ['exp'] } as never }).catch(() => 'a.b.c'),
      'a.b.c', '...', 'x', '', 'e30.e30.e30', `${'A'.repeat(16_384)}.A.A`,
    ] // biome-ignore format: one forgery a line
    for (const token of forged) expect(await statusOf(gate, token), token.slice(0, 80)).toBe(401)
  })

  it('bound to a key that the caller has not shown is no bearer token', async () => {
    expect(await statusOf(createDoor(), await make({ claims: { cnf: { jkt: 'x' } } }))).toBe(401)
  })

  it('issued before everybody was signed out is refused', async () => {
    const gate = createDoor(SERVICE, { LECTERN_NOT_BEFORE: String(NOW) })
    expect(await statusOf(gate, await make({ claims: { iat: NOW } }))).toBe(200)
    expect(await statusOf(gate, await make({ claims: { iat: NOW - 1 } }))).toBe(401)
    expect(await statusOf(gate, await make({ claims: { iat: undefined } }))).toBe(401)
  })

  it('for a declared audience needs that one', async () => {
    const gate = createDoor({ ...SERVICE, audience: 'api://ours' })
    expect(await statusOf(gate, await make({ claims: { aud: 'api://ours' } }))).toBe(200)
    expect(await statusOf(gate, await make())).toBe(401)
  })
})

describe('a part', () => {
  const PART = '/n/invoices,taxGroups/mcp'
  const made = (aud: string) => make({ claims: { aud } })

  it.each([
    [`${OURS}${PART}`, PART, 200],
    [`${OURS}${PART}/`, PART, 200],
    [`${OURS}${PART}`, `${PART}/`, 200],
    [`${OURS}${PART}`, '/mcp', 401],
    [`${OURS}${PART}`, '/n/invoices/mcp', 401],
    [`${OURS}/mcp`, PART, 401],
    [OURS, PART, 401],
    [`${OURS}/n/taxGroups,invoices/mcp`, PART, 401],
    [`${OURS}/n/invoices%2CtaxGroups/mcp`, PART, 401],
  ])('%s at %s is %i', async (aud, path, status) => {
    expect(await statusOf(createDoor(), await made(aud), path)).toBe(status)
  })

  it('says which audience it needs, and which scopes', async () => {
    const refused = (await enter(createDoor(), await made(`${OURS}/mcp`), '/n/invoices/mcp')) as Response
    const challenge = refused.headers.get('www-authenticate')!
    expect(challenge).toContain(`ask its issuer for one whose aud is ${OURS}/n/invoices/mcp.`)
    expect(challenge).toContain('scope="invoices:read", resource_metadata="')
    expect(challenge).toContain(`${OURS}/.well-known/oauth-protected-resource/n/invoices/mcp"`)
  })

  it('is opened by a declared audience as everything is: it says nothing of addresses', async () => {
    const gate = createDoor({ ...SERVICE, audience: 'api://ours' })
    for (const path of [PART, '/mcp', '/n/invoices/mcp'])
      expect(await statusOf(gate, await made('api://ours'), path)).toBe(200)
    expect(await statusOf(gate, await made(`${OURS}${PART}`), PART)).toBe(401)
  })
})

describe('a caller', () => {
  it('is who the token says, and the token stays here', async () => {
    const token = await make({ claims: { scope: 'openid invoices:read admin:write' } })
    const caller = await callerOf(createDoor(), token)
    expect(caller).toMatchObject({ headers: { authorization: 'Bearer s3rvice' }, secrets: ['s3rvice'] })
    expect([...(caller.scopes as Set<string>)]).toEqual(['invoices:read'])
    expect(JSON.stringify(caller)).not.toContain(token)
  })

  const scopes: [string, JWTPayload, string[]][] = [
    ['scope', { scope: 'invoices:read settings:read' }, SCOPES],
    ['scp as text', { scope: undefined, scp: 'settings:read x' }, ['settings:read']],
    ['scp as a list', { scope: undefined, scp: ['invoices:read', 1, 'x'] }, ['invoices:read']],
    ['neither', { scope: undefined }, []],
    ['something else', { scope: { 'invoices:read': true } }, []],
  ]
  it.each(scopes)('has the scopes of %s that are declared', async (_, claims, expected) => {
    expect([...((await callerOf(createDoor(), await make({ claims }))).scopes as Set<string>)]).toEqual(
      expected,
    )
  })

  it.each([
    [{ type: 'service', header: 'X-Api-Key' }, { 'x-api-key': 's3rvice' }],
    [{ type: 'service', header: 'Authorization', scheme: 'Token' }, { authorization: 'Token s3rvice' }],
    [{ type: 'service', scheme: 'Basic' }, { authorization: 'Basic s3rvice' }],
  ] as [JwtAccess['upstream'], object][])('goes upstream with %j', async (upstream, headers) => {
    expect((await callerOf(createDoor({ upstream }), await make())).headers).toEqual(headers)
  })

  it('goes upstream with its own token where that is for the upstream', async () => {
    const gate = createDoor({ upstream: { type: 'caller' }, audience: 'https://api.example.com' })
    const token = await make({ claims: { aud: 'https://api.example.com' } })
    expect(await callerOf(gate, token)).toMatchObject({
      headers: { authorization: `Bearer ${token}` },
      secrets: [token],
    })
  })

  it('reads one organization', async () => {
    const organization = { from: 'access_token', name: 'org', header: 'X-Organization' } as const
    const gate = createDoor({ ...SERVICE, organization })
    const caller = await callerOf(gate, await make({ claims: { org: 'org_1' } }))
    expect(caller).toMatchObject({ headers: { 'x-organization': 'org_1' }, facts: { organization: 'org_1' } })
    for (const org of [undefined, '', 'a b', 'x'.repeat(129), 'a\r\nb', ['org_1'], null])
      expect(await statusOf(gate, await make({ claims: { org } })), JSON.stringify(org)).toBe(403)
    const lenient = createDoor({ ...SERVICE, organization: { ...organization, required: false } })
    expect((await callerOf(lenient, await make())).headers).not.toHaveProperty('x-organization')
  })

  it('learns what else it would need, in one challenge', async () => {
    const caller = await callerOf(createDoor(), await make())
    const refused = caller.insufficient!(SCOPES)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      `Bearer realm="MCP", error="insufficient_scope", error_description="This needs the scope invoices:read settings:read", scope="invoices:read settings:read", resource_metadata="${OURS}/.well-known/oauth-protected-resource/mcp"`,
    ])
  })
})

describe('the challenge', () => {
  const METADATA = `resource_metadata="${OURS}/.well-known/oauth-protected-resource`
  it.each([
    ['none', undefined, '/mcp', `Bearer realm="MCP", scope="invoices:read settings:read", ${METADATA}/mcp"`],
    ['none at the bare origin', undefined, '/', `Bearer realm="MCP", scope="invoices:read settings:read", ${METADATA}"`],
    ['a bad one', 'bad', '/mcp', `Bearer realm="MCP", error="invalid_token", error_description="The token is invalid or expired, or was issued for another resource.", scope="invoices:read settings:read", ${METADATA}/mcp"`],
  ])('to %s', async (_, token, path, challenge) => {
    const refused = (await enter(createDoor(), token, path)) as Response
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, challenge])
    expect(asked).toEqual([])
  }) // biome-ignore format: one challenge a line

  it('holds nothing that ends its quotes or its line', () => {
    const metadata = 'https://x.example/"a\\b\r\nc\u00e9'
    const request = new Request('http://localhost/mcp')
    const refused = unauthorized(request, true, 'say "no"', { metadata, scope: 'a"b' })
    expect(refused.headers.get('www-authenticate')).toBe(
      'Bearer realm="MCP", error="invalid_token", error_description="say ?no?", scope="a?b", resource_metadata="https://x.example/?a?b??c?"',
    )
    expect(unauthorized(request, false, 'x').headers.get('www-authenticate')).toBe('Bearer realm="MCP"')
  })

  it('is told in the words of the era', async () => {
    const modern = (await enter(createDoor(), undefined, '/mcp', {
      'mcp-protocol-version': '2026-07-28',
    })) as Response
    expect(await modern.json()).toEqual({
      error: 'invalid_token',
      error_description: expect.stringContaining('Sign in'),
    })
    const legacy = (await enter(createDoor(), undefined)) as Response
    expect(await legacy.json()).toEqual({
      jsonrpc: '2.0',
      error: { code: -32001, message: expect.stringContaining('Sign in') },
    })
  })
})

describe('the keys', () => {
  it('are fetched once, and again after ten minutes', async () => {
    const gate = createDoor()
    const token = await make({ claims: { exp: NOW + 3600 } })
    await Promise.all(Array.from({ length: 10 }, () => statusOf(gate, token)))
    expect(asked).toEqual(['/tenant/.well-known/openid-configuration', '/keys'])
    clock += 599
    await statusOf(gate, token)
    expect(asked).toHaveLength(2)
    clock += 1
    await statusOf(gate, token)
    expect(asked).toHaveLength(4)
  })

  it('are found by RFC 8414, or where they are declared', async () => {
    answer = 'oauth only'
    expect(await statusOf(createDoor(), await make())).toBe(200)
    expect(asked).toContain('/.well-known/oauth-authorization-server/tenant')
    asked = []
    const jwksUri = issuer.replace('/tenant', '/keys')
    expect(await statusOf(createDoor({ ...SERVICE, jwksUri }), await make())).toBe(200)
    expect(asked).toEqual(['/keys'])
  })

  it('rotate: a new one is found at once, however often an unknown one is named', async () => {
    const gate = createDoor()
    expect(await statusOf(gate, await make())).toBe(200)
    published = [
      { kid: 'k1', pair: first },
      { kid: 'k2', pair: second },
    ]
    clock += 31
    expect(await statusOf(gate, await make({ header: { kid: 'k2' }, key: second.privateKey }))).toBe(200)
    asked = []
    const strange = await make({ header: { kid: 'k9' }, key: second.privateKey })
    for (let each = 0; each < 20; each++) expect(await statusOf(gate, strange)).toBe(401)
    expect(asked).toEqual([])
    clock += 30
    for (let each = 0; each < 20; each++) expect(await statusOf(gate, strange)).toBe(401)
    expect(asked.filter((path) => path === '/keys')).toHaveLength(1)
  })

  it('that were withdrawn do not hold for longer than ten minutes', async () => {
    const gate = createDoor()
    const token = await make({ claims: { exp: NOW + 3600 } })
    await statusOf(gate, token)
    published = [{ kid: 'k2', pair: second }]
    clock += 600
    expect(await statusOf(gate, token)).toBe(401)
  })

  it('hold for an hour while the issuer is down, and no longer', async () => {
    const gate = createDoor()
    const token = await make({ claims: { exp: NOW + 9000 } })
    await statusOf(gate, token)
    answer = 'down'
    clock += 4100
    expect(await statusOf(gate, token)).toBe(200)
    clock += 100
    expect(await statusOf(gate, token)).toBe(503)
    answer = 'well'
    clock += 30
    expect(await statusOf(gate, token)).toBe(200)
  })

  it.each(['down', 'huge', 'silent', 'foreign'] as const)(
    'of an issuer that is %s are 503, and it is asked again soon',
    async (how) => {
      answer = how
      const gate = createDoor()
      const refused = (await enter(gate, await make())) as Response
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30'])
      const before = asked.length
      expect(await statusOf(gate, await make())).toBe(503)
      expect(asked).toHaveLength(before)
      answer = 'well'
      clock += 5
      expect(await statusOf(gate, await make())).toBe(200)
    },
  )
})

describe('a declaration that cannot work stops the start', () => {
  const rows: [string, Partial<JwtAccess>, Record<string, string>, string][] = [
    ['service without a credential', SERVICE, { LECTERN_UPSTREAM_CREDENTIAL: '' }, 'LECTERN_UPSTREAM_CREDENTIAL is missing'],
    ['caller without an audience', { upstream: { type: 'caller' } }, {}, 'needs an `audience`'],
    ['caller with our own', { upstream: { type: 'caller' }, audience: `${OURS}/mcp` }, {}, 'would pass on a token'],
    ['caller with a part of ours', { upstream: { type: 'caller' }, audience: `${OURS}/n/invoices/mcp` }, {}, 'would pass on a token'],
    ['caller with our origin', { upstream: { type: 'caller' }, audience: OURS }, {}, 'would pass on a token'],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, access, env, fault) => {
    expect(() => createDoor(access, env)).toThrow(fault)
  })
})
