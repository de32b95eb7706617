/** What a caller's scopes do not open although it exists: 403 that names every scope to ask for (RFC 6750, 3.1; MCP authorization). */
import { isGranted } from '../access/caller.ts'
import type { Tool } from '../tools/tool.ts'
import { INVALID_PARAMS, refusal } from './refusal.ts'
import type { Answer, Context } from './server.ts'

/**
 * The refusal of something that needs `tools`; undefined where their scopes are held, or where scopes cannot be asked for,
 * and what is not open is as if it were not there. In a batch, which has one HTTP status for all, it is an error message.
 */
export function insufficient(context: Context, tools: readonly Tool[]): Answer | undefined {
  const { caller, server, entry } = context
  const needed = new Set(tools.flatMap(({ scopes }) => scopes))
  if (caller.insufficient === undefined || isGranted(caller, [...needed])) return undefined
  const missing = [...needed].filter((scope) => !isGranted(caller, [scope]))
  // A client replaces its token by the next one, so that must hold what this one held.
  const wanted = Object.keys(server.catalog.scopes).filter(
    (scope) => needed.has(scope) || isGranted(caller, [scope]),
  )
  const names = tools.map(({ name }) => name).join(', ')
  if (tools.length === 1) entry.tool = names
  const words = `${names} needs the scope ${missing.join(' ')}, which this sign-in does not hold: sign in again for it`
  return { response: caller.insufficient(wanted), refusal: refusal(200, INVALID_PARAMS, words) }
}
