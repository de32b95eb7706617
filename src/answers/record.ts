/** One value that is too large: its largest parts are cut first, and each is named with how much of it is left. */
import { eachItem, eachMember, isArrayAt, isObjectAt, isStringAt, type Member, type Span } from './spans.ts'
import { weigh } from './weight.ts'

export interface Cut {
  /** Valid JSON of at most the room that was given, where that is enough for an empty value. */
  text: string
  /** What was cut, in words for a model: `lines: 120 of 2000 items`. */
  cuts: string[]
}

/** Beyond it a part is left out whole. */
const DEEPEST = 8
/** An object of more members is a list by another name: the first of them are shown. */
const MOST_MEMBERS = 1000

/** The whole of `text`, cut until it weighs at most `room`. */
export function cutToWeight(text: string, room: number): Cut {
  const whole = { start: 0, end: text.length }
  for (let most = room; ; most = Math.floor(most * SMALLER)) {
    const cut = cutValue(text, whole, most)
    if (most <= 2 || weigh(cut.text) <= room) return cut
  }
}

/** Each try is so much of the one before. */
const SMALLER = 0.9

/** What `write` makes of ever less room, until it weighs no more than `budget`: what is cut is told, and that takes room too. */
export function cutUntil(budget: number, room: number, write: (room: number) => string): string {
  const least = Math.ceil(budget / STEPS)
  for (let most = room; ; ) {
    const text = write(Math.max(most, 2))
    const excess = weigh(text) - budget
    if (excess <= 0 || most <= 2) return text
    most -= Math.max(Math.floor(excess / 3), least)
  }
}

/** So many tries bring any room down to nothing. */
const STEPS = 40

interface Place {
  /** The dotted path; the whole answer has none. */
  at: string
  depth: number
}

/** The value at `span` in at most `room` characters. */
export function cutValue(text: string, span: Span, room: number, place: Place = { at: '', depth: 0 }): Cut {
  if (span.end - span.start <= room) return { text: text.slice(span.start, span.end), cuts: [] }
  if (isStringAt(text, span)) return cutString(text, span, room, place)
  if (isArrayAt(text, span)) return cutArray(text, span, room, place)
  if (isObjectAt(text, span)) return cutObject(text, span, room, place)
  // A number of so many digits cannot be shortened and still be the number.
  return { text: 'null', cuts: [left(place.at, span)] }
}

function cutString(text: string, { start, end }: Span, room: number, { at }: Place): Cut {
  let stop = start + Math.max(room - 1, 1)
  // No escape may be torn, and no pair of surrogates, however it is written.
  for (const torn of [/\\(u[0-9a-fA-F]{0,3})?$/, /\\u[dD][89abAB][0-9a-fA-F]{2}$/, /[\ud800-\udbff]$/]) {
    const found = torn.exec(text.slice(Math.max(start + 1, stop - 6), stop))
    if (found && isWhole(text, stop - found[0].length, start)) stop -= found[0].length
  }
  const kept = text.slice(start + 1, stop)
  return { text: `"${kept}"`, cuts: [of(at, `${kept.length} of ${end - start - 2} characters`)] }
}

/** True where the character at `at` is not the second half of an escape. */
function isWhole(text: string, at: number, start: number): boolean {
  let before = 0
  while (at - 1 - before > start && text[at - 1 - before] === '\\') before++
  return before % 2 === 0
}

function cutArray(text: string, { start, end }: Span, room: number, { at, depth }: Place): Cut {
  let first: Span | undefined
  let count = 0
  let kept = 0
  let stop = start + 1
  eachItem(text, start, (itemStart, itemEnd) => {
    first ??= { start: itemStart, end: itemEnd }
    count++
    if (itemEnd - start + 1 <= room) {
      kept = count
      stop = itemEnd
    }
    return true
  })
  const said = of(at, `${kept || 1} of ${count} items`)
  if (kept > 0) return { text: `${text.slice(start, stop)}]`, cuts: [said] }
  if (depth >= DEEPEST || room < 4) return { text: '[]', cuts: [left(at, { start, end })] }
  const inner = cutValue(text, first!, room - 2, { at: path(at, '0'), depth: depth + 1 })
  return { text: `[${inner.text}]`, cuts: [...(count > 1 ? [said] : []), ...inner.cuts] }
}

function cutObject(text: string, span: Span, room: number, place: Place): Cut {
  const members: Member[] = []
  let [count, kept, stop] = [0, 0, span.start + 1]
  eachMember(text, span.start, (member) => {
    if (++count <= MOST_MEMBERS) members.push(member)
    if (member.end - span.start + 1 > room) return
    kept = count
    stop = member.end
  })
  if (count <= MOST_MEMBERS) return cutLargest(text, members, room, place)
  const [first] = members
  const said = of(place.at, `${kept || 1} of ${count} members`)
  if (kept > 0) return { text: `${text.slice(span.start, stop)}}`, cuts: [said] }
  const inner = cutMember(text, first!, room - 2, place)
  if (!inner) return { text: '{}', cuts: [left(place.at, span)] }
  return { text: `{${inner.text}}`, cuts: [said, ...inner.cuts] }
}

/** The largest members go, until the others fit; into what room is left then goes as much of the largest as there is place for. */
function cutLargest(text: string, members: Member[], room: number, place: Place): Cut {
  const size = ({ from, end }: Member) => end - from + 1
  const bySize = [...members].sort((a, b) => size(b) - size(a))
  const gone = new Set<Member>()
  let length = 1 + members.reduce((sum, member) => sum + size(member), 0)
  for (const member of bySize) {
    if (length <= room) break
    gone.add(member)
    length -= size(member)
  }
  const [largest] = bySize
  const inner = largest && cutMember(text, largest, room - length - 1, place)
  const kept = members.flatMap((member) => {
    if (inner && member === largest) return [inner.text]
    return gone.has(member) ? [] : [text.slice(member.from, member.end)]
  })
  const cuts = [...gone].flatMap((member) =>
    inner && member === largest ? inner.cuts : [left(path(place.at, member.name), member)],
  )
  return { text: `{${kept.join(',')}}`, cuts }
}

/** A member with its name in at most `room` characters; undefined where nothing would be said of it. */
function cutMember(text: string, member: Member, room: number, { at, depth }: Place): Cut | undefined {
  const free = room - (member.start - member.from)
  if (depth >= DEEPEST || free <= SHORTEST) return undefined
  const inner = cutValue(text, member, free, { at: path(at, member.name), depth: depth + 1 })
  return inner.text.length > free
    ? undefined
    : { text: text.slice(member.from, member.start) + inner.text, cuts: inner.cuts }
}

/** Less room than this says nothing of a value. */
const SHORTEST = 40

function left(at: string, { start, end }: Span): string {
  return of(at, `left out, ${end - start} characters`)
}

function of(at: string, words: string): string {
  return at === '' ? words : `${at}: ${words}`
}

function path(at: string, name: string): string {
  const shown = name.length > 64 ? `${name.slice(0, 63).toWellFormed()}…` : name
  return at === '' ? shown : `${at}.${shown}`
}
