/** What a document says of an operation's answer: which members it has, and where in it a list is. */
import type { OpenDocument } from '../document/document.ts'
import type { Operation } from '../document/operations.ts'
import { readable } from '../document/resolve.ts'
import { isObject, type Json, type JsonObject, own } from '../json.ts'
import { closest } from '../tools/closest.ts'

type Opened = Pick<OpenDocument, 'root' | 'resolve'>

/** Schemas looked at for one question: a document may refer to itself in ever new ways. */
const MOST_SCHEMAS = 200

/** The schema of the JSON that a success brings, or undefined where the document has none. */
export function answerSchema({ root, resolve }: Opened, { key, method }: Operation): Json | undefined {
  const step = (node: Json | undefined, name: string) => {
    const found = node === undefined ? undefined : readable(node, resolve)
    return isObject(found) ? own(found, name) : undefined
  }
  const responses = step(step(step(root.paths, key), method), 'responses')
  const status = Object.keys(isObject(responses) ? responses : {}).find((each) => /^2(\d\d|XX)$/i.test(each))
  const response = status === undefined ? undefined : step(responses, status)
  const content = step(response, 'content')
  const type = Object.keys(isObject(content) ? content : {}).find((each) => /\bjson\b|^\*\/\*$/i.test(each))
  return type === undefined ? step(response, 'schema') : step(step(content, type), 'schema')
}

/** The schemas that a value at the dotted `path` may have; empty where the document leaves it open; or what is wrong. */
export function schemasAt(schemas: Json[], path: string, { resolve }: Opened): Json[] | string {
  let found = schemas
  for (const name of path === '' ? [] : path.split('.')) {
    if (found.length === 0) return []
    const { maps, open } = shapeOf(found, resolve)
    const next = maps.flatMap((map) => own(map, name) ?? [])
    if (next.length === 0 && maps.length > 0 && !open) return absent(name, maps)
    found = next
  }
  return found
}

/** Where the rows are, by path: in the answer itself, or in its one member that is a list; undefined where that is not said. */
export function rowsPath(schemas: Json[], { resolve }: Opened): string | undefined {
  const { maps, items } = shapeOf(schemas, resolve)
  if (items.length > 0) return ''
  const members = maps.flatMap((map) => Object.entries(map))
  const lists = members.filter(([, schema]) => shapeOf([schema], resolve).items.length > 0)
  const names = new Set(lists.map(([name]) => name))
  return names.size === 1 ? [...names][0] : undefined
}

/** What the items of a list may be; empty where the document leaves it open. */
export function itemsOf(schemas: Json[], { resolve }: Opened): Json[] {
  return shapeOf(schemas, resolve).items
}

interface Shape {
  /** The `properties` of every branch. */
  maps: JsonObject[]
  items: Json[]
  /** True where members may be there that no branch lists. */
  open: boolean
}

/** Branches of a choice and parts of `allOf` are taken together: a member counts where any of them has it. */
function shapeOf(schemas: Json[], resolve: Opened['resolve']): Shape {
  const shape: Shape = { maps: [], items: [], open: false }
  const waiting = [...schemas]
  for (let seen = 0; waiting.length > 0; seen++) {
    const node = waiting.pop()!
    const schema = seen < MOST_SCHEMAS ? readable(node, resolve) : undefined
    if (!isObject(schema)) {
      shape.open = true
      continue
    }
    const { properties, items, additionalProperties: extra } = schema
    if (isObject(properties)) shape.maps.push(properties)
    if (isObject(items)) shape.items.push(items)
    if (extra === true || isObject(extra)) shape.open = true
    for (const branches of [schema.allOf, schema.anyOf, schema.oneOf])
      if (Array.isArray(branches)) waiting.push(...branches)
  }
  return shape
}

function absent(name: string, maps: JsonObject[]): string {
  const near = closest(
    name,
    maps.flatMap((map) => Object.keys(map)),
  )
  return `the answer has no member ${name}${near === undefined ? '' : `; did you mean ${near}?`}`
}
