/** Parts of a connector: some of its namespaces at an address of their own, such as `/n/invoices,contracts/mcp`. */
import { cut } from '../json.ts'
import { decodedPart } from '../syntax.ts'
import { closest } from '../tools/closest.ts'

/** In the declared order, each with the scopes that its tools need. */
export type Namespaces = ReadonlyMap<string, readonly string[]>

/** A part as its address names it; or why an address names none, and the path that was probably meant. */
export type Reading = { names: string[]; path: string } | { fault: string; path?: string }

const OPENING = '/n/'
const ENDING = '/mcp'

/** Characters of the names in an address: its audience is sealed into every value of a sign-in. */
const LONGEST_LIST = 300

/**
 * Reads `pathname` as it was sent, one trailing slash aside; undefined for the path of something else. There is one
 * spelling of each part: it is an audience, and those are compared letter by letter (RFC 8707).
 */
export function readPart(pathname: string, namespaces: Namespaces): Reading | undefined {
  const path = pathname.replace(/\/$/, '')
  if (!path.startsWith(OPENING)) return undefined
  if (!path.endsWith(ENDING)) return { fault: NOTHING }
  const list = path.slice(OPENING.length, -ENDING.length)
  if (list === '') return { fault: 'The address names no namespace' }
  // Before it is taken apart: whoever sends thousands of commas is answered for nothing.
  if (list.length > LONGEST_LIST) return { fault: `The names are longer than ${LONGEST_LIST} characters` }
  return namesOf(list, namespaces)
}

const NOTHING = 'Nothing is here: the address of a part is /n/, namespaces separated by commas, and /mcp'

function namesOf(list: string, namespaces: Namespaces): Reading {
  const written = list.split(',')
  const known = [...namespaces.keys()]
  const names = known.filter((name) => written.includes(name))
  if (names.join(',') === list) return { names, path: pathOf(names) }
  const meant = [...new Set((decodedPart(list) ?? list).split(',').filter(Boolean))]
  const read = meant.map((name) => ({ name, namespace: spelled(name, known) }))
  const stranger = read.find(({ namespace }) => namespace === undefined)
  if (stranger) return { fault: unknown(stranger.name, known) }
  const canonical = known.filter((name) => read.some(({ namespace }) => namespace === name))
  if (canonical.length === 0) return { fault: 'The address names no namespace' }
  const fault = 'A part has one address: its namespaces as they are declared, in that order, each once'
  return pathOf(canonical).length > LONGEST_PATH ? { fault } : { fault, path: pathOf(canonical) }
}

function pathOf(names: readonly string[]): string {
  return `${OPENING}${names.join(',')}${ENDING}`
}

const LONGEST_PATH = OPENING.length + LONGEST_LIST + ENDING.length

/** The namespace itself, else the only one that differs in case alone. */
function spelled(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return name
  const alike = known.filter((each) => each.toLowerCase() === name.toLowerCase())
  return alike.length === 1 ? alike[0] : undefined
}

function unknown(name: string, known: readonly string[]): string {
  const near = closest(name, known)
  const hint = near === undefined ? '' : `; did you mean ${near}?`
  return `There is no namespace ${JSON.stringify(cut(name, 64))}${hint}`
}

/** The scopes that the resource at `path` needs, of all `scopes`: those of a part, or all. */
export function scopesAt(path: string, scopes: readonly string[], namespaces: Namespaces): readonly string[] {
  const part = readPart(path, namespaces)
  if (part === undefined) return scopes
  const names = 'names' in part ? part.names : []
  const needed = new Set(names.flatMap((name) => namespaces.get(name) ?? []))
  return scopes.filter((scope) => needed.has(scope))
}

/** A path as long as the longest that a part can have, for what it will weigh where it is sealed. */
export function longestPath(namespaces: Namespaces): string {
  return pathOf([[...namespaces.keys()].join(',').slice(0, LONGEST_LIST)])
}
