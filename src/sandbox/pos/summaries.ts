/** A day and a period in short: what was sold, beside the day or the period before it. */
import { dateOf, day } from '../calendar.ts'
import { Money } from '../json.ts'
import { askedDate, askedOrders, askedPeriod } from './asked.ts'
import type { Order } from './entities.ts'
import { bestOf, figuresOf, type Period, salesOf, shares, within } from './figures.ts'
import { dated } from './reports.ts'
import type { Shop } from './shop.ts'

/** How many products a summary names. */
const BEST = 5

export function daySummary(shop: Shop, url: URL): unknown {
  const date = day(askedDate(url.searchParams, 'date'))
  const all = askedOrders(shop, url)
  const orders = within(all, { from: date, to: date })
  const before = { from: date - 7, to: date - 7 }
  const count = (status: Order['status']) => orders.filter((order) => order.status === status).length
  return {
    date: dateOf(date),
    currency: shop.tenant.currency,
    figures: figuresOf(orders),
    openOrders: count('open'),
    cancelledOrders: count('cancelled'),
    weekBefore: { date: dateOf(before.from), figures: figuresOf(within(all, before)) },
    byHour: shares(orders, 'hour', ({ openedAt }) => openedAt.slice(11, 13)).sort((a, b) =>
      a.hour < b.hour ? -1 : 1,
    ),
    byChannel: shares(orders, 'channel', ({ channel }) => channel),
    byPayment: paid(orders),
    topProducts: bestOf(orders, BEST),
  }
}

export function periodSummary(shop: Shop, url: URL): unknown {
  const period = askedPeriod(url)
  const all = askedOrders(shop, url)
  const orders = within(all, period)
  const length = period.to - period.from + 1
  const before: Period = { from: period.from - length, to: period.from - 1 }
  const byDay = shares(orders, 'date', ({ openedAt }) => openedAt.slice(0, 10))
  const { from, to } = dated(period)
  const isNew = ({ firstOrderOn }: Shop['clients'][number]) =>
    firstOrderOn !== null && firstOrderOn >= from && firstOrderOn <= to
  return {
    from,
    to,
    days: length,
    currency: shop.tenant.currency,
    figures: figuresOf(orders),
    before: { ...dated(before), figures: figuresOf(within(all, before)) },
    bestDay: byDay.at(0) ?? null,
    weakestDay: byDay.at(-1) ?? null,
    byChannel: shares(orders, 'channel', ({ channel }) => channel),
    byPayment: paid(orders),
    topProducts: bestOf(orders, BEST),
    newClients: shop.clients.filter(isNew).length,
  }
}

/** What came in by each method, refunds included; the largest first. */
function paid(orders: readonly Order[]) {
  const methods = new Map<string, { name: string; cents: number }>()
  for (const { paymentId, name, amount } of salesOf(orders).flatMap(({ payments }) => payments)) {
    methods.set(paymentId, { name, cents: (methods.get(paymentId)?.cents ?? 0) + amount.cents })
  }
  const ranked = [...methods].sort(([a, one], [b, other]) => other.cents - one.cents || (a < b ? -1 : 1))
  return ranked.map(([paymentId, { name, cents }]) => ({ paymentId, name, amount: new Money(cents) }))
}
