/** Invoices and bank transactions, field by field as openapi/flowtly.json describes them. */
import type { Address, Direction, Link } from './entities.ts'
import type { Digits, Money } from './json.ts'

export type InvoiceStatus = 'draft' | 'sent' | 'partially_paid' | 'paid' | 'overdue' | 'cancelled'

export interface InvoiceLine {
  position: number
  description: string
  quantity: number
  unit: string
  unitPrice: Money
  taxGroupId: string
  taxRate: number
  costGroupId: string | null
  netAmount: Money
  taxAmount: Money
  grossAmount: Money
}

export interface Invoice {
  id: string
  number: string
  direction: Direction
  status: InvoiceStatus
  issuedOn: string
  dueOn: string
  paidOn: string | null
  currency: string
  netAmount: Money
  taxAmount: Money
  grossAmount: Money
  outstandingAmount: Money
  counterpartyId: string
  counterparty: Link
  projectId: string | null
  project: Link | null
  lines: InvoiceLine[]
  billingAddress: Address
  paymentReference: string
  notes: string | null
  transactionIds: string[]
  attachmentIds: string[]
  createdAt: string
  updatedAt: string
}

/** What lists of invoices leave out. */
export const invoiceDetails = [
  'lines',
  'billingAddress',
  'paymentReference',
  'notes',
  'transactionIds',
  'attachmentIds',
  'createdAt',
  'updatedAt',
] as const

export interface BankAccount {
  id: string
  name: string
  bankName: string
  kind: 'current' | 'savings' | 'vat' | 'card'
  iban: string
  bic: string
  currency: string
  balance: Money
  availableBalance: Money
  balanceAsOf: string
  isDefault: boolean
  active: boolean
  createdAt: string
}

export interface Transaction {
  id: string
  bankAccountId: string
  status: 'pending' | 'booked'
  bookedOn: string
  valueOn: string | null
  direction: 'incoming' | 'outgoing'
  amount: Money
  currency: string
  balanceAfter: Money
  description: string
  bankReference: Digits
  counterpartyId: string | null
  counterparty: Link | null
  costGroupId: string | null
  costGroup: Link | null
  invoiceId: string | null
  projectId: string | null
  attachmentIds: string[]
  createdAt: string
}
