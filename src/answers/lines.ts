/** Text that is no JSON, cut between its lines; of CSV (RFC 4180) between its records, the heading kept. */
import type { Asked } from './asked.ts'
import type { Call, Shaped } from './call.ts'
import { annotated } from './note.ts'
import { progress } from './progress.ts'

export function fitLines(text: string, mimeType: string, asked: Asked, call: Call): Shaped[] {
  const isCsv = mimeType === 'text/csv'
  const parts = isCsv ? records(text) : text.split(/(?<=\n)/)
  const [head, lines] = isCsv ? [parts[0] ?? '', parts.slice(1)] : ['', parts]
  const told = progress({ text: '{}', rows: lines.length, asked: { ...asked, summary: false }, call })
  const rest = lines.slice(told.skip)
  const note = (shown: number, cuts: string[] = []) => annotated('{}', told.note(shown, cuts))
  const room = call.budget - note(Math.max(rest.length - 1, 0)).length - SLACK
  let shown = 0
  let length = head.length
  while (shown < rest.length && length + rest[shown]!.length <= room) length += rest[shown++]!.length
  const cut =
    shown === 0 && rest.length > 0 ? rest[0]!.slice(0, Math.max(room - length - 100, 0)).toWellFormed() : ''
  const cuts =
    cut === '' && shown > 0
      ? []
      : rest.length === 0
        ? []
        : [`line ${told.skip + 1}: ${cut.length} of ${rest[0]!.length} characters`]
  const said = note(Math.max(shown, Math.min(rest.length, 1)), cuts)
  const kept = { mimeType, text: head + (shown === 0 ? cut : rest.slice(0, shown).join('')) }
  return said === '{}' ? [kept] : [kept, { mimeType: 'application/json', text: said }]
}

/** Digits by which one note is longer than another. */
const SLACK = 12

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
