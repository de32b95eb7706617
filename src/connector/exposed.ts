/** The document cut down to the GETs that are exposed and the components that they reach. */
import type { OpenDocument } from '../document/document.ts'
import type { Resolve } from '../document/resolve.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import type { Tool } from '../tools/tool.ts'
import type { Known } from './known.ts'
import { inliner, reach } from './reach.ts'

/** Members of the root that are for everyone; its extensions and other servers are the owner's own business. */
const ROOT = ['openapi', 'swagger', 'jsonSchemaDialect', 'info', 'security', 'externalDocs', 'produces']

/** `server` is the one that is asked; `tools` say which GETs are exposed. The version stays the document's own. */
export function exposed(
  { root, resolve }: OpenDocument,
  known: Known,
  server: string,
  tools: Tool[],
): JsonObject {
  const inlined = inliner(resolve)
  const keys = new Set(tools.flatMap((tool) => (known.get(tool.operation) ?? []).map(({ key }) => key)))
  const paths = Object.entries(isObject(root.paths) ? root.paths : {})
    .filter(([path]) => keys.has(path))
    .map(([path, item]) => [path, inlined(readOnly(item, resolve))] as const)
  const kept = Object.fromEntries(paths)
  const shared = pick(root, ROOT)
  if (isObject(shared.info)) shared.info = plain(shared.info)
  return {
    ...shared,
    ...(root.swagger === undefined ? { servers: [{ url: server }] } : swaggerServer(server)),
    tags: usedTags(root.tags, kept),
    paths: kept,
    ...reach(kept, root, inlined, withoutLinks),
  } as JsonObject
}

function swaggerServer(server: string): JsonObject {
  if (!URL.canParse(server)) return {}
  const { protocol, host, pathname } = new URL(server)
  return { schemes: [protocol.slice(0, -1)], host, basePath: pathname }
}

/** Without extensions. */
function plain(node: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(node).filter(([key]) => !key.startsWith('x-')))
}

function readOnly(node: Json, resolve: Resolve): JsonObject {
  const item = resolve(node)
  const kept = ['get', 'parameters', 'summary', 'description']
  const { get, ...rest } = pick(isObject(item) ? item : {}, kept)
  const operation = resolve(get)
  return { ...rest, ...(isObject(operation) && { get: withoutWays(operation) }) }
}

function pick(node: JsonObject, keys: string[]): JsonObject {
  return Object.fromEntries(Object.entries(node).filter(([key]) => keys.includes(key)))
}

/** Callbacks, links and other servers lead to what is not exposed. */
function withoutWays({ callbacks: _, servers: _servers, responses, ...rest }: JsonObject): JsonObject {
  const operation = plain(rest)
  if (!isObject(responses)) return operation
  return {
    ...operation,
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, node]) => [status, withoutLinks(node)]),
    ),
  }
}

function withoutLinks(node: Json): Json {
  if (!isObject(node)) return node
  const { links: _, ...response } = node
  return response
}

function usedTags(tags: Json | undefined, paths: JsonObject): Json[] {
  const used = new Set(
    Object.values(paths).flatMap((item) => (isObject(item) && isObject(item.get) ? item.get.tags : [])),
  )
  return Array.isArray(tags) ? tags.filter((tag) => isObject(tag) && used.has(tag.name as Json)) : []
}
