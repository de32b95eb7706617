/** The parameter styles of OpenAPI 3.1 (4.8.12.2), and the one function that escapes a value. */
import { isObject, type Json, type JsonObject } from '../json.ts'
import type { Parameter, Style } from './tool.ts'

type Escape = (value: string) => string

/** Characters that `allowReserved` leaves alone; those that would end a value or the query stay escaped. */
const RESERVED = /%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B|5B|5D)/g

/** Percent-encodes all but unreserved characters (RFC 3986, 2.3). */
export function percentEncode(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(/[!'()*]/g, (char) => `%${hex(char)}`)
}

function escapeReserved(value: string): string {
  return percentEncode(value).replace(RESERVED, (match) => decodeURIComponent(match))
}

/** How members of an array or object are joined, and what stands before them. */
const JOINED: Record<Style, { prefix: string; joiner: string }> = {
  simple: { prefix: '', joiner: ',' },
  label: { prefix: '.', joiner: ',' },
  matrix: { prefix: ';', joiner: ',' },
  form: { prefix: '', joiner: ',' },
  spaceDelimited: { prefix: '', joiner: '%20' },
  pipeDelimited: { prefix: '', joiner: '%7C' },
  tabDelimited: { prefix: '', joiner: '%09' },
  deepObject: { prefix: '', joiner: ',' },
  cookie: { prefix: '', joiner: ',' },
}

/** What a path template's `{name}` is replaced by. */
export function pathSegment(parameter: Parameter, value: Json): string {
  const { style, explode } = parameter
  const { prefix, joiner } = JOINED[style]
  const name = percentEncode(parameter.name)
  const members = membersOf(parameter, value, percentEncode)
  if (style === 'matrix') {
    if (!explode || !isNested(value)) return `;${name}=${flat(members).join(joiner)}`
    return members.map(([key, member]) => `;${key ?? name}=${member}`).join('')
  }
  const list = explode
    ? members.map(([key, member]) => (key === undefined ? member : `${key}=${member}`))
    : flat(members)
  return prefix + list.join(explode && style === 'label' ? '.' : joiner)
}

/** The `name=value` pairs of a query or cookie parameter, escaped. */
export function pairs(parameter: Parameter, value: Json): string[] {
  const { style, explode } = parameter
  const name = percentEncode(parameter.name)
  const escapeValue = parameter.allowReserved ? escapeReserved : percentEncode
  if (style === 'deepObject' && isNested(value)) return deepPairs(name, value, escapeValue)
  const members = membersOf(parameter, value, escapeValue)
  if (explode && isNested(value)) return members.map(([key, member]) => `${key ?? name}=${member}`)
  return [`${name}=${flat(members).join(JOINED[style].joiner)}`]
}

/** A header's value: style simple, not percent-encoded. */
export function headerValue(parameter: Parameter, value: Json): string {
  const members = membersOf(parameter, value, (member) => member)
  const list = parameter.explode
    ? members.map(([key, member]) => (key === undefined ? member : `${key}=${member}`))
    : flat(members)
  return list.join(',')
}

type Member = [key: string | undefined, value: string]

/** A value as escaped members: a primitive is one without a key, an object's carry their keys. */
function membersOf(parameter: Parameter, value: Json, escapeValue: Escape): Member[] {
  if (parameter.content !== undefined) return [[undefined, escapeValue(JSON.stringify(value))]]
  if (Array.isArray(value)) return value.map((item) => [undefined, escapeValue(plain(item))])
  if (isObject(value))
    return Object.entries(value).map(([key, item]) => [escapeValue(key), escapeValue(plain(item))])
  return [[undefined, escapeValue(plain(value))]]
}

function flat(members: Member[]): string[] {
  return members.flatMap(([key, value]) => (key === undefined ? [value] : [key, value]))
}

/** `filter[price][gte]=10`: nesting is not defined by OpenAPI; this is what servers read. */
function deepPairs(prefix: string, value: Json, escapeValue: Escape): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => deepPairs(prefix, item, escapeValue))
  if (!isObject(value)) return [`${prefix}=${escapeValue(plain(value))}`]
  return Object.entries(value).flatMap(([key, item]) =>
    deepPairs(`${prefix}%5B${percentEncode(key)}%5D`, item, escapeValue),
  )
}

function plain(value: Json): string {
  if (value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function isNested(value: Json): boolean {
  return typeof value === 'object' && value !== null
}

function hex(char: string): string {
  return char.charCodeAt(0).toString(16).toUpperCase()
}

/** Delimiters that are the same escaped and plain, so that a value holding one would come apart on the other side. */
const INEXPRESSIBLE: Partial<Record<Style, string>> = { spaceDelimited: ' ', pipeDelimited: '|' }

/** Why the value cannot be told apart from another once it is written in the parameter's style, or undefined. */
export function ambiguity(parameter: Parameter, value: Json): string | undefined {
  if (parameter.content !== undefined || !isNested(value)) return undefined
  const delimiter =
    parameter.in === 'header' ? ',' : parameter.explode ? undefined : INEXPRESSIBLE[parameter.style]
  const parts = Array.isArray(value) ? value : Object.entries(value as JsonObject).flat()
  if (delimiter === undefined || !parts.some((part) => plain(part).includes(delimiter))) return undefined
  return `must not hold ${JSON.stringify(delimiter)} in a part: it is what separates them`
}
