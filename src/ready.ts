/** `/ready`: whether the upstream answers; asked at most once in a few seconds, whoever asks us. */
import type { Catalog } from './connector/catalog.ts'
import { EgressError } from './errors.ts'
import type { Ports } from './ports.ts'
import type { Settings } from './settings.ts'
import { target } from './tools/send.ts'

/** Seconds for which an answer stands, so that probes cannot become load on the upstream. */
const STANDS = 2
/** Seconds that the upstream has. */
const PATIENCE = 5
const MAX_BYTES = 64 * 1024

interface Verdict {
  status: 200 | 503
  body: { status: string; upstream?: number | string }
}

/** Makes the check; the upstream is ready when it answers anything below 500. */
export function createReadiness(
  { server, ready }: Catalog,
  settings: Settings,
  ports: Ports,
): () => Promise<Verdict> {
  const url = target(new URL(settings.upstreamUrl ?? server), ready ?? '/')
  let last: { verdict: Promise<Verdict>; at: number } | undefined
  return () => {
    if (!last || ports.now() - last.at >= STANDS) last = { verdict: ask(url, ports), at: ports.now() }
    return last.verdict
  }
}

async function ask(url: URL, ports: Ports): Promise<Verdict> {
  const stop = new AbortController()
  const cancel = ports.after(PATIENCE, () => stop.abort())
  try {
    const headers = { accept: 'application/json' }
    const { status } = await ports.get(url, { headers, signal: stop.signal, maxBytes: MAX_BYTES })
    if (status < 500) return { status: 200, body: { status: 'ok', upstream: status } }
    return { status: 503, body: { status: 'unavailable', upstream: status } }
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    return { status: 503, body: { status: 'unavailable', upstream: error.code } }
  } finally {
    cancel()
  }
}
