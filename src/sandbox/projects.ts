/** Draws the projects of an organization. */
import { addMonths, dateOf, firstDay, today } from './calendar.ts'
import { type Draw, link, times } from './draw.ts'
import type { Counterparty, Project } from './entities.ts'
import { Money } from './json.ts'

const projects = 30
const billing: readonly Project['billingType'][] = [
  'fixed_price',
  'time_and_materials',
  'fixed_price',
  'retainer',
  'time_and_materials',
  'internal',
]

export function drawProjects(draw: Draw, clients: Counterparty[]): Project[] {
  return times(projects, (count) => drawProject(draw, count, clients[count * 2]!))
}

function drawProject(draw: Draw, count: number, buyer: Counterparty): Project {
  const { chance, organization } = draw
  const billingType = billing[count % billing.length]!
  const client = billingType === 'internal' ? null : buyer
  const subject = organization.projects[count % organization.projects.length]!
  const starts = addMonths(firstDay, chance.int(0, 31))
  const ends = addMonths(starts, chance.int(3, 14)) - 1
  const status = drawStatus(draw, starts, ends)
  return {
    id: draw.id('prj', count),
    code: `${organization.code}-${String(count).padStart(3, '0')}`,
    name: `${client === null ? 'Own' : client.name.split(' ').slice(0, 2).join(' ')} ${subject}`,
    status,
    billingType,
    counterpartyId: client?.id ?? null,
    client: client && link(client),
    startsOn: dateOf(starts),
    endsOn: status === 'active' && chance.odds(0.3) ? null : dateOf(ends),
    currency: client?.currency ?? organization.currencies[0],
    budget: client && chance.odds(0.85) ? new Money(chance.int(16, 480) * 25_000) : null,
    hourlyRate: billingType === 'time_and_materials' ? new Money(chance.int(120, 420) * 50) : null,
    invoicedAmount: new Money(0),
    spentAmount: new Money(0),
    manager: chance.pick(organization.people),
    tags: [subject, ...(chance.odds(0.3) ? ['priority'] : [])],
  }
}

function drawStatus({ chance }: Draw, starts: number, ends: number): Project['status'] {
  if (starts > today) return 'planned'
  if (ends < today) return chance.odds(0.4) ? 'archived' : 'completed'
  return chance.odds(0.2) ? 'on_hold' : 'active'
}
