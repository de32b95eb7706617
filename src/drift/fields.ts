/** A schema laid flat for comparison: every field by its path, with the types that it may have; references followed, words apart. */
import { type Resolve, readable } from '../document/resolve.ts'
import { cut, isObject, type Json, type JsonObject, text } from '../json.ts'

export interface Field {
  /** Sorted; a string's format is part of it, such as `string(date)`. `any` where nothing is said. */
  types: string[]
  /** True where it is there whenever what holds it is. */
  always: boolean
  /** Listed values as JSON, sorted. */
  options?: string[]
  /** Title and description. */
  words: string
}

/** By path, such as `.items[].total.amount`; the root is the empty path. */
export type Fields = ReadonlyMap<string, Field>

/** Fields and branches looked at in one schema; what lies beyond is told as `more`. */
const MOST = 5000
/** Characters of a name: every path below holds it, and is compared with every other. */
const LONGEST_NAME = 500
/** Nesting of one schema. */
const DEEPEST = 24

interface Place {
  resolve: Resolve
  left: { count: number }
  refs: readonly string[]
  path: string
  depth: number
}

export function fieldsOf(node: Json | undefined, resolve: Resolve): Fields {
  return walk(node, { resolve, left: { count: MOST }, refs: [], path: '', depth: 0 })
}

/** Of several schemas any may be answered. */
export function fieldsOfAny(nodes: Json[], resolve: Resolve): Fields {
  return either(nodes.map((node) => fieldsOf(node, resolve)))
}

function walk(node: Json | undefined, place: Place): Map<string, Field> {
  const { path, left, refs, depth } = place
  const ref = isObject(node) ? text(node.$ref) : undefined
  const source = node === undefined ? undefined : readable(node, place.resolve)
  if (!isObject(source)) return new Map([[path, field(['any'])]])
  if (--left.count < 0 || depth > DEEPEST) return new Map([[path, field(['more'])]])
  const own = field(typesOf(source), optionsOf(source), wordsOf(source))
  // What recurs is told by its type: its fields stand where it began.
  if (ref !== undefined && refs.includes(ref)) return new Map([[path, own]])
  const inner = { ...place, depth: depth + 1, refs: ref === undefined ? refs : [...refs, ref] }
  const found = new Map([[path, own], ...members(source, inner)])
  const { allOf, anyOf, oneOf } = source
  const required = requiredOf(source, place.resolve)
  for (const part of list(allOf)) both(found, walk(part, inner), required, path)
  for (const branches of [anyOf, oneOf].map(list).filter(({ length }) => length > 0))
    both(found, either(branches.map((branch) => walk(branch, inner))), required, path)
  return found
}

function members(source: JsonObject, place: Place): [string, Field][] {
  const { path } = place
  const required = requiredOf(source, place.resolve)
  const properties = Object.entries(isObject(source.properties) ? source.properties : {})
  const below = (node: Json, at: string, always: boolean) => {
    const found = walk(node, { ...place, path: at })
    found.get(at)!.always = always
    return [...found]
  }
  return [
    ...properties.flatMap(([name, node]): [string, Field][] =>
      name.length > LONGEST_NAME
        ? [[path + step(`${cut(name, LONGEST_NAME)}…`), field(['more'])]]
        : below(node, path + step(name), required.has(name)),
    ),
    ...(isObject(source.items) ? below(source.items, `${path}[]`, true) : []),
    ...(isObject(source.additionalProperties) ? below(source.additionalProperties, `${path}.*`, false) : []),
  ]
}

/** What no plain name is stands quoted, so that no name can pass for a path. */
function step(name: string): string {
  return `.${/^[\w$-]+$/.test(name) ? name : JSON.stringify(name)}`
}

/** By itself, or by a member of its `allOf`, which often says no more than that. */
function requiredOf({ required, allOf }: JsonObject, resolve: Resolve): Set<Json> {
  const parts = list(allOf).map((part) => readable(part, resolve))
  return new Set([...list(required), ...parts.flatMap((part) => (isObject(part) ? list(part.required) : []))])
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

function field(types: string[], options?: string[], words = ''): Field {
  return { types: [...new Set(types)].sort(), always: true, words, ...(options && { options }) }
}

function typesOf(source: JsonObject): string[] {
  const { type, format, properties, items, additionalProperties } = source
  const named = [type].flat().filter((each) => typeof each === 'string')
  const nullable = source.nullable === true || source['x-nullable'] === true ? ['null'] : []
  const inferred =
    properties !== undefined || isObject(additionalProperties)
      ? ['object']
      : items !== undefined
        ? ['array']
        : []
  const types = named.length > 0 ? named : inferred
  if (types.length === 0) return ['any']
  const written = types.map((each) => (each === 'string' && text(format) ? `string(${text(format)})` : each))
  return [...written, ...nullable]
}

function optionsOf({ enum: options, const: only }: JsonObject): string[] | undefined {
  if (only !== undefined) return [JSON.stringify(only)]
  return Array.isArray(options) ? [...new Set(options.map((each) => JSON.stringify(each)))].sort() : undefined
}

function wordsOf({ title, description }: JsonObject): string {
  return [text(title), text(description)].filter(Boolean).join('\n')
}

/** Merges `more` into `found`, of which both hold; what beside them is `required` is there always. */
function both(found: Map<string, Field>, more: Fields, required: Set<Json>, path: string): void {
  const always = new Set([...required].map((name) => path + step(String(name))))
  for (const [at, each] of more) {
    const old = found.get(at)
    const merged = old === undefined ? each : intersection(old, each)
    found.set(at, always.has(at) ? { ...merged, always: true } : merged)
  }
}

function intersection(one: Field, other: Field): Field {
  const said = [one, other].filter(({ types }) => !types.includes('any'))
  const options = one.options ?? other.options
  const words = [...new Set([one.words, other.words])].filter(Boolean).join('\n')
  return {
    types: said.length === 0 ? ['any'] : [...new Set(said.flatMap(({ types }) => types))].sort(),
    always: one.always || other.always,
    words,
    ...(options && { options }),
  }
}

/** What is there in each of them is there always. */
function either(all: Fields[]): Map<string, Field> {
  const [only, ...others] = all
  if (only === undefined) return new Map()
  if (others.length === 0) return new Map(only)
  const paths = new Set(all.flatMap((fields) => [...fields.keys()]))
  return new Map([...paths].map((path) => [path, union(all.map((fields) => fields.get(path)))]))
}

function union(found: (Field | undefined)[]): Field {
  const all = found.filter((each) => each !== undefined)
  const types = [...new Set(all.flatMap((each) => each.types))].sort()
  const listed = all.every(({ options }) => options !== undefined)
  return {
    types,
    always: all.length === found.length && all.every(({ always }) => always),
    words: [...new Set(all.map(({ words }) => words))].filter(Boolean).join('\n'),
    ...(listed && { options: [...new Set(all.flatMap(({ options = [] }) => options))].sort() }),
  }
}
