/** `allOf` merged into one schema, with the unions that it holds kept apart (JSON Schema 2020-12, 10.2.1). */
import { isObject, type Json, type JsonObject, own } from '../json.ts'
import { DocumentError, type Resolve } from './resolve.ts'

/** Where the conversion stands: what is left to unfold, the references that led here, and how deep it is. */
export interface Place {
  resolve: Resolve
  left: { count: number }
  refs: readonly string[]
  depth: number
  /** True where the value is sent as JSON, in which 5 and "5" are two. */
  exact: boolean
}

export interface Flat {
  /** Everything but composition. */
  own: JsonObject
  /** The branches of each `anyOf` and `oneOf`. */
  unions: Json[][]
}

/** Chains of `allOf` longer than this hold themselves. */
const LONGEST_CHAIN = 64

/** Each `allOf` writes all members anew, so that many of them count as schemas of their own. */
const MEMBERS_OF_ONE = 100

/** `source` is resolved. Later members win where both cannot hold; limits become the tighter of two. Throws DocumentError. */
export function flatten(source: JsonObject, place: Place, chain = 0): Flat {
  if (chain > LONGEST_CHAIN) throw new DocumentError('a schema holds itself in allOf')
  const { allOf, anyOf, oneOf, ...rest } = read(source)
  const own: JsonObject = {}
  const unions: Json[][] = []
  for (const node of Array.isArray(allOf) ? allOf : []) {
    if (--place.left.count < 0) break
    const member = place.resolve(node)
    if (!isObject(member)) continue
    const flat = flatten(member, place, chain + 1)
    merge(own, flat.own)
    place.left.count -= Math.floor(Object.keys(own.properties ?? {}).length / MEMBERS_OF_ONE)
    unions.push(...flat.unions)
  }
  merge(own, discriminated(rest))
  unions.push(...[anyOf, oneOf].filter((branches): branches is Json[] => Array.isArray(branches)))
  return { own, unions }
}

/** What is read of a schema; a reference may point at a node of thousands of other members, which then cost nothing. */
const READ = [
  'type', 'title', 'description', 'format', 'pattern', 'default', 'enum', 'const', 'discriminator', 'allOf', 'anyOf', 'oneOf',
  'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength',
  'items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'properties', 'required', 'additionalProperties',
] // biome-ignore format: a kind a line

export function read(source: JsonObject): JsonObject {
  return Object.fromEntries(
    READ.filter((keyword) => Object.hasOwn(source, keyword)).map((keyword) => [keyword, source[keyword]!]),
  )
}

type Merging = (one: Json, other: Json) => Json

/** How two statements of one keyword come together, where both have its type; of all others the later one holds. */
const MERGED: Record<string, [type: string, Merging]> = {
  properties: ['object', (one, other) => mergeProperties(one as JsonObject, other as JsonObject)],
  required: ['array', (one, other) => [...(one as Json[]), ...(other as Json[])]],
  enum: ['array', (one, other) => common(one as Json[], other as Json[])],
  minimum: ['number', largest],
  exclusiveMinimum: ['number', largest],
  minLength: ['number', largest],
  minItems: ['number', largest],
  maximum: ['number', smallest],
  exclusiveMaximum: ['number', smallest],
  maxLength: ['number', smallest],
  maxItems: ['number', smallest],
}

function merge(into: JsonObject, from: JsonObject): void {
  for (const [keyword, value] of Object.entries(from)) {
    const earlier = own(into, keyword)
    const [type, merging] = own(MERGED, keyword) ?? []
    const merged = typeOf(earlier) === type && typeOf(value) === type ? merging?.(earlier!, value) : undefined
    into[keyword] = merged ?? value
  }
}

function typeOf(value: Json | undefined): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** What several inherit from one place is the same node, and stands for itself. */
function mergeProperties(one: JsonObject, other: JsonObject): JsonObject {
  const added = Object.entries(other).filter(([name, node]) => own(one, name) !== node)
  if (added.length === 0) return one
  const merged = added.map(([name, node]) => {
    const earlier = own(one, name)
    return [name, earlier === undefined ? node : { allOf: [...members(earlier), node] }] as const
  })
  return { ...one, ...Object.fromEntries(merged) }
}

/** What is merged a third time is one list of three, not a list in a list. */
function members(node: Json): Json[] {
  return isObject(node) && Array.isArray(node.allOf) && Object.keys(node).length === 1 ? node.allOf : [node]
}

/** Two lists without a common value are a mistake of the document; the later one then holds. */
function common(one: Json[], other: Json[]): Json[] {
  const known = new Set(one)
  const shared = other.filter((value) => known.has(value))
  return shared.length > 0 ? shared : other
}

function largest(one: Json, other: Json): Json {
  return Math.max(one as number, other as number)
}

function smallest(one: Json, other: Json): Json {
  return Math.min(one as number, other as number)
}

/** A discriminator names the values of its property, where the property does not (OpenAPI 3.2, 4.25). */
function discriminated(source: JsonObject): JsonObject {
  const { discriminator, ...rest } = source
  if (!isObject(discriminator)) return rest
  const { propertyName: name, mapping } = discriminator
  if (typeof name !== 'string' || !isObject(mapping)) return rest
  const properties = isObject(rest.properties) ? rest.properties : {}
  const property = Object.hasOwn(properties, name) ? properties[name]! : {}
  const named = { type: 'string', enum: Object.keys(mapping) }
  return { ...rest, properties: { ...properties, [name]: { allOf: [named, property] } } }
}
