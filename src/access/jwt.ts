/** The gate of a connector whose tokens somebody else issues: JWT access tokens, checked and never passed on (RFC 9068). */
import { errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose'
import { StartError } from '../errors.ts'
import { type JsonObject, own } from '../json.ts'
import type { JwtAccess } from './access.ts'
import type { Caller, Door, Gate } from './caller.ts'
import { forwarded } from './credential.ts'
import { SIGNATURES } from './issuer.ts'
import { createKeySource, type KeySource } from './key-set.ts'
import { metadataUrl } from './metadata.ts'
import { organizationId } from './organization.ts'
import { scopesAt } from './parts.ts'
import { denied, insufficientScope, unauthorized, unavailable } from './refusal.ts'
import { resourcePath, type Site, servedPath } from './resources.ts'

/** Longest token that is looked at, in characters; no server lets longer headers in. */
const LONGEST = 16_384
/** Seconds by which the issuer's clock may differ from ours. */
const CLOCK_SKEW = 5

/** Nothing is sealed here. */
type Front = Omit<Door, 'ring'>

/** Throws StartError where the declaration or the settings cannot work. */
export function createJwtGate(access: JwtAccess, door: Front): Gate {
  const faults = jwtFaults(access, door)
  if (faults.length > 0) throw new StartError('Tokens of another issuer cannot be taken', faults)
  const { settings, ports } = door
  const source = createKeySource({ issuer: access.issuer, jwksUri: access.jwksUri, settings, ports })
  return async (request) => {
    const path = new URL(request.url).pathname
    const scopes = scopesAt(servedPath(path), door.scopes, door.namespaces)
    const challenge = { metadata: metadataUrl(door.issuer, path), scope: scopes.join(' ') || undefined }
    const authorization = request.headers.get('authorization')
    const signIn = 'Sign in: this needs a token of its authorization server.'
    if (authorization === null) return unauthorized(request, false, signIn, challenge)
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+) *$/i.exec(authorization)?.[1] ?? ''
    const claims = await verify(token, path, access, door, source)
    if (claims === 'unknown') {
      return unavailable(request, 'The issuer of the token cannot be reached: try again later.', 30)
    }
    if (claims === 'astray') return unauthorized(request, true, astray(path, access, door), challenge)
    if (claims === undefined) return unauthorized(request, true, INVALID, challenge)
    return callerOf(token, claims, access, door, request)
  }
}

const INVALID = 'The token is invalid or expired, or was issued for another resource.'

/** Of a token that is the issuer's, and good elsewhere. */
function astray(path: string, { audience }: JwtAccess, { issuer }: Front): string {
  const wanted = audience ?? `${issuer}${servedPath(path)}`
  return `The token was issued for another resource: ask its issuer for one whose aud is ${wanted}.`
}

/** What would hand a token to whom it is not for, or leave the upstream without a credential. */
export function jwtFaults(
  { audience, upstream }: JwtAccess,
  { settings, ...site }: Site & Pick<Front, 'settings'>,
): string[] {
  if (upstream.type === 'service') {
    return settings.upstreamCredential === undefined
      ? ['LECTERN_UPSTREAM_CREDENTIAL is missing: with `upstream: service` the API is asked with it']
      : []
  }
  if (audience === undefined) return ['`upstream: caller` needs an `audience` that is the API’s own']
  return isOurs(audience, site)
    ? [
        '`upstream: caller` would pass on a token that is for this connector: its `audience` must be the API’s own',
      ]
    : []
}

/** The claims; undefined for every token that does not open, `unknown` where the keys cannot be had, `astray` for another audience. */
async function verify(
  token: string,
  path: string,
  access: JwtAccess,
  door: Front,
  source: KeySource,
): Promise<JWTPayload | 'unknown' | 'astray' | undefined> {
  if (token === '' || token.length > LONGEST) return undefined
  let verified: JWTVerifyResult | undefined
  try {
    verified = await check(token, door, source)
  } catch (error) {
    return error instanceof KeysUnknown ? 'unknown' : undefined
  }
  const { payload, protectedHeader } = verified
  if (!isAccessToken(protectedHeader.typ, payload)) return undefined
  // Bound to a key or certificate that the caller has not shown (RFC 7800): as a bearer it would be anybody's.
  if (own(payload, 'cnf') !== undefined) return undefined
  if (door.settings.notBefore > (payload.iat ?? 0)) return undefined
  const audiences = [payload.aud ?? []].flat()
  const wanted = (audience: unknown) =>
    typeof audience === 'string' &&
    (access.audience === undefined ? isOurs(audience, door, path) : audience === access.audience)
  return audiences.some(wanted) ? payload : 'astray'
}

class KeysUnknown extends Error {}

/** Signature, issuer and times; a key that is not known is looked for once more. */
async function check(token: string, { ports }: Front, source: KeySource): Promise<JWTVerifyResult> {
  async function attempt(renew: boolean): Promise<JWTVerifyResult> {
    const { find, issuers } = await source.keys(renew).catch(() => {
      throw new KeysUnknown()
    })
    return jwtVerify(token, find, {
      algorithms: SIGNATURES,
      issuer: [...issuers],
      requiredClaims: ['exp', 'iss', 'aud'],
      clockTolerance: CLOCK_SKEW,
      currentDate: new Date(ports.now() * 1000),
    })
  }
  try {
    return await attempt(false)
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return attempt(true)
    throw error
  }
}

/**
 * RFC 9068 (4) takes `at+jwt` alone. Many issuers in use write `JWT` or nothing, so these pass too where the claims are
 * an access token's: `scope`, `scp` or `client_id`, and none that only ID tokens hold (OpenID Connect Core, 2 and 3.3.2.11).
 */
function isAccessToken(typ: string | undefined, payload: JWTPayload): boolean {
  const type = (typ ?? 'jwt').toLowerCase().replace(/^application\//, '')
  if (type === 'at+jwt') return true
  const has = (name: string) => own(payload, name) !== undefined
  return (
    type === 'jwt' && ['scope', 'scp', 'client_id'].some(has) && !['nonce', 'at_hash', 'c_hash'].some(has)
  )
}

/** True for an address of ours; with a `path`, of the resource there alone. */
function isOurs(audience: string, site: Site, path?: string): boolean {
  const named = resourcePath(site, [audience])
  return named !== undefined && (path === undefined || named === servedPath(path))
}

function callerOf(
  token: string,
  claims: JWTPayload,
  { organization, upstream }: JwtAccess,
  door: Front,
  request: Request,
): Caller | Response {
  const id = organization && organizationId(claims as JsonObject, organization.name)
  if (organization && id === undefined && organization.required !== false) {
    return denied(request, 'The account belongs to no organization, and this connector reads exactly one.')
  }
  const named = organization?.header !== undefined &&
    id !== undefined && { [organization.header.toLowerCase()]: id }
  const { headers, secrets } = credentialOf(token, upstream, door)
  const metadata = metadataUrl(door.issuer, new URL(request.url).pathname)
  return {
    scopes: new Set(scopesOf(claims).filter((scope) => door.scopes.includes(scope))),
    headers: { ...headers, ...named },
    secrets,
    ...(id !== undefined && { facts: { organization: id } }),
    insufficient: (needed) => insufficientScope(request, needed, { metadata }),
  }
}

/** The deployment's own credential, or the caller's token where it is the upstream's: `jwtFaults` has seen to that. */
function credentialOf(
  token: string,
  upstream: JwtAccess['upstream'],
  { settings }: Front,
): { headers: Record<string, string>; secrets: string[] } {
  if (upstream.type === 'caller') return { headers: forwarded(undefined, token), secrets: [token] }
  const secret = settings.upstreamCredential!
  const { header = 'authorization', scheme = upstream.header === undefined ? 'Bearer' : undefined } = upstream
  return {
    headers: forwarded({ header, ...(scheme !== undefined && { scheme }) }, secret),
    secrets: [secret],
  }
}

/** `scope` (RFC 9068, 2.2.3), or `scp` as Entra and Okta write it. */
function scopesOf(claims: JWTPayload): string[] {
  const stated = own(claims, 'scope') ?? own(claims, 'scp')
  if (typeof stated === 'string') return stated.split(' ')
  return Array.isArray(stated) ? stated.filter((scope) => typeof scope === 'string') : []
}
