/** Runs one tool for a caller: arguments checked, planned, sent as one GET, its answer rendered. */
import { acceptOf } from '../answers/asked.ts'
import { shape } from '../answers/shape.ts'
import type { ToolCall } from '../answers/tool-call.ts'
import { underscored } from '../connector/names.ts'
import type { Failure } from '../errors.ts'
import { cut, type Json, text } from '../json.ts'
import type { Reply } from '../ports.ts'
import type { Settings } from '../settings.ts'
import { checkArguments } from '../tools/check.ts'
import type { Facts } from '../tools/failures.ts'
import { plan } from '../tools/plan.ts'
import { type Block, render } from '../tools/result.ts'
import { send } from '../tools/send.ts'
import type { Arguments, Plan, Tool } from '../tools/tool.ts'
import { VERSION } from '../version.ts'
import { discoveryOffers } from './discovery-offers.ts'
import { type Context, paramsOf } from './server.ts'

/** What the tool answered; or why it was not asked; or how asking it failed. */
export type Ran = Answered | { problem: string } | { failure: Failure }

export interface Answered {
  /** As the upstream wrote it. */
  whole: Block
  /** As the call asked for it and within its budget, or a `share` of that. */
  shaped: (share?: number) => Block
  /** Most characters of its text; no end where answers are handed on as they are. */
  budget: number
  /** The record's own. */
  uri: string
  /** Of the upstream's reply. */
  header: Reply['header']
}

/** `given` are the arguments as they came. Tools, resources and prompts come to the upstream here and nowhere else. */
export async function run(context: Context, tool: Tool, given: Json | undefined): Promise<Ran> {
  context.entry.tool = tool.name
  const called = spelled(context, tool.name)
  const checked = checkArguments(tool, given, called)
  if (!checked.ok) return { problem: checked.problem }
  const planned = plan(tool, checked.args)
  if (!planned.ok) return { problem: `${called} was not called. ${planned.problem}` }
  const headers = { ...planned.plan.headers, accept: acceptOf(tool, checked.args) }
  const received = await ask(context, tool, { ...planned.plan, headers })
  if (!received.ok) return { failure: received.failure }
  const { server } = context
  const { settings, records } = server
  const call: ToolCall = {
    tool,
    args: checked.args,
    again: (args: Arguments) => again(context, tool, args),
    budget: tool.answering?.budget ?? settings.answerBudget,
    target: planned.plan.target,
    header: received.header,
  }
  return {
    whole: received.block,
    shaped: (share = 1) => shape(received.block, { ...call, budget: Math.floor(call.budget * share) }),
    budget: tool.answering ? call.budget : Number.POSITIVE_INFINITY,
    uri: records.uriOf(tool, checked.args),
    header: received.header,
  }
}

/** A tool's name as the caller has it in its list. */
export function spelled({ server, caller }: Context, name: string): string {
  return server.views(caller).dotless ? underscored(name) : name
}

/** In discovery mode the tool is not listed, so that it is called through the one that is. */
function again(context: Context, { name }: Tool, args: Arguments): ReturnType<ToolCall['again']> {
  const tool = spelled(context, name)
  if (!context.server.catalog.discovery) return { tool, arguments: args }
  return { tool: spelled(context, discoveryOffers.call.name), arguments: { tool, arguments: args } }
}

type Received = { ok: true; block: Block; header: Reply['header'] } | { ok: false; failure: Failure }

/** Sends the one GET; what became of it goes into the access log. */
async function ask(context: Context, tool: Tool, planned: Plan): Promise<Received> {
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
  const received = sent.ok ? receive(sent.reply, sent.facts, tool, server.settings) : sent
  if (!received.ok) entry.failure = received.failure.code
  return received
}

function receive(reply: Reply, facts: Facts, tool: Tool, { maxBinaryBytes }: Settings): Received {
  const rendered = render(reply, facts, tool, maxBinaryBytes)
  return rendered.ok ? { ...rendered, header: reply.header } : rendered
}

/** W3C Trace Context, from `_meta` (2026-07-28) or the HTTP header; handed on only where it is well formed. */
function traceparent({ call, request }: Context): string | undefined {
  const meta = paramsOf(call)._meta as { traceparent?: unknown } | null | undefined
  const given = [text(meta?.traceparent), request.headers.get('traceparent')]
  return given.find((each) => TRACEPARENT.test(each ?? '')) ?? undefined
}

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
