/** Runs a planned GET for a caller and renders its answer; `tools/call` and `resources/read` share it. */
import { cut, text } from '../json.ts'
import { type Rendered, render } from '../tools/result.ts'
import { send } from '../tools/send.ts'
import type { Plan, Tool } from '../tools/tool.ts'
import { VERSION } from '../version.ts'
import { type Context, paramsOf } from './server.ts'

/** Sends the one GET; what became of it goes into the access log. */
export async function run(context: Context, tool: Tool, { target, headers }: Plan): Promise<Rendered> {
  const { server, caller, entry, request } = context
  const trace = traceparent(context)
  if (trace !== undefined) entry.trace = trace.slice(3, 35)
  const own = { 'user-agent': `lectern/${VERSION}`, ...(trace !== undefined && { traceparent: trace }) }
  // 2026-07-28 asks for it; to a handshake client that left, a stateless server could not deliver the answer either.
  const { query, secrets } = caller
  const sending = { headers: caller.headers, query, secrets, signal: request.signal }
  const sent = await send({ target, headers: { ...headers, ...own } }, server.upstream, sending, server.ports)
  entry.upstreamStatus = sent.facts.status
  entry.cause = sent.facts.cause && cut(sent.facts.cause, 100)
  entry.upstreamTries = sent.facts.tries
  entry.upstreamMs = Math.round((server.ports.now() - sent.facts.started) * 1000)
  const rendered = sent.ok ? render(sent.reply, sent.facts, tool, server.settings.maxBinaryBytes) : sent
  if (!rendered.ok) entry.failure = rendered.failure.code
  return rendered
}

/** W3C Trace Context, from `_meta` (2026-07-28) or the HTTP header; handed on only where it is well formed. */
function traceparent({ call, request }: Context): string | undefined {
  const meta = paramsOf(call)._meta as { traceparent?: unknown } | null | undefined
  const given = [text(meta?.traceparent), request.headers.get('traceparent')]
  return given.find((each) => TRACEPARENT.test(each ?? '')) ?? undefined
}

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
