/** `server/discover` (2026-07-28): what is spoken here and what for; no client is obliged to ask. */
import { type Answer, type Context, cached } from './server.ts'
import { MODERN } from './versions.ts'

export function discover(context: Context): Answer {
  const { server, caller } = context
  const members = {
    supportedVersions: MODERN,
    capabilities: server.capabilities,
    instructions: server.views(caller).instructions,
  }
  return cached(context, [JSON.stringify(members).slice(1, -1)])
}
