/** The gate of a connector with sign-in: opens our own access tokens, and takes nobody else's (RFC 6750, RFC 8707). */
import { open } from '../sealing/seal.ts'
import type { ClientAuth, OAuthAccess } from './access.ts'
import type { Caller, Door, Gate } from './caller.ts'
import { type Credential, carry } from './credential.ts'
import { isDenied } from './denied.ts'
import { readKey } from './key.ts'
import { metadataUrl } from './metadata.ts'
import { scopesAt } from './parts.ts'
import { insufficientScope, unauthorized, unavailable } from './refusal.ts'
import { servedPath } from './resources.ts'

/** What an access token carries sealed. */
export interface AccessToken {
  /** Digest of `client_id`. */
  client: string
  /** How the client proves itself where it ends the token (RFC 7009, 2.1); absent for a public one. */
  authentication?: Exclude<ClientAuth, 'none'>
  jwksUri?: string
  /** Path of the resource that it is for. */
  resource: string
  scopes: string[]
  /** True for a client that refuses dots in tool names. */
  dotless?: true
  /** True for ChatGPT, which answers from `search` and `fetch`. */
  knowledge?: true
  /** Names the sign-in. */
  family: string
  /** Seconds since 1970 at which the person signed in. */
  began: number
  credential: Credential
  organization?: string
}

/** Seconds for which an opened token is kept, and thus the longest that a revoked one may still work in this process. */
const KEPT = 60

interface Opened {
  token: AccessToken
  /** What every call with the token brings, made once. */
  held: Held
  /** Seconds since 1970. */
  until: number
}

type Held = Omit<Caller, 'rejected' | 'insufficient'>

export function createTokenGate(access: OAuthAccess, door: Door): Gate {
  const opened = new Map<string, Opened>()
  return async (request) => {
    const path = new URL(request.url).pathname
    const challenge = () => ({ metadata: metadataUrl(door.issuer, path), ...scopeOf(path, door) })
    const refuse = (sent: boolean, message: string) => unauthorized(request, sent, message, challenge())
    if (access.apiKey !== undefined && presentsKey(request, access.apiKey))
      return readKey(request, access.apiKey)
    const authorization = request.headers.get('authorization') ?? ''
    // Another scheme is no token: the challenge says how to begin, and names no error (RFC 6750, 3.1).
    if (!/^Bearer\b/i.test(authorization))
      return refuse(false, 'Sign in: this needs a token of its authorization server.')
    const bearer = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1] ?? ''
    const found = await openToken(bearer, opened, access, door).catch(() => null)
    // Only the replay guard can fail there, and who was signed out must not come in because it cannot be asked.
    if (found === null) return unavailable(request, 'The token cannot be checked now.', 5)
    if (found === undefined)
      return refuse(true, 'The token is invalid or expired, or was issued for another resource.')
    const { resource } = found.token
    if (resource !== servedPath(path)) return refuse(true, astray(resource, servedPath(path), door))
    return {
      ...found.held,
      rejected: () => refuse(true, 'The upstream takes this sign-in no longer.'),
      insufficient: (needed) => insufficientScope(request, needed, challenge()),
    }
  }
}

/** One answer for all that is wrong with it. */
async function openToken(
  bearer: string,
  opened: Map<string, Opened>,
  access: OAuthAccess,
  door: Door,
): Promise<Opened | undefined> {
  const { ring, settings, ports } = door
  const now = ports.now()
  const isEnded = ({ family }: AccessToken) => isDenied(ports.replay, family)
  const known = opened.get(bearer)
  // A guard of this process costs nothing to ask; one that is shared is asked once for each time that a token is opened.
  if (known !== undefined && known.until > now && (ports.replay.shared || !(await isEnded(known.token))))
    return known
  opened.delete(bearer)
  const claims = ring && (await open(ring, 'access', bearer, now))
  if (claims === undefined || Number(claims.iat) < settings.notBefore) return undefined
  const token = claims as unknown as AccessToken
  if (await isEnded(token)) return undefined
  const found = { token, held: heldBy(token, access), until: Math.min(now + KEPT, Number(claims.exp)) }
  if (settings.openedTokens > 0) {
    if (opened.size >= settings.openedTokens) opened.delete(opened.keys().next().value!)
    opened.set(bearer, found)
  }
  return found
}

/** Whoever holds a token may know what it is for: the client asked for it, and has to ask for another. */
function astray(resource: string, path: string, { issuer }: Door): string {
  return `The token was issued for ${issuer}${resource}: sign in for this address, with resource=${issuer}${path}.`
}

/** Nothing where no scopes are needed: an empty list would be no value. */
function scopeOf(path: string, { scopes: all, namespaces }: Door): { scope?: string } {
  const scopes = scopesAt(servedPath(path), all, namespaces)
  return scopes.length === 0 ? {} : { scope: scopes.join(' ') }
}

function heldBy(token: AccessToken, access: OAuthAccess): Held {
  const { scopes, organization, client, family, dotless, knowledge } = token
  const carried = carry(access, token.credential)
  const header = access.organization?.header?.toLowerCase()
  const named = header !== undefined && organization !== undefined ? { [header]: organization } : {}
  return {
    ...carried,
    headers: { ...carried.headers, ...named },
    scopes: new Set(scopes),
    ...(dotless && { refusesDots: true }),
    ...(knowledge && { seeksKnowledge: true }),
    facts: {
      client: client.slice(0, 8),
      session: family.slice(0, 8),
      ...(organization !== undefined && { organization }),
    },
  }
}

/** A key is told from a token by its declared prefix; what has none of ours is never passed on. */
function presentsKey({ headers }: Request, { prefix, header }: { prefix: string; header?: string }): boolean {
  const authorization = headers.get('authorization')
  // Whoever sends `Authorization` is judged by it alone, and in the very words that `readKey` takes.
  const bearer = authorization === null ? null : (/^Bearer +([^\s]+)$/i.exec(authorization)?.[1] ?? '')
  const key = bearer ?? headers.get('x-api-key') ?? (header === undefined ? null : headers.get(header))
  return key?.startsWith(prefix) === true
}
