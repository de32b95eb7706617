/** Authorization server metadata (RFC 8414) and its OpenID alias, at every address where clients look for it. */
import { CLIENT_AUTH } from '../access/access.ts'
import { RESOURCES } from '../access/resources.ts'
import type { Settings } from '../settings.ts'
import { ASSERTION_ALGORITHMS } from './assertion.ts'

export interface IssuerFacts {
  issuer: string
  scopes: readonly string[]
  settings: Settings
}

export function serverMetadata({ issuer, scopes, settings }: IssuerFacts): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/register`,
    revocation_endpoint: `${issuer}/revoke`,
    // What has no elements is left out (RFC 8414, 3.2).
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: CLIENT_AUTH,
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTH,
    revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: settings.clientDocuments === 'on',
  }
}

/** What OpenID Connect Discovery requires beside it; no ID token is ever issued, and no key would verify one. */
export function openidMetadata(facts: IssuerFacts): object {
  return {
    ...serverMetadata(facts),
    jwks_uri: `${facts.issuer}${JWKS_PATH}`,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    // Absent it would mean true (OpenID Connect Discovery, 3).
    request_uri_parameter_supported: false,
  }
}

export const JWKS_PATH = '/.well-known/jwks.json'

/** The addresses of a well-known document: at the root, and inserted before or appended to each resource's path. */
export function wellKnownPaths(name: 'oauth-authorization-server' | 'openid-configuration'): string[] {
  const suffixes = RESOURCES.flatMap((path) => [`/.well-known/${name}${path}`, `${path}/.well-known/${name}`])
  return [`/.well-known/${name}`, ...suffixes]
}
