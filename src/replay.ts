/** The replay guard of one process: what is used up or remembered for a while, in memory and bounded. */
import type { ReplayGuard } from './ports.ts'

const FIRST_SWEEP = 64

/**
 * Holds at most `mostEntries` claims and answers together; `now` in seconds since 1970.
 *
 * When it is full, what has expired goes first, then the oldest answer. A claim that still finds no place is refused:
 * `claim` rejects with an Error, and the sign-in fails and can be started again. To forget a living claim instead would
 * let whoever floods the guard use a code twice. An answer is only a convenience for a client that asks again, so `put`
 * never rejects: it drops the oldest answer, or remembers nothing where living claims fill everything.
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

  /** True where there is a place now, made by the oldest answer if need be. */
  function makeRoom(): boolean {
    return !isFull() || answers.delete(answers.keys().next().value ?? '')
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
      if (!makeRoom()) throw new Error(`the replay guard is full: it holds ${mostEntries} living claims`)
      claims.set(key, { expiry: expiryIn(ttl) })
      return true
    },
    async put(key, value, ttl) {
      answers.delete(key)
      if (makeRoom()) answers.set(key, { value, expiry: expiryIn(ttl) })
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
