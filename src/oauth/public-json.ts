/** JSON that strangers publish about themselves: fetched through the guarded GET, checked, and kept for a while. */
import { isObject, type JsonObject } from '../json.ts'
import type { Reply } from '../ports.ts'
import { visible } from '../tools/invisible.ts'
import { VERSION } from '../version.ts'
import type { Authority } from './authority.ts'
import { addressFault } from './public-address.ts'
import { within } from './within.ts'

/** Thrown for all that keeps a document from being used; the message is for the log, never for a stranger. */
export class Unreadable extends Error {
  constructor(message: string) {
    super(visible(message, 200))
    this.name = 'Unreadable'
  }
}

/**
 * Reads one address; a copy fetched before `since` (seconds since 1970) is not good enough. `patience`: seconds that it may
 * take, where less than `idpTimeout`. Throws Unreadable.
 */
export type PublicReader<T> = (
  authority: Authority,
  address: string,
  since?: number,
  patience?: number,
) => Promise<T>

/** Most documents of one kind that are kept, and most fetches at once. */
const MOST_KEPT = 200
const MOST_PENDING = 64
/** Of them at one host. */
const MOST_PER_HOST = 4
/** Seconds for which a document is kept that does not say so itself. */
const UNSTATED = 300

interface Shelf<T> {
  kept: Map<string, { value: T; fetched: number; expires: number }>
  pending: Map<string, { loading: Promise<T>; until: number }>
}

/**
 * `check` makes a value of the JSON at an address, or throws Unreadable. Kept as long as `Cache-Control` allows, at most
 * `clientDocumentTtl`; what failed is not kept (client metadata document, 5.2). Several who ask at once share one fetch.
 */
export function createPublicReader<T>(
  maxBytes: number,
  check: (json: JsonObject, address: string, authority: Authority) => T,
): PublicReader<T> {
  const shelves = new WeakMap<Authority, Shelf<T>>()

  async function load(
    authority: Authority,
    address: string,
    { kept }: Shelf<T>,
    patience: number,
  ): Promise<T> {
    const reply = await get(authority, address, { maxBytes, patience })
    const value = check(parse(reply), address, authority)
    const [now, seconds] = [authority.ports.now(), freshFor(reply, authority.settings.clientDocumentTtl)]
    kept.delete(address)
    if (seconds > 0) kept.set(address, { value, fetched: now, expires: now + seconds })
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!)
    return value
  }

  return async (authority, address, since = 0, patience = Number.POSITIVE_INFINITY) => {
    const shelf = shelves.get(authority) ?? { kept: new Map(), pending: new Map() }
    shelves.set(authority, shelf)
    const copy = shelf.kept.get(address)
    if (copy !== undefined && copy.fetched >= since && copy.expires > authority.ports.now()) return copy.value
    const { now } = authority.ports
    // A place that its request left behind is given up after its time.
    for (const [each, { until }] of shelf.pending) if (until <= now()) shelf.pending.delete(each)
    const pending = shelf.pending.get(address)
    if (pending !== undefined) {
      const late = new Unreadable('another fetch of it did not end')
      return within(authority.ports, pending.until - now(), late, pending.loading)
    }
    refuseCrowd(shelf.pending.keys(), address)
    const loading = load(authority, address, shelf, patience)
    const place = { loading, until: now() + authority.settings.idpTimeout + 1 }
    shelf.pending.set(address, place)
    return loading.finally(() => {
      if (shelf.pending.get(address) === place) shelf.pending.delete(address)
    })
  }
}

/** A stranger's slow host must not keep those of others from being read. Throws Unreadable. */
function refuseCrowd(pending: Iterable<string>, address: string): void {
  const hosts = [...pending].map((each) => new URL(each).host)
  const host = URL.canParse(address) ? new URL(address).host : ''
  if (hosts.length >= MOST_PENDING || hosts.filter((each) => each === host).length >= MOST_PER_HOST)
    throw new Unreadable('too many documents are being fetched')
}

async function get(
  { ports, settings }: Authority,
  address: string,
  { maxBytes, patience }: { maxBytes: number; patience: number },
): Promise<Reply> {
  const fault = addressFault(settings, address)
  if (fault !== undefined) throw new Unreadable(`the address ${fault}`)
  const deadline = new AbortController()
  const stop = ports.after(Math.min(patience, settings.idpTimeout), () => deadline.abort())
  const headers = { accept: 'application/json', 'user-agent': `Lectern/${VERSION}` }
  try {
    return await ports.getPublic(new URL(address), { headers, signal: deadline.signal, maxBytes })
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string }
    throw new Unreadable(`${code}: ${message}`)
  } finally {
    stop()
  }
}

function parse(reply: Reply): JsonObject {
  if (reply.status !== 200) throw new Unreadable(`status ${reply.status}`)
  const type = reply.header('content-type') ?? ''
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) throw new Unreadable(`content type ${type}`)
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(reply.body))
    if (isObject(json)) return json
  } catch {}
  throw new Unreadable('not a JSON object in UTF-8')
}

/** Seconds for which a reply may be used again, at most `most` (RFC 9111, 4.2 and 5.2.2). */
function freshFor(reply: Reply, most: number): number {
  const directives = (reply.header('cache-control') ?? '').toLowerCase()
  if (/\bno-(store|cache)\b/.test(directives)) return 0
  const stated = /(?<!-)\bmax-age="?(\d{1,9})/.exec(directives)?.[1]
  const age = Math.max(0, Number(reply.header('age')) || 0)
  return Math.min(most, stated === undefined ? UNSTATED : Number(stated) - age)
}
