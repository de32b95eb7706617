/** Members get back the names that the upstream gave them, where a client would have refused those. */
import { isObject, type Json, type JsonObject, own } from '../json.ts'
import { Inexpressible } from './serialize.ts'
import { ANY_MEMBER, type Members } from './tool.ts'

/** `value` under its own names, inside objects and the objects of lists. */
export function renamed(value: Json, members: Members | undefined): Json {
  if (members === undefined) return value
  if (Array.isArray(value)) return value.map((item) => renamed(item, members))
  if (!isObject(value)) return value
  return Object.fromEntries(
    membersOf(value, members).map(({ name, item, inner }) => [name, renamed(item, inner)]),
  )
}

/** A member under the name that it was given by, and its name on the wire. */
export interface Member {
  safe: string
  name: string
  item: Json
  inner: Members | undefined
}

export function membersOf(object: JsonObject, members: Members | undefined): Member[] {
  const all = Object.entries(object).map(([safe, item]): Member => {
    const { name = safe, members: inner } = own(members ?? {}, safe) ?? own(members ?? {}, ANY_MEMBER) ?? {}
    return { safe, name, item, inner }
  })
  const names = new Set<string>()
  for (const { name } of all) {
    if (names.has(name))
      throw new Inexpressible(`must not give ${JSON.stringify(name)} under two names; leave one out`)
    names.add(name)
  }
  return all
}
