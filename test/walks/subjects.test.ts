/** Whom a sign-in is of: what the provider says of another person is not taken, and what it cannot say now ends nothing. */
import { describe, expect, it } from 'vitest'
import { call, deploy, exchanges, signIn } from '../deployment.ts'
import { newClient, redeem, refresh, walkToCode } from '../person.ts'

const HEADER = 'x-organization'
const organization = { from: 'userinfo', name: 'organization', header: HEADER } as const
const deployment = { access: { organization } }
const OTHER = { sub: 'u-2002', organization: 'org_aurora' }
const DOWN = { userinfo: { status: 503, error: 'temporarily_unavailable' } }

describe('userinfo of another person than the ID token’s', () => {
  it('ends the sign-in, and no token comes of it (OpenID Connect Core, 5.3.2)', async () => {
    const { issuer } = await deploy({ userinfo: OTHER }, deployment)
    const client = await newClient({ issuer })
    const { status, body } = await redeem(client, (await walkToCode(client)).get('code')!)
    expect([status, body.error]).toEqual([500, 'server_error'])
    expect(body).not.toHaveProperty('access_token')
  })

  it('and none of a redemption in the callback either', async () => {
    const { issuer } = await deploy(
      { userinfo: OTHER },
      { ...deployment, env: { LECTERN_EXCHANGE: 'callback' } },
    )
    const answer = await walkToCode(await newClient({ issuer }))
    expect([answer.get('error'), answer.has('code')]).toEqual(['server_error', false])
  })

  it('is refused at a refresh', async () => {
    const { provider, issuer } = await deploy({}, deployment)
    const { client, body } = await signIn(issuer)
    provider.options.userinfo = OTHER
    const refused = await refresh(client, body.refresh_token)
    expect([refused.status, refused.body.error]).toEqual([500, 'server_error'])
    expect(refused.body).not.toHaveProperty('access_token')
  })

  it.each([true, false])(
    'is refused at a refresh without an ID token too, where the sign-in had one (%s) or userinfo alone',
    async (idToken) => {
      const { provider, issuer, sandbox } = await deploy({ idToken }, deployment)
      const { client, body } = await signIn(issuer)
      provider.options.idToken = false
      const same = await refresh(client, body.refresh_token)
      expect((await call(issuer, same.body.access_token, sandbox)).headers[HEADER]).toBe('org_aurora')
      provider.options.userinfo = OTHER
      const refused = await refresh(client, same.body.refresh_token)
      expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant'])
    },
  )

  it('is taken where there is no ID token to hold it against', async () => {
    const { issuer, sandbox } = await deploy({ userinfo: OTHER, idToken: false }, deployment)
    const { body } = await signIn(issuer)
    const { status, text, headers } = await call(issuer, body.access_token, sandbox)
    expect([status, headers[HEADER]], `${text} ${JSON.stringify(headers)}`).toEqual([200, 'org_aurora'])
  })
})

describe('an ID token of another person at a refresh (OpenID Connect Core, 12.2)', () => {
  it.each([
    ['where no organization is declared', {}],
    ['of the same organization', { access: { organization: { ...organization, from: 'id_token' } } }],
  ] as const)('ends the connection, %s', async (_, deployment) => {
    const { provider, issuer } = await deploy({}, deployment)
    const { client, body } = await signIn(issuer)
    provider.options.claims = OTHER
    const { status, body: refused } = await refresh(client, body.refresh_token)
    expect([status, refused.error]).toEqual([400, 'invalid_grant'])
    expect(refused.error_description).toMatch(/answered for another person: connect again/)
  })

  it('is held against the person who signed in, though a refresh between them said nothing of anybody', async () => {
    const { provider, issuer } = await deploy()
    const { client, body } = await signIn(issuer)
    provider.options.idToken = false
    const silent = await refresh(client, body.refresh_token)
    expect(silent.status).toBe(200)
    Object.assign(provider.options, { idToken: true, claims: OTHER })
    expect((await refresh(client, silent.body.refresh_token)).body.error).toBe('invalid_grant')
  })

  it('of the same person goes on', async () => {
    const { provider, issuer, sandbox } = await deploy()
    const { client, body } = await signIn(issuer)
    provider.options.claims = { sub: 'u-1001', email: 'vera@elsewhere.example' }
    const renewed = await refresh(client, body.refresh_token)
    expect((await call(issuer, renewed.body.access_token, sandbox)).status).toBe(200)
  })
})

describe('userinfo that cannot be asked', () => {
  it('at a refresh costs nobody the sign-in: the organization stays, and the next refresh works', async () => {
    const { provider, issuer, sandbox } = await deploy({}, deployment)
    const { client, body } = await signIn(issuer)
    provider.options.refuses = DOWN
    const kept = await refresh(client, body.refresh_token)
    expect(kept.status).toBe(200)
    // It was asked for the organization, in vain.
    expect(provider.requests.filter(({ path }) => path.endsWith('/me'))).toHaveLength(2)
    expect((await call(issuer, kept.body.access_token, sandbox)).headers[HEADER]).toBe('org_aurora')

    provider.options.refuses = {}
    const next = await refresh(client, kept.body.refresh_token)
    expect((await call(issuer, next.body.access_token, sandbox)).headers[HEADER]).toBe('org_aurora')
    expect(exchanges(provider)).toHaveLength(3)
  })

  it('does not let another organization in once it answers again', async () => {
    const { provider, issuer } = await deploy({}, deployment)
    const { client, body } = await signIn(issuer)
    Object.assign(provider.options, {
      refuses: DOWN,
      claims: { sub: 'u-1001', organization: 'org_borealis' },
    })
    const kept = await refresh(client, body.refresh_token)
    provider.options.refuses = {}
    expect((await refresh(client, kept.body.refresh_token)).body.error).toBe('invalid_grant')
  })

  it('at the sign-in itself lets nobody in', async () => {
    const { issuer } = await deploy({ refuses: DOWN }, deployment)
    const client = await newClient({ issuer })
    const { status, body } = await redeem(client, (await walkToCode(client)).get('code')!)
    expect([status, body.error]).toEqual([503, 'temporarily_unavailable'])
  })
})
