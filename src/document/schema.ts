/** Turning a document's schema into one that the strictest client takes: inlined, typed, no composition at the root. */
import { isObject, type Json, type JsonObject, type Schema } from '../json.ts'
import { DocumentError, type Resolve } from './resolve.ts'

/** Nesting beyond this is cut to an open value: no model fills it in, and some clients overflow on it. */
const DEEPEST = 8

const COPIED = [
  'title', 'description', 'default', 'format', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum',
  'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems',
] as const // biome-ignore format: one list, read as one

/** Makes `node` client-safe. `null` is dropped from types: a query string cannot say it. Throws DocumentError. */
export function clientSchema(node: Json | undefined, resolve: Resolve, depth = 0): Schema {
  const source = resolve(node)
  if (source === true || source === undefined || depth > DEEPEST) return { type: 'string' }
  if (!isObject(source)) throw new DocumentError('a schema must be an object')
  const merged = mergeAllOf(source, resolve)
  const schema: Schema = {}
  for (const keyword of COPIED) {
    if (merged[keyword] !== undefined) Object.assign(schema, { [keyword]: merged[keyword] })
  }
  const values = Array.isArray(merged.enum)
    ? merged.enum
    : 'const' in merged
      ? [merged.const as Json]
      : undefined
  if (values) schema.enum = values.filter((value) => value !== null)
  const branches = branchesOf(merged, resolve, depth)
  if (branches.length === 1) return { ...branches[0], ...schema }
  if (branches.length > 1) return { ...schema, anyOf: branches }
  schema.type = typeOf(merged, schema)
  if (schema.type === 'array') schema.items = clientSchema(merged.items ?? {}, resolve, depth + 1)
  if (schema.type === 'object') addProperties(schema, merged, resolve, depth)
  return schema
}

/** `allOf` merged into its siblings; later members win, `required` adds up. */
function mergeAllOf(source: JsonObject, resolve: Resolve): JsonObject {
  if (!Array.isArray(source.allOf)) return source
  const { allOf, ...rest } = source
  const members = [...(allOf as Json[]).map((member) => resolve(member)), rest].filter(isObject)
  const merged: JsonObject = {}
  for (const member of members) {
    const { properties, required, ...part } = mergeAllOf(member, resolve)
    Object.assign(merged, part)
    if (isObject(properties)) merged.properties = { ...(merged.properties as JsonObject), ...properties }
    if (Array.isArray(required)) merged.required = [...((merged.required as Json[]) ?? []), ...required]
  }
  return merged
}

function branchesOf(source: JsonObject, resolve: Resolve, depth: number): Schema[] {
  const nodes = [source.anyOf, source.oneOf].find(Array.isArray) ?? typeList(source)
  return nodes.filter((node) => !isNull(resolve(node))).map((node) => clientSchema(node, resolve, depth + 1))
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

function addProperties(schema: Schema, source: JsonObject, resolve: Resolve, depth: number): void {
  const properties = isObject(source.properties) ? source.properties : {}
  schema.properties = Object.fromEntries(
    Object.entries(properties).map(([name, node]) => [name, clientSchema(node, resolve, depth + 1)]),
  )
  if (Array.isArray(source.required))
    schema.required = source.required.filter((name) => typeof name === 'string')
  const extra = source.additionalProperties
  if (isObject(extra)) schema.additionalProperties = clientSchema(extra, resolve, depth + 1)
  else if (extra === false) schema.additionalProperties = false
}
