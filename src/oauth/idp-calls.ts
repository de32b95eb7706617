/** The exchanges with the identity provider: where people are sent, the code, refresh, userinfo, revocation. */
import * as oauth from 'oauth4webapi'
import type { JsonObject } from '../json.ts'
import { digest } from '../sealing/random.ts'
import { OAuthError } from './errors.ts'
import type { Provider } from './idp.ts'
import { refuseUnavailable } from './idp-errors.ts'

/** What the provider handed out, and what it said about the person. */
export interface Tokens {
  access: string
  refresh?: string
  /** Seconds that the access token lives, where the provider says so. */
  expiresIn?: number
  /** Claims of the ID token, validated; absent without one. */
  claims?: JsonObject
}

/** `scopes` are those of the connector that the person agreed to; the provider is asked for those that it lists. */
export async function authorizationUrl(
  provider: Provider,
  state: string,
  verifier: string,
  scopes: readonly string[],
): Promise<string> {
  const server = await provider.server()
  const scope = wanted(provider, server, scopes)
  const challenge = await oauth.calculatePKCECodeChallenge(verifier)
  const nonce = scope.includes('openid') ? await nonceOf(verifier) : undefined
  return requestAddress(provider, server.authorization_endpoint!, { scope, state, challenge, nonce })
}

/** What is asked of the provider at `endpoint`; what protects the request cannot be declared away. */
export function requestAddress(
  { signIn, settings, client, callback }: Pick<Provider, 'signIn' | 'settings' | 'client' | 'callback'>,
  endpoint: string,
  asked: { scope: readonly string[]; state: string; challenge: string; nonce: string | undefined },
): string {
  const { prompt, resource, parameters = {} } = signIn.quirks ?? {}
  const url = new URL(endpoint)
  const all: Record<string, string | undefined> = {
    ...(prompt !== undefined && { prompt }),
    ...(resource !== undefined && { resource }),
    ...parameters,
    ...settings.idpParameters,
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: callback,
    scope: asked.scope.join(' ') || undefined,
    state: asked.state,
    code_challenge: asked.challenge,
    code_challenge_method: 'S256',
    nonce: asked.nonce,
  }
  for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}

/** The code of a callback, its `iss` checked (RFC 9207). Throws OAuthError where the provider answered with an error. */
export async function readCallback(provider: Provider, parameters: URLSearchParams): Promise<string> {
  const server = await provider.server()
  return provider.call(async () => {
    const code = oauth
      .validateAuthResponse(server, provider.client, parameters, oauth.skipStateCheck)
      .get('code')
    if (!code) throw new OAuthError('server_error', 'The identity provider answered without a code')
    return code
  })
}

export async function redeem(provider: Provider, code: string, verifier: string): Promise<Tokens> {
  const { client, callback } = provider
  const server = await provider.server()
  const proof = await provider.proof(server)
  return provider.call(async (options) => {
    // The callback checked the answer; the library takes no other than one that it has checked itself.
    const answer = new URLSearchParams({ code, iss: server.issuer })
    const valid = oauth.validateAuthResponse(server, client, answer, oauth.skipStateCheck)
    const all = { ...options, additionalParameters: additional(provider) }
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      proof,
      valid,
      callback,
      verifier,
      all,
    )
    refuseUnavailable(response)
    const nonce = (await hasIdToken(response)) ? { expectedNonce: await nonceOf(verifier) } : {}
    return read(await oauth.processAuthorizationCodeResponse(server, client, response, nonce))
  })
}

export async function refresh(provider: Provider, token: string, scopes: readonly string[]): Promise<Tokens> {
  const { client, signIn } = provider
  const server = await provider.server()
  const proof = await provider.proof(server)
  return provider.call(async (options) => {
    const scope = signIn.quirks?.scopeOnRefresh === false ? '' : wanted(provider, server, scopes).join(' ')
    const all = { ...options, additionalParameters: { ...additional(provider), ...(scope && { scope }) } }
    const response = await oauth.refreshTokenGrantRequest(server, client, proof, token, all)
    refuseUnavailable(response)
    return read(await oauth.processRefreshTokenResponse(server, client, response))
  })
}

/** Claims of userinfo, which must be of the ID token's `subject` where there was one (OpenID Connect Core, 5.3.2). */
export async function userinfo(
  provider: Provider,
  access: string,
  subject: string | undefined,
): Promise<JsonObject> {
  const { client } = provider
  const server = await provider.server()
  if (server.userinfo_endpoint === undefined) {
    throw new OAuthError(
      'server_error',
      'The identity provider did not complete the sign-in',
      'no userinfo_endpoint',
    )
  }
  return provider.call(async (options) => {
    const response = await oauth.userInfoRequest(server, client, access, options)
    refuseUnavailable(response)
    return (await oauth.processUserInfoResponse(
      server,
      client,
      subject ?? oauth.skipSubjectCheck,
      response,
    )) as JsonObject
  })
}

/** False where the provider revokes nothing (RFC 7009). */
export async function revoke(
  provider: Provider,
  token: string,
  hint: 'access_token' | 'refresh_token',
): Promise<boolean> {
  const { client } = provider
  const server = await provider.server()
  if (server.revocation_endpoint === undefined) return false
  const proof = await provider.proof(server)
  return provider.call(async (options) => {
    const all = { ...options, additionalParameters: { token_type_hint: hint } }
    const response = await oauth.revocationRequest(server, client, proof, token, all)
    refuseUnavailable(response)
    await oauth.processRevocationResponse(response)
    return true
  })
}

/** As set or declared; else of `openid`, `offline_access` and the connector's own what the provider lists. */
function wanted(
  { settings, signIn }: Provider,
  { scopes_supported: listed }: oauth.AuthorizationServer,
  scopes: readonly string[],
): readonly string[] {
  if (settings.idpScopes.length > 0) return settings.idpScopes
  if (signIn.scopes !== undefined) return signIn.scopes
  const offered = ['openid', 'offline_access', ...scopes].filter((scope) => listed?.includes(scope))
  return listed === undefined ? ['openid'] : offered
}

/** Not sent unless declared: some providers refuse the parameter (Entra: AADSTS9010010). */
function additional({ signIn }: Provider): Record<string, string> {
  const resource = signIn.quirks?.resource
  return resource === undefined ? {} : { resource }
}

/** Follows from the verifier, so that the state need not carry both. */
function nonceOf(verifier: string): Promise<string> {
  return digest(`nonce ${verifier}`, 22)
}

/** A provider may answer without an ID token; one that is there is checked, its nonce included. */
async function hasIdToken(response: Response): Promise<boolean> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  return typeof (body as { id_token?: unknown } | undefined)?.id_token === 'string'
}

function read(answer: oauth.TokenEndpointResponse): Tokens {
  const { access_token: access, refresh_token: refresh, expires_in: expiresIn } = answer
  const claims = oauth.getValidatedIdTokenClaims(answer)
  return {
    access,
    ...(refresh !== undefined && { refresh }),
    ...(expiresIn !== undefined && { expiresIn }),
    ...(claims !== undefined && { claims: claims as unknown as JsonObject }),
  }
}
