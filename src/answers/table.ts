/**
 * Rows as CSV (RFC 4180, with single line feeds) or as a Markdown table. A member of an object becomes a column of its own
 * (`client.name`), to three levels; a list, and what lies deeper, is written as JSON into its cell. An absent member and null
 * are an empty cell, an empty text is `""`; numbers and texts are as the upstream wrote them.
 */
import { reveal } from '../tools/invisible.ts'
import { eachMember, isObjectAt, isStringAt, type Span, stringAt } from './spans.ts'

export type Format = 'csv' | 'markdown'

/** More columns are no table that anybody could read. */
const MOST_COLUMNS = 100
const DEEPEST = 3

type Row = Map<string, string>

/** Takes rows one by one until what they make is surely longer than `room` characters. */
export class Table {
  readonly #format: Format
  readonly #room: number
  readonly #columns = new Set<string>()
  readonly #rows: Row[] = []
  #length = 0

  constructor(format: Format, room: number) {
    this.#format = format
    this.#room = room
  }

  /** False where the table is full; the row is then not in it. */
  add(text: string, span: Span): boolean {
    if (this.#length + this.#rows.length * this.#columns.size > this.#room) return false
    const row: Row = new Map()
    flatten(text, span, '', row)
    for (const [column, cell] of row) {
      this.#columns.add(column)
      this.#length += cell.length
    }
    this.#rows.push(row)
    return true
  }

  get tooWide(): boolean {
    return this.#columns.size > MOST_COLUMNS
  }

  /** True for `client` where it is null in some rows, and what it holds in others has columns of its own. */
  #isHollow(column: string): boolean {
    const hasParts = [...this.#columns].some((each) => each.startsWith(`${column}.`))
    return hasParts && this.#rows.every((row) => (row.get(column) ?? '') === '')
  }

  /** The lines of the table: what stands above the rows, and each row. */
  lines(): { head: string[]; rows: string[] } {
    const columns = [...this.#columns].filter((each) => !this.#isHollow(each))
    const { head, line } = FORMATS[this.#format]
    return { head: head(columns), rows: this.#rows.map((row) => line(columns.map((each) => row.get(each)))) }
  }
}

function flatten(text: string, span: Span, name: string, row: Row, depth = 0): void {
  const nested = isObjectAt(text, span) && depth < DEEPEST && span.end - span.start > 2
  if (!nested) row.set(name === '' ? 'value' : name, cellOf(text, span))
  else
    eachMember(text, span.start, (member) =>
      flatten(text, member, name === '' ? member.name : `${name}.${member.name}`, row, depth + 1),
    )
}

/** The empty text is told from nothing by its quotes. */
function cellOf(text: string, span: Span): string {
  if (isStringAt(text, span)) return reveal(stringAt(text, span).toWellFormed()) || '""'
  const written = text.slice(span.start, span.end)
  return written === 'null' ? '' : written
}

type Cells = readonly (string | undefined)[]

const FORMATS: Record<Format, { head: (columns: string[]) => string[]; line: (cells: Cells) => string }> = {
  csv: {
    head: (columns) => [columns.map((each) => quoted(reveal(each))).join(',')],
    line: (cells) => cells.map((cell = '') => (cell === '""' ? cell : quoted(cell))).join(','),
  },
  markdown: {
    head: (columns) => [piped(columns.map(reveal)), `|${columns.map(() => '---|').join('')}`],
    line: piped,
  },
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function piped(cells: Cells): string {
  const safe = cells.map((cell = '') => cell.replaceAll('|', '\\|').replace(/\r\n?|\n/g, '<br>'))
  return `| ${safe.join(' | ')} |`
}
