/** Authorization server metadata (RFC 8414) and its OpenID alias, at every address where clients look for it. */
import { RESOURCES } from '../access/resources.ts'
import type { Settings } from '../settings.ts'
import { ASSERTION_ALGORITHMS } from './client-authentication.ts'

export interface IssuerFacts {
  issuer: string
  scopes: readonly string[]
  settings: Settings
}

const AUTH_METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']

export function serverMetadata({ issuer, scopes, settings }: IssuerFacts): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/register`,
    revocation_endpoint: `${issuer}/revoke`,
    scopes_supported: scopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: AUTH_METHODS,
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    revocation_endpoint_auth_methods_supported: AUTH_METHODS,
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
  }
}

export const JWKS_PATH = '/.well-known/jwks.json'

/** The addresses of a well-known document: at the root, and inserted before or appended to each resource's path. */
export function wellKnownPaths(name: 'oauth-authorization-server' | 'openid-configuration'): string[] {
  const suffixes = RESOURCES.flatMap((path) => [`/.well-known/${name}${path}`, `${path}/.well-known/${name}`])
  return [`/.well-known/${name}`, ...suffixes]
}
