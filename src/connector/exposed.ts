/** The document cut down to the GETs that are exposed and the components that they reach. */
import type { OpenDocument } from '../document/document.ts'
import { pointerOf, type Resolve, readable } from '../document/resolve.ts'
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
  const inlined = inliner(resolve)
  const keys = new Set(tools.flatMap((tool) => (known.get(tool.operation) ?? []).map(({ key }) => key)))
  const paths = Object.entries(isObject(root.paths) ? root.paths : {})
    .filter(([path]) => keys.has(path))
    .map(([path, item]) => [path, inlined(readOnly(resolve(item)))] as const)
  const kept = Object.fromEntries(paths)
  const shared = pick(root, ROOT)
  if (isObject(shared.info)) shared.info = plain(shared.info)
  return {
    ...shared,
    ...(root.swagger === undefined ? { servers: [{ url: server }] } : swaggerServer(server)),
    tags: usedTags(root.tags, kept),
    paths: kept,
    ...reach(kept, root, inlined),
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

/** References into operations that lead to one another are followed this far, */
const DEEPEST = 8
/** and while what stands in their place has not come to so many values: each could hold many more such references. */
const MOST_INLINED = 300_000

/** Where a reference may point into another operation, which may not be exposed, its target stands in its place. */
function inliner(resolve: Resolve) {
  let left = MOST_INLINED
  return function inlined<T extends Json>(node: T, depth = 0): T {
    if (typeof node !== 'object' || node === null) return node
    if (depth > 0) left--
    if (Array.isArray(node)) return node.map((item) => inlined(item, depth)) as T
    if (typeof node.$ref === 'string' && node.$ref.startsWith('#/paths/')) {
      const target = depth < DEEPEST && left > 0 ? readable(node, resolve) : undefined
      return (target === undefined ? {} : inlined(target, depth + 1)) as T
    }
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inlined(value, depth)])) as T
  }
}

/** Components that can be reached, and the security schemes, which are named without `$ref`. */
function reach(paths: JsonObject, root: JsonObject, inlined: (node: Json) => Json): JsonObject {
  const old = root.swagger !== undefined
  const components = old ? root : isObject(root.components) ? root.components : {}
  const schemes = old ? 'securityDefinitions' : 'securitySchemes'
  const reached = new Map<string, Map<string, Json>>()
  const named = components[schemes]
  if (isObject(named)) reached.set(schemes, new Map(Object.entries(named)))
  const waiting: Json[] = [paths]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const ref of references(node)) {
      const [kind = '', name = ''] = componentOf(ref, old)
      const group = own(components, kind)
      const component = isObject(group) ? own(group, name) : undefined
      const known = reached.get(kind) ?? new Map<string, Json>()
      if (component === undefined || known.has(name)) continue
      const kept = inlined(kind === 'responses' ? withoutLinks(component) : component)
      reached.set(kind, known.set(name, kept))
      waiting.push(kept)
    }
  }
  const kinds = [...reached].map(([kind, known]) => [kind, Object.fromEntries(known)] as const)
  const all = Object.fromEntries(kinds) as JsonObject
  return old ? all : { components: all }
}

function references(node: Json, found: string[] = []): string[] {
  if (typeof node !== 'object' || node === null) return found
  if (!Array.isArray(node) && typeof node.$ref === 'string') found.push(node.$ref)
  for (const value of Object.values(node)) references(value, found)
  return found
}

/** Members of the root that are written anew, whatever a reference points at. */
const OWN = [...ROOT, 'paths', 'tags', 'schemes', 'host', 'basePath']

/** Kind and name of the component that a reference points at or into: under `components` or, in Swagger 2.0, at the root. */
function componentOf(ref: string, old: boolean): string[] {
  const [first = '', ...others] = pointerOf(ref)
  if (old) return OWN.includes(first) ? [] : [first, ...others]
  return first === 'components' ? others : []
}

function usedTags(tags: Json | undefined, paths: JsonObject): Json[] {
  const used = new Set(
    Object.values(paths).flatMap((item) => (isObject(item) && isObject(item.get) ? item.get.tags : [])),
  )
  return Array.isArray(tags) ? tags.filter((tag) => isObject(tag) && used.has(tag.name as Json)) : []
}
