/** Client authentication at /token: none, a secret, an assertion; what is sealed at consent decides (attacks 15, 23 and 25). */
import {
  CompactSign,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { ASSERTION_TYPE } from '../../src/oauth/assertion.ts'
import type { Asked } from '../../src/oauth/authority.ts'
import { authenticateClient, presentedClientId } from '../../src/oauth/client-authentication.ts'
import { OAuthError } from '../../src/oauth/errors.ts'
import { reachable } from '../../src/oauth/reachable.ts'
import { register } from '../../src/oauth/register.ts'
import { digest } from '../../src/sealing/random.ts'
import { createTestAuthority, exchange, type TestAuthority } from '../authority.ts'

type Sent = { form?: Record<string, string>; authorization?: string }

const CHATGPT = 'https://chatgpt.com/oauth/client.json'
const JWKS = 'https://chatgpt.com/oauth/jwks.json'

const basic = (id: string, secret: string) => `Basic ${btoa(`${id}:${secret}`)}`

function sent({ form = {}, authorization }: Sent) {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
  return {
    request: exchange('/token', { method: 'POST', headers }).request,
    form: new URLSearchParams(form),
  }
}

/** Undefined for a client that is let through, else the code it is refused with. */
async function outcome(
  authority: TestAuthority,
  asked: Pick<Asked, 'client' | 'authentication' | 'jwksUri'>,
  request: Sent,
): Promise<string | undefined> {
  const error = await authenticateClient(authority, sent(request), asked).catch((thrown: unknown) => thrown)
  if (error === undefined) return undefined
  expect(error).toBeInstanceOf(OAuthError)
  return (error as OAuthError).code
}

async function registered(authority: TestAuthority, method: string) {
  const body = JSON.stringify({ redirect_uris: ['https://a.example/cb'], token_endpoint_auth_method: method })
  const headers = { 'content-type': 'application/json' }
  const answer = await register(authority, exchange('/register', { method: 'POST', headers, body }))
  return (await answer.json()) as { client_id: string; client_secret: string }
}

describe('the client_id that a request presents', () => {
  const assertion = (sub: unknown) => new UnsecuredJWT({ sub } as never).encode()
  // biome-ignore format: a request a line
  const rows: readonly (readonly [name: string, request: Sent, id: string | undefined])[] = [
    ['nothing', {}, undefined],
    ['an empty one', { form: { client_id: '' } }, undefined],
    ['the body', { form: { client_id: 'a.b' } }, 'a.b'],
    ['Basic', { authorization: basic('a.b', 's') }, 'a.b'],
    ['Basic, encoded', { authorization: basic('https%3A%2F%2Fx.example%2Fc', 's') }, 'https://x.example/c'],
    ['Basic, not encoded', { authorization: basic('https://x.example/c', '') }, 'https://x.example/c'],
    ['basic in lower case', { authorization: basic('a', 's').replace('B', 'b') }, 'a'],
    ['Basic without a user', { authorization: basic('', 's'), form: { client_id: 'a' } }, 'a'],
    ['Basic without a colon', { authorization: `Basic ${btoa('abc')}` }, undefined],
    ['Basic that is no Base64', { authorization: 'Basic A', form: { client_id: 'a' } }, 'a'],
    ['a bearer token', { authorization: 'Bearer abc' }, undefined],
    ['an assertion', { form: { client_assertion: assertion(CHATGPT) } }, CHATGPT],
    ['an assertion for a number', { form: { client_assertion: assertion(7) } }, undefined],
    ['no assertion at all', { form: { client_assertion: 'x.y.z' } }, undefined],
    ['one too long', { form: { client_assertion: assertion('a'.repeat(9000)) } }, undefined],
    ['the same three times', { authorization: basic('a', 's'), form: { client_id: 'a', client_assertion: assertion('a') } }, 'a'],
    ['two that differ', { authorization: basic('a', 's'), form: { client_id: 'b' } }, undefined],
    ['another in its assertion', { form: { client_id: 'a', client_assertion: assertion('b') } }, undefined],
  ]
  it.each(rows)('%s', (_, request, id) => {
    const { request: made, form } = sent(request)
    expect(presentedClientId(made, form)).toBe(id)
  })
})

describe('a public client', () => {
  it('names itself, and needs no more', async () => {
    const authority = createTestAuthority()
    const { client_id } = await registered(authority, 'none')
    const asked = { client: await digest(client_id, 22), authentication: 'none' as const }
    expect(await outcome(authority, asked, { form: { client_id } })).toBeUndefined()
    expect(await outcome(authority, asked, { form: { client_id, client_secret: '' } })).toBeUndefined()
    expect(await outcome(authority, asked, { authorization: basic(client_id, '') })).toBeUndefined()
    expect(await outcome(authority, asked, { form: { client_id, client_secret: 'guess' } })).toBe(
      'invalid_client',
    )
    expect(await outcome(authority, asked, { form: { client_id: CHATGPT } })).toBe('invalid_grant')
    expect(await outcome(authority, asked, {})).toBe('invalid_grant')
  })

  it('may be the address of a document, or unknown', async () => {
    const authority = createTestAuthority()
    for (const client_id of [CHATGPT, '526dd61b-cc27-437a-83e1-711c53a505db']) {
      const asked = { client: await digest(client_id, 22), authentication: 'none' as const }
      expect(await outcome(authority, asked, { form: { client_id } })).toBeUndefined()
      expect(await outcome(authority, asked, { form: { client_id, client_secret: 'x' } })).toBe(
        'invalid_client',
      )
    }
    expect(authority.fetched).toEqual([])
  })
})

describe.each(['client_secret_basic', 'client_secret_post'] as const)(
  'a client with %s',
  (authentication) => {
    it('proves itself in either place, as clients mix them up', async () => {
      const authority = createTestAuthority()
      const { client_id, client_secret } = await registered(authority, authentication)
      const other = await registered(authority, 'client_secret_post')
      const asked = { client: await digest(client_id, 22), authentication }
      const wrong = `${client_secret.slice(0, -1)}${client_secret.endsWith('A') ? 'B' : 'A'}`
      // biome-ignore format: a request a line
      const rows: readonly (readonly [request: Sent, code: string | undefined])[] = [
      [{ form: { client_id, client_secret } }, undefined],
      [{ authorization: basic(client_id, client_secret) }, undefined],
      [{ authorization: basic(client_id, client_secret), form: { client_id } }, undefined],
      [{ authorization: basic(client_id, client_secret), form: { client_id, client_secret } }, undefined],
      [{ form: { client_id } }, 'invalid_client'],
      [{ form: { client_id, client_secret: '' } }, 'invalid_client'],
      [{ form: { client_id, client_secret: wrong } }, 'invalid_client'],
      [{ form: { client_id, client_secret: `${client_secret}A` } }, 'invalid_client'],
      [{ authorization: basic(client_id, wrong) }, 'invalid_client'],
      [{ authorization: basic(client_id, client_secret), form: { client_secret: wrong } }, 'invalid_client'],
      [{ form: { client_id, client_secret: other.client_secret } }, 'invalid_client'],
      [{ form: other }, 'invalid_grant'],
      [{ authorization: basic(client_id, client_secret), form: { client_id: other.client_id } }, 'invalid_grant'],
    ]
      for (const [request, code] of rows) expect(await outcome(authority, asked, request)).toBe(code)
    })
  },
)

describe('a client with private_key_jwt', () => {
  const keys: Record<string, { privateKey: CryptoKey; jwk: JWK }> = {}
  beforeAll(async () => {
    for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA', 'ES384']) {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
      keys[alg] = { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: alg, alg, use: 'sig' } }
    }
  })

  const published = () => ({ body: { keys: Object.values(keys).map(({ jwk }) => jwk) } })
  const asked = async () => ({
    client: await digest(CHATGPT, 22),
    authentication: 'private_key_jwt' as const,
    jwksUri: JWKS,
  })
  let serial = 0
  const claimsAt = (now: number) => ({
    iss: CHATGPT,
    sub: CHATGPT,
    aud: 'https://mcp.example.com' as unknown,
    iat: now,
    exp: now + 60,
    jti: `jti-${serial++}` as unknown,
  })
  const sign = (claims: object, alg = 'RS256', header = {}) =>
    new SignJWT(claims as never).setProtectedHeader({ alg, kid: alg, ...header }).sign(keys[alg]!.privateKey)
  const form = (client_assertion: string, more = {}) => ({
    form: { client_id: CHATGPT, client_assertion, client_assertion_type: ASSERTION_TYPE, ...more },
  })

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('is let through with %s, once', async (alg) => {
    const authority = createTestAuthority()
    authority.published[JWKS] = published()
    const request = form(await sign(claimsAt(authority.clock.now), alg))
    expect(await outcome(authority, await asked(), request)).toBeUndefined()
    expect(await outcome(authority, await asked(), request)).toBe('invalid_client')
    expect(authority.fetched).toEqual([JWKS])
    expect(authority.options[0]!.maxBytes).toBe(32_768)
  })

  // biome-ignore format: a change a line
  it.each([
    ['the token endpoint as audience', { aud: 'https://mcp.example.com/token' }, undefined],
    ['one audience in a list', { aud: ['https://mcp.example.com'] }, undefined],
    ['300 seconds', (now: number) => ({ exp: now + 300 }), undefined],
    ['a clock that is a little behind', (now: number) => ({ exp: now - 10 }), undefined],
    ['two audiences', { aud: ['https://mcp.example.com', 'https://evil.example'] }, 'invalid_client'],
    ['another audience', { aud: 'https://evil.example' }, 'invalid_client'],
    ['an audience that only begins so', { aud: 'https://mcp.example.com.evil.example' }, 'invalid_client'],
    ['no audience', { aud: undefined }, 'invalid_client'],
    ['another issuer', { iss: 'https://evil.example' }, 'invalid_client'],
    ['no issuer', { iss: undefined }, 'invalid_client'],
    ['no subject', { sub: undefined }, 'invalid_client'],
    ['an hour', (now: number) => ({ exp: now + 3600 }), 'invalid_client'],
    ['an end in the past', (now: number) => ({ exp: now - 60 }), 'invalid_client'],
    ['no end', { exp: undefined }, 'invalid_client'],
    ['an end that is no number', { exp: '9999999999' }, 'invalid_client'],
    ['a start in the future', (now: number) => ({ nbf: now + 100 }), 'invalid_client'],
    ['no jti', { jti: undefined }, 'invalid_client'],
    ['an empty jti', { jti: '' }, 'invalid_client'],
    ['a jti that is a number', { jti: 7 }, 'invalid_client'],
    ['an endless jti', { jti: 'x'.repeat(300) }, 'invalid_client'],
  ] as const)('%s: %s', async (_, change, code) => {
    const authority = createTestAuthority()
    authority.published[JWKS] = published()
    const { now } = authority.clock
    const claims = { ...claimsAt(now), ...(typeof change === 'function' ? change(now) : change) }
    expect(await outcome(authority, await asked(), form(await sign(claims)))).toBe(code)
  })

  it('is refused without an assertion, whatever else it sends', async () => {
    const authority = createTestAuthority()
    authority.published[JWKS] = published()
    const good = await sign(claimsAt(authority.clock.now))
    const requests: Sent[] = [
      { form: { client_id: CHATGPT } },
      { form: { client_id: CHATGPT, client_secret: 'x' } },
      { authorization: basic(encodeURIComponent(CHATGPT), 'x') },
      form(''),
      form(good, { client_assertion_type: '' }),
      form(good, { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' }),
    ]
    for (const request of requests)
      expect(await outcome(authority, await asked(), request)).toBe('invalid_client')
    const { jwksUri, ...without } = await asked()
    expect(jwksUri).toBe(JWKS)
    expect(await outcome(authority, without, form(good))).toBe('invalid_client')
  })

  it('is refused with what its keys did not sign, and burns nothing', async () => {
    const authority = createTestAuthority()
    authority.published[JWKS] = published()
    const claims = claimsAt(authority.clock.now)
    const good = await sign(claims)
    const stranger = await generateKeyPair('RS256')
    const forged = [
      await new SignJWT(claims as never)
        .setProtectedHeader({ alg: 'RS256', kid: 'RS256' })
        .sign(stranger.privateKey),
      new UnsecuredJWT(claims as never).encode(),
      await sign(claims, 'ES384'),
      await sign(claims, 'RS256', { kid: 'unheard-of' }),
      `${good.slice(0, -4)}AAAA`,
      await hmacWithPublicKey(claims, keys.RS256!.jwk),
      await sign(claims, 'RS256', { kid: 'x', jwk: keys.RS256!.jwk }),
      `${good}.x`,
      'e30.e30.',
    ]
    for (const assertion of forged)
      expect(await outcome(authority, await asked(), form(assertion))).toMatch(/^invalid_client$/)
    expect(await outcome(authority, await asked(), form(good))).toBeUndefined()
  })

  it('is refused where its keys cannot be read, under the same guard as documents', async () => {
    const authority = createTestAuthority()
    const request = form(await sign(claimsAt(authority.clock.now)))
    for (const jwksUri of [
      'http://chatgpt.com/jwks',
      'https://169.254.169.254/jwks',
      'https://x.example:8443/jwks',
    ])
      expect(await outcome(authority, { ...(await asked()), jwksUri }, request)).toBe('invalid_client')
    expect(authority.fetched).toEqual([])
    for (const body of [{}, { keys: 'x' }, { keys: [7] }, '{', []]) {
      authority.published[JWKS] = { body }
      expect(await outcome(authority, await asked(), request)).toBe('invalid_client')
    }
    authority.published[JWKS] = published()
    expect(await outcome(authority, await asked(), request)).toBeUndefined()
  })

  it('may rotate its keys: a set that lacks one is fetched again, once a minute', async () => {
    const authority = createTestAuthority()
    const { RS256, ES256 } = keys
    authority.published[JWKS] = { body: { keys: [RS256!.jwk] } }
    const attempt = async (alg: string) =>
      outcome(authority, await asked(), form(await sign(claimsAt(authority.clock.now), alg)))
    expect(await attempt('RS256')).toBeUndefined()
    authority.published[JWKS] = { body: { keys: [ES256!.jwk] } }
    expect(await attempt('ES256')).toBe('invalid_client')
    authority.clock.now += 61
    expect(await attempt('ES256')).toBeUndefined()
    expect(await attempt('RS256')).toBe('invalid_client')
    expect(authority.fetched).toHaveLength(2)
  })

  it('is told to try again where the replay guard cannot be reached', async () => {
    const authority = createTestAuthority()
    authority.published[JWKS] = published()
    const down = { ...authority.ports.replay, claim: () => Promise.reject(new Error('down')) }
    authority.ports.replay = reachable(down)
    const request = form(await sign(claimsAt(authority.clock.now)))
    expect(await outcome(authority, await asked(), request)).toBe('temporarily_unavailable')
  })

  it('keeps the method that was sealed: what its document says by now does not matter', async () => {
    const authority = createTestAuthority()
    authority.published[CHATGPT] = {
      body: { client_id: CHATGPT, client_name: 'x', redirect_uris: ['https://x.example/'] },
    }
    expect(await outcome(authority, await asked(), { form: { client_id: CHATGPT } })).toBe('invalid_client')
    expect(authority.fetched).toEqual([])
  })
})

/** The confusion of a public RSA key with an HMAC secret. */
function hmacWithPublicKey(claims: object, jwk: JWK): Promise<string> {
  const [payload, secret] = [claims, jwk].map((value) => new TextEncoder().encode(JSON.stringify(value)))
  return new CompactSign(payload!).setProtectedHeader({ alg: 'HS256', kid: 'RS256' }).sign(secret!)
}
