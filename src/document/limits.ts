/** A schema's limits in words, because some clients drop every keyword but type, enum and description. */
import { inside, type Schema } from '../json.ts'

const FORMATS: Record<string, string> = {
  date: 'YYYY-MM-DD',
  'date-time': 'date and time as 2026-06-30T12:00:00Z (RFC 3339)',
  time: 'time as 12:00:00Z (RFC 3339)',
  duration: 'duration as P3DT4H (ISO 8601)',
  uuid: 'UUID',
  email: 'email address',
  uri: 'URL',
  hostname: 'host name',
  ipv4: 'IPv4 address',
  ipv6: 'IPv6 address',
  byte: 'Base64',
}

/** Longest pattern and longest preset that are told in words, in characters. */
const LONGEST = 120

/** The schema with what it limits, and `notes`, added to its description where that does not say so; inside it too. */
export function described(schema: Schema, notes: readonly string[] = []): Schema {
  const description = words(schema, [...limits(schema), ...preset(schema), ...notes])
  const whole = inside(schema, (inner) =>
    inner !== schema.items || hasParts(inner) ? described(inner) : inner,
  )
  return { ...whole, ...(description !== '' && { description }) }
}

/** True for objects and lists of them: the limits of a list's plain items stand at the list. */
function hasParts({ type, items }: Schema): boolean {
  return type === 'object' || (items !== undefined && hasParts(items))
}

function words({ description, title }: Schema, notes: readonly string[]): string {
  const said = (description ?? title ?? '').trim()
  const added = notes.filter((note) => !says(said, note)).join('; ')
  if (added === '') return said
  return said === ''
    ? `${added[0]!.toUpperCase()}${added.slice(1)}.`
    : `${said.replace(/\.$/, '')} (${added}).`
}

/** `1 to 100` does not say `1 to 10`. */
function says(said: string, note: string): boolean {
  const at = said.indexOf(note)
  return at >= 0 && (!/\d/.test(said[at + note.length] ?? '') || says(said.slice(at + 1), note))
}

/** What a schema takes, for a sentence: `a whole number, 1 to 10`, or `"auto"`. */
export function phrase(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(', ')
  return [NOUNS[schema.type as string] ?? '', ...limits(schema)].filter(Boolean).join(', ')
}

const NOUNS: Record<string, string> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

function limits(schema: Schema): string[] {
  const { multipleOf, items, uniqueItems } = schema
  const each =
    schema.type === 'array' && items !== undefined ? limits(items).map((note) => `each ${note}`) : []
  return [
    schema.format === undefined ? undefined : FORMATS[schema.format],
    range(schema),
    multipleOf === undefined ? undefined : `a multiple of ${multipleOf}`,
    length(schema),
    count(schema),
    uniqueItems === true ? 'no item twice' : undefined,
    ...each,
  ].filter((note) => note !== undefined)
}

function range(schema: Schema): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`
  const bounds = [
    minimum === undefined ? undefined : `at least ${minimum}`,
    exclusiveMinimum === undefined ? undefined : `more than ${exclusiveMinimum}`,
    maximum === undefined ? undefined : `at most ${maximum}`,
    exclusiveMaximum === undefined ? undefined : `less than ${exclusiveMaximum}`,
  ].filter((bound) => bound !== undefined)
  return bounds.length === 0 ? undefined : bounds.join(' and ')
}

function length({ minLength = 0, maxLength, pattern }: Schema): string | undefined {
  const matching = pattern !== undefined && pattern.length <= LONGEST ? `matching ${pattern}` : undefined
  return (
    [matching, between(minLength > 1 ? minLength : undefined, maxLength, 'characters')]
      .filter(Boolean)
      .join(', ') || undefined
  )
}

function count({ minItems = 0, maxItems }: Schema): string | undefined {
  return between(minItems > 0 ? minItems : undefined, maxItems, 'items')
}

function between(least: number | undefined, most: number | undefined, what: string): string | undefined {
  if (least !== undefined && most !== undefined)
    return least === most ? `${least} ${what}` : `${least} to ${most} ${what}`
  if (least !== undefined) return `at least ${least} ${what}`
  return most === undefined ? undefined : `at most ${most} ${what}`
}

function preset({ default: value }: Schema): string[] {
  const spelled = JSON.stringify(value)
  return value === undefined || spelled.length > LONGEST ? [] : [`default ${spelled}`]
}
