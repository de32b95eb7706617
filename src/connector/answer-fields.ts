/** The fields that a caller may choose from, as dotted paths: what stands at the top first, then what stands inside. */

import type { Resolve } from '../document/resolve.ts'
import type { Json } from '../json.ts'
import { itemsOf, type Members, membersOf } from './answer-schema.ts'

/** Most names that are offered. */
export const MOST_FIELDS = 40
const DEEPEST = 3
/** A name that a path can hold and every client takes. */
const NAME = /^[\w$-]{1,40}$/

interface Level {
  path: string
  members: Members
}

/** Paths of `schema`'s members, level by level, as many as are offered. */
export function fieldsOf(schema: Json | undefined, resolve: Resolve): string[] {
  const found: string[] = []
  let level: Level[] = [{ path: '', members: membersOf(schema, resolve) }]
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

/** True where the document knows the path. */
export function hasField(schema: Json | undefined, path: string, resolve: Resolve): boolean {
  let members = membersOf(schema, resolve)
  return path.split('.').every((name) => {
    const member = members.get(name)
    members = inside(member, resolve)
    return member !== undefined
  })
}

/** A list's members are those of its items. */
function inside(member: Json | undefined, resolve: Resolve): Members {
  const items = itemsOf(member, resolve)
  return membersOf(items ?? member, resolve)
}
