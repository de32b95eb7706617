/** Rows 12 and 14: a code is for whoever asked for it, and a wrong try uses nothing up. */
import { createHash } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { seal } from '../../src/sealing/seal.ts'
import { type Client, newClient, Person, postForm, redeem, register, walkToCode } from '../person.ts'
import { attack } from './attack.ts'
import { asks, withParameters } from './pages.ts'
import { calls, openStage, ringOf, type Stage } from './stage.ts'

const s256 = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')
const REDIRECT = 'https://desk.example/cb'

attack(12, () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })

  it.each([
    ['no challenge', { code_challenge: undefined }],
    ['no method, which would mean plain', { code_challenge_method: undefined }],
    ['neither', { code_challenge: undefined, code_challenge_method: undefined }],
    ['plain', { code_challenge_method: 'plain' }],
    ['an unknown method', { code_challenge_method: 'S512' }],
    ['another spelling', { code_challenge_method: 's256' }],
    ['an empty challenge', { code_challenge: '' }],
    ['42 characters', { code_challenge: 'a'.repeat(42) }],
    ['44 characters', { code_challenge: 'a'.repeat(44) }],
    ['a padded challenge', { code_challenge: `${'a'.repeat(42)}=` }],
    ['a challenge in plain Base64', { code_challenge: `${'a'.repeat(41)}+/` }],
    ['white space after it', { code_challenge: `${'a'.repeat(43)}\n` }],
  ])('%s at authorize goes back as an error, before anybody is asked', async (_, changed) => {
    const { authorizeUrl } = await newClient({ issuer: stage.issuer, redirect: REDIRECT })
    const step = await new Person().request(withParameters(authorizeUrl, changed))
    expect(asks(step)).toBe(false)
    const { searchParams } = new URL(step.response.headers.get('location')!)
    expect([searchParams.get('error'), searchParams.has('code')]).toEqual(['invalid_request', false])
  })

  it.each([
    ['no verifier', undefined],
    ['an empty one', ''],
    ['another one', 'b'.repeat(43)],
    ['the challenge itself', 'CHALLENGE'],
    ['42 characters of it', 'CUT'],
    ['one more character', 'LONGER'],
  ])('%s at token is refused', async (_, given) => {
    const client = await newClient({ issuer: stage.issuer })
    const { verifier } = client
    const made: Record<string, string> = {
      CHALLENGE: s256(verifier),
      CUT: verifier.slice(0, 42),
      LONGER: `${verifier}a`,
    }
    const code = (await walkToCode(client)).get('code')!
    const before = calls(stage.provider, 'token')
    const { status, body } = await redeem(client, code, { code_verifier: given && (made[given] ?? given) })
    expect([status, body.error]).toEqual([400, given ? 'invalid_grant' : 'invalid_request'])
    expect(calls(stage.provider, 'token')).toBe(before)
    expect((await redeem(client, code)).status).toBe(200)
  })

  it.each([
    ['42 characters', 'a'.repeat(42)],
    ['129 characters', 'a'.repeat(129)],
    ['white space', `${'a'.repeat(42)} `],
    ['characters beyond ASCII', `${'a'.repeat(42)}é`],
    ['a line break at its end', `${'a'.repeat(43)}\n`],
  ])('a verifier of %s is refused even where the challenge is its own', async (_, verifier) => {
    const client = await newClient({ issuer: stage.issuer })
    client.authorizeUrl = withParameters(client.authorizeUrl, { code_challenge: s256(verifier) })
    const code = (await walkToCode(client)).get('code')!
    const { status, body } = await redeem(client, code, { code_verifier: verifier })
    expect([status, body.error]).toEqual([400, 'invalid_grant'])
    for (const length of [43, 128]) {
      const right = await newClient({ issuer: stage.issuer })
      right.authorizeUrl = withParameters(right.authorizeUrl, { code_challenge: s256('a'.repeat(length)) })
      const fresh = (await walkToCode(right)).get('code')!
      expect((await redeem(right, fresh, { code_verifier: 'a'.repeat(length) })).status).toBe(200)
    }
  })

  it('a verifier for a code without a challenge is refused, were there such a code', async () => {
    const client = await newClient({ issuer: stage.issuer })
    const now = Date.now() / 1000
    const { client: id, ...session } = await sessionOf(client)
    const provider = { code: 'x', verifier: 'y' }
    for (const challenge of ['', client.verifier, s256('')]) {
      const code = { session: { client: id, ...session }, redirect: client.redirect, challenge, provider }
      const forged = await seal(ringOf(stage.issuer), 'code', code, now, 60)
      for (const code_verifier of [client.verifier, '', undefined]) {
        const { status, body } = await redeem(client, forged, { code_verifier })
        expect([status, Object.keys(body)]).toEqual([400, ['error', 'error_description']])
      }
    }
    expect(stage.provider.requests.filter(({ parameters }) => parameters.code === 'x')).toEqual([])
  })

  it('the metadata names S256 and nothing else, wherever it is looked for', async () => {
    const names = ['oauth-authorization-server', 'openid-configuration']
    const paths = names.flatMap((name) => [
      `/.well-known/${name}`,
      `/.well-known/${name}/mcp`,
      `/mcp/.well-known/${name}`,
    ])
    for (const path of paths) {
      const metadata = (await (await fetch(`${stage.issuer}${path}`)).json()) as Record<string, unknown>
      expect(metadata.code_challenge_methods_supported, path).toEqual(['S256'])
      expect(metadata.response_types_supported, path).toEqual(['code'])
    }
  })

  it('no other response type leads around it', async () => {
    for (const response_type of ['token', 'id_token', 'code token', 'code id_token', 'none', undefined, '']) {
      const { authorizeUrl } = await newClient({ issuer: stage.issuer, redirect: REDIRECT })
      const { response } = await new Person().request(withParameters(authorizeUrl, { response_type }))
      const location = response.headers.get('location')!
      expect(new URL(location).searchParams.get('error')).toBe('unsupported_response_type')
      expect(location).not.toMatch(/#|access_token|[?&]code=/)
    }
  })
})

/** A session as its code would carry it. */
async function sessionOf({ clientId }: Client) {
  const client = createHash('sha256').update(clientId).digest('base64url').slice(0, 22)
  const began = Math.floor(Date.now() / 1000)
  return {
    client,
    authentication: 'none',
    resource: '/mcp',
    scopes: ['invoices:read'],
    family: 'f'.repeat(22),
    began,
  }
}

attack(14, () => {
  const WRONG: [string, (client: Client, other: Client) => Record<string, string | undefined>][] = [
    ['verifier', () => ({ code_verifier: 'b'.repeat(43) })],
    ['verifier left out', () => ({ code_verifier: undefined })],
    ['client', (_, other) => ({ client_id: other.clientId })],
    ['client and verifier', (_, other) => ({ client_id: other.clientId, code_verifier: other.verifier })],
    ['client left out', () => ({ client_id: undefined })],
    ['client that is unknown', () => ({ client_id: 'nobody' })],
    ['redirect URI', () => ({ redirect_uri: 'https://evil.example/cb' })],
    ['redirect URI, but for a slash', ({ redirect }) => ({ redirect_uri: `${redirect}/` })],
    ['port of the redirect URI', () => ({ redirect_uri: 'http://127.0.0.1:33998/callback' })],
    ['resource', () => ({ resource: 'https://other.example/mcp' })],
    ['path of the resource', ({ issuer }) => ({ resource: `${issuer}/other` })],
    ['secret, where there is none', () => ({ client_secret: 'guessed' })],
    ['grant', () => ({ grant_type: 'refresh_token' })],
    ['grant and field', () => ({ grant_type: 'refresh_token', refresh_token: 'CODE', code: undefined })],
  ]

  it.each(['token', 'callback'])(
    'a leaked code is not used up by a wrong try (exchange: %s)',
    async (exchange) => {
      const { issuer, provider } = await openStage({ env: { LECTERN_EXCHANGE: exchange } })
      const [client, other] = await Promise.all([
        newClient({ issuer }),
        newClient({ issuer, redirect: REDIRECT }),
      ])
      const code = (await walkToCode(client)).get('code')!
      const before = calls(provider, 'token')
      expect(before).toBe(exchange === 'token' ? 0 : 1)
      for (const [what, wrong] of WRONG) {
        const given = wrong(client, other)
        if (given.refresh_token === 'CODE') given.refresh_token = code
        const { status, body } = await redeem(client, code, given)
        expect([400, 401], what).toContain(status)
        expect(Object.keys(body), what).toEqual(['error', 'error_description'])
      }
      const doubled = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        client_id: client.clientId,
        code_verifier: client.verifier,
      })
      doubled.append('code', code)
      expect((await fetch(`${issuer}/token`, { method: 'POST', body: doubled })).status).toBe(400)
      expect(calls(provider, 'token')).toBe(before)
      expect((await redeem(client, code)).status).toBe(200)
      expect(calls(provider, 'token')).toBe(1)
    },
  )

  it('nor by one without the secret that its client has', async () => {
    const { issuer, provider } = await openStage()
    const redirect = 'https://desk.example/cb'
    const metadata = { redirect_uris: [redirect], token_endpoint_auth_method: 'client_secret_basic' }
    const { client_id: clientId, client_secret } = await register(issuer, metadata)
    const client = await newClient({ issuer, clientId, redirect })
    const code = (await walkToCode(client)).get('code')!
    const basic = (secret: string) => ({ authorization: `Basic ${btoa(`${clientId}:${secret}`)}` })
    for (const given of [{}, { client_secret: 'x' }, { client_secret: client_secret.slice(1) }])
      expect((await redeem(client, code, given)).body.error).toBe('invalid_client')
    const form = { grant_type: 'authorization_code', code, code_verifier: client.verifier }
    expect((await postForm(`${issuer}/token`, form, basic('x'))).status).toBe(401)
    const twice = { ...form, client_secret: 'x' }
    expect((await postForm(`${issuer}/token`, twice, basic(client_secret))).status).toBe(401)
    expect(calls(provider, 'token')).toBe(0)
    expect((await postForm(`${issuer}/token`, form, basic(client_secret))).status).toBe(200)
  })

  it('nor by a callback that is opened where it does not belong', async () => {
    const { issuer, provider } = await openStage()
    const client = await newClient({ issuer })
    const person = new Person()
    const upstream = await person.submit(await person.request(client.authorizeUrl), { decision: 'approve' })
    const back = (await person.request(upstream.response.headers.get('location')!)).response.headers.get(
      'location',
    )!
    for (let times = 0; times < 3; times++)
      expect((await new Person().request(back)).response.status).toBe(403)
    const end = await person.follow(await person.request(back), client.redirect)
    expect((await redeem(client, new URL(end.url).searchParams.get('code')!)).status).toBe(200)
    expect(calls(provider, 'token')).toBe(1)
  })
})
