/** Where the rows of an answer stand. */
import type { Tool } from '../tools/tool.ts'
import { eachMember, find, isArrayAt, isObjectAt, type Span } from './spans.ts'

export interface Rows extends Span {
  path: string[]
  /** True where nobody says that they stand there. */
  guessed?: true
}

/** Where they are declared or documented; else, and where the answer is otherwise, the longest list of the first two levels. */
export function rowsOf(text: string, { answering }: Tool): Rows | undefined {
  const path = answering?.rows
  if (path?.length === 0) return undefined
  const span = path && find(text, path)
  if (path && span && isArrayAt(text, span)) return { path, ...span }
  const found = longest(text, { start: 0, end: text.length }, [])
  // Of two members of one name the last counts, and a list that is hidden behind another value is none.
  return found && find(text, found.path)?.start === found.start ? { ...found, guessed: true } : undefined
}

function longest(text: string, { start }: Span, path: string[]): Rows | undefined {
  let found: Rows | undefined
  const take = (rows: Rows | undefined) => {
    if (rows && rows.end - rows.start > (found ? found.end - found.start : 2)) found = rows
  }
  eachMember(text, start, (member) => {
    const at = [...path, member.name]
    if (isArrayAt(text, member)) take({ path: at, start: member.start, end: member.end })
    else if (path.length === 0 && isObjectAt(text, member)) take(longest(text, member, at))
  })
  return found
}

/** `text` without the member at `path`. */
export function withoutMember(
  text: string,
  path: readonly string[],
  at: Span = { start: 0, end: text.length },
): string {
  const [name, ...rest] = path
  const kept: string[] = []
  eachMember(text, at.start, (member) => {
    const isOnWay = rest.length > 0 && isObjectAt(text, member)
    if (member.name !== name || (rest.length > 0 && !isOnWay)) kept.push(text.slice(member.from, member.end))
    else if (isOnWay) kept.push(text.slice(member.from, member.start) + withoutMember(text, rest, member))
  })
  return `{${kept.join(',')}}`
}

/** Where rows of this page are still to come, the upstream's own way to the next page would lead past them. */
export function withoutNext(text: string, { answering }: Tool): string {
  const paging = answering?.paging
  const next = paging && 'next' in paging ? paging.next : undefined
  return next && find(text, next) ? withoutMember(text, next) : text
}
