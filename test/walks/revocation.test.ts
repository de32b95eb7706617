/** Who may end a sign-in (RFC 7009, 2.1), and what the client is told where the provider does not go along. */
import { describe, expect, it } from 'vitest'
import { call, deploy } from '../deployment.ts'
import { newClient, postForm, redeem, refresh, register, walkToCode } from '../person.ts'
import type { Provider } from '../provider.ts'

const REDIRECT = 'http://127.0.0.1:33999/callback'

/** A client that registered so, signed in; `proof` is what it sends along to show that it is itself. */
async function signInAs(issuer: string, method: string) {
  const metadata = { redirect_uris: [REDIRECT], token_endpoint_auth_method: method }
  const { client_id: clientId, client_secret } = await register(issuer, metadata)
  const client = await newClient({ issuer, clientId })
  const proof: Record<string, string> = client_secret === undefined ? {} : { client_secret }
  const { body } = await redeem(client, (await walkToCode(client)).get('code')!, proof)
  const revoke = (token: string, more: Record<string, string> = proof) =>
    postForm(`${issuer}/revoke`, { token, client_id: clientId, ...more })
  return { client, proof, body, revoke }
}

/** The tokens that the provider was asked to end, by their hints. */
function revocations({ requests, endpoints }: Provider) {
  const { pathname } = new URL(endpoints.revocation)
  return requests.filter(({ path }) => path === pathname).map(({ parameters }) => parameters.token_type_hint)
}

describe('a client that holds a secret', () => {
  it.each(['access_token', 'refresh_token'])('is asked for it before its %s is ended', async (kind) => {
    const { issuer, provider, sandbox } = await deploy()
    const { client, proof, body, revoke } = await signInAs(issuer, 'client_secret_post')
    for (const wrong of [{}, { client_secret: 'wrong' }, { client_secret: '' }]) {
      const refused = await revoke(body[kind], wrong)
      expect([refused.status, refused.body?.error]).toEqual([401, 'invalid_client'])
    }
    expect(revocations(provider)).toEqual([])
    expect((await call(issuer, body.access_token, sandbox)).status).toBe(200)

    expect((await revoke(body[kind])).status).toBe(200)
    expect(revocations(provider)).toEqual([kind])
    expect((await call(issuer, body.access_token, sandbox)).status).toBe(401)
    expect((await refresh(client, body.refresh_token, proof)).body.error).toBe('invalid_grant')
  })

  it('may send it as Basic too', async () => {
    const { issuer, sandbox } = await deploy()
    const { client, proof, body } = await signInAs(issuer, 'client_secret_basic')
    const authorization = `Basic ${btoa(`${client.clientId}:${proof.client_secret}`)}`
    const ended = await postForm(`${issuer}/revoke`, { token: body.access_token }, { authorization })
    expect([ended.status, (await call(issuer, body.access_token, sandbox)).status]).toEqual([200, 401])
  })
})

it('a public client ends its own access token without one', async () => {
  const { issuer, sandbox } = await deploy()
  const { body, revoke } = await signInAs(issuer, 'none')
  expect((await revoke(body.access_token)).status).toBe(200)
  expect((await call(issuer, body.access_token, sandbox)).status).toBe(401)
})

describe.each(['access_token', 'refresh_token'])('a provider that does not end the %s', (kind) => {
  it.each([
    [400, 'unsupported_token_type'],
    [400, 'invalid_request'],
    [401, 'invalid_client'],
  ])('and says %i %s: done here, and the client is told so', async (status, error) => {
    const { issuer, provider, sandbox } = await deploy({ refuses: { revocation: { status, error } } })
    const { client, body, revoke } = await signInAs(issuer, 'none')
    const answer = await revoke(body[kind])
    expect([answer.status, answer.body, answer.headers.get('cache-control')]).toEqual([
      200,
      undefined,
      'no-store',
    ])
    expect(revocations(provider)).toHaveLength(1)
    expect((await call(issuer, body.access_token, sandbox)).status).toBe(401)
    expect((await refresh(client, body.refresh_token)).body.error).toBe('invalid_grant')
  })

  it.each([503, 429])(
    'because it is out of reach (%i): 503, and the next try ends it there',
    async (status) => {
      const { issuer, provider, sandbox } = await deploy({
        refuses: { revocation: { status, error: 'busy' } },
      })
      const { body, revoke } = await signInAs(issuer, 'none')
      const answer = await revoke(body[kind])
      expect([answer.status, answer.body?.error]).toEqual([503, 'temporarily_unavailable'])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      // Here it is over already.
      expect((await call(issuer, body.access_token, sandbox)).status).toBe(401)

      provider.options.refuses = {}
      expect((await revoke(body[kind])).status).toBe(200)
      expect(revocations(provider)).toEqual([kind, kind])
    },
  )
})
