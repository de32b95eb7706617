/** Turning a document's schema into one that the strictest client takes: inlined, typed, no composition at the root. */
import { isObject, type Json, type JsonObject, type Schema } from '../json.ts'
import { DocumentError, type Resolve } from './resolve.ts'

/** Schemas unfolded for one argument; more is a document that grows without end when it is written out. */
const MOST_SCHEMAS = 2000
/** Nesting of one argument; no model fills in more, and some clients overflow on it. */
const DEEPEST = 16

/** What is copied, where it has the type that it must have; anything else a client could refuse. */
// biome-ignore format: a type a line
const COPIED: Record<string, readonly string[]> = {
  string: ['title', 'description', 'format', 'pattern'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems'],
  boolean: ['uniqueItems'],
}

/** Makes `node` client-safe. `null` is dropped from types: a query string cannot say it. Throws DocumentError. */
export function clientSchema(node: Json | undefined, resolve: Resolve): Schema {
  return convert(node, { resolve, left: { count: MOST_SCHEMAS }, refs: [] })
}

/** Where the conversion stands: what is left to unfold, and the references that led here. */
interface Place {
  resolve: Resolve
  left: { count: number }
  refs: readonly string[]
}

function convert(node: Json | undefined, place: Place): Schema {
  const inner = enter(node, place)
  if (inner === undefined) return { type: 'object' }
  const source = place.resolve(node)
  if (source === true || source === undefined) return { type: 'string' }
  if (!isObject(source)) throw new DocumentError('a schema must be an object')
  const merged = mergeAllOf(source, inner)
  const schema = copy(merged)
  const constant = 'const' in merged ? [merged.const as Json] : undefined
  const values = Array.isArray(merged.enum) ? merged.enum : constant
  if (values) schema.enum = values.filter((value) => value !== null)
  const branches = branchesOf(merged, inner)
  if (branches.length === 1) return { ...branches[0], ...schema }
  if (branches.length > 1) return { ...schema, anyOf: branches }
  schema.type = typeOf(merged, schema)
  if (schema.type === 'array') schema.items = convert(merged.items ?? {}, inner)
  if (schema.type === 'object') addProperties(schema, merged, inner)
  return schema
}

function copy(source: JsonObject): Schema {
  const kept = Object.entries(COPIED).flatMap(([type, keywords]) =>
    keywords
      .filter((keyword) => typeof source[keyword] === type)
      .map((keyword) => [keyword, source[keyword]]),
  )
  const preset = source.default
  return { ...Object.fromEntries(kept), ...(preset !== undefined && preset !== null && { default: preset }) }
}

/** One step further in; undefined where a reference is met again below itself: recursion ends where it recurs. */
function enter(node: Json | undefined, { resolve, left, refs }: Place): Place | undefined {
  if (--left.count < 0) throw new DocumentError(`the schema unfolds to more than ${MOST_SCHEMAS} parts`)
  if (refs.length > DEEPEST) throw new DocumentError(`the schema is nested more than ${DEEPEST} levels deep`)
  const ref = isObject(node) && typeof node.$ref === 'string' ? node.$ref : ''
  return ref !== '' && refs.includes(ref) ? undefined : { resolve, left, refs: [...refs, ref] }
}

/** `allOf` merged into its siblings; later members win, `required` adds up. */
function mergeAllOf(source: JsonObject, place: Place): JsonObject {
  if (!Array.isArray(source.allOf)) return source
  const { allOf, ...rest } = source
  const merged: JsonObject = {}
  for (const member of [...(allOf as Json[]), rest]) {
    const inner = enter(member, place)
    const resolved = place.resolve(member)
    if (!inner) throw new DocumentError('a schema holds itself in allOf')
    if (!isObject(resolved)) continue
    const { properties, required, ...part } = mergeAllOf(resolved, inner)
    Object.assign(merged, part)
    if (isObject(properties)) merged.properties = { ...(merged.properties as JsonObject), ...properties }
    if (Array.isArray(required)) merged.required = [...((merged.required as Json[]) ?? []), ...required]
  }
  return merged
}

/** The members of `anyOf` or `oneOf`, each with what stands beside them; one that only demands members says no type. */
function branchesOf(source: JsonObject, place: Place): Schema[] {
  const { anyOf, oneOf, ...beside } = source
  const nodes = [anyOf, oneOf].find(Array.isArray)
  if (!nodes) return typeList(source).map((node) => convert(node, place))
  const shapes = nodes.filter((node) => !isNull(place.resolve(node)) && !isDemand(place.resolve(node)))
  const shared = beside.type !== undefined || beside.properties !== undefined
  return shapes.map((node) => convert(shared ? { allOf: [beside, node] } : node, place))
}

function isDemand(node: Json | undefined): boolean {
  return isObject(node) && Object.keys(node).every((keyword) => keyword === 'required' || keyword === 'not')
}

/** `type: ["string", "integer"]` as branches; `["string", "null"]` is no choice and gives none. */
function typeList(source: JsonObject): Json[] {
  const types = Array.isArray(source.type) ? source.type.filter((type) => type !== 'null') : []
  return types.length > 1 ? types.map((type) => ({ type })) : []
}

function isNull(node: Json | undefined): boolean {
  return isObject(node) && (node.type === 'null' || node.const === null)
}

/** Clients send an untyped argument as a string, so the type is always said, guessed from what else is there. */
function typeOf(source: JsonObject, schema: Schema): string {
  const stated = Array.isArray(source.type) ? source.type.find((type) => type !== 'null') : source.type
  if (typeof stated === 'string') return stated
  if (source.properties !== undefined) return 'object'
  if (source.items !== undefined) return 'array'
  const sample = schema.enum?.[0] ?? schema.default
  if (typeof sample === 'number' || typeof sample === 'boolean') return typeof sample
  return schema.minimum !== undefined || schema.maximum !== undefined ? 'number' : 'string'
}

function addProperties(schema: Schema, source: JsonObject, place: Place): void {
  const properties = isObject(source.properties) ? source.properties : {}
  schema.properties = Object.fromEntries(
    Object.entries(properties).map(([name, node]) => [name, convert(node, place)]),
  )
  if (Array.isArray(source.required))
    schema.required = source.required.filter((name) => typeof name === 'string')
  const extra = source.additionalProperties
  if (isObject(extra)) schema.additionalProperties = convert(extra, place)
  else if (extra === false) schema.additionalProperties = false
}
