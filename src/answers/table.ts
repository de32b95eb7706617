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
/** Characters of JSON that become one of a table at most, as an escape does, or `"":null,` beside a column. */
const LARGEST = 10

/** Cells by column, as they are written; empty for nothing. */
type Row = Map<string, string>

/** Takes rows one by one until what they make is surely longer than `room` characters. */
export class Table {
  readonly #format: Format
  readonly #room: number
  readonly #columns = new Set<string>()
  readonly #rows: Row[] = []
  #length = 0
  #tooWide = false

  constructor(format: Format, room: number) {
    this.#format = format
    this.#room = room
  }

  /** False where the table is full or too wide; the row is then not in it. */
  add(text: string, span: Span): boolean {
    if (span.end - span.start > LARGEST * (this.#room + MOST_COLUMNS)) return false
    if (this.#length + this.#rows.length * Math.max(this.#columns.size, 1) > this.#room) return false
    const row: Row = new Map()
    this.#tooWide = !flatten(text, span, FORMATS[this.#format].text, row)
    for (const column of row.keys()) this.#columns.add(column)
    this.#tooWide ||= this.#columns.size > MOST_COLUMNS
    if (this.#tooWide) return false
    for (const cell of row.values()) this.#length += cell.length
    this.#rows.push(row)
    return true
  }

  /** True for `client` where it is null in some rows, and what it holds in others has columns of its own. */
  #isHollow(column: string): boolean {
    const hasParts = [...this.#columns].some((each) => each.startsWith(`${column}.`))
    return hasParts && this.#rows.every((row) => (row.get(column) ?? '') === '')
  }

  /** What stands above the rows, and each row; undefined where they make no table. */
  lines(): { head: string[]; rows: string[] } | undefined {
    if (this.#tooWide || this.#columns.size === 0) return undefined
    const columns = [...this.#columns].filter((each) => !this.#isHollow(each))
    const { head, line } = FORMATS[this.#format]
    const cells = (row: Row) => columns.map((each) => row.get(each) ?? '')
    return { head: head(columns.map(shown)), rows: this.#rows.map((row) => line(cells(row))) }
  }
}

type Write = (text: string) => string

/** False where there are too many columns. */
function flatten(text: string, root: Span, write: Write, row: Row): boolean {
  let columns = 0
  const visit = (span: Span, name: string | undefined, depth: number) => {
    const nested = depth < DEEPEST && isObjectAt(text, span) && span.end - span.start > 2
    if (nested)
      eachMember(text, span.start, (member) => {
        if (columns <= MOST_COLUMNS) visit(member, below(name, member.name), depth + 1)
      })
    else if (++columns <= MOST_COLUMNS) row.set(name || 'value', cellOf(text, span, write))
  }
  if (!isEmptyAt(text, root)) visit(root, undefined, 0)
  return columns <= MOST_COLUMNS
}

function isEmptyAt(text: string, span: Span): boolean {
  return isObjectAt(text, span) && span.end - span.start === 2
}

/** The dots of a name are not those between names. */
function below(path: string | undefined, name: string): string {
  const own = name.includes('.') ? name.replaceAll('.', '\\.') : name
  return path === undefined ? own : `${path}.${own}`
}

function cellOf(text: string, span: Span, write: Write): string {
  if (isStringAt(text, span)) return write(shown(stringAt(text, span)))
  const written = text.slice(span.start, span.end)
  return written === 'null' ? '' : write(written)
}

function shown(text: string): string {
  return PLAIN.test(text) ? text : reveal(text.toWellFormed())
}

const PLAIN = /^[\x20-\x7e]*$/

interface Writing {
  head: (columns: string[]) => string[]
  line: (cells: string[]) => string
  /** A text that is there: where it is empty, its quotes tell it from nothing. */
  text: Write
}

const FORMATS: Record<Format, Writing> = {
  csv: {
    head: (columns) => [columns.map(quoted).join(',')],
    line: (cells) => cells.join(','),
    text: quoted,
  },
  markdown: {
    head: (columns) => [piped(columns.map(safe)), `|${columns.map(() => '---|').join('')}`],
    line: piped,
    text: safe,
  },
}

function quoted(text: string): string {
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function piped(cells: string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Backslashes before a pipe are doubled, so that it stays the one that is escaped (GFM, 4.10). */
function safe(text: string): string {
  return text === '' ? '""' : text.replace(/(\\*)\|/g, '$1$1\\|').replace(/\r\n?|\n/g, '<br>')
}
