/** The platform's `fetch` on Workers as the two ways out of sign-in: to the identity provider, and to a client's document. */
import { EgressError } from '../errors.ts'
import { collect, type GetOptions, type ProviderRequest, type Reply } from '../ports.ts'
import { get } from './get.ts'

/** Largest answer of a provider, in bytes: metadata and tokens are a few kilobytes. */
const MOST = 256 * 1024

/** One exchange with the configured provider; a redirect is handed back, not followed. */
export async function fetchProvider(url: string, request: ProviderRequest): Promise<Response> {
  const answer = await fetch(url, { ...request, redirect: 'manual' } as RequestInit)
  const bytes = await collect(answer.body, MOST)
  // A response of 204 or 304 must not have a body, not even an empty one.
  return new Response(bytes.byteLength > 0 ? bytes : null, answer)
}

/**
 * A Worker cannot pin the address that a name resolves to. It has no private network to reach, and the flag
 * `global_fetch_strictly_public` keeps the request from its own zone's origin; which hosts are asked at all is a list.
 */
export async function getPublic(url: URL, options: GetOptions): Promise<Reply> {
  if (url.protocol !== 'https:' || url.port !== '') throw new EgressError('refused', 'not https on port 443')
  return get(url, options)
}
