/** The largest prefix of whole rows that fits, and the call that reads on: no row is lost, none is seen twice. */
import type { Asked } from './asked.ts'
import { pick, wantedOf } from './fields.ts'
import { annotated, NOTE_SLACK, noteWeight } from './note.ts'
import { type Progress, progress } from './progress.ts'
import { cutToWeight, cutUntil, cutValue } from './record.ts'
import { type Rows, withoutNext } from './rows.ts'
import { eachItem, find, isArrayAt } from './spans.ts'
import type { Shaped, ToolCall } from './tool-call.ts'
import { weigh } from './weight.ts'

export function fitRows(text: string, rows: Rows, asked: Asked, call: ToolCall): Shaped {
  const kept = gather(text, rows, asked, call.budget)
  const whole = envelope(text, rows, call.budget)
  const format = asked.table && kept.first && 'json, since the rows make no table that fits'
  const told = progress({ text, rows: kept.count, asked, call, format })
  const part = around(withoutNext(whole.head + whole.tail, call.tool), rows.path, whole.cuts)
  const result =
    allRows(kept, whole, told, call.budget) ??
    prefix(kept, part, told, call.budget) ??
    oneRow(kept, told.remaining === 1 ? whole : part, told, call.budget)
  return { mimeType: 'application/json', text: result }
}

interface Kept {
  /** As many as could fit at most. */
  rows: string[]
  /** Rows of the whole answer. */
  count: number
  /** The first one that is not skipped, whether or not it fits. */
  first?: string
}

function gather(text: string, rows: Rows, { fields, skip }: Asked, budget: number): Kept {
  const wanted = fields ? wantedOf(fields) : true
  const kept: Kept = { rows: [], count: 0 }
  let left = budget
  eachItem(text, rows.start, (start, end) => {
    kept.count++
    if (kept.count <= skip || left < 0) return true
    const row = pick(text, { start, end }, wanted)
    kept.first ??= row
    left -= weigh(row) + 1
    if (left >= 0) kept.rows.push(row)
    return true
  })
  return kept
}

/** What stands around the rows, itself cut where it would leave them too little room. */
interface Around {
  head: string
  tail: string
  cuts: string[]
}

function envelope(text: string, { path, start, end }: Rows, budget: number): Around {
  const whole = text.slice(0, start + 1) + text.slice(end - 1)
  const room = Math.floor(budget / 3)
  if (weigh(whole) <= room) return around(whole, path, [])
  const { text: cut, cuts } = cutToWeight(whole, room)
  return around(cut, path, cuts)
}

function around(whole: string, path: string[], cuts: string[]): Around {
  const rows = find(whole, path)
  if (rows && isArrayAt(whole, rows))
    return { head: whole.slice(0, rows.start + 1), tail: whole.slice(rows.end - 1), cuts }
  return { head: '{"items":[', tail: ']}', cuts: ['all around the rows: left out'] }
}

/** Undefined where they are more than fit. */
function allRows(
  { rows }: Kept,
  { head, tail, cuts }: Around,
  told: Progress,
  budget: number,
): string | undefined {
  if (rows.length < told.remaining) return undefined
  const text = annotated(`${head}${rows.join(',')}${tail}`, told.note(rows.length, cuts))
  return weigh(text) <= budget ? text : undefined
}

/** As many as fit, but not all; undefined where not even the first one does. */
function prefix(
  { rows }: Kept,
  { head, tail, cuts }: Around,
  told: Progress,
  budget: number,
): string | undefined {
  const sums = [0]
  for (const row of rows) sums.push(sums.at(-1)! + weigh(row) + 1)
  const note = (count: number) => told.note(count, cuts)
  const fixed = weigh(head) + weigh(tail)
  const weight = (count: number, noted: number) => fixed + sums[count]! - 1 + noted
  const most = Math.min(rows.length, told.remaining - 1)
  // The longest note there can be decides first, so that few are written.
  const longest = noteWeight(note(most)) + NOTE_SLACK
  let count = 0
  while (count < most && weight(count + 1, longest) <= budget) count++
  while (count < most && weight(count + 1, noteWeight(note(count + 1))) <= budget) count++
  return count === 0 ? undefined : annotated(`${head}${rows.slice(0, count).join(',')}${tail}`, note(count))
}

/** As much of the first row as fits; none where there is none. */
function oneRow({ first: row }: Kept, { head, tail, cuts }: Around, told: Progress, budget: number): string {
  if (row === undefined) return annotated(head + tail, told.note(0, cuts))
  const place = { at: `row ${told.skip + 1}`, depth: 0 }
  const room = budget - weigh(head) - weigh(tail) - noteWeight(told.note(1, cuts)) - 100
  return cutUntil(budget, room, (most) => {
    const cut = cutValue(row, { start: 0, end: row.length }, most, place)
    return annotated(`${head}${cut.text}${tail}`, told.note(1, [...cuts, ...cut.cuts]))
  })
}
