/** The sandbox's identity provider on a socket: OpenID Connect with two made-up people, and faults to choose from. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JWK } from 'jose'
import type { ClientMetadata } from 'oidc-provider'
import { type IdentityFault, identityFaults } from './identity-faults.ts'
import { type OpenedIssuer, openIssuer } from './identity-issuer.ts'
import { signIn, withConsent } from './identity-sign-in.ts'
import { demoClientId, type TokenReader } from './keys.ts'

export interface IdentityOptions {
  /** Default 0: any free one. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** Path of the issuer, such as `/tenant/main`; default none. */
  path?: string
  /** Whether each refresh brings a new refresh token and ends the old one; default true. */
  rotate?: boolean
  /** Default `opaque`. A `jwt` (RFC 9068) has the API as audience and does not open userinfo. */
  accessToken?: 'opaque' | 'jwt'
  /** Characters by which a JWT is made longer; default 0. */
  jwtPadding?: number
  /** Seconds that access tokens live; default 600. */
  accessTokenTtl?: number
  /** Default a random one. */
  clientSecret?: string
  /** Default `client_secret_basic`. */
  clientAuthentication?: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none'
  /** Public keys of a `private_key_jwt` client. */
  clientKeys?: JWK[]
  /** Matched exactly; default `/callback` on any port of loopback (RFC 8252, 7.3). */
  redirectUris?: string[]
  /** Signs in whoever signed in last without asking, as a provider does whose session is alive; default false. */
  remember?: boolean
}

/** A request as it came in: names of its parameters, never their values. */
export interface IdentityRequest {
  method: string
  /** Without its query. */
  path: string
  /** Of the query, or of the form. */
  parameters: string[]
  /** `grant_type` of a token request. */
  grant?: string
}

export interface Identity extends TokenReader {
  /** Without a trailing slash; discovery is at `<issuer>/.well-known/openid-configuration`. */
  readonly issuer: string
  readonly clientId: string
  /** Empty where the client has none. */
  readonly clientSecret: string
  /** The last 1,000 requests, the oldest first. */
  readonly requests: IdentityRequest[]
  /** How the token endpoint misbehaves; may be changed at any time. */
  fault: IdentityFault | undefined
  /** How long the fault `slow` waits, in milliseconds; at first 2,000. */
  slowMs: number
  /** Cuts every connection and stops listening. */
  close(): Promise<void>
}

const mostRequests = 1_000

/** Starts the provider. Throws IdentityMissing where its package is not there, else the error of `listen`, such as EADDRINUSE. */
export async function startIdentity(options: IdentityOptions = {}): Promise<Identity> {
  const { port = 0, host = '127.0.0.1', path = '' } = options
  const server = createServer()
  server.listen(port, host)
  await once(server, 'listening')
  const { port: bound } = server.address() as AddressInfo
  const issuer = `http://${host.includes(':') ? `[${host}]` : host}:${bound}${path}`
  const client = clientOf(options)
  const opened = await open(issuer, client, options).catch(async (error: unknown) => {
    await close(server)
    throw error
  })
  const identity: Identity = {
    issuer,
    clientId: client.client_id,
    clientSecret: client.client_secret ?? '',
    organizationOf: opened.organizationOf,
    requests: [],
    fault: undefined,
    slowMs: 2_000,
    close: () => close(server),
  }
  server.on('request', listener(identity, opened, { path, remember: options.remember ?? false }))
  return identity
}

function open(issuer: string, client: ClientMetadata, options: IdentityOptions): Promise<OpenedIssuer> {
  const { rotate = true, accessToken = 'opaque', jwtPadding = 0, accessTokenTtl = 600 } = options
  return openIssuer({ issuer, client, rotate, accessToken, jwtPadding, accessTokenTtl })
}

function clientOf(options: IdentityOptions): ClientMetadata {
  const { clientAuthentication = 'client_secret_basic', clientKeys, redirectUris } = options
  const { clientSecret = randomBytes(24).toString('base64url') } = options
  return {
    client_id: demoClientId,
    ...(clientAuthentication.startsWith('client_secret') && { client_secret: clientSecret }),
    ...(clientKeys && { jwks: { keys: clientKeys as never[] } }),
    token_endpoint_auth_method: clientAuthentication,
    // Only for a native application does the package leave the port of a loopback address open.
    application_type: redirectUris ? 'web' : 'native',
    redirect_uris:
      redirectUris ?? ['127.0.0.1', 'localhost', '[::1]'].map((name) => `http://${name}/callback`),
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }
}

/** Notes each request, takes the issuer's path off, and lets a fault, the sign-in page or the provider answer. */
function listener(
  identity: Identity,
  { provider }: OpenedIssuer,
  { path, remember }: { path: string; remember: boolean },
) {
  const noted = new WeakMap<IncomingMessage, IdentityRequest>()
  provider.use(async (ctx, next) => {
    await next()
    noteForm(noted.get(ctx.req)!, ctx.oidc?.body)
  })
  const answer = provider.callback()
  return (request: IncomingMessage, response: ServerResponse): void => {
    const [whole = '', query = ''] = (request.url ?? '').split(/\?(.*)/s)
    const parameters = [...new URLSearchParams(query).keys()]
    const entry: IdentityRequest = { method: request.method ?? '', path: whole, parameters }
    noted.set(request, entry)
    if (identity.requests.push(entry) > mostRequests) identity.requests.shift()
    if (!whole.startsWith(`${path}/`)) return void response.writeHead(404).end()
    const route = whole.slice(path.length)
    if (/^\/sign-in\/[\w-]+$/.test(route)) return void signIn(provider, request, response, { remember, path })
    const asked = route === '/authorize' ? withConsent(query) : query
    // The package makes addresses of the Host header and of what stands before the path that it is given.
    request.headers.host = new URL(identity.issuer).host
    const url = route + (asked && `?${asked}`)
    Object.assign(request, { url, originalUrl: path + url })
    const proceed = () => void answer(request, response)
    const note = (form: object) => noteForm(entry, form)
    if (identity.fault === undefined || route !== '/token') proceed()
    else identityFaults[identity.fault]({ request, response, slowMs: identity.slowMs, note, proceed })
  }
}

function noteForm(entry: IdentityRequest, form: object | undefined): void {
  if (form === undefined || entry.method !== 'POST') return
  entry.parameters = Object.keys(form)
  if ('grant_type' in form) entry.grant = String(form.grant_type)
}

function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  return closed
}
