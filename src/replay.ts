/** The replay guard of one process: what is used up or remembered for a while, in memory and bounded. */
import type { ReplayGuard } from './ports.ts'

/** Entries held before the first look for what has expired. */
const FIRST_SWEEP = 64

/**
 * Holds at most `mostEntries` claims and answers together; `now` in seconds since 1970.
 *
 * When it is full, what has expired goes first, then the answers that would expire soonest: they are needed for the shortest
 * time, and a revocation outlives a repeated reply. A claim is never given up while it lives, since whoever floods the guard
 * could then use a code twice: where claims alone fill it, `claim` and `put` reject with an Error, and what was asked for fails.
 */
export function createReplayGuard(now: () => number, mostEntries: number): ReplayGuard {
  const claims = new Map<string, Entry>()
  const answers = new Map<string, Entry & { value: string }>()
  const size = () => claims.size + answers.size
  let nextExpiry = Number.POSITIVE_INFINITY
  let nextSweep = Math.min(FIRST_SWEEP, mostEntries)

  /** Sweeps whenever twice as much is held as after the last sweep, so that it costs each call little. */
  function isFull(): boolean {
    if (size() < nextSweep) return false
    if (now() >= nextExpiry) nextExpiry = Math.min(dropExpired(claims, now()), dropExpired(answers, now()))
    nextSweep = Math.min(Math.max(FIRST_SWEEP, size() * 2), mostEntries)
    return size() >= mostEntries
  }

  function makeRoom(): void {
    if (!isFull()) return
    if (answers.size === 0) throw new Error(`the replay guard is full: it holds ${mostEntries} living claims`)
    dropSoonest(answers, Math.max(1, Math.floor(mostEntries / 100)))
  }

  function expiryIn(ttl: number): number {
    const expiry = now() + ttl
    nextExpiry = Math.min(nextExpiry, expiry)
    return expiry
  }

  return {
    shared: false,
    async claim(key, ttl) {
      const held = claims.get(key)
      if (held !== undefined && held.expiry > now()) return false
      claims.delete(key)
      makeRoom()
      claims.set(key, { expiry: expiryIn(ttl) })
      return true
    },
    async put(key, value, ttl) {
      answers.delete(key)
      makeRoom()
      answers.set(key, { value, expiry: expiryIn(ttl) })
    },
    async get(key) {
      const found = answers.get(key)
      return found !== undefined && found.expiry > now() ? found.value : undefined
    },
  }
}

interface Entry {
  /** Seconds since 1970. */
  expiry: number
}

/** Deletes what has expired; when the first of the rest does. */
function dropExpired(entries: Map<string, Entry>, now: number): number {
  let next = Number.POSITIVE_INFINITY
  for (const [key, { expiry }] of entries) {
    if (expiry <= now) entries.delete(key)
    else next = Math.min(next, expiry)
  }
  return next
}

/** Several at a time, so that the search for them is worth its while. */
function dropSoonest(entries: Map<string, Entry>, count: number): void {
  const soonest = [...entries].sort(([, one], [, other]) => one.expiry - other.expiry).slice(0, count)
  for (const [key] of soonest) entries.delete(key)
}
