/** Who calls in the audit: a credential of each call's own where the connector takes one, and what stands in where people sign in. */
import type { Access, Forward } from '../access/access.ts'
import type { Catalog } from '../connector/catalog.ts'
import { credentialOf } from './rules.ts'

export interface AuditCaller {
  /** The connector as it is audited. */
  catalog: Catalog
  /** For the report: how the calls were let in. */
  told: string
  /** Headers of the deployment, where it declares some. */
  upstreamHeaders: Record<string, string>
  /** Credential of the call of that number; undefined where calls have none. */
  credential(call: number): string | undefined
}

const OWN_KEY = 'API keys made up by the audit, one a call, through the connector’s own gate.'

export function auditCaller(catalog: Catalog): AuditCaller {
  const { access } = catalog
  const keyed = { catalog, upstreamHeaders: {}, credential: credentialOf }
  switch (access.type) {
    case 'none':
      return openCaller(catalog, access.headers ?? [])
    case 'apiKey':
      return { ...keyed, told: OWN_KEY, credential: prefixed(access.prefix) }
    case 'oauth':
      if (access.apiKey === undefined) return standIn(catalog, access)
      return {
        ...keyed,
        told: `${OWN_KEY} Sign-in was not part of it.`,
        credential: prefixed(access.apiKey.prefix),
      }
    case 'jwt':
      return standIn(catalog, access)
  }
}

/** The gate takes no key without it. */
function prefixed(prefix = ''): AuditCaller['credential'] {
  return (call) => prefix + credentialOf(call)
}

/** The deployment's headers are the same in every call, so none could be another's. */
function openCaller(catalog: Catalog, headers: string[]): AuditCaller {
  const values = headers.map((name) => [name, 'made-up-by-the-audit'])
  const along = headers.length === 0 ? '' : ` ${headers.join(', ')} went along with made-up values.`
  return {
    catalog,
    told: `Anybody may call this connector, so the calls had no credential.${along}`,
    upstreamHeaders: Object.fromEntries(values),
    credential: () => undefined,
  }
}

/** Nobody can sign in without a person: keys of one call each stand in for tokens, and go upstream where those would. */
function standIn(catalog: Catalog, access: Access): AuditCaller {
  const forward = forwardOf(access)
  return {
    catalog: { ...catalog, access: { type: 'apiKey', ...(forward && { forward }) } },
    told: `The connector’s own gate was not part of it, since it asks people to sign in: keys made up by the audit, one a call, stood in for their tokens${forward ? `, in the header ${forward.header}` : ''}.`,
    upstreamHeaders: {},
    credential: credentialOf,
  }
}

function forwardOf(access: Access): Forward | undefined {
  if (access.type === 'oauth') return access.forward
  if (access.type !== 'jwt' || access.upstream.type !== 'service') return undefined
  const { header, scheme } = access.upstream
  return header === undefined ? undefined : { header, ...(scheme !== undefined && { scheme }) }
}
