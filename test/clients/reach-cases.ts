/** What is asked of the clients by `reach.ts`: answers too long for one, tables, mistakes, failures, files. */
import type { FaultName } from '../../src/sandbox/faults.ts'
import type { Call } from './row.ts'

export type Api = 'flowtly' | 'pos' | 'letters'
export type Case = Call & {
  api: Api
  /** How the upstream misbehaves meanwhile. */
  fault?: FaultName
  /** Where the upstream has the rows that must arrive, each once, when `_lectern.next` is followed to the end. */
  rows?: string
}

const spring = { issuedFrom: '2025-03-01', issuedTo: '2025-04-30' }
const early = { bookedFrom: '2026-04-20' }
const june = { from: '2026-06-08', to: '2026-06-30' }
const query = (filter: Record<string, string>): string => new URLSearchParams(filter).toString()
const invoices = `/v1/invoices?pageSize=200&${query(spring)}`

export const cases: Record<string, Case> = {
  'list, a summary': {
    api: 'flowtly',
    tool: 'invoices.list',
    args: { ...spring, pageSize: 200 },
    rows: invoices,
  },
  'list, 77 KB': {
    api: 'flowtly',
    tool: 'invoices.list',
    args: { ...spring, pageSize: 200, fields: ['*'] },
    rows: invoices,
  },
  'list, 257 KB': {
    api: 'flowtly',
    tool: 'transactions.list',
    args: { ...early, limit: 500, fields: ['*'] },
    rows: `/v1/transactions?limit=500&${query(early)}`,
  },
  'list, 474 KB': {
    api: 'pos',
    tool: 'orders.list',
    args: { ...june, perPage: 500 },
    rows: `/v1/orders?perPage=500&${query(june)}`,
  },
  'list, Cyrillic': { api: 'letters', tool: 'letters_list', args: {}, rows: '/letters?all=1' },
  'table, CSV': {
    api: 'flowtly',
    tool: 'invoices.list',
    args: { ...spring, pageSize: 200, fields: ['*'], format: 'csv' },
    rows: invoices,
  },
  'table, Markdown': {
    api: 'flowtly',
    tool: 'invoices.list',
    args: { pageSize: 20, fields: ['id', 'number', 'counterparty.name'], format: 'markdown', skip: 5 },
  },
  'mistake in arguments': { api: 'flowtly', tool: 'invoices.list', args: { pageSize: 0 } },
  'upstream 404': { api: 'flowtly', tool: 'invoices.get', args: { invoiceId: 'inv_999999' } },
  'upstream 502': { api: 'flowtly', tool: 'invoices.list', args: {}, fault: 'bad-gateway' },
  'upstream 404, as a result': { api: 'pos', tool: 'orders.get', args: { orderId: 'ord_999999' } },
  picture: { api: 'flowtly', tool: 'attachments.get', args: { attachmentId: 'att_000794', download: true } },
  PDF: { api: 'flowtly', tool: 'attachments.get', args: { attachmentId: 'att_000321', download: true } },
}
