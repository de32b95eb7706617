/** One declared tool called by its name: found within what the caller sees, its headers held against the body, run, told. */
import { underscored } from '../connector/names.ts'
import { cut, type Json } from '../json.ts'
import { closest } from '../tools/closest.ts'
import type { Tool } from '../tools/tool.ts'
import { insufficient } from './challenge.ts'
import { strayParameter } from './headers.ts'
import { mistake, outcome } from './outcome.ts'
import { run } from './run.ts'
import { type Answer, type Context, invalid, type McpServer } from './server.ts'

/**
 * `indirect` is true where a model named the tool in the arguments of another: its slip is then a result that it can read,
 * and a header that the client could not know of is not missed, though one that is there must agree.
 */
export async function callDeclared(
  context: Context,
  name: string,
  given: Json | undefined,
  indirect = false,
): Promise<Answer> {
  const { call, request } = context
  const tool = declaredTool(context, name, indirect)
  if ('answer' in tool) return tool.answer
  const wrong = call.era === 'modern' && strayParameter(request.headers, tool, given, indirect)
  if (wrong) return { refusal: wrong }
  return outcome(context, await run(context, tool, given))
}

/** The tool, by either form of its name; or the answer to a caller who does not have it. */
export function declaredTool(context: Context, name: string, indirect: boolean): Tool | { answer: Answer } {
  const { server, caller } = context
  const { names } = server.views(caller)
  const tool = server.tools.get(name)
  const beyond = tool && insufficient(context, [tool])
  if (beyond) return { answer: beyond }
  if (tool && names.has(tool.name)) return tool
  const words = unknown(name, [...names], server)
  return { answer: indirect ? mistake(words, context) : invalid(words) }
}

function unknown(name: string, names: string[], { catalog, whole }: McpServer): string {
  const asked = `Unknown tool ${JSON.stringify(cut(name, 64))}`
  const elsewhere = whole?.tools.get(name)
  if (elsewhere !== undefined) {
    const here = catalog.namespaces.map(({ name }) => name).join(', ')
    return `${asked}: it is not part of this address, which serves ${here} alone; ${elsewhere.namespace} is at /mcp`
  }
  const near = closest(name, name.includes('.') ? names : names.map(underscored))
  const where = catalog.discovery ? 'tools_find finds them' : 'tools/list names them all'
  const hint = near === undefined ? where : `did you mean ${near}?`
  return `${asked}: ${hint}`
}
