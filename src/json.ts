/** JSON as TypeScript sees it, and the subset of JSON Schema 2020-12 that tools are made of. */

export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

/** The keywords that survive compilation: no `$ref`, no composition at the root, nothing that needs a network. */
export interface Schema {
  type?: string | string[]
  title?: string
  description?: string
  enum?: Json[]
  default?: Json
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  multipleOf?: number
  minLength?: number
  maxLength?: number
  items?: Schema
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  anyOf?: Schema[]
  /** The argument is repeated as the header `Mcp-Param-<name>` (MCP 2026-07-28). */
  'x-mcp-header'?: string
}

/** True for a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of an own property, so that `constructor` and `__proto__` are never found on an empty object. */
export function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/** The value where it is a string, else undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** At most `longest` UTF-16 units of foreign text; half a character at the cut would make JSON that strict parsers refuse. */
export function cut(text: string, longest: number): string {
  return text.slice(0, longest).toWellFormed()
}

/** `schema` with each schema directly inside it changed: members, items, branches and what members of any name are. */
export function inside(schema: Schema, change: (inner: Schema) => Schema): Schema {
  const { properties, items, anyOf, additionalProperties: extra } = schema
  const members = Object.entries(properties ?? {}).map(([name, each]) => [name, change(each)])
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(members) }),
    ...(items && { items: change(items) }),
    ...(anyOf && { anyOf: anyOf.map(change) }),
    ...(typeof extra === 'object' && { additionalProperties: change(extra) }),
  }
}
