/** A document's schema as one that the strictest client takes: inlined, typed, bounded, without composition where it can be told in one type. */
import { isObject, type Json, type JsonObject, type Schema } from '../json.ts'
import { flatten, type Place, read } from './all-of.ts'
import { fitting, keywords, typeOf } from './keywords.ts'
import { plainText } from './plain-text.ts'
import { DocumentError, type Resolve } from './resolve.ts'
import { union } from './unions.ts'

/** Schemas unfolded for one argument; what lies beyond is told by its type alone. */
const MOST_SCHEMAS = 1000
/** Schemas unfolded for one tool: many times what any client takes of it. */
const MOST_OF_TOOL = 5000
/** Options that cost as much as a schema. */
const OPTIONS_OF_ONE = 100
/** However many arguments a tool has, each is unfolded this far. */
const LEAST_SCHEMAS = 10

/** What the arguments of one tool may still unfold, all together. */
export interface Budget {
  count: number
}

export function toolBudget(): Budget {
  return { count: MOST_OF_TOOL }
}
/** Nesting of one argument; no model fills in more, and some clients overflow on it. */
const DEEPEST = 12
/** Members of `allOf` that are looked through for a type, once there is no room for more. */
const MOST_MEMBERS = 32

/** Makes `node` client-safe. `null` is dropped from types: a request cannot say it. Throws DocumentError. */
export function clientSchema(
  node: Json | undefined,
  resolve: Resolve,
  exact = false,
  budget = toolBudget(),
): Schema {
  const most = Math.min(MOST_SCHEMAS, Math.max(LEAST_SCHEMAS, budget.count))
  const left = { count: most }
  const schema = convert(node, { resolve, left, refs: [], depth: 0, exact })
  budget.count -= most - left.count
  return schema
}

function convert(node: Json | undefined, place: Place): Schema {
  const { resolve, left, refs, depth, exact } = place
  const through = refsOf(node)
  const source = resolve(node)
  if (source === true || source === undefined) return { type: 'string' }
  if (!isObject(source)) throw new DocumentError('a schema must be an object')
  const ends = --left.count < 0 || depth > DEEPEST || through.some((ref) => refs.includes(ref))
  if (ends) return shallow(source, place)
  const inner = { resolve, left, refs: [...refs, ...through], depth: depth + 1, exact }
  const { own, unions } = flatten(source, inner)
  if (left.count < 0) return shallow(source, place)
  const [first, ...others] = unions
    .map((branches) => chosen(branches, own, inner))
    .filter((each) => each.length > 0)
  if (first === undefined) return typed(own, inner)
  const whole = others.reduce((all, more) => union([all, union(more, exact)], exact), union(first, exact))
  return { ...whole, ...words(own, whole) }
}

/** What a node refers to, by itself or, as 3.0 writes words beside a reference, in its allOf. */
function refsOf(node: Json | undefined): string[] {
  if (!isObject(node)) return []
  const members = Array.isArray(node.allOf) ? node.allOf : []
  return [node, ...members].flatMap((each) =>
    isObject(each) && typeof each.$ref === 'string' ? [each.$ref] : [],
  )
}

/** Recursion ends where it recurs, and what is too deep or too much ends there: its type is still told. */
function shallow(source: JsonObject, place: Place): Schema {
  const { own, unions } = flatten(source, { ...place, left: { count: MOST_MEMBERS } })
  const members = unions.flatMap((branches) => branches.slice(0, MOST_MEMBERS)).slice(0, MOST_MEMBERS)
  const [told = own] = [own, ...members.map(place.resolve).filter(isObject)].filter(tellsType)
  const type = typeOf(told, {})
  return type === 'array' ? { type, items: { type: 'string' } } : { type }
}

function tellsType(source: JsonObject): boolean {
  return ['type', 'properties', 'additionalProperties', 'items', 'prefixItems'].some(
    (keyword) => keyword in source,
  )
}

/** The members of a union, each with what stands beside them. One that only demands members of its siblings says no type. */
function chosen(branches: Json[], own: JsonObject, place: Place): Schema[] {
  const shapes = branches.slice(0, Math.max(place.left.count, LEAST_SCHEMAS)).filter((node) => {
    const source = place.resolve(node)
    return !isNull(source) && !isDemand(source)
  })
  const { description: _, title: _title, default: _default, ...beside } = own
  const shared = Object.keys(beside).length > 0
  return shapes.map((node) => convert(shared ? { allOf: [beside, node] } : node, place))
}

/** What stands beside a union; its default only where it is a value of it. */
function words({ title, description, default: preset }: JsonObject, { type }: Schema): Schema {
  const types = [type].flat().filter((each) => each !== undefined)
  const given = preset === undefined || preset === null ? [] : [preset]
  const [fitted] = types.flatMap((each) => fitting(given, each))
  return {
    ...(typeof title === 'string' && { title }),
    ...(typeof description === 'string' && { description: plainText(description) }),
    ...(fitted !== undefined && { default: fitted }),
  }
}

function isDemand(node: Json | undefined): boolean {
  return (
    isObject(node) &&
    Object.keys(read(node)).every((keyword) => /^(required|title|description)$/.test(keyword))
  )
}

function isNull(node: Json | undefined): boolean {
  return isObject(node) && (node.type === 'null' || node.const === null || isEnumOfNull(node))
}

function isEnumOfNull(node: JsonObject): boolean {
  return Array.isArray(node.enum) && node.enum.length > 0 && node.enum.every((value) => value === null)
}

/** A list of types is a union of them; `null` is no choice. */
function typed(source: JsonObject, place: Place): Schema {
  const types = Array.isArray(source.type) ? [...new Set(source.type.filter((type) => type !== 'null'))] : []
  if (types.length > 1) {
    const { description: _, title: _title, default: _default, ...beside } = source
    const branches = types.map((type) => typed({ ...beside, type }, place))
    const whole = union(branches, place.exact)
    return { ...whole, ...words(source, whole) }
  }
  const schema = keywords(withRoom(source, place))
  if (schema.type === 'array') schema.items = itemOf(convert(items(source), place))
  if (schema.type === 'object') addMembers(schema, source, place)
  return schema
}

/** Options cost too; where there is no room for all of them, none is told, and the API says which it takes. */
function withRoom(source: JsonObject, { left }: Place): JsonObject {
  const { enum: options, ...rest } = source
  if (!Array.isArray(options)) return source
  const fits = options.length <= Math.max(left.count, LEAST_SCHEMAS) * OPTIONS_OF_ONE
  left.count -= Math.floor(options.length / OPTIONS_OF_ONE)
  return fits ? source : rest
}

/** A default of one item would be sent by nobody. */
function itemOf({ default: _, ...schema }: Schema): Schema {
  return schema
}

/** Options on the array itself are meant for its items; a tuple's items are told as what any of them may be. */
function items({ items: node, prefixItems, enum: options }: JsonObject): Json {
  const tuple = [prefixItems, node].find(Array.isArray)
  const stated = tuple === undefined ? (node ?? {}) : tuple.length > 0 ? { anyOf: tuple } : {}
  const scalar = Array.isArray(options) && options.every((option) => !Array.isArray(option))
  return scalar && isObject(stated) && stated.enum === undefined
    ? { allOf: [stated, { enum: options }] }
    : stated
}

function addMembers(schema: Schema, source: JsonObject, place: Place): void {
  const stated = Object.entries(isObject(source.properties) ? source.properties : {})
  // Each costs, even where it is told by its type alone; those that are not listed can still be sent.
  const told = stated.slice(0, Math.max(place.left.count, LEAST_SCHEMAS))
  const properties = Object.fromEntries(told.map(([name, node]) => [name, convert(node, place)]))
  schema.properties = properties
  const demanded = Array.isArray(source.required) ? source.required : []
  const required = [...new Set(demanded)].filter(
    (name): name is string => typeof name === 'string' && Object.hasOwn(properties, name),
  )
  if (required.length > 0) schema.required = required
  const extra = source.additionalProperties
  if (isObject(extra)) schema.additionalProperties = convert(extra, place)
  else if (extra === false && told.length === stated.length) schema.additionalProperties = false
  else if (told.length < stated.length) schema.additionalProperties = true
}
