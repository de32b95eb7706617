/** Draws why invoices are written: a contract planned one, a client bought, the organization bought. */
import { dateOf, day, firstDay, today } from './calendar.ts'
import type { Agreement } from './contracts.ts'
import { type Draw, favourite } from './draw.ts'
import type { Counterparty, PaymentScheduleLine, Project, Supplier, TaxGroup } from './entities.ts'
import type { Invoice } from './entries.ts'

/** What invoices are drawn from. */
export interface Sources {
  companies: Counterparty[]
  suppliers: Supplier[]
  projects: Project[]
  taxGroups: TaxGroup[]
  agreements: Agreement[]
}

/** An invoice before it is numbered. */
export interface Order {
  direction: Invoice['direction']
  issued: number
  due: number
  party: Counterparty
  project: Project | undefined
  /** The payment that a contract planned, when it is one. */
  payment?: PaymentScheduleLine
}

/** Draws `count` orders, the oldest first. */
export function drawOrders(draw: Draw, sources: Sources, count: number): Order[] {
  const orders = plannedOrders(sources)
  const sale = saleOrders(draw, sources)
  const purchase = purchaseOrders(draw, sources)
  while (orders.length < count) orders.push(draw.chance.odds(0.55) ? sale() : purchase())
  return orders.sort((a, b) => a.issued - b.issued)
}

/** One order for each planned payment that is due to be invoiced, two weeks ahead. */
function plannedOrders({ agreements, companies, projects }: Sources): Order[] {
  const party = new Map(companies.map((company) => [company.id, company]))
  return agreements.flatMap(({ contract, lines, stops }) =>
    lines.flatMap((payment) => {
      const due = day(payment.dueOn)
      if (due - 14 > today || due > stops) return []
      const project = projects.find(({ id }) => id === contract.projectId)
      const { direction, counterpartyId } = contract
      return [{ direction, issued: due - 14, due, party: party.get(counterpartyId)!, project, payment }]
    }),
  )
}

function saleOrders({ chance }: Draw, { companies, projects }: Sources): () => Order {
  const buyers = companies.filter((company) => company.kind !== 'contractor')
  return () => {
    const party = favourite(chance, buyers)
    const issued = chance.int(firstDay, today)
    const project = projects.find((one) => one.counterpartyId === party.id && runs(one, issued))
    return { direction: 'sale', issued, due: issued + party.paymentTermDays, party, project }
  }
}

function purchaseOrders({ chance }: Draw, { companies, suppliers, projects }: Sources): () => Order {
  const supplied = new Set(suppliers.map((supplier) => supplier.counterpartyId))
  const sellers = companies.filter((company) => supplied.has(company.id))
  return () => {
    const party = favourite(chance, sellers)
    const issued = chance.int(firstDay, today)
    const open = projects.filter((one) => one.currency === party.currency && runs(one, issued))
    const project = open.length > 0 && chance.odds(0.3) ? chance.pick(open) : undefined
    return { direction: 'purchase', issued, due: issued + party.paymentTermDays, party, project }
  }
}

/** Whether a project runs on a day, or ended within the two months before it. */
function runs({ startsOn, endsOn }: Project, count: number): boolean {
  return startsOn <= dateOf(count) && (endsOn === null || endsOn >= dateOf(count - 60))
}
