/** One value against one schema: what is wrong, what was expected, and readings that a model's slip allows. */
import { isObject, type Json, own, type Schema } from '../json.ts'
import { closest } from './closest.ts'

/** A reading of the value that fits, or the problems, each opening with the path of the offending part. */
export type Read = { value: Json; problems?: undefined } | { problems: string[] }

/** Arguments nested deeper, or of more values, are refused before anything recurses into them. */
const DEEPEST = 32
const MOST_VALUES = 2000

/** Problems told at once; a model mends several in one try, and a longer list only fills its context. */
export const MOST_PROBLEMS = 5

/** Values of an enum that are told. */
const MOST_OPTIONS = 40

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

/** Reads `given` as `schema` asks. `at` names the value in problems. */
export function readValue(schema: Schema, given: Json, at: string): Read {
  if (schema.anyOf) return readAny(schema.anyOf, given, at)
  const read = READERS[typeOf(schema)]?.(schema, given, at) ?? { value: given }
  if (read.problems || !schema.enum || schema.enum.some((item) => same(item, read.value))) return read
  const near = closest(String(read.value), schema.enum.map(String))
  const options = schema.enum.slice(0, MOST_OPTIONS).map((item) => JSON.stringify(item))
  return problem(
    at,
    given,
    `one of ${options.join(', ')}`,
    near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`,
  )
}

type Reader = (schema: Schema, given: Json, at: string) => Read

const READERS: Record<string, Reader> = {
  string: readString,
  number: readNumber,
  integer: readNumber,
  boolean: (_, given, at) => {
    const value = given === 'true' ? true : given === 'false' ? false : given
    return typeof value === 'boolean' ? { value } : problem(at, given, 'true or false')
  },
  array: readArray,
  object: readObject,
}

function readAny(branches: Schema[], given: Json, at: string): Read {
  const problems: string[] = []
  for (const branch of branches) {
    const read = readValue(branch, given, at)
    if (!read.problems) return read
    problems.push(...read.problems)
  }
  return { problems: problems.slice(0, 3) }
}

/** A whole number stands for its digits: ids often look like numbers, and nothing is lost below 2^53. */
function readString(schema: Schema, given: Json, at: string): Read {
  const value = Number.isSafeInteger(given) ? String(given) : given
  if (typeof value !== 'string' || !value.isWellFormed()) return problem(at, given, 'a string')
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format } = schema
  if (value.length > maxLength) return problem(at, given, `at most ${maxLength} characters`)
  if (value.length < minLength) return problem(at, given, `at least ${minLength} characters`)
  if (pattern !== undefined && !matches(pattern, value))
    return problem(at, given, `a string matching ${pattern}`)
  if (format !== undefined && !FORMATS[format]?.test(value)) {
    const expected = EXPECTED[format]
    if (expected !== undefined) return problem(at, given, expected)
  }
  return { value }
}

/** Formats that an upstream would misread silently; all others are left to it. */
const EXPECTED: Record<string, string> = {
  date: 'a date as YYYY-MM-DD',
  'date-time': 'a date and time as 2026-06-30T12:00:00Z',
}
const FORMATS: Record<string, RegExp> = {
  date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  'date-time':
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/i,
}

/** A number, or a string of digits, which is kept as text so that none of its digits is lost on the way. */
function readNumber(schema: Schema, given: Json, at: string): Read {
  const spelled = typeof given === 'string' ? given.trim() : given
  const value = typeof spelled === 'string' && JSON_NUMBER.test(spelled) ? Number(spelled) : spelled
  const noun = schema.type === 'integer' ? 'a whole number' : 'a number'
  if (typeof value !== 'number' || !Number.isFinite(value)) return problem(at, given, noun)
  if (schema.type === 'integer' && !Number.isInteger(value)) return problem(at, given, noun)
  if (typeof spelled === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return problem(at, given, `${noun} of up to 15 digits, or its digits as a string`)
  }
  const wrong = outOfRange(schema, value)
  return wrong === undefined ? { value: spelled as Json } : problem(at, given, wrong)
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

/** An array, its JSON text, or a lone value, which is read as an array of one. */
function readArray(schema: Schema, given: Json, at: string): Read {
  const parsed = parseIf('[', given)
  const list = Array.isArray(parsed) ? parsed : isObject(parsed) ? undefined : [parsed]
  if (!list) return problem(at, given, 'an array')
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema
  if (list.length < minItems) return problem(at, given, `at least ${minItems} items`)
  if (list.length > maxItems) return problem(at, given, `at most ${maxItems} items`)
  return gather(
    list.entries(),
    (index, item) => readValue(schema.items ?? {}, item, `${at}[${index}]`),
    (pairs) => pairs.map(([, value]) => value),
  )
}

/** An object or its JSON text. */
function readObject(schema: Schema, given: Json, at: string): Read {
  const object = parseIf('{', given)
  if (!isObject(object)) return problem(at, given, 'an object')
  const properties = schema.properties ?? {}
  const missing = (schema.required ?? []).filter((name) => own(object, name) === undefined)
  const read = gather(
    Object.entries(object),
    (name, value) => {
      const property = own(properties, name) ?? extra(schema)
      if (property) return readValue(property, value, `${at}.${name}`)
      const near = closest(name, Object.keys(properties))
      return { problems: [`${at}.${name} is unknown${near === undefined ? '' : `; did you mean ${near}?`}`] }
    },
    Object.fromEntries,
  )
  const problems = missing.map((name) => `${at}.${name} is required`)
  return problems.length > 0 ? { problems: [...problems, ...(read.problems ?? [])] } : read
}

function extra({ additionalProperties }: Schema): Schema | undefined {
  if (additionalProperties === false) return undefined
  return typeof additionalProperties === 'object' ? additionalProperties : {}
}

/** Reads every member and puts the readings together; stops at enough problems, for a hostile value has thousands. */
function gather<K>(
  members: Iterable<[K, Json]>,
  read: (key: K, value: Json) => Read,
  combine: (pairs: [K, Json][]) => Json,
): Read {
  const pairs: [K, Json][] = []
  const problems: string[] = []
  for (const [key, value] of members) {
    const result = read(key, value)
    if (result.problems) problems.push(...result.problems)
    else pairs.push([key, result.value])
    if (problems.length >= MOST_PROBLEMS) break
  }
  return problems.length > 0 ? { problems } : { value: combine(pairs) }
}

/** Several clients send what should be an object or array as its JSON text. */
function parseIf(opening: '[' | '{', given: Json): Json {
  if (typeof given !== 'string' || !given.trimStart().startsWith(opening)) return given
  try {
    const parsed = JSON.parse(given) as Json
    return isBounded(parsed) ? parsed : given
  } catch {
    return given
  }
}

/** True for a value that is safe to walk: not too deep, not of too many parts. */
export function isBounded(value: Json): boolean {
  let left = MOST_VALUES
  function walk(node: Json, depth: number): boolean {
    if (--left < 0 || depth > DEEPEST) return false
    return (
      typeof node !== 'object' || node === null || Object.values(node).every((item) => walk(item, depth + 1))
    )
  }
  return walk(value, 0)
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    return true
  }
}

function typeOf(schema: Schema): string {
  return typeof schema.type === 'string' ? schema.type : ''
}

function same(a: Json, b: Json): boolean {
  return a === b || (typeof a !== 'object' && String(a) === String(b))
}

function problem(at: string, given: Json, expected: string, hint = ''): Read {
  const shown = JSON.stringify(given)
  return {
    problems: [
      `${at} must be ${expected}, not ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}${hint}`,
    ],
  }
}
