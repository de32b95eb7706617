/** Names for operations that nobody named: `tag.operation`, the same for the same document, at most 40 characters. */
import type { Operation } from '../document/operations.ts'
import { nameOf } from './known.ts'
import { folded, LONGEST_TOOL } from './names.ts'
import { hash, wordsOf } from './words.ts'

export interface DerivedName {
  namespace: string
  action: string
}

const LONGEST_NAMESPACE = 22
const HASH = 7

/** Words that stand in every path or id of an API and tell nothing apart. */
const NOISE = /^(\d+|api|rest|v\d+|controller|resource|using|endpoint|json|xml)$/
const VERSION = /^v?\d+$/
const ARTICLES = /^(a|an|the)$/
/** Words that a name can do without, where it is too long. */
const SMALL =
  /^(a|an|the|of|for|by|in|on|to|from|with|and|or|at|all|is|its|this|that|given|specific|specified|one|id)$/

/** By operation. Where ids come to the same name for a client, the paths name them, then what these ask for, and then a hash. */
export function deriveNames(operations: Operation[]): Map<Operation, DerivedName> {
  const found = new Map<Operation, DerivedName>()
  const taken = new Set<string>()
  let left = operations
  for (const make of MAKES) {
    const made = new Map(left.map((operation) => [operation, named(subjectOf(operation), make, operation)]))
    const clear = unique(left, made, taken)
    for (const operation of clear) {
      found.set(operation, made.get(operation)!)
      taken.add(key(made.get(operation)!))
    }
    left = left.filter((operation) => !clear.has(operation))
  }
  const paths = new Map(left.map((operation) => [operation, named(subjectOf(operation), byPath, operation)]))
  const last = marks(left, paths, taken)
  return new Map(operations.map((operation) => [operation, found.get(operation) ?? last.get(operation)!]))
}

/** Those whose name nobody else has. */
function unique(
  operations: Operation[],
  names: Map<Operation, DerivedName>,
  taken: ReadonlySet<string>,
): Set<Operation> {
  const counts = new Map<string, number>()
  for (const operation of operations) {
    const name = key(names.get(operation)!)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return new Set(
    operations.filter((operation) => {
      const name = key(names.get(operation)!)
      return counts.get(name) === 1 && !taken.has(name)
    }),
  )
}

function key({ namespace, action }: DerivedName): string {
  return folded(`${namespace}.${action}`)
}

/** What it is about: its first tag, else the first word of its path that says something. */
function subjectOf({ tags, path }: Operation): string[] {
  const tag = useful(wordsOf(tags[0] ?? ''))
  return tag.length > 0 ? tag : (placesOf(path).find((words) => words.length > 0) ?? ['api'])
}

/** The words of each segment that is not a variable; an escape is a letter of none. */
function placesOf(path: string): string[][] {
  const segments = path
    .split('?')[0]!
    .replace(/%[0-9a-f]{2}/gi, ' ')
    .split('/')
  return segments.filter((segment) => !segment.includes('{')).map((segment) => useful(wordsOf(segment)))
}

type Make = (operation: Operation, subject: string[]) => string[]

/** In this order, each for those that have no name of their own yet. */
const MAKES: Make[] = [byId, byPath, byLastVariable, byVariables, byVersion]

function named(subject: string[], make: Make, operation: Operation): DerivedName {
  const namespace = letterFirst(shorter(subject, LONGEST_NAMESPACE))
  const action = letterFirst(shorter(make(operation, subject), LONGEST_TOOL - namespace.length - 2))
  return { namespace, action }
}

function useful(words: string[]): string[] {
  return words.filter((word) => !NOISE.test(word))
}

/** `list_invoices` of invoices is `list`, since the namespace says the rest; a bare `get` may be a list all the same. */
function byId(operation: Operation, subject: string[]): string[] {
  const words = withoutSubject(useful(wordsOf(operation.id ?? '')), subject)
  return words.length === 0 || (words.length === 1 && READS.test(words[0]!))
    ? byPath(operation, subject, words)
    : words
}

const READS = /^(get|read|retrieve|fetch|find|show|query|load|view)$/

/** What the path says: `get` for a record or what is one, `list` for many, and of what. */
function byPath({ path }: Operation, subject: string[], told?: string[]): string[] {
  const isRecord = path.split('?')[0]!.replace(/\/$/, '').split('/').at(-1)!.includes('{')
  const others = withoutSubject(placesOf(path).flat(), subject)
  const last = placesOf(path).flat().at(-1) ?? ''
  const verb = !isRecord && singular(last) !== last ? 'list' : 'get'
  return told?.length === 1 ? [verb] : [verb, ...others]
}

/** And what it asks for, at the end or all along: `get_limits_by_budget` beside `get_limits`. */
function byLastVariable(operation: Operation, subject: string[]): string[] {
  return [...byPath(operation, subject), ...asked(variablesOf(operation).slice(-1))]
}

function byVariables(operation: Operation, subject: string[]): string[] {
  return [...byPath(operation, subject), ...asked(variablesOf(operation))]
}

function variablesOf({ path }: Operation): string[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!)
}

/** `budgetId` is a budget; an `id` alone is what it says. */
function asked(variables: string[]): string[] {
  const words = variables
    .map(wordsOf)
    .flatMap((all) => (all.length > 1 ? all.filter((word) => word !== 'id') : all))
  return words.length > 0 ? ['by', ...words] : []
}

/** And of which version of the API: `get_jobs_v4` beside `get_jobs_v3`. */
function byVersion(operation: Operation, subject: string[]): string[] {
  const words = operation.path
    .split('/')
    .flatMap((segment) => (segment.includes('{') ? [] : wordsOf(segment)))
  return [...byPath(operation, subject), ...words.filter((word) => VERSION.test(word))]
}

function withoutSubject(words: string[], subject: string[]): string[] {
  const left = words.filter(
    (word) => !ARTICLES.test(word) && !subject.some((each) => singular(each) === singular(word)),
  )
  return left.slice(0, left.findLastIndex((word) => !SMALL.test(word)) + 1)
}

function singular(word: string): string {
  return word.replace(/ies$/, 'y').replace(/(?<=[^sui])s$/, '')
}

/** The words that fit: without the small ones where all are too many, then without those that stand after the first. */
function shorter(words: string[], longest: number): string {
  const whole = words.join('_')
  if (whole.length <= longest) return whole
  const [verb = '', ...others] = [...new Set(words.filter((word) => !SMALL.test(word)))]
  const things = others.slice(-longest)
  for (let from = 0; from <= things.length; from++) {
    const name = [verb, ...things.slice(from)].join('_')
    if (name.length <= longest) return name
  }
  return whole.slice(0, longest)
}

function letterFirst(name: string): string {
  return /^[a-z]/.test(name) ? name : `n${name}`
}

/** Names with a hash, which is made again where it is taken already; in one order, whatever the document's is. */
function marks(operations: Operation[], names: Map<Operation, DerivedName>, taken: Set<string>) {
  const sorted = operations.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))
  return new Map(
    sorted.map((operation) => {
      const plain = names.get(operation)!
      let name = marked(plain, nameOf(operation))
      for (let again = 1; taken.has(key(name)); again++) name = marked(plain, `${nameOf(operation)} ${again}`)
      taken.add(key(name))
      return [operation, name]
    }),
  )
}

function marked({ namespace, action }: DerivedName, text: string): DerivedName {
  const room = LONGEST_TOOL - namespace.length - 1 - HASH
  return { namespace, action: `${action.slice(0, room).replace(/_$/, '')}_${hash(text)}` }
}
