/** Every setting in one table: its variable, its bounds, its default and what it means; checked all at once. */
import { z } from 'zod'
import { StartError } from './errors.ts'
import { isObject } from './json.ts'

export interface Row<T> {
  variable: string
  schema: z.ZodType<T>
  /** As written in the environment; undefined means that the setting is off unless given. */
  default: string | undefined
  meaning: string
}

const KIB = 1024
const MIB = 1024 * KIB

function number(variable: string, preset: number, min: number, max: number, meaning: string): Row<number> {
  return bounded(
    variable,
    preset,
    meaning,
    (value) => value >= min && value <= max,
    `a number from ${min} to ${max}`,
  )
}

function whole(variable: string, preset: number, min: number, max: number, meaning: string): Row<number> {
  const fits = (value: number) => Number.isInteger(value) && value >= min && value <= max
  return bounded(variable, preset, meaning, fits, `a whole number from ${min} to ${max}`)
}

function bounded(
  variable: string,
  preset: number,
  meaning: string,
  fits: (value: number) => boolean,
  expected: string,
): Row<number> {
  const schema = z
    .string()
    .refine((value) => /^\d+(\.\d+)?$/.test(value) && fits(Number(value)), `is not ${expected}`)
    .transform(Number)
  return { variable, schema, default: String(preset), meaning }
}

/** A bare origin such as `https://mcp.example.com`: no path, no trailing slash, no credentials. */
const origin = z
  .string()
  .refine(
    (value) => URL.canParse(value) && new URL(value).origin === value && /^https?:\/\/[^*]+$/.test(value),
    {
      error: 'is not a bare origin such as https://mcp.example.com',
    },
  )

const baseUrl = z.string().refine(isBaseUrl, { error: 'is not an http(s) URL without query or credentials' })

/** Random bytes as Base64, base64url or hex, at least 32 of them; words with spaces and repeated patterns do not pass. */
const secret = z.string().transform((value, context) => {
  const bytes = secretBytes(value)
  if (bytes !== undefined && bytes.length >= 32 && new Set(bytes).size >= 16) return bytes
  context.addIssue('is not 32 or more random bytes in Base64 or hex: `openssl rand -base64 32` makes some')
  return z.NEVER
})

function secretBytes(value: string): Uint8Array | undefined {
  if (/^([0-9a-f]{2})+$/i.test(value))
    return Uint8Array.from(value.match(/../g)!, (pair) => Number.parseInt(pair, 16))
  const plain = value.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '')
  if (!/^[A-Za-z0-9+/]*$/.test(plain) || plain.length % 4 === 1) return undefined
  return Uint8Array.from(atob(plain), (char) => char.charCodeAt(0))
}

function listOf<T>(item: z.ZodType<T>): z.ZodType<T[]> {
  return z
    .string()
    .transform((value) => value.split(/[,\s]+/).filter(Boolean))
    .pipe(z.array(item as z.ZodType<T, string>))
}

const endpoint = z.string().refine(isEndpoint, {
  error: 'is not an https URL (http only on loopback) without fragment or characters that a shell reads',
})

/** Query parameters, `a=b&c=d`. */
const parameters = z
  .string()
  .refine(
    (value) => value === '' || /^[^=&?#\s]+=[^=&?#\s]*(&[^=&?#\s]+=[^=&?#\s]*)*$/.test(value),
    'is not a query such as a=b&c=d',
  )
  .transform((value): Record<string, string> => Object.fromEntries(new URLSearchParams(value)))

/** Headers as a JSON object of strings, `{"X-API-Key":"…"}`. */
const headers = z.string().transform((value, context): Record<string, string> => {
  const fault = value === '' ? undefined : headersFault(value)
  if (fault === undefined) return value === '' ? {} : JSON.parse(value)
  context.addIssue(fault)
  return z.NEVER
})

/** A private-use URI scheme (RFC 8252, 7.1) beside the known ones. */
const scheme = z
  .string()
  .regex(
    /^(?!https?$|javascript$|data$|vbscript$|file$|blob$)[a-z][a-z0-9+.-]{2,40}$/,
    'is not a private-use URI scheme such as com.example.app',
  )
const hostName = z.string().regex(/^([a-z0-9-]+\.)+[a-z0-9-]+$/, 'is not a host name such as claude.ai')
const DAY = 86_400

/** The settings, in the order in which the README lists them. */
// biome-ignore format: one setting a line
export const settingRows = {
  port: whole('PORT', 8787, 0, 65535, 'TCP port; `0` takes any free one (Node)'),
  host: row('HOST', z.string().min(1), '127.0.0.1', 'Address to bind; on loopback a foreign `Host` is refused (Node)'),
  publicUrl: row('LECTERN_PUBLIC_URL', origin.optional(), undefined, 'Origin under which people reach this server'),
  upstreamUrl: row('LECTERN_UPSTREAM_URL', baseUrl.optional(), undefined, "Base URL of the API, instead of the document's server"),
  allowedOrigins: row('LECTERN_ALLOWED_ORIGINS', listOf(origin), '', 'Browser origins that may call `/mcp`, comma-separated, besides the connector’s own'),
  maxBodyBytes: whole('LECTERN_MAX_BODY_BYTES', MIB, KIB, 16 * MIB, 'Largest request body, in bytes; beyond it 413'),
  maxBatch: whole('LECTERN_MAX_BATCH', 20, 1, 100, 'Most messages in one batch (2025-03-26)'),
  deadline: number('LECTERN_DEADLINE', 25, 0.1, 300, 'Seconds for one tool call, retries included'),
  connectTimeout: number('LECTERN_CONNECT_TIMEOUT', 5, 0.1, 60, 'Seconds to connect to the upstream (Node)'),
  idleTimeout: number('LECTERN_IDLE_TIMEOUT', 15, 0.1, 300, 'Seconds the upstream may stay silent (Node)'),
  retries: whole('LECTERN_RETRIES', 2, 0, 5, 'Further tries after 429, 502, 503, 504 or a lost connection'),
  maxRedirects: whole('LECTERN_MAX_REDIRECTS', 3, 0, 10, 'Redirects followed on the same origin, or for a document on the same host'),
  maxResponseBytes: whole('LECTERN_MAX_RESPONSE_BYTES', 8 * MIB, KIB, 64 * MIB, 'Largest decoded answer of the upstream, in bytes; answers beyond it also end a batch'),
  answerBudget: whole('LECTERN_ANSWER_BUDGET', 38_000, 1000, 10_000_000, 'Most characters of an answer’s text, counted as UTF-8 inside JSON quotes, where the connector declares none; beyond it rows are cut and the next call is told'),
  maxBinaryBytes: whole('LECTERN_MAX_BINARY_BYTES', 2 * MIB, 0, 16 * MIB, 'Largest image, sound or file handed on, in bytes'),
  maxClients: whole('LECTERN_MAX_CLIENTS', 1024, 1, 100_000, 'Client connections held at once; a further one is closed (Node)'),
  clientTimeout: whole('LECTERN_CLIENT_TIMEOUT', 60, 1, 600, 'Seconds a client may take to send a request, or to take its answer (Node)'),
  connections: whole('LECTERN_CONNECTIONS', 64, 1, 1024, 'Connections kept to the upstream (Node)'),
  listTtl: whole('LECTERN_LIST_TTL', 300, 0, 86_400, 'Seconds for which clients may cache the tool list (`ttlMs`)'),
  knowledge: row('LECTERN_KNOWLEDGE', z.enum(['on', 'off', 'auto']), 'auto', 'Who sees `search` and `fetch`, where the connector declares them: everybody (`on`), nobody (`off`), or those who sign in from ChatGPT (`auto`)'),
  sessionSecrets: row('LECTERN_SESSION_SECRETS', listOf(secret), '', 'Secrets that seal codes and tokens, newest first, comma-separated; required for sign-in beyond loopback'),
  registrationSecrets: row('LECTERN_REGISTRATION_SECRETS', listOf(secret), '', 'Secrets that sign client registrations, newest first; replacing the last one makes clients register again'),
  idpIssuer: row('LECTERN_IDP_ISSUER', endpoint.refine((value) => !value.includes('?'), 'must not have a query').optional(), undefined, 'Issuer of the identity provider, found by discovery'),
  idpClientId: row('LECTERN_IDP_CLIENT_ID', z.string().optional(), undefined, 'Client id that Lectern has there; its redirect URI is `<public URL>/callback`'),
  idpClientSecret: row('LECTERN_IDP_CLIENT_SECRET', z.string().optional(), undefined, 'Client secret that Lectern has there'),
  idpPrivateKey: row('LECTERN_IDP_PRIVATE_KEY', z.string().optional(), undefined, 'Private key as a JWK, instead of a client secret (`private_key_jwt`)'),
  idpScopes: row('LECTERN_IDP_SCOPES', listOf(z.string()), '', 'Scopes asked of the provider, instead of the declared ones'),
  idpParameters: row('LECTERN_IDP_PARAMETERS', parameters, '', 'Further parameters of the authorization request, such as `access_type=offline&prompt=consent`'),
  idpTimeout: number('LECTERN_IDP_TIMEOUT', 10, 0.1, 60, 'Seconds for one answer of the provider, or for a client’s metadata document'),
  upstreamCredential: row('LECTERN_UPSTREAM_CREDENTIAL', z.string().optional(), undefined, 'The deployment’s own credential, for `access: jwt` with `upstream: service`'),
  upstreamHeaders: row('LECTERN_UPSTREAM_HEADERS', headers, '', 'Headers for the upstream that `access: none` declares, as a JSON object of names and values'),
  accessTtl: whole('LECTERN_ACCESS_TTL', 900, 60, 3600, 'Seconds that an access token lives'),
  refreshTtl: whole('LECTERN_REFRESH_TTL', 30 * DAY, 300, 365 * DAY, 'Seconds after which a person signs in again, however often tokens were refreshed'),
  signInTtl: whole('LECTERN_SIGN_IN_TTL', 600, 30, 3600, 'Seconds that a person may take on our page, and again at the provider'),
  notBefore: whole('LECTERN_NOT_BEFORE', 0, 0, 9_999_999_999, 'Tokens issued before this time (seconds since 1970) are refused: everybody signs in again'),
  consentMemory: whole('LECTERN_CONSENT_MEMORY', 0, 0, 365 * DAY, 'Seconds for which a browser may remember a consent; 0 asks every time'),
  exchange: row('LECTERN_EXCHANGE', z.enum(['token', 'callback']).optional(), undefined, 'Where the provider’s code is redeemed, instead of as declared: `token` or `callback`'),
  replicas: whole('LECTERN_REPLICAS', 1, 1, 10_000, 'Processes that serve this origin; with more than one, `callback` and `credentials` need a shared replay guard'),
  replayDir: row('LECTERN_REPLAY_DIR', z.string().optional(), undefined, 'Folder that the processes share as their replay guard (Node)'),
  replayEntries: whole('LECTERN_REPLAY_ENTRIES', 100_000, 100, 10_000_000, 'Most entries of the replay guard inside a process'),
  openedTokens: whole('LECTERN_OPENED_TOKENS', 1000, 0, 100_000, 'Opened access tokens kept in memory, each for at most 60 seconds'),
  maxTokenLength: whole('LECTERN_MAX_TOKEN_LENGTH', 7500, 1000, 15_000, 'Most characters of an access token handed out; proxies refuse longer headers with 431'),
  maxFormBytes: whole('LECTERN_MAX_FORM_BYTES', 64 * KIB, KIB, MIB, 'Largest body at `/token`, `/revoke` and `/consent`, in bytes'),
  maxRegistrationBytes: whole('LECTERN_MAX_REGISTRATION_BYTES', 8 * KIB, KIB, 64 * KIB, 'Largest body at `/register`, in bytes'),
  registrationRate: whole('LECTERN_REGISTRATION_RATE', 6000, 1, 1_000_000, 'Registrations a minute and process; beyond it 429'),
  proofRate: whole('LECTERN_PROOF_RATE', 60, 1, 1_000_000, 'Sign-ins with credentials tried a minute and process; beyond it people are asked to wait'),
  clientDocuments: row('LECTERN_CLIENT_DOCUMENTS', z.enum(['on', 'off']), 'on', 'Client metadata documents (a URL as `client_id`): `on` or `off`'),
  clientDocumentHosts: row('LECTERN_CLIENT_DOCUMENT_HOSTS', listOf(hostName), '', 'Hosts whose documents and keys are fetched; empty means any public host on Node, the known clients’ hosts on Workers'),
  clientDocumentTtl: whole('LECTERN_CLIENT_DOCUMENT_TTL', 3600, 0, DAY, 'Most seconds that a document is kept'),
  privateClientOrigins: row('LECTERN_PRIVATE_CLIENT_ORIGINS', listOf(origin), '', 'Origins on a private network whose client documents are fetched all the same (Node)'),
  unknownClients: row('LECTERN_UNKNOWN_CLIENTS', z.enum(['refuse', 'loopback']).optional(), undefined, 'Clients whose registration or document cannot be read: `refuse`, or let in those that return to `loopback`; default `loopback` on a loopback origin'),
  redirectSchemes: row('LECTERN_REDIRECT_SCHEMES', listOf(scheme), '', 'Further private-use schemes of redirect URIs, beside those of the known clients'),
  maxDocumentBytes: whole('LECTERN_MAX_DOCUMENT_BYTES', 64 * MIB, KIB, 256 * MIB, 'Largest OpenAPI document that is read, decoded, in bytes (`compile`, `start --openapi`)'),
  documentTimeout: number('LECTERN_DOCUMENT_TIMEOUT', 60, 0.1, 600, 'Seconds to read an OpenAPI document from a URL, redirects included'),
  log: row('LECTERN_LOG', z.enum(['json', 'off']), 'json', 'Access log, one JSON line a request: `json` or `off`'),
} as const

export type Settings = {
  -readonly [K in keyof typeof settingRows]: (typeof settingRows)[K] extends Row<infer T> ? T : never
}

/**
 * Reads settings from an environment; empty counts as absent. `called` names what was typed in place of a variable, such as
 * `--port`. Throws StartError naming every fault.
 */
export function readSettings(
  env: Record<string, string | undefined>,
  called: Record<string, string> = {},
): Settings {
  const faults: string[] = []
  const settings: Record<string, unknown> = {}
  for (const [key, { variable, schema, default: preset }] of Object.entries(settingRows)) {
    const parsed = schema.safeParse(env[variable] || preset)
    if (parsed.success) settings[key] = parsed.data
    else faults.push(`${called[variable] ?? variable} ${parsed.error.issues.map(told).join('; ')}`)
  }
  if (faults.length > 0) throw new StartError('These settings cannot be used', faults)
  return settings as Settings
}

/** A fault without the value, which may be a secret; of a list, which item. */
function told({ path: [index], message }: { path: PropertyKey[]; message: string }): string {
  return typeof index === 'number' ? `item ${index + 1} ${message}` : message
}

function row<T>(variable: string, schema: z.ZodType<T>, preset: string | undefined, meaning: string): Row<T> {
  return { variable, schema, default: preset, meaning }
}

/** Why `json` is not headers, in words that continue the setting's name. */
function headersFault(json: string): string | undefined {
  const given = parsed(json)
  if (!isObject(given)) return 'is not a JSON object'
  const names = Object.keys(given).map((name) => name.toLowerCase())
  if (new Set(names).size < names.length) return 'names a header twice'
  const isRight = ([name, value]: [string, unknown]) => HEADER_NAME.test(name) && isHeaderValue(value)
  return Object.entries(given).every(isRight) ? undefined : 'holds a name or value that cannot be a header'
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

export const HEADER_NAME = /^[\w-]+$/

/** Printable ASCII without space around it: a line break would begin another header. */
export function isHeaderValue(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)
}

/** An http(s) URL to which paths can be appended: no query, fragment, credentials or variables. */
export function isBaseUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const url = new URL(value)
  return /^https?:$/.test(url.protocol) && !/[?#{}]/.test(value) && !url.username && !url.password
}

/** An address of an OAuth server: https, or http on loopback; nothing that a shell or a page could misread (CVE-2025-6514). */
export function isEndpoint(value: string): boolean {
  if (!URL.canParse(value) || !/^[\w.~:/?=%@+,[\]-]+$/.test(value)) return false
  const url = new URL(value)
  return (url.protocol === 'https:' || isLoopbackUrl(url)) && !url.username && !url.password
}

/** An http URL on this machine, as for development. */
export function isLoopbackUrl(url: URL): boolean {
  return url.protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
}
