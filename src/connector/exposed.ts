/** The document cut down to the GETs that are exposed and the components that they reach. */
import { isObject, type Json, type JsonObject, own } from '../json.ts'

/** `paths` are the path templates of the exposed GETs. */
export function exposed(document: JsonObject, paths: string[]): JsonObject {
  const { paths: all, components, tags, webhooks: _, ...rest } = document
  const kept = Object.fromEntries(
    Object.entries(isObject(all) ? all : {})
      .filter(([path]) => paths.includes(path))
      .map(([path, item]) => [path, readOnly(item)]),
  )
  const reached = reach(kept, isObject(components) ? components : {})
  return { ...rest, tags: usedTags(tags, kept), paths: kept, components: reached } as JsonObject
}

function readOnly(item: Json): JsonObject {
  const kept = ['get', 'parameters', 'servers', 'summary', 'description']
  const { get, ...rest } = pick(isObject(item) ? item : {}, kept)
  return { ...rest, ...(isObject(get) && { get: withoutWays(get) }) }
}

function pick(node: JsonObject, keys: string[]): JsonObject {
  return Object.fromEntries(Object.entries(node).filter(([key]) => keys.includes(key)))
}

/** Callbacks and links lead to operations that are not exposed. */
function withoutWays({ callbacks: _, responses, ...operation }: JsonObject): JsonObject {
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
