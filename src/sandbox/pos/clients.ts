/** Draws the clients that a tenant knows by name, and counts what each of them bought. */
import { firstDay, moment } from '../calendar.ts'
import { times } from '../draw.ts'
import { Money } from '../json.ts'
import type { Client, Order } from './entities.ts'
import type { ShopDraw } from './goods.ts'

export function drawClients({ tenant, chance, id }: ShopDraw, count: number): Client[] {
  return times(count, (number) => {
    const isCompany = chance.odds(0.12)
    const last = chance.pick(tenant.lastNames)
    const first = chance.pick(tenant.firstNames)
    const name = isCompany ? `${last} & ${chance.pick(tenant.lastNames)} Ltd` : `${first} ${last}`
    return {
      id: id('cli', number),
      name,
      kind: isCompany ? 'company' : 'person',
      email: chance.odds(0.82) ? `client${number}@mail.example` : null,
      phone: chance.odds(0.6) ? `${tenant.dial} ${chance.digits(7)}` : null,
      city: chance.pick(tenant.cities),
      loyaltyPoints: chance.int(0, 900),
      marketingConsent: chance.odds(0.4),
      createdAt: moment(firstDay + chance.int(0, 640), chance.int(480, 1080)),
      orderCount: 0,
      totalSpent: new Money(0),
      firstOrderOn: null,
      lastOrderOn: null,
    }
  })
}

/** `orders` from the oldest on. Only what was paid and kept is spent. */
export function addUpOrders(clients: readonly Client[], orders: readonly Order[]): void {
  const known = new Map(clients.map((client) => [client.id, client]))
  for (const { clientId, status, total, openedAt } of orders) {
    const client = known.get(clientId ?? '')
    if (client === undefined || status !== 'paid') continue
    client.orderCount++
    client.totalSpent = new Money(client.totalSpent.cents + total.cents)
    client.firstOrderOn ??= openedAt.slice(0, 10)
    client.lastOrderOn = openedAt.slice(0, 10)
  }
}
