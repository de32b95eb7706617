/** A document's operations as a declaration names them: by `operationId`, or as `GET /path` where there is none. */
import type { Operation } from '../document/operations.ts'
import { closest } from '../tools/closest.ts'

/** More than one where the document gives an id twice. */
export type Known = ReadonlyMap<string, Operation[]>

export function index(operations: Operation[]): Known {
  const known = new Map<string, Operation[]>()
  for (const operation of operations) {
    for (const name of new Set([operation.id, nameOf(operation)])) {
      if (name === undefined) continue
      const same = known.get(name)
      if (same) same.push(operation)
      else known.set(name, [operation])
    }
  }
  return known
}

/** `GET /v1/invoices`, as the document spells the path. */
export function nameOf({ method, key }: Operation): string {
  return `${method.toUpperCase()} ${key}`
}

/** Begins with a slash and holds nothing that a URL parser would fold, end the path at, or drop; a fixed query may follow. */
const PATH = /^(?!\/https?:)(?!.*\/(\.|%2e){1,2}(\/|\?|$))\/[^\\?#\s\x00-\x20]*(\?[^?#\s\x00-\x20]*)?$/i
/** What stands in its place is a value, so its name may hold anything. */
const VARIABLE = /\{[^{}]+\}/g
/** Characters of a path; servers take some 8,000 of a whole URL, and every call reads it anew. */
const LONGEST_PATH = 2000

/** The operation, or why it cannot become a tool. */
export function usable(name: string, known: Known): Operation | string {
  const [operation, second] = known.get(name) ?? []
  if (operation === undefined) {
    const near = closest(name, [...known.keys()])
    return `the document has no operation ${name}${near === undefined ? '' : `; did you mean ${near}?`}`
  }
  if (second !== undefined) return `the document has two operations ${name}`
  if (operation.fault !== undefined) return operation.fault
  if (operation.method !== 'get')
    return `${name} is ${operation.method.toUpperCase()}, and only GET is ever sent`
  const { path } = operation
  if (path.length > LONGEST_PATH) return `the path has more than ${LONGEST_PATH} characters`
  return PATH.test(path.replace(VARIABLE, '{}'))
    ? operation
    : `the path ${JSON.stringify(path)} is not one that can be sent`
}
