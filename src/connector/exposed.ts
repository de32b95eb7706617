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
  const place = { resolve, left: MOST_INLINED, depth: 0 }
  const known = index(operations)
  const keys = new Set(tools.flatMap((tool) => (known.get(tool.operation) ?? []).map(({ key }) => key)))
  const paths = Object.entries(isObject(root.paths) ? root.paths : {})
    .filter(([path]) => keys.has(path))
    .map(([path, item]) => [path, inlined(readOnly(resolve(item)), place)] as const)
  const kept = Object.fromEntries(paths)
  const shared = pick(root, ROOT)
  if (isObject(shared.info)) shared.info = plain(shared.info)
  return {
    ...shared,
    ...(root.swagger === undefined ? { servers: [{ url: server }] } : swaggerServer(server)),
    tags: usedTags(root.tags, kept),
    paths: kept,
    ...reach(kept, root, place),
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

/** Where the walk stands: how many references led here, and what may still be written out for all of them. */
interface Place {
  resolve: Resolve
  left: number
  depth: number
}

/** References into operations that lead to one another are followed this far. */
const DEEPEST = 8
/** Values written out in place of references; a few that lead to one another could stand for more than any memory holds. */
const MOST_INLINED = 100_000
/** What holds operations, some of which may not be exposed. */
const OPERATIONS = /^#\/(paths|components\/(pathItems|callbacks|links))\//

/** Where a reference may point into another operation, which may not be exposed, its target stands in its place. */
function inlined<T extends Json>(node: T, place: Place): T {
  if (typeof node !== 'object' || node === null) return node
  if (place.depth > 0 && --place.left < 0) return {} as T
  if (Array.isArray(node)) return node.map((item) => inlined(item, place)) as T
  if (typeof node.$ref === 'string' && OPERATIONS.test(node.$ref)) return followed(node, place) as T
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inlined(value, place)])) as T
}

function followed(node: JsonObject, place: Place): Json {
  const target = place.depth < DEEPEST ? readable(node, place.resolve) : undefined
  if (target === undefined) return {}
  place.depth++
  const whole = inlined(target, place)
  place.depth--
  return whole
}

/** Components by kind and name, under `components` or, in Swagger 2.0, at the root. */
const COMPONENT = /"\$ref":"#\/(?:(components)\/)?([^"/]+)\/([^"/]+)/g

/** Components that can be reached, and the security schemes, which are named without `$ref`. */
function reach(paths: JsonObject, root: JsonObject, place: Place): JsonObject {
  const old = root.swagger !== undefined
  const components = old ? root : isObject(root.components) ? root.components : {}
  const schemes = old ? 'securityDefinitions' : 'securitySchemes'
  const reached = nothing() as Record<string, JsonObject>
  if (isObject(components[schemes])) reached[schemes] = Object.assign(nothing(), components[schemes])
  const waiting: Json[] = [paths]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const [, nested, kind = '', name = ''] of JSON.stringify(node).matchAll(COMPONENT)) {
      const group = old === (nested === undefined) ? own(components, kind) : undefined
      const component = isObject(group) ? own(group, name) : undefined
      if (component === undefined || own(reached[kind] ?? {}, name) !== undefined) continue
      const kept = inlined(kind === 'responses' ? withoutLinks(component) : component, place)
      reached[kind] ??= nothing()
      reached[kind][name] = kept
      waiting.push(kept)
    }
  }
  return old ? reached : { components: reached }
}

/** Without a prototype, so that `__proto__` is a name like any other. */
function nothing(): JsonObject {
  return Object.create(null) as JsonObject
}

function usedTags(tags: Json | undefined, paths: JsonObject): Json[] {
  const used = new Set(
    Object.values(paths).flatMap((item) => (isObject(item) && isObject(item.get) ? item.get.tags : [])),
  )
  return Array.isArray(tags) ? tags.filter((tag) => isObject(tag) && used.has(tag.name as Json)) : []
}
