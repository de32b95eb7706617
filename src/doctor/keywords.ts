/** What each keyword of a schema must hold (the meta-schema of JSON Schema 2020-12), and values of a type. */
import { isObject, type Json, type JsonObject } from '../json.ts'

const isNumber = (value: Json) => typeof value === 'number'
const isCount = (value: Json) => Number.isInteger(value) && (value as number) >= 0
const isText = (value: Json) => typeof value === 'string'
const isFlag = (value: Json) => typeof value === 'boolean'
const isSchema = (value: Json) => isObject(value) || isFlag(value)
const isSchemas = (value: Json) => Array.isArray(value) && value.length > 0 && value.every(isSchema)
const isSchemaMap = (value: Json) => isObject(value) && Object.values(value).every(isSchema)
const isNames = (value: Json) =>
  Array.isArray(value) && value.every(isText) && new Set(value).size === value.length

const CHECKS: [(value: Json) => boolean, string, string[]][] = [
  [isNumber, 'a number', ['minimum', 'maximum', 'multipleOf']],
  [isCount, 'a count', ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties']],
  [isText, 'text', ['title', 'description', 'format', 'pattern', '$schema', '$comment']],
  [isFlag, 'true or false', ['uniqueItems', 'deprecated', 'readOnly', 'writeOnly']],
  [Array.isArray, 'a list', ['enum', 'examples']],
  [isNames, 'a list of distinct names', ['required']],
  [isSchemas, 'a list of schemas', ['anyOf', 'oneOf', 'allOf', 'prefixItems']],
  [isSchemaMap, 'schemas by name', ['properties', 'patternProperties', '$defs', 'definitions']],
  [isSchema, 'a schema', ['additionalProperties', 'not', 'if', 'then', 'else', 'contains']],
]

/** Keywords whose value the meta-schema refuses, with what it must be. Bounds and `items` of draft 4 have rules of their own. */
export function wrongKeywords(schema: JsonObject): string[] {
  return CHECKS.flatMap(([fits, must, keywords]) =>
    keywords
      .filter((keyword) => Object.hasOwn(schema, keyword) && !fits(schema[keyword]!))
      .map((keyword) => `${keyword} must be ${must}`),
  )
}

export const TYPES: Record<string, (value: Json) => boolean> = {
  string: isText,
  number: isNumber,
  integer: (value) => Number.isInteger(value),
  boolean: isFlag,
  array: Array.isArray,
  object: isObject,
  null: (value) => value === null,
}

/** True where `value` has one of the types that `schema` names, or `schema` names none that is known. */
export function hasType(schema: JsonObject, value: Json): boolean {
  if (schema.type === undefined && Array.isArray(schema.anyOf))
    return schema.anyOf.some((branch) => !isObject(branch) || hasType(branch, value))
  const types = [schema.type ?? []].flat().filter((type) => isText(type) && Object.hasOwn(TYPES, type))
  return types.length === 0 || types.some((type) => TYPES[type as string]!(value))
}
