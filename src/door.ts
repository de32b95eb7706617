/** What stands before the protocol: nothing, the upstream's own keys, our authorization server, or somebody else's. */
import type { JwtAccess } from './access/access.ts'
import type { Door } from './access/caller.ts'
import { jwtFaults } from './access/jwt.ts'
import type { Catalog } from './connector/catalog.ts'
import { namespacesOf } from './connector/part.ts'
import { StartError } from './errors.ts'
import type { Authority } from './oauth/authority.ts'
import { planSizes, type SizeRow, sizeTable } from './oauth/sizes.ts'
import { checkPrivateKey, createAuthority, isSignInOff } from './oauth/start.ts'
import type { OAuthPorts, Ports } from './ports.ts'
import type { Settings } from './settings.ts'

export interface Entrance {
  /** The authorization server; absent where nobody signs in here. */
  authority?: Authority
  /** What the gate needs; absent where keys, or nothing, open it. */
  door?: Door
}

/** Throws StartError naming what is not set. */
export function createEntrance(catalog: Catalog, settings: Settings, ports: Ports): Entrance {
  const { access } = catalog
  if (access.type === 'jwt') return { door: foreignDoor(access, catalog, settings, ports) }
  if (access.type !== 'oauth' || isSignInOff(access, settings)) return {}
  const authority = createAuthority(catalog, settings, ports)
  const { issuer, ring } = authority
  const { namespaces, ports: all } = authority
  const door = { issuer, ring, scopes: Object.keys(catalog.scopes), namespaces, settings, ports: all }
  return { authority, door }
}

/** What the tokens of this deployment will weigh; empty without sign-in. Throws StartError for what could never work. */
export async function planTokens({ authority }: Entrance): Promise<SizeRow[]> {
  if (authority === undefined) return []
  await checkPrivateKey(authority.settings)
  const rows = await planSizes(authority)
  const tooLarge = rows.filter(({ verdict }) => verdict === 'too large')
  if (tooLarge.length === 0) return rows
  const mend = 'ask the provider for fewer claims or groups, or correct `sizes` in the declaration'
  throw new StartError('Tokens of this identity provider do not fit', [
    ...sizeTable(tooLarge).split('\n'),
    mend,
  ])
}

function foreignDoor(access: JwtAccess, catalog: Catalog, settings: Settings, ports: Ports): Door {
  const faults: string[] = []
  const namespaces = namespacesOf(catalog)
  if (settings.publicUrl === undefined)
    faults.push('LECTERN_PUBLIC_URL is missing: the origin that tokens are issued for')
  if (ports.oauth === undefined) faults.push('the runtime brings no `oauth` ports')
  faults.push(...jwtFaults(access, { issuer: settings.publicUrl ?? '', namespaces, settings }))
  if (faults.length > 0) throw new StartError('Sign-in is not set up', faults)
  return {
    issuer: settings.publicUrl!,
    scopes: Object.keys(catalog.scopes),
    namespaces,
    settings,
    ports: { ...ports, ...(ports.oauth as OAuthPorts) },
  }
}
