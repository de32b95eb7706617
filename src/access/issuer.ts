/** Another issuer's metadata: found by OpenID Connect Discovery or RFC 8414, and what of it may be believed. */
import {
  type AuthorizationServer,
  type DiscoveryRequestOptions,
  discoveryRequest,
  processDiscoveryResponse,
} from 'oauth4webapi'
import { isEndpoint, isLoopbackUrl } from '../settings.ts'

/** Every asymmetric signature; a shared secret has no place between strangers. */
export const SIGNATURES = [
  'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519',
] // biome-ignore format: one list, read as one

/** OpenID Connect Discovery, else RFC 8414; both check that the document is the issuer's own. Throws what the first threw. */
export async function discover(issuer: URL, options: DiscoveryRequestOptions): Promise<AuthorizationServer> {
  const find = async (algorithm: 'oidc' | 'oauth2') =>
    processDiscoveryResponse(issuer, await discoveryRequest(issuer, { ...options, algorithm }))
  return find('oidc').catch((first: unknown) => find('oauth2').catch(() => Promise.reject(first)))
}

/** We send people, secrets and requests to what an issuer names, so it passes the filter of a setting (CVE-2025-6514). */
export function isEndpointOf(issuer: string, url: unknown): url is string {
  return (
    typeof url === 'string' && isEndpoint(url) && (url.startsWith('https:') || isLoopbackUrl(new URL(issuer)))
  )
}
