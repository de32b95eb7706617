/** The only I/O of a tool call: one GET under one deadline, retried where that is safe, never off the origin. */
import { EgressError, type Failure } from '../errors.ts'
import type { Ports, Reply } from '../ports.ts'
import { type Facts, failures, type Limits } from './failures.ts'
import { credentialed } from './plan.ts'
import { mask } from './problem.ts'
import type { Plan } from './tool.ts'

export interface Upstream {
  /** What messages call it, such as `Flowtly`. */
  title: string
  /** Base URL, to which a plan's target is appended. */
  base: URL
  limits: Limits
  /** What to do about a status, in place of the general words. */
  hints?: Readonly<Record<number, string>>
}

export interface Sending {
  /** Headers that carry the caller's credential; sent to this origin only. */
  headers: Record<string, string>
  /** The same as query parameters, in place of any of their names; on this origin's redirects too. */
  query?: Record<string, string> | undefined
  /** The credentials themselves, so that an error that repeats one can be masked. */
  secrets?: readonly string[] | undefined
  /** Fires when the caller goes away. */
  signal?: AbortSignal | undefined
}

export type Sent = { ok: true; reply: Reply; facts: Facts } | { ok: false; failure: Failure; facts: Facts }

const RETRIED = new Set([429, 502, 503, 504])
const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** Seconds before the first further try, doubled for each one after it, times a half to one and a half. */
const FIRST_PAUSE = 0.2

/** Sends the plan's GET. Every status that is not 2xx comes back as a failure. */
export async function send(plan: Plan, upstream: Upstream, sending: Sending, ports: Ports): Promise<Sent> {
  const { title, limits, hints } = upstream
  const facts: Facts = { title, limits, ...(hints && { hints }), tries: 0, started: ports.now() }
  const stop = new AbortController()
  const cancel = ports.after(upstream.limits.deadline, () => stop.abort('deadline'))
  const leave = () => stop.abort('caller')
  sending.signal?.addEventListener('abort', leave, { once: true })
  if (sending.signal?.aborted) leave()
  try {
    const call = {
      headers: { ...plan.headers, ...sending.headers },
      query: sending.query ?? {},
      secrets: secretsOf(sending),
      signal: stop.signal,
    }
    const base = plan.atOrigin ? new URL(upstream.base.origin) : upstream.base
    return await attempts(target(base, plan.target), call, facts, ports)
  } finally {
    cancel()
    sending.signal?.removeEventListener('abort', leave)
  }
}

interface Outgoing {
  headers: Record<string, string>
  query: Record<string, string>
  secrets: readonly string[]
  signal: AbortSignal
}

/** Shorter values, such as a shop's number, would be found in innocent words. */
const SHORTEST_SECRET = 6

function secretsOf({ secrets = [], query = {} }: Sending): string[] {
  return [...secrets, ...Object.values(query).filter((value) => value.length >= SHORTEST_SECRET)]
}

async function attempts(url: URL, call: Outgoing, facts: Facts, ports: Ports): Promise<Sent> {
  const { signal } = call
  for (;;) {
    if (signal.aborted) return lost(new EgressError('aborted', 'before it was sent'), facts, call)
    facts.tries++
    const sent = await attempt(url, call, facts, ports)
    if (sent.ok || !sent.again || facts.tries > facts.limits.retries || signal.aborted) return sent
    const backoff = FIRST_PAUSE * 2 ** (facts.tries - 1) * (0.5 + ports.random())
    const wait = Math.max(sent.failure.retryAfter ?? 0, backoff)
    if (ports.now() + wait >= facts.started + facts.limits.deadline) return sent
    await pause(wait, signal, ports)
  }
}

type Attempt = Sent & { again?: boolean }

/** One GET and the redirects that stay on its origin. */
async function attempt(url: URL, call: Outgoing, facts: Facts, ports: Ports): Promise<Attempt> {
  const { headers, query, signal, secrets } = call
  let at = url
  for (let hops = 0; ; hops++) {
    let reply: Reply
    try {
      reply = await ports.get(credentialed(at, query), {
        headers,
        signal,
        maxBytes: facts.limits.maxResponseBytes,
      })
    } catch (error) {
      if (!(error instanceof EgressError)) throw error
      return lost(error, facts, call)
    }
    facts.status = reply.status
    if (reply.status >= 200 && reply.status < 300) return { ok: true, reply, facts }
    const location = reply.header('location')
    if (!REDIRECTS.has(reply.status) || location === undefined) {
      const failure = failures.status(reply, facts, ports.now(), secrets)
      return { ok: false, again: RETRIED.has(reply.status), failure, facts }
    }
    const next = URL.canParse(location, at.href) ? new URL(location, at.href) : undefined
    if (next?.origin !== url.origin || hops === facts.limits.maxRedirects) {
      return { ok: false, failure: failures.redirect(reply, facts, next?.origin === url.origin), facts }
    }
    at = next
  }
}

/** No reply; a connection that failed is worth another try, since a GET changes nothing. */
function lost(error: EgressError, facts: Facts, { signal, secrets }: Outgoing): Attempt {
  facts.cause = mask(error.message, secrets)
  const again = error.code === 'connect' || error.code === 'closed'
  return { ok: false, again, failure: failures.egress(error, facts, signal), facts }
}

/** `path` below the base URL. Throws TypeError where it would leave the origin, which is a bug of ours. */
export function target(base: URL, path: string): URL {
  const url = new URL(base.href.replace(/\/$/, '') + path)
  if (url.origin !== base.origin || url.username) throw new TypeError('the target leaves the origin')
  return url
}

function pause(seconds: number, signal: AbortSignal, ports: Ports): Promise<void> {
  return new Promise((resolve) => {
    const cancel = ports.after(seconds, done)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
