/** Draws what is in stock of each product at each location, and when it was last sold there. */
import { Money } from '../json.ts'
import type { Location, Order, Product, StockItem } from './entities.ts'
import type { ShopDraw } from './goods.ts'

/** `orders` from the oldest on. */
export function drawStock(
  draw: ShopDraw,
  products: readonly Product[],
  locations: readonly Location[],
  orders: readonly Order[],
): StockItem[] {
  const sold = lastSold(orders)
  let count = 0
  return products.flatMap((product) =>
    locations.map((location) => {
      count++
      const item = drawItem(draw, product, location, draw.id('stk', count))
      item.lastSoldOn = sold.get(`${product.id} ${location.id}`) ?? null
      product.stock.push({ locationId: location.id, onHand: item.onHand })
      return item
    }),
  )
}

function drawItem({ chance }: ShopDraw, product: Product, location: Location, id: string): StockItem {
  const reorderPoint = chance.int(2, 12)
  const onHand = chance.odds(0.06) ? 0 : chance.int(1, reorderPoint * (chance.odds(0.08) ? 20 : 5))
  const reserved = onHand > 4 && chance.odds(0.2) ? chance.int(1, 3) : 0
  return {
    id,
    productId: product.id,
    sku: product.sku,
    name: product.name,
    category: product.category,
    locationId: location.id,
    status: statusOf(onHand, reorderPoint),
    onHand,
    reserved,
    available: onHand - reserved,
    reorderPoint,
    unitCost: product.cost,
    value: new Money(product.cost.cents * onHand),
    currency: product.currency,
    lastSoldOn: null,
  }
}

function statusOf(onHand: number, reorderPoint: number): StockItem['status'] {
  if (onHand === 0) return 'out'
  if (onHand <= reorderPoint) return 'low'
  return onHand > 8 * reorderPoint ? 'overstock' : 'ok'
}

/** Dates by product and location. */
function lastSold(orders: readonly Order[]): ReadonlyMap<string, string> {
  const sold = new Map<string, string>()
  for (const { status, locationId, openedAt, lines } of orders) {
    if (status !== 'paid') continue
    for (const { productId } of lines) sold.set(`${productId} ${locationId}`, openedAt.slice(0, 10))
  }
  return sold
}
