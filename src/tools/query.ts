/** Query parameters (OpenAPI 3.2.0, 4.12.2): their styles, brackets for what is nested, and what `allowReserved` leaves alone. */
import type { Json } from '../json.ts'
import { type Encode, Inexpressible, isNested, type Pair, percentEncode, plain, write } from './serialize.ts'
import type { Parameter } from './tool.ts'

/** The pairs of a query, names and values as they are sent. */
export function queryPairs(parameter: Parameter, value: Json): [name: string, text: string][] {
  return pairsOf(parameter, value).map(([name, text]) => [percentEncode(name!), text])
}

function pairsOf(parameter: Parameter, value: Json): Pair[] {
  const { name, style, allowEmptyValue } = parameter
  const encode = parameter.allowReserved ? escapeReserved : percentEncode
  const pairs =
    style === 'deepObject' && isNested(value)
      ? Object.entries(value).flatMap(([key, item]) => bracketed(name, key, item, encode))
      : write(parameter, value, encode)
  if (!allowEmptyValue || style !== 'form' || !isNested(value)) return pairs
  if (pairs.length === 0) return [[name, '']]
  const own = pairs.filter(([each]) => each === name)
  if (own.length === 1 && own[0]![1] === '')
    throw new Inexpressible(
      `must not send ${JSON.stringify(`${name}=`)}, which says that it is empty; leave the empty text out`,
    )
  return pairs
}

/**
 * `filter[price][gte]=10`, `expand[0]=customer`. OpenAPI leaves what is nested in a deepObject open; brackets with the
 * members' names and the items' indexes are what most servers that read any of it read, and they lose nothing.
 */
function bracketed(prefix: string, key: string, value: Json, encode: Encode): Pair[] {
  if (key === '' || /[[\]]/.test(key))
    throw new Inexpressible(
      `must not have the member ${JSON.stringify(key)}: its name would be read as brackets; leave it out`,
    )
  const name = `${prefix}[${plain(key)}]`
  if (!isNested(value)) return [[name, encode(plain(value, 'deepObject'), '')]]
  const members = Object.entries(value)
  if (members.length === 0)
    throw new Inexpressible(
      `must not be empty at ${JSON.stringify(name)}, which deepObject cannot write; leave it out`,
    )
  return members.flatMap(([inner, item]) => bracketed(name, inner, item, encode))
}

/**
 * Reserved characters that a query may hold (RFC 3986, 3.4) and no parser reads as its own in a value: `=` counts only
 * before the value. `&`, `#` and `+` would end it or change it, as `;` does for older parsers, `[` and `]` are not of a query,
 * URL parsers escape `'`, and `%` is escaped so that a value that looks escaped arrives as it was given.
 */
const RESERVED = /%(3A|2F|3F|40|21|24|28|29|2A|2C|3D)/g

function escapeReserved(text: string, joint: string): string {
  return percentEncode(text).replace(RESERVED, (escaped) => {
    const char = decodeURIComponent(escaped)
    return char === joint ? escaped : char
  })
}
