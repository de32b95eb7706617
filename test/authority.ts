/** An authority for tests: real keys and settings, a clock that is set by hand, and a table of what strangers publish. */
import { EgressError } from '../src/errors.ts'
import type { Authority, Exchange } from '../src/oauth/authority.ts'
import { after, type GetOptions, type Reply } from '../src/ports.ts'
import { randomBytes } from '../src/sealing/random.ts'
import { createKeyRing, type Secrets } from '../src/sealing/ring.ts'
import { readSettings } from '../src/settings.ts'

/** What answers at an address: JSON with status 200, unless told otherwise; an EgressError is thrown. */
export type Published = { body: unknown; status?: number; headers?: Record<string, string> } | EgressError

export interface TestAuthority extends Authority {
  /** Seconds since 1970. */
  clock: { now: number }
  /** What strangers publish, by address; the test may change it. */
  published: Record<string, Published>
  /** Every address that was fetched, in order. */
  fetched: string[]
  options: GetOptions[]
}

export const newSecrets = (): Secrets => ({ registration: [randomBytes(32)], session: [randomBytes(32)] })

export function createTestAuthority(
  env: Record<string, string> = {},
  { issuer = 'https://mcp.example.com', secrets = newSecrets() } = {},
): TestAuthority {
  const clock = { now: 1_800_000_000 }
  const published: Record<string, Published> = {}
  const fetched: string[] = []
  const options: GetOptions[] = []
  const claimed = new Set<string>()
  const none = () => Promise.reject(new TypeError('not part of this test'))
  return {
    clock,
    published,
    fetched,
    options,
    issuer,
    secure: issuer.startsWith('https:'),
    title: 'Flowtly',
    access: { type: 'oauth', signIn: { type: 'oauth' } },
    scopes: {},
    namespaces: new Map(),
    ring: createKeyRing(issuer, secrets),
    settings: readSettings(env),
    provider: undefined,
    prove: none,
    ports: {
      get: none,
      fetch: none,
      now: () => clock.now,
      random: () => 0.5,
      id: () => 'request-1',
      after,
      log: () => {},
      async getPublic(url, asked) {
        fetched.push(url.href)
        options.push(asked)
        await Promise.resolve()
        return answer(published[url.href])
      },
      replay: {
        shared: false,
        claim: async (key) => !claimed.has(key) && claimed.add(key) !== undefined,
        put: none,
        get: none,
      },
    },
  }
}

function answer(page: Published | undefined): Reply {
  if (page instanceof EgressError) throw page
  if (page === undefined)
    throw new EgressError('refused', 'the host resolves to an address that is not public')
  const headers: Record<string, string> = { 'content-type': 'application/json', ...page.headers }
  const text = typeof page.body === 'string' ? page.body : JSON.stringify(page.body)
  return { status: page.status ?? 200, header: (name) => headers[name], body: new TextEncoder().encode(text) }
}

export function exchange(path: string, init: RequestInit): Exchange {
  return { request: new Request(`https://mcp.example.com${path}`, init), entry: { id: 'request-1' } }
}
