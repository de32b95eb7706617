/** What several schemas have in common, told in one type where that loses nothing that a request could say. */
import type { Json, Schema } from '../json.ts'
import { phrase } from './limits.ts'

/**
 * One schema for the values of all `branches`. Texts, numbers and booleans are all text on the wire; one value or a list
 * is a list, which may have one; objects become one with the members of all, since most clients show a model no choice.
 * What is left, such as an object or a number, stays a choice of typed branches. With `exact`, so do values of several types.
 */
export function union(branches: Schema[], exact = false): Schema {
  const [first, ...others] = distinct(
    branches.flatMap((branch) => (isChoice(branch) ? branch.anyOf! : [branch])),
  )
  if (first === undefined || others.length === 0) return first ?? { type: 'string' }
  const all = [first, ...others]
  const groups = new Set(all.map(({ type }) => groupOf(type as string, exact)))
  const anyOf = [...groups].map((group) =>
    together(
      all.filter(({ type }) => groupOf(type as string, exact) === group),
      exact,
    ),
  )
  return anyOf.length === 1 ? anyOf[0]! : { type: anyOf.map(({ type }) => type as string), anyOf }
}

/** What can be told together: objects; and texts, numbers and lists of them, which differ on the wire in nothing but their number. */
function groupOf(type: string, exact: boolean): string {
  if (exact) return type === 'integer' ? 'number' : type
  return type === 'object' ? type : 'text'
}

function together(group: Schema[], exact: boolean): Schema {
  const types = [...new Set(group.map(({ type }) => type as string))]
  if (types.includes('object')) return objects(group, exact)
  return types.includes('array') ? lists(group, exact) : scalars(group, types)
}

function isChoice({ anyOf }: Schema): boolean {
  return anyOf !== undefined
}

function distinct(branches: Schema[]): Schema[] {
  return [...new Map(branches.map((branch) => [JSON.stringify(branch), branch])).values()]
}

/** Keywords that hold for the whole where every branch says the same. */
const SHARED = ['format', 'pattern', 'minimum', 'maximum', 'minLength', 'maxLength'] as const

function scalars(branches: Schema[], types: string[]): Schema {
  const numeric = types.every((type) => type === 'number' || type === 'integer')
  const type = types.length === 1 ? types[0]! : numeric ? 'number' : 'string'
  const [first, ...others] = branches as [Schema, ...Schema[]]
  const shared = SHARED.filter((keyword) => others.every((branch) => branch[keyword] === first[keyword]))
  const kept = shared
    .filter((keyword) => first[keyword] !== undefined)
    .map((keyword) => [keyword, first[keyword]])
  const options = branches.every((branch) => branch.enum !== undefined)
    ? [...new Set(branches.flatMap((branch) => branch.enum!).map((value) => spelled(value, type)))]
    : undefined
  const description = told(branches, options === undefined && branches.length > 1)
  return {
    type,
    ...Object.fromEntries(kept),
    ...(options && { enum: options }),
    ...(description !== '' && { description }),
  }
}

function spelled(value: Json, type: string): Json {
  return type === 'string' ? String(value) : value
}

function lists(branches: Schema[], exact: boolean): Schema {
  const items = branches.flatMap((branch) => (branch.type === 'array' ? [branch.items ?? {}] : [branch]))
  const description = told(branches)
  return { type: 'array', items: union(items, exact), ...(description !== '' && { description }) }
}

function objects(branches: Schema[], exact: boolean): Schema {
  const names = [...new Set(branches.flatMap(({ properties = {} }) => Object.keys(properties)))]
  const properties = names.map((name) => {
    const versions = branches.flatMap(({ properties = {} }) =>
      Object.hasOwn(properties, name) ? [properties[name]!] : [],
    )
    const [{ description }] = versions as [Schema, ...Schema[]]
    return [name, { ...union(versions, exact), ...(description !== undefined && { description }) }] as const
  })
  const demands = branches.map((branch) => new Set(branch.required))
  const required = names.filter((name) => demands.every((demand) => demand.has(name)))
  const extras = branches.map(({ additionalProperties }) => additionalProperties)
  const extra = extras.find((each) => typeof each === 'object') ?? extras.every((each) => each === false)
  const description = told(branches)
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    ...(typeof extra === 'object'
      ? { additionalProperties: extra }
      : extra && { additionalProperties: false }),
    ...(description !== '' && { description }),
  }
}

/** The branches' own words, each once; where they differ in what they take, that stands for a branch that has no words. */
function told(branches: Schema[], differ = false): string {
  const words = branches.map((branch) => branch.description ?? branch.title ?? (differ ? phrase(branch) : ''))
  return [...new Set(words.map((word) => word.trim()).filter(Boolean))].join(', or ')
}
