/** Text that is no JSON, cut between its lines; of CSV (RFC 4180) between its records, the heading kept. */
import { cut } from '../json.ts'
import { type Asked, isUnchosen, UNCHOSEN } from './asked.ts'
import { annotated, NOTE_SLACK } from './note.ts'
import { progress } from './progress.ts'
import type { Shaped, ToolCall } from './tool-call.ts'
import { weigh } from './weight.ts'

export function fitLines(text: string, mimeType: string, asked: Asked, call: ToolCall): Shaped[] {
  const isCsv = mimeType === 'text/csv'
  const endOf = isCsv ? endOfRecord : endOfLine
  const first = isCsv ? headingOf(text, call.budget) : 0
  const { count, start } = linesOf(text, first, asked.skip, endOf)
  const told = progress({
    text: '{}',
    rows: count,
    lines: !isCsv,
    asked: { ...asked, summary: false },
    call,
    fields: isUnchosen(asked) ? UNCHOSEN : undefined,
  })
  const heading = text.slice(0, first)
  const note = (shown: number, cuts: string[]) => annotated('{}', told.note(shown, cuts))
  const noted = Math.max(weigh(note(Math.max(told.remaining - 1, 0), [])), weigh(note(told.remaining, [])))
  const room = call.budget - weigh(heading) - noted - NOTE_SLACK
  let shown = 0
  let stop = start
  for (let left = room; shown < told.remaining; shown++) {
    const end = endOf(text, stop)
    left -= weigh(text.slice(stop, end))
    if (left < 0) break
    stop = end
  }
  const [kept, cuts] =
    shown === 0 && told.remaining > 0
      ? cutLine(text.slice(start, endOf(text, start)), room - CUT_WORDS, told.skip + 1)
      : [text.slice(start, stop), []]
  const said = note(Math.max(shown, cuts.length), cuts)
  const fitting = { mimeType, text: heading + kept }
  return said === '{}' ? [fitting] : [fitting, { mimeType: 'application/json', text: said }]
}

type EndOf = (text: string, at: number) => number

/** Where the heading ends; one that is most of all there is room for is none. */
function headingOf(text: string, budget: number): number {
  const end = endOfRecord(text, 0)
  return weigh(text.slice(0, end)) > budget / 2 ? 0 : end
}

/** How many there are from `first` on, and where the one behind `skip` of them starts; no list of them is made. */
function linesOf(text: string, first: number, skip: number, endOf: EndOf): { count: number; start: number } {
  let count = 0
  let start = first
  for (let at = first; at < text.length; count++) {
    at = endOf(text, at)
    if (count < skip) start = at
  }
  return { count, start }
}

/** What the note says of a line that is cut. */
const CUT_WORDS = 80

function cutLine(line: string, room: number, at: number): [string, string[]] {
  let kept = cut(line, Math.max(room, 0))
  while (weigh(kept) > room && kept !== '') kept = cut(kept, Math.floor(kept.length * 0.9))
  return [kept, [`line ${at}: ${kept.length} of ${line.length} characters`]]
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end + 1
}

/** A line break inside quotes does not end a record. */
function endOfRecord(text: string, from: number): number {
  let quoted = false
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) quoted = !quoted
    else if (code === 0x0a && !quoted) return at + 1
  }
  return text.length
}
