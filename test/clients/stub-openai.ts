/** The Responses API as Codex uses it: tools in a namespace, or (code mode) reached by a program. */
import { type Outcome, serverName } from './row.ts'
import { type Body, type Dialect, events, type Use } from './stub.ts'

const namespace = `mcp__${serverName}`
const callId = (turn: number): string => `call_lectern_${turn}`
const searchId = 'call_lectern_search'

/** With a model name that Codex does not know, the namespace with its tools stands in the request. */
export const responses: Dialect = {
  tools: (body) => (listed(body)?.tools ?? []).map((each: Body) => `${namespace} ${each.name}`),
  result: (body, turn) => output(body, callId(turn)),
  use: (body, { tool, args }, turn) => {
    const name = plain(tool)
    if (!listed(body)?.tools.some((each: Body) => each.name === name)) return undefined
    return functionCall(name, args, turn)
  },
  say,
}

/** With gpt-5.5 the tools are found by a search for words, and then stand beside its result. */
export const searching: Dialect = {
  ...responses,
  tools: (body) => (found(body)?.tools ?? []).map((each: Body) => `${namespace} ${each.name}`),
  use: (body, { tool, args }, turn) => {
    const name = plain(tool)
    if (found(body)?.tools.some((each: Body) => each.name === name)) return functionCall(name, args, turn)
    if (!body.tools?.some((each: Body) => each.type === 'tool_search')) return undefined
    const query = name
    const item = {
      type: 'tool_search_call',
      call_id: `${searchId}_${turn}`,
      execution: 'client',
      arguments: { query },
    }
    return searched(body, turn) ? undefined : { name: 'tool_search', reply: answer(item) }
  },
}

/** What a program does with the result of `call`: shows the whole object, or each of its blocks as what it is. */
export const inOne = (call: string): string => `text(${call})`
export const inBlocks = (call: string): string =>
  `for (const block of (${call}).content) block.type === 'image' ? image(block) : text(block.text ?? block)`

/** With its default model, Codex shows only the namespace; a program finds the names and calls one. */
export const codeMode = (program: (call: string) => string): Dialect => ({
  tools: (body) => output(body, searchId)?.text.match(new RegExp(`${namespace}__\\w+`, 'g')) ?? [],
  result: (body, turn) => output(body, callId(turn)),
  use: (body, { tool, args }, turn) => {
    const name = `${namespace}__${plain(tool)}`
    const found = output(body, searchId)?.text
    if (found?.includes(name))
      return exec(`tools.${name}`, callId(turn), program(`await tools.${name}(${JSON.stringify(args)})`))
    if (found !== undefined || !JSON.stringify(body.input).includes(namespace)) return undefined
    const names = `ALL_TOOLS.map((each) => each.name).filter((name) => name.startsWith('${namespace}__'))`
    return exec('ALL_TOOLS', searchId, `text(${names}.join(' '))`)
  },
  say,
})

const plain = (tool: string): string => tool.replace(/\W/g, '_')

const listed = (body: Body): Body =>
  (body.tools ?? []).find((each: Body) => each.type === 'namespace' && each.name === namespace)

const searched = (body: Body, turn: number): boolean =>
  body.input.some(
    (each: Body) => each.type === 'tool_search_output' && each.call_id === `${searchId}_${turn}`,
  )

/** All that its searches have brought. */
function found(body: Body): Body {
  const outputs = (body.input ?? []).filter((each: Body) => each.type === 'tool_search_output')
  const tools: Body[] = outputs.flatMap((each: Body) => each.tools ?? [])
  return { tools: tools.filter(({ name }) => name === namespace).flatMap((each) => each.tools) }
}

function functionCall(name: string, args: object, turn: number): Use {
  const item = {
    type: 'function_call',
    call_id: callId(turn),
    namespace,
    name,
    arguments: JSON.stringify(args),
  }
  return { name: `${namespace} ${name}`, reply: answer(item) }
}

function exec(name: string, id: string, input: string): Use {
  const item = { type: 'custom_tool_call', call_id: id, namespace: 'functions', name: 'exec', input }
  return { name, reply: answer(item) }
}

// Codex marks no error; an error's text is told from a result by the expected text alone.
function output(body: Body, id: string): Outcome | undefined {
  const item = (body.input ?? []).find((each: Body) => each.call_id === id && /_output$/.test(each.type))
  if (!item) return undefined
  const parts = typeof item.output === 'string' ? [{ text: item.output }] : (item.output ?? [])
  const files = parts.flatMap((part: Body) => {
    const [, type, data] = /^data:([^;]+);base64,(.*)$/s.exec(part.image_url ?? '') ?? []
    return type && data ? [{ type, data }] : []
  })
  return { text: parts.map((part: Body) => part.text ?? '').join('\n'), isError: false, files }
}

function say(text: string): string {
  return answer({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] })
}

function answer(item: object): string {
  const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 }
  const response = { id: 'resp_lectern' }
  return events([
    { type: 'response.created', response },
    { type: 'response.output_item.done', output_index: 0, item: { id: 'item_lectern', ...item } },
    { type: 'response.completed', response: { ...response, output: [], usage } },
  ])
}
