/** What a runtime hands to the core: the one GET, the clock, a timer, chance and the log. */
import { EgressError } from './errors.ts'
import { join } from './wire.ts'

export interface GetOptions {
  headers: Record<string, string>
  signal: AbortSignal
  /** Most bytes of the decoded body; one more is an EgressError `too_large`, unless the status is an error's. */
  maxBytes: number
}

/** An upstream's answer; the body is decoded (gzip, br, deflate) and whole. */
export interface Reply {
  status: number
  /** One header by its lower-case name; several lines are joined by a comma. */
  header(name: string): string | undefined
  body: Uint8Array
}

export interface Ports {
  /** Sends one GET to `url` and never follows a redirect. Throws EgressError and nothing else. */
  get(url: URL, options: GetOptions): Promise<Reply>
  /** Seconds since 1970, with fractions. */
  now(): number
  /** A number from 0 up to, not including, 1. */
  random(): number
  /** A fresh id that is unique among requests. */
  id(): string
  /** Runs `run` after `seconds` unless the returned function is called first. */
  after(seconds: number, run: () => void): () => void
  /** Takes one line of the access log. */
  log(entry: LogEntry): void
  /** What only sign-in needs; a connector that declares it does not start without. */
  oauth?: OAuthPorts
}

export interface OAuthPorts {
  /**
   * Sends one GET to an address that a stranger chose, such as a client metadata document: `https` on port 443 of a public
   * host only, no redirect. Throws EgressError and nothing else; `refused` where the address is not public.
   */
  getPublic(url: URL, options: GetOptions): Promise<Reply>
  /** One exchange with the identity provider that the operator configured; follows no redirect, reads a bounded body. */
  fetch(url: string, init: ProviderRequest): Promise<Response>
  /** What is used up or remembered for a while; one for all replicas, or one of this process alone. */
  replay: ReplayGuard
}

/** A request to the identity provider, as the OAuth library writes it. */
export interface ProviderRequest {
  method: string
  headers: Record<string, string>
  body?: URLSearchParams | undefined
  signal?: AbortSignal
}

/** The little that sealed values cannot carry. Keys are digests; all three reject where the store cannot be reached. */
export interface ReplayGuard {
  /** True where several processes see the same. */
  readonly shared: boolean
  /** Uses `key` up for `ttl` seconds: true for the first who asks, false for everyone after. */
  claim(key: string, ttl: number): Promise<boolean>
  /** Remembers `value` under `key` for `ttl` seconds. */
  put(key: string, value: string, ttl: number): Promise<void>
  get(key: string): Promise<string | undefined>
}

/** One line of the access log: ids, names, statuses and times; never an argument's value or a credential. */
export interface LogEntry {
  [field: string]: string | number | boolean | undefined
}

/** Bytes of an error's body that are read: it is only looked at for its words. */
const ERROR_BYTES = 64 * 1024

/** A body as a runtime hands it out; null where there is none. */
export type Chunks = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null

/** Reads a reply's body: at most `maxBytes`, else `too_large`; that of an error status is cut short instead. */
export function readReply(status: number, chunks: Chunks, maxBytes: number): Promise<Uint8Array> {
  return status >= 400 ? collect(chunks, Math.min(maxBytes, ERROR_BYTES), 'cut') : collect(chunks, maxBytes)
}

/** Reads a body to its end, or as far as it may be long. */
export async function collect(
  chunks: Chunks,
  maxBytes: number,
  excess: 'refuse' | 'cut' = 'refuse',
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  // Every runtime iterates its streams; not every type says so.
  for await (const chunk of (chunks ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength
    if (length > maxBytes && excess === 'refuse')
      throw new EgressError('too_large', `the body exceeds ${maxBytes} bytes`)
    parts.push(chunk)
    if (length > maxBytes) break
  }
  return parts.length === 1 ? parts[0]! : join(parts)
}

/** `setTimeout` as the port `after`; the same on every runtime. */
export function after(seconds: number, run: () => void): () => void {
  const timer = setTimeout(run, seconds * 1000)
  return () => clearTimeout(timer)
}
