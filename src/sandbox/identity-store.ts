/** What the identity provider remembers, in memory: grants, codes and tokens, but never who is signed in. */
import type { AdapterFactory, AdapterPayload } from 'oidc-provider'

interface Entry {
  payload: AdapterPayload
  /** Milliseconds since 1970. */
  expires: number
}

/** The package's own store holds a thousand entries: a load test would lose grants that are still in use. */
const mostEntries = 100_000

/** A store of its own for one provider; when it is full, what was not touched for longest goes. */
export function createStore(): AdapterFactory {
  const entries = new Map<string, Entry>()

  function touch(key: string, entry: Entry): void {
    entries.delete(key)
    entries.set(key, entry)
    if (entries.size > mostEntries) entries.delete(entries.keys().next().value!)
  }

  return (model) => ({
    async upsert(id, payload, expiresIn = Number.POSITIVE_INFINITY) {
      // A session would sign the next person in as the last one without asking; see identity-sign-in.ts.
      if (model !== 'Session') touch(`${model}:${id}`, { payload, expires: Date.now() + expiresIn * 1000 })
    },
    async find(id) {
      const entry = entries.get(`${model}:${id}`)
      if (entry === undefined || entry.expires <= Date.now()) return undefined
      touch(`${model}:${id}`, entry)
      return entry.payload
    },
    async consume(id) {
      const entry = entries.get(`${model}:${id}`)
      if (entry !== undefined) entry.payload.consumed = Math.floor(Date.now() / 1000)
    },
    async destroy(id) {
      entries.delete(`${model}:${id}`)
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries)
        if (payload.grantId === grantId && key.startsWith(`${model}:`)) entries.delete(key)
    },
    // Only for sessions and for devices, neither of which are kept here.
    async findByUid() {},
    async findByUserCode() {},
  })
}
