/** Rows as JSON, CSV (RFC 4180) or an HTML page, as the parameter `format` asks. */
import { Money, writeJson } from '../json.ts'
import { unprocessable } from '../problem.ts'

export type Cell = string | number | boolean | null | Money

type Rows = readonly Record<string, Cell>[]

interface Format {
  type: string
  write(rows: Rows): string
}

const formats: ReadonlyMap<string, Format> = new Map([
  ['json', { type: 'application/json', write: (rows: Rows) => writeJson(rows) }],
  ['csv', { type: 'text/csv; charset=utf-8; header=present', write: csv }],
  ['html', { type: 'text/html; charset=utf-8', write: html }],
])

export function askedFormat({ searchParams }: URL): Format {
  const format = formats.get(searchParams.get('format') ?? 'json')
  if (format === undefined) throw unprocessable('format', `must be one of ${[...formats.keys()].join(', ')}`)
  return format
}

function csv(rows: Rows): string {
  return lines(rows)
    .map((cells) => `${cells.map(quoted).join(',')}\r\n`)
    .join('')
}

function html(rows: Rows): string {
  const [head = [], ...body] = lines(rows).map((cells) => cells.map(escaped))
  const row = (cells: string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>FlowPOS</title></head><body><table>
<thead>${row(head, 'th')}</thead>
<tbody>
${body.map((cells) => row(cells, 'td')).join('\n')}
</tbody>
</table></body></html>
`
}

/** The names of the columns, then the cells of each row; what is null is empty. */
function lines(rows: Rows): string[][] {
  const names = Object.keys(rows[0] ?? {})
  const text = (cell: Cell | undefined) => (cell instanceof Money ? cell.text : String(cell ?? ''))
  return [names, ...rows.map((row) => names.map((name) => text(row[name])))]
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function escaped(cell: string): string {
  return cell.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
