/** What Flowtly's lists show unless asked for more, and where ChatGPT's company knowledge looks and leads. */
import type { KnowledgeDeclaration } from '../connector/declaration.ts'

const workspace = 'https://workspace.flowtly.eu'

/** Fields of a row that most questions need. */
export const flowtlyFields = {
  invoices: ['id', 'number', 'direction', 'status', 'issuedOn', 'dueOn', 'currency', 'grossAmount', 'outstandingAmount', 'counterpartyId', 'counterparty.name'],
  transactions: ['id', 'bankAccountId', 'status', 'bookedOn', 'direction', 'amount', 'currency', 'description', 'counterpartyId', 'counterparty.name', 'costGroup.name', 'invoiceId'],
  counterparties: ['id', 'name', 'kind', 'vatId', 'email', 'address.country', 'currency', 'active'],
  suppliers: ['id', 'counterpartyId', 'name', 'vatId', 'address.country', 'currency', 'costGroup.name', 'active'],
  contracts: ['id', 'number', 'title', 'status', 'direction', 'counterpartyId', 'counterparty.name', 'startsOn', 'endsOn', 'currency', 'totalValue', 'autoRenews'],
  scheduleLines: ['position', 'dueOn', 'status', 'currency', 'netAmount', 'grossAmount', 'invoiceId', 'paidOn'],
  projects: ['id', 'code', 'name', 'status', 'billingType', 'client.name', 'startsOn', 'endsOn', 'currency', 'budget', 'spentAmount'],
} // biome-ignore format: a list a line

export const flowtlySources = {
  invoices: {
    list: 'list',
    query: 'q',
    get: 'get',
    id: 'invoiceId',
    title: '{number} {counterparty.name}',
    url: `${workspace}/invoices/{id}`,
    updated: 'updatedAt',
    date: 'issuedOn',
  },
  counterparties: {
    list: 'list',
    query: 'q',
    get: 'get',
    id: 'counterpartyId',
    title: '{name}',
    url: `${workspace}/counterparties/{id}`,
    updated: 'updatedAt',
  },
  contracts: {
    list: 'list',
    query: 'q',
    get: 'get',
    id: 'contractId',
    title: '{number} {title}',
    url: `${workspace}/contracts/{id}`,
    updated: 'updatedAt',
    date: 'startsOn',
  },
} satisfies Record<string, KnowledgeDeclaration>
