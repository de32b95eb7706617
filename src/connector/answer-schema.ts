/** What a document says of an answer's parts: its members, and which of them are lists; bounded, and never recursive on its own. */

import { type Resolve, readable } from '../document/resolve.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'

/** Members of a schema by name, unresolved. */
export type Members = Map<string, Json>

/** Members that are looked at; a schema of more is one that nobody wrote. */
const MOST_MEMBERS = 500
const LONGEST_CHAIN = 8

/** The members of an object, those of `allOf` and of a lone branch among them. */
export function membersOf(node: Json | undefined, resolve: Resolve, depth = 0): Members {
  const found: Members = new Map()
  const schema = node === undefined ? undefined : readable(node, resolve)
  if (!isObject(schema) || depth > LONGEST_CHAIN) return found
  const parts = [...list(schema.allOf), ...lone(schema.anyOf, resolve), ...lone(schema.oneOf, resolve)]
  for (const part of parts.slice(0, MOST_MEMBERS))
    for (const [name, member] of membersOf(part, resolve, depth + 1)) found.set(name, member)
  const own = isObject(schema.properties) ? Object.entries(schema.properties) : []
  for (const [name, member] of own.slice(0, MOST_MEMBERS)) found.set(name, member)
  return found
}

/** The schema of a list's items, or undefined for what is no list. */
export function itemsOf(node: Json | undefined, resolve: Resolve, depth = 0): Json | undefined {
  const schema = node === undefined ? undefined : readable(node, resolve)
  if (!isObject(schema) || depth > LONGEST_CHAIN) return undefined
  if (hasType(schema, 'array') || (schema.type === undefined && schema.items !== undefined))
    return schema.items ?? {}
  const parts = [...list(schema.allOf), ...lone(schema.anyOf, resolve), ...lone(schema.oneOf, resolve)]
  return parts
    .slice(0, MOST_MEMBERS)
    .map((part) => itemsOf(part, resolve, depth + 1))
    .find((items) => items !== undefined)
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

/** The one branch of a choice that is not null: an answer that may be absent. */
function lone(branches: Json | undefined, resolve: Resolve): Json[] {
  const kinds = list(branches)
    .slice(0, 3)
    .filter((branch) => {
      const schema = readable(branch, resolve)
      return !isObject(schema) || schema.type !== 'null'
    })
  return kinds.length === 1 ? kinds : []
}

function hasType({ type }: JsonObject, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name))
}
