/** The well-known documents of a deployment: path -> document, at every address where clients look for them. */
import { metadataPaths, resourceMetadata } from './access/metadata.ts'
import { RESOURCES } from './access/resources.ts'
import type { Catalog } from './connector/catalog.ts'
import { JWKS_PATH, openidMetadata, serverMetadata, wellKnownPaths } from './oauth/metadata.ts'
import type { Settings } from './settings.ts'

/** `origin` is the deployment's own. Empty for a connector that nobody signs in to. */
export function wellKnown(
  { access, title, scopes }: Catalog,
  settings: Settings,
  origin: string,
): Map<string, object> {
  const documents = new Map<string, object>()
  if (access.type !== 'oauth' && access.type !== 'jwt') return documents
  const names = Object.keys(scopes)
  const authorizationServer = access.type === 'jwt' ? access.issuer : origin
  for (const path of ['/', ...RESOURCES]) {
    const document = resourceMetadata({ origin, authorizationServer, title, scopes: names }, path)
    for (const address of metadataPaths(path)) documents.set(address, document)
  }
  if (access.type === 'jwt') return documents
  const facts = { issuer: origin, scopes: names, settings }
  for (const path of wellKnownPaths('oauth-authorization-server')) documents.set(path, serverMetadata(facts))
  for (const path of wellKnownPaths('openid-configuration')) documents.set(path, openidMetadata(facts))
  return documents.set(JWKS_PATH, { keys: [] })
}
