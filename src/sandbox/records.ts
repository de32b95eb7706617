/** The single records of the API, one row each: where they are, what they are called, where they are kept. */
import type { Books } from './books.ts'
import { Problem } from './problem.ts'

export interface RecordRow {
  path: string
  name: string
  rows(books: Books): readonly { id: string }[]
}

export const records: readonly RecordRow[] = [
  { path: '/v1/invoices/:id', name: 'invoice', rows: (books) => books.invoices },
  { path: '/v1/bank-accounts/:id', name: 'bank account', rows: (books) => books.bankAccounts },
  { path: '/v1/counterparties/:id', name: 'counterparty', rows: (books) => books.counterparties },
  { path: '/v1/contracts/:id', name: 'contract', rows: (books) => books.contracts },
]

/** The row with an id; throws a 404 problem that names it. */
export function find<Row extends { id: string }>(rows: readonly Row[], id: string, name: string): Row {
  const row = rows.find((one) => one.id === id)
  if (row === undefined) throw new Problem(404, `No ${name} has the id ${id}`)
  return row
}
