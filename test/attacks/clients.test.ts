/** Rows 15 and 19: what one client holds is of no use to another, and no token passes through in either direction. */
import { beforeAll, expect, it } from 'vitest'
import { startLogin } from '../login.ts'
import { newClient, Person, postForm, redeem, refresh, register, walkToCode } from '../person.ts'
import { attack } from './attack.ts'
import { calls, callTool, keep, openStage, type Stage } from './stage.ts'

const OTHER = 'https://other.example/cb'

/** The first client, signed in, and another that the same deployment knows. */
async function twoClients({ issuer }: Stage) {
  const [first, other] = await Promise.all([newClient({ issuer }), newClient({ issuer, redirect: OTHER })])
  const code = (await walkToCode(first)).get('code')!
  return { first, other, code }
}

attack(15, () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })

  it('another client does not redeem a code, with whatever it knows', async () => {
    const { first, other, code } = await twoClients(stage)
    await walkToCode(other)
    const tries = [
      redeem(other, code),
      redeem(other, code, { redirect_uri: first.redirect }),
      redeem(other, code, { redirect_uri: first.redirect, code_verifier: first.verifier }),
      redeem(other, code, { redirect_uri: undefined, code_verifier: first.verifier }),
      redeem(first, code, { code_verifier: other.verifier }),
    ]
    for (const { status, body } of await Promise.all(tries))
      expect([status, body.error]).toEqual([400, 'invalid_grant'])
    expect(calls(stage.provider, 'token')).toBe(0)
    expect((await redeem(first, code)).status).toBe(200)
  })

  it('nor with the name of the first in one place and its own in another', async () => {
    const { first, other, code } = await twoClients(stage)
    const basic = (id: string) => ({ authorization: `Basic ${btoa(`${id}:`)}` })
    const form = { grant_type: 'authorization_code', code, code_verifier: first.verifier }
    const before = calls(stage.provider, 'token')
    for (const [inBody, inHeader] of [
      [first, other],
      [other, first],
    ] as const) {
      const { status, body } = await postForm(
        `${stage.issuer}/token`,
        { ...form, client_id: inBody.clientId },
        basic(inHeader.clientId),
      )
      expect([status, body.error]).toEqual([401, 'invalid_client'])
    }
    expect(calls(stage.provider, 'token')).toBe(before)
  })

  it('another client does not refresh, and its try uses nothing up', async () => {
    const { first, other, code } = await twoClients(stage)
    const { body: tokens } = await redeem(first, code)
    const before = calls(stage.provider, 'token')
    const { status, body } = await refresh(other, tokens.refresh_token)
    expect([status, body.error]).toEqual([400, 'invalid_grant'])
    expect(calls(stage.provider, 'token')).toBe(before)
    expect((await refresh(first, tokens.refresh_token)).status).toBe(200)
  })

  it('another client that revokes gets its 200, and nothing is revoked', async () => {
    const { first, other, code } = await twoClients(stage)
    const { body: tokens } = await redeem(first, code)
    for (const token of [tokens.access_token, tokens.refresh_token, code, 'nothing'])
      for (const token_type_hint of ['access_token', 'refresh_token', undefined]) {
        const form = { token, token_type_hint, client_id: other.clientId }
        expect((await postForm(`${stage.issuer}/revoke`, form)).status).toBe(200)
      }
    for (const client_id of ['nobody', undefined])
      expect(
        (await postForm(`${stage.issuer}/revoke`, { token: tokens.refresh_token, client_id })).status,
      ).toBe(401)
    expect(calls(stage.provider, 'revocation')).toBe(0)
    expect((await callTool(stage.url, tokens.access_token)).status).toBe(200)
    expect((await refresh(first, tokens.refresh_token)).status).toBe(200)
  })

  it('its own client revokes for good', async () => {
    const { first, code } = await twoClients(stage)
    const { body: tokens } = await redeem(first, code)
    const form = { token: tokens.refresh_token, client_id: first.clientId }
    expect((await postForm(`${stage.issuer}/revoke`, form)).status).toBe(200)
    expect(calls(stage.provider, 'revocation')).toBe(1)
    expect((await refresh(first, tokens.refresh_token)).body.error).toBe('invalid_grant')
    expect((await callTool(stage.url, tokens.access_token)).status).toBe(401)
  })

  it('the secret of one client does not prove another', async () => {
    const metadata = { redirect_uris: [OTHER], token_endpoint_auth_method: 'client_secret_post' }
    const [one, two] = [await register(stage.issuer, metadata), await register(stage.issuer, metadata)]
    expect([one.client_id === two.client_id, one.client_secret === two.client_secret]).toEqual([false, false])
    const client = await newClient({ issuer: stage.issuer, clientId: one.client_id, redirect: OTHER })
    const code = (await walkToCode(client)).get('code')!
    expect((await redeem(client, code, { client_secret: two.client_secret })).body.error).toBe(
      'invalid_client',
    )
    const { status, body } = await redeem(client, code, { client_secret: one.client_secret })
    expect(status).toBe(200)
    const stolen = { token: body.refresh_token, client_id: one.client_id, client_secret: two.client_secret }
    expect((await postForm(`${stage.issuer}/revoke`, stolen)).status).toBe(401)
    expect((await refresh(client, body.refresh_token, { client_secret: one.client_secret })).status).toBe(200)
  })
})

attack(19, () => {
  it.each(['opaque', 'jwt'] as const)(
    'the provider’s own %s tokens do not open the connector',
    async (accessToken) => {
      const { url: issuer, sandbox } = keep(await startLogin({}, { accessToken }))
      const client = await newClient({ issuer })
      const { body } = await redeem(client, (await walkToCode(client)).get('code')!)
      expect((await callTool(issuer, body.access_token)).status).toBe(200)
      const { path, headers } = sandbox.requests.at(-1)!
      const upstream = headers.authorization!.slice('Bearer '.length)
      // The premise: upstream it is a real token.
      const direct = await fetch(`${sandbox.url}${path}`, {
        headers: { authorization: `Bearer ${upstream}` },
      })
      expect(direct.status).toBe(200)
      const before = sandbox.requests.length
      for (const headers of [{ authorization: `Bearer ${upstream}` }, { 'x-api-key': upstream }] as Record<
        string,
        string
      >[])
        for (const path of ['/mcp', '/', '/mcp/']) {
          const refused = await fetch(`${issuer}${path}`, {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body: '{}',
          })
          expect(refused.status).toBe(401)
        }
      expect((await refresh(client, upstream)).body.error).toBe('invalid_grant')
      expect(sandbox.requests.length).toBe(before)
      expect(JSON.stringify(body)).not.toContain(upstream)
    },
  )

  it('nothing that a client of ours holds goes upstream, and nothing of the upstream’s to a client', async () => {
    const { issuer, provider, sandbox } = await openStage({ provider: { accessToken: 'jwt' } })
    const client = await newClient({ issuer })
    const person = new Person()
    const answer = await walkToCode(client, person)
    const code = answer.get('code')!
    const { body: tokens } = await redeem(client, code)
    const called = await (await callTool(issuer, tokens.access_token)).text()
    const { body: fresh } = await refresh(client, tokens.refresh_token)
    await callTool(issuer, fresh.access_token)
    const form = { token: fresh.refresh_token, client_id: client.clientId }
    await postForm(`${issuer}/revoke`, form)
    const sent = JSON.stringify([provider.requests, sandbox.requests])
    expect(sandbox.requests.map(({ headers }) => headers.authorization?.slice(0, 9))).toContain('Bearer ey')
    for (const [name, value] of Object.entries({
      access: tokens.access_token,
      refresh: tokens.refresh_token,
      later: fresh.access_token,
      renewed: fresh.refresh_token,
      code,
      verifier: client.verifier,
      state: client.state,
      client: client.clientId,
    }))
      expect(sent.includes(value), name).toBe(false)
    const received = JSON.stringify([Object.fromEntries(answer), tokens, fresh, called])
    const theirs = sandbox.requests.map(({ headers }) => headers.authorization!.slice('Bearer '.length))
    const codes = provider.requests.flatMap(({ parameters }) => [
      parameters.code,
      parameters.refresh_token,
      parameters.code_verifier,
    ])
    for (const each of [...theirs, ...codes, provider.clientSecret])
      if (each !== undefined) expect(received).not.toContain(each)
  })
})
