/** Counts a document's GETs and their parameters without the compiler, so that nothing can be lost unnoticed. */
import { isObject, type Json, type JsonObject, own } from '../../src/json.ts'

export function count(document: JsonObject): { gets: number; documented: number } {
  const items = Object.values(isObject(document.paths) ? document.paths : {}).map((item) =>
    follow(document, item),
  )
  const gets = items.filter((item) => isObject(item) && isObject(item.get)) as JsonObject[]
  return {
    gets: gets.length,
    documented: gets.reduce((sum, item) => sum + parametersOf(document, item), 0),
  }
}

/** An operation's parameter replaces the path's of the same name and place. */
function parametersOf(document: JsonObject, item: JsonObject): number {
  const own = item.get as JsonObject
  const all = [item.parameters, own.parameters].flatMap((list) => (Array.isArray(list) ? list : []))
  const keys = all
    .map((parameter) => follow(document, parameter))
    .filter(isObject)
    .map((parameter) => JSON.stringify([parameter.in, parameter.name]))
  return new Set(keys).size
}

function follow(document: JsonObject, node: Json | undefined, left = 8): Json | undefined {
  if (!isObject(node) || typeof node.$ref !== 'string' || left === 0) return node
  const steps = node.$ref.startsWith('#/') ? node.$ref.slice(2).split('/') : []
  const found = steps.reduce<Json | undefined>(
    (at, step) =>
      isObject(at) ? own(at, unescaped(step)) : Array.isArray(at) ? at[Number(step)] : undefined,
    document,
  )
  return steps.length === 0 ? undefined : follow(document, found, left - 1)
}

function unescaped(step: string): string {
  return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
}
