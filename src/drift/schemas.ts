/** Two versions of what an argument may be: what it takes no longer is breaking, what it takes besides is additive. */
import { canonical } from '../connector/canonical.ts'
import type { Json, Schema } from '../json.ts'
import { additive, breaking, type Change, shown } from './change.ts'

/** `at` names the argument, or the place in it. */
export function compareSchemas(before: Schema, after: Schema, at: string): Change[] {
  if (canonical(before) === canonical(after)) return []
  if (before.anyOf || after.anyOf) return compareBranches(before, after, at)
  const types = compareTypes(before, after, at)
  if (types.some(({ level }) => level === 'breaking')) return types
  return [
    ...types,
    ...compareOptions(before.enum, after.enum, at),
    ...compareBounds(before, after, at),
    ...compareRules(before, after, at),
    ...compareMembers(before, after, at),
    ...compareExtra(before, after, at),
    ...(before.items && after.items ? compareSchemas(before.items, after.items, `${at}[]`) : []),
  ]
}

/** Each old branch must still be taken by one of the new. */
function compareBranches(before: Schema, after: Schema, at: string): Change[] {
  const [old, next] = [before, after].map((schema) => schema.anyOf ?? [schema]) as [Schema[], Schema[]]
  const isTaken = (branch: Schema, by: Schema) =>
    compareSchemas(branch, by, at).every(({ level }) => level !== 'breaking')
  const lost = old.filter((branch) => !next.some((each) => isTaken(branch, each)))
  if (lost.length > 0)
    return [breaking(`${at} takes ${lost.map(named).join(' and ')} no longer, or not all of it`)]
  return [additive(`${at} takes more than before`)]
}

function named({ type, enum: options }: Schema): string {
  return options ? `one of ${shown(options)}` : String(type ?? 'any value')
}

function compareTypes({ type: before }: Schema, { type: after }: Schema, at: string): Change[] {
  const old = [before ?? 'any'].flat()
  const next = [after ?? 'any'].flat()
  const takes = (type: string) =>
    next.includes(type) || next.includes('any') || (type === 'integer' && next.includes('number'))
  const told = `${at} was ${old.join(' or ')} and is ${next.join(' or ')}`
  if (!old.every(takes)) return [breaking(told)]
  return next.every((type) => old.includes(type)) ? [] : [additive(told)]
}

function compareOptions(before: Json[] | undefined, after: Json[] | undefined, at: string): Change[] {
  if (before === undefined && after === undefined) return []
  if (before === undefined) return [breaking(`${at} takes only ${shown(after)}`)]
  if (after === undefined) return [additive(`${at} takes other values than ${shown(before)}`)]
  const written = (options: Json[]) => new Set(options.map(canonical))
  const [old, next] = [written(before), written(after)]
  const lost = [...old].filter((option) => !next.has(option))
  const gained = [...next].filter((option) => !old.has(option))
  return [
    ...(lost.length > 0 ? [breaking(`${at} takes ${lost.slice(0, 5).join(', ')} no longer`)] : []),
    ...(gained.length > 0 ? [additive(`${at} also takes ${gained.slice(0, 5).join(', ')}`)] : []),
  ]
}

/** Bounds by name; `1` where a larger one lets more through, `-1` where a smaller one does. */
const BOUNDS = {
  maximum: 1,
  exclusiveMaximum: 1,
  maxLength: 1,
  maxItems: 1,
  minimum: -1,
  exclusiveMinimum: -1,
  minLength: -1,
  minItems: -1,
} as const

function compareBounds(before: Schema, after: Schema, at: string): Change[] {
  return Object.entries(BOUNDS).flatMap(([name, wider]) => {
    const keyword = name as keyof typeof BOUNDS
    const [old, next] = [before[keyword], after[keyword]]
    if (old === next) return []
    const told = `${at}: ${keyword} was ${shown(old)} and is ${shown(next)}`
    const widened = next === undefined || (old !== undefined && (next - old) * wider > 0)
    return [widened ? additive(told) : breaking(told)]
  })
}

/** Each holds or does not; another is taken for a narrower one. A default that changed makes another call of the same arguments. */
const RULES = ['pattern', 'format', 'multipleOf', 'uniqueItems'] as const

function compareRules(before: Schema, after: Schema, at: string): Change[] {
  const rules = RULES.flatMap((keyword) => {
    const [old, next] = [before[keyword] || undefined, after[keyword] || undefined]
    if (old === next) return []
    const told = `${at}: ${keyword} was ${shown(old)} and is ${shown(next)}`
    return [next === undefined ? additive(told) : breaking(told)]
  })
  const [old, next] = [before.default, after.default]
  if (canonical(old ?? null) === canonical(next ?? null)) return rules
  const told = `${at}: the default was ${shown(old)} and is ${shown(next)}`
  return [...rules, old === undefined ? additive(told) : breaking(told)]
}

function compareMembers(before: Schema, after: Schema, at: string): Change[] {
  const [old, next] = [before, after].map(({ properties = {} }) => new Map(Object.entries(properties)))
  const demanded = (schema: Schema) => new Set(schema.required)
  const newly = [...demanded(after)].filter((name) => !demanded(before).has(name))
  const freed = [...demanded(before)].filter((name) => !demanded(after).has(name) && next!.has(name))
  return [
    ...[...old!].flatMap(([name, schema]) =>
      next!.has(name)
        ? compareSchemas(schema, next!.get(name)!, `${at}.${name}`)
        : [breaking(`${at}.${name} is no longer taken`)],
    ),
    ...[...next!.keys()]
      .filter((name) => !old!.has(name) && !newly.includes(name))
      .map((name) => additive(`${at}.${name} is new`)),
    ...newly.map((name) => breaking(`${at}.${name} is now required`)),
    ...freed.map((name) => additive(`${at}.${name} is no longer required`)),
  ]
}

/** Members of any name: absent lets them through. */
function compareExtra(before: Schema, after: Schema, at: string): Change[] {
  const [old, next] = [before.additionalProperties ?? true, after.additionalProperties ?? true]
  if (canonical(old) === canonical(next)) return []
  if (next === false) return [breaking(`${at} takes no member that is not listed any more`)]
  if (old === false || next === true) return [additive(`${at} takes members that are not listed`)]
  if (old === true) return [breaking(`${at}: members that are not listed have a type now`)]
  return compareSchemas(old, next, `${at}.*`)
}
