/** The books of one organization: every record, each list in the order in which the API answers it. */
import { drawAttachments } from './attachments.ts'
import { drawAgreements, settleAgreement } from './contracts.ts'
import { createDraw } from './draw.ts'
import type {
  Attachment,
  Contract,
  CostGroup,
  Counterparty,
  PaymentScheduleLine,
  Project,
  Supplier,
  TaxGroup,
} from './entities.ts'
import type { BankAccount, Invoice, Transaction } from './entries.ts'
import { drawCostGroups, drawTaxGroups } from './groups.ts'
import { drawInvoices } from './invoices.ts'
import { Money } from './json.ts'
import { drawMovements } from './movements.ts'
import type { Organization } from './organizations.ts'
import { drawCounterparties, drawSuppliers } from './parties.ts'
import { drawProjects } from './projects.ts'
import { bookMovements, drawBankAccounts } from './transactions.ts'

export interface Books {
  organization: string
  invoices: readonly Invoice[]
  transactions: readonly Transaction[]
  bankAccounts: readonly BankAccount[]
  counterparties: readonly Counterparty[]
  suppliers: readonly Supplier[]
  contracts: readonly Contract[]
  /** By contract id. */
  schedules: ReadonlyMap<string, readonly PaymentScheduleLine[]>
  attachments: readonly Attachment[]
  costGroups: readonly CostGroup[]
  taxGroups: readonly TaxGroup[]
  projects: readonly Project[]
}

const invoiceCount = 3_000
const transactionCount = 8_000

/** Draws the books; the same organization always gets the same ones. */
export function drawBooks(organization: Organization): Books {
  const draw = createDraw(organization)
  const costGroups = drawCostGroups(draw)
  const taxGroups = drawTaxGroups(draw)
  const companies = drawCounterparties(draw)
  const suppliers = drawSuppliers(draw, companies, costGroups)
  const projects = drawProjects(draw, companies)
  const agreements = drawAgreements(draw, companies, projects)
  const invoices = drawInvoices(draw, { companies, suppliers, projects, taxGroups, agreements }, invoiceCount)
  for (const agreement of agreements) settleAgreement(agreement)
  addUpInvoices(invoices, projects, companies)
  const contracts = agreements.map(({ contract }) => contract)
  const accounts = drawBankAccounts(draw)
  const movements = drawMovements(
    draw,
    { accounts, invoices, companies, suppliers, costGroups },
    transactionCount,
  )
  const transactions = bookMovements(draw, accounts, movements)
  const attachments = drawAttachments(draw, { invoices, transactions, contracts })
  return {
    organization: organization.name,
    invoices: latestFirst(invoices, (invoice) => invoice.issuedOn),
    transactions: transactions.toReversed(),
    bankAccounts: accounts,
    counterparties: companies.toSorted((a, b) => compare(a.name, b.name)),
    suppliers: suppliers.toSorted((a, b) => compare(a.name, b.name)),
    contracts: latestFirst(contracts, (contract) => contract.startsOn),
    schedules: new Map(agreements.map(({ contract, lines }) => [contract.id, lines])),
    attachments: latestFirst(attachments, (attachment) => attachment.uploadedAt),
    costGroups: costGroups.toSorted((a, b) => compare(a.code, b.code)),
    taxGroups,
    projects,
  }
}

/** By code unit: the same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function latestFirst<T extends { id: string }>(rows: readonly T[], date: (row: T) => string): T[] {
  return rows.toSorted((a, b) => compare(date(b), date(a)) || compare(b.id, a.id))
}

/** Fills in what other records say about invoices: totals of projects, open balances of counterparties. */
function addUpInvoices(invoices: Invoice[], projects: Project[], companies: Counterparty[]): void {
  const project = new Map(projects.map((one) => [one.id, one]))
  const company = new Map(companies.map((one) => [one.id, one]))
  for (const invoice of invoices) {
    if (invoice.status === 'draft' || invoice.status === 'cancelled') continue
    const side = invoice.direction === 'sale' ? 'invoicedAmount' : 'spentAmount'
    const owner = project.get(invoice.projectId ?? '')
    if (owner) owner[side] = new Money(owner[side].cents + invoice.netAmount.cents)
    if (invoice.outstandingAmount.cents > 0) open(company.get(invoice.counterpartyId)!, invoice)
  }
}

function open(company: Counterparty, { currency, direction, outstandingAmount }: Invoice): void {
  let balance = company.openBalances.find((one) => one.currency === currency)
  if (!balance) {
    balance = { currency, receivable: new Money(0), payable: new Money(0) }
    company.openBalances.push(balance)
  }
  const side = direction === 'sale' ? 'receivable' : 'payable'
  balance[side] = new Money(balance[side].cents + outstandingAmount.cents)
}
