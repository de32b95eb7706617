/** The lists of the API, one row each: where they are, what they hold, how they are filtered, sorted and cut. */
import { type Collection, collection } from './collection.ts'
import {
  type Attachment,
  type Contract,
  type CostGroup,
  type Counterparty,
  contractDetails,
  counterpartyDetails,
  type PaymentScheduleLine,
  type Project,
  type Supplier,
  type TaxGroup,
} from './entities.ts'
import { type BankAccount, type Invoice, invoiceDetails, type Transaction } from './entries.ts'
import {
  anyOf,
  anyOfRepeated,
  atLeast,
  atMost,
  contains,
  equals,
  flag,
  from,
  matches,
  oneOf,
  to,
} from './filters.ts'
import { byCursor, byPage, whole } from './paging.ts'
import { Problem } from './problem.ts'

const directions = ['sale', 'purchase']
const currency = [/^[A-Z]{3}$/, 'three capital letters (ISO 4217)'] as const
const country = [/^[A-Z]{2}$/, 'two capital letters (ISO 3166-1 alpha-2)'] as const

export const collections: readonly Collection[] = [
  collection<Invoice>({
    path: '/v1/invoices',
    rows: (books) => books.invoices,
    filters: {
      direction: oneOf((invoice) => invoice.direction, directions),
      status: oneOf(
        (invoice) => invoice.status,
        ['draft', 'sent', 'partially_paid', 'paid', 'overdue', 'cancelled'],
      ),
      issuedFrom: from((invoice) => invoice.issuedOn),
      issuedTo: to((invoice) => invoice.issuedOn),
      dueFrom: from((invoice) => invoice.dueOn),
      dueTo: to((invoice) => invoice.dueOn),
      counterpartyId: equals((invoice) => invoice.counterpartyId),
      projectId: equals((invoice) => invoice.projectId),
      currency: matches((invoice) => invoice.currency, ...currency),
      minAmount: atLeast((invoice) => invoice.grossAmount),
      maxAmount: atMost((invoice) => invoice.grossAmount),
      q: contains((invoice) => [invoice.number, invoice.counterparty.name]),
    },
    sorts: {
      issuedOn: (invoice) => invoice.issuedOn,
      dueOn: (invoice) => invoice.dueOn,
      grossAmount: (invoice) => invoice.grossAmount.cents,
    },
    paging: byPage,
    hidden: invoiceDetails,
  }),
  collection<Transaction>({
    path: '/v1/transactions',
    rows: (books) => books.transactions,
    filters: {
      bookedFrom: from((transaction) => transaction.bookedOn),
      bookedTo: to((transaction) => transaction.bookedOn),
      bankAccountId: equals((transaction) => transaction.bankAccountId),
      counterpartyId: equals((transaction) => transaction.counterpartyId),
      direction: oneOf((transaction) => transaction.direction, ['incoming', 'outgoing']),
      minAmount: atLeast((transaction) => transaction.amount),
      maxAmount: atMost((transaction) => transaction.amount),
      costGroupId: anyOfRepeated((transaction) => transaction.costGroupId, 20),
      hasAttachment: flag((transaction) => transaction.attachmentIds.length > 0),
      q: contains((transaction) => [transaction.description, transaction.counterparty?.name]),
    },
    paging: byCursor,
  }),
  collection<BankAccount>({
    path: '/v1/bank-accounts',
    rows: (books) => books.bankAccounts,
    filters: {
      currency: matches((account) => account.currency, ...currency),
      kind: oneOf((account) => account.kind, ['current', 'savings', 'vat', 'card']),
      active: flag((account) => account.active),
    },
    paging: byPage,
  }),
  collection<Counterparty>({
    path: '/v1/counterparties',
    rows: (books) => books.counterparties,
    filters: {
      kind: oneOf((company) => company.kind, ['client', 'contractor', 'both']),
      country: matches((company) => company.address.country, ...country),
      active: flag((company) => company.active),
      q: contains((company) => [company.name, company.vatId, company.email]),
    },
    paging: byPage,
    hidden: counterpartyDetails,
  }),
  collection<Supplier>({
    path: '/v1/suppliers',
    rows: (books) => books.suppliers,
    filters: {
      costGroupId: equals((supplier) => supplier.costGroupId),
      country: matches((supplier) => supplier.address.country, ...country),
      active: flag((supplier) => supplier.active),
      q: contains((supplier) => [supplier.name, supplier.vatId]),
    },
    paging: byPage,
  }),
  collection<Contract>({
    path: '/v1/contracts',
    rows: (books) => books.contracts,
    filters: {
      status: anyOf(
        (contract) => contract.status,
        ['draft', 'active', 'suspended', 'completed', 'terminated'],
      ),
      direction: oneOf((contract) => contract.direction, directions),
      counterpartyId: equals((contract) => contract.counterpartyId),
      projectId: equals((contract) => contract.projectId),
      endsFrom: from((contract) => contract.endsOn),
      endsTo: to((contract) => contract.endsOn),
      q: contains((contract) => [contract.number, contract.title, contract.counterparty.name]),
    },
    paging: byPage,
    hidden: contractDetails,
  }),
  collection<PaymentScheduleLine>({
    path: '/v1/contracts/:id/payment-schedule-lines',
    rows(books, id) {
      const lines = books.schedules.get(id)
      if (lines === undefined) throw new Problem(404, `No contract has the id ${id}`)
      return lines
    },
    filters: {
      status: oneOf((line) => line.status, ['planned', 'invoiced', 'paid', 'overdue', 'cancelled']),
      dueFrom: from((line) => line.dueOn),
      dueTo: to((line) => line.dueOn),
    },
    paging: byPage,
  }),
  collection<Attachment>({
    path: '/v1/attachments',
    rows: (books) => books.attachments,
    filters: {
      transactionId: equals((attachment) => attachment.transactionId),
      invoiceId: equals((attachment) => attachment.invoiceId),
      kind: oneOf(
        (attachment) => attachment.kind,
        ['invoice', 'receipt', 'contract', 'bank_statement', 'other'],
      ),
      uploadedFrom: from((attachment) => attachment.uploadedAt.slice(0, 10)),
      uploadedTo: to((attachment) => attachment.uploadedAt.slice(0, 10)),
    },
    paging: byPage,
  }),
  collection<CostGroup>({
    path: '/v1/cost-groups',
    rows: (books) => books.costGroups,
    filters: { active: flag((group) => group.active) },
    paging: whole,
  }),
  collection<TaxGroup>({
    path: '/v1/tax-groups',
    rows: (books) => books.taxGroups,
    filters: { active: flag((group) => group.active) },
    paging: whole,
  }),
  collection<Project>({
    path: '/v1/projects',
    rows: (books) => books.projects,
    filters: {
      status: oneOf((project) => project.status, ['planned', 'active', 'on_hold', 'completed', 'archived']),
      billingType: oneOf(
        (project) => project.billingType,
        ['fixed_price', 'time_and_materials', 'retainer', 'internal'],
      ),
      counterpartyId: equals((project) => project.counterpartyId),
      'budget[min]': atLeast((project) => project.budget),
      'budget[max]': atMost((project) => project.budget),
      q: contains((project) => [project.code, project.name, project.client?.name]),
    },
    paging: byPage,
  }),
]
