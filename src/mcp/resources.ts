/** `resources/*`: records that a declaration names as resources, each read by the same GET as its tool. */
import type { Catalog } from '../connector/catalog.ts'
import type { Failure } from '../errors.ts'
import { cut, type Json, text } from '../json.ts'
import { checkArguments } from '../tools/check.ts'
import { plan } from '../tools/plan.ts'
import { toContents } from '../tools/result.ts'
import { percentEncode } from '../tools/serialize.ts'
import type { Arguments, Tool } from '../tools/tool.ts'
import { insufficient, rejected } from './challenge.ts'
import { INTERNAL_ERROR, INVALID_PARAMS, RESOURCE_NOT_FOUND, refusal } from './refusal.ts'
import { run } from './run.ts'
import { type Answer, type Context, cached, invalid, page, paramsOf } from './server.ts'

/** Records are found by template; none is listed by itself, since there are as many as the upstream has. */
export function listResources(context: Context): Answer {
  return page(context, ['"resources":[]'])
}

export function listTemplates(context: Context): Answer {
  const { server, caller } = context
  const { names } = server.views(caller)
  const templates = server.catalog.tools
    .filter((tool) => tool.resource && names.has(tool.name))
    .map((tool) => ({
      uriTemplate: recordUri(server.catalog.name, tool),
      name: tool.name,
      title: tool.title,
      description: tool.description,
      mimeType: tool.produces[0] ?? 'application/json',
    }))
  return page(context, [`"resourceTemplates":${JSON.stringify(templates)}`])
}

export async function readResource(context: Context): Promise<Answer> {
  const { server, caller, call, entry } = context
  const uri = text(paramsOf(call).uri)
  if (uri === undefined) return invalid('params.uri must be a string')
  const match = findRecord(server.catalog, uri)
  const beyond = match && insufficient(context, [match.tool])
  if (beyond) return beyond
  if (!match || !server.views(caller).names.has(match.tool.name)) return missing(context, uri)
  entry.tool = match.tool.name
  const checked = checkArguments(match.tool, match.args)
  const planned = checked.ok ? plan(match.tool, checked.args) : checked
  if (!planned.ok) return missing(context, uri)
  const ran = await run(context, match.tool, planned.plan)
  if (ran.ok) return cached(context, ['"contents":', ...toContents(ran.block, uri)], 0)
  const ended = rejected(context, ran.failure)
  if (ended) return ended
  return ran.failure.status === 404 ? missing(context, uri) : failed(server.catalog, ran.failure)
}

/** `flowtly://attachments/att_000001`; without arguments the template, `flowtly://attachments/{attachmentId}`. */
export function recordUri(connector: string, { namespace, parameters }: Tool, args?: Arguments): string {
  const parts = parameters
    .filter((parameter) => parameter.in === 'path')
    .map(({ argument }) => (args ? percentEncode(String(args[argument])) : `{${argument}}`))
  return `${connector}://${[namespace, ...parts].join('/')}`
}

/** The resource tool whose template fits `uri`, and the arguments that the URI holds. */
function findRecord(
  { name, tools }: Catalog,
  uri: string,
): { tool: Tool; args: { [name: string]: Json } } | undefined {
  if (!uri.startsWith(`${name}://`)) return undefined
  const [namespace, ...parts] = uri.slice(name.length + 3).split('/')
  const ids = parts.map(decode)
  if (ids.includes(undefined)) return undefined
  for (const tool of tools) {
    const places = tool.parameters.filter((parameter) => parameter.in === 'path')
    if (!tool.resource || tool.namespace !== namespace || places.length !== ids.length) continue
    return { tool, args: Object.fromEntries(places.map(({ argument }, at) => [argument, ids[at]!])) }
  }
  return undefined
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** -32002 in handshake revisions, -32602 since 2026-07-28. */
function missing({ call }: Context, uri: string): Answer {
  const code = call.era === 'modern' ? INVALID_PARAMS : RESOURCE_NOT_FOUND
  return { refusal: refusal(200, code, 'Resource not found', { uri: cut(uri, 200) }) }
}

function failed({ title }: Catalog, { status, message, hint }: Failure): Answer {
  const data = status === undefined ? undefined : { status }
  return { refusal: refusal(200, INTERNAL_ERROR, `Upstream ${title} API failed: ${message}. ${hint}`, data) }
}
