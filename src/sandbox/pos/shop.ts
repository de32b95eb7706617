/** The shop of one tenant: every record, each list in the order in which the API answers it. */
import { createChance } from '../chance.ts'
import { createIds } from '../draw.ts'
import { addUpOrders, drawClients } from './clients.ts'
import type { Client, Order, StockItem } from './entities.ts'
import { drawGoods, type Goods } from './goods.ts'
import { drawOrders } from './orders.ts'
import { drawPlaces, type Places } from './places.ts'
import { drawStock } from './stock.ts'
import type { Tenant } from './tenant.ts'

export interface Shop extends Goods, Places {
  tenant: Tenant
  id(prefix: string, count: number): string
  clients: readonly Client[]
  /** The newest first. */
  orders: readonly Order[]
  stock: readonly StockItem[]
}

const clientCount = 600
const orderCount = 4_000

/** Draws the shop; the same tenant always gets the same one. */
export function drawShop(tenant: Tenant): Shop {
  const draw = { tenant, chance: createChance(tenant.seed), id: createIds(tenant.firstId) }
  const goods = drawGoods(draw)
  const places = drawPlaces(draw)
  const clients = drawClients(draw, clientCount)
  const orders = drawOrders(draw, { ...places, products: goods.products, clients }, orderCount)
  addUpOrders(clients, orders)
  const stock = drawStock(draw, goods.products, places.locations, orders)
  return { tenant, id: draw.id, ...goods, ...places, clients, orders: orders.toReversed(), stock }
}
