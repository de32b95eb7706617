/** A string, number or boolean against its schema, read as what a model meant where nothing is lost by it. */
import { cut, type Json, own, type Schema } from '../json.ts'
import { matches } from './pattern.ts'

/** A reading of the value that fits, or the problems, each opening with the path of the offending part. */
export type Read = { value: Json; problems?: undefined } | { problems: string[] }

/** RFC 8259, 6. */
export const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

/** A whole number stands for its digits: ids often look like numbers, and nothing is lost below 2^53. */
export function readString(schema: Schema, given: Json, at: string): Read {
  const value = Number.isSafeInteger(given) ? String(given) : given
  if (typeof value !== 'string' || !value.isWellFormed()) return problem(at, given, 'a string')
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format } = schema
  const length =
    value.length > maxLength ? Array.from(value.slice(0, 2 * maxLength + 2)).length : value.length
  if (length > maxLength) return problem(at, given, `at most ${maxLength} characters`)
  if (length < minLength) return problem(at, given, `at least ${minLength} characters`)
  if (pattern !== undefined && !matches(pattern, value))
    return problem(at, given, `a string matching ${pattern}`)
  const known = format === undefined ? undefined : own(FORMATS, format)
  if (known && !known.shape.test(value)) return problem(at, given, known.expected)
  return { value }
}

/** Formats that an upstream would misread silently; all others are left to it. */
const FORMATS: Record<string, { shape: RegExp; expected: string }> = {
  date: {
    shape: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
    expected: 'a date as YYYY-MM-DD',
  },
  'date-time': {
    shape:
      /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/i,
    expected: 'a date and time as 2026-06-30T12:00:00Z',
  },
}

/** A number, or a string of digits, which is kept as text so that none of its digits is lost on the way. */
export function readNumber(schema: Schema, given: Json, at: string): Read {
  const spelled = typeof given === 'string' ? given.trim() : given
  const value = typeof spelled === 'string' && JSON_NUMBER.test(spelled) ? Number(spelled) : spelled
  const noun = schema.type === 'integer' ? 'a whole number' : 'a number'
  if (typeof value !== 'number' || !Number.isFinite(value)) return problem(at, given, noun)
  if (schema.type === 'integer' && !Number.isInteger(value)) return problem(at, given, noun)
  if (typeof spelled === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return problem(at, given, `${noun} of up to 15 digits, or its digits as a string`)
  }
  const wrong = outOfRange(schema, value)
  if (wrong !== undefined) return problem(at, given, wrong)
  return { value: schema.type === 'integer' && !/^-?\d+$/.test(String(spelled)) ? value : (spelled as Json) }
}

function outOfRange(schema: Schema, value: number): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  if (minimum !== undefined && value < minimum) return `at least ${minimum}`
  if (maximum !== undefined && value > maximum) return `at most ${maximum}`
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return `more than ${exclusiveMinimum}`
  return exclusiveMaximum !== undefined && value >= exclusiveMaximum
    ? `less than ${exclusiveMaximum}`
    : undefined
}

/** A boolean or its name. */
export function readBoolean(_: Schema, given: Json, at: string): Read {
  const value = given === 'true' ? true : given === 'false' ? false : given
  return typeof value === 'boolean' ? { value } : problem(at, given, 'true or false')
}

/** One problem, in the words that every kind of value shares. */
export function problem(at: string, given: Json, expected: string, hint = ''): Read {
  const shown = JSON.stringify(given)
  return {
    problems: [`${at} must be ${expected}, not ${shown.length > 60 ? `${cut(shown, 60)}…` : shown}${hint}`],
  }
}
