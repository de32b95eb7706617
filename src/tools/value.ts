/** One value against one schema: what is wrong, what was expected, and readings that a model's slip allows. */
import { cut, isObject, type Json, own, type Schema } from '../json.ts'
import { closest } from './closest.ts'
import { problem, type Read, readBoolean, readNumber, readString } from './scalar.ts'

/** Arguments nested deeper, or of more values, are refused before anything recurses into them. */
const DEEPEST = 32
const MOST_VALUES = 2000

/** Problems told at once; a model mends several in one try, and a longer list only fills its context. */
export const MOST_PROBLEMS = 5

/** Values of an enum that are told. */
const MOST_OPTIONS = 40

/** Reads `given` as `schema` asks. `at` names the value in problems. */
export function readValue(schema: Schema, given: Json, at: string): Read {
  const read: Read = schema.anyOf
    ? readAny(schema.anyOf, given, at)
    : (own(READERS, typeOf(schema)) ?? readUntyped)(schema, given, at)
  if (read.problems || !schema.enum || schema.enum.some((item) => same(item, read.value))) return read
  const near =
    typeof read.value === 'object'
      ? undefined
      : closest(String(read.value), schema.enum.filter((item) => typeof item !== 'object').map(String))
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
  boolean: readBoolean,
  array: readArray,
  object: readObject,
}

/** What nothing is known of, but that a number may have lost its digits on the way here. */
function readUntyped(_: Schema, given: Json, at: string): Read {
  if (Array.isArray(given)) return readArray({}, given, at)
  if (isObject(given)) return readObject({}, given, at)
  return typeof given === 'number' ? readNumber({}, given, at) : { value: given }
}

function readAny(branches: Schema[], given: Json, at: string): Read {
  const reads = branches.map((branch) => readValue(branch, given, at))
  const fitting = reads.filter((read) => !read.problems)
  const exact = fitting.find((read) => JSON.stringify(read.value) === JSON.stringify(given))
  return exact ?? fitting[0] ?? { problems: reads.flatMap((read) => read.problems ?? []).slice(0, 3) }
}

/** An array, its JSON text, or a lone value, which is read as an array of one. */
function readArray(schema: Schema, given: Json, at: string): Read {
  const parsed = parseIf('[', given)
  const list = Array.isArray(parsed) ? parsed : isObject(parsed) ? undefined : [parsed]
  if (!list) return problem(at, given, 'an array')
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema
  const { length } = list
  if (length < minItems) return { problems: [`${at} takes at least ${items(minItems)}, not ${length}`] }
  if (length > maxItems) return { problems: [`${at} takes at most ${items(maxItems)}, not ${length}`] }
  const read = gather(
    list.entries(),
    (index, item) => readValue(schema.items ?? {}, item, `${at}[${index}]`),
    (pairs) => pairs.map(([, value]) => value),
  )
  const example = read.problems && typeof given === 'string' ? listOf(schema.items ?? {}, given) : undefined
  return example === undefined ? read : problem(at, given, `a list such as ${example}`)
}

function items(count: number): string {
  return `${count} item${count === 1 ? '' : 's'}`
}

/** What was meant by `1,2`, as JSON; undefined where its parts are no items either. */
function listOf(schema: Schema, given: string): string | undefined {
  const parts = given
    .slice(0, 200)
    .split(',', 2)
    .map((part) => part.trim())
  const isList = parts.length > 1 && parts.every((part) => !readValue(schema, part, '').problems)
  const isText = schema.type === 'string' || schema.type === undefined
  return isList ? `[${parts.map((part) => (isText ? JSON.stringify(part) : part)).join(', ')}]` : undefined
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
      if (property) return readValue(property, value, `${at}.${cut(name, 64)}`)
      const near = closest(name, Object.keys(properties))
      return {
        problems: [`${at}.${cut(name, 64)} is unknown${near === undefined ? '' : `; did you mean ${near}?`}`],
      }
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

function typeOf(schema: Schema): string {
  return typeof schema.type === 'string' ? schema.type : ''
}

function same(a: Json, b: Json): boolean {
  if (typeof a === 'object' || typeof b === 'object') return JSON.stringify(a) === JSON.stringify(b)
  return String(a) === String(b)
}
