/** The identity provider, toward which Lectern is a client (oauth4webapi): who it is, how we prove ourselves, one deadline. */
import { importJWK, type JWK } from 'jose'
import * as oauth from 'oauth4webapi'
import type { ClientAuth, ProviderSignIn } from '../access/access.ts'
import { discover, isEndpointOf, SIGNATURES } from '../access/issuer.ts'
import type { OAuthPorts, Ports } from '../ports.ts'
import { isLoopbackUrl, type Settings } from '../settings.ts'
import { OAuthError } from './errors.ts'
import { providerError } from './idp-errors.ts'

export interface Provider {
  signIn: ProviderSignIn
  settings: Settings
  client: oauth.Client
  /** Our redirect URI at the provider. */
  callback: string
  /** Its metadata, found once an hour; what was found holds while it cannot be found again. */
  server(): Promise<oauth.AuthorizationServer>
  /** How we prove ourselves to it. */
  proof(server: oauth.AuthorizationServer): Promise<oauth.ClientAuth>
  /** Runs one exchange under one deadline. Throws OAuthError and nothing else: what failed is named as RFC 6749 does. */
  call<T>(run: (options: CallOptions) => Promise<T>): Promise<T>
}

/** What each request of the library takes: our way out, the deadline, and http where the provider is on loopback. */
export interface CallOptions {
  signal: AbortSignal
  [oauth.allowInsecureRequests]: boolean
  [oauth.customFetch]: OAuthPorts['fetch']
}

export interface ProviderOptions {
  signIn: ProviderSignIn
  callback: string
  settings: Settings
  ports: Ports & OAuthPorts
}

/** The deployment's settings complete the declaration; both were checked at start. */
export function createProvider({ signIn, callback, settings, ports }: ProviderOptions): Provider {
  const issuer = settings.idpIssuer ?? signIn.issuer
  const known = [issuer, signIn.endpoints?.token].filter((url) => url !== undefined)
  const insecure = known.some((url) => isLoopbackUrl(new URL(url)))
  let key: ReturnType<typeof importKey> | undefined

  async function call<T>(run: (options: CallOptions) => Promise<T>): Promise<T> {
    const stop = new AbortController()
    const cancel = ports.after(settings.idpTimeout, () => stop.abort())
    try {
      return await run({
        signal: stop.signal,
        [oauth.allowInsecureRequests]: insecure,
        [oauth.customFetch]: ports.fetch,
      })
    } catch (error) {
      throw providerError(error)
    } finally {
      cancel()
    }
  }

  return {
    signIn,
    settings,
    client: { client_id: settings.idpClientId ?? '' },
    callback,
    server: hourly(ports.now, settings.idpTimeout, () =>
      call((options) => findServer(issuer, signIn, options)),
    ),
    async proof(server) {
      key ??= importKey(settings.idpPrivateKey)
      return prove(methodOf(server, signIn.clientAuthentication, settings), settings, await key)
    },
    call,
  }
}

/**
 * A failure is not kept, and does not replace what was found before. While one request searches anew, the others go on with
 * what is known; none waits for another's search, which on Workers ends with the request that began it and never settles.
 */
function hourly<T>(now: () => number, patience: number, find: () => Promise<T>): () => Promise<T> {
  let found: { value: T; until: number } | undefined
  return async () => {
    if (found !== undefined && found.until > now()) return found.value
    if (found !== undefined) found = { value: found.value, until: now() + patience }
    try {
      found = { value: await find(), until: now() + 3600 }
    } catch (error) {
      if (found === undefined) throw error
      found = { value: found.value, until: now() + 60 }
    }
    return found.value
  }
}

async function findServer(
  issuer: string | undefined,
  { endpoints }: ProviderSignIn,
  options: CallOptions,
): Promise<oauth.AuthorizationServer> {
  if (endpoints !== undefined) {
    return {
      issuer: issuer ?? new URL(endpoints.token).origin,
      authorization_endpoint: endpoints.authorization,
      token_endpoint: endpoints.token,
      id_token_signing_alg_values_supported: SIGNATURES,
      ...(endpoints.userinfo !== undefined && { userinfo_endpoint: endpoints.userinfo }),
      ...(endpoints.revocation !== undefined && { revocation_endpoint: endpoints.revocation }),
    }
  }
  const server = await discover(new URL(issuer!), options)
  // Of a provider that does not say, the library would take RS256 alone.
  return { id_token_signing_alg_values_supported: SIGNATURES, ...checked(server) }
}

const ENDPOINTS = [
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'revocation_endpoint',
] as const

/** Throws OAuthError where an address cannot be believed. */
function checked(server: oauth.AuthorizationServer): oauth.AuthorizationServer {
  for (const name of ENDPOINTS) {
    const url = server[name]
    if (url === undefined && (name === 'userinfo_endpoint' || name === 'revocation_endpoint')) continue
    if (!isEndpointOf(server.issuer, url)) {
      throw new OAuthError(
        'server_error',
        'The identity provider describes itself wrongly',
        `${name} is not usable`,
      )
    }
  }
  return server
}

/** As declared; else private key, else what the metadata lists, Basic where it lists nothing (RFC 8414, 2). */
function methodOf(
  { token_endpoint_auth_methods_supported: offered = ['client_secret_basic'] }: oauth.AuthorizationServer,
  declared: ClientAuth | undefined,
  { idpPrivateKey, idpClientSecret }: Settings,
): ClientAuth {
  if (declared !== undefined) return declared
  if (idpPrivateKey !== undefined) return 'private_key_jwt'
  if (idpClientSecret === undefined) return 'none'
  return offered.includes('client_secret_basic') || !offered.includes('client_secret_post')
    ? 'client_secret_basic'
    : 'client_secret_post'
}

type Key = Awaited<ReturnType<typeof importKey>>

function prove(method: ClientAuth, { idpClientSecret = '' }: Settings, key: Key): oauth.ClientAuth {
  switch (method) {
    case 'none':
      return oauth.None()
    case 'client_secret_post':
      return oauth.ClientSecretPost(idpClientSecret)
    case 'client_secret_basic':
      return oauth.ClientSecretBasic(idpClientSecret)
    case 'private_key_jwt':
      if (key === undefined)
        throw new OAuthError('server_error', 'The sign-in is not set up', 'no private key')
      return oauth.PrivateKeyJwt(key)
  }
}

/** What a key signs with that does not say, by its curve or its kind. */
const KEY_ALGORITHMS: Record<string, string> = {
  RSA: 'RS256',
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'Ed25519',
}

/** `jwk` as JSON. Rejects where it is no private key; start tries it. */
export async function importKey(jwk: string | undefined): Promise<oauth.PrivateKey | undefined> {
  if (jwk === undefined) return undefined
  const parsed = JSON.parse(jwk) as JWK
  const alg = KEY_ALGORITHMS[parsed.crv ?? parsed.kty ?? '']
  const key = await importJWK({ ...(alg !== undefined && { alg }), ...parsed })
  if (key instanceof Uint8Array || key.type !== 'private') throw new TypeError('not a private key')
  return { key, ...(parsed.kid !== undefined && { kid: parsed.kid }) }
}
