/** The upstream of a compiled connector, under the deployment's limits. */
import type { Settings } from '../settings.ts'
import type { Upstream } from '../tools/send.ts'
import type { Catalog } from './catalog.ts'

export function upstreamOf(catalog: Catalog, settings: Settings): Upstream {
  const { title, server } = catalog
  const { deadline, retries, maxRedirects, maxResponseBytes } = settings
  const limits = { deadline, retries, maxRedirects, maxResponseBytes }
  const hints = hintsOf(catalog, settings)
  return { title, base: new URL(settings.upstreamUrl ?? server), limits, ...(hints && { hints }) }
}

/** Where the credential is not the caller's, signing in again would change nothing: only the operator can mend it. */
function hintsOf({ access }: Catalog, { upstreamHeaders }: Settings): Record<number, string> | undefined {
  const isService = access.type === 'jwt' && access.upstream.type === 'service'
  if (access.type !== 'none' && !isService) return undefined
  const sends = isService || Object.keys(upstreamHeaders).length > 0
  const refused = sends
    ? "The operator's credential was refused"
    : 'The API asks for a credential, and this connector sends none'
  return {
    401: `${refused}: tell whoever runs this connector.`,
    403: 'This connector may not read it: tell whoever runs this connector.',
  }
}
