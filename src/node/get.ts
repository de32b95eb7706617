/** The one GET on Node: undici over one pool per origin, keep-alive, decoded, capped. */
import type { LookupFunction } from 'node:net'
import { pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { type Dispatcher, Pool } from 'undici'
import { type EgressCode, EgressError } from '../errors.ts'
import { type GetOptions, type Ports, type Reply, readReply } from '../ports.ts'
import type { Settings } from '../settings.ts'

export interface NodeGet {
  get: Ports['get']
  close(): Promise<void>
}

/**
 * `connections`, `connectTimeout` and `idleTimeout` (seconds) bound each pool; `lookup` finds the addresses of hosts, in
 * place of the system.
 */
export function createGet(
  { connections, connectTimeout, idleTimeout }: Settings,
  lookup?: LookupFunction,
): NodeGet {
  const pools = new Map<string, Pool>()
  const limits = {
    connections,
    connect: { timeout: connectTimeout * 1000, ...(lookup && { lookup }) },
    headersTimeout: idleTimeout * 1000,
    bodyTimeout: idleTimeout * 1000,
  }

  function poolOf(origin: string): Pool {
    const pool = pools.get(origin) ?? new Pool(origin, limits)
    pools.set(origin, pool)
    return pool
  }

  return {
    async get(url, options) {
      try {
        return await send(poolOf(url.origin), url, options)
      } catch (error) {
        throw toEgressError(error, options.signal)
      }
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

/** Sends one GET over connections that were made for the origin of `url`; what it throws is for `toEgressError`. */
export async function send(
  connections: Dispatcher,
  url: URL,
  { headers, signal, maxBytes }: GetOptions,
): Promise<Reply> {
  const answer = await connections.request({
    method: 'GET',
    path: url.pathname + url.search,
    headers: { ...headers, 'accept-encoding': 'gzip, br, deflate' },
    signal,
  })
  return {
    status: answer.statusCode,
    header: (name) => {
      const value = answer.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    body: await read(answer, maxBytes),
  }
}

async function read(
  { body, headers, statusCode }: Dispatcher.ResponseData,
  maxBytes: number,
): Promise<Uint8Array> {
  // Whatever ends a body early also destroys it, and a destroyed body without a listener would end the process.
  body.on('error', () => {})
  const encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase()
  const decoder = DECODERS.get(encoding)
  if (decoder === undefined) {
    body.destroy()
    throw new EgressError('encoding', `the content encoding ${encoding.slice(0, 40)} is unknown`)
  }
  if (decoder)
    return readReply(
      statusCode,
      pipeline(body, decoder(), () => {}),
      maxBytes,
    )
  // The parser holds a body to its Content-Length, so a small stated one can be read in one go.
  const stated = Number(headers['content-length'])
  if (stated <= maxBytes && statusCode < 400) return new Uint8Array(await body.arrayBuffer())
  return readReply(statusCode, body, maxBytes)
}

const DECODERS = new Map([
  ['identity', null],
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['br', createBrotliDecompress],
  ['deflate', createInflate],
])

/** undici's and the system's codes; what is not named was a lost connection. */
const CODES: Record<string, EgressCode> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect',
  ECONNREFUSED: 'connect',
  ENOTFOUND: 'connect',
  EAI_AGAIN: 'connect',
  EHOSTUNREACH: 'connect',
  ENETUNREACH: 'connect',
  UND_ERR_HEADERS_TIMEOUT: 'idle',
  UND_ERR_BODY_TIMEOUT: 'idle',
}
/** zlib's codes for what cannot be decoded, gzip's and Brotli's. */
const DECODING = /^(Z_|ERR__|ERR_BROTLI)/

export function toEgressError(error: unknown, signal: AbortSignal): EgressError {
  if (error instanceof EgressError) return error
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const known = DECODING.test(code) ? 'encoding' : (CODES[code] ?? 'closed')
  return new EgressError(signal.aborted ? 'aborted' : known, `${code} ${message}`.trim())
}
