/** The upstream of a compiled connector, under the deployment's limits. */
import type { Settings } from '../settings.ts'
import type { Upstream } from '../tools/send.ts'
import type { Catalog } from './catalog.ts'

export function upstreamOf({ title, server }: Catalog, settings: Settings): Upstream {
  const { deadline, retries, maxRedirects, maxResponseBytes } = settings
  const limits = { deadline, retries, maxRedirects, maxResponseBytes }
  return { title, base: new URL(settings.upstreamUrl ?? server), limits }
}
