/** Argument names that every client takes, for parameters and members that are called otherwise; each is sent under its own. */
import type { DocumentParameter } from '../document/parameters.ts'
import { own, type Schema } from '../json.ts'
import { ANY_MEMBER, type Members } from '../tools/tool.ts'
import { hash, safeName } from './words.ts'

const LONGEST = 64
const SAFE = /^[a-zA-Z0-9_.-]{1,64}$/

/** Comparisons that some APIs write into a name, such as `StartTime<`. */
const SIGNS: Record<string, string> = {
  '<=': '_lte', '>=': '_gte', '!=': '_ne', '<': '_lt', '>': '_gt', '!': '_not', '=': '_eq', '~': '_like',
} // biome-ignore format: one list

/** Of two parameters with one name, the one in the earlier place keeps it. */
const PLACES = ['path', 'query', 'header', 'cookie', 'querystring']

/** A name for each parameter: its own, where that is safe and not taken; those that keep theirs are named first. */
export function argumentNames(parameters: DocumentParameter[]): Map<DocumentParameter, string> {
  const ranked = parameters.toSorted((one, other) => PLACES.indexOf(one.in) - PLACES.indexOf(other.in))
  const keeping = ranked.filter(({ name }) => SAFE.test(name))
  const others = ranked.filter(({ name }) => !SAFE.test(name))
  const taken = new Set<string>()
  return new Map(
    [...keeping, ...others].map((parameter) => {
      const wanted = safe(parameter.name)
      const name = free([wanted, `${wanted}_${parameter.in}`], taken, `${parameter.in} ${parameter.name}`)
      taken.add(name)
      return [parameter, name]
    }),
  )
}

/** The schema with safe member names at every depth, and what they stand for: empty where all are as they were. */
export function safeMembers(schema: Schema): { schema: Schema; members: Members } {
  const members = noMembers()
  return { schema: rename(schema, members), members }
}

/** Without a prototype, so that `__proto__` is a name like any other. */
function noMembers(): Members {
  return Object.create(null) as Members
}

/** Collects into `members`: a list's items and a choice's branches are on the level of the list and the choice. */
function rename(schema: Schema, members: Members): Schema {
  const { properties, items, anyOf, required, additionalProperties: extra } = schema
  const inside = properties && renameProperties(properties, members)
  return {
    ...schema,
    ...(typeof extra === 'object' && { additionalProperties: renameExtra(extra, members) }),
    ...(items && { items: rename(items, members) }),
    ...(anyOf && { anyOf: anyOf.map((branch) => rename(branch, members)) }),
    ...(inside && { properties: Object.fromEntries(inside.values()) }),
    ...(inside && required && { required: required.map((name) => inside.get(name)![0]) }),
  }
}

function renameExtra(extra: Schema, members: Members): Schema {
  const inner = Object.assign(noMembers(), own(members, ANY_MEMBER)?.members)
  const schema = rename(extra, inner)
  if (Object.keys(inner).length > 0) members[ANY_MEMBER] = { members: inner }
  return schema
}

/** By the member's own name: the safe one, and its schema. */
function renameProperties(
  properties: Record<string, Schema>,
  members: Members,
): Map<string, [string, Schema]> {
  const names = Object.keys(properties)
  const taken = new Set(names.filter((name) => SAFE.test(name)))
  return new Map(
    names.map((name) => {
      const shown = SAFE.test(name) ? name : free([safe(name)], taken, name)
      taken.add(shown)
      const inner = Object.assign(noMembers(), own(members, shown)?.members)
      const schema = rename(properties[name]!, inner)
      const nested = Object.keys(inner).length > 0 && { members: inner }
      if (shown !== name || nested) members[shown] = { ...(shown !== name && { name }), ...nested }
      return [name, [shown, shown === name ? schema : withOwnName(schema, name)]]
    }),
  )
}

/** A model that knows the API's documentation looks for the name that stands there. */
function withOwnName(schema: Schema, name: string): Schema {
  const said = schema.description?.trim() ?? ''
  return {
    ...schema,
    description: said === '' ? `Sent as ${name}.` : `${said.replace(/\.$/, '')} (sent as ${name}).`,
  }
}

/** The first that is free, else one with a hash, which is made again where somebody has it already. */
function free(wanted: string[], taken: ReadonlySet<string>, ownName: string): string {
  const found = wanted.find((name) => name.length <= LONGEST && !taken.has(name))
  const hashed = (text: string) => `${wanted[0]!.slice(0, LONGEST - 7)}_${hash(text)}`
  let name = found ?? hashed(ownName)
  for (let again = 1; taken.has(name); again++) name = hashed(`${ownName} ${again}`)
  return name
}

/** `filter[created_at]` as `filter_created_at`, `$top` as `top`, `größe` as `groesse`; what has no such letters, by a hash. */
function safe(name: string): string {
  if (SAFE.test(name)) return name
  const made = safeName(name.replace(/<=|>=|!=|[<>!=~]/g, (sign) => SIGNS[sign]!))
  return made === '' ? `arg_${hash(name)}` : made
}
