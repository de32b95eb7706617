/** Row 25: a client that has a key or a secret proves it, each time, and no other method is talked into. */

import { SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { type Client, newClient, Person, postForm, redeem, register, walkToCode } from '../person.ts'
import { attack } from './attack.ts'
import { createSigner, openReadingStage } from './documents.ts'
import { asks, expectPage } from './pages.ts'
import { calls } from './stage.ts'

const GOOD = 'https://desk.example/cb'
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
type ReadingStage = Awaited<ReturnType<typeof openReadingStage>>
type Signer = Awaited<ReturnType<typeof createSigner>>

attack(25, () => {
  let stage: ReadingStage
  let signer: Signer
  let jwks_uri: string
  let count = 0
  beforeAll(async () => {
    stage = await openReadingStage()
    signer = await createSigner()
    jwks_uri = stage.publisher.publish('/keys.json', () => signer.keySet)
  })

  async function clientOf(document: object): Promise<Client> {
    const clientId = stage.publisher.publish(`/client-${count++}.json`, (client_id) => ({
      client_id,
      client_name: 'Desk',
      redirect_uris: [GOOD],
      ...document,
    }))
    return newClient({ issuer: stage.issuer, clientId, redirect: GOOD })
  }

  const keyed = () => clientOf({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri })
  const codeOf = async (client: Client) => (await walkToCode(client)).get('code')!
  const now = () => Math.floor(Date.now() / 1000)
  const proof = (client_assertion: string) => ({ client_assertion_type: TYPE, client_assertion })

  it.each([
    ['none', {}],
    ['an empty one', proof('')],
    ['one without its type', { client_assertion: 'GOOD' }],
    [
      'one of another type',
      {
        client_assertion: 'GOOD',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
      },
    ],
    ['a secret in its place', { client_secret: 'x' }],
    ['no token', proof('x')],
    ['a long one', proof(`${'a'.repeat(9000)}.a.a`)],
  ])('an assertion that is %s', async (_, given: Record<string, string>) => {
    const client = await keyed()
    const code = await codeOf(client)
    const before = calls(stage.provider, 'token')
    const form =
      given.client_assertion === 'GOOD'
        ? { ...given, client_assertion: await signer.assert(client.clientId, stage.issuer) }
        : given
    const { status, body } = await redeem(client, code, form)
    expect([status, body.error]).toEqual([401, 'invalid_client'])
    expect(calls(stage.provider, 'token')).toBe(before)
    expect(
      (await redeem(client, code, proof(await signer.assert(client.clientId, stage.issuer)))).status,
    ).toBe(200)
  })

  it.each<[string, (client: Client) => Promise<string>]>([
    [
      'expired',
      ({ clientId }) => signer.assert(clientId, stage.issuer, { exp: now() - 40, iat: now() - 100 }),
    ],
    ['without an end', ({ clientId }) => signer.assert(clientId, stage.issuer, { exp: undefined })],
    ['of an hour', ({ clientId }) => signer.assert(clientId, stage.issuer, { exp: now() + 3600 })],
    ['of the future', ({ clientId }) => signer.assert(clientId, stage.issuer, { nbf: now() + 100 })],
    ['for another server', ({ clientId }) => signer.assert(clientId, 'https://other.example')],
    ['for its resource', ({ clientId }) => signer.assert(clientId, `${stage.issuer}/mcp`)],
    ['for nobody', ({ clientId }) => signer.assert(clientId, stage.issuer, { aud: undefined })],
    [
      'for several',
      ({ clientId }) =>
        signer.assert(clientId, stage.issuer, { aud: [stage.issuer, 'https://other.example'] }),
    ],
    [
      'of another issuer',
      ({ clientId }) => signer.assert(clientId, stage.issuer, { iss: 'https://other.example' }),
    ],
    [
      'of another subject',
      ({ clientId }) => signer.assert(clientId, stage.issuer, { sub: 'https://other.example/c' }),
    ],
    ['without an issuer', ({ clientId }) => signer.assert(clientId, stage.issuer, { iss: undefined })],
    ['without an id', ({ clientId }) => signer.assert(clientId, stage.issuer, { jti: undefined })],
    ['with an empty id', ({ clientId }) => signer.assert(clientId, stage.issuer, { jti: '' })],
    ['under another key', async ({ clientId }) => (await createSigner()).assert(clientId, stage.issuer)],
    [
      'unsigned',
      async ({ clientId }) =>
        new UnsecuredJWT({ jti: 'x' })
          .setIssuer(clientId)
          .setSubject(clientId)
          .setAudience(stage.issuer)
          .setExpirationTime('1m')
          .encode(),
    ],
    [
      'under the public key as a secret',
      ({ clientId }) =>
        new SignJWT({ jti: 'x' })
          .setProtectedHeader({ alg: 'HS256', kid: 'one' })
          .setIssuer(clientId)
          .setSubject(clientId)
          .setAudience(stage.issuer)
          .setExpirationTime('1m')
          .sign(new TextEncoder().encode(JSON.stringify(signer.keySet.keys[0]))),
    ],
  ])('an assertion that is %s', async (_, made) => {
    const client = await keyed()
    const code = await codeOf(client)
    const before = calls(stage.provider, 'token')
    const { status, body } = await redeem(client, code, proof(await made(client)))
    expect([status, body.error]).toEqual([401, 'invalid_client'])
    expect(calls(stage.provider, 'token')).toBe(before)
    expect(
      (await redeem(client, code, proof(await signer.assert(client.clientId, stage.issuer)))).status,
    ).toBe(200)
  })

  it('an assertion is good once, for its own client, at token, refresh and revoke', async () => {
    const [client, other] = [await keyed(), await keyed()]
    const used = proof(await signer.assert(client.clientId, stage.issuer))
    const { body } = await redeem(client, await codeOf(client), used)
    expect(body).toHaveProperty('access_token')
    const refreshing = {
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token,
      client_id: client.clientId,
    }
    const before = calls(stage.provider, 'token')
    for (const given of [used, {}, proof(await signer.assert(other.clientId, stage.issuer))]) {
      const refused = await postForm(`${stage.issuer}/token`, { ...refreshing, ...given })
      expect([refused.status, refused.body.error]).toEqual([401, 'invalid_client'])
    }
    expect((await redeem(client, await codeOf(client), used)).body.error).toBe('invalid_client')
    const revoking = { token: body.refresh_token, client_id: client.clientId }
    expect((await postForm(`${stage.issuer}/revoke`, { ...revoking, ...used })).status).toBe(401)
    expect([calls(stage.provider, 'token'), calls(stage.provider, 'revocation')]).toEqual([before, 0])
    const good = proof(await signer.assert(client.clientId, `${stage.issuer}/token`))
    expect((await postForm(`${stage.issuer}/token`, { ...refreshing, ...good })).status).toBe(200)
  })

  const METHODS = [
    'none',
    'client_secret_basic',
    'client_secret_post',
    'private_key_jwt',
    'client_secret_jwt',
    'tls_client_auth',
    'unknown',
  ]

  it.each<[document: object, inForce: 'none' | 'private_key_jwt' | 'refused']>([
    [{}, 'none'],
    [{ token_endpoint_auth_method: 'none' }, 'none'],
    [{ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'KEYS' }, 'private_key_jwt'],
    [
      {
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
        jwks_uri: 'KEYS',
      },
      'private_key_jwt',
    ],
    [{ token_endpoint_auth_methods_supported: ['private_key_jwt'], jwks_uri: 'KEYS' }, 'private_key_jwt'],
    [{ token_endpoint_auth_methods_supported: METHODS, jwks_uri: 'KEYS' }, 'private_key_jwt'],
    [
      {
        token_endpoint_auth_method: 'tls_client_auth',
        token_endpoint_auth_methods_supported: ['tls_client_auth', 'none'],
      },
      'none',
    ],
    [{ token_endpoint_auth_method: 'private_key_jwt' }, 'refused'],
    [
      {
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
      },
      'refused',
    ],
    [{ token_endpoint_auth_method: 'client_secret_basic' }, 'refused'],
    [
      { token_endpoint_auth_method: 'client_secret_post', token_endpoint_auth_methods_supported: ['none'] },
      'refused',
    ],
    [{ token_endpoint_auth_method: 'client_secret_jwt' }, 'refused'],
    [{ token_endpoint_auth_method: 'tls_client_auth' }, 'refused'],
    [{ token_endpoint_auth_methods_supported: ['tls_client_auth'] }, 'refused'],
    [{ token_endpoint_auth_methods_supported: [] }, 'refused'],
    [{ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'http://127.0.0.1:1/keys' }, 'refused'],
  ])('of %j the method in force is %s', async (document, inForce) => {
    const client = await clientOf({
      ...document,
      ...('jwks_uri' in document && document.jwks_uri === 'KEYS' && { jwks_uri }),
    })
    const step = await new Person().request(client.authorizeUrl)
    if (inForce === 'refused') return expectPage(step, 400)
    expect(asks(step)).toBe(true)
    const code = await codeOf(client)
    const bare = await redeem(client, code)
    if (inForce === 'none') return expect(bare.status).toBe(200)
    expect([bare.status, bare.body.error]).toEqual([401, 'invalid_client'])
    expect((await redeem(client, code, { client_secret: 'x' })).status).toBe(401)
    expect(
      (await redeem(client, code, proof(await signer.assert(client.clientId, stage.issuer)))).status,
    ).toBe(200)
  })

  it.each(['client_secret_basic', 'client_secret_post', 'private_key_jwt'])(
    'a registration for %s is held to it',
    async (method) => {
      const metadata = {
        redirect_uris: [GOOD],
        token_endpoint_auth_method: method,
        ...(method === 'private_key_jwt' && { jwks_uri }),
      }
      const { client_id: clientId, client_secret } = await register(stage.issuer, metadata)
      const client = await newClient({ issuer: stage.issuer, clientId, redirect: GOOD })
      const code = await codeOf(client)
      const before = calls(stage.provider, 'token')
      const wrong: Record<string, string>[] = [
        {},
        { client_secret: '' },
        { client_secret: 'x' },
        proof('x.y.z'),
      ]
      for (const given of wrong) expect((await redeem(client, code, given)).body.error).toBe('invalid_client')
      expect(calls(stage.provider, 'token')).toBe(before)
      const right =
        client_secret === undefined ? proof(await signer.assert(clientId, stage.issuer)) : { client_secret }
      expect((await redeem(client, code, right)).status).toBe(200)
    },
  )

  it('nobody registers for a method that is not checked', async () => {
    for (const method of [
      'client_secret_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
      'None',
      '',
      'x',
    ]) {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ redirect_uris: [GOOD], token_endpoint_auth_method: method })
      expect(
        (await fetch(`${stage.issuer}/register`, { method: 'POST', headers, body })).status,
        method,
      ).toBe(400)
    }
  })
})
