/** The point of sale through the real connector: every list to its end, formats, tenants, prompts and earlier names. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connector } from '../connector.ts'
import { CEDAR, CEDAR_READ, DELTA, loadFlowpos, startFlowpos } from '../flowpos.ts'

let connector: Connector
beforeAll(async () => {
  // Pages as large as the upstream's: how they are cut is another story.
  connector = await startFlowpos({ LECTERN_ANSWER_BUDGET: '10000000' })
})
afterAll(() => connector.close())

const as = (key: string) => ({ authorization: `Bearer ${key}` })

async function text(name: string, args: object = {}, key = CEDAR): Promise<string> {
  const { result } = await connector.call(name, args, as(key))
  expect(result.isError, result.content?.[0]?.text).toBeUndefined()
  return result.content[0].text
}

/** What the upstream itself answers to the path of the last request. */
function again(key = CEDAR): Promise<Response> {
  return fetch(connector.sandbox.url + connector.sandbox.requests.at(-1)!.path, { headers: as(key) })
}

type Row = { id: string }

describe('every row of a list is reached', () => {
  it.each([
    ['products.list', 94, 40],
    ['products.list', 94, 200],
    ['inventory.list', 282, 60],
  ])('%s: %i by offset, %i at once', async (name, total, limit) => {
    const ids: string[] = []
    for (let offset = 0; ; offset += limit) {
      const body = JSON.parse(await text(name, { offset, limit }))
      expect([body.total, body.offset, body.limit]).toEqual([total, offset, limit])
      if (body.data.length === 0) break
      ids.push(...body.data.map(({ id }: Row) => id))
    }
    expect([ids.length, new Set(ids).size]).toEqual([total, total])
  })

  it.each([
    ['orders.list', { perPage: 500 }, 4000],
    ['orders.list', { perPage: 99, channel: 'delivery' }, undefined],
    ['clients.list', { perPage: 70 }, 600],
  ])('%s %j by the Link header of the upstream', async (name, filter, total) => {
    const ids: string[] = []
    let count = 0
    for (let page: number | undefined = 1; page !== undefined; ) {
      const { items } = JSON.parse(await text(name, { ...filter, page }))
      ids.push(...items.map(({ id }: Row) => id))
      const { headers } = await again()
      count = Number(headers.get('x-total-count'))
      const next = /<([^>]+)>; rel="next"/.exec(headers.get('link')!)?.[1]
      page = next === undefined ? undefined : Number(new URL(next).searchParams.get('page'))
    }
    expect([ids.length, new Set(ids).size]).toEqual([count, count])
    expect(count).toBe(total ?? count)
    expect(count).toBeGreaterThan(100)
  })

  it('the links keep the filters and name the pages around', async () => {
    await text('orders.list', { perPage: 10, page: 3, status: 'refunded' })
    const response = await again()
    const last = Math.ceil(Number(response.headers.get('x-total-count')) / 10)
    const link = (page: number, rel: string) =>
      `<${connector.sandbox.posUrl}/v1/orders?status=refunded&page=${page}&perPage=10>; rel="${rel}"`
    const links = [link(1, 'first'), link(2, 'prev'), link(4, 'next'), link(last, 'last')]
    expect(response.headers.get('link')).toBe(links.join(', '))
  })
})

describe('an answer', () => {
  it('of hundreds of kilobytes keeps its numbers as the upstream wrote them', async () => {
    const body = await text('orders.list', { perPage: 500, from: '2026-01-01' })
    expect(body.length).toBeGreaterThan(200_000)
    expect(body.startsWith(`{"items":${await (await again()).text()},"_lectern":{`)).toBe(true)
    expect(body).toMatch(/"receiptId":[1-9]\d{18},/)
    expect(body).toMatch(/"total":\d+\.\d0,/)
  })

  it.each(['json', 'csv', 'html'])('as %s is what the upstream wrote', async (format) => {
    const body = await text('data.list_discounts', { format })
    expect(connector.sandbox.requests.at(-1)!.path).toBe(`/pos/v1/data/discounts?format=${format}`)
    const sent = await (await again()).text()
    expect(body).toBe(format === 'json' ? `{"items":${sent}}` : sent)
    expect(body).toContain('20.00')
  })

  it('in another format is not asked for', async () => {
    const { result } = await connector.call('data.list_discounts', { format: 'xml' })
    expect(JSON.parse(result.content[0].text)).toMatchObject({ error: 'invalid_arguments' })
  })

  it.each(
    loadFlowpos()
      .tools.filter(({ namespace }) => namespace === 'data')
      .map(({ name }) => name),
  )('%s: rows in each format', async (name) => {
    const rows = JSON.parse(await text(name)).items
    expect(rows.length).toBeGreaterThan(1)
    expect((await text(name, { format: 'csv' })).trimEnd().split('\r\n')).toHaveLength(rows.length + 1)
    expect((await text(name, { format: 'html' })).match(/<tr>/g)).toHaveLength(rows.length + 1)
  })
})

describe('two tenants', () => {
  it('never see each other', async () => {
    expect(await text('tenants.list')).toContain('"tnt_cedar"')
    const theirs = await text('tenants.list', {}, DELTA)
    expect(theirs).toContain('"tnt_delta"')
    expect(theirs).not.toContain('cedar')
    expect(await text('orders.list', {}, DELTA)).not.toContain('"ord_0')
    const { result } = await connector.call('orders.get', { orderId: 'ord_003900' }, as(DELTA))
    expect(JSON.parse(result.content[0].text)).toMatchObject({ error: 'upstream_status', status: 404 })
  })

  it('a key without the scope is told so by the upstream, which alone knows it', async () => {
    await text('orders.list', {}, CEDAR_READ)
    const { result } = await connector.call('insights.day', { date: '2026-06-29' }, as(CEDAR_READ))
    const told = JSON.parse(result.content[0].text)
    expect(told).toMatchObject({ error: 'upstream_status', status: 403 })
    expect(told.message).toContain('The key lacks the scope pos:intents')
  })

  it('what is no key of FlowPOS never reaches it', async () => {
    const before = connector.sandbox.requests.length
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
    expect((await connector.post(body, as('flowtly_demo_aurora'))).status).toBe(401)
    expect(connector.sandbox.requests).toHaveLength(before)
  })
})

const MAY = { from: '2026-05-01', to: '2026-05-31' }

describe('the names that FlowPOS and Kash document', () => {
  it.each([
    ['list_tenants', 'tenants.list', {}],
    ['get_products', 'products.list', { limit: 2 }],
    ['get_product', 'products.get', { productId: 'prd_000001' }],
    ['get_inventory', 'inventory.list', { status: 'out' }],
    ['list_orders', 'orders.list', { perPage: 2 }],
    ['get_order', 'orders.get', { orderId: 'ord_003900' }],
    ['list_clients', 'clients.list', { perPage: 2 }],
    ['get_client', 'clients.get', { clientId: 'cli_000002' }],
    ['get_sales_report', 'reports.sales', { ...MAY, groupBy: 'week' }],
    ['get_top_products', 'reports.topProducts', { ...MAY, limit: 3 }],
    ['get_sales_by_location', 'reports.salesByLocation', MAY],
    ['summarize_day', 'insights.day', { date: '2026-06-29' }],
    ['summarize_period', 'insights.period', MAY],
    ['get_inventory_health', 'insights.inventoryHealth', {}],
    ['get_client_health', 'insights.clientHealth', { clientId: 'cli_000002' }],
    ...loadFlowpos()
      .tools.filter(({ namespace }) => namespace === 'data')
      .map(({ name }): [string, string, object] => [name.replace('.', '_'), name, {}]),
  ])('%s is %s', async (alias, name, args) => {
    expect(await text(alias, args)).toBe(await text(name, args))
    const named = await connector.modern('tools/call', { name: alias, arguments: args })
    expect(named.status).toBe(200)
  })

  it('thirteen of them are Kash’s', () => {
    const kash =
      'products departments department_groups clients variations delivery_men payments cashboxes delivery_zones relay_points discounts users tables'
    const names = loadFlowpos().tools.map(({ name }) => name.replace('.', '_'))
    expect(names.filter((name) => name.startsWith('data_'))).toEqual(
      kash.split(' ').map((list) => `data_list_${list}`),
    )
  })

  it('are not listed, and what changes state has no tool at all', async () => {
    const { result } = await connector.rpc('tools/list')
    const names = result.tools.map(({ name }: { name: string }) => name)
    expect(names).toHaveLength(28)
    expect(names.filter((name: string) => !/^\w+\.\w+$/.test(name))).toEqual([])
    const { error } = await connector.call('set_active_tenant')
    expect(error.message).toMatch(/^Unknown tool "set_active_tenant"/)
  })
})

describe('a prompt', () => {
  const prompts = loadFlowpos().prompts

  it.each([
    ['summarize_day', { date: '2026-06-29' }, ['insights.day', '2026-06-29']],
    [
      'summarize_period',
      { ...MAY, groupBy: 'week' },
      ['insights.period', '2026-05-01 to 2026-05-31', 'groupBy "week"'],
    ],
    ['summarize_period', MAY, ['groupBy ""']],
    ['inventory_health', {}, ['insights.inventoryHealth']],
    ['client_health', { clientId: 'cli_000002' }, ['insights.clientHealth', 'doing: cli_000002?']],
  ])('%s %j', async (name, args, holds) => {
    const { result } = await connector.rpc('prompts/get', { name, arguments: args })
    const { text: told } = result.messages[0].content
    for (const words of holds) expect(told).toContain(words)
    expect(told).not.toMatch(/[{}]/)
  })

  it.each(prompts.map((prompt) => [prompt.name, prompt] as const))(
    '%s names the tools that it counts on, and no others',
    (_, { text: told, tools }) => {
      const named = loadFlowpos()
        .tools.filter(({ name }) => told.includes(name))
        .map(({ name }) => name)
      expect(named.sort()).toEqual([...tools].sort())
      expect(told.length).toBeLessThan(2500)
    },
  )

  it('without what it needs is refused by name', async () => {
    const { error } = await connector.rpc('prompts/get', { name: 'summarize_day' })
    expect(error.message).toContain('needs the argument date')
  })

  it('offers the lengths of a row', async () => {
    const ref = { type: 'ref/prompt', name: 'summarize_period' }
    const { result } = await connector.rpc('completion/complete', {
      ref,
      argument: { name: 'groupBy', value: '' },
    })
    expect(result.completion.values).toEqual(['day', 'week', 'month'])
  })
})

it('a record is a resource by its id', async () => {
  const { result } = await connector.rpc('resources/read', { uri: 'flowpos://orders/ord_003900' })
  expect(JSON.parse(result.contents[0].text).id).toBe('ord_003900')
})
