/** The exchanges with the identity provider on Node: undici's fetch, no redirect followed, a bounded answer. */
import { Agent, fetch } from 'undici'
import { type Chunks, collect, type OAuthPorts, type ProviderRequest } from '../ports.ts'
import type { Settings } from '../settings.ts'

/** Largest answer of a provider, in bytes: metadata and tokens are a few kilobytes. */
const MOST = 256 * 1024

export interface ProviderFetch {
  fetch: OAuthPorts['fetch']
  close(): Promise<void>
}

export function createProviderFetch({ idpTimeout, connectTimeout }: Settings): ProviderFetch {
  const wait = idpTimeout * 1000
  const dispatcher = new Agent({
    connections: 16,
    headersTimeout: wait,
    bodyTimeout: wait,
    connect: { timeout: connectTimeout * 1000 },
  })
  return {
    async fetch(url: string, { method, headers, body, signal }: ProviderRequest) {
      const init = {
        method,
        headers,
        redirect: 'manual',
        dispatcher,
        ...(body && { body }),
        ...(signal && { signal }),
      } as const
      const answer = await fetch(url, init)
      const bytes = await collect(answer.body as Chunks, MOST)
      // A response of 204 or 304 must not have a body, not even an empty one.
      return new Response(bytes.byteLength > 0 ? bytes : null, {
        status: answer.status,
        headers: [...answer.headers],
      })
    },
    close: () => dispatcher.destroy(),
  }
}
