/** Products, stock, people and orders of one tenant, field by field as openapi/flowpos.json describes them. */
import type { Digits, Money } from '../json.ts'

export interface Location {
  id: string
  name: string
  city: string
  kind: 'shop' | 'kiosk' | 'warehouse'
}

export interface DepartmentGroup {
  id: string
  name: string
}

export interface Department {
  id: string
  name: string
  groupId: string
  /** In percent, with two decimals. */
  taxRate: Money
}

export interface Variation {
  id: string
  productId: string
  name: string
  priceDifference: Money
}

export interface Product {
  id: string
  sku: string
  barcode: string
  name: string
  category: string
  departmentId: string
  price: Money
  cost: Money
  taxRate: Money
  currency: string
  active: boolean
  updatedAt: string
  variations: Variation[]
  stock: { locationId: string; onHand: number }[]
}

/** What lists of products leave out. */
export const productDetails = ['variations', 'stock'] as const

export const stockStatuses = ['ok', 'low', 'out', 'overstock'] as const

export interface StockItem {
  id: string
  productId: string
  sku: string
  name: string
  category: string
  locationId: string
  status: (typeof stockStatuses)[number]
  onHand: number
  reserved: number
  available: number
  reorderPoint: number
  unitCost: Money
  value: Money
  currency: string
  lastSoldOn: string | null
}

export interface Client {
  id: string
  name: string
  kind: 'person' | 'company'
  email: string | null
  phone: string | null
  city: string
  loyaltyPoints: number
  marketingConsent: boolean
  createdAt: string
  orderCount: number
  totalSpent: Money
  firstOrderOn: string | null
  lastOrderOn: string | null
}

/** What lists of clients leave out. */
export const clientDetails = ['orderCount', 'totalSpent', 'firstOrderOn', 'lastOrderOn'] as const

export const orderStatuses = ['open', 'paid', 'refunded', 'cancelled'] as const
export const channels = ['counter', 'table', 'pickup', 'delivery'] as const

export type OrderStatus = (typeof orderStatuses)[number]
export type Channel = (typeof channels)[number]

export interface OrderLine {
  position: number
  productId: string
  sku: string
  name: string
  category: string
  quantity: number
  unitPrice: Money
  discount: Money
  taxRate: Money
  total: Money
}

export interface OrderPayment {
  paymentId: string
  name: string
  amount: Money
}

export interface Order {
  id: string
  number: string
  /** 19 digits; null until it is paid. */
  receiptId: Digits | null
  status: OrderStatus
  channel: Channel
  locationId: string
  cashboxId: string
  userId: string
  clientId: string | null
  tableId: string | null
  openedAt: string
  closedAt: string | null
  currency: string
  subtotal: Money
  discount: Money
  total: Money
  tax: Money
  tip: Money
  refunded: Money
  lines: OrderLine[]
  payments: OrderPayment[]
}

export interface PaymentMethod {
  id: string
  name: string
  kind: 'cash' | 'card' | 'voucher' | 'account'
  opensDrawer: boolean
}

export interface Cashbox {
  id: string
  name: string
  locationId: string
  float: Money
}

export interface Table {
  id: string
  name: string
  locationId: string
  seats: number
}

export interface User {
  id: string
  name: string
  role: 'manager' | 'cashier'
  locationId: string
  active: boolean
}
