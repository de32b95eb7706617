/** Draws where a tenant sells and who does: locations, cashboxes, tables, payment methods, users. */

import { Money } from '../json.ts'
import type { Cashbox, Location, PaymentMethod, Table, User } from './entities.ts'
import { rowsOf, type ShopDraw } from './goods.ts'

export interface Places {
  locations: Location[]
  cashboxes: Cashbox[]
  tables: Table[]
  payments: PaymentMethod[]
  users: User[]
}

const methods = [
  ['Card', 'card', false],
  ['Cash', 'cash', true],
  ['Gift voucher', 'voucher', false],
  ['On account', 'account', false],
] as const

export function drawPlaces({ tenant, chance, id }: ShopDraw): Places {
  const locations = rowsOf(tenant.locations, ([name, city, kind], count) => ({
    id: id('loc', count),
    name,
    city,
    kind,
  }))
  const open = locations.filter(({ kind }) => kind !== 'warehouse')
  const tills = open.flatMap((location) => ['1', '2'].map((number) => ({ location, number })))
  const seated = open.filter(({ kind }) => kind === 'shop')
  const places = seated.flatMap((location) =>
    Array.from({ length: 9 }, (_, index) => ({ location, name: `T${index + 1}` })),
  )
  return {
    locations,
    cashboxes: rowsOf(tills, ({ location, number }, count) => ({
      id: id('box', count),
      name: `${location.name} ${number}`,
      locationId: location.id,
      float: new Money(chance.int(10, 30) * 1000),
    })),
    tables: rowsOf(places, ({ location, name }, count) => ({
      id: id('tbl', count),
      name,
      locationId: location.id,
      seats: chance.pick([2, 2, 4, 4, 6]),
    })),
    payments: rowsOf(methods, ([name, kind, opensDrawer], count) => ({
      id: id('pay', count),
      name,
      kind,
      opensDrawer,
    })),
    users: rowsOf(tenant.staff, (name, count) => ({
      id: id('usr', count),
      name,
      role: count <= open.length ? 'manager' : 'cashier',
      locationId: open[(count - 1) % open.length]!.id,
      active: count < tenant.staff.length,
    })),
  }
}
