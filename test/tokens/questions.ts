/**
 * Twelve questions that people ask of their books, and the calls that answer each: those that Flowtly's prompts name, where a
 * prompt is about it. Today is the sandbox's, 2026-06-30.
 */
import type { Row } from './rows.ts'

/** One call, read on to its last row; what it finds is what the later calls name. */
export interface Step {
  tool: string
  arguments: Record<string, unknown>
  /** What a model would add that knows its question: the fields that it needs, and rows as CSV. */
  best?: { fields?: string[]; format?: 'csv' }
}

export interface Question {
  asked: string
  steps: Step[]
  /** The answer, from the rows of each call. */
  answerOf: (...found: Row[][]) => unknown
}

const LARGE = { pageSize: 200 }
const Q2 = { issuedFrom: '2026-04-01', issuedTo: '2026-06-30' }
const june = { bookedFrom: '2026-06-01', bookedTo: '2026-06-30', limit: 500 }
const may = { bookedFrom: '2026-05-01', bookedTo: '2026-05-31', limit: 500 }

/** How a name becomes an id: one row, or few. */
const find = (tool: string, q: string): Step => ({ tool, arguments: { q } })

const csv = (...fields: string[]) => ({ fields, format: 'csv' as const })

export const questions: Question[] = [
  {
    asked: 'Which sales invoices are overdue, and how much is owed?',
    steps: [
      {
        tool: 'invoices.list',
        arguments: { direction: 'sale', status: 'overdue', sort: 'dueOn', ...LARGE },
        best: csv('number', 'counterparty.name', 'dueOn', 'currency', 'outstandingAmount'),
      },
    ],
    answerOf: (overdue = []) => ({
      rows: overdue.map(pick('number', 'counterparty.name', 'dueOn')),
      owed: sums(overdue, 'outstandingAmount', 'currency'),
    }),
  },
  {
    asked: 'How much money is there?',
    steps: [
      {
        tool: 'bankAccounts.list',
        arguments: { active: true, ...LARGE },
        best: csv('name', 'bankName', 'kind', 'currency', 'balance', 'availableBalance', 'balanceAsOf'),
      },
    ],
    answerOf: (accounts = []) => ({
      of: accounts.map(pick('name', 'bankName', 'balanceAsOf')),
      booked: sums(accounts, 'balance', 'kind', 'currency'),
      available: sums(accounts, 'availableBalance', 'kind', 'currency'),
    }),
  },
  {
    asked: 'What was Elbufer Design billed in the second quarter?',
    steps: [
      find('counterparties.list', 'Elbufer Design'),
      {
        tool: 'invoices.list',
        arguments: { counterpartyId: 'cp_000030', direction: 'sale', ...Q2 },
        best: csv('number', 'status', 'issuedOn', 'currency', 'grossAmount'),
      },
    ],
    answerOf: (clients = [], invoices = []) => ({
      client: clients.map(pick('id', 'name')),
      rows: invoices.map(pick('number', 'issuedOn')),
      billed: sums(invoices.filter(isIssued), 'grossAmount', 'currency'),
    }),
  },
  {
    asked: 'Which purchase invoices fall due next week?',
    steps: [
      {
        tool: 'invoices.list',
        arguments: { direction: 'purchase', dueFrom: '2026-07-06', dueTo: '2026-07-12', sort: 'dueOn' },
        best: csv('number', 'counterparty.name', 'status', 'dueOn', 'currency', 'outstandingAmount'),
      },
    ],
    answerOf: (invoices = []) => ({
      rows: invoices.filter(isOpen).map(pick('number', 'counterparty.name', 'dueOn')),
      payable: sums(invoices.filter(isOpen), 'outstandingAmount', 'currency'),
    }),
  },
  {
    // Of each currency five: amounts of two are not compared.
    asked: 'What were the biggest outgoing transactions in June?',
    steps: [
      {
        tool: 'transactions.list',
        arguments: { direction: 'outgoing', ...june },
        best: csv('id', 'bookedOn', 'amount', 'currency', 'counterparty.name', 'description'),
      },
    ],
    answerOf: (transactions = []) =>
      ['EUR', 'PLN', 'USD'].map((currency) =>
        transactions
          .filter((row) => row.currency === currency)
          .toSorted((a, b) => cents(b.amount) - cents(a.amount))
          .slice(0, 5)
          .map((row) => [...pick('id', 'bookedOn', 'counterparty.name', 'currency')(row), cents(row.amount)]),
      ),
  },
  {
    asked: 'Which contracts end by September, and when must notice be given?',
    steps: [
      {
        tool: 'contracts.list',
        arguments: { status: ['active'], endsFrom: '2026-06-30', endsTo: '2026-09-30', ...LARGE },
      },
      ...['con_000012', 'con_000020', 'con_000007'].map((contractId) => ({
        tool: 'contracts.get',
        arguments: { contractId },
        best: { fields: ['id', 'endsOn', 'noticePeriodDays', 'autoRenews'] },
      })),
    ],
    answerOf: (ending = [], ...terms) => ({
      ending: ending.map(pick('id', 'title', 'counterparty.name', 'totalValue', 'currency')),
      notice: terms.flat().map(pick('id', 'endsOn', 'noticePeriodDays', 'autoRenews')),
    }),
  },
  {
    asked: 'What was spent in May, by cost group?',
    steps: [
      { tool: 'costGroups.list', arguments: {}, best: csv('id', 'code', 'name', 'parentId') },
      {
        tool: 'transactions.list',
        arguments: { direction: 'outgoing', ...may },
        best: csv('amount', 'currency', 'costGroup.name'),
      },
    ],
    answerOf: (groups = [], transactions = []) => ({
      groups: groups.map(pick('id', 'code', 'name', 'parentId')),
      spent: sums(transactions, 'amount', 'costGroup.name', 'currency'),
    }),
  },
  {
    asked: 'Statement of Blaufuchs Events for the second quarter',
    steps: [
      find('counterparties.list', 'Blaufuchs Events'),
      {
        tool: 'invoices.list',
        arguments: {
          counterpartyId: 'cp_000023',
          direction: 'sale',
          ...Q2,
          sort: 'issuedOn',
          ...LARGE,
        },
        best: csv('number', 'status', 'issuedOn', 'dueOn', 'currency', 'grossAmount', 'outstandingAmount'),
      },
      {
        tool: 'transactions.list',
        arguments: {
          counterpartyId: 'cp_000023',
          direction: 'incoming',
          bookedFrom: '2026-04-01',
          bookedTo: '2026-06-30',
          limit: 500,
        },
        best: csv('bookedOn', 'amount', 'currency', 'invoiceId'),
      },
    ],
    answerOf: (clients = [], invoices = [], payments = []) => ({
      client: clients.map(pick('id', 'name')),
      billed: sums(invoices.filter(isIssued), 'grossAmount', 'currency'),
      open: sums(invoices.filter(isIssued), 'outstandingAmount', 'currency'),
      paid: sums(payments, 'amount', 'currency'),
      entries: [
        ...invoices.map(pick('issuedOn', 'number', 'dueOn')),
        ...payments.map(pick('bookedOn', 'invoiceId')),
      ],
    }),
  },
  {
    asked: 'Which invoices of Älv Media are unpaid?',
    steps: [
      find('suppliers.list', 'Älv Media'),
      {
        tool: 'invoices.list',
        arguments: { counterpartyId: 'cp_000111', direction: 'purchase', ...LARGE },
        best: csv('number', 'status', 'dueOn', 'currency', 'outstandingAmount'),
      },
    ],
    answerOf: (suppliers = [], invoices = []) => ({
      supplier: suppliers.map(pick('counterpartyId', 'name')),
      rows: invoices.filter(isOpen).map(pick('number', 'status', 'dueOn')),
      payable: sums(invoices.filter(isOpen), 'outstandingAmount', 'currency'),
    }),
  },
  {
    asked: 'Which projects are over budget?',
    steps: [
      {
        tool: 'projects.list',
        arguments: {},
        best: csv('code', 'name', 'client.name', 'currency', 'budget', 'spentAmount'),
      },
    ],
    answerOf: (projects = []) =>
      projects
        .filter(({ budget, spentAmount }) => budget !== '' && cents(spentAmount) > cents(budget))
        .map((row) => [
          ...pick('code', 'name', 'client.name')(row),
          cents(row.spentAmount) - cents(row.budget),
        ]),
  },
  {
    asked: 'Which VAT groups does Poland have?',
    steps: [
      { tool: 'taxGroups.list', arguments: {}, best: csv('code', 'name', 'rate', 'country', 'active') },
    ],
    answerOf: (groups = []) =>
      groups.filter(({ country }) => country === 'PL').map(pick('code', 'name', 'rate', 'active')),
  },
  {
    asked: 'When is what to be paid under contract C-2025-039?',
    steps: [
      find('contracts.list', 'C-2025-039'),
      {
        tool: 'contracts.paymentScheduleLines',
        arguments: { contractId: 'con_000039', ...LARGE },
        best: csv('position', 'dueOn', 'status', 'currency', 'grossAmount'),
      },
    ],
    answerOf: (contracts = [], lines = []) => ({
      contract: contracts.map(pick('id', 'number', 'counterparty.name')),
      lines: lines.map(pick('position', 'dueOn', 'status')),
      planned: sums(lines, 'grossAmount', 'status', 'currency'),
    }),
  },
]

function isIssued({ status }: Row): boolean {
  return status !== 'draft' && status !== 'cancelled'
}

function isOpen(row: Row): boolean {
  return isIssued(row) && cents(row.outstandingAmount) > 0
}

function cents(amount: string | undefined): number {
  if (amount === undefined || amount === '') throw new TypeError('the rows do not say the amount')
  return Math.round(Number(amount) * 100)
}

/** What is not in a row cannot be answered from it. */
function pick(...names: string[]): (row: Row) => string[] {
  return (row) =>
    names.map((name) => {
      if (name in row) return row[name]!
      // `counterparty.name` of a row whose counterparty is null.
      if (row[name.split('.')[0]!] === '') return ''
      throw new TypeError(`the rows do not say ${name}`)
    })
}

/** In cents, by the named members; never over two currencies unless that is asked. */
function sums(rows: Row[], amount: string, ...by: string[]): Record<string, number> {
  const found: Record<string, number> = {}
  const keys = pick(...by)
  for (const row of rows) {
    const key = keys(row).join(' ')
    found[key] = (found[key] ?? 0) + cents(row[amount])
  }
  return found
}
