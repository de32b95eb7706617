/** Text that is no JSON, cut between its lines; of CSV (RFC 4180) between its records, the heading kept. */
import { cut } from '../json.ts'
import type { Asked } from './asked.ts'
import { annotated, NOTE_SLACK } from './note.ts'
import { progress } from './progress.ts'
import type { Shaped, ToolCall } from './tool-call.ts'
import { weigh } from './weight.ts'

export function fitLines(text: string, mimeType: string, asked: Asked, call: ToolCall): Shaped[] {
  const isCsv = mimeType === 'text/csv'
  const [head = '', ...rows] = isCsv ? records(text) : ['', ...text.split(/(?<=\n)/)]
  // Where the heading alone is most of it, it is none.
  const lines = weigh(head) > call.budget / 2 ? [head, ...rows] : rows
  const told = progress({
    text: '{}',
    rows: lines.length,
    lines: !isCsv,
    asked: { ...asked, summary: false },
    call,
  })
  const [heading, rest] = [lines === rows ? head : '', lines.slice(told.skip)]
  const note = (shown: number, cuts: string[]) => annotated('{}', told.note(shown, cuts))
  const noted = Math.max(weigh(note(Math.max(rest.length - 1, 0), [])), weigh(note(rest.length, [])))
  const room = call.budget - weigh(heading) - noted - NOTE_SLACK
  let shown = 0
  for (let left = room; shown < rest.length; shown++) {
    left -= weigh(rest[shown]!)
    if (left < 0) break
  }
  const [kept, cuts] =
    shown === 0 && rest.length > 0
      ? cutLine(rest[0]!, room - CUT_WORDS, told.skip + 1)
      : [rest.slice(0, shown).join(''), []]
  const said = note(Math.max(shown, cuts.length), cuts)
  const fitting = { mimeType, text: heading + kept }
  return said === '{}' ? [fitting] : [fitting, { mimeType: 'application/json', text: said }]
}

/** What the note says of a line that is cut. */
const CUT_WORDS = 80

function cutLine(line: string, room: number, at: number): [string, string[]] {
  let kept = cut(line, Math.max(room, 0))
  while (weigh(kept) > room && kept !== '') kept = cut(kept, Math.floor(kept.length * 0.9))
  return [kept, [`line ${at}: ${kept.length} of ${line.length} characters`]]
}

/** A line break inside quotes does not end a record. */
function records(text: string): string[] {
  const found: string[] = []
  let start = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) quoted = !quoted
    else if (code === 0x0a && !quoted) {
      found.push(text.slice(start, at + 1))
      start = at + 1
    }
  }
  return start < text.length ? [...found, text.slice(start)] : found
}
