/** The Messages API as Claude Code uses it: tools are named first, loaded by ToolSearch, then called. */
import { type Outcome, serverName } from './row.ts'
import { type Body, type Dialect, events, type Use } from './stub.ts'

const prefix = `mcp__${serverName}__`
const callId = (turn: number): string => `toolu_lectern_call_${turn}`

export const anthropic: Dialect = {
  // Deferred names stand in a reminder. Tool uses and results are left out: they repeat what we asked for.
  tools: (body) => {
    const read = blocks(body).filter((each) => each.type === 'text')
    return JSON.stringify([body.tools, read]).match(new RegExp(`${prefix}[\\w-]+`, 'g')) ?? []
  },
  result: (body, turn) => {
    const id = callId(turn)
    const block = blocks(body).find((each) => each.type === 'tool_result' && each.tool_use_id === id)
    return block && { ...read(block.content), isError: block.is_error === true }
  },
  use: (body, { tool, args }, turn) => {
    const name = prefix + tool.replace(/[^\w-]/g, '_')
    const offered = new Set((body.tools ?? []).map((each: Body) => each.name))
    if (offered.has(name)) return toolUse(callId(turn), name, args)
    const searched = blocks(body).some((each) => each.type === 'tool_result')
    if (!offered.has('ToolSearch') || searched) return undefined
    return toolUse('toolu_lectern_search', 'ToolSearch', { query: `select:${name}` })
  },
  say: (text) => message({ type: 'text', text: '' }, { type: 'text_delta', text }, 'end_turn'),
}

function toolUse(id: string, name: string, input: object): Use {
  const delta = { type: 'input_json_delta', partial_json: JSON.stringify(input) }
  return { name, reply: message({ type: 'tool_use', id, name, input: {} }, delta, 'tool_use') }
}

function message(block: object, delta: object, reason: string): string {
  const usage = { input_tokens: 1, output_tokens: 1 }
  const head = { id: 'msg_lectern', type: 'message', role: 'assistant', model: 'stub', content: [], usage }
  return events([
    { type: 'message_start', message: { ...head, stop_reason: null, stop_sequence: null } },
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ])
}

function blocks(body: Body): Body[] {
  const messages: Body[] = body.messages ?? []
  return messages.flatMap(({ content }) =>
    Array.isArray(content) ? content : [{ type: 'text', text: content }],
  )
}

function read(content: Body): Omit<Outcome, 'isError'> {
  if (typeof content === 'string') return { text: content, files: [] }
  const parts: Body[] = content ?? []
  const files = parts.flatMap(({ source }) =>
    source ? [{ type: source.media_type, data: source.data }] : [],
  )
  return { text: parts.map((each) => each.text ?? '').join('\n'), files }
}
