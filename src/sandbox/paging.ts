/** How a list is cut: by page, by cursor, by offset, by a link in a header, or not at all. */
import { readCount } from './filters.ts'
import { unprocessable } from './problem.ts'

/** What a list answers. */
export interface Page {
  body: unknown
  headers?: Record<string, string>
}

/** Cuts the matching rows as the query of `url` asks, and wraps what is left in the form of the list. */
export type Paging = <Row extends { id: string }>(
  rows: readonly Row[],
  url: URL,
  show: (row: Row) => unknown,
) => Page

/** `page` and `pageSize`; a page beyond the last one is empty. */
export const byPage: Paging = (rows, { searchParams }, show) => {
  const page = readCount(searchParams.get('page') ?? '1', 'page', 1e9)
  const pageSize = readCount(searchParams.get('pageSize') ?? '50', 'pageSize', 200)
  const items = rows.slice((page - 1) * pageSize, page * pageSize).map(show)
  return { body: { items, page, pageSize, total: rows.length } }
}

/** `limit` and `cursor`. The cursor names the last row that was answered; rows run from high ids to low ones. */
export const byCursor: Paging = (rows, { searchParams }, show) => {
  const limit = readCount(searchParams.get('limit') ?? '100', 'limit', 500)
  const cursor = searchParams.get('cursor')
  const last = cursor === null ? undefined : openCursor(cursor)
  const rest = last === undefined ? rows : rows.filter((row) => row.id < last)
  const items = rest.slice(0, limit)
  const more = rest.length > limit
  return {
    body: { items: items.map(show), nextCursor: more ? sealCursor(items[items.length - 1]!.id) : null },
  }
}

/** `offset`, counted from 0, and `limit`; an offset beyond the last row is empty. */
export const byOffset: Paging = (rows, { searchParams }, show) => {
  const offset = readCount(searchParams.get('offset') ?? '0', 'offset', 1e9, 0)
  const limit = readCount(searchParams.get('limit') ?? '50', 'limit', 200)
  const data = rows.slice(offset, offset + limit).map(show)
  return { body: { data, total: rows.length, offset, limit } }
}

/** `page` and `perPage`, the rows as a bare array; `Link` (RFC 8288) says where the other pages are. */
export const byLink: Paging = (rows, url, show) => {
  const page = readCount(url.searchParams.get('page') ?? '1', 'page', 1e9)
  const perPage = readCount(url.searchParams.get('perPage') ?? '50', 'perPage', 500)
  const last = Math.max(1, Math.ceil(rows.length / perPage))
  const targets = Object.entries({
    first: 1,
    prev: page > 1 ? Math.min(page - 1, last) : undefined,
    next: page < last ? page + 1 : undefined,
    last,
  })
  const links = targets.flatMap(([rel, to]) =>
    to === undefined ? [] : [`<${pageAt(url, to)}>; rel="${rel}"`],
  )
  const body = rows.slice((page - 1) * perPage, page * perPage).map(show)
  return { body, headers: { link: links.join(', '), 'x-total-count': String(rows.length) } }
}

/** The whole list as a bare array. */
export const whole: Paging = (rows, _url, show) => ({ body: rows.map(show) })

/** The same request for another page. */
function pageAt(url: URL, page: number): string {
  const other = new URL(url)
  other.searchParams.set('page', String(page))
  return other.href
}

function sealCursor(id: string): string {
  return Buffer.from(id).toString('base64url')
}

function openCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (/^[a-z]+_\d{6}$/.test(id)) return id
  throw unprocessable('cursor', 'must be the nextCursor of an earlier answer')
}
