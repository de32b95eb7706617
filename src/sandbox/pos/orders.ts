/** Draws the orders of half a year: opened in time, written line by line, paid, refunded or cancelled. */
import { dateOf, day, moment, today } from '../calendar.ts'
import { favourite, times } from '../draw.ts'
import { Digits, Money } from '../json.ts'
import type { Channel, Client, Order, OrderLine, OrderPayment, OrderStatus, Product } from './entities.ts'
import type { ShopDraw } from './goods.ts'
import type { Places } from './places.ts'

export interface Counter extends Places {
  products: readonly Product[]
  clients: readonly Client[]
}

/** The first day with orders. */
export const opening = day('2026-01-01')

/** `count` orders, the oldest first. */
export function drawOrders(draw: ShopDraw, counter: Counter, count: number): Order[] {
  const { chance } = draw
  const minutes = times(count, () => chance.int(opening, today) * 1440 + chance.int(450, 1200))
  return minutes
    .sort((a, b) => a - b)
    .map((minute, index) => drawOrder(draw, counter, Math.floor(minute / 1440), minute % 1440, index + 1))
}

function drawOrder(draw: ShopDraw, counter: Counter, date: number, minute: number, count: number): Order {
  const { chance, id, tenant } = draw
  const cashbox = favourite(chance, counter.cashboxes)
  const { locationId } = cashbox
  const status = drawStatus(draw, date, minute)
  const tables = counter.tables.filter((table) => table.locationId === locationId)
  const channel = chance.pick<Channel>(['counter', 'counter', 'counter', 'table', 'pickup', 'delivery'])
  const lines = drawLines(draw, counter.products)
  const sum = (each: (line: OrderLine) => number) => lines.reduce((cents, line) => cents + each(line), 0)
  const total = sum((line) => line.total.cents)
  const isPaid = status === 'paid' || status === 'refunded'
  return {
    id: id('ord', count),
    number: `${dateOf(date).replaceAll('-', '')}-${String(count).padStart(5, '0')}`,
    receiptId: isPaid ? new Digits(chance.digits(19)) : null,
    status,
    channel: channel === 'table' && tables.length === 0 ? 'counter' : channel,
    locationId,
    cashboxId: cashbox.id,
    userId: chance.pick(counter.users).id,
    clientId: chance.odds(0.45) ? favourite(chance, counter.clients).id : null,
    tableId: channel === 'table' && tables.length > 0 ? chance.pick(tables).id : null,
    openedAt: moment(date, minute),
    closedAt: status === 'open' ? null : moment(date, Math.min(1439, minute + chance.int(2, 70))),
    currency: tenant.currency,
    subtotal: new Money(sum((line) => line.unitPrice.cents * line.quantity)),
    discount: new Money(sum((line) => line.discount.cents)),
    total: new Money(total),
    tax: new Money(sum(taxOf)),
    tip: new Money(isPaid && chance.odds(0.15) ? chance.int(1, 8) * 50 : 0),
    refunded: new Money(status === 'refunded' ? total : 0),
    lines,
    payments: isPaid ? drawPayments(draw, counter, total) : [],
  }
}

/** Only what was opened in the last afternoon of the books is still open. */
function drawStatus({ chance }: ShopDraw, date: number, minute: number): OrderStatus {
  const drawn = chance.int(1, 100)
  if (date === today && minute > 900) return drawn <= 70 ? 'open' : 'paid'
  return drawn <= 3 ? 'cancelled' : drawn <= 6 ? 'refunded' : 'paid'
}

function drawLines({ chance }: ShopDraw, products: readonly Product[]): OrderLine[] {
  const reduction = chance.odds(0.08) ? chance.pick([5, 10, 15]) : 0
  return times(chance.pick([1, 1, 2, 2, 3, 4, 6]), (position) => {
    const { id: productId, sku, name, category, price, taxRate } = favourite(chance, products)
    const quantity = chance.pick([1, 1, 1, 1, 2, 2, 3, 5])
    const full = price.cents * quantity
    const discount = Math.round((full * reduction) / 100)
    return {
      position,
      productId,
      sku,
      name,
      category,
      quantity,
      unitPrice: price,
      discount: new Money(discount),
      taxRate,
      total: new Money(full - discount),
    }
  })
}

/** Prices hold the tax. */
function taxOf({ total, taxRate }: OrderLine): number {
  return Math.round((total.cents * taxRate.cents) / (10_000 + taxRate.cents))
}

/** Now and then a voucher pays a part. */
function drawPayments({ chance }: ShopDraw, { payments }: Counter, total: number): OrderPayment[] {
  const [card, cash, voucher, account] = payments
  const main = chance.pick([card!, card!, card!, cash!, cash!, account!])
  const part = total > 1000 && chance.odds(0.06) ? 1000 : 0
  const pay = ({ id, name }: { id: string; name: string }, cents: number) => ({
    paymentId: id,
    name,
    amount: new Money(cents),
  })
  return [pay(main, total - part), ...(part > 0 ? [pay(voucher!, part)] : [])]
}
