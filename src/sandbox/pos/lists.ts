/** The lists of the point of sale, one row each: where they are, what filters them, how they are cut. */
import { type Collection, collection } from '../collection.ts'
import { contains, equals, flag, from, oneOf, to } from '../filters.ts'
import { byLink, byOffset } from '../paging.ts'
import {
  type Client,
  channels,
  clientDetails,
  type Order,
  orderStatuses,
  type Product,
  productDetails,
  type StockItem,
  stockStatuses,
} from './entities.ts'
import type { Shop } from './shop.ts'

export const lists: readonly Collection<Shop>[] = [
  collection<Product, Shop>({
    path: '/v1/products',
    rows: (shop) => shop.products,
    filters: {
      q: contains((product) => [product.name, product.sku, product.barcode]),
      category: equals((product) => product.category),
      active: flag((product) => product.active),
    },
    paging: byOffset,
    hidden: productDetails,
  }),
  collection<StockItem, Shop>({
    path: '/v1/inventory',
    rows: (shop) => shop.stock,
    filters: {
      locationId: equals((item) => item.locationId),
      productId: equals((item) => item.productId),
      category: equals((item) => item.category),
      status: oneOf((item) => item.status, stockStatuses),
    },
    paging: byOffset,
  }),
  collection<Order, Shop>({
    path: '/v1/orders',
    rows: (shop) => shop.orders,
    filters: {
      from: from((order) => order.openedAt.slice(0, 10)),
      to: to((order) => order.openedAt.slice(0, 10)),
      locationId: equals((order) => order.locationId),
      status: oneOf((order) => order.status, orderStatuses),
      channel: oneOf((order) => order.channel, channels),
      clientId: equals((order) => order.clientId),
    },
    paging: byLink,
  }),
  collection<Client, Shop>({
    path: '/v1/clients',
    rows: (shop) => shop.clients,
    filters: {
      q: contains((client) => [client.name, client.email, client.phone]),
      kind: oneOf((client) => client.kind, ['person', 'company']),
    },
    paging: byLink,
    hidden: clientDetails,
  }),
]
