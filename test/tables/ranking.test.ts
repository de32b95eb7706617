/** Words of a question and the tool that they mean, among 1,217; the words of a name, and how much a question may cost. */
import { describe, expect, it } from 'vitest'
import { derive } from '../../src/connector/derive.ts'
import { createRanking, wordsOf } from '../../src/tools/ranking.ts'
import type { Offer } from '../../src/tools/tool.ts'
import { manyGets } from '../many.ts'

const { tools } = derive(manyGets()).catalog
const ranking = createRanking(tools)
const names = (query: string, most = 20) => ranking.find(query, most, () => true).map(({ name }) => name)

describe('the first of 1,217 tools', () => {
  it('are so many', () => expect(tools).toHaveLength(1217))

  it.each([
    ['list invoices', 'invoices.list'],
    ['one invoice with its lines', 'invoices.get'],
    ['overdue invoices', 'invoices.list'],
    ['bank transactions', 'transactions.list'],
    ['transactions by booking date and amount', 'transactions.list'],
    ['bank accounts with balance', 'bank_accounts.list'],
    ['one bank account', 'bank_accounts.get'],
    ['list counterparties by country', 'counterparties.list'],
    ['open balances of a counterparty', 'counterparties.get'],
    ['suppliers', 'suppliers.list'],
    ['which contracts end soon', 'contracts.list'],
    ['contract signatories', 'contracts.get'],
    ['payment schedule of a contract', 'contracts.list_payment_schedule_lines'],
    ['attachments of a transaction', 'attachments.list'],
    ['download an attachment', 'attachments.get'],
    ['cost groups', 'cost_groups.list'],
    ['tax groups', 'tax_groups.list'],
    ['projects', 'projects.list'],
    ['is the API up', 'status.get'],
    ['list shipping ferry', 'shipping_ferry.list'],
    ['get turbine of energy', 'energy_turbine.get'],
    ['getEnergyTurbine', 'energy_turbine.get'],
  ])('%s: %s', (query, name) => {
    expect(names(query)[0]).toBe(name)
  })
})

describe('a question', () => {
  it('is answered alike each time, by at most as many as are wanted', () => {
    expect(names('list things of energy')).toEqual(names('list things of energy'))
    expect(names('energy')).toHaveLength(20)
    expect(names('energy', 3)).toEqual(names('energy').slice(0, 3))
  })

  it.each([
    [''],
    ['of the and'],
    ['xyzzy'],
    ['constructor __proto__ toString'],
    ['!!! ???'],
    ['\u202e\u0000'],
  ])('%j finds nothing', (query) => {
    expect(names(query)).toEqual([])
  })

  it('finds nothing that is closed', () => {
    const open = (tool: Offer) => tool.name !== 'suppliers.list'
    expect(ranking.find('suppliers', 20, open).map(({ name }) => name)).not.toContain('suppliers.list')
  })

  it('of a megabyte costs no more than its beginning', () => {
    const started = performance.now()
    names('list invoices energy '.repeat(50_000))
    names('x'.repeat(1_000_000))
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('of no tools at all finds none', () => {
    expect(createRanking([]).find('x', 20, () => true)).toEqual([])
  })
})

it.each([
  ['bankAccounts.list', ['bank', 'account', 'list']],
  ['payment_schedule-lines', ['payment', 'schedule', 'line']],
  ['Companies, boxes, statuses and taxes', ['company', 'box', 'status', 'tax']],
  ['status address bus', ['status', 'address', 'bus']],
  ['Größe ÉTÉ', ['größe', 'été']],
  ['the of in', []],
])('the words of %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words)
})
