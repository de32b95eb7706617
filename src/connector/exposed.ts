/** The document cut down to the GETs that are exposed and the components that they reach. */
import type { Resolve } from '../document/resolve.ts'
import { isObject, type Json, type JsonObject, own } from '../json.ts'
import type { Tool } from '../tools/tool.ts'

/** Members of the root that are for everyone; its extensions and other servers are the owner's own business. */
const ROOT = ['openapi', 'jsonSchemaDialect', 'info', 'security', 'externalDocs']

/** `server` is the one that is asked; `tools` say which GETs are exposed. */
export function exposed(document: JsonObject, server: string, tools: Tool[], resolve: Resolve): JsonObject {
  const { paths: all, components, tags } = document
  const exposedPaths = tools.map((tool) => tool.path)
  const kept = Object.fromEntries(
    Object.entries(isObject(all) ? all : {})
      .filter(([path]) => exposedPaths.includes(path))
      .map(([path, item]) => [path, readOnly(resolve(item))]),
  )
  const root = pick(document, ROOT)
  if (isObject(root.info)) root.info = plain(root.info)
  const reached = reach(kept, isObject(components) ? components : {})
  return {
    ...root,
    servers: [{ url: server }],
    tags: usedTags(tags, kept),
    paths: kept,
    components: reached,
  } as JsonObject
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

/** Components reachable by `#/components/<kind>/<name>`, and the security schemes, which are named without `$ref`. */
function reach(paths: JsonObject, components: JsonObject): JsonObject {
  const reached: Record<string, JsonObject> = {}
  if (isObject(components.securitySchemes)) reached.securitySchemes = components.securitySchemes
  const waiting: Json[] = [paths]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const [, kind = '', name = ''] of JSON.stringify(node).matchAll(
      /"\$ref":"#\/components\/([^"/]+)\/([^"/]+)/g,
    )) {
      const group = own(components, kind)
      const component = isObject(group) ? own(group, name) : undefined
      if (component === undefined || own(reached[kind] ?? {}, name) !== undefined) continue
      const kept = kind === 'responses' ? withoutLinks(component) : component
      reached[kind] = { ...reached[kind], [name]: kept }
      waiting.push(kept)
    }
  }
  return reached
}

function usedTags(tags: Json | undefined, paths: JsonObject): Json[] {
  const used = Object.values(paths).flatMap((item) =>
    isObject(item) && isObject(item.get) ? item.get.tags : [],
  )
  return Array.isArray(tags) ? tags.filter((tag) => isObject(tag) && used.includes(tag.name as Json)) : []
}
