/** Flowtly: invoicing, banking and contracts of one organization; sixteen tools in ten namespaces. */
import { defineConnector } from '../connector/declaration.ts'
import { flowtlyFields, flowtlySources } from './flowtly-answers.ts'
import { flowtlyPrompts } from './flowtly-prompts.ts'

const page = { page: 1, pageSize: 50 }

export const flowtly = defineConnector({
  name: 'flowtly',
  title: 'Flowtly',
  description:
    'Flowtly keeps the finances of one organization: invoices, bank transactions, contracts and the parties behind them. ' +
    'Everything here reads; nothing can be changed. Amounts are in the currency named beside them; dates are YYYY-MM-DD.',
  upstreamErrors: 'jsonrpc',
  // The product page documents the answer to a handshake of 2024-11-05, capabilities and all.
  offersSince: '2025-03-26',
  credentialOrigins: ['https://workspace.flowtly.eu'],
  access: {
    type: 'oauth',
    signIn: { type: 'oauth' },
    // Flowtly's tokens are of one organization by themselves; the claim only tells which.
    organization: { from: 'id_token', name: 'organization', required: false },
    apiKey: { prefix: 'flowtly_' },
  },
  scopes: {
    'invoices:read': 'Sales and purchase invoices, with their lines and payments',
    'banking:read': 'Bank accounts with balances, and bank transactions',
    'contacts:read': 'Customers, suppliers and other parties, with addresses and tax numbers',
    'contracts:read': 'Contracts and their payment schedules',
    'documents:read': 'Attached files, such as receipts',
    'projects:read': 'Projects with budgets and clients',
    'settings:read': 'Cost groups and tax groups',
  },
  ready: 'getStatus',
  resources: { allowPrefixes: ['flowtly://', 'https://workspace.flowtly.eu/'] },
  prompts: flowtlyPrompts,
  namespaces: {
    invoices: {
      title: 'Invoices',
      description: 'Sales and purchase invoices.',
      scope: 'invoices:read',
      defaults: page,
      knowledge: flowtlySources.invoices,
      tools: {
        list: {
          operation: 'listInvoices',
          answers: { summary: flowtlyFields.invoices },
          title: 'List invoices',
          description:
            'Sales and purchase invoices with totals, what is still outstanding, status and counterparty; newest first. ' +
            'Filter by direction, status, dates of issue or payment term, counterparty, project, currency, amount or text. ' +
            'Lines are not included: invoices.get has them. Answers questions such as what is overdue, what a client ' +
            'was billed in a period, or which purchase invoices fall due next week.',
        },
        get: {
          operation: 'getInvoice',
          title: 'Get an invoice',
          description:
            'One invoice by id, with its lines, tax groups, cost groups, payments and linked counterparty and project.',
          resource: true,
        },
      },
    },
    transactions: {
      title: 'Transactions',
      description: 'Bank transactions with amounts, dates and linked counterparties.',
      scope: 'banking:read',
      defaults: { limit: 50 },
      tools: {
        list: {
          operation: 'listTransactions',
          answers: { summary: flowtlyFields.transactions },
          title: 'List bank transactions',
          description:
            'Booked bank transactions, newest first, with amount, counterparty, linked invoice and cost group. Filter by booking ' +
            'date, bank account, counterparty, direction, amount, cost groups or text. Pages by cursor: nextCursor of one ' +
            'answer is the cursor of the next call, null at the end.',
        },
      },
    },
    bankAccounts: {
      title: 'Bank accounts',
      description: 'Bank accounts with balances and currency.',
      scope: 'banking:read',
      defaults: page,
      tools: {
        list: {
          operation: 'listBankAccounts',
          title: 'List bank accounts',
          description:
            'Bank accounts with IBAN, currency and current balance. Answers how much money there is, and where.',
          resource: true,
        },
        get: {
          operation: 'getBankAccount',
          title: 'Get a bank account',
          description: 'One bank account by id, with its balance and the bank that holds it.',
          resource: true,
        },
      },
    },
    counterparties: {
      title: 'Counterparties',
      description: 'Clients and contractors the organization trades with.',
      scope: 'contacts:read',
      defaults: page,
      knowledge: flowtlySources.counterparties,
      tools: {
        list: {
          operation: 'listCounterparties',
          answers: { summary: flowtlyFields.counterparties },
          title: 'List counterparties',
          description:
            'Clients and contractors by name, kind or country. Finds the counterparty id that filters of invoices, ' +
            'transactions, contracts and projects take.',
        },
        get: {
          operation: 'getCounterparty',
          title: 'Get a counterparty',
          description: 'One counterparty by id, with address, tax number, contacts and payment terms.',
          resource: true,
        },
      },
    },
    suppliers: {
      title: 'Suppliers',
      description: 'Cost-side counterparties (vendors).',
      scope: 'contacts:read',
      defaults: page,
      tools: {
        list: {
          operation: 'listSuppliers',
          answers: { summary: flowtlyFields.suppliers },
          title: 'List suppliers',
          description: 'Vendors whose invoices the organization pays, by name, country or usual cost group.',
        },
      },
    },
    contracts: {
      title: 'Contracts',
      description: 'Contracts, single contract details, and their payment schedule lines.',
      scope: 'contracts:read',
      defaults: page,
      knowledge: flowtlySources.contracts,
      tools: {
        list: {
          operation: 'listContracts',
          answers: { summary: flowtlyFields.contracts },
          title: 'List contracts',
          description:
            'Contracts with value, term, status and counterparty. Filter by status, direction, counterparty, project or end ' +
            'date, for instance to see what ends this quarter.',
        },
        get: {
          operation: 'getContract',
          title: 'Get a contract',
          description:
            'One contract by id, with its terms. Its payments are in contracts.paymentScheduleLines.',
          resource: true,
        },
        paymentScheduleLines: {
          operation: 'listContractPaymentScheduleLines',
          answers: { summary: flowtlyFields.scheduleLines },
          title: 'List payment schedule lines of a contract',
          description:
            'The planned payments of one contract: due date, amount, status and the invoice that settles each.',
          resource: { uri: 'flowtly://contracts/{contractId}/paymentScheduleLines' },
        },
      },
    },
    attachments: {
      title: 'Attachments',
      description: 'Documents attached to transactions, such as invoices and receipts.',
      scope: 'documents:read',
      defaults: page,
      tools: {
        list: {
          operation: 'listAttachments',
          title: 'List attachments',
          description:
            'Receipts, invoices and other files with name, type, size and what they are attached to.',
        },
        get: {
          operation: 'getAttachment',
          title: 'Get an attachment',
          description:
            'One attachment by id: its record, or with download set to true the file itself (PDF or image).',
          resource: true,
        },
      },
    },
    costGroups: {
      title: 'Cost groups',
      description: 'Cost categories used to classify spend.',
      scope: 'settings:read',
      tools: {
        list: {
          operation: 'listCostGroups',
          title: 'List cost groups',
          description:
            'All cost categories with code and parent group; their ids filter transactions and suppliers.',
          resource: true,
        },
      },
    },
    taxGroups: {
      title: 'Tax groups',
      description: 'Tax and VAT rate groups.',
      scope: 'settings:read',
      tools: {
        list: {
          operation: 'listTaxGroups',
          title: 'List tax groups',
          description: 'All tax groups with country and rate in percent.',
          resource: true,
        },
      },
    },
    projects: {
      title: 'Projects',
      description: 'Projects with metadata, billing type, and client context.',
      scope: 'projects:read',
      defaults: page,
      tools: {
        list: {
          operation: 'listProjects',
          answers: { summary: flowtlyFields.projects },
          title: 'List projects',
          description:
            'Projects with client, billing type, budget and status. Filter by status, billing type, client or budget.',
        },
      },
    },
  },
})
