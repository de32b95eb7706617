/** What the parameters of a report ask for: a period, a day, a place, how many rows. */
import { day } from '../calendar.ts'
import { readCount, readDate } from '../filters.ts'
import { unprocessable } from '../problem.ts'
import type { Order } from './entities.ts'
import type { Period } from './figures.ts'
import type { Shop } from './shop.ts'

/** Longest period of a report, in days. */
const LONGEST = 366

export function askedPeriod({ searchParams }: URL): Period {
  const from = day(askedDate(searchParams, 'from'))
  const to = day(askedDate(searchParams, 'to'))
  if (to < from) throw unprocessable('to', 'must not be before from')
  if (to - from >= LONGEST) throw unprocessable('to', `must be within ${LONGEST} days of from`)
  return { from, to }
}

/** A date that must be there. */
export function askedDate(searchParams: URLSearchParams, name: string): string {
  const value = searchParams.get(name)
  if (value === null) throw unprocessable(name, 'is required')
  return readDate(value, name)
}

/** The orders of the location that is asked for, or of all. */
export function askedOrders({ orders, locations }: Shop, { searchParams }: URL): readonly Order[] {
  const locationId = searchParams.get('locationId')
  if (locationId === null) return orders
  if (!locations.some(({ id }) => id === locationId))
    throw unprocessable('locationId', 'must be a location of this tenant')
  return orders.filter((order) => order.locationId === locationId)
}

export function askedLimit({ searchParams }: URL): number {
  return readCount(searchParams.get('limit') ?? '10', 'limit', 200)
}
