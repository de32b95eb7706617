/** Draws contracts and the payments they plan; what became of each payment is known once invoices are drawn. */
import { addMonths, dateOf, firstDay, moment, today } from './calendar.ts'
import { type Draw, isDomestic, link, times } from './draw.ts'
import type { Contract, Counterparty, PaymentScheduleLine, Project } from './entities.ts'
import type { Invoice } from './entries.ts'
import { Money } from './json.ts'

const contracts = 40

/** A contract while it is drawn. `stops`: the day after which nothing more is invoiced. */
export interface Agreement {
  contract: Contract
  party: Counterparty
  lines: PaymentScheduleLine[]
  stops: number
}

export function drawAgreements(draw: Draw, companies: Counterparty[], projects: Project[]): Agreement[] {
  const buyers = companies.filter((company) => company.kind !== 'contractor')
  const sellers = companies.filter((company) => company.kind !== 'client')
  let lines = 0
  return times(contracts, (count) => {
    const direction = draw.chance.odds(0.65) ? 'sale' : 'purchase'
    const party = draw.chance.pick(direction === 'sale' ? buyers : sellers)
    const agreement = drawAgreement(draw, count, direction, party)
    const project = projects.find((one) => direction === 'sale' && one.counterpartyId === party.id)
    agreement.contract.projectId = project?.id ?? null
    for (const line of agreement.lines) line.id = draw.id('psl', ++lines)
    return agreement
  })
}

/** When a contract runs: `length` payments, one each `interval` months. */
interface Term {
  starts: number
  ends: number
  length: number
  interval: 1 | 3
}

function drawTerm({ chance }: Draw): Term {
  const length = chance.int(12, 24)
  const interval = chance.odds(0.8) ? 1 : 3
  const starts = addMonths(firstDay, chance.int(2, 33))
  return { starts, ends: addMonths(starts, length * interval) - 1, length, interval }
}

function drawAgreement(
  draw: Draw,
  count: number,
  direction: Contract['direction'],
  party: Counterparty,
): Agreement {
  const term = drawTerm(draw)
  const net = draw.chance.int(800, 12_000) * 50
  const contract = write(draw, count, direction, party, term, net)
  const rate = isDomestic(draw, party) ? draw.organization.taxes[0]![2] : 0
  const lines = times(term.length, (position) => {
    const due = addMonths(term.starts, position * term.interval) - 1
    return planPayment(contract, position, due, net, rate)
  })
  return { contract, party, lines, stops: stopOf(contract, term) }
}

function write(
  draw: Draw,
  count: number,
  direction: Contract['direction'],
  party: Counterparty,
  { starts, ends, length, interval }: Term,
  net: number,
): Contract {
  const { chance, organization } = draw
  const status = drawStatus(draw, count, starts, ends)
  const title = organization.contracts[count % organization.contracts.length]!
  return {
    id: draw.id('con', count),
    number: `C-${dateOf(starts).slice(0, 4)}-${String(count).padStart(3, '0')}`,
    title,
    kind: kindOf(title),
    status,
    direction,
    counterpartyId: party.id,
    counterparty: link(party),
    projectId: null,
    startsOn: dateOf(starts),
    endsOn: status === 'active' && chance.odds(0.25) ? null : dateOf(ends),
    currency: party.currency,
    totalValue: new Money(net * length),
    billingInterval: interval === 1 ? 'monthly' : 'quarterly',
    autoRenews: chance.odds(0.3),
    description: `${title} between ${organization.name} and ${party.name}. Prices are net and fixed for the term.`,
    signedOn: status === 'draft' ? null : dateOf(starts - chance.int(3, 40)),
    noticePeriodDays: chance.pick([14, 30, 30, 60, 90]),
    signatories: [
      { name: chance.pick(organization.people), role: organization.name },
      { name: party.contacts[0]!.name, role: party.name },
    ],
    paidAmount: new Money(0),
    remainingAmount: new Money(0),
    paymentScheduleLineCount: length,
    createdAt: moment(starts - 45, chance.int(480, 1020)),
    updatedAt: moment(starts - 2, chance.int(480, 1020)),
  }
}

/** The last day that a payment of the contract may be due and still be invoiced. */
function stopOf({ status }: Contract, { starts, ends }: Term): number {
  if (status === 'draft') return 0
  if (status === 'suspended') return today - 60
  return status === 'terminated' ? starts + Math.round((today - starts) / 2) : ends
}

function kindOf(title: string): Contract['kind'] {
  if (/lease/i.test(title)) return 'lease'
  if (/supply/i.test(title)) return 'supply'
  return /hosting|library/i.test(title) ? 'subscription' : 'service'
}

/** Every thirteenth contract is unusual, so that each status occurs. */
function drawStatus({ chance }: Draw, count: number, starts: number, ends: number): Contract['status'] {
  if (starts > today) return chance.odds(0.7) ? 'draft' : 'active'
  if (ends < today) return 'completed'
  return ({ 4: 'suspended', 9: 'terminated' } as const)[count % 13] ?? 'active'
}

function planPayment(
  contract: Contract,
  position: number,
  due: number,
  net: number,
  rate: number,
): PaymentScheduleLine {
  const tax = Math.round((net * rate) / 100)
  return {
    id: '',
    contractId: contract.id,
    position,
    description: `${contract.title}, ${position} of ${contract.paymentScheduleLineCount}`,
    dueOn: dateOf(due),
    status: 'planned',
    currency: contract.currency,
    netAmount: new Money(net),
    taxAmount: new Money(tax),
    grossAmount: new Money(net + tax),
    invoiceId: null,
    paidOn: null,
  }
}

/** What a payment has become, by what became of its invoice. */
export function followInvoice(line: PaymentScheduleLine, invoice: Invoice): void {
  const late = line.dueOn < dateOf(today)
  line.invoiceId = invoice.id
  line.paidOn = invoice.paidOn
  line.status = invoice.status === 'paid' ? 'paid' : late ? 'overdue' : 'invoiced'
}

/** Adds up a contract once all of its payments are known. */
export function settleAgreement({ contract, lines, stops }: Agreement): void {
  let paid = 0
  let remaining = 0
  for (const line of lines) {
    if (contract.status === 'terminated' && line.invoiceId === null && line.dueOn > dateOf(stops))
      line.status = 'cancelled'
    if (line.status === 'paid') paid += line.netAmount.cents
    else if (line.status !== 'cancelled') remaining += line.netAmount.cents
  }
  contract.paidAmount = new Money(paid)
  contract.remainingAmount = new Money(remaining)
}
