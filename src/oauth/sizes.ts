/** What each sealed value will weigh with this upstream, and whether it fits: told at start, not by a 431 in production. */
import { longestPath } from '../access/parts.ts'
import type { AccessToken } from '../access/token.ts'
import { randomToken } from '../sealing/random.ts'
import { type Claims, seal } from '../sealing/seal.ts'
import type { Asked, Authority, Transaction } from './authority.ts'
import { exchangeMode } from './callback.ts'
import { requestAddress } from './idp-calls.ts'
import { type Registration, sealRegistration } from './registration.ts'
import { beginSession, type Code, type Granted, type RefreshToken } from './session.ts'

export interface SizeRow {
  what: What
  characters: number
  /** The next limit: beyond it the verdict is worse. Of what is too large, the limit that it exceeds. */
  limit: number
  /** `large`: some proxies or clients will refuse it. `too large`: it cannot work. */
  verdict: 'fits' | 'large' | 'too large'
}

type What =
  | 'client_id (one redirect URI)'
  | 'client_id (three)'
  | 'state'
  | 'authorization URL'
  | 'code'
  | 'access token'
  | 'refresh token'

/** What is known of an upstream's own values, in characters. */
export type Expected = { code?: number; accessToken?: number; refreshToken?: number }

const DEFAULTS: Required<Expected> = { code: 110, accessToken: 1800, refreshToken: 400 }

/** Characters of one field of a sign-in with credentials, and of an organization's id. */
const FIELD = 64
const ORGANIZATION = 36

/** Seals values such as will be sealed; those of a provider are left out where people sign in with credentials. */
export async function planSizes(authority: Authority, expected: Expected = {}): Promise<SizeRow[]> {
  const known = { ...DEFAULTS, ...defined(authority.access), ...expected }
  const weigh = async (purpose: 'state' | 'code' | 'access' | 'refresh', value: object) =>
    (await seal(authority.ring, purpose, value as Claims, authority.ports.now(), 60)).length
  const limits = limitsOf(authority)
  const rows: [What, number][] = [
    ['client_id (one redirect URI)', (await sealRegistration(authority, registrations.one)).length],
    ['client_id (three)', (await sealRegistration(authority, registrations.three)).length],
  ]
  if (authority.access.signIn.type === 'oauth') {
    const state = await weigh('state', stateOf(authority))
    rows.push(['state', state], ['authorization URL', state + addressOf(authority)])
  }
  rows.push(
    ['code', await weigh('code', codeOf(authority, known))],
    ['access token', await weigh('access', accessOf(authority, known))],
    ['refresh token', await weigh('refresh', refreshOf(authority, known))],
  )
  return rows.map(([what, characters]) => ({ what, characters, ...judge(characters, limits[what]) }))
}

/** The rows as lines of aligned text. */
export function sizeTable(rows: readonly SizeRow[]): string {
  const width = (texts: string[]) => Math.max(...texts.map(({ length }) => length))
  const names = width(rows.map(({ what }) => what))
  const sizes = width(rows.map(({ characters }) => String(characters)))
  const limits = width(rows.map(({ limit }) => String(limit)))
  return rows
    .map(({ what, characters, limit, verdict }) => {
      const numbers = `${String(characters).padStart(sizes)} of ${String(limit).padStart(limits)}`
      return `${what.padEnd(names)}  ${numbers}  ${verdict}`
    })
    .join('\n')
}

interface Limit {
  large: number
  most: number
}

/**
 * Addresses: 2,000 is what firewalls and IIS take by default, 8,000 what content networks do. A header: nginx takes 8 KB a
 * line. A refresh token travels in a form.
 */
function limitsOf({ settings }: Authority): Record<What, Limit> {
  return {
    'client_id (one redirect URI)': { large: 512, most: 1500 },
    'client_id (three)': { large: 512, most: 1500 },
    state: { large: 1500, most: 8000 },
    'authorization URL': { large: 2000, most: 8000 },
    code: { large: 2000, most: 8000 },
    'access token': { large: Math.min(4000, settings.maxTokenLength), most: settings.maxTokenLength },
    'refresh token': { large: 8000, most: Math.min(32_768, settings.maxFormBytes) },
  }
}

function judge(characters: number, { large, most }: Limit): Pick<SizeRow, 'limit' | 'verdict'> {
  if (characters <= large) return { limit: large, verdict: 'fits' }
  return { limit: most, verdict: characters <= most ? 'large' : 'too large' }
}

const CLAUDE = 'https://claude.ai/api/mcp/auth_callback'
const registrations: Record<'one' | 'three', Registration> = {
  one: { name: 'Claude', redirects: [CLAUDE], authentication: 'none' },
  three: {
    name: 'Cursor',
    redirects: [
      'cursor://anysphere.cursor-mcp/oauth/callback',
      'https://www.cursor.com/agents/mcp/oauth/callback',
      'http://localhost:8787/callback',
    ],
    authentication: 'none',
  },
}

/** For the part whose address is the longest, though no part needs more scopes than the whole. */
function askedOf({ scopes, namespaces }: Authority): Asked {
  return {
    client: randomToken(16),
    authentication: 'none',
    redirect: CLAUDE,
    state: randomToken(),
    challenge: randomToken(),
    resource: longestPath(namespaces),
    scopes: Object.keys(scopes),
  }
}

function stateOf(authority: Authority): object {
  const browser: Transaction['browser'] = randomToken()
  return { asked: askedOf(authority), browser, verifier: randomToken() }
}

/** What stands in the authorization URL beside `state`; of an issuer whose endpoint is not known yet, a usual one. */
function addressOf({ access, issuer, settings, scopes: own }: Authority): number {
  const { signIn } = access
  if (signIn.type !== 'oauth') return 0
  const declared = signIn.scopes ?? ['openid', 'offline_access', ...Object.keys(own)]
  const scope = settings.idpScopes.length > 0 ? settings.idpScopes : declared
  const usual = `${settings.idpIssuer ?? signIn.issuer ?? issuer}/oauth2/v2.0/authorize`
  const client = { client_id: settings.idpClientId ?? '' }
  const asked = { scope, state: '', challenge: randomToken(), nonce: randomToken(16) }
  const provider = { signIn, settings, client, callback: `${issuer}/callback` }
  return requestAddress(provider, signIn.endpoints?.authorization ?? usual, asked).length
}

function codeOf(authority: Authority, known: Required<Expected>): Code {
  const { redirect, challenge, ...asked } = askedOf(authority)
  const session = beginSession({ redirect, challenge, ...asked }, authority.ports.now())
  const carried =
    authority.access.signIn.type === 'oauth' && exchangeMode(authority) === 'token'
      ? { provider: { code: filler(known.code), verifier: randomToken() } }
      : { granted: grantedOf(authority, known), id: randomToken(16) }
  return { session, redirect, challenge, ...carried }
}

function accessOf(authority: Authority, known: Required<Expected>): AccessToken {
  const { client, resource, scopes, family, began } = codeOf(authority, known).session
  const { credential, organization } = grantedOf(authority, known)
  return { client, resource, scopes, family, began, credential, ...(organization && { organization }) }
}

function refreshOf(authority: Authority, known: Required<Expected>): RefreshToken {
  const { session } = codeOf(authority, known)
  const { credential, refresh, organization } = grantedOf(authority, known)
  const renewal = refresh === undefined ? { credential } : { refresh }
  return { session, id: randomToken(16), ...renewal, ...(organization && { organization }) }
}

function grantedOf({ access }: Authority, known: Required<Expected>): Granted {
  const organization = access.organization && { organization: filler(ORGANIZATION) }
  if (access.signIn.type === 'oauth') {
    const credential = { token: filler(known.accessToken) }
    return { credential, refresh: filler(known.refreshToken), until: 2_000_000_000, ...organization }
  }
  const fields = Object.keys(access.signIn.fields).map((name) => [name, filler(FIELD)])
  return { credential: { fields: Object.fromEntries(fields) }, ...organization }
}

/** The declared sizes, where the declaration knows them. */
function defined({ signIn }: Authority['access']): Expected {
  return signIn.type === 'oauth' ? (signIn.sizes ?? {}) : {}
}

/** Sealing does not compress, so any characters weigh alike. */
function filler(characters: number): string {
  return 'x'.repeat(characters)
}
