/** What a connector declares about who may call, and with which credential the upstream is asked. */

export type Access = OpenAccess | ApiKeyAccess | OAuthAccess | JwtAccess

/** Whoever reaches the connector may call. */
export interface OpenAccess {
  type: 'none'
  /** Headers of the deployment's own that go upstream with every GET; `LECTERN_UPSTREAM_HEADERS` holds their values. */
  headers?: string[]
}

/** A key that the upstream itself issued and checks: it is forwarded there and to nowhere else. */
export interface ApiKeyAccess extends KeyHeaders {
  type: 'apiKey'
  /** What each of its keys begins with: anything else is refused here, and the upstream never sees it. */
  prefix?: string
}

export interface KeyHeaders {
  /** A further header that the key may arrive in, besides `Authorization: Bearer` and `X-API-Key`. */
  header?: string
  /** How the key travels upstream; default `Authorization: Bearer <key>`. */
  forward?: Forward
}

/** A header that carries a credential, after its scheme where it has one. */
export interface Forward {
  header: string
  scheme?: string
}

/** People sign in: Lectern is the authorization server of its clients, and holds what it hands out sealed. */
export interface OAuthAccess {
  type: 'oauth'
  signIn: ProviderSignIn | CredentialSignIn
  organization?: Organization
  /** How the upstream's access token travels; default `Authorization: Bearer <token>`. Not for `credentials`. */
  forward?: Forward
  /** API keys taken beside sign-in. The prefix tells them from tokens, which are never passed through. */
  apiKey?: KeyHeaders & { prefix: string }
}

/** Sign-in at an identity provider, whose tokens the upstream takes. The deployment's settings complete it. */
export interface ProviderSignIn {
  type: 'oauth'
  /** Issuer, found by discovery (OpenID Connect Discovery, RFC 8414); `LECTERN_IDP_ISSUER` replaces it. */
  issuer?: string
  /** For a provider without discovery. */
  endpoints?: Endpoints
  /** Scopes asked of the provider; default: of `openid`, `offline_access` and the connector's own those that it lists. */
  scopes?: string[]
  /** How Lectern proves itself to the provider; default: what the provider's metadata offers and the settings allow. */
  clientAuthentication?: ClientAuth
  /** Where the provider's code is redeemed: at /token (default; the provider is the ledger), or in the callback. */
  exchange?: 'token' | 'callback'
  /** Ways in which the provider is particular. */
  quirks?: Quirks
  /** Longest values that the provider is known to issue, in characters, for the size table at start. */
  sizes?: { code?: number; accessToken?: number; refreshToken?: number }
}

export interface Endpoints {
  authorization: string
  token: string
  userinfo?: string
  revocation?: string
}

/** How a client proves itself at a token endpoint, ours or the provider's (RFC 7591, 2). */
export const CLIENT_AUTH = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const

export type ClientAuth = (typeof CLIENT_AUTH)[number]

export interface Quirks {
  /** `resource` sent to the provider (RFC 8707); by default none is, since several providers refuse it. */
  resource?: string
  /** Sends the scopes again on refresh, which some providers ask for; default true. */
  scopeOnRefresh?: boolean
  /** `prompt` of the authorization request, such as `consent` where only that brings a refresh token. */
  prompt?: string
  /** Further parameters of the authorization request, such as `access_type: offline`. */
  parameters?: Record<string, string>
  /** Seconds that the provider's codes live, where less than our 60. */
  codeLifetime?: number
}

/** Sign-in for an API that has only keys: our page takes them, one GET proves them, the token carries them sealed. */
export interface CredentialSignIn {
  type: 'credentials'
  /** Where people find their key, in a sentence; shown on the page. */
  help?: string
  fields: Record<string, CredentialField>
  /** `operationId` of a GET without required parameters; its 2xx proves the credentials. */
  proof: string
}

export interface CredentialField {
  title: string
  /** Shown below the field. */
  help?: string
  /** False where it may be read over a shoulder, such as a shop's number; default true. */
  secret?: boolean
  /** How it travels upstream: in a header, after `scheme` where there is one, or as a query parameter. */
  in: 'header' | 'query'
  name: string
  scheme?: string
}

/** The one organization that a token reads. */
export interface Organization {
  /** Where its id comes from: a claim of the ID token, the access token (a JWT) or userinfo, or a field of `credentials`. */
  from: 'id_token' | 'access_token' | 'userinfo' | 'field'
  /** Name of the claim or field. */
  name: string
  /** Refuses to sign in a person without one; default true. */
  required?: boolean
  /** Header that tells the upstream. */
  header?: string
}

/** Somebody else's authorization server: Lectern only checks its tokens (RFC 9068). */
export interface JwtAccess {
  type: 'jwt'
  issuer: string
  /** Value that `aud` must hold; default this connector's own resource. */
  audience?: string
  /** Key set, where the issuer has no discovery. */
  jwksUri?: string
  /**
   * With what the upstream is asked: `service`, the deployment's own credential (`LECTERN_UPSTREAM_CREDENTIAL`), or
   * `caller`, the caller's token, which needs an `audience` that is the upstream's own.
   */
  upstream: ({ type: 'service' } & Partial<Forward>) | { type: 'caller' }
  organization?: Organization & { from: 'access_token' }
}
