/** `tools/list` and `tools/call`: one tool is one upstream GET, and the answer is what it said. */
import type { Failure } from '../errors.ts'
import { isObject, type JsonObject, text } from '../json.ts'
import { checkArguments } from '../tools/check.ts'
import { closest } from '../tools/closest.ts'
import { plan } from '../tools/plan.ts'
import { render } from '../tools/result.ts'
import { send } from '../tools/send.ts'
import { percentEncode } from '../tools/serialize.ts'
import type { Arguments, Plan, Tool } from '../tools/tool.ts'
import { VERSION } from '../version.ts'
import type { Call } from './message.ts'
import { INVALID_PARAMS, refusal, UPSTREAM_FAILED } from './refusal.ts'
import type { Answer, Context } from './server.ts'

/** Never paged: some clients read the first page only. A cursor is therefore not one of ours. */
export function listTools(context: Context): Answer {
  const { server, caller, call } = context
  if (isObject(call.params) && call.params.cursor !== undefined) {
    return { refusal: refusal(200, INVALID_PARAMS, 'The cursor is unknown: this list has one page') }
  }
  return { members: [server.views(caller).listing, cacheHints(context)] }
}

/** `ttlMs` and `cacheScope` of lists and descriptions; private, since what is listed depends on the caller. */
export function cacheHints({ server, call }: Context): string {
  return call.era === 'modern' ? `,"ttlMs":${server.settings.listTtl * 1000},"cacheScope":"private"` : ''
}

export async function callTool(context: Context): Promise<Answer> {
  const { server, caller, call, entry } = context
  const params = isObject(call.params) ? call.params : {}
  const name = text(params.name)
  if (name === undefined)
    return { refusal: refusal(200, INVALID_PARAMS, 'params.name must be the name of a tool') }
  const { names } = server.views(caller)
  const tool = server.tools.get(name)
  if (!tool || !names.has(tool.name)) return { refusal: unknownTool(name, [...names]) }
  entry.tool = tool.name
  const checked = checkArguments(tool, params.arguments)
  if (!checked.ok) return mistake(checked.problem, entry)
  const planned = plan(tool, checked.args)
  if (!planned.ok) return mistake(`${tool.name} was not called. ${planned.problem}`, entry)
  return run(context, tool, checked.args, planned.plan)
}

async function run(
  context: Context,
  tool: Tool,
  args: Arguments,
  { target, headers }: Plan,
): Promise<Answer> {
  const { server, caller, call, entry, request } = context
  const trace = traceparent(context)
  const sent = await send(
    {
      target,
      headers: {
        ...headers,
        'user-agent': `lectern/${VERSION}`,
        ...(trace !== undefined && { traceparent: trace }),
      },
    },
    server.upstream,
    { headers: caller.headers, secret: caller.secret, signal: goneSignal(request, call) },
    server.ports,
  )
  entry.upstreamStatus = sent.facts.status
  entry.upstreamTries = sent.facts.tries
  entry.upstreamMs = Math.round((server.ports.now() - sent.facts.started) * 1000)
  if (!sent.ok) return failed(context, sent.failure)
  const rendered = render(sent.reply, sent.facts, {
    tool,
    uri: resourceUri(server.catalog.name, tool, args),
    maxBinaryBytes: server.settings.maxBinaryBytes,
    audio: call.version >= '2025-03-26',
  })
  return rendered.ok ? { members: ['"content":', ...rendered.content] } : failed(context, rendered.failure)
}

/** A modern client that closes the connection cancels the call; a legacy one's going away says nothing. */
function goneSignal(request: Request, call: Call): AbortSignal | undefined {
  return call.era === 'modern' ? request.signal : undefined
}

/** `flowtly://attachments/att_000001`: the connector, the namespace and what identifies the record. */
function resourceUri(connector: string, tool: Tool, args: Arguments): string {
  const ids = tool.parameters
    .filter((parameter) => parameter.in === 'path')
    .map(({ argument }) => percentEncode(String(args[argument])))
  return `${connector}://${[tool.namespace, ...ids].join('/')}`
}

/** A model's mistake is a result that it can read and mend, not a protocol error (SEP-1303). */
function mistake(message: string, entry: Context['entry']): Answer {
  entry.failure = 'invalid_arguments'
  return problem({ error: 'invalid_arguments', message })
}

function failed({ server, call, entry }: Context, { code, status, message, hint }: Failure): Answer {
  entry.failure = code
  if (server.catalog.upstreamErrors === 'result' || call.era === 'modern') {
    return problem({ error: code, ...(status !== undefined && { status }), message, hint })
  }
  const where = status === undefined ? '' : ` (${status})`
  const words = `Upstream ${server.catalog.title} API failed${where}: ${message}. ${hint}`
  const data = status === undefined ? { reason: code } : { status }
  return { refusal: refusal(200, UPSTREAM_FAILED, words, data) }
}

/** Everything that the model needs is in the text: some clients show it nothing else of an error. */
function problem(facts: JsonObject): Answer {
  const content = [{ type: 'text', text: JSON.stringify(facts) }]
  return { members: [`"content":${JSON.stringify(content)},"isError":true`] }
}

function unknownTool(name: string, names: string[]) {
  const near = closest(name, names)
  const hint = near === undefined ? 'tools/list names them all' : `did you mean ${near}?`
  return refusal(200, INVALID_PARAMS, `Unknown tool ${JSON.stringify(name.slice(0, 64))}: ${hint}`)
}

/** W3C Trace Context, from `_meta` (2026-07-28) or the HTTP header; handed on only where it is well formed. */
function traceparent({ call, request }: Context): string | undefined {
  const meta = isObject(call.params) && isObject(call.params._meta) ? call.params._meta : {}
  const given = text(meta.traceparent) ?? request.headers.get('traceparent')
  return given && /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(given)
    ? given
    : undefined
}
