/** A second identity provider, written by hand and unlike the sandbox's: it approves at once, and is particular on request. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose'

export interface ProviderOptions {
  /** Path of the issuer, such as `/realms/main`. */
  path?: string
  /** `openid` (default), `oauth`: only the document of RFC 8414, its path inserted; `none`: explicit endpoints. */
  discovery?: 'openid' | 'oauth' | 'none'
  authentication?: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none'
  /** Public key of a `private_key_jwt` client. */
  clientKey?: JWK | CryptoKey
  /** Whether a refresh ends the refresh token that it used, and its second use the whole grant; default true. */
  rotate?: boolean
  /** Whether a code is taken once; default true. */
  singleUse?: boolean
  /** `jwt`: about 3 KB of it. */
  accessToken?: 'opaque' | 'jwt'
  /** Seconds; default 300. */
  accessTokenTtl?: number
  /** Characters of codes and refresh tokens; default 40. */
  length?: number
  idToken?: boolean
  refreshToken?: boolean
  /** Refuses a parameter `resource` anywhere, as Entra does. */
  refuseResource?: boolean
  /** Refuses a refresh without `scope`. */
  requireScope?: boolean
  /** `iss` of the authorization response, where not its own; false leaves it out. */
  iss?: string | false
  /** Who is signed in, and what is said of them in the ID token, the access token (a JWT) and userinfo. */
  claims?: Record<string, unknown> & { sub: string }
  /** What userinfo says instead. */
  userinfo?: Record<string, unknown> & { sub: string }
  /** Endpoints that answer nothing but this error. */
  refuses?: Partial<Record<'token' | 'userinfo' | 'revocation', { status: number; error: string }>>
  /** What `organizationOf` answers for its access tokens; default `Aurora Studio`. */
  organization?: string
}

export interface ProviderRequest {
  method: string
  path: string
  headers: Record<string, string>
  /** Of the query or the form. */
  parameters: Record<string, string>
}

export interface Provider {
  readonly issuer: string
  readonly clientId: string
  /** Empty where the client has none. */
  readonly clientSecret: string
  readonly endpoints: { authorization: string; token: string; userinfo: string; revocation: string }
  /** May be changed at any time. */
  readonly options: ProviderOptions
  readonly requests: ProviderRequest[]
  organizationOf(accessToken: string): Promise<string | undefined>
  close(): Promise<void>
}

interface Grant {
  alive: boolean
  scope: string
}

interface Code {
  grant: Grant
  used: boolean
  expires: number
  redirect: string
  challenge: string
  nonce: string | undefined
}

class Refusal extends Error {
  readonly status: number
  constructor(code: string, status = 400) {
    super(code)
    this.status = status
  }
}

/** Starts it on a free port of 127.0.0.1. */
export async function startProvider(options: ProviderOptions = {}): Promise<Provider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = origin + (options.path ?? '')
  const secret = /^(none|private_key_jwt)$/.test(options.authentication ?? '')
    ? ''
    : 'a+secret/with:signs&more=%'
  const state = new State(issuer, secret, options, await generateKeyPair('ES256'))
  server.on('request', (request, response) => {
    answer(state, request, response).catch((error: Error) => {
      const status = error instanceof Refusal ? error.status : 500
      send(response, status, { error: error.message, error_description: 'refused by the second provider' })
    })
  })
  return {
    issuer,
    clientId: state.clientId,
    clientSecret: secret,
    endpoints: state.endpoints,
    options,
    requests: state.requests,
    organizationOf: async (token) =>
      state.reads(token) ? (options.organization ?? 'Aurora Studio') : undefined,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

class State {
  readonly clientId = 'client-42'
  readonly requests: ProviderRequest[] = []
  readonly codes = new Map<string, Code>()
  readonly refreshTokens = new Map<string, { grant: Grant; used: boolean }>()
  readonly accessTokens = new Map<string, { grant: Grant; expires: number }>()
  readonly assertions = new Set<string>()
  readonly issuer: string
  readonly secret: string
  readonly options: ProviderOptions
  readonly keys: { publicKey: CryptoKey; privateKey: CryptoKey }
  readonly endpoints: Provider['endpoints']

  constructor(issuer: string, secret: string, options: ProviderOptions, keys: State['keys']) {
    this.issuer = issuer
    this.secret = secret
    this.options = options
    this.keys = keys
    const at = (path: string) => `${issuer}/oauth2${path}`
    this.endpoints = {
      authorization: at('/auth'),
      token: at('/access_token'),
      userinfo: at('/me'),
      revocation: at('/revoke'),
    }
  }

  get claims() {
    return this.options.claims ?? { sub: 'u-1001', email: 'vera@example.org', organization: 'org_aurora' }
  }

  random(): string {
    const { length = 40 } = this.options
    return randomBytes(length).toString('base64url').slice(0, length)
  }

  reads(accessToken: string): boolean {
    const known = this.accessTokens.get(accessToken)
    return known?.grant.alive === true && known.expires > Date.now()
  }

  sign(claims: Record<string, unknown>, audience: string, typ: string, ttl: number): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'one', typ })
      .setIssuer(this.issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${ttl}s`)
      .setJti(randomUUID())
      .sign(this.keys.privateKey)
  }
}

type Route = (state: State, asked: ProviderRequest, response: ServerResponse) => Promise<unknown>

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', state.issuer)
  const form = request.method === 'POST' ? new URLSearchParams(await text(request)) : url.searchParams
  const asked: ProviderRequest = {
    method: request.method ?? '',
    path: url.pathname,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    parameters: Object.fromEntries(form),
  }
  state.requests.push(asked)
  const route = routesOf(state)[`${asked.method} ${url.origin}${url.pathname}`]
  if (route === undefined) return void response.writeHead(404).end()
  const refusal = Object.entries(state.options.refuses ?? {}).find(
    ([name]) => state.endpoints[name as keyof Provider['endpoints']] === url.origin + url.pathname,
  )?.[1]
  if (refusal !== undefined) throw new Refusal(refusal.error, refusal.status)
  if (state.options.refuseResource && form.has('resource')) throw new Refusal('invalid_target')
  const body = await route(state, asked, response)
  if (!response.writableEnded) send(response, 200, body)
}

function routesOf({ issuer, endpoints, options }: State): Record<string, Route> {
  const { origin, pathname } = new URL(issuer)
  const inserted = `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`
  const { discovery = 'openid' } = options
  return {
    ...(discovery === 'openid' && { [`GET ${issuer}/.well-known/openid-configuration`]: metadata }),
    ...(discovery === 'oauth' && { [`GET ${inserted}`]: metadata }),
    [`GET ${issuer}/keys`]: async ({ keys }) => ({
      keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }],
    }),
    [`GET ${endpoints.authorization}`]: authorize,
    [`POST ${endpoints.token}`]: token,
    [`GET ${endpoints.userinfo}`]: userinfo,
    [`POST ${endpoints.revocation}`]: revoke,
  }
}

const metadata: Route = async ({ issuer, endpoints, options }) => ({
  issuer,
  authorization_endpoint: endpoints.authorization,
  token_endpoint: endpoints.token,
  revocation_endpoint: endpoints.revocation,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: [options.authentication ?? 'client_secret_basic'],
  ...(options.iss === undefined && { authorization_response_iss_parameter_supported: true }),
  ...(options.discovery !== 'oauth' && {
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: endpoints.userinfo,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    scopes_supported: ['openid', 'offline_access'],
  }),
})

/** Asks nobody: whoever comes is signed in as the one user. */
const authorize: Route = async (state, { parameters }, response) => {
  const { client_id, redirect_uri = '', response_type, code_challenge = '', scope = '' } = parameters
  if (client_id !== state.clientId || !URL.canParse(redirect_uri)) throw new Refusal('invalid_request')
  if (response_type !== 'code' || parameters.code_challenge_method !== 'S256')
    throw new Refusal('invalid_request')
  const code = state.random()
  const grant = { alive: true, scope }
  const more = { nonce: parameters.nonce, used: false, expires: Date.now() + 60_000 }
  state.codes.set(code, { grant, redirect: redirect_uri, challenge: code_challenge, ...more })
  const location = new URL(redirect_uri)
  location.searchParams.set('code', code)
  if (parameters.state !== undefined) location.searchParams.set('state', parameters.state)
  const { iss = state.issuer } = state.options
  if (iss !== false) location.searchParams.set('iss', iss)
  response.writeHead(302, { location: location.href }).end()
}

const token: Route = async (state, asked) => {
  await authenticate(state, asked)
  if (asked.parameters.grant_type === 'authorization_code') return redeem(state, asked.parameters)
  if (asked.parameters.grant_type === 'refresh_token') return refresh(state, asked.parameters)
  throw new Refusal('unsupported_grant_type')
}

/** Takes the one way that the client is registered with, and no other (RFC 6749, 2.3; RFC 7523). */
async function authenticate(state: State, { headers, parameters }: ProviderRequest): Promise<void> {
  const { authentication = 'client_secret_basic', clientKey } = state.options
  const { client_id, client_secret, client_assertion } = parameters
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1]
  const [id, secret] = basic === undefined ? [] : atob(basic).split(':').map(formDecoded)
  const ways = [headers.authorization, client_secret, client_assertion].filter((way) => way !== undefined)
  const proven = {
    client_secret_basic: async () => id === state.clientId && secret === state.secret,
    client_secret_post: async () => client_id === state.clientId && client_secret === state.secret,
    none: async () => client_id === state.clientId,
    private_key_jwt: () => isAsserted(state, client_assertion ?? '', clientKey!),
  }
  if (ways.length > 1 || (authentication === 'none' && ways.length > 0) || !(await proven[authentication]()))
    throw new Refusal('invalid_client', 401)
}

function formDecoded(part: string): string {
  return decodeURIComponent(part.replaceAll('+', ' '))
}

async function isAsserted(state: State, assertion: string, key: JWK | CryptoKey): Promise<boolean> {
  const expected = {
    issuer: state.clientId,
    subject: state.clientId,
    audience: [state.issuer, state.endpoints.token],
    requiredClaims: ['exp', 'jti'],
  }
  const verified = await jwtVerify(assertion, key, expected).catch(() => undefined)
  const jti = verified?.payload.jti
  if (jti === undefined || state.assertions.has(jti)) return false
  state.assertions.add(jti)
  return true
}

function redeem(state: State, { code = '', redirect_uri, code_verifier = '' }: Record<string, string>) {
  const known = state.codes.get(code)
  const challenge = createHash('sha256').update(code_verifier).digest('base64url')
  const fits =
    known?.redirect === redirect_uri && known?.challenge === challenge && known.expires > Date.now()
  if (!known || !fits) throw new Refusal('invalid_grant')
  if (known.used && state.options.singleUse !== false) {
    known.grant.alive = false
    throw new Refusal('invalid_grant')
  }
  known.used = true
  return issue(state, known.grant, known.nonce, createRefreshToken(state, known.grant))
}

function refresh(state: State, { refresh_token = '', scope }: Record<string, string>) {
  const known = state.refreshTokens.get(refresh_token)
  if (state.options.requireScope && scope === undefined) throw new Refusal('invalid_request')
  if (!known?.grant.alive) throw new Refusal('invalid_grant')
  if (known.used) {
    known.grant.alive = false
    throw new Refusal('invalid_grant')
  }
  // One that does not rotate says nothing of the token again, and goes on taking it.
  if (state.options.rotate === false) return issue(state, known.grant, undefined, undefined)
  known.used = true
  return issue(state, known.grant, undefined, createRefreshToken(state, known.grant))
}

function createRefreshToken(state: State, grant: Grant): string | undefined {
  if (state.options.refreshToken === false) return undefined
  const refreshToken = state.random()
  state.refreshTokens.set(refreshToken, { grant, used: false })
  return refreshToken
}

async function issue(
  state: State,
  grant: Grant,
  nonce: string | undefined,
  refreshToken: string | undefined,
) {
  const { accessToken = 'opaque', accessTokenTtl = 300, idToken = true } = state.options
  // Groups are what makes the tokens of real providers long.
  const claims = { ...state.claims, scp: grant.scope, groups: Array.from({ length: 52 }, () => randomUUID()) }
  const access =
    accessToken === 'jwt'
      ? await state.sign(claims, 'api://ledger', 'at+jwt', accessTokenTtl)
      : state.random()
  state.accessTokens.set(access, { grant, expires: Date.now() + accessTokenTtl * 1000 })
  const withIdToken = idToken && grant.scope.split(' ').includes('openid')
  return {
    access_token: access,
    token_type: 'Bearer',
    expires_in: accessTokenTtl,
    scope: grant.scope,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(withIdToken && {
      id_token: await state.sign({ ...state.claims, nonce }, state.clientId, 'JWT', 300),
    }),
  }
}

const userinfo: Route = async (state, { headers }) => {
  const accessToken = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (accessToken === undefined || !state.reads(accessToken)) throw new Refusal('invalid_token', 401)
  return state.options.userinfo ?? state.claims
}

/** Ends the grant of a refresh token, but of an access token only itself (RFC 7009, 2.1). */
const revoke: Route = async (state, asked, response) => {
  await authenticate(state, asked)
  const { token: revoked = '' } = asked.parameters
  const known = state.refreshTokens.get(revoked)
  if (known) known.grant.alive = false
  state.accessTokens.delete(revoked)
  response.writeHead(200).end()
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
