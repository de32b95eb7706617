/** `tools/list` and `tools/call`: one call is at most one upstream GET, and the answer is what it said. */
import { text } from '../json.ts'
import { callDeclared } from './call.ts'
import { discoveryTool } from './discovery.ts'
import { knowledgeTool } from './knowledge.ts'
import { type Answer, type Context, invalid, page, paramsOf } from './server.ts'

export function listTools(context: Context): Answer {
  return page(context, [context.server.views(context.caller).listing])
}

export async function callTool(context: Context): Promise<Answer> {
  const { name: named, arguments: given } = paramsOf(context.call)
  const name = text(named)
  if (name === undefined) return invalid('params.name must be the name of a tool')
  const own = knowledgeTool(context, name) ?? discoveryTool(context, name)
  if (own === undefined) return callDeclared(context, name, given)
  context.entry.via = name
  return own(context, given)
}
