/** Companies, contracts, projects and their kin, field by field as openapi/flowtly.json describes them. */
import type { Money } from './json.ts'

export interface Link {
  id: string
  name: string
}

export interface Address {
  street: string
  postalCode: string
  city: string
  country: string
}

export type Direction = 'sale' | 'purchase'

export interface Counterparty {
  id: string
  name: string
  kind: 'client' | 'contractor' | 'both'
  vatId: string | null
  email: string | null
  phone: string | null
  address: Address
  currency: string
  paymentTermDays: number
  iban: string | null
  active: boolean
  createdAt: string
  updatedAt: string
  registrationNumber: string | null
  contacts: { name: string; role: string; email: string | null }[]
  openBalances: { currency: string; receivable: Money; payable: Money }[]
  notes: string | null
}

/** What lists of counterparties leave out. */
export const counterpartyDetails = ['registrationNumber', 'contacts', 'openBalances', 'notes'] as const

export interface Supplier {
  id: string
  counterpartyId: string
  name: string
  vatId: string | null
  address: Address
  currency: string
  paymentTermDays: number
  iban: string | null
  costGroupId: string
  costGroup: Link
  active: boolean
  createdAt: string
}

export type ContractStatus = 'draft' | 'active' | 'suspended' | 'completed' | 'terminated'

export interface Contract {
  id: string
  number: string
  title: string
  kind: 'service' | 'subscription' | 'lease' | 'supply'
  status: ContractStatus
  direction: Direction
  counterpartyId: string
  counterparty: Link
  projectId: string | null
  startsOn: string
  endsOn: string | null
  currency: string
  totalValue: Money
  billingInterval: 'monthly' | 'quarterly'
  autoRenews: boolean
  description: string
  signedOn: string | null
  noticePeriodDays: number
  signatories: { name: string; role: string }[]
  paidAmount: Money
  remainingAmount: Money
  paymentScheduleLineCount: number
  createdAt: string
  updatedAt: string
}

/** What lists of contracts leave out. */
export const contractDetails = [
  'description',
  'signedOn',
  'noticePeriodDays',
  'signatories',
  'paidAmount',
  'remainingAmount',
  'paymentScheduleLineCount',
  'createdAt',
  'updatedAt',
] as const

export interface PaymentScheduleLine {
  id: string
  contractId: string
  position: number
  description: string
  dueOn: string
  status: 'planned' | 'invoiced' | 'paid' | 'overdue' | 'cancelled'
  currency: string
  netAmount: Money
  taxAmount: Money
  grossAmount: Money
  invoiceId: string | null
  paidOn: string | null
}

export type AttachmentKind = 'invoice' | 'receipt' | 'contract' | 'bank_statement' | 'other'

export interface Attachment {
  id: string
  fileName: string
  kind: AttachmentKind
  mediaType: 'application/pdf' | 'image/png'
  sizeBytes: number
  transactionId: string | null
  invoiceId: string | null
  uploadedBy: string
  uploadedAt: string
}

export interface CostGroup {
  id: string
  code: string
  name: string
  kind: 'operating' | 'payroll' | 'cost_of_sales' | 'capital' | 'tax'
  parentId: string | null
  active: boolean
}

export interface TaxGroup {
  id: string
  code: string
  name: string
  kind: 'standard' | 'reduced' | 'zero' | 'exempt' | 'reverse_charge'
  rate: number
  country: string
  validFrom: string
  validTo: string | null
  active: boolean
}

export interface Project {
  id: string
  code: string
  name: string
  status: 'planned' | 'active' | 'on_hold' | 'completed' | 'archived'
  billingType: 'fixed_price' | 'time_and_materials' | 'retainer' | 'internal'
  counterpartyId: string | null
  client: Link | null
  startsOn: string
  endsOn: string | null
  currency: string
  budget: Money | null
  hourlyRate: Money | null
  invoicedAmount: Money
  spentAmount: Money
  manager: string
  tags: string[]
}
