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
  return Object.fromEntries(Object.entries(isObject(item) ? item : {}).filter(([key]) => kept.includes(key)))
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
      reached[kind] = { ...reached[kind], [name]: component }
      waiting.push(component)
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
