/**
 * A replay guard for Cloudflare Workers: one Durable Object a key, which answers one request after the other. Bound as
 *
 *     [[durable_objects.bindings]]
 *     name = "REPLAY"
 *     class_name = "ReplayObject"
 *     [[migrations]]
 *     tag = "replay"
 *     new_sqlite_classes = ["ReplayObject"]
 *
 * with the class exported beside the Worker: `export { ReplayObject } from 'lectern/worker'`.
 */
import type { ReplayGuard } from '../ports.ts'

/** What is asked of an object, as JSON; `ttl` in seconds. */
type Asked = { call: 'claim'; ttl: number } | { call: 'put'; value: string; ttl: number } | { call: 'get' }

interface Answered {
  first?: boolean
  value?: string
}

/** Of the platform's own interface, as much as is used. */
export interface ReplayNamespace {
  idFromName(name: string): unknown
  get(id: unknown): { fetch(url: string, init: RequestInit): Promise<Response> }
}

export interface ReplayStorage {
  get<T>(key: string): Promise<T | undefined>
  put<T>(key: string, value: T): Promise<void>
  deleteAll(): Promise<void>
  /** Milliseconds since 1970. */
  setAlarm(time: number): Promise<void>
}

/** `namespace` is the binding above. Rejects where the object cannot be reached. */
export function createReplayObjectGuard(namespace: ReplayNamespace): ReplayGuard {
  async function ask(key: string, asked: Asked): Promise<Answered> {
    const object = namespace.get(namespace.idFromName(key))
    const answer = await object.fetch('https://replay/', { method: 'POST', body: JSON.stringify(asked) })
    if (!answer.ok) throw new Error(`the replay guard answered ${answer.status}`)
    return (await answer.json()) as Answered
  }
  return {
    shared: true,
    claim: async (key, ttl) => (await ask(key, { call: 'claim', ttl })).first === true,
    put: async (key, value, ttl) => {
      await ask(key, { call: 'put', value, ttl })
    },
    get: async (key) => (await ask(key, { call: 'get' })).value,
  }
}

/** An entry as it is stored; `expiry` in milliseconds since 1970. */
interface Entry {
  expiry: number
  value: string
}

type Kind = 'claim' | 'answer'

/** The object of one key. While it waits for its storage the platform hands it no other request, so a claim is one step. */
export class ReplayObject {
  readonly storage: ReplayStorage
  constructor(state: { storage: ReplayStorage }) {
    this.storage = state.storage
  }

  async fetch(request: Request): Promise<Response> {
    const asked = (await request.json()) as Asked
    return Response.json(await this.answer(asked))
  }

  async answer(asked: Asked): Promise<Answered> {
    switch (asked.call) {
      case 'claim': {
        const first = (await this.living('claim')) === undefined
        if (first) await this.keep('claim', '', asked.ttl)
        return { first }
      }
      case 'put':
        await this.keep('answer', asked.value, asked.ttl)
        return {}
      case 'get': {
        const value = await this.living('answer')
        return value === undefined ? {} : { value }
      }
    }
  }

  async living(kind: Kind): Promise<string | undefined> {
    const kept = await this.storage.get<Entry>(kind)
    return kept !== undefined && kept.expiry > Date.now() ? kept.value : undefined
  }

  async keep(kind: Kind, value: string, ttl: number): Promise<void> {
    await this.storage.put<Entry>(kind, { value, expiry: Date.now() + ttl * 1000 })
    await this.alarm()
  }

  /** Forgets everything once nothing lives, so that nothing is left to pay for; called by the platform too. */
  async alarm(): Promise<void> {
    const kept = [await this.storage.get<Entry>('claim'), await this.storage.get<Entry>('answer')]
    const last = Math.max(...kept.map((entry) => entry?.expiry ?? 0))
    if (last > Date.now()) await this.storage.setAlarm(last)
    else await this.storage.deleteAll()
  }
}
