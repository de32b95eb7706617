/** The parts of JSON text by their offsets: nothing is decoded, so that numbers keep the digits that the upstream wrote. */
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  ENDS,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  STEPS_IN,
} from '../tools/json-bytes.ts'

/** From the first character of a value to just after its last. */
export interface Span {
  start: number
  end: number
}

/** Just after the value that begins at `at`. Here and below, `text` is valid JSON without whitespace between its parts. */
export function endOf(text: string, at: number): number {
  const first = text.charCodeAt(at)
  if (first === QUOTE) return endOfString(text, at)
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return endOfContainer(text, at)
  const ends = ENDS
  let end = at
  while (end < text.length && ends[text.charCodeAt(end)] === 0) end++
  return end
}

function endOfString(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); ; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++
    if (slashes % 2 === 0) return quote + 1
  }
}

function endOfContainer(text: string, at: number): number {
  // An import is looked up anew wherever it is named: once for each of millions of characters takes half of the time.
  const [steps, quote] = [STEPS_IN, QUOTE]
  let depth = 0
  for (let end = at; ; end++) {
    const code = text.charCodeAt(end)
    if (code === quote) end = endOfString(text, end) - 1
    else if (code < steps.length) depth += steps[code]!
    if (depth === 0) return end + 1
  }
}

/** Every item of the array at `at`, until `visit` answers false. */
export function eachItem(text: string, at: number, visit: (start: number, end: number) => boolean): void {
  let start = at + 1
  if (text.charCodeAt(start) === CLOSE_ARRAY) return
  for (;;) {
    const end = endOf(text, start)
    if (!visit(start, end) || text.charCodeAt(end) === CLOSE_ARRAY) return
    start = end + 1
  }
}

export interface Member extends Span {
  name: string
  /** Where the name's quote opens. */
  from: number
}

/** Every member of the object at `at`, in the order of the text. */
export function eachMember(text: string, at: number, visit: (member: Member) => void): void {
  readMembers(text, at, ({ name, from, start }) => {
    const end = endOf(text, start)
    visit({ name, from, start, end })
    return end
  })
}

/** Just after the object at `at`; `read` answers where the value ends that begins at `start`, and so looks at it as it likes. */
export function readMembers(text: string, at: number, read: (member: Omit<Member, 'end'>) => number): number {
  let from = at + 1
  if (text.charCodeAt(from) === CLOSE_OBJECT) return from + 1
  for (;;) {
    const colon = endOfString(text, from)
    const end = read({ name: stringAt(text, { start: from, end: colon }), from, start: colon + 1 })
    if (text.charCodeAt(end) === CLOSE_OBJECT) return end + 1
    from = end + 1
  }
}

/** The same of an array. */
export function readItems(text: string, at: number, read: (start: number) => number): number {
  let start = at + 1
  if (text.charCodeAt(start) === CLOSE_ARRAY) return start + 1
  for (;;) {
    const end = read(start)
    if (text.charCodeAt(end) === CLOSE_ARRAY) return end + 1
    start = end + 1
  }
}

export function isArrayAt(text: string, { start }: Pick<Span, 'start'>): boolean {
  return text.charCodeAt(start) === OPEN_ARRAY
}

export function isObjectAt(text: string, { start }: Pick<Span, 'start'>): boolean {
  return text.charCodeAt(start) === OPEN_OBJECT
}

export function isStringAt(text: string, { start }: Span): boolean {
  return text.charCodeAt(start) === QUOTE
}

/** The text of a string. */
export function stringAt(text: string, { start, end }: Span): string {
  const written = text.slice(start, end)
  return written.includes('\\') ? (JSON.parse(written) as string) : written.slice(1, -1)
}

/** A dotted path as it is walked; the empty one is the root's. */
export function pathOf(dotted: string): string[] {
  return dotted === '' ? [] : dotted.split('.')
}

/** The value that `path` names from the root, or from another value; of two members of one name the last counts, as for JSON.parse. */
export function find(
  text: string,
  path: readonly string[],
  from: Span = { start: 0, end: text.length },
): Span | undefined {
  let found = from
  for (const name of path) {
    if (!isObjectAt(text, found)) return undefined
    let next: Span | undefined
    eachMember(text, found.start, (member) => {
      if (member.name === name) next = member
    })
    if (!next) return undefined
    found = next
  }
  return found
}

/** What a single value says, digits as they were written; undefined for null, a list or an object. */
export function wordsAt(text: string, span: Span): string | undefined {
  if (isStringAt(text, span)) return stringAt(text, span)
  const written = text.slice(span.start, span.end)
  return written === 'null' || isObjectAt(text, span) || isArrayAt(text, span) ? undefined : written
}
