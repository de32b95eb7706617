/** Draws the invoices: each order numbered, written out line by line, and settled as of today. */
import { dateOf, moment, today } from './calendar.ts'
import { followInvoice } from './contracts.ts'
import { type Draw, isDomestic, link } from './draw.ts'
import type { PaymentScheduleLine, TaxGroup } from './entities.ts'
import type { Invoice, InvoiceLine } from './entries.ts'
import { Money } from './json.ts'
import { drawOrders, type Order, type Sources } from './orders.ts'

/** Draws `count` invoices, the oldest first. */
export function drawInvoices(draw: Draw, sources: Sources, count: number): Invoice[] {
  const costGroupOf = new Map(
    sources.suppliers.map((supplier) => [supplier.counterpartyId, supplier.costGroupId]),
  )
  const number = numbering(draw)
  return drawOrders(draw, sources, count).map((order, index) => {
    const lines = order.payment
      ? [plannedLine(draw, order, order.payment, sources)]
      : drawLines(draw, order, sources)
    const costGroupId = costGroupOf.get(order.party.id) ?? null
    if (order.direction === 'purchase') for (const line of lines) line.costGroupId = costGroupId
    const invoice = write(draw, order, draw.id('inv', index + 1), number(order), lines)
    settle(draw, order, invoice)
    if (order.payment) followInvoice(order.payment, invoice)
    return invoice
  })
}

/** Sales are numbered through each month; purchases carry the number of their seller. */
function numbering({ organization, chance }: Draw): (order: Order) => string {
  const counts = new Map<string, number>()
  return ({ direction, issued, party }) => {
    const month = dateOf(issued).slice(0, 7).replace('-', '/')
    if (direction === 'purchase') return `${party.name.slice(0, 3).toUpperCase()}-${chance.digits(6)}`
    const count = (counts.get(month) ?? 0) + 1
    counts.set(month, count)
    return `${organization.series}/${month}/${String(count).padStart(4, '0')}`
  }
}

/** Home: mostly the standard rate, sometimes a reduced one. Abroad: reverse charge. */
function drawTax(draw: Draw, { party }: Order, { taxGroups }: Sources): TaxGroup {
  if (!isDomestic(draw, party)) return taxGroups.find(({ kind }) => kind === 'reverse_charge')!
  return taxGroups[draw.chance.odds(0.85) ? 0 : draw.chance.int(1, 4)]!
}

function drawLines(draw: Draw, order: Order, sources: Sources): InvoiceLine[] {
  const { chance, organization } = draw
  const lines: InvoiceLine[] = []
  for (let position = chance.int(1, 5); position > 0; position--) {
    const [description, unit] = chance.pick(organization.goods)
    const quantity = chance.int(1, 64) / 4
    lines.unshift(
      line(position, description, quantity, unit, chance.int(1_800, 29_000), drawTax(draw, order, sources)),
    )
  }
  return lines
}

function plannedLine(
  draw: Draw,
  { party }: Order,
  payment: PaymentScheduleLine,
  { taxGroups }: Sources,
): InvoiceLine {
  const kind = isDomestic(draw, party) ? 'standard' : 'reverse_charge'
  const tax = taxGroups.find((group) => group.kind === kind)!
  return line(1, payment.description, 1, 'pcs', payment.netAmount.cents, tax)
}

function line(
  position: number,
  description: string,
  quantity: number,
  unit: string,
  price: number,
  group: TaxGroup,
): InvoiceLine {
  const net = Math.round(price * quantity)
  const tax = Math.round((net * group.rate) / 100)
  return {
    position,
    description,
    quantity,
    unit,
    unitPrice: new Money(price),
    taxGroupId: group.id,
    taxRate: group.rate,
    costGroupId: null,
    netAmount: new Money(net),
    taxAmount: new Money(tax),
    grossAmount: new Money(net + tax),
  }
}

function write(draw: Draw, order: Order, id: string, number: string, lines: InvoiceLine[]): Invoice {
  const { party, project, issued } = order
  const net = lines.reduce((sum, line) => sum + line.netAmount.cents, 0)
  const tax = lines.reduce((sum, line) => sum + line.taxAmount.cents, 0)
  const created = moment(issued, draw.chance.int(480, 1020))
  return {
    id,
    number,
    direction: order.direction,
    status: 'sent',
    issuedOn: dateOf(issued),
    dueOn: dateOf(order.due),
    paidOn: null,
    currency: party.currency,
    netAmount: new Money(net),
    taxAmount: new Money(tax),
    grossAmount: new Money(net + tax),
    outstandingAmount: new Money(net + tax),
    counterpartyId: party.id,
    counterparty: link(party),
    projectId: project?.id ?? null,
    project: project ? link(project) : null,
    lines,
    billingAddress: party.address,
    paymentReference: number,
    notes: draw.chance.odds(0.12) ? 'Thank you for working with us.' : null,
    transactionIds: [],
    attachmentIds: [],
    createdAt: created,
    updatedAt: created,
  }
}

/** Decides what became of an invoice by today. Payments land before today, so that the bank has booked them. */
function settle({ chance }: Draw, { issued, due, payment }: Order, invoice: Invoice): void {
  const paid = Math.max(issued, due + chance.int(-9, 12))
  const gross = invoice.grossAmount.cents
  if (!payment && chance.odds(0.02)) {
    invoice.status = 'cancelled'
    invoice.outstandingAmount = new Money(0)
  } else if (paid < today && !chance.odds(0.025)) {
    invoice.status = 'paid'
    invoice.paidOn = dateOf(paid)
    invoice.outstandingAmount = new Money(0)
    invoice.updatedAt = moment(paid, 1080)
  } else if (paid < today && chance.odds(0.4)) {
    invoice.status = 'partially_paid'
    invoice.outstandingAmount = new Money(gross - Math.round(gross / 2))
  } else if (due < today) {
    invoice.status = 'overdue'
  } else if (!payment && issued > today - 6 && chance.odds(0.5)) {
    invoice.status = 'draft'
  }
}
