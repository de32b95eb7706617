/** Rows as a table that fits, and what stood around them beside it. */
import type { Asked } from './asked.ts'
import { pick, wantedOf } from './fields.ts'
import { annotated, NOTE_SLACK } from './note.ts'
import { progress } from './progress.ts'
import { cutToWeight } from './record.ts'
import { type Rows, withoutMember, withoutNext } from './rows.ts'
import { eachItem } from './spans.ts'
import { Table } from './table.ts'
import type { Shaped, ToolCall } from './tool-call.ts'
import { weigh } from './weight.ts'

const TYPES = { csv: 'text/csv', markdown: 'text/markdown' }

/** Undefined where they make no table: none, too many columns, or one row larger than the budget. */
export function fitTable(text: string, rows: Rows, asked: Asked, call: ToolCall): Shaped[] | undefined {
  const { budget } = call
  const { head, lines, count } = tabulate(text, rows, asked, budget)
  const told = progress({ text, rows: count, asked, call })
  const { text: around, cuts } = cutToWeight(withoutMember(text, rows.path), Math.floor(budget / 4))
  const part = withoutNext(around, call.tool)
  const beside = (shown: number) => annotated(shown < told.remaining ? part : around, told.note(shown, cuts))
  const longest = Math.max(weigh(beside(0)), weigh(beside(told.remaining))) + NOTE_SLACK
  const shown = fitting(lines, budget - longest - weightOfLines(head))
  if (shown === 0) return undefined
  const said = beside(shown)
  const table = { mimeType: TYPES[asked.table!], text: [...head, ...lines.slice(0, shown), ''].join('\n') }
  return said === '{}' ? [table] : [table, { mimeType: 'application/json', text: said }]
}

/** As many of the rows, from the first that is not skipped, as could fit at most; `count` is that of all rows. */
function tabulate(text: string, { start: at }: Rows, { table: format, fields, skip }: Asked, budget: number) {
  const table = new Table(format!, budget)
  const wanted = fields ? wantedOf(fields) : true
  let count = 0
  let open = true
  eachItem(text, at, (start, end) => {
    count++
    if (count > skip && open) {
      const row = pick(text, { start, end }, wanted)
      open = table.add(row, { start: 0, end: row.length })
    }
    return true
  })
  const { head, rows: lines } = table.lines() ?? { head: [], rows: [] }
  return { head, lines, count }
}

/** How many of the lines, from the first on, weigh no more than `room`. */
function fitting(lines: string[], room: number): number {
  let left = room
  const over = lines.findIndex((line) => {
    left -= weightOfLines([line])
    return left < 0
  })
  return over === -1 ? lines.length : over
}

/** Each with its line break, which is two characters of JSON. */
function weightOfLines(lines: string[]): number {
  return lines.reduce((sum, line) => sum + weigh(line) + 2, 0)
}
