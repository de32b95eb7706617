/** Draws why money moves: invoices are paid, salaries and taxes fall due, cards are used. */
import { addMonths, dateOf, day, firstDay, today } from './calendar.ts'
import { type Draw, link } from './draw.ts'
import type { CostGroup, Counterparty, Link, Supplier } from './entities.ts'
import type { BankAccount, Invoice } from './entries.ts'

/** One movement before it is booked; `cents` are negative for money paid. */
export interface Movement {
  day: number
  account: BankAccount
  cents: number
  description: string
  party?: Counterparty | undefined
  costGroup?: Link | undefined
  invoice?: Invoice
}

/** What movements are drawn from. */
export interface Causes {
  accounts: BankAccount[]
  invoices: Invoice[]
  companies: Counterparty[]
  suppliers: Supplier[]
  costGroups: CostGroup[]
}

/** Draws `count` movements, in no order: as many card payments as it takes. */
export function drawMovements(draw: Draw, causes: Causes, count: number): Movement[] {
  const movements = [...payments(draw, causes), ...monthly(draw, causes), ...transfers(draw, causes)]
  const byCard = cardPayments(draw, causes)
  while (movements.length < count) movements.push(byCard())
  return movements
}

/** One movement for each invoice that was paid, in full or in part, on the account in its currency. */
function payments({ chance }: Draw, { accounts, invoices, companies, suppliers }: Causes): Movement[] {
  const party = new Map(companies.map((company) => [company.id, company]))
  const costGroup = new Map(suppliers.map((supplier) => [supplier.counterpartyId, supplier.costGroup]))
  return invoices.flatMap((invoice) => {
    const paid = invoice.grossAmount.cents - invoice.outstandingAmount.cents
    if (paid === 0 || invoice.status === 'cancelled') return []
    const issued = day(invoice.issuedOn)
    const buys = invoice.direction === 'purchase'
    return [
      {
        day: invoice.paidOn === null ? chance.int(issued, Math.max(issued, today - 1)) : day(invoice.paidOn),
        account: accounts.find(({ isDefault, currency }) => isDefault && currency === invoice.currency)!,
        cents: buys ? -paid : paid,
        description: `${invoice.number} ${invoice.counterparty.name}`,
        party: party.get(invoice.counterpartyId),
        costGroup: buys && !chance.odds(0.04) ? costGroup.get(invoice.counterpartyId) : undefined,
        invoice,
      },
    ]
  })
}

/** What leaves the first account each month: text, code of the cost group, day, cents from and to. */
const monthlyRows: readonly (readonly [string, string, number, number, number])[] = [
  ['Office rent', '401-01', 4, 210_000, 210_000],
  ['Account and card fees', '404-01', 0, 1_500, 9_900],
  ['Social insurance', '601-02', 14, 380_000, 460_000],
  ['Income tax advance', '701-02', 19, 90_000, 320_000],
]

function monthly({ chance, organization }: Draw, { accounts, costGroups }: Causes): Movement[] {
  const salaries = organization.people.map(
    (person) => [`Salary ${person}`, '601-01', 9, 420_000, 520_000] as const,
  )
  const group = (code: string) => link(costGroups.find((one) => one.code === code)!)
  return months().flatMap((month) =>
    [...monthlyRows, ...salaries].map(([text, code, offset, from, to]) => ({
      day: month + offset,
      account: accounts[0]!,
      cents: -chance.int(from, to),
      description: `${text} ${dateOf(month).slice(0, 7)}`,
      costGroup: group(code),
    })),
  )
}

/** Each month something is put aside in the reserve, and VAT goes to its account and from there to the tax office. */
function transfers({ chance }: Draw, { accounts, costGroups }: Causes): Movement[] {
  const of = (kind: BankAccount['kind']) => accounts.find((account) => account.kind === kind)!
  const vat = link(costGroups.find(({ code }) => code === '701-01')!)
  return months().flatMap((month) => {
    const saved = chance.int(20, 90) * 5_000
    const owed = chance.int(60_000, 380_000)
    return [
      { day: month + 27, account: accounts[0]!, cents: -saved, description: 'Transfer to reserve' },
      { day: month + 27, account: of('savings'), cents: saved, description: 'Transfer to reserve' },
      { day: month + 21, account: accounts[0]!, cents: -owed, description: 'Transfer of VAT' },
      { day: month + 21, account: of('vat'), cents: owed, description: 'Transfer of VAT' },
      { day: month + 24, account: of('vat'), cents: -owed, description: 'VAT return', costGroup: vat },
    ]
  })
}

/** The first day of each month of the books. */
function months(): number[] {
  const days: number[] = []
  for (let month = firstDay; month < today; month = addMonths(month, 1)) days.push(month)
  return days
}

/** Shops that are no counterparty: name and code of the cost group. */
const shops = [
  ['Orlen', '403-01'],
  ['Bolt', '403-01'],
  ['Rail tickets', '403-01'],
  ['Hotel Baltica', '403-01'],
  ['Adobe Creative Cloud', '402-01'],
  ['GitHub', '402-01'],
  ['Hetzner Online', '402-02'],
  ['Café Nowa', '403-03'],
  ['Restoran Sadam', '403-03'],
  ['Office supplies', '501-02'],
  ['Mobile plan', '401-02'],
  ['Trade fair tickets', '403-02'],
] as const

/** Small spending by card: in shops, or with suppliers who sent no invoice; a few are refunds. */
function cardPayments(
  { chance }: Draw,
  { accounts, companies, suppliers, costGroups }: Causes,
): () => Movement {
  const card = accounts.find(({ kind }) => kind === 'card')!
  const party = new Map(companies.map((company) => [company.id, company]))
  const group = new Map(costGroups.map((one) => [one.code, link(one)]))
  return () => {
    const supplier = chance.odds(0.4) ? chance.pick(suppliers) : undefined
    const [shop, code] = chance.pick(shops)
    const unclassified = chance.odds(0.08)
    const cents = chance.int(390, 24_990)
    return {
      day: chance.int(firstDay, today + 1),
      account: card,
      cents: chance.odds(0.015) ? cents : -cents,
      description: `CARD *${chance.int(4410, 4415)} ${supplier?.name ?? shop}`,
      party: supplier && party.get(supplier.counterpartyId),
      costGroup: unclassified ? undefined : (supplier?.costGroup ?? group.get(code)),
    }
  }
}
