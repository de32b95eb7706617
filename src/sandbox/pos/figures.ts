/** What orders add up to: the same figures in every report, and the best of what was sold. */
import { dateOf } from '../calendar.ts'
import { Money } from '../json.ts'
import type { Order } from './entities.ts'

export interface Figures {
  orders: number
  itemsSold: number
  grossSales: Money
  discounts: Money
  refunds: Money
  netSales: Money
  tax: Money
  averageTicket: Money
}

/** A stretch of days, both inclusive, counted as the calendar does. */
export interface Period {
  from: number
  to: number
}

/** What was paid for, even where it was refunded later; open and cancelled orders are no sales. */
export function salesOf(orders: readonly Order[]): Order[] {
  return orders.filter(({ status }) => status === 'paid' || status === 'refunded')
}

/** What was opened within the period. */
export function within(orders: readonly Order[], { from, to }: Period): Order[] {
  const [first, last] = [dateOf(from), dateOf(to)]
  return orders.filter(({ openedAt }) => openedAt.slice(0, 10) >= first && openedAt.slice(0, 10) <= last)
}

export function figuresOf(orders: readonly Order[]): Figures {
  const sales = salesOf(orders)
  const cents = (each: (order: Order) => Money) => sales.reduce((sum, order) => sum + each(order).cents, 0)
  const gross = cents((order) => order.total)
  const refunds = cents((order) => order.refunded)
  const kept = sales.filter(({ status }) => status === 'paid')
  return {
    orders: sales.length,
    itemsSold: sales.reduce((sum, { lines }) => sum + lines.reduce((all, line) => all + line.quantity, 0), 0),
    grossSales: new Money(gross),
    discounts: new Money(cents((order) => order.discount)),
    refunds: new Money(refunds),
    netSales: new Money(gross - refunds),
    tax: new Money(kept.reduce((sum, order) => sum + order.tax.cents, 0)),
    averageTicket: new Money(sales.length === 0 ? 0 : Math.round(gross / sales.length)),
  }
}

/** Products by what they brought in, before refunds; the best first. */
export function bestOf(orders: readonly Order[], most: number) {
  const sales = salesOf(orders)
  const byProduct = new Map<
    string,
    { name: string; sku: string; category: string; quantity: number; cents: number }
  >()
  for (const { productId, name, sku, category, quantity, total } of sales.flatMap(({ lines }) => lines)) {
    const row = byProduct.get(productId) ?? { name, sku, category, quantity: 0, cents: 0 }
    byProduct.set(productId, { ...row, quantity: row.quantity + quantity, cents: row.cents + total.cents })
  }
  const all = sales.reduce((sum, { total }) => sum + total.cents, 0)
  const ranked = [...byProduct].sort(([a, one], [b, other]) => other.cents - one.cents || (a < b ? -1 : 1))
  return ranked.slice(0, most).map(([productId, { cents, ...row }], index) => ({
    rank: index + 1,
    productId,
    ...row,
    revenue: new Money(cents),
    sharePercent: percent(cents, all),
  }))
}

/** Gross sales by what `key` tells of an order; the largest first. */
export function shares<Name extends string>(
  orders: readonly Order[],
  name: Name,
  key: (order: Order) => string,
) {
  const groups = new Map<string, { orders: number; cents: number }>()
  for (const order of salesOf(orders)) {
    const group = groups.get(key(order)) ?? { orders: 0, cents: 0 }
    groups.set(key(order), { orders: group.orders + 1, cents: group.cents + order.total.cents })
  }
  const ranked = [...groups].sort(([a, one], [b, other]) => other.cents - one.cents || (a < b ? -1 : 1))
  return ranked.map(([value, { orders, cents }]) => ({
    ...({ [name]: value } as Record<Name, string>),
    orders,
    grossSales: new Money(cents),
  }))
}

/** In percent with two decimals, of which amounts have as many. */
export function percent(part: number, all: number): Money {
  return new Money(all === 0 ? 0 : Math.round((part * 10_000) / all))
}
