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
  const format = asked.table!
  const { budget } = call
  const table = new Table(format, budget)
  const wanted = asked.fields ? wantedOf(asked.fields) : true
  let count = 0
  let open = true
  eachItem(text, rows.start, (start, end) => {
    count++
    if (count > asked.skip && open) {
      const row = pick(text, { start, end }, wanted)
      open = table.add(row, { start: 0, end: row.length })
    }
    return true
  })
  const { head, rows: lines } = table.lines() ?? { head: [], rows: [] }
  const told = progress({ text, rows: count, asked, call })
  const rest = withoutMember(text, rows.path)
  const { text: around, cuts } = cutToWeight(rest, Math.floor(budget / 4))
  const part = withoutNext(around, call.tool)
  const beside = (shown: number) => annotated(shown < told.remaining ? part : around, told.note(shown, cuts))
  let weight = head.reduce((sum, line) => sum + weigh(line) + 2, 0)
  let shown = 0
  const longest = Math.max(weigh(beside(0)), weigh(beside(told.remaining))) + NOTE_SLACK
  for (; shown < lines.length; shown++) {
    weight += weigh(lines[shown]!) + 2
    if (weight + longest > budget) break
  }
  if (shown === 0) return undefined
  const said = beside(shown)
  const whole = { mimeType: TYPES[format], text: [...head, ...lines.slice(0, shown), ''].join('\n') }
  return said === '{}' ? [whole] : [whole, { mimeType: 'application/json', text: said }]
}
