/** What all requests share, made once at start: the catalog, its upstream and what each kind of caller sees. */
import type { Caller } from '../access/caller.ts'
import type { Catalog } from '../connector/catalog.ts'
import { underscored } from '../connector/names.ts'
import { upstreamOf } from '../connector/upstream.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import type { LogEntry, Ports } from '../ports.ts'
import type { Settings } from '../settings.ts'
import type { Upstream } from '../tools/send.ts'
import type { Tool } from '../tools/tool.ts'
import { VERSION } from '../version.ts'
import type { Wire } from '../wire.ts'
import type { Call } from './message.ts'
import { createRecords, type Records } from './records.ts'
import { INVALID_PARAMS, type Refusal, refusal } from './refusal.ts'
import { createViews, type Views } from './view.ts'

export interface McpServer {
  catalog: Catalog
  settings: Settings
  ports: Ports
  upstream: Upstream
  /** `Implementation` of this server, as handshake and results name it. */
  info: { name: string; title: string; version: string }
  capabilities: Record<string, object>
  views: Views
  records: Records
  /** Where this is a part: the server of all, whose other tools are not here. */
  whole?: McpServer
  /** By either form of the name and of its aliases. */
  tools: ReadonlyMap<string, Tool>
}

/** One HTTP request of a caller who passed the gate, and the line of the access log that it fills in. */
export interface Exchange {
  request: Request
  caller: Caller
  server: McpServer
  entry: LogEntry
}

/** One JSON-RPC request of an exchange. */
export interface Context extends Exchange {
  call: Call
}

/**
 * `members` are the members of the result object, written as JSON without the braces. A `response` is the whole HTTP answer,
 * and its `refusal` stands for it in a batch.
 */
export type Answer = { members: Wire } | { refusal: Refusal } | { response: Response; refusal?: Refusal }

export type Method = (context: Context) => Answer | Promise<Answer>

/** A tool of our own; `given` are its arguments as they came. */
export type OwnTool = (context: Context, given: Json | undefined) => Answer | Promise<Answer>

export function createServer(catalog: Catalog, settings: Settings, ports: Ports): McpServer {
  return {
    catalog,
    settings,
    ports,
    upstream: upstreamOf(catalog, settings),
    info: { name: catalog.name, title: catalog.title, version: VERSION },
    capabilities: capabilitiesOf(catalog),
    views: createViews(catalog, settings),
    records: createRecords(catalog),
    tools: new Map(catalog.tools.flatMap((tool) => namesOf(tool).map((name) => [name, tool]))),
  }
}

/** Everything that the tool may be called by. */
function namesOf({ name, aliases = [] }: Tool): string[] {
  return [name, ...aliases].flatMap((each) => [each, underscored(each)])
}

/** What is declared is served, and what is not declared is not there; nothing ever changes while it is watched. */
function capabilitiesOf(catalog: Catalog): Record<string, object> {
  const { tools, allowPrefixes, prompts, completions } = catalog
  const declared = {
    tools: true,
    resources: allowPrefixes.length > 0 || tools.some((tool) => tool.resource !== undefined),
    prompts: prompts.length > 0,
    completions: Object.values(completions).some((table) => Object.keys(table).length > 0),
  }
  const names = Object.entries(declared).filter(([, is]) => is)
  return Object.fromEntries(names.map(([name]) => [name, {}]))
}

/** The answer to parameters that the method cannot take. */
export function invalid(message: string): Answer {
  return { refusal: refusal(200, INVALID_PARAMS, message) }
}

/** A list on its one page: some clients read the first page only, so no cursor is ever ours. */
export function page(context: Context, members: Wire): Answer {
  if ((paramsOf(context.call).cursor ?? undefined) === undefined) return cached(context, members)
  return invalid('The cursor is unknown: this list has one page')
}

/** A modern client learns for how long to keep it (`ttl` in seconds); for itself alone, since it depends on the caller. */
export function cached({ server, call }: Context, members: Wire, ttl = server.settings.listTtl): Answer {
  if (call.era === 'legacy') return { members }
  return { members: [...members, `,"ttlMs":${ttl * 1000},"cacheScope":"private"`] }
}

export function paramsOf({ params }: Call): JsonObject {
  return isObject(params) ? params : {}
}
