/** A schema's limits in words, because some clients drop every keyword but type, enum and description. */
import type { Schema } from '../json.ts'

const FORMATS: Record<string, string> = {
  date: 'YYYY-MM-DD',
  'date-time': 'date and time as 2026-06-30T12:00:00Z (RFC 3339)',
  uuid: 'UUID',
  email: 'email address',
  uri: 'URL',
}

/** Adds what `schema` limits to its description, where the description does not say it already. */
export function describe(schema: Schema, description: string | undefined): string {
  const said = (description ?? schema.description ?? schema.title ?? '').trim()
  const notes = [format(schema), range(schema), length(schema), preset(schema)].filter(
    (note) => note !== undefined && !said.includes(note),
  )
  if (notes.length === 0) return said
  const words = notes.join('; ')
  return said === ''
    ? `${words[0]!.toUpperCase()}${words.slice(1)}.`
    : `${said.replace(/\.$/, '')} (${words}).`
}

function format({ format }: Schema): string | undefined {
  return format === undefined ? undefined : FORMATS[format]
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string | undefined {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`
  if (minimum !== undefined) return `at least ${minimum}`
  if (maximum !== undefined) return `at most ${maximum}`
  if (exclusiveMinimum !== undefined) return `more than ${exclusiveMinimum}`
  return exclusiveMaximum === undefined ? undefined : `less than ${exclusiveMaximum}`
}

function length({ minLength, maxLength, pattern, maxItems }: Schema): string | undefined {
  if (pattern !== undefined) return `matching ${pattern}`
  if (maxItems !== undefined) return `at most ${maxItems} items`
  if (maxLength !== undefined) return `at most ${maxLength} characters`
  return minLength !== undefined && minLength > 1 ? `at least ${minLength} characters` : undefined
}

function preset(schema: Schema): string | undefined {
  return schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`
}
