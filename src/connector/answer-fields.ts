/** The fields that a caller may choose from, as dotted paths: what stands at the top first, then what stands inside. */
import type { Resolve } from '../document/resolve.ts'
import type { Json } from '../json.ts'
import { closest } from '../tools/closest.ts'
import { type Shape, shapeOf } from './answer-schema.ts'

/** Most names that are offered. */
export const MOST_FIELDS = 40
const DEEPEST = 3
/** A name that a path can hold and every client takes. */
const NAME = /^[\w$-]{1,40}$/

interface Level {
  path: string
  members: Shape['members']
}

/** Paths of the members of what the schemas describe, level by level, as many as are offered. */
export function fieldsOf(schemas: readonly Json[], resolve: Resolve): string[] {
  const found: string[] = []
  let level: Level[] = [{ path: '', members: shapeOf(schemas, resolve).members }]
  for (let depth = 0; depth < DEEPEST && found.length < MOST_FIELDS; depth++) {
    const next: Level[] = []
    for (const { path, members } of level) {
      for (const [name, member] of [...members].slice(0, MOST_FIELDS)) {
        if (!NAME.test(name)) continue
        found.push(path + name)
        if (next.length < MOST_FIELDS)
          next.push({ path: `${path}${name}.`, members: inside(member, resolve) })
      }
    }
    level = next
  }
  return found.slice(0, MOST_FIELDS)
}

/** Why the document has no such field, or undefined. */
export function fieldFault(schemas: readonly Json[], path: string, resolve: Resolve): string | undefined {
  let found = [...schemas]
  const names = path.split('.')
  for (const [at, name] of names.entries()) {
    if (found.length === 0) return undefined
    const { items } = shapeOf(found, resolve)
    const { members, open } = shapeOf(items.length > 0 ? items : found, resolve)
    found = members.get(name) ?? []
    if (found.length === 0 && members.size > 0 && !open) {
      const near = closest(name, [...members.keys()])
      const meant = names.map((each, place) => (place === at ? near : each)).join('.')
      return `the document has no field ${path}${near === undefined ? '' : `; did you mean ${meant}?`}`
    }
  }
  return undefined
}

/** A list's members are those of its items. */
function inside(member: Json[], resolve: Resolve): Shape['members'] {
  const { members, items } = shapeOf(member, resolve)
  return items.length > 0 ? shapeOf(items, resolve).members : members
}
