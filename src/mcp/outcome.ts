/** What became of a tool's call, as the answer that a model reads: content, a mistake that it can mend, or a failure. */
import type { Failure, FailureCode } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { toContent } from '../tools/result.ts'
import { rejected } from './challenge.ts'
import { type Refusal, refusal, UPSTREAM_FAILED } from './refusal.ts'
import type { Ran } from './run.ts'
import type { Answer, Context } from './server.ts'

export function outcome(context: Context, ran: Ran): Answer {
  if ('problem' in ran) return mistake(ran.problem, context)
  if ('failure' in ran) return failed(context, ran.failure)
  return {
    members: ['"content":', ...toContent(ran.shaped(), ran.uri, context.call.version >= '2025-03-26')],
  }
}

/** A model's mistake is a result that it can read and mend, not a protocol error (SEP-1303). */
export function mistake(message: string, { entry }: Context): Answer {
  const code: FailureCode = 'invalid_arguments'
  entry.failure = code
  return problem({ error: code, message })
}

export function failed(context: Context, failure: Failure): Answer {
  const { server, call } = context
  const ended = rejected(context, failure)
  if (ended) return ended
  if (server.catalog.upstreamErrors === 'jsonrpc' && call.era === 'legacy') {
    return { refusal: upstreamRefusal(server.catalog.title, failure) }
  }
  const { code, status, message, hint } = failure
  return problem({ error: code, ...(status !== undefined && { status }), message, hint })
}

/** An upstream failure as a JSON-RPC error; `data.status` mirrors the upstream's where it gave one. */
function upstreamRefusal(title: string, { code, status, message, hint }: Failure): Refusal {
  const where = status === undefined ? '' : ` (${status})`
  const words = `Upstream ${title} API failed${where}: ${message}. ${hint}`
  return refusal(200, UPSTREAM_FAILED, words, status === undefined ? { reason: code } : { status })
}

/** Everything that the model needs is in the text: some clients show it nothing else of an error. */
function problem(facts: JsonObject): Answer {
  return { members: [asContent(JSON.stringify(facts)), ',"isError":true'] }
}

/** What we say ourselves, as JSON, as the one text of a result. */
export function asContent(json: string): string {
  return `"content":[{"type":"text","text":${JSON.stringify(json)}}]`
}
