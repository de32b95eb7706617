/** Every setting in one table: its variable, its bounds, its default and what it means; checked all at once. */
import { z } from 'zod'
import { StartError } from './errors.ts'

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

const list = z
  .string()
  .transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )
  .pipe(z.array(origin))

/** The settings, in the order in which the README lists them. */
// biome-ignore format: one setting a line
export const settingRows = {
  port: whole('PORT', 8787, 0, 65535, 'TCP port; `0` takes any free one (Node)'),
  host: row('HOST', z.string().min(1), '127.0.0.1', 'Address to bind; on loopback a foreign `Host` is refused (Node)'),
  publicUrl: row('LECTERN_PUBLIC_URL', origin.optional(), undefined, 'Origin under which people reach this server'),
  upstreamUrl: row('LECTERN_UPSTREAM_URL', baseUrl.optional(), undefined, "Base URL of the API, instead of the document's server"),
  allowedOrigins: row('LECTERN_ALLOWED_ORIGINS', list, '', 'Browser origins that may call `/mcp`, comma-separated, besides the connector’s own'),
  maxBodyBytes: whole('LECTERN_MAX_BODY_BYTES', MIB, KIB, 16 * MIB, 'Largest request body, in bytes; beyond it 413'),
  maxBatch: whole('LECTERN_MAX_BATCH', 20, 1, 100, 'Most messages in one batch (2025-03-26)'),
  deadline: number('LECTERN_DEADLINE', 25, 0.1, 300, 'Seconds for one tool call, retries included'),
  connectTimeout: number('LECTERN_CONNECT_TIMEOUT', 5, 0.1, 60, 'Seconds to connect to the upstream (Node)'),
  idleTimeout: number('LECTERN_IDLE_TIMEOUT', 15, 0.1, 300, 'Seconds the upstream may stay silent (Node)'),
  retries: whole('LECTERN_RETRIES', 2, 0, 5, 'Further tries after 429, 502, 503, 504 or a lost connection'),
  maxRedirects: whole('LECTERN_MAX_REDIRECTS', 3, 0, 10, 'Redirects followed on the same origin'),
  maxResponseBytes: whole('LECTERN_MAX_RESPONSE_BYTES', 8 * MIB, KIB, 64 * MIB, 'Largest decoded answer of the upstream, in bytes; answers beyond it also end a batch'),
  maxBinaryBytes: whole('LECTERN_MAX_BINARY_BYTES', 2 * MIB, 0, 16 * MIB, 'Largest image, sound or file handed on, in bytes'),
  maxClients: whole('LECTERN_MAX_CLIENTS', 1024, 1, 100_000, 'Client connections held at once; a further one is closed (Node)'),
  clientTimeout: whole('LECTERN_CLIENT_TIMEOUT', 60, 1, 600, 'Seconds a client may take to send a request, or to take its answer (Node)'),
  connections: whole('LECTERN_CONNECTIONS', 64, 1, 1024, 'Connections kept to the upstream (Node)'),
  listTtl: whole('LECTERN_LIST_TTL', 300, 0, 86_400, 'Seconds for which clients may cache the tool list (`ttlMs`)'),
  log: row('LECTERN_LOG', z.enum(['json', 'off']), 'json', 'Access log, one JSON line a request: `json` or `off`'),
} as const

export type Settings = {
  -readonly [K in keyof typeof settingRows]: (typeof settingRows)[K] extends Row<infer T> ? T : never
}

/** Reads settings from an environment; empty counts as absent. Throws StartError naming every fault. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const faults: string[] = []
  const settings: Record<string, unknown> = {}
  for (const [key, { variable, schema, default: preset }] of Object.entries(settingRows)) {
    const parsed = schema.safeParse(env[variable] || preset)
    if (parsed.success) settings[key] = parsed.data
    else faults.push(`${variable} ${parsed.error.issues.map(told).join('; ')}`)
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

/** An http(s) URL to which paths can be appended: no query, fragment, credentials or variables. */
export function isBaseUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const url = new URL(value)
  return /^https?:$/.test(url.protocol) && !/[?#{}]/.test(value) && !url.username && !url.password
}
