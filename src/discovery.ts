/** The well-known documents of a deployment: path -> document, at every address where clients look for them. */
import { metadataPaths, resourceMetadata } from './access/metadata.ts'
import { type Namespaces, readPart, scopesAt } from './access/parts.ts'
import { RESOURCES } from './access/resources.ts'
import type { Catalog } from './connector/catalog.ts'
import { namespacesOf } from './connector/part.ts'
import { JWKS_PATH, openidMetadata, serverMetadata, wellKnownPaths } from './oauth/metadata.ts'
import type { Settings } from './settings.ts'

/** `origin` is the deployment's own. Empty for a connector that nobody signs in to. */
export function wellKnown(catalog: Catalog, settings: Settings, origin: string): Map<string, object> {
  const documents = new Map<string, object>()
  const { access } = catalog
  if (access.type !== 'oauth' && access.type !== 'jwt') return documents
  const namespaces = namespacesOf(catalog)
  for (const path of ['/', ...RESOURCES]) {
    const document = resourceDocument(catalog, origin, path, namespaces)
    for (const address of metadataPaths(path)) documents.set(address, document)
  }
  if (access.type === 'jwt') return documents
  const facts = { issuer: origin, scopes: Object.keys(catalog.scopes), settings }
  for (const path of wellKnownPaths('oauth-authorization-server')) documents.set(path, serverMetadata(facts))
  for (const path of wellKnownPaths('openid-configuration')) documents.set(path, openidMetadata(facts))
  return documents.set(JWKS_PATH, { keys: [] })
}

/** A part's path, before or behind what is well-known of it. */
const PART = /\/n\/[^/]*\/mcp(?=$|\/\.well-known\/)/

/**
 * The document of a part at the path of a request, wherever `/mcp` has one in `documents`. A resource's own is written
 * anew for each who asks: there are more parts than could be kept. Those of the authorization server are the same for all.
 */
export function partDocuments(catalog: Catalog, documents: ReadonlyMap<string, object>, origin: string) {
  const namespaces = namespacesOf(catalog)
  return (pathname: string): object | undefined => {
    const [path = ''] = PART.exec(pathname) ?? []
    const part = readPart(path, namespaces)
    const document = documents.get(pathname.replace(path, '/mcp'))
    if (document === undefined || part === undefined || !('names' in part)) return undefined
    return 'resource' in document
      ? resourceDocument(catalog, origin, part.path, namespaces, part.names)
      : document
  }
}

/** `names` are those of a part; what each of all namespaces needs says which scopes are its. */
function resourceDocument(
  catalog: Catalog,
  origin: string,
  path: string,
  namespaces: Namespaces,
  names: readonly string[] = [],
): object {
  const { access, title, scopes } = catalog
  const authorizationServer = access.type === 'jwt' ? access.issuer : origin
  const needed = scopesAt(path, Object.keys(scopes), namespaces)
  const named = names.length === 0 ? title : `${title}: ${names.join(', ')}`
  return resourceMetadata({ origin, authorizationServer, title: named, scopes: needed }, path)
}
