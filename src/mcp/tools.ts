/** `tools/list` and `tools/call`: one tool is one upstream GET, and the answer is what it said. */
import { underscored } from '../connector/names.ts'
import type { Failure, FailureCode } from '../errors.ts'
import { cut, type JsonObject, text } from '../json.ts'
import { closest } from '../tools/closest.ts'
import { toContent } from '../tools/result.ts'
import { insufficient, rejected } from './challenge.ts'
import { strayParameter } from './headers.ts'
import { type Refusal, refusal, UPSTREAM_FAILED } from './refusal.ts'
import { run } from './run.ts'
import { type Answer, type Context, invalid, page, paramsOf } from './server.ts'

export function listTools(context: Context): Answer {
  return page(context, [context.server.views(context.caller).listing])
}

export async function callTool(context: Context): Promise<Answer> {
  const { server, caller, call, request } = context
  const params = paramsOf(call)
  const name = text(params.name)
  if (name === undefined) return invalid('params.name must be the name of a tool')
  const { names } = server.views(caller)
  const tool = server.tools.get(name)
  const beyond = tool && insufficient(context, [tool])
  if (beyond) return beyond
  if (!tool || !names.has(tool.name)) return invalid(unknown(name, [...names]))
  const wrong = call.era === 'modern' && strayParameter(request.headers, tool, params.arguments)
  if (wrong) return { refusal: wrong }
  const ran = await run(context, tool, params.arguments)
  if ('problem' in ran) return mistake(ran.problem, context)
  if ('failure' in ran) return failed(context, ran.failure)
  return { members: ['"content":', ...toContent(ran.block, ran.uri, call.version >= '2025-03-26')] }
}

/** A model's mistake is a result that it can read and mend, not a protocol error (SEP-1303). */
function mistake(message: string, { entry }: Context): Answer {
  const code: FailureCode = 'invalid_arguments'
  entry.failure = code
  return problem({ error: code, message })
}

function failed(context: Context, failure: Failure): Answer {
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
  const content = [{ type: 'text', text: JSON.stringify(facts) }]
  return { members: [`"content":${JSON.stringify(content)},"isError":true`] }
}

function unknown(name: string, names: string[]): string {
  const near = closest(name, name.includes('.') ? names : names.map(underscored))
  const hint = near === undefined ? 'tools/list names them all' : `did you mean ${near}?`
  return `Unknown tool ${JSON.stringify(cut(name, 64))}: ${hint}`
}
