/** Protected resource metadata (RFC 9728): where a resource says who issues its tokens. */
import { servedPath } from './resources.ts'

export interface ResourceFacts {
  /** Origin of the resource. */
  origin: string
  /** Issuer of the tokens. */
  authorizationServer: string
  title: string
  scopes: readonly string[]
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/** The document for the resource at `path`; the bare origin stands for itself, since clients compare what they were given. */
export function resourceMetadata(
  { origin, authorizationServer, title, scopes }: ResourceFacts,
  path: string,
): object {
  return {
    resource: `${origin}${path === '/' ? '' : path}`,
    authorization_servers: [authorizationServer],
    // What has no elements is left out (RFC 9728, 3.2).
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
    resource_name: title,
  }
}

/** Address of that document for a request at `pathname`, for `resource_metadata` of a challenge. */
export function metadataUrl(origin: string, pathname: string): string {
  return `${origin}${WELL_KNOWN}${pathname === '/' ? '' : servedPath(pathname)}`
}

/** Each address under which clients look for the document of `path`: inserted (RFC 9728, 3.1), and appended. */
export function metadataPaths(path: string): string[] {
  return path === '/' ? [WELL_KNOWN, `${WELL_KNOWN}/`] : [`${WELL_KNOWN}${path}`, `${path}${WELL_KNOWN}`]
}
