/** How one list is answered: read the filters, keep the rows that pass, sort them, cut them. */
import type { Books } from './books.ts'
import type { Filter } from './filters.ts'
import type { Page, Paging } from './paging.ts'
import { unprocessable } from './problem.ts'

/** Ready to answer: `id` is the path parameter of the lists below a record. */
export interface Collection<Source = Books> {
  path: string
  /** Throws a `Problem`. */
  answer(source: Source, url: URL, id: string): Page
}

/** One row of the table of lists. */
export interface List<Row, Source = Books> {
  path: string
  rows(source: Source, id: string): readonly Row[]
  filters: Record<string, Filter<Row>>
  /** What `sort` may name; a leading minus turns it around. The first one, descending, is how rows come. */
  sorts?: Record<string, (row: Row) => string | number>
  paging: Paging
  /** Members that only the single record shows. */
  hidden?: readonly (keyof Row)[]
}

export function collection<Row extends { id: string }, Source = Books>(
  list: List<Row, Source>,
): Collection<Source> {
  const hidden = new Set<string>((list.hidden ?? []).map(String))
  const shown = (row: Row) => Object.fromEntries(Object.entries(row).filter(([name]) => !hidden.has(name)))
  return {
    path: list.path,
    answer(source, url, id) {
      const tests = Object.entries(list.filters).flatMap(([name, filter]) => {
        const values = url.searchParams.getAll(name)
        return values.length > 0 ? [filter(values, name)] : []
      })
      const rows = list.rows(source, id).filter((row) => tests.every((test) => test(row)))
      const ordered = sorted(rows, url.searchParams.get('sort'), list.sorts)
      return list.paging(ordered, url, hidden.size > 0 ? shown : (row) => row)
    },
  }
}

/** Sorts by a named member; equal rows stay in their order. A list without `sorts` ignores the parameter. */
function sorted<Row>(rows: Row[], sort: string | null, sorts: List<Row>['sorts']): Row[] {
  if (sorts === undefined || sort === null) return rows
  const descending = sort.startsWith('-')
  const name = descending ? sort.slice(1) : sort
  if (!Object.hasOwn(sorts, name)) {
    throw unprocessable(
      'sort',
      `must be one of ${Object.keys(sorts)
        .flatMap((one) => [one, `-${one}`])
        .join(', ')}`,
    )
  }
  const key = sorts[name]!
  const sign = descending ? -1 : 1
  return rows.sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0))
}
