/** Runs one tool for a caller: arguments checked, planned, sent as one GET, its answer rendered. */
import type { Failure } from '../errors.ts'
import { cut, type Json, text } from '../json.ts'
import { checkArguments } from '../tools/check.ts'
import { freshness } from '../tools/freshness.ts'
import { plan } from '../tools/plan.ts'
import { type Block, type Rendered, render } from '../tools/result.ts'
import { send } from '../tools/send.ts'
import type { Plan, Tool } from '../tools/tool.ts'
import { VERSION } from '../version.ts'
import { type Context, paramsOf } from './server.ts'

/**
 * What the tool answered, the record's URI and the seconds for which it may be kept; or why it was not asked; or how asking
 * it failed.
 */
export type Ran = { block: Block; uri: string; ttl: number } | { problem: string } | { failure: Failure }

/** `given` are the arguments as they came. Tools, resources and prompts come to the upstream here and nowhere else. */
export async function run(context: Context, tool: Tool, given: Json | undefined): Promise<Ran> {
  context.entry.tool = tool.name
  const checked = checkArguments(tool, given)
  if (!checked.ok) return { problem: checked.problem }
  const planned = plan(tool, checked.args)
  if (!planned.ok) return { problem: `${tool.name} was not called. ${planned.problem}` }
  const rendered = await ask(context, tool, planned.plan)
  if (!rendered.ok) return { failure: rendered.failure }
  const { block, ttl = 0 } = rendered
  return { block, uri: context.server.records.uriOf(tool, checked.args), ttl }
}

/** Sends the one GET; what became of it goes into the access log. */
async function ask(context: Context, tool: Tool, planned: Plan): Promise<Rendered & { ttl?: number }> {
  const { server, caller, entry, request } = context
  const trace = traceparent(context)
  if (trace !== undefined) entry.trace = trace.slice(3, 35)
  const own = { 'user-agent': `lectern/${VERSION}`, ...(trace !== undefined && { traceparent: trace }) }
  const { query, secrets } = caller
  // The signal: 2026-07-28 asks for it, and to a handshake client that left, a stateless server could not answer either.
  const sending = { headers: caller.headers, query, secrets, signal: request.signal }
  const whole = { ...planned, headers: { ...planned.headers, ...own } }
  const sent = await send(whole, server.upstream, sending, server.ports)
  entry.upstreamStatus = sent.facts.status
  entry.cause = sent.facts.cause && cut(sent.facts.cause, 100)
  entry.upstreamTries = sent.facts.tries
  entry.upstreamMs = Math.round((server.ports.now() - sent.facts.started) * 1000)
  const rendered = sent.ok ? render(sent.reply, sent.facts, tool, server.settings.maxBinaryBytes) : sent
  if (!rendered.ok) entry.failure = rendered.failure.code
  return sent.ok ? { ...rendered, ttl: freshness(sent.reply.header) } : rendered
}

/** W3C Trace Context, from `_meta` (2026-07-28) or the HTTP header; handed on only where it is well formed. */
function traceparent({ call, request }: Context): string | undefined {
  const meta = paramsOf(call)._meta as { traceparent?: unknown } | null | undefined
  const given = [text(meta?.traceparent), request.headers.get('traceparent')]
  return given.find((each) => TRACEPARENT.test(each ?? '')) ?? undefined
}

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
