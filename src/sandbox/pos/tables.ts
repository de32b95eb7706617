/** The lists of `/v1/data`: each one whole, flat rows that read as JSON, CSV or HTML. */

import { dateOf, today } from '../calendar.ts'
import { times } from '../draw.ts'
import { Money } from '../json.ts'
import type { Cell } from './formats.ts'
import { rowsOf } from './goods.ts'
import type { Shop } from './shop.ts'

type Row = Record<string, Cell>

/** By the last part of the path. */
export const tables: Readonly<Record<string, (shop: Shop) => readonly Row[]>> = {
  products: ({ products }) =>
    products.map(({ id, sku, barcode, name, departmentId, price, taxRate, active }) => ({
      id,
      sku,
      barcode,
      name,
      departmentId,
      price,
      taxRate,
      active,
    })),
  departments: ({ departments }) =>
    departments.map(({ id, name, groupId, taxRate }) => ({ id, name, groupId, taxRate })),
  department_groups: ({ groups }) => groups.map(({ id, name }) => ({ id, name })),
  clients: ({ clients }) =>
    clients.map(({ id, name, kind, email, phone, city }) => ({ id, name, kind, email, phone, city })),
  variations: ({ products }) =>
    products.flatMap(({ variations }) =>
      variations.map(({ id, productId, name, priceDifference }) => ({
        id,
        productId,
        name,
        priceDifference,
      })),
    ),
  delivery_men: ({ tenant, id }) =>
    rowsOf(tenant.couriers, (name, count) => ({
      id: id('cou', count),
      name,
      phone: `${tenant.dial} 555 01${String(count).padStart(2, '0')}`,
      active: true,
    })),
  payments: ({ payments }) =>
    payments.map(({ id, name, kind, opensDrawer }) => ({ id, name, kind, opensDrawer })),
  cashboxes: ({ cashboxes }) =>
    cashboxes.map(({ id, name, locationId, float }) => ({ id, name, locationId, float })),
  delivery_zones: ({ tenant, id }) =>
    rowsOf(tenant.zones, ([name, postalCodes, fee, least], count) => ({
      id: id('zon', count),
      name,
      postalCodes,
      fee: new Money(fee),
      minimumOrder: new Money(least),
    })),
  relay_points: ({ tenant, id }) =>
    rowsOf(tenant.relayPoints, ([name, street, postalCode, city], count) => ({
      id: id('rel', count),
      name,
      street,
      postalCode,
      city,
    })),
  discounts: ({ id }) => [
    ...times(3, (count) => ({
      id: id('dis', count),
      name: `Counter ${count * 5} %`,
      percent: new Money(count * 500),
      validFrom: dateOf(today - 365),
      validTo: null,
    })),
    {
      id: id('dis', 4),
      name: 'Launch week, "20 off"',
      percent: new Money(2000),
      validFrom: '2026-01-05',
      validTo: '2026-01-11',
    },
  ],
  users: ({ users }) =>
    users.map(({ id, name, role, locationId, active }) => ({ id, name, role, locationId, active })),
  tables: (shop) => shop.tables.map(({ id, name, locationId, seats }) => ({ id, name, locationId, seats })),
}
