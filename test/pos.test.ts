/** The embedded point of sale is what openapi/flowpos.json says, and its figures add up to its orders. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'
import { agreementOf, type Json, nonsenseFor, serialize } from './agreement.ts'
import { CEDAR, CEDAR_READ, DELTA, posDocument } from './flowpos.ts'

type Row = Record<string, Json>
type OrderRow = Record<'subtotal' | 'discount' | 'total', number> &
  Record<'lines' | 'payments', Row[]> & { status: string }

const { differences, reads, queries } = agreementOf(posDocument)

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

function get(path: string, key = CEDAR, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, ...init.headers }
  return fetch(sandbox.posUrl + path, { ...init, headers })
}

// biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
async function read(path: string, key = CEDAR): Promise<any> {
  return (await get(path, key)).json()
}

const at = (target: string, ...pairs: string[]) =>
  pairs.length === 0 ? target : `${target}?${pairs.join('&')}`

describe('the document and the sandbox agree', () => {
  test.each(reads)('$operationId answers as documented', async ({ target, required, schema }) => {
    for (const paging of [[], ['limit=200', 'perPage=500'], ['offset=99999', 'page=9999']]) {
      const response = await get(at(target, ...required, ...paging))
      expect(response.status).toBe(200)
      expect(differences(schema!, (await response.json()) as Json)).toEqual([])
    }
  })

  const optional = queries.filter(({ parameter }) => !parameter.required)
  test.each(optional)('$operationId: $name has an effect', async ({ target, required, name, parameter }) => {
    const wide = ['limit=200', 'perPage=500'].filter((pair) => !pair.startsWith(`${name}=`))
    const response = await get(at(target, ...required, serialize(parameter, parameter.example!), ...wide))
    expect(response.status).toBe(200)
    expect(await response.text()).not.toBe(await (await get(at(target, ...required, ...wide))).text())
  })

  const strict = queries.flatMap((query) => {
    const nonsense = nonsenseFor(query.parameter.schema)
    return nonsense === undefined ? [] : [{ ...query, nonsense }]
  })
  test.each(strict)(
    '$operationId: $name=$nonsense is refused by name',
    async ({ target, required, name, nonsense }) => {
      const others = required.filter((pair) => !pair.startsWith(`${name}=`))
      const response = await get(at(target, ...others, `${name}=${nonsense}`))
      expect([response.status, response.headers.get('content-type')]).toEqual([
        422,
        'application/problem+json',
      ])
      expect(await response.json()).toMatchObject({ status: 422, errors: [{ parameter: name }] })
    },
  )

  test.each([
    '/v1/products?limit=201',
    '/v1/products?offset=-1',
    '/v1/orders?perPage=501',
    '/v1/orders?page=0',
    '/v1/reports/sales?from=2026-06-30&to=2026-06-29',
    '/v1/reports/sales?from=2025-01-01&to=2026-06-30',
    '/v1/reports/sales?from=2026-06-01',
    '/v1/health/client',
  ])('%s is refused', async (path) => expect((await get(path)).status).toBe(422))

  test('every data list is documented in each of its formats', () => {
    const lists = reads.filter(({ operationId }) => operationId.startsWith('dataList'))
    expect(lists).toHaveLength(13)
    for (const { responses } of lists)
      expect(Object.keys(responses['200']!.content!)).toEqual(['application/json', 'text/csv', 'text/html'])
  })
})

describe('two tenants', () => {
  test.each(reads.filter(({ target }) => /_\d/.test(target)))(
    '$operationId: 404 for the other one',
    async ({ target }) => expect((await get(target, DELTA)).status).toBe(404),
  )

  const ids = async (path: string, key: string) =>
    new Set((await (await get(path, key)).text()).match(/"[a-z]{3}_\w+"/g) ?? [])
  const shared = reads.filter(
    ({ target, operationId }) => !/_\d/.test(target) && !/Status|SalesReport|ClientHealth/.test(operationId),
  )
  test.each(shared)('$operationId: no id in common', async ({ target, required }) => {
    const path = at(target, ...required, 'limit=200', 'perPage=500')
    const [own, others] = [await ids(path, CEDAR), await ids(path, DELTA)]
    expect(own.size).toBeGreaterThan(0)
    expect([...others].filter((id) => own.has(id))).toEqual([])
  })

  test('a filter of the other tenant finds nothing, and its reports say so', async () => {
    expect(await read('/v1/orders?locationId=loc_000001', DELTA)).toEqual([])
    expect(
      (await get('/v1/reports/sales?from=2026-06-01&to=2026-06-02&locationId=loc_000001', DELTA)).status,
    ).toBe(422)
    expect((await get('/v1/health/client?clientId=cli_000002', DELTA)).status).toBe(404)
  })
})

describe('keys', () => {
  test.each(['', 'Bearer', 'Bearer fp_mcp_demo', 'Bearer flowtly_demo_aurora', `Basic ${CEDAR}`])(
    '401 for %j',
    async (authorization) => {
      const response = await get('/v1/orders', '', { headers: { authorization } })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="flowpos"/)
    },
  )

  test('a key opens what its scopes say, and nothing of Flowtly', async () => {
    const statuses = (paths: string[], key: string) =>
      Promise.all(paths.map(async (path) => (await get(path, key)).status))
    const paths = ['/v1/orders', '/v1/reports/sales?from=2026-06-01&to=2026-06-30', '/v1/health/inventory']
    expect(await statuses(paths, CEDAR_READ)).toEqual([200, 403, 403])
    expect(await statuses(paths, CEDAR)).toEqual([200, 200, 200])
    const flowtly = await fetch(`${sandbox.url}/v1/invoices`, {
      headers: { authorization: `Bearer ${CEDAR}` },
    })
    expect(flowtly.status).toBe(401)
  })

  test('nothing can be written', async () => {
    for (const method of ['POST', 'PATCH', 'DELETE'])
      expect((await get('/v1/orders/ord_003900', CEDAR, { method })).status).toBe(405)
  })
})

describe('on the wire', () => {
  test('money keeps two decimals and receipts 19 digits, on pages beyond 200 KB', async () => {
    const text = await (await get('/v1/orders?perPage=500&status=paid')).text()
    expect(text.length).toBeGreaterThan(200_000)
    expect(text.match(/"receiptId":[1-9]\d{18},/g)).toHaveLength(500)
    const amounts = text.match(/"(total|tax|tip|unitPrice|amount)":[^,}]+/g)!
    expect(amounts.length).toBeGreaterThan(2000)
    expect(amounts.filter((amount) => !/:\d+\.\d\d$/.test(amount))).toEqual([])
    expect(amounts.some((amount) => /\.\d0$/.test(amount))).toBe(true)
  })

  test('a list below /v1/data says the same in each format', async () => {
    const rows: Row[] = await read('/v1/data/discounts')
    const csv = await get('/v1/data/discounts?format=csv')
    const html = await get('/v1/data/discounts?format=html')
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const lines = (await csv.text()).split('\r\n')
    expect(lines[0]).toBe(Object.keys(rows[0]!).join(','))
    expect(lines[4]).toBe('dis_000004,"Launch week, ""20 off""",20.00,2026-01-05,2026-01-11')
    expect(lines).toHaveLength(rows.length + 2)
    expect((await html.text()).match(/<tr>/g)).toHaveLength(rows.length + 1)
    expect(await (await get('/v1/data/products?format=html', DELTA)).text()).not.toContain('<eco>')
  })

  test('faults are for it too, and its status answers without a key', async () => {
    sandbox.fault = 'unavailable'
    const broken = (await get('/v1/orders')).status
    sandbox.fault = undefined
    expect([broken, (await fetch(`${sandbox.posUrl}/v1/status`)).status]).toEqual([503, 200])
  })
})

const cents = (amount: number) => Math.round(amount * 100)

async function everyOrder(query: string): Promise<Row[]> {
  const pages = Array.from({ length: 8 }, (_, index) =>
    read(`/v1/orders?perPage=500&page=${index + 1}${query}`),
  )
  return (await Promise.all(pages)).flat()
}

describe('the figures are honest', () => {
  const sum = (rows: Row[], name: string) => rows.reduce((all, row) => all + cents(Number(row[name])), 0)
  const may = 'from=2026-05-01&to=2026-05-31'

  test('an order adds up', async () => {
    for (const order of await everyOrder('&from=2026-05-01')) {
      const { lines, payments, subtotal, discount, total, status } = order as unknown as OrderRow
      expect(sum(lines, 'total')).toBe(cents(total))
      expect(cents(subtotal) - cents(discount)).toBe(cents(total))
      expect(sum(payments, 'amount')).toBe(/paid|refunded/.test(status) ? cents(total) : 0)
    }
  })

  test('a report is its orders, and its rows are its totals', async () => {
    const orders = await everyOrder(`&${may}`)
    const sales = orders.filter(({ status }) => status === 'paid' || status === 'refunded')
    const places = await read(`/v1/reports/sales-by-location?${may}`)
    const summary = await read(`/v1/summaries/period?${may}`)
    for (const groupBy of ['day', 'week', 'month']) {
      const { totals, rows } = await read(`/v1/reports/sales?${may}&groupBy=${groupBy}`)
      expect(rows.at(0).from).toBe('2026-05-01')
      expect(rows.at(-1).to).toBe('2026-05-31')
      expect(totals.orders).toBe(sales.length)
      expect(cents(totals.grossSales)).toBe(sum(sales, 'total'))
      expect(cents(totals.netSales)).toBe(sum(sales, 'total') - sum(sales, 'refunded'))
      expect(places.totals).toEqual(totals)
      expect(summary.figures).toEqual(totals)
      for (const name of ['orders', 'itemsSold', 'grossSales', 'refunds', 'netSales', 'tax'])
        expect([sum(rows, name), sum(places.rows, name)], name).toEqual([
          cents(totals[name]),
          cents(totals[name]),
        ])
    }
    const best = await read(`/v1/reports/top-products?${may}&limit=200`)
    expect(sum(best.rows, 'revenue')).toBe(sum(sales, 'total'))
  })

  test('weeks begin on Monday', async () => {
    const { rows } = await read(`/v1/reports/sales?${may}&groupBy=week`)
    expect(rows.map(({ from }: Row) => from)).toEqual([
      '2026-05-01',
      '2026-05-04',
      '2026-05-11',
      '2026-05-18',
      '2026-05-25',
    ])
  })

  test('a client’s health is their orders', async () => {
    const paid = (await everyOrder('&clientId=cli_000002')).filter(({ status }) => status === 'paid')
    const { orderCount, totalSpent } = await read('/v1/health/client?clientId=cli_000002')
    expect([orderCount, cents(totalSpent)]).toEqual([paid.length, sum(paid, 'total')])
  })

  test('stock by status is all stock', async () => {
    const health = await read('/v1/health/inventory')
    const { total } = await read('/v1/inventory')
    expect(health.items).toBe(total)
    for (const { status, items } of health.byStatus)
      expect((await read(`/v1/inventory?status=${status}`)).total, status).toBe(items)
  })

  test('the same shop each time', async () => {
    const other = await startSandbox()
    const theirs = await fetch(`${other.posUrl}/v1/orders?perPage=500`, {
      headers: { authorization: `Bearer ${DELTA}` },
    })
    expect(await theirs.text()).toBe(await (await get('/v1/orders?perPage=500', DELTA)).text())
    await other.close()
  })
})
