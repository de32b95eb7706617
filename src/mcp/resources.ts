/** `resources/*`: records that a declaration names as resources, each read by the same GET as its tool. */
import { inFull } from '../answers/asked.ts'
import type { Failure } from '../errors.ts'
import { cut, text } from '../json.ts'
import { freshness } from '../tools/freshness.ts'
import { toContents } from '../tools/result.ts'
import type { Tool } from '../tools/tool.ts'
import { variablesOf } from '../tools/uri-template.ts'
import { insufficient, rejected } from './challenge.ts'
import { INTERNAL_ERROR, INVALID_PARAMS, RESOURCE_NOT_FOUND, refusal } from './refusal.ts'
import { run } from './run.ts'
import { type Answer, type Context, cached, invalid, page, paramsOf } from './server.ts'

/** What has an address without variables; records are found by template, since there are as many as the upstream has. */
export function listResources(context: Context): Answer {
  const resources = offered(context).filter(({ resource }) => variablesOf(resource).length === 0)
  const listed = resources.map(({ resource, ...tool }) => ({ uri: resource, ...described(tool) }))
  return page(context, [`"resources":${JSON.stringify(listed)}`])
}

export function listTemplates(context: Context): Answer {
  const templates = offered(context).filter(({ resource }) => variablesOf(resource).length > 0)
  const listed = templates.map(({ resource, ...tool }) => ({ uriTemplate: resource, ...described(tool) }))
  return page(context, [`"resourceTemplates":${JSON.stringify(listed)}`])
}

export async function readResource(context: Context): Promise<Answer> {
  const { server, caller, call } = context
  const uri = text(paramsOf(call).uri)
  if (uri === undefined) return invalid('params.uri must be a string')
  const match = server.records.find(uri) ?? server.records.beyond(uri)
  const beyond = match && insufficient(context, [match.tool])
  if (beyond) return beyond
  if (!match || !server.views(caller).names.has(match.tool.name)) return missing(context, uri)
  const ran = await run(context, match.tool, { ...inFull(match.tool), ...match.args })
  if ('shaped' in ran)
    return cached(context, ['"contents":', ...toContents(ran.shaped(), uri)], freshness(ran.header))
  return 'problem' in ran || ran.failure.status === 404 ? missing(context, uri) : unread(context, ran.failure)
}

/** An upstream failure where there is no tool result to tell it in. */
export function unread(context: Context, failure: Failure): Answer {
  const { status, message, hint } = failure
  const words = `Upstream ${context.server.catalog.title} API failed: ${message}. ${hint}`
  const data = status === undefined ? undefined : { status }
  return rejected(context, failure) ?? { refusal: refusal(200, INTERNAL_ERROR, words, data) }
}

/** The resources of the tools that this caller has. */
function offered({ server, caller }: Context): (Tool & { resource: string })[] {
  const { names } = server.views(caller)
  return server.catalog.tools.filter(
    (tool): tool is Tool & { resource: string } => tool.resource !== undefined && names.has(tool.name),
  )
}

function described({ name, title, description, produces }: Omit<Tool, 'resource'>): object {
  return { name, title, description, mimeType: produces[0] ?? 'application/json' }
}

/** -32002 in handshake revisions, -32602 since 2026-07-28. */
function missing({ call }: Context, uri: string): Answer {
  const code = call.era === 'modern' ? INVALID_PARAMS : RESOURCE_NOT_FOUND
  return { refusal: refusal(200, code, 'Resource not found', { uri: cut(uri, 200) }) }
}
