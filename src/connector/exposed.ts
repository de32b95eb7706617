/** The document cut down to the GETs that are exposed and the components that they reach. */
import type { OpenDocument } from '../document/document.ts'
import { type Resolve, readable } from '../document/resolve.ts'
import { isObject, type Json, type JsonObject, own } from '../json.ts'
import type { Tool } from '../tools/tool.ts'
import { index } from './known.ts'

/** Members of the root that are for everyone; its extensions and other servers are the owner's own business. */
const ROOT = ['openapi', 'swagger', 'jsonSchemaDialect', 'info', 'security', 'externalDocs', 'produces']

/** `server` is the one that is asked; `tools` say which GETs are exposed. The version stays the document's own. */
export function exposed(
  { root, operations, resolve }: OpenDocument,
  server: string,
  tools: Tool[],
): JsonObject {
  const known = index(operations)
  const keys = new Set(tools.flatMap((tool) => (known.get(tool.operation) ?? []).map(({ key }) => key)))
  const paths = Object.entries(isObject(root.paths) ? root.paths : {})
    .filter(([path]) => keys.has(path))
    .map(([path, item]) => [path, inlined(readOnly(resolve(item)), resolve)] as const)
  const kept = Object.fromEntries(paths)
  const shared = pick(root, ROOT)
  if (isObject(shared.info)) shared.info = plain(shared.info)
  return {
    ...shared,
    ...(root.swagger === undefined ? { servers: [{ url: server }] } : swaggerServer(server)),
    tags: usedTags(root.tags, kept),
    paths: kept,
    ...reach(kept, root, resolve),
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

function readOnly(item: Json | undefined): JsonObject {
  const kept = ['get', 'parameters', 'summary', 'description']
  const { get, ...rest } = pick(isObject(item) ? item : {}, kept)
  return { ...rest, ...(isObject(get) && { get: withoutWays(get) }) }
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

/** Where a reference may point into another operation, which may not be exposed, its target stands in its place. */
function inlined<T extends Json>(node: T, resolve: Resolve, depth = 0): T {
  if (typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map((item) => inlined(item, resolve, depth)) as T
  if (typeof node.$ref === 'string' && node.$ref.startsWith('#/paths/')) {
    const target = depth < DEEPEST ? readable(node, resolve) : undefined
    return (target === undefined ? {} : inlined(target, resolve, depth + 1)) as T
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, inlined(value, resolve, depth)]),
  ) as T
}

/** References into operations that lead to one another are followed this far. */
const DEEPEST = 8

/** Components by kind and name, under `components` or, in Swagger 2.0, at the root. */
const COMPONENT = /"\$ref":"#\/(?:(components)\/)?([^"/]+)\/([^"/]+)/g

/** Components that can be reached, and the security schemes, which are named without `$ref`. */
function reach(paths: JsonObject, root: JsonObject, resolve: Resolve): JsonObject {
  const old = root.swagger !== undefined
  const components = old ? root : isObject(root.components) ? root.components : {}
  const schemes = old ? 'securityDefinitions' : 'securitySchemes'
  const reached = new Map<string, Map<string, Json>>()
  const named = components[schemes]
  if (isObject(named)) reached.set(schemes, new Map(Object.entries(named)))
  const waiting: Json[] = [paths]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const [, nested, kind = '', name = ''] of JSON.stringify(node).matchAll(COMPONENT)) {
      const group = old === (nested === undefined) ? own(components, kind) : undefined
      const component = isObject(group) ? own(group, name) : undefined
      if (component === undefined || reached.get(kind)?.has(name)) continue
      const kept = inlined(kind === 'responses' ? withoutLinks(component) : component, resolve)
      reached.set(kind, (reached.get(kind) ?? new Map<string, Json>()).set(name, kept))
      waiting.push(kept)
    }
  }
  const kinds = [...reached].map(([kind, group]) => [kind, Object.fromEntries(group)])
  const all = Object.fromEntries(kinds) as JsonObject
  return old ? all : { components: all }
}

function usedTags(tags: Json | undefined, paths: JsonObject): Json[] {
  const used = Object.values(paths).flatMap((item) =>
    isObject(item) && isObject(item.get) ? item.get.tags : [],
  )
  return Array.isArray(tags) ? tags.filter((tag) => isObject(tag) && used.includes(tag.name as Json)) : []
}
