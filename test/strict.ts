/** What the strictest client would refuse in a tool's schema; nothing where all is well. */
import type { Schema } from '../src/json.ts'
import type { Tool } from '../src/tools/tool.ts'

type Check = (value: never) => boolean

const isText = (value: unknown) => typeof value === 'string'
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0

/** Every keyword that may be there, and what it has to be. */
const KEYWORDS: Record<string, Check> = {
  type: (value: string | string[]) => [value].flat().every((type) => TYPES.includes(type)),
  title: isText,
  description: isText,
  format: isText,
  pattern: (value: string) => new RegExp(value, 'u') !== undefined,
  enum: (value: unknown[]) => Array.isArray(value) && value.length > 0 && !value.includes(null),
  default: (value: unknown) => value !== undefined && value !== null,
  minimum: Number.isFinite,
  maximum: Number.isFinite,
  exclusiveMinimum: Number.isFinite,
  exclusiveMaximum: Number.isFinite,
  multipleOf: (value: number) => Number.isFinite(value) && value > 0,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  maxItems: isCount,
  uniqueItems: (value: unknown) => typeof value === 'boolean',
  items: (value: unknown) => typeof value === 'object',
  properties: (value: object) => Object.keys(value).every((name) => SAFE.test(name)),
  required: (value: string[]) => value.length > 0 && new Set(value).size === value.length,
  additionalProperties: (value: unknown) => value === false || typeof value === 'object',
  anyOf: (value: unknown[]) => value.length > 1,
}
const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object']
const SAFE = /^[a-zA-Z0-9_.-]{1,64}$/

export function complaints({ name, title, description, inputSchema, parameters, answering }: Tool): string[] {
  const names = Object.keys(inputSchema.properties)
  const told = [...parameters.map(({ argument }) => argument), ...Object.values(answering?.asks ?? {})]
  return [
    ...(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(name) && name.length <= 40 ? [] : [`the name ${name}`]),
    ...([title, description].every((words) => words.trim() !== '') ? [] : ['no words']),
    ...(inputSchema.type === 'object' && inputSchema.additionalProperties === false ? [] : ['not closed']),
    ...(names.sort().join() === told.sort().join() ? [] : [`arguments ${names} for parameters ${told}`]),
    ...(new Set(told).size === told.length ? [] : [`an argument twice: ${told}`]),
    ...inside(inputSchema, '#'),
  ]
}

function inside(schema: Schema, at: string): string[] {
  const { type, items, properties = {}, required = [], anyOf = [], additionalProperties: extra } = schema
  const typed = Array.isArray(type) ? type.length === anyOf.length && type.length > 1 : type !== undefined
  const wrong = Object.entries(schema).filter(([keyword, value]) => !KEYWORDS[keyword]?.(value as never))
  return [
    ...wrong.map(([keyword, value]) => `${at}: ${keyword} ${JSON.stringify(value)}`),
    ...(typed ? [] : [`${at}: untyped`]),
    ...(type === 'array' && items === undefined ? [`${at}: no items`] : []),
    ...required
      .filter((name) => !Object.hasOwn(properties, name))
      .map((name) => `${at}: ${name} is required`),
    ...Object.entries(properties).flatMap(([name, member]) => inside(member, `${at}.${name}`)),
    ...(items ? inside(items, `${at}[]`) : []),
    ...anyOf.flatMap((branch, index) => inside(branch, `${at}|${index}`)),
    ...(typeof extra === 'object' ? inside(extra, `${at}.*`) : []),
  ]
}
