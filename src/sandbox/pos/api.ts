/** The point-of-sale API as openapi/flowpos.json describes it, read-only, over the shops of two tenants. */
import type { Context, Hono } from 'hono'
import { bearerOf, json, readOnlyApi, text, unauthorized } from '../answers.ts'
import { Problem } from '../problem.ts'
import { find } from '../records.ts'
import { cedar } from './cedar.ts'
import { delta } from './delta.ts'
import { askedFormat } from './formats.ts'
import { clientHealth, inventoryHealth } from './health.ts'
import { posKeys, type Scope } from './keys.ts'
import { lists } from './lists.ts'
import { salesByLocation, salesReport, topProducts } from './reports.ts'
import { drawShop, type Shop } from './shop.ts'
import { daySummary, periodSummary } from './summaries.ts'
import { tables } from './tables.ts'

/** What is computed when it is asked for, and the scope that the key needs. */
const figures: readonly [path: string, scope: Scope, answer: (shop: Shop, url: URL) => unknown][] = [
  ['/v1/tenants', 'pos:read', tenantsOf],
  ['/v1/reports/sales', 'reports:read', salesReport],
  ['/v1/reports/top-products', 'reports:read', topProducts],
  ['/v1/reports/sales-by-location', 'reports:read', salesByLocation],
  ['/v1/summaries/day', 'pos:intents', daySummary],
  ['/v1/summaries/period', 'pos:intents', periodSummary],
  ['/v1/health/inventory', 'pos:intents', inventoryHealth],
  ['/v1/health/client', 'pos:intents', clientHealth],
]

const records: readonly [path: string, name: string, rows: (shop: Shop) => readonly { id: string }[]][] = [
  ['/v1/products/:id', 'product', ({ products }) => products],
  ['/v1/orders/:id', 'order', ({ orders }) => orders],
  ['/v1/clients/:id', 'client', ({ clients }) => clients],
]

/** Each shop is drawn when a key first opens it. */
export function createPos(): Hono {
  const shops = new Map<string, Shop>()
  const enter = (c: Context, scope: Scope) => shopOf(tenantFor(c, scope), shops)
  const api = readOnlyApi()
  api.get('/v1/status', (c) => c.json({ status: 'ok' }))
  for (const { path, answer } of lists) {
    api.get(path, (c) => {
      const { body, headers } = answer(enter(c, 'pos:read'), urlOf(c), '')
      return json(c, body, headers)
    })
  }
  for (const [path, name, rows] of records) {
    api.get(path, (c) => json(c, find(rows(enter(c, 'pos:read')), c.req.param('id') ?? '', name)))
  }
  for (const [path, scope, answer] of figures) {
    api.get(path, (c) => json(c, answer(enter(c, scope), urlOf(c))))
  }
  for (const [name, rows] of Object.entries(tables)) {
    api.get(`/v1/data/${name}`, (c) => {
      const shop = enter(c, 'pos:read')
      const { type, write } = askedFormat(urlOf(c))
      return text(c, write(rows(shop)), { 'content-type': type })
    })
  }
  return api
}

/** The tenant that the key opens. Throws a 401 problem where it opens none, and 403 where it lacks the scope. */
function tenantFor(c: Context, scope: Scope): string {
  const authorization = c.req.header('authorization')
  const known = posKeys.find(({ key }) => key === bearerOf(authorization))
  if (known === undefined) throw unauthorized('flowpos', authorization)
  if (!known.scopes.includes(scope)) throw new Problem(403, `The key lacks the scope ${scope}`)
  return known.tenant
}

function shopOf(id: string, shops: Map<string, Shop>): Shop {
  const shop = shops.get(id) ?? drawShop([cedar, delta].find((tenant) => tenant.id === id)!)
  shops.set(id, shop)
  return shop
}

function tenantsOf({ tenant: { id, name, legalName, country, currency }, locations }: Shop): unknown {
  return [{ id, name, legalName, country, currency, timeZone: 'UTC', locations }]
}

function urlOf(c: Context): URL {
  return new URL(c.req.url)
}
