/** Answers that send a client to sign in again: 403 that names every scope to ask for, 401 where the upstream ended it (RFC 6750, 3.1). */
import { isGranted } from '../access/caller.ts'
import type { Failure } from '../errors.ts'
import type { Tool } from '../tools/tool.ts'
import { INVALID_PARAMS, refusal, UPSTREAM_FAILED } from './refusal.ts'
import { spelled } from './run.ts'
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
  const names = tools.map(({ name }) => spelled(context, name)).join(', ')
  if (tools.length === 1) entry.tool = tools[0]!.name
  const words = `${names} needs the scope ${missing.join(' ')}, which this sign-in does not hold: sign in again for it`
  return { response: caller.insufficient(wanted), refusal: refusal(200, INVALID_PARAMS, words) }
}

/**
 * The answer to a caller whose credential the upstream takes no longer: only an HTTP 401 makes a client refresh or sign in
 * again. Undefined for every other failure, and where the credential is not of our making.
 */
export function rejected({ caller, server }: Context, { status }: Failure): Answer | undefined {
  if (status !== 401 || caller.rejected === undefined) return undefined
  const words = `${server.catalog.title} takes this sign-in no longer: sign in again`
  return { response: caller.rejected(), refusal: refusal(200, UPSTREAM_FAILED, words, { status }) }
}
