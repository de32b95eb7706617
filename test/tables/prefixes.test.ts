/** What a URI under an allowed prefix names: one tool and its arguments, however it is spelled; and prefixes that are none. */
import { describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { compile } from '../../src/connector/compile.ts'
import type { Declaration } from '../../src/connector/declaration.ts'
import type { StartError } from '../../src/errors.ts'
import { createLookup } from '../../src/mcp/prefixes.ts'

const catalog = loadFlowtly()
const find = createLookup(catalog)
const WEB = 'https://workspace.flowtly.eu'

describe('a URI', () => {
  const rows: [string, string, object][] = [
    ['flowtly://invoices', 'invoices.list', {}],
    ['flowtly://invoices/inv_1', 'invoices.get', { invoiceId: 'inv_1' }],
    ['FLOWTLY://invoices/inv_1', 'invoices.get', { invoiceId: 'inv_1' }],
    ['flowtly://bankaccounts/acc_1', 'bankAccounts.get', { bankAccountId: 'acc_1' }],
    ['flowtly://%69nvoices/inv%5F1', 'invoices.get', { invoiceId: 'inv_1' }],
    ['flowtly://contracts/con_1', 'contracts.get', { contractId: 'con_1' }],
    ['flowtly://contracts/con_1/paymentScheduleLines', 'contracts.paymentScheduleLines', { contractId: 'con_1' }],
    ['flowtly://counterparties/cp_1/invoices', 'invoices.list', { counterpartyId: 'cp_1' }],
    ['flowtly://counterparties/cp_1/transactions', 'transactions.list', { counterpartyId: 'cp_1' }],
    ['flowtly://counterparties/cp_1/contracts', 'contracts.list', { counterpartyId: 'cp_1' }],
    ['flowtly://counterparties/cp_1/projects', 'projects.list', { counterpartyId: 'cp_1' }],
    ['flowtly://bankAccounts/acc_1/transactions', 'transactions.list', { bankAccountId: 'acc_1' }],
    ['flowtly://invoices/inv_1/attachments', 'attachments.list', { invoiceId: 'inv_1' }],
    ['flowtly://invoices?status=overdue&page=2', 'invoices.list', { status: 'overdue', page: '2' }],
    ['flowtly://transactions?costGroupId=cg_1&costGroupId=cg_2', 'transactions.list', { costGroupId: ['cg_1', 'cg_2'] }],
    ['flowtly://counterparties/cp_1/invoices?q=a%26b+c', 'invoices.list', { counterpartyId: 'cp_1', q: 'a&b+c' }],
    ['flowtly://invoices?q=a?b=c', 'invoices.list', { q: 'a?b=c' }],
    ['flowtly://invoices?__proto__=1', 'invoices.list', Object.fromEntries([['__proto__', '1']])],
    ['flowtly://taxGroups', 'taxGroups.list', {}],
    [`${WEB}/invoices/inv_1`, 'invoices.get', { invoiceId: 'inv_1' }],
    [`${WEB}/bankAccounts/acc_1/transactions?limit=5`, 'transactions.list', { bankAccountId: 'acc_1', limit: '5' }],
    ['HTTPS://Workspace.Flowtly.EU/invoices/inv_1', 'invoices.get', { invoiceId: 'inv_1' }],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s is %s with %j', (uri, name, args) => {
    const found = find(uri)
    expect(found?.tool.name).toBe(name)
    expect(Object.entries(found!.args)).toEqual(Object.entries(args))
  })

  it.each([
    'flowtly://',
    'flowtly:',
    'flowtly://lost/inv_1',
    'flowtly://invoices/inv_1/lines',
    'flowtly://invoices/inv_1/attachments/att_1',
    'flowtly://attachments/att_1/invoices',
    'flowtly://taxGroups/tg_1',
    'flowtly://counterparties/cp_1/invoices?counterpartyId=cp_2',
    'flowtly://invoices?status',
    'flowtly://invoices?=overdue',
    'flowtly://invoices?',
    'flowtly://invoices?status=%zz',
    `flowtly://invoices?${'q=1&'.repeat(60)}q=1`,
    `flowtly://invoices/${'a'.repeat(2000)}`,
    WEB,
    `${WEB}/`,
    `${WEB}/Invoices/inv_1`,
    'https://workspace.flowtly.eu.example/invoices/inv_1',
    'ledger://invoices/inv_1',
  ])('%s is nothing', (uri) => {
    expect(find(uri)).toBeUndefined()
  })

  it('is read under a namespace that is allowed, and under no other', () => {
    const narrow = createLookup({
      ...catalog,
      allowPrefixes: ['flowtly://counterparties/', `${WEB}/app/eu/`],
    })
    expect(narrow('flowtly://Counterparties/cp_1/invoices')?.tool.name).toBe('invoices.list')
    expect(narrow('flowtly://invoices/inv_1')).toBeUndefined()
    expect(narrow(`${WEB}/app/eu/invoices/inv_1`)?.tool.name).toBe('invoices.get')
    expect(narrow(`${WEB}/app/invoices/inv_1`)).toBeUndefined()
    expect(narrow(`${WEB}/invoices/inv_1`)).toBeUndefined()
  })

  it('is nothing where no prefix is allowed', () => {
    expect(createLookup({ ...catalog, allowPrefixes: [] })('flowtly://invoices/inv_1')).toBeUndefined()
  })

  it('that nearly fits costs no more than reading it', () => {
    const started = performance.now()
    for (let at = 0; at < 200; at++) expect(find(`flowtly://${'%2e'.repeat(600)}\u0000`)).toBeUndefined()
    for (let at = 0; at < 200; at++) expect(find(`flowtly://invoices?${'a=b&'.repeat(495)}`)).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

const document = {
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  servers: [{ url: 'https://api.example.com' }],
  paths: Object.fromEntries(
    ['/things', '/parts', '/things/{id}', '/parts/{id}'].map((path) => [
      path,
      { get: { summary: 'Words.', parameters: path.includes('{') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : [] } },
    ]),
  ),
} // biome-ignore format: one document

function faultsOf(allowPrefixes: string[], tools: Record<string, string> = { list: 'GET /things' }) {
  const declaration: Declaration = {
    name: 'things',
    title: 'Things',
    description: 'Things.',
    access: { type: 'none' },
    resources: { allowPrefixes },
    namespaces: {
      things: {
        title: 'Things',
        description: 'Things.',
        tools: Object.fromEntries(
          Object.entries(tools).map(([action, operation]) => [action, { operation, title: 'T' }]),
        ),
      },
    },
  }
  try {
    compile(declaration, document)
    return []
  } catch (error) {
    return (error as StartError).faults
  }
}

describe('a prefix', () => {
  it.each([
    'things://',
    'things://things/',
    'https://app.example.com/',
    'https://app.example.com:8443/a/b-c/',
  ])('%s can be allowed', (prefix) => {
    expect(faultsOf([prefix])).toEqual([])
  })

  const none = 'is neither things:// nor an https:// prefix, in plain segments that each end in a slash'
  it.each([
    ['', none],
    ['things:', none],
    ['things://things', none],
    ['things://things/../', none],
    ['things://things/%2e%2e/', none],
    ['other://', none],
    ['file:///', none],
    ['http://app.example.com/', none],
    ['https://app.example.com', none],
    ['https://app.example.com/a', none],
    ['https://app.example.com/a/?b/', none],
    ['https://app.example.com/a#b/', none],
    ['https://user@app.example.com/', none],
    ['https://app.example.com//', none],
    ['https://*.example.com/', none],
    ['https://App.example.com/', 'is spelled https://app.example.com/'],
    ['https://app.example.com:443/', 'is spelled https://app.example.com/'],
  ])('%s cannot', (prefix, why) => {
    expect(faultsOf([prefix])).toEqual([`resources.allowPrefixes: ${prefix} ${why}`])
  })

  it('is of a namespace that is there', () => {
    expect(faultsOf(['things://thing/'])).toEqual([
      'resources.allowPrefixes: things://thing/: there is no namespace thing',
    ])
  })

  it('needs an address for each tool', () => {
    const tools = { list: 'GET /things', get: 'GET /parts' }
    const fault = 'resources.allowPrefixes: things.get and things.list would be read at one address'
    expect(faultsOf(['things://'], tools)).toEqual([fault])
    expect(faultsOf([], tools)).toEqual([])
    expect(faultsOf(['things://'], { list: 'GET /things', get: 'GET /things/{id}', part: 'GET /parts' })).toEqual([
      'resources.allowPrefixes: things.part and things.get would be read at one address',
    ])
    expect(faultsOf(['things://'], { list: 'GET /things', get: 'GET /things/{id}', part: 'GET /parts/{id}' })).toEqual([])
  })
}) // biome-ignore format: rows
