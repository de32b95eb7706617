/** The second provider of the tests is as particular as it was told to be, seen by a client that others wrote. */
import { type CryptoKey, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterEach, describe, expect, it } from 'vitest'
import { type Provider, type ProviderOptions, startProvider } from '../provider.ts'

const redirect = 'http://127.0.0.1:4998/callback'
const http = { [oauth.allowInsecureRequests]: true } as const

let provider: Provider
afterEach(() => provider.close())

/** Discovers as told, or takes the explicit endpoints. */
async function discover({ issuer, endpoints, options }: Provider): Promise<oauth.AuthorizationServer> {
  if (options.discovery === 'none') {
    const { authorization, token, userinfo, revocation } = endpoints
    return {
      issuer,
      authorization_endpoint: authorization,
      token_endpoint: token,
      userinfo_endpoint: userinfo,
      revocation_endpoint: revocation,
    }
  }
  const algorithm = options.discovery === 'oauth' ? 'oauth2' : 'oidc'
  const response = await oauth.discoveryRequest(new URL(issuer), { ...http, algorithm })
  return oauth.processDiscoveryResponse(new URL(issuer), response)
}

async function start(options: ProviderOptions, key?: CryptoKey) {
  provider = await startProvider(options)
  const server = await discover(provider)
  const client: oauth.Client = { client_id: provider.clientId }
  const { authentication = 'client_secret_basic' } = options
  const prove = {
    client_secret_basic: () => oauth.ClientSecretBasic(provider.clientSecret),
    client_secret_post: () => oauth.ClientSecretPost(provider.clientSecret),
    none: () => oauth.None(),
    private_key_jwt: () => oauth.PrivateKeyJwt(key!),
  }[authentication]()

  async function code(more: Record<string, string> = {}) {
    const verifier = oauth.generateRandomCodeVerifier()
    const own = { client_id: client.client_id, redirect_uri: redirect, response_type: 'code', state: 's' }
    const pkce = {
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }
    const query = new URLSearchParams({ ...own, ...pkce, scope: 'openid offline_access', ...more })
    const response = await fetch(`${server.authorization_endpoint}?${query}`, { redirect: 'manual' })
    return { verifier, response, answer: new URL(response.headers.get('location') ?? 'about:blank') }
  }

  async function redeem({ verifier, answer }: { verifier: string; answer: URL }) {
    const parameters = oauth.validateAuthResponse(server, client, answer, 's')
    const grant = [parameters, redirect, verifier, http] as const
    const response = await oauth.authorizationCodeGrantRequest(server, client, prove, ...grant)
    return oauth.processAuthorizationCodeResponse(server, client, response)
  }

  async function refresh(refreshToken: string, scope?: string) {
    const options = { ...http, ...(scope !== undefined && { additionalParameters: { scope } }) }
    const response = await oauth.refreshTokenGrantRequest(server, client, prove, refreshToken, options)
    return oauth.processRefreshTokenResponse(server, client, response)
  }

  const signIn = async () => redeem(await code())
  return { server, client, prove, code, redeem, refresh, signIn }
}

const { privateKey, publicKey } = await generateKeyPair('RS256')

describe('it signs in', () => {
  const rows: [string, ProviderOptions][] = [
    ['as it is', {}],
    ['under a path', { path: '/realms/main' }],
    ['with the document of RFC 8414 alone', { path: '/realms/main', discovery: 'oauth', idToken: false }],
    ['without discovery', { discovery: 'none', idToken: false }],
    ['with a secret in the form', { authentication: 'client_secret_post' }],
    ['without a secret', { authentication: 'none' }],
    ['with an assertion', { authentication: 'private_key_jwt', clientKey: publicKey }],
    ['without saying iss', { iss: false }],
  ]
  it.each(rows)('%s', async (_, options) => {
    const { signIn, refresh, server, client, prove } = await start(options, privateKey)
    const first = await signIn()
    expect(oauth.getValidatedIdTokenClaims(first)?.organization).toBe(
      options.idToken === false ? undefined : 'org_aurora',
    )
    const { access_token, refresh_token } = await refresh(first.refresh_token!)
    expect(await provider.organizationOf(access_token)).toBe('Aurora Studio')
    const userinfo = await fetch(provider.endpoints.userinfo, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect(await userinfo.json()).toMatchObject({ sub: 'u-1001' })
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, prove, refresh_token!, http),
    )
    expect(await provider.organizationOf(access_token)).toBeUndefined()
    expect(provider.requests.at(-1)).toMatchObject({
      path: expect.stringMatching(/revoke$/),
      parameters: { token: refresh_token },
    })
  })
})

describe('it is particular', () => {
  it('rotates, and ends the grant on the second use', async () => {
    const { signIn, refresh } = await start({})
    const first = (await signIn()).refresh_token!
    const second = await refresh(first)
    await expect(refresh(first)).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(refresh(second.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' })
    expect(await provider.organizationOf(second.access_token)).toBeUndefined()
  })

  it('does not rotate, and says nothing of the token again', async () => {
    const { signIn, refresh } = await start({ rotate: false })
    const { refresh_token } = await signIn()
    expect((await refresh(refresh_token!)).refresh_token).toBeUndefined()
    expect((await refresh(refresh_token!)).access_token).toBeDefined()
  })

  it.each([
    [true, 'invalid_grant'],
    [false, undefined],
  ])('takes a code once: %s', async (singleUse, error) => {
    const { code, redeem } = await start({ singleUse })
    const answer = await code()
    await redeem(answer)
    const again = await redeem(answer).then(
      () => undefined,
      (refusal: oauth.ResponseBodyError) => refusal.error,
    )
    expect(again).toBe(error)
  })

  it('hands out JWTs of 3 KB that its keys verify', async () => {
    const { signIn } = await start({ accessToken: 'jwt' })
    const { access_token } = await signIn()
    expect(access_token.length).toBeGreaterThan(3000)
    expect(access_token.length).toBeLessThan(3600)
    expect(await provider.organizationOf(access_token)).toBe('Aurora Studio')
  })

  it('makes long codes and refresh tokens', async () => {
    const { code, redeem } = await start({ length: 1500 })
    const answer = await code()
    expect(answer.answer.searchParams.get('code')).toHaveLength(1500)
    expect((await redeem(answer)).refresh_token).toHaveLength(1500)
  })

  it('keeps its tokens back', async () => {
    const { signIn } = await start({ idToken: false, refreshToken: false })
    expect(Object.keys(await signIn()).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type'])
  })

  it('refuses resource, and a refresh without scope', async () => {
    const { code, redeem, refresh } = await start({ refuseResource: true, requireScope: true })
    expect((await code({ resource: 'https://mcp.example.com/mcp' })).response.status).toBe(400)
    const { refresh_token } = await redeem(await code())
    await expect(refresh(refresh_token!)).rejects.toMatchObject({ error: 'invalid_request' })
    expect((await refresh(refresh_token!, 'openid')).access_token).toBeDefined()
  })

  it('says another iss', async () => {
    const { signIn } = await start({ iss: 'https://elsewhere.example' })
    await expect(signIn()).rejects.toThrow(/"iss"/)
  })

  it('refuses a wrong secret, a wrong verifier and a second way to prove the client', async () => {
    const { code, client, server, redeem } = await start({})
    const answer = await code()
    await expect(redeem({ ...answer, verifier: 'x'.repeat(43) })).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    const parameters = oauth.validateAuthResponse(server, client, answer.answer, 's')
    const grant = [parameters, redirect, answer.verifier, http] as const
    for (const prove of [oauth.ClientSecretBasic('wrong'), oauth.ClientSecretPost(provider.clientSecret)]) {
      const { status } = await oauth.authorizationCodeGrantRequest(server, client, prove, ...grant)
      expect(status).toBe(401)
    }
  })
})
