/** What the exposed operations of a document reach: their components, and nothing of operations that are not exposed. */
import { pointerOf, type Resolve, readable } from '../document/resolve.ts'
import { isObject, type Json, type JsonObject, own } from '../json.ts'

/** References into operations that lead to one another are followed this far, */
const DEEPEST = 8
/** and while what stands in their place has not come to so many values: each could hold many more such references. */
const MOST_INLINED = 300_000

/** What holds operations, some of which may not be exposed. */
const OPERATIONS = /^#\/(paths|components\/(pathItems|callbacks|links))\//

/** Where a reference may point into another operation, which may not be exposed, its target stands in its place. */
export function inliner(resolve: Resolve) {
  let left = MOST_INLINED
  return function inlined<T extends Json>(node: T, depth = 0): T {
    if (typeof node !== 'object' || node === null) return node
    if (depth > 0) left--
    if (Array.isArray(node)) return node.map((item) => inlined(item, depth)) as T
    if (typeof node.$ref === 'string' && OPERATIONS.test(node.$ref)) {
      const target = depth < DEEPEST && left > 0 ? readable(node, resolve) : undefined
      return (target === undefined ? {} : inlined(target, depth + 1)) as T
    }
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inlined(value, depth)])) as T
  }
}

/** Components that can be reached, and the security schemes, which are named without `$ref`. */
export function reach(
  paths: JsonObject,
  root: JsonObject,
  inlined: (node: Json) => Json,
  withoutLinks: (response: Json) => Json,
): JsonObject {
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

/** Members of a Swagger root that hold components. */
const KINDS = ['definitions', 'parameters', 'responses']

/** Kind and name of the component that a reference points at or into: under `components` or, in Swagger 2.0, at the root. */
function componentOf(ref: string, old: boolean): string[] {
  const [first = '', ...others] = pointerOf(ref)
  if (old) return KINDS.includes(first) ? [first, ...others] : []
  return first === 'components' ? others : []
}
