/** Every schema inside a tool's input schema, with the place where it stands (JSON Schema 2020-12, 10). */
import { cut, isObject, type Json, type JsonObject, text } from '../json.ts'

/** `argument` is a property of the root, `member` one further down, `slot` takes a boolean by right. */
export type Role = 'root' | 'argument' | 'member' | 'branch' | 'value' | 'slot'

export interface Node {
  schema: Json
  /** JSON pointer into the tool's definition. */
  at: string
  role: Role
  /** The property's name, for arguments and members. */
  key: string
  /** Descriptions from the argument down to here: a limit may be said at any of them. */
  words: string
}

const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems']
const MAPS = ['patternProperties', '$defs', 'definitions', 'dependentSchemas']
const VALUES = ['items', 'contains', 'not', 'if', 'then', 'else', 'propertyNames']
const SLOTS = ['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems']

/** Characters of the words above that are held against each limit below, and of a name in a pointer. */
const LONGEST_WORDS = 2000
const LONGEST_KEY = 300

/** Not recursive: how deep a foreign server nests its schemas is its own choice. */
export function nodesOf(root: Json): Node[] {
  const found: Node[] = []
  const left: Node[] = [{ schema: root, at: '/inputSchema', role: 'root', key: '', words: '' }]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    found.push(node)
    // One by one: as arguments of one call, tens of thousands do not fit on the stack.
    if (isObject(node.schema)) for (const child of below(node, node.schema).reverse()) left.push(child)
  }
  return found
}

function below(node: Node, schema: JsonObject): Node[] {
  const words = [node.words, text(schema.description) ?? '']
    .map((each) => each.slice(-LONGEST_WORDS))
    .join('\n')
  const child = (path: string, value: Json, role: Role, key = ''): Node => ({
    schema: value,
    at: `${node.at}/${path}`,
    role,
    key,
    words,
  })
  const entries = (keyword: string) => Object.entries(isObject(schema[keyword]) ? schema[keyword] : {})
  const list = (keyword: string) => (Array.isArray(schema[keyword]) ? schema[keyword] : [])
  const one = (keywords: string[], role: Role) =>
    keywords
      .filter((keyword) => keyword in schema && !Array.isArray(schema[keyword]))
      .map((keyword) => child(keyword, schema[keyword]!, role))
  const property = node.role === 'root' ? 'argument' : 'member'
  return [
    ...entries('properties').map(([key, value]) => child(`properties/${escaped(key)}`, value, property, key)),
    ...one(VALUES, 'value'),
    ...[...LISTS, 'items'].flatMap((keyword) =>
      list(keyword).map((value, index) => child(`${keyword}/${index}`, value, 'branch')),
    ),
    ...MAPS.flatMap((keyword) =>
      entries(keyword).map(([key, value]) => child(`${keyword}/${escaped(key)}`, value, 'value')),
    ),
    ...one(SLOTS, 'slot'),
  ]
}

/** A key as a step of a JSON pointer (RFC 6901, 3). */
export function escaped(key: string): string {
  return cut(key, LONGEST_KEY).replaceAll('~', '~0').replaceAll('/', '~1')
}
