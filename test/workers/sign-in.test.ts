/** A whole sign-in at the Worker in real workerd: nothing of it needs Node, and the Durable Object keeps codes single. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { newClient, postForm, redeem, refresh, walkToCode } from '../person.ts'
import { type Dev, freePort, startWrangler } from './wrangler.ts'

const SECRETS = [
  'LECTERN_SESSION_SECRETS:5f2a9c31e87b40d6a1c4f39b7e0d82563b9e17f4c05a68d2914fb73ce620a58d',
  'LECTERN_REGISTRATION_SECRETS:c81d6be02f59a743906ed4187ab35cf2e49d0716b8a3527fd16c9083e5b4270a',
]

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await startSandbox({ identity: true })
})
afterAll(() => sandbox.close())

async function startWorker(vars: string[] = []): Promise<Dev> {
  const port = await freePort()
  const { issuer, clientId, clientSecret } = sandbox.identity!
  const all = [
    `LECTERN_PUBLIC_URL:http://127.0.0.1:${port}`,
    `LECTERN_UPSTREAM_URL:${sandbox.url}`,
    `LECTERN_IDP_ISSUER:${issuer}`,
    `LECTERN_IDP_CLIENT_ID:${clientId}`,
    `LECTERN_IDP_CLIENT_SECRET:${clientSecret}`,
    ...SECRETS,
    ...vars,
  ]
  return startWrangler(
    all.flatMap((each) => ['--var', each]),
    port,
  )
}

async function call(url: string, token: string): Promise<Response> {
  return fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"taxGroups.list"}}',
  })
}

describe.each([
  ['token', 'The identity provider no longer takes this grant'],
  ['callback', 'code is invalid or expired'],
])('with the provider’s code redeemed at %s', (exchange, replayed) => {
  let dev: Dev
  beforeAll(async () => {
    dev = await startWorker([`LECTERN_EXCHANGE:${exchange}`])
  })
  afterAll(() => dev.close())

  it('signs in, calls, refreshes, and takes a code once', async () => {
    const client = await newClient({ issuer: dev.url })
    const code = (await walkToCode(client)).get('code')!
    const signedIn = await redeem(client, code)
    expect(signedIn.status).toBe(200)
    const answer = await call(dev.url, signedIn.body.access_token)
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('tax_000001')])

    const refreshed = await refresh(client, signedIn.body.refresh_token)
    expect(refreshed.status).toBe(200)
    expect((await call(dev.url, refreshed.body.access_token)).status).toBe(200)

    const again = await redeem(client, code)
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant'])
    expect(again.body.error_description).toContain(replayed)
  })

  it('challenges, and ends what is revoked', async () => {
    const unknown = await call(dev.url, 'nonsense')
    expect(unknown.status).toBe(401)
    expect(unknown.headers.get('www-authenticate')).toContain(
      `resource_metadata="${dev.url}/.well-known/oauth-protected-resource/mcp"`,
    )
    const client = await newClient({ issuer: dev.url })
    const { body } = await redeem(client, (await walkToCode(client)).get('code')!)
    const ended = await postForm(`${dev.url}/revoke`, {
      token: body.refresh_token,
      client_id: client.clientId,
    })
    expect(ended.status).toBe(200)
    const after = await refresh(client, body.refresh_token)
    expect([after.status, after.body.error]).toEqual([400, 'invalid_grant'])
    expect((await call(dev.url, body.access_token)).status).toBe(401)
  })
})
