/** A value written in a parameter's media type (`content`; OpenAPI 3.2.0, 4.12.2), as one text. */

import { isObject, type Json, own, type Schema } from '../json.ts'
import { membersOf, renamed } from './members.ts'
import { JSON_NUMBER } from './scalar.ts'
import { Inexpressible, percentEncode, plain } from './serialize.ts'
import type { Content, Members, Parameter } from './tool.ts'

type Writer = (value: Json, parameter: Parameter, schema: Schema) => string

const WRITERS: Record<Content, Writer> = {
  'application/json': (value, { members, in: place }, schema) => {
    const json = jsonText(value, schema, members)
    return place === 'header' ? ascii(json) : json
  },
  'application/x-www-form-urlencoded': (value, { members }) => formText(renamed(value, members)),
  'text/plain': (value) => plain(value),
}

/** `schema` is the argument's: it says which texts are the digits of a number. */
export function contentText(content: Content, value: Json, parameter: Parameter, schema: Schema): string {
  return WRITERS[content](value, parameter, schema)
}

/** RFC 8259, without whitespace. Digits that were kept as text, so that none is lost, are a number again. */
function jsonText(value: Json, schema: Schema, members: Members | undefined): string {
  if (Array.isArray(value)) {
    const item = inside(schema, (branch) => branch.items)
    return `[${value.map((each) => jsonText(each, item, members)).join(',')}]`
  }
  if (isObject(value)) {
    const texts = membersOf(value, members).map(({ safe, name, item, inner }) => {
      const member = inside(schema, (branch) => memberSchema(branch, safe))
      return `${JSON.stringify(name)}:${jsonText(item, member, inner)}`
    })
    return `{${texts.join(',')}}`
  }
  const digits = typeof value === 'string' && JSON_NUMBER.test(value) && isNumber(schema)
  return digits ? value : JSON.stringify(value)
}

function memberSchema({ properties = {}, additionalProperties }: Schema, name: string): Schema | undefined {
  return (
    own(properties, name) ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
  )
}

/** What each branch says of a part, as branches again. */
function inside(schema: Schema, part: (branch: Schema) => Schema | undefined): Schema {
  return { anyOf: branchesOf(schema).flatMap((branch) => part(branch) ?? []) }
}

function branchesOf(schema: Schema): Schema[] {
  return schema.anyOf?.flatMap(branchesOf) ?? [schema]
}

/** True where the schema takes a number and no text. */
function isNumber(schema: Schema): boolean {
  const types = branchesOf(schema).map(({ type }) => type)
  const numeric = (type: Schema['type']) => type === 'number' || type === 'integer'
  return types.some(numeric) && types.every((type) => numeric(type) || type === 'null' || type === 'boolean')
}

/** JSON for a header, which holds ASCII alone. */
function ascii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** WHATWG URL, 5.2: one pair for each member; a list repeats its name, an object is JSON (OpenAPI 3.2.0, 4.14.3). */
function formText(value: Json): string {
  if (!isObject(value)) throw new Inexpressible('must be an object: it is written as a form')
  const pairs = Object.entries(value).flatMap(([name, item]) => {
    const items = Array.isArray(item) ? item : [item]
    if (name === '' || items.length === 0)
      throw new Inexpressible(
        `must not be empty at ${JSON.stringify(name)}, which a form cannot write; leave it out`,
      )
    return items.map(
      (each) => `${formEncode(name)}=${formEncode(isObject(each) ? JSON.stringify(each) : plain(each))}`,
    )
  })
  return pairs.join('&')
}

function formEncode(text: string): string {
  return percentEncode(plain(text)).replaceAll('%20', '+')
}
