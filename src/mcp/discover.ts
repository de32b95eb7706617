/** `server/discover` (2026-07-28): what is spoken here and what for; no client is obliged to ask. */
import type { Answer, Context } from './server.ts'
import { cacheHints } from './tools.ts'
import { MODERN } from './versions.ts'

export function discover(context: Context): Answer {
  const members = {
    supportedVersions: MODERN,
    capabilities: { tools: {} },
    instructions: context.server.views(context.caller).instructions,
  }
  return { members: [JSON.stringify(members).slice(1, -1), cacheHints(context)] }
}
