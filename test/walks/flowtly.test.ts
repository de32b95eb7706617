/** The story of Flowtly's product page: its five payloads as they stand there, and every tool with real rows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AURORA, BOREALIS, type Connector, startConnector } from '../connector.ts'

let connector: Connector
beforeAll(async () => {
  connector = await startConnector()
})
afterAll(() => connector.close())

describe('the payloads of the product page', () => {
  it('initialize negotiates 2024-11-05 and answers capabilities {"tools":{}}', async () => {
    const answer = await connector.post(
      '{"jsonrpc":"2.0","id":"init-1","method":"initialize","params":{"protocolVersion":"2024-11-05"}}',
    )
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json')
    const { id, result } = (await answer.json()) as never
    expect(id).toBe('init-1')
    expect(result).toMatchObject({ protocolVersion: '2024-11-05', capabilities: { tools: {} } })
    expect(JSON.stringify((result as { capabilities: object }).capabilities)).toBe('{"tools":{}}')
  })

  it('tools/list returns the sixteen tools', async () => {
    const answer = await connector.post('{"jsonrpc":"2.0","id":"list-1","method":"tools/list","params":{}}')
    const { result } = (await answer.json()) as {
      result: { tools: { name: string; description: string; inputSchema: object }[] }
    }
    expect(result.tools.map(({ name }) => name)).toEqual([
      'invoices.list', 'invoices.get', 'transactions.list', 'bankAccounts.list', 'bankAccounts.get', 'counterparties.list',
      'counterparties.get', 'suppliers.list', 'contracts.list', 'contracts.get', 'contracts.paymentScheduleLines',
      'attachments.list', 'attachments.get', 'costGroups.list', 'taxGroups.list', 'projects.list',
    ]) // biome-ignore format: one list, read as one
    expect(Object.keys(result)).toEqual(['tools'])
  })

  it('tools/call returns content[].text as a JSON string', async () => {
    const answer = await connector.post(
      '{"jsonrpc":"2.0","id":"call-1","method":"tools/call","params":{"name":"transactions.list","arguments":{}}}',
    )
    const { result } = (await answer.json()) as { result: { content: { type: string; text: string }[] } }
    expect(result.content).toHaveLength(1)
    expect(result.content[0]!.type).toBe('text')
    expect(JSON.parse(result.content[0]!.text).items).toHaveLength(50)
  })

  it('tools/call invoices.list with no arguments applies the namespace’s page size', async () => {
    const { result } = await connector.rpc('tools/call', { name: 'invoices.list', arguments: {} })
    expect(JSON.parse(result.content[0].text)).toMatchObject({ page: 1, pageSize: 50, total: 3000 })
    expect(connector.sandbox.requests.at(-1)!.path).toBe('/v1/invoices?page=1&pageSize=50')
  })

  it('an upstream failure is -32000 with the upstream’s status', async () => {
    connector.sandbox.fault = 'bad-gateway'
    const { error } = await connector.call('invoices.list')
    connector.sandbox.fault = undefined
    expect(error.code).toBe(-32000)
    expect(error.message).toMatch(/^Upstream Flowtly API failed \(502\): /)
    expect(error.data).toEqual({ status: 502 })
  })
})

describe('every tool', () => {
  it.each([
    ['invoices.list', { status: 'overdue', pageSize: 3 }],
    ['invoices.get', { invoiceId: 'inv_000123' }],
    ['transactions.list', { costGroupId: ['cg_000004', 'cg_000005'], limit: 3 }],
    ['bankAccounts.list', { currency: 'EUR' }],
    ['bankAccounts.get', { bankAccountId: 'acc_000001' }],
    ['counterparties.list', { pageSize: 3 }],
    ['counterparties.get', { counterpartyId: 'cp_000017' }],
    ['suppliers.list', { pageSize: 3 }],
    ['contracts.list', { status: ['active', 'completed'], pageSize: 3 }],
    ['contracts.get', { contractId: 'con_000012' }],
    ['contracts.paymentScheduleLines', { contractId: 'con_000012' }],
    ['attachments.list', { pageSize: 3 }],
    ['attachments.get', { attachmentId: 'att_000321' }],
    ['costGroups.list', {}],
    ['taxGroups.list', { active: true }],
    ['projects.list', { budget: { min: 1000 }, pageSize: 3 }],
  ])('%s answers rows', async (name, args) => {
    const { result } = await connector.call(name, args)
    const body = JSON.parse(result.content[0].text)
    if (name.endsWith('.get')) expect(body.id).toBe(Object.values(args)[0])
    else expect(body.items.length).toBeGreaterThan(0)
    const sent = connector.sandbox.requests.at(-1)!
    expect(sent.method).toBe('GET')
    expect(sent.headers).toMatchObject({
      authorization: `Bearer ${AURORA}`,
      'user-agent': expect.stringMatching(/^lectern\//),
    })
  })

  it('answers by its underscored name too', async () => {
    const { result } = await connector.call('contracts_paymentScheduleLines', { contractId: 'con_000012' })
    expect(JSON.parse(result.content[0].text).items.length).toBeGreaterThan(11)
  })

  it('hands numbers on as the upstream wrote them', async () => {
    const sent = await fetch(`${connector.sandbox.url}/v1/transactions?limit=50`, {
      headers: { authorization: `Bearer ${AURORA}` },
    })
    const { result } = await connector.call('transactions.list', { limit: 50, fields: ['*'] })
    expect(result.content[0].text).toBe(await sent.text())
    expect(result.content[0].text).toMatch(/"bankReference":\d{19},/)
    expect(result.content[0].text).toMatch(/"amount":\d+\.\d0,/)
  })

  it('hands a PDF on as an embedded resource and a picture as an image', async () => {
    const pdf = await connector.call('attachments.get', { attachmentId: 'att_000321', download: true })
    const { resource } = pdf.result.content[0]
    expect(resource).toMatchObject({ uri: 'flowtly://attachments/att_000321', mimeType: 'application/pdf' })
    expect(atob(resource.blob).slice(0, 5)).toBe('%PDF-')
    const png = await connector.call('attachments.get', { attachmentId: 'att_000794', download: 'true' })
    expect(png.result.content[0]).toMatchObject({ type: 'image', mimeType: 'image/png' })
  })
})

describe('two organizations', () => {
  it('never see each other', async () => {
    const headers = { authorization: `Bearer ${BOREALIS}` }
    const { error } = await connector.call('invoices.get', { invoiceId: 'inv_000123' }, headers)
    expect(error.data).toEqual({ status: 404 })
    const { result } = await connector.call('invoices.list', {}, headers)
    expect(result.content[0].text).not.toContain('"inv_0')
  })
})
