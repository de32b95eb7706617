/** The reports of the point of sale: sales over time, the best products, sales by location; computed when asked. */
import { dateOf } from '../calendar.ts'
import { unprocessable } from '../problem.ts'
import { askedLimit, askedOrders, askedPeriod } from './asked.ts'
import { bestOf, figuresOf, type Period, percent, within } from './figures.ts'
import type { Shop } from './shop.ts'

export function salesReport(shop: Shop, url: URL): unknown {
  const period = askedPeriod(url)
  const groupBy = url.searchParams.get('groupBy') ?? 'day'
  const cut = CUTS.get(groupBy)
  if (cut === undefined) throw unprocessable('groupBy', `must be one of ${[...CUTS.keys()].join(', ')}`)
  const orders = within(askedOrders(shop, url), period)
  const rows = stretches(period, cut).map((each) => ({ ...dated(each), ...figuresOf(within(orders, each)) }))
  return { ...dated(period), groupBy, currency: shop.tenant.currency, totals: figuresOf(orders), rows }
}

export function topProducts(shop: Shop, url: URL): unknown {
  const period = askedPeriod(url)
  const limit = askedLimit(url)
  const orders = within(askedOrders(shop, url), period)
  return { ...dated(period), currency: shop.tenant.currency, rows: bestOf(orders, limit) }
}

export function salesByLocation({ tenant, locations, orders: all }: Shop, url: URL): unknown {
  const period = askedPeriod(url)
  const orders = within(all, period)
  const totals = figuresOf(orders)
  const selling = locations.filter(({ kind }) => kind !== 'warehouse')
  const rows = selling.map(({ id, name, city }) => {
    const figures = figuresOf(orders.filter(({ locationId }) => locationId === id))
    const sharePercent = percent(figures.grossSales.cents, totals.grossSales.cents)
    return { locationId: id, name, city, ...figures, sharePercent }
  })
  return { ...dated(period), currency: tenant.currency, totals, rows }
}

export function dated({ from, to }: Period): { from: string; to: string } {
  return { from: dateOf(from), to: dateOf(to) }
}

/** The first day after the stretch that a day is in. 1970-01-01 was a Thursday; weeks begin on Monday. */
const CUTS: ReadonlyMap<string, (day: number) => number> = new Map([
  ['day', (day: number) => day + 1],
  ['week', (day: number) => day + 7 - ((day + 3) % 7)],
  ['month', (day: number) => nextMonth(day)],
])

function nextMonth(day: number): number {
  const date = new Date(day * 86_400_000)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 86_400_000
}

/** The period cut into stretches, the first and the last of which may be short. */
function stretches({ from, to }: Period, cut: (day: number) => number): Period[] {
  const all: Period[] = []
  for (let first = from; first <= to; first = cut(first)) {
    all.push({ from: first, to: Math.min(to, cut(first) - 1) })
  }
  return all
}
