/** The identity provider itself: panva's oidc-provider, set up for two people who need no password. */
import { generateKeyPair, type KeyObject, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { errors, jwtVerify } from 'jose'
import type { ClientMetadata, Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider'
import { StartError } from '../errors.ts'
import { errorPage, pageHeaders } from './identity-page.ts'
import { createStore } from './identity-store.ts'
import type { TokenReader } from './keys.ts'
import { claimsOf, personOf } from './people.ts'

/** Audience of access tokens that are JWTs. */
const apiAudience = 'https://api.flowtly.example'

export interface IssuerOptions {
  issuer: string
  client: ClientMetadata
  rotate: boolean
  accessToken: 'opaque' | 'jwt'
  /** Characters of a claim that only makes access tokens longer. */
  jwtPadding: number
  /** Seconds. */
  accessTokenTtl: number
}

export interface OpenedIssuer extends TokenReader {
  provider: Provider
}

/** Thrown where the optional package is not there; everything else of the sandbox works without. */
export class IdentityMissing extends StartError {
  constructor() {
    super('The sandbox has no sign-in', [
      'it needs a package that is not installed: npm install oidc-provider@9.13.3 brings it',
    ])
  }
}

/**
 * Loads the package and starts a provider with keys of its own. Its entry point is passed by, since it warns on every Node
 * that is not a long-term release of 22 or later; what it misses on Node 20 is added. Throws IdentityMissing.
 */
export async function openIssuer(options: IssuerOptions): Promise<OpenedIssuer> {
  URL.parse ??= (url, base) => (URL.canParse(String(url), base) ? new URL(url, base) : null)
  const { Provider } = await import('oidc-provider/lib/provider.js').catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ERR_MODULE_NOT_FOUND' ? new IdentityMissing() : cause
  })
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const provider = new Provider(options.issuer, {
    ...configuration(options, privateKey),
    ...people(),
    ...tokens(options),
  })
  provider.silent = true
  return { provider, organizationOf: (token) => organizationOf(provider, publicKey, token) }
}

function configuration({ issuer, client }: IssuerOptions, key: KeyObject): Configuration {
  const path = new URL(issuer).pathname.replace(/\/$/, '')
  const names = {
    session: 'flowtly_demo_session',
    interaction: 'flowtly_demo_sign_in',
    resume: 'flowtly_demo_resume',
  }
  return {
    adapter: createStore(),
    clients: [client],
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid: 'sandbox', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')], names },
    // Only what its one client uses, so that the metadata does not offer what would be refused.
    clientAuthMethods: [client.token_endpoint_auth_method!],
    responseTypes: ['code'],
    routes: { authorization: '/authorize', userinfo: '/userinfo', revocation: '/revoke' },
    pkce: { required: () => true },
    interactions: { url: (_, { uid }) => `${path}/sign-in/${uid}` },
    clientBasedCORS: () => false,
    clockTolerance: 0,
    renderError(ctx, { error, error_description: reason = error }) {
      ctx.set(pageHeaders)
      ctx.body = errorPage(reason)
    },
  }
}

/** Who there is, and what is told of them: everything to everyone who asks for `openid`; any other scope is ignored. */
function people(): Configuration {
  const claims = ['sub', 'name', 'email', 'organization', 'organization_name']
  return {
    scopes: ['openid', 'offline_access'],
    claims: { openid: claims },
    // Else the claims would be in userinfo alone, as OpenID Connect Core (5.4) has it and few providers do.
    conformIdTokenClaims: false,
    findAccount(_, id) {
      const person = personOf(id)
      return person && { accountId: id, claims: () => ({ sub: id, ...claimsOf(person) }) }
    },
    loadExistingGrant: grantAll,
  }
}

/** A grant of its own for each sign-in, so that revoking one leaves the others alone. */
async function grantAll({ oidc }: KoaContextWithOIDC) {
  const grant = new oidc.provider.Grant({
    accountId: oidc.session!.accountId,
    clientId: oidc.client!.clientId,
  })
  grant.addOIDCScope([...oidc.requestParamScopes].join(' '))
  await grant.save()
  return grant
}

function tokens({ rotate, accessToken, accessTokenTtl, jwtPadding }: IssuerOptions): Configuration {
  const day = 86_400
  return {
    ttl: {
      AccessToken: accessTokenTtl,
      AuthorizationCode: 60,
      Grant: 14 * day,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 14 * day,
      Session: 600,
    },
    rotateRefreshToken: rotate,
    issueRefreshToken: async (_, client, source) =>
      client.grantTypeAllowed('refresh_token') && source.scopes.has('offline_access'),
    expiresWithSession: async () => false,
    // The grant is named in a JWT, so that one which cannot be taken back itself ends with its grant.
    extraTokenClaims: (_, token) => ({
      ...('accountId' in token && claimsOf(personOf(token.accountId)!)),
      ...('grantId' in token && { grant_id: token.grantId }),
      ...(jwtPadding > 0 && { padding: 'x'.repeat(jwtPadding) }),
    }),
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => client.clientId === token.clientId },
      resourceIndicators: {
        enabled: accessToken === 'jwt',
        defaultResource: () => apiAudience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: apiAudience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: accessTokenTtl,
        }),
      },
    },
  }
}

async function organizationOf(
  provider: Provider,
  key: KeyObject,
  accessToken: string,
): Promise<string | undefined> {
  const grantId = accessToken.includes('.')
    ? await grantOfJwt(provider, key, accessToken)
    : (await provider.AccessToken.find(accessToken))?.grantId
  const grant = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  return personOf(grant?.accountId)?.organization.name
}

async function grantOfJwt({ issuer }: Provider, key: KeyObject, accessToken: string) {
  const expected = { issuer, audience: apiAudience, typ: 'at+jwt', algorithms: ['RS256'] }
  try {
    const { payload } = await jwtVerify(accessToken, key, expected)
    return String(payload.grant_id)
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
