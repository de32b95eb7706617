/** Row 30: what is secret is in no log, no cache, no error and no address that is told on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { newClient, Person, postForm, walkToCode } from '../person.ts'
import { attack } from './attack.ts'
import { type Deployment, openDeployment } from './deployment.ts'
import { expectPrivate, withParameters } from './pages.ts'
import { callTool, openStage, SECRETS } from './stage.ts'

const GOOD = 'https://desk.example/cb'
const JSON_TYPE = { 'content-type': 'application/json' }

attack(30, () => {
  let deployment: Deployment
  /** Everything that nobody may read afterwards, by name. */
  const secrets: Record<string, string> = {}
  const answers: [string, Response][] = []
  beforeAll(async () => {
    const claims = {
      sub: 'u-1001',
      email: 'vera@example.org',
      name: 'Vera Example',
      organization: 'org_aurora',
    }
    deployment = await openDeployment(
      { LECTERN_LOG: 'json', LECTERN_CONSENT_MEMORY: '600' },
      { accessToken: 'jwt', claims },
    )
    await walk()
  })

  /** One whole sign-in, and a failure at every door, each with what is real. */
  async function walk(): Promise<void> {
    const { issuer, provider, sandbox } = deployment
    const person = new Person()
    const get = async (what: string, url: string, init?: RequestInit, who = person) => {
      const step = await who.request(url, init)
      answers.push([what, step.response])
      return step
    }
    const post = (
      what: string,
      path: string,
      body: Record<string, string>,
      headers: Record<string, string> = {},
    ) => get(what, `${issuer}${path}`, { method: 'POST', headers, body: new URLSearchParams(body) })
    const registering = (what: string, body: string) =>
      get(what, `${issuer}/register`, { method: 'POST', headers: JSON_TYPE, body })
    const metadata = {
      redirect_uris: [GOOD],
      client_name: 'Desk',
      token_endpoint_auth_method: 'client_secret_post',
    }
    const registered = await registering('registration', JSON.stringify(metadata))
    await registering(
      'registration that is refused',
      JSON.stringify({ redirect_uris: ['javascript:alert(1)'] }),
    )
    await registering('registration that is too large', 'x'.repeat(9000))
    await registering('registration that is none', '{')
    const { client_id: clientId, client_secret: secret } = JSON.parse(registered.page)
    const client = await newClient({ issuer, clientId, redirect: GOOD })
    await get('unknown client', withParameters(client.authorizeUrl, { client_id: `${clientId}x` }))
    await get(
      'unlisted redirect',
      withParameters(client.authorizeUrl, { redirect_uri: 'https://evil.example/cb' }),
    )
    await get('no PKCE', withParameters(client.authorizeUrl, { code_challenge_method: undefined }))
    await get('repeated parameter', `${client.authorizeUrl}&state=again`)
    const page = await get('consent page', client.authorizeUrl)
    const transaction = /name="transaction" value="([^"]+)"/.exec(page.page)![1]!
    const own = { 'sec-fetch-site': 'same-origin' }
    await post(
      'cross-site approval',
      '/consent',
      { transaction, decision: 'approve' },
      { 'sec-fetch-site': 'cross-site' },
    )
    await post('old transaction', '/consent', { transaction: `${transaction}x`, decision: 'approve' }, own)
    await get(
      'approval without a cookie',
      `${issuer}/consent`,
      { method: 'POST', headers: own, body: new URLSearchParams({ transaction }) },
      new Person(),
    )
    await post('refusal', '/consent', { transaction, decision: 'deny' }, own)
    const approved = await post(
      'approval',
      '/consent',
      { transaction, decision: 'approve', remember: 'yes' },
      own,
    )
    const upstream = approved.response.headers.get('location')!
    const back = (await person.request(upstream)).response.headers.get('location')!
    await get('callback in another browser', back, {}, new Person())
    await get('callback without state', withParameters(back, { state: undefined }))
    await get(
      'callback with a changed state',
      withParameters(back, { state: `${new URL(back).searchParams.get('state')}x` }),
    )
    await get(
      'callback with an error',
      withParameters(back, {
        code: undefined,
        error: 'access_denied',
        error_description: 'vera@example.org',
      }),
    )
    await get('callback of another issuer', withParameters(back, { iss: 'https://evil.example' }))
    const came = await get('callback', back)
    const code = new URL(came.response.headers.get('location')!).searchParams.get('code')!
    const form = {
      grant_type: 'authorization_code',
      code,
      client_id: clientId,
      code_verifier: client.verifier,
      client_secret: secret,
    }
    await post('wrong verifier', '/token', { ...form, code_verifier: `${client.verifier}x` })
    await post('wrong secret', '/token', { ...form, client_secret: `${secret}x` })
    await post('wrong client', '/token', { ...form, client_id: `${clientId}x` })
    await post('wrong grant', '/token', { ...form, grant_type: code })
    await post('wrong resource', '/token', { ...form, resource: `https://other.example/${code}` })
    await get('form that is none', `${issuer}/token`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify(form),
    })
    await get('code in an address', `${issuer}/token?${new URLSearchParams(form)}`)
    const { body: tokens } = await postForm(`${issuer}/token`, form)
    await post('code used twice', '/token', form)
    // The provider takes that for theft; a second sign-in is for what comes after.
    const later = (await walkToCode(client)).get('code')!
    const redeemed = await post('code', '/token', { ...form, code: later })
    const live = JSON.parse(redeemed.page)
    await callTool(issuer, live.access_token)
    for (const bearer of [`${live.access_token}x`, live.refresh_token, later]) await callTool(issuer, bearer)
    await fetch(`${issuer}/mcp?access_token=${live.access_token}`, { method: 'POST' })
    await fetch(`${issuer}/${live.access_token}`)
    const renewing = {
      grant_type: 'refresh_token',
      refresh_token: live.refresh_token,
      client_id: clientId,
      client_secret: secret,
    }
    await post('refresh with another token', '/token', { ...renewing, refresh_token: live.access_token })
    const renewed = await post('refresh', '/token', renewing)
    await post('revocation by a stranger', '/revoke', {
      token: live.refresh_token,
      client_id: `${clientId}x`,
    })
    await post('revocation', '/revoke', {
      token: JSON.parse(renewed.page).refresh_token,
      client_id: clientId,
      client_secret: secret,
    })
    await post('revocation of nothing', '/revoke', { token: 'x', client_id: clientId, client_secret: secret })
    for (const path of ['/token', '/register', '/revoke', '/consent'])
      await get(`GET ${path}`, `${issuer}${path}`)
    for (const path of ['/authorize', '/callback', '/token'])
      await get(`PUT ${path}`, `${issuer}${path}`, { method: 'PUT' })
    Object.assign(secrets, {
      clientId,
      secret,
      state: client.state,
      verifier: client.verifier,
      challenge: new URL(client.authorizeUrl).searchParams.get('code_challenge'),
    })
    Object.assign(secrets, {
      transaction,
      upstreamState: new URL(upstream).searchParams.get('state'),
      nonce: new URL(upstream).searchParams.get('nonce'),
    })
    Object.assign(secrets, {
      code,
      later,
      access: live.access_token,
      refresh: live.refresh_token,
      first: tokens.access_token,
      renewed: JSON.parse(renewed.page).access_token,
    })
    for (const [at, [, value]] of [...person.jar.get(issuer)!].entries()) secrets[`cookie ${at}`] = value
    Object.assign(secrets, {
      email: 'vera@example.org',
      name: 'Vera Example',
      subject: 'u-1001',
      idp: provider.clientSecret,
      session: SECRETS.LECTERN_SESSION_SECRETS,
      registration: SECRETS.LECTERN_REGISTRATION_SECRETS,
    })
    for (const [at, { parameters }] of provider.requests.entries())
      for (const name of ['code', 'code_verifier', 'refresh_token', 'token', 'state', 'nonce'])
        if (parameters[name] !== undefined) secrets[`${name} upstream ${at}`] = parameters[name]
    for (const [at, { headers }] of sandbox.requests.entries())
      if (headers.authorization !== undefined)
        secrets[`bearer upstream ${at}`] = headers.authorization.slice('Bearer '.length)
  }

  it('the log of two processes over a whole sign-in, with a failure at every door, holds none of it', async () => {
    const output = () => deployment.one.output() + deployment.two.output()
    await expect.poll(() => output().split('\n').length).toBeGreaterThan(45)
    const log = output()
    expect(Object.keys(secrets).length).toBeGreaterThan(30)
    for (const [name, value] of Object.entries(secrets)) {
      expect(value?.length, name).toBeGreaterThan(5)
      // Eight characters of it would do to find it again; ids of ours are cut to as many.
      const parts = value.length > 40 ? [value.slice(0, 24), value.slice(-24), value.slice(20, 44)] : [value]
      for (const part of parts) expect(log.includes(part), `${name} in the log`).toBe(false)
    }
    expect(log).not.toMatch(/eyJ/)
    expect(log).not.toMatch(/@example\.org|Bearer |Basic |__Host|lectern-/)
    for (const line of log.trim().split('\n')) {
      const entry = JSON.parse(line)
      expect(line).toMatch(/^[\x20-\x7e]+$/)
      for (const value of Object.values(entry)) expect(String(value).length).toBeLessThanOrEqual(200)
    }
    // The failures are in there, and can be found by what was told.
    for (const error of ['invalid_client', 'invalid_grant', 'access_denied', 'invalid_redirect_uri', 'page'])
      expect(log).toContain(`"error":"${error}"`)
  })

  it('no answer is kept by a cache, and none tells its address to another site', () => {
    expect(answers.length).toBeGreaterThan(40)
    for (const [what, response] of answers) expectPrivate(response, `${what}: ${response.status}`)
  })

  it('nor is the answer to a fault of our own, which tells nothing of what was asked', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lectern-attack-'))
    const env = { LECTERN_EXCHANGE: 'callback', LECTERN_REPLAY_DIR: folder }
    const { issuer } = await openStage({ env })
    const client = await newClient({ issuer })
    const code = (await walkToCode(client)).get('code')!
    rmSync(folder, { recursive: true })
    const form = {
      grant_type: 'authorization_code',
      code,
      client_id: client.clientId,
      code_verifier: client.verifier,
    }
    const answer = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) })
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expectPrivate(answer)
    const told = await answer.text()
    for (const value of [code, client.verifier, client.clientId, folder, 'access_token'])
      expect(told).not.toContain(value)
  })

  it('no error repeats what it was given', async () => {
    const { issuer } = deployment
    for (const [name, value] of Object.entries(secrets)) {
      const form = {
        grant_type: 'authorization_code',
        code: value,
        code_verifier: value,
        client_id: value,
        client_secret: value,
        redirect_uri: value,
        resource: value,
      }
      const bodies = [
        (await postForm(`${issuer}/token`, form)).body,
        (await postForm(`${issuer}/token`, { grant_type: value })).body,
        (await postForm(`${issuer}/revoke`, { token: value, client_id: value })).body,
        await (await callTool(issuer, value.slice(0, 4000))).text(),
      ]
      expect(JSON.stringify(bodies).includes(value), name).toBe(false)
    }
  })
})
