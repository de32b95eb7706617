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
const ARTICLES = /^(a|an|the)$/
/** Words that a name can do without, where it is too long. */
const SMALL =
  /^(a|an|the|of|for|by|in|on|to|from|with|and|or|at|all|is|its|this|that|given|specific|specified|one|id)$/

/** By operation. Where ids come to the same name for a client, the paths name them, and then a short hash of those. */
export function deriveNames(operations: Operation[]): Map<Operation, DerivedName> {
  const subjects = new Map(operations.map((operation) => [operation, subjectOf(operation)]))
  const tries = [byId, byPath].map(
    (make) =>
      new Map(operations.map((operation) => [operation, named(subjects.get(operation)!, make, operation)])),
  )
  const [first, second] = tries as [Map<Operation, DerivedName>, Map<Operation, DerivedName>]
  const clear = unique(operations, first)
  const others = operations.filter((operation) => !clear.has(operation))
  const taken = new Set([...clear].map((operation) => key(first.get(operation)!)))
  const cleared = unique(others, second, taken)
  for (const operation of cleared) taken.add(key(second.get(operation)!))
  const last = marks(
    others.filter((operation) => !cleared.has(operation)),
    second,
    taken,
  )
  return new Map(
    operations.map((operation) => {
      const named = clear.has(operation) ? first : cleared.has(operation) ? second : last
      return [operation, named.get(operation)!]
    }),
  )
}

/** Those whose name nobody else has. */
function unique(
  operations: Operation[],
  names: Map<Operation, DerivedName>,
  taken: ReadonlySet<string> = new Set(),
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
