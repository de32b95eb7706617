/** URI templates of level 1 (RFC 6570): filled in with a record's arguments, and read back from the record's URI. */

import { type Json, own } from '../json.ts'
import { decodedPart } from '../syntax.ts'
import { percentEncode } from './serialize.ts'

/** A variable is called as its argument, which may hold a hyphen. */
const VARIABLE = /\{([\w.-]+)\}/g
/** What a value may hold in a URI; what separates two values must not be among it. */
const IN_VALUE = '[^/?#\\s]'
/** A scheme and the characters of RFC 3986; without a fragment, which names a part of a record. */
export const URI = /^[a-z][a-z0-9+.-]*:(?:[\w.~:/?[\]@!$&'()*+,;=-]|%[0-9a-f]{2})+$/i

export function variablesOf(template: string): string[] {
  return [...template.matchAll(VARIABLE)].map(([, name]) => name!)
}

/** The URI of the record that `values` name. */
export function expand(template: string, values: Record<string, Json>): string {
  return template.replace(VARIABLE, (_, name: string) => percentEncode(String(own(values, name) ?? '')))
}

/** Reads the values of the variables back, each decoded; undefined for the URI of something else. */
export function createReader(template: string): (uri: string) => Record<string, string> | undefined {
  const names = variablesOf(template)
  const literals = template.split(/\{[\w.-]+\}/).map((literal) => literal.replace(/[^\w]/g, '\\$&'))
  const pattern = new RegExp(`^${literals.join(`(${IN_VALUE}+)`)}$`)
  return (uri) => {
    const found = pattern.exec(uri)
    const values = found?.slice(1).map(decodedPart)
    if (!values || values.includes(undefined)) return undefined
    return Object.fromEntries(names.map((name, at) => [name, values[at]!]))
  }
}

/** Why a template cannot be one, or undefined. */
export function templateFault(template: string): string | undefined {
  const names = variablesOf(template)
  const sample = template.replace(VARIABLE, 'x')
  if (/[{}]/.test(sample)) return 'holds an expression beyond {argument} (RFC 6570, level 1)'
  if (/^[^:/?]*\{/.test(template) || !URI.test(sample) || !URL.canParse(sample))
    return 'is not a URI with a scheme of its own and without fragment'
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) return `holds ${twice} twice`
  const between = template
    .split(VARIABLE)
    .filter((_, at, all) => at % 2 === 0 && at > 0 && at < all.length - 1)
  return between.some((literal) => !/[/?]/.test(literal)) ? 'needs a / or ? between two variables' : undefined
}

/** True where one URI fits both templates, so that it would name two records. */
export function overlap(one: string, other: string): boolean {
  return meet(tokensOf(one), 0, tokensOf(other), 0)
}

/** A character of the template; or, where a value stands, its one first character and then any more. */
type Token = string
const ONE = 'one'
const MORE = 'more'

function tokensOf(template: string): Token[] {
  return template.split(VARIABLE).flatMap((part, at): Token[] => (at % 2 === 0 ? [...part] : [ONE, MORE]))
}

/** Walks both from `i` and `j`; variables are few, so the walk is short. */
function meet(a: Token[], i: number, b: Token[], j: number): boolean {
  const [left, right] = [a[i], b[j]]
  if (left === undefined && right === undefined) return true
  if (left === MORE && right === MORE) return meet(a, i + 1, b, j) || meet(a, i, b, j + 1)
  if (left === MORE) return meet(a, i + 1, b, j) || (isInValue(right) && meet(a, i, b, j + 1))
  if (right === MORE) return meet(a, i, b, j + 1) || (isInValue(left) && meet(a, i + 1, b, j))
  const same = left === right || (left === ONE && isInValue(right)) || (right === ONE && isInValue(left))
  return same && meet(a, i + 1, b, j + 1)
}

function isInValue(token: Token | undefined): boolean {
  return token === ONE || (token?.length === 1 && new RegExp(IN_VALUE).test(token))
}
