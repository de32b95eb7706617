/** What a document says of an answer's parts: which members it has, and which of them are lists; bounded, and never recursive. */
import { type Resolve, readable } from '../document/resolve.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { closest } from '../tools/closest.ts'

/** Schemas looked at for one question: a document may refer to itself in ever new ways. */
const MOST_SCHEMAS = 200
/** Members of one schema; one of more is one that nobody wrote. */
const MOST_MEMBERS = 500

export interface Shape {
  /** By name, what each branch says of the member. */
  members: Map<string, Json[]>
  /** What the items may be, where it may be a list. */
  items: Json[]
  /** True where members may be there that no branch lists. */
  open: boolean
}

/** Branches of a choice and parts of `allOf` are taken together: a member counts where any of them has it. */
export function shapeOf(schemas: readonly Json[], resolve: Resolve): Shape {
  const shape: Shape = { members: new Map(), items: [], open: false }
  const waiting = [...schemas]
  for (let at = 0; at < waiting.length; at++) {
    const schema = at < MOST_SCHEMAS ? readable(waiting[at]!, resolve) : undefined
    if (!isObject(schema)) {
      shape.open = true
      if (at >= MOST_SCHEMAS) break
      continue
    }
    addOwn(schema, shape)
    for (const branches of [schema.allOf, schema.anyOf, schema.oneOf])
      if (Array.isArray(branches)) waiting.push(...branches.slice(0, MOST_SCHEMAS))
  }
  return shape
}

function addOwn({ type, properties, items, additionalProperties: extra }: JsonObject, shape: Shape): void {
  const members = isObject(properties) ? Object.entries(properties) : []
  for (const [name, schema] of members.slice(0, MOST_MEMBERS))
    shape.members.set(name, [...(shape.members.get(name) ?? []), schema])
  if (isObject(items)) shape.items.push(items)
  else if (type === 'array' || (Array.isArray(type) && type.includes('array'))) shape.items.push({})
  if (extra === true || isObject(extra) || members.length > MOST_MEMBERS) shape.open = true
}

/** The schemas that the value at `path` may have; empty where the document leaves it open; or what is wrong. */
export function schemasAt(
  schemas: readonly Json[],
  path: readonly string[],
  resolve: Resolve,
): Json[] | string {
  let found = [...schemas]
  for (const name of path) {
    if (found.length === 0) return []
    const { members, open } = shapeOf(found, resolve)
    const next = members.get(name) ?? []
    if (next.length === 0 && members.size > 0 && !open) return absent(name, [...members.keys()])
    found = next
  }
  return found
}

function absent(name: string, names: string[]): string {
  const near = closest(name, names)
  return `the answer has no member ${name}${near === undefined ? '' : `; did you mean ${near}?`}`
}
