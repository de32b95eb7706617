/** Arguments made up from a tool's schema, the same for the same schema, and texts that try to break out of their place. */
import type { Json, Schema } from '../json.ts'
import { type Arguments, schemaOf, type Tool } from '../tools/tool.ts'
import { readValue } from '../tools/value.ts'
import { sample } from './sample.ts'

/** What each kind of text looks like; the first that the schema takes is sent. */
const TEXTS = [
  'a', 'audit', '1', 'A1', 'abc_123', '2026-01-31', '2026-01-31T12:00:00Z', '12:00:00', 'P1D', 'EUR', 'PL', 'en', 'en-US',
  '3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'someone@example.com', 'https://example.com/', 'example.com', '192.0.2.1',
  '2001:db8::1', '0123456789', 'DE89370400440532013000', '0123456789abcdef01234567', '5f4dcc3b5aa765d61d8327deb882cf99',
] // biome-ignore format: one list

/** Nesting that is made up; a schema that asks for more gets nothing. */
const DEEPEST = 12

/** A value that the schema takes, or undefined where none was found. */
function valueFor(schema: Schema, depth = 0): Json | undefined {
  if (depth > DEEPEST) return undefined
  const found = [...stated(schema), ...made(schema, depth)]
  return found.find((value) => value !== undefined && !readValue(schema, value as Json, 'value').problems)
}

function stated({ enum: options = [], default: preset }: Schema): (Json | undefined)[] {
  return [...options.slice(0, 1), preset]
}

function made(schema: Schema, depth: number): (Json | undefined)[] {
  if (schema.anyOf) return schema.anyOf.map((branch) => valueFor(branch, depth + 1))
  const type = [schema.type].flat()[0]
  switch (type) {
    case 'boolean':
      return [true, false]
    case 'integer':
    case 'number':
      return numbers(schema)
    case 'array':
      return [lists(schema, depth)]
    case 'object':
      return [members(schema, depth)]
    default:
      return texts(schema)
  }
}

function texts({ pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Schema): string[] {
  const padded = 'a'.repeat(Math.min(minLength, 10_000))
  const described = pattern === undefined ? undefined : sample(pattern)
  const wanted = [
    ...TEXTS,
    padded,
    '1'.repeat(padded.length),
    ...(described === undefined ? [] : [described]),
  ]
  return wanted.filter(({ length }) => length <= maxLength)
}

function numbers({ minimum, maximum, exclusiveMinimum, multipleOf = 1 }: Schema): number[] {
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + multipleOf)
  const stepped = least === undefined ? [] : [least, Math.ceil(least / multipleOf) * multipleOf]
  return [1, 0, ...stepped, ...(maximum === undefined ? [] : [maximum]), multipleOf, 1.5]
}

function lists({ items = {}, minItems = 1 }: Schema, depth: number): Json | undefined {
  const item = valueFor(items, depth + 1)
  if (item === undefined) return minItems === 0 ? [] : undefined
  return Array.from({ length: Math.min(Math.max(minItems, 1), 50) }, () => item)
}

function members({ properties = {}, required = [] }: Schema, depth: number): Json | undefined {
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1)
  const values = names.map((name) => [name, valueFor(properties[name] ?? {}, depth + 1)] as const)
  return Object.fromEntries(values.filter((pair): pair is [string, Json] => pair[1] !== undefined))
}

/** The named arguments that a value was found for. */
export function argumentsFor(tool: Tool, names: readonly string[]): Arguments {
  const values = names.map((name) => [name, valueFor(schemaOf(tool, name) ?? {})] as const)
  return Object.fromEntries(values.filter((pair): pair is [string, Json] => pair[1] !== undefined))
}

/** Name of a query pair or header that stands in no tool: where it is found, a value left its place. */
export const PLANTED = 'lectern_planted'

/** Texts that name another place, begin another part of the URL, another header or another request, or are very long. */
export const HOSTILE: readonly string[] = [
  '..',
  '../',
  '../../admin',
  '%2e%2e',
  '%2e%2e%2fadmin',
  '..%5cadmin',
  `?${PLANTED}=1`,
  `x&${PLANTED}=1`,
  `x=1;${PLANTED}=1`,
  `x#${PLANTED}`,
  `x\r\n${PLANTED}: 1`,
  `x HTTP/1.1\r\n${PLANTED}: 1\r\n\r\nGET /${PLANTED} HTTP/1.1\r\n\r\n`,
  `%0d%0a${PLANTED}:1`,
  '//evil.example/x',
  '@evil.example',
  'http://evil.example/',
  '\\\\evil.example\\x',
  'x\u0000y',
  'a'.repeat(12_000),
]

/** True where the argument takes a text, or a list of them. */
export function takesText(schema: Schema): boolean {
  const types = [schema.type].flat()
  return (
    schema.anyOf?.some(takesText) ??
    (types.includes('string') || (schema.items !== undefined && takesText(schema.items)))
  )
}

/** The text in the shape that the argument has. */
export function shaped(schema: Schema, text: string): Json {
  return [schema.type].flat().includes('array') ? [text] : text
}

/** For a label. */
export function shown(text: string): string {
  return text.length > 60 ? `of ${text.length} characters` : JSON.stringify(text)
}
