/** How a list is cut: by page, by cursor, or not at all. */
import { readCount } from './filters.ts'
import { unprocessable } from './problem.ts'

/** Cuts the matching rows as the query asks, and wraps what is left in the form of the list. */
export type Paging = <Row extends { id: string }>(
  rows: readonly Row[],
  query: URLSearchParams,
  show: (row: Row) => unknown,
) => unknown

/** `page` and `pageSize`; a page beyond the last one is empty. */
export const byPage: Paging = (rows, query, show) => {
  const page = readCount(query.get('page') ?? '1', 'page', 1e9)
  const pageSize = readCount(query.get('pageSize') ?? '50', 'pageSize', 200)
  const items = rows.slice((page - 1) * pageSize, page * pageSize).map(show)
  return { items, page, pageSize, total: rows.length }
}

/** `limit` and `cursor`. The cursor names the last row that was answered; rows run from high ids to low ones. */
export const byCursor: Paging = (rows, query, show) => {
  const limit = readCount(query.get('limit') ?? '100', 'limit', 500)
  const cursor = query.get('cursor')
  const last = cursor === null ? undefined : openCursor(cursor)
  const rest = last === undefined ? rows : rows.filter((row) => row.id < last)
  const items = rest.slice(0, limit)
  const more = rest.length > limit
  return { items: items.map(show), nextCursor: more ? sealCursor(items[items.length - 1]!.id) : null }
}

/** The whole list as a bare array. */
export const whole: Paging = (rows, _query, show) => rows.map(show)

function sealCursor(id: string): string {
  return Buffer.from(id).toString('base64url')
}

function openCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (/^[a-z]+_\d{6}$/.test(id)) return id
  throw unprocessable('cursor', 'must be the nextCursor of an earlier answer')
}
