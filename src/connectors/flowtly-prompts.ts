/** Flowtly's prompts: what people ask of their books every week, and which tools answer which kind of question. */
import type { PromptDeclaration } from '../connector/declaration.ts'

const period = {
  from: { description: 'First day of the period, YYYY-MM-DD', required: true },
  to: { description: 'Last day of the period, YYYY-MM-DD', required: true },
}

export const flowtlyPrompts: Record<string, PromptDeclaration> = {
  which_tool: {
    title: 'Ask Flowtly',
    description:
      'Finds the tool that answers a question about the books, and how to answer from what it returns.',
    arguments: { question: { description: 'What you want to know', required: true } },
    text: `The question: {question}

Answer it from Flowtly alone. Turn names into ids first. Ask for the narrowest rows: dates, status and direction before text.
While an answer has _lectern.next, send that call; else go on with page while there are fewer rows than total, with cursor while
nextCursor is not null, or say where you stopped. Write amounts with their currency, never add two currencies; dates are YYYY-MM-DD. If no tool below
answers it, say so; do not guess.
`,
    tools: [],
    routes: {
      'invoices.list': 'what was billed, is owed, overdue or falls due',
      'invoices.get': 'lines, taxes and payments of one invoice',
      'transactions.list': 'money in and out, spending, missing receipts',
      'bankAccounts.list': 'how much money there is, and where',
      'bankAccounts.get': 'one account',
      'counterparties.list': 'clients and contractors, and their ids',
      'counterparties.get': 'address, tax number and contacts of one',
      'suppliers.list': 'vendors and their usual cost group',
      'contracts.list': 'contracts, their value and end',
      'contracts.get': 'terms of one contract',
      'contracts.paymentScheduleLines': 'its planned payments',
      'attachments.list': 'receipts and papers of an invoice or transaction',
      'attachments.get': 'one paper itself',
      'costGroups.list': 'cost categories and their ids',
      'taxGroups.list': 'tax rates by country',
      'projects.list': 'projects, their clients, budgets and ids',
    },
  },
  overdue_invoices: {
    title: 'What is overdue?',
    description: 'Overdue invoices with what is still owed, longest overdue first.',
    arguments: {
      direction: {
        description: 'sale for what clients owe (default), purchase for what we owe suppliers',
        values: { tool: 'invoices.list', argument: 'direction' },
      },
    },
    text: `List the overdue invoices. Direction: {direction} (sale if nothing is given here).

1. Call invoices.list with that direction, status overdue, sort dueOn and pageSize 200. While an answer has _lectern.next,
send that call; else, while there are fewer rows than total, call again with the next page.
2. Show a table, longest overdue first: number, counterparty, dueOn, days overdue as of today, outstandingAmount with its
currency. What is owed is outstandingAmount, not grossAmount.
3. Below it, one sum of outstandingAmount for each currency. Never add or convert two currencies.

If there are none, say so. Do not guess a reason for late payment, or a date on which it will come.`,
    tools: ['invoices.list'],
  },
  cash_position: {
    title: 'How much money is there?',
    description: 'Balances of all bank accounts in use, by currency.',
    text: `Say how much money there is.

1. Call bankAccounts.list with active true and pageSize 200.
2. Show a table by currency: name, bank, kind, balance, availableBalance and the time of the balance, balanceAsOf.
3. Give one sum for each currency, never one over several. Keep accounts of kind vat out of it and show them below:
that money pays VAT only.

Balances are as of balanceAsOf, which may not be now; say so where it is older than a day. Do not estimate what is not yet
booked.`,
    tools: ['bankAccounts.list'],
  },
  client_statement: {
    title: 'Statement of a client',
    description: 'What a client was billed and has paid in a period, and what is open.',
    arguments: {
      counterparty: { description: 'Name of the client, or its id (cp_ and six digits)', required: true },
      ...period,
    },
    text: `Write a statement for the client {counterparty}, from {from} to {to}.

1. Find its id with counterparties.list and q, unless it is one already. If several fit, ask which; do not choose.
2. Call invoices.list with counterpartyId, direction sale, issuedFrom {from}, issuedTo {to}, sort issuedOn and pageSize 200.
Leave out those with status draft or cancelled.
3. Call transactions.list with counterpartyId, direction incoming, bookedFrom {from}, bookedTo {to} and limit 500.
In both, while an answer has _lectern.next, send that call; else go on with the next page while there are fewer rows than
total, with cursor while nextCursor is not null.
4. In the order of dates, show each invoice (number, issuedOn, dueOn, grossAmount) and each payment (bookedOn, amount,
invoice if linked), with its currency. For each currency: billed, paid, and the sum of outstandingAmount of these invoices.

There is no opening balance here: say that the statement covers this period alone. A payment without invoiceId is not
assigned; do not assign it.`,
    tools: ['counterparties.list', 'invoices.list', 'transactions.list'],
  },
  expiring_contracts: {
    title: 'Which contracts end soon?',
    description: 'Active contracts that end by a date, soonest first.',
    arguments: {
      until: { description: 'Last day to look at, YYYY-MM-DD', required: true },
      direction: {
        description: 'sale where we are paid, purchase where we pay; both if left out',
        values: { tool: 'contracts.list', argument: 'direction' },
      },
    },
    text: `List the contracts that end from today until {until}. Direction: {direction} (both if nothing is given here).

1. Call contracts.list with status ["active"], endsFrom today, endsTo {until} and pageSize 200, and the direction if there is
one. While an answer has _lectern.next, send that call; else, while there are fewer rows than total, call again with the next page.
2. For those that matter most, at most ten, call contracts.get: it has the notice period in noticePeriodDays.
3. Show a table, soonest first: number, title, counterparty, endsOn, totalValue (net) with its currency, autoRenews, and the last
day on which notice can be given (endsOn less the notice period) where you have it.

Contracts without an end are not in this list; say so. Do not guess what was agreed beyond the record.`,
    tools: ['contracts.list', 'contracts.get'],
  },
  spend_by_cost_group: {
    title: 'What was spent on what?',
    description: 'Outgoing payments of a period, summed by cost group and currency.',
    arguments: period,
    text: `Sum what was spent from {from} to {to} by cost group.

1. Call costGroups.list for the names and parents of the groups.
2. Call transactions.list with direction outgoing, bookedFrom {from}, bookedTo {to} and limit 500. While an answer has
_lectern.next, send that call; else go on with cursor and the same filters while nextCursor is not null.
3. Add up amount by costGroup.name and currency. Show a table, largest first: cost group, number of payments, sum with its
currency. Put payments without a cost group into a line of their own.
4. Below it, one total for each currency. Never add or convert two currencies.

Amounts are never negative, direction tells which way they went. If you stopped before the last page, say up to which day the
sums reach. These are payments, not invoices: what is billed and unpaid is not in them.
Do not guess a cost group.`,
    tools: ['costGroups.list', 'transactions.list'],
  },
  missing_receipts: {
    title: 'Which receipts are missing?',
    description: 'Outgoing payments of a period without a receipt or invoice attached.',
    arguments: period,
    text: `List the payments from {from} to {to} that have no document.

1. Call transactions.list with hasAttachment false, direction outgoing, bookedFrom {from}, bookedTo {to} and limit 500.
While an answer has _lectern.next, send that call; else go on with cursor and the same filters while nextCursor is not null.
2. Show a table, largest first: bookedOn, counterparty, description, amount with its currency, and the id (txn_ and six
digits), by which the document can be filed.
3. Below it, how many there are, and one sum for each currency.

Transfers between own accounts, bank fees and taxes may need no receipt: list them apart where the description says so, and
do not leave them out. Do not guess what was bought.`,
    tools: ['transactions.list'],
  },
}
