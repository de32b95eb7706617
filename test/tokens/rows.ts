/** The rows of an answer, whether it came as JSON or as CSV: each flat, by dotted names, every value as text. */
type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

export type Row = Record<string, string>

export interface Page {
  rows: Row[]
  /** What stands beside the rows. */
  beside: Record<string, Json>
}

/** `texts` are the text blocks of one result: JSON alone, or CSV and what stands beside it. */
export function pageOf(texts: readonly string[]): Page {
  const [first = '', second = '{}'] = texts
  if (!first.startsWith('{')) return { rows: csvRows(first), beside: JSON.parse(second) }
  const { items, ...beside } = JSON.parse(first) as Record<string, Json>
  if (Array.isArray(items)) return { rows: items.map(flat), beside }
  const { _lectern, ...record } = beside
  return { rows: [flat(record)], beside: { ...(_lectern !== undefined && { _lectern }) } }
}

/** Null is the empty text, as in CSV; a list is its JSON. */
function flat(value: Json): Row {
  const row: Row = {}
  const add = (at: string, each: Json) => {
    if (each === null) row[at] = ''
    else if (typeof each !== 'object') row[at] = String(each)
    else if (Array.isArray(each)) row[at] = JSON.stringify(each)
    else for (const [name, inner] of Object.entries(each)) add(at === '' ? name : `${at}.${name}`, inner)
  }
  add('', value)
  return row
}

function csvRows(text: string): Row[] {
  const [names = [], ...lines] = csvLines(text)
  return lines.map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])))
}

/** RFC 4180 with single line feeds, the last line ended too. */
function csvLines(text: string): string[][] {
  const lines: string[][] = []
  let line: string[] = []
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    line.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    lines.push(line)
    line = []
  }
  return lines
}
