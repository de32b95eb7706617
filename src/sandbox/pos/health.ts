/** How stock and clients are doing: what to order again, what does not sell, who has stopped coming. */
import { dateOf, day, today } from '../calendar.ts'
import { Money } from '../json.ts'
import { unprocessable } from '../problem.ts'
import { find } from '../records.ts'
import { askedOrders } from './asked.ts'
import { type Client, type Order, type StockItem, stockStatuses } from './entities.ts'
import { bestOf, shares, within } from './figures.ts'
import type { Shop } from './shop.ts'

/** Rows of each list in an answer. */
const SHOWN = 25

export function inventoryHealth(shop: Shop, url: URL): unknown {
  const recent = within(askedOrders(shop, url), { from: today - 29, to: today })
  const locationId = url.searchParams.get('locationId')
  const items = shop.stock.filter((item) => locationId === null || item.locationId === locationId)
  const sold = quantities(recent)
  const rows = items.map((item) => facts(item, sold.get(`${item.productId} ${item.locationId}`) ?? 0))
  const reorder = rows.filter(({ status }) => status === 'low' || status === 'out')
  const idle = dateOf(today - 60)
  const slow = rows.filter(({ onHand, lastSoldOn }) => onHand > 0 && (lastSoldOn ?? '') < idle)
  const value = (some: readonly { value: Money }[]) =>
    new Money(some.reduce((sum, one) => sum + one.value.cents, 0))
  return {
    asOf: dateOf(today),
    currency: shop.tenant.currency,
    items: items.length,
    value: value(items),
    byStatus: stockStatuses.map((status) => ({
      status,
      items: items.filter((item) => item.status === status).length,
    })),
    toReorder: {
      items: reorder.length,
      first: reorder.toSorted((a, b) => b.soldLast30Days - a.soldLast30Days).slice(0, SHOWN),
    },
    slowMoving: {
      items: slow.length,
      value: value(slow),
      first: slow.toSorted((a, b) => b.value.cents - a.value.cents).slice(0, SHOWN),
    },
  }
}

function facts({ id, category, reserved, available, unitCost, ...item }: StockItem, soldLast30Days: number) {
  const daysLeft = soldLast30Days === 0 ? null : Math.floor((item.onHand * 30) / soldLast30Days)
  return { ...item, soldLast30Days, daysLeft }
}

/** Sold by product and location. */
function quantities(orders: readonly Order[]): ReadonlyMap<string, number> {
  const sold = new Map<string, number>()
  for (const { status, locationId, lines } of orders) {
    if (status !== 'paid') continue
    for (const { productId, quantity } of lines) {
      const key = `${productId} ${locationId}`
      sold.set(key, (sold.get(key) ?? 0) + quantity)
    }
  }
  return sold
}

export function clientHealth(shop: Shop, url: URL): unknown {
  const clientId = url.searchParams.get('clientId')
  if (clientId === null) throw unprocessable('clientId', 'is required')
  if (!/^cli_\d{6}$/.test(clientId)) throw unprocessable('clientId', 'must be cli_ and six digits')
  const client = find(shop.clients, clientId, 'client')
  const orders = shop.orders.filter((order) => order.clientId === clientId && order.status === 'paid')
  const spent = (to: number) =>
    new Money(within(orders, { from: to - 89, to }).reduce((sum, { total }) => sum + total.cents, 0))
  const { orderCount, totalSpent, firstOrderOn, lastOrderOn } = client
  return {
    clientId,
    name: client.name,
    asOf: dateOf(today),
    currency: shop.tenant.currency,
    status: statusOf(client),
    orderCount,
    totalSpent,
    averageTicket: new Money(orderCount === 0 ? 0 : Math.round(totalSpent.cents / orderCount)),
    firstOrderOn,
    lastOrderOn,
    daysSinceLastOrder: lastOrderOn === null ? null : today - day(lastOrderOn),
    averageDaysBetweenOrders: rhythm(client),
    spentLast90Days: spent(today),
    spent90DaysBefore: spent(today - 90),
    favouriteProducts: bestOf(orders, 5),
    byLocation: shares(orders, 'locationId', ({ locationId }) => locationId),
  }
}

function statusOf({ firstOrderOn, lastOrderOn }: Client): string {
  if (firstOrderOn === null || lastOrderOn === null) return 'never_ordered'
  if (today - day(firstOrderOn) <= 30) return 'new'
  const idle = today - day(lastOrderOn)
  return idle <= 30 ? 'active' : idle <= 90 ? 'at_risk' : 'lost'
}

/** To one decimal; null with fewer than two orders. */
function rhythm({ orderCount, firstOrderOn, lastOrderOn }: Client): number | null {
  if (orderCount < 2 || firstOrderOn === null || lastOrderOn === null) return null
  return Math.round(((day(lastOrderOn) - day(firstOrderOn)) * 10) / (orderCount - 1)) / 10
}
