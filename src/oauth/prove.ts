/** Proves credentials that a person typed: one GET of the declared operation, and what its status says. */
import type { OAuthAccess } from '../access/access.ts'
import { type Credential, carry } from '../access/credential.ts'
import type { Catalog } from '../connector/catalog.ts'
import { upstreamOf } from '../connector/upstream.ts'
import type { Ports } from '../ports.ts'
import type { Settings } from '../settings.ts'
import { send } from '../tools/send.ts'
import type { Proof } from './authority.ts'

/** Statuses below 500 that say nothing about the credentials. */
const UNCLEAR = new Set([408, 425, 429])

export function createProof(
  catalog: Catalog,
  access: OAuthAccess,
  settings: Settings,
  ports: Ports,
): (credential: Credential) => Promise<Proof> {
  const upstream = upstreamOf(catalog, { ...settings, retries: 0 })
  const plan = { target: catalog.proof ?? '/', headers: { accept: 'application/json' } }
  return async (credential) => {
    const sent = await send(plan, upstream, carry(access, credential), ports)
    if (sent.ok) return 'yes'
    const status = sent.failure.status ?? 500
    return status >= 400 && status < 500 && !UNCLEAR.has(status) ? 'no' : 'unclear'
  }
}
