/** The keywords of one schema that a client takes, each with the type that it must have; anything else could be refused. */
import { type Json, type JsonObject, own, type Schema } from '../json.ts'
import { plainText } from './plain-text.ts'

/** What is copied, where it is what it must be: a client drops the whole tool of a bound that is none. */
const COPIED: [names: readonly string[], fits: (value: Json | undefined) => boolean][] = [
  [['title', 'description', 'format', 'pattern'], (value) => typeof value === 'string'],
  [['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'], isBound],
  [['multipleOf'], (value) => Number.isFinite(value) && (value as number) > 0],
  [['minLength', 'maxLength', 'minItems', 'maxItems'], (value) => Number.isInteger(value) && (value as number) >= 0],
  [['uniqueItems'], (value) => typeof value === 'boolean'],
] // biome-ignore format: a kind a line

/** Keywords that hold for one type, by type: of any other they say nothing, and are told all the same. */
const HELD: [types: readonly string[], names: readonly (keyof Schema)[]][] = [
  [['string'], ['pattern', 'minLength', 'maxLength']],
  [
    ['number', 'integer'],
    ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ],
  [['array'], ['minItems', 'maxItems', 'uniqueItems']],
]

/** Beyond 2^53 a bound is the width of an integer, and no number that JSON's readers have. */
function isBound(value: Json | undefined): boolean {
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER
}

/** Types as documents misspell them, and what is meant. */
const MEANT: Record<string, string> = {
  int: 'integer', int32: 'integer', int64: 'integer', long: 'integer',
  float: 'number', double: 'number', decimal: 'number', numeric: 'number',
  bool: 'boolean',
  list: 'array',
  map: 'object', dict: 'object', hash: 'object', json: 'object',
} // biome-ignore format: a type a line

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object']

/** Formats that say something of a text or a number; the rest are words that no client or upstream knows. */
const FORMATS =
  /^(date|date-time|time|duration|email|hostname|ipv4|ipv6|uri|uri-reference|uuid|byte|binary|password|int32|int64|float|double|decimal)$/

/** The type and what goes with it; `source` is merged and has one type, or none. */
export function keywords(source: JsonObject): Schema {
  const schema = copy(source)
  const { default: preset } = source
  const stated = optionsOf(source)
  const type = typeOf(source, {
    ...schema,
    ...(stated && { enum: stated }),
    ...(preset !== undefined && { default: preset }),
  })
  for (const [types, names] of HELD) if (!types.includes(type)) for (const name of names) delete schema[name]
  if (type === 'integer') include(schema)
  const options = stated && type !== 'array' && type !== 'object' ? fitting(stated, type) : []
  const [fitted] = preset === undefined || preset === null ? [] : fitting([preset], type)
  const known = fitted !== undefined && (options.length === 0 || options.includes(fitted))
  return { ...schema, ...(known && { default: fitted }), ...(options.length > 0 && { enum: options }), type }
}

/** Clients send an untyped argument as a string, so the type is always said, guessed from what else is there. */
export function typeOf(source: JsonObject, schema: Schema): string {
  const stated = Array.isArray(source.type) ? source.type.find((type) => type !== 'null') : source.type
  if (typeof stated === 'string') {
    const spelled = stated.toLowerCase()
    return TYPES.find((type) => type === spelled) ?? own(MEANT, spelled) ?? 'string'
  }
  if (source.properties !== undefined || source.additionalProperties !== undefined) return 'object'
  if (source.items !== undefined || source.prefixItems !== undefined) return 'array'
  const sample = schema.enum?.[0] ?? schema.default
  if (typeof sample === 'number' || typeof sample === 'boolean') return typeof sample
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  const bounds = [minimum, maximum, exclusiveMinimum, exclusiveMaximum]
  return bounds.some((bound) => bound !== undefined) ? 'number' : 'string'
}

function copy(source: JsonObject): Schema {
  const kept = COPIED.flatMap(([names, fits]) =>
    names.filter((name) => fits(source[name])).map((name) => [name, positiveZero(source[name]!)]),
  )
  const schema = Object.fromEntries(kept) as Schema
  if (schema.format !== undefined && !FORMATS.test(schema.format)) delete schema.format
  if (schema.description !== undefined) schema.description = plainText(schema.description)
  if (schema.pattern !== undefined) readPattern(schema, schema.pattern)
  exclude(schema, source, 'minimum', 'exclusiveMinimum')
  exclude(schema, source, 'maximum', 'exclusiveMaximum')
  return schema
}

/** In OpenAPI 3.0 and Swagger 2.0 an exclusive bound is a boolean beside the bound. */
function exclude(
  schema: Schema,
  source: JsonObject,
  bound: 'minimum' | 'maximum',
  exclusive: 'exclusiveMinimum' | 'exclusiveMaximum',
): void {
  if (source[exclusive] !== true || schema[bound] === undefined) return
  schema[exclusive] = schema[bound]
  delete schema[bound]
}

/** Whole numbers need no exclusive bounds, which some clients refuse. */
function include(schema: Schema): void {
  const { exclusiveMinimum, exclusiveMaximum, minimum, maximum } = schema
  if (exclusiveMinimum !== undefined)
    schema.minimum = Math.max(minimum ?? -Infinity, Math.floor(exclusiveMinimum) + 1)
  if (exclusiveMaximum !== undefined)
    schema.maximum = Math.min(maximum ?? Infinity, Math.ceil(exclusiveMaximum) - 1)
  delete schema.exclusiveMinimum
  delete schema.exclusiveMaximum
}

/** A pattern between slashes is one of JavaScript's. One that is of another language is told, and no client compiles it. */
function readPattern(schema: Schema, stated: string): void {
  const [, inner = stated, flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(stated) ?? []
  if (compiles(inner) && !flags.includes('i')) {
    schema.pattern = inner
    return
  }
  delete schema.pattern
  const said = schema.description?.replace(/\.$/, '')
  schema.description = said ? `${said} (matching ${stated}).` : `Matching ${stated}.`
}

/** A client that compiles patterns drops the tool of one that it cannot. */
function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') !== undefined
  } catch {
    return false
  }
}

function optionsOf(source: JsonObject): Json[] | undefined {
  const stated = Array.isArray(source.enum)
    ? source.enum
    : 'const' in source
      ? [source.const as Json]
      : undefined
  return stated && [...new Set(stated.filter((value) => value !== null))]
}

/** Values as the type has them: documents write `"10"` for 10 and 10 for `"10"`. What does not fit is left out. */
export function fitting(values: Json[], type: string): Json[] {
  return [...new Set(values.map((value) => coerced(value, type)))].filter((value) => value !== undefined)
}

function coerced(value: Json, type: string): Json | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'object' ? undefined : String(value)
    case 'boolean':
      return value === true || value === 'true'
        ? true
        : value === false || value === 'false'
          ? false
          : undefined
    case 'number':
    case 'integer':
      return numeric(value, type)
    case 'array':
      return Array.isArray(value) ? value : undefined
    default:
      return typeof value === 'object' && !Array.isArray(value) ? value : undefined
  }
}

function numeric(value: Json, type: string): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined
  return type === 'integer' && !Number.isInteger(number) ? undefined : (positiveZero(number) as number)
}

/** JSON would write -0 as 0, and a catalog is plain JSON. */
function positiveZero(value: Json): Json {
  return value === 0 ? 0 : value
}
