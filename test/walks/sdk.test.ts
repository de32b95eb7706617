/** The official SDK's clients, first and second version, over real sockets: connect, list, call, fail. */
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { AURORA, type Connector, startConnector } from '../connector.ts'

let connector: Connector
beforeAll(async () => {
  connector = await startConnector()
})
afterAll(() => connector.close())

const info = { name: 'walk', version: '1.0.0' }
const options = { requestInit: { headers: { authorization: `Bearer ${AURORA}` } } }

const clients = {
  async 'v1, 2025-11-25'() {
    const client = new ClientV1(info)
    await client.connect(new TransportV1(new URL(connector.endpoint), options) as never)
    return client
  },
  async 'v2, 2025-11-25'() {
    const client = new ClientV2(info)
    await client.connect(new TransportV2(new URL(connector.endpoint), options))
    return client
  },
  async 'v2, 2026-07-28'() {
    const client = new ClientV2(info, { versionNegotiation: { mode: 'auto' } })
    await client.connect(new TransportV2(new URL(connector.endpoint), options))
    return client
  },
}

/** What the walk uses of either version's client. */
interface Walker {
  getServerCapabilities(): object | undefined
  getInstructions(): string | undefined
  listTools(): Promise<{ tools: { name: string; annotations?: object }[] }>
  callTool(call: {
    name: string
    arguments: object
  }): Promise<{ isError?: boolean; content: { text: string }[] }>
  close(): Promise<void>
}

describe.each(Object.entries(clients))('SDK %s', (version, connect) => {
  it('walks from connecting to a failed call', async () => {
    const client = (await connect()) as unknown as Walker
    expect(client.getServerCapabilities()).toEqual({ tools: {} })
    expect(client.getInstructions()).toContain('Flowtly')

    const { tools } = await client.listTools()
    expect(tools).toHaveLength(loadFlowtly().tools.length)
    const hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }
    for (const { annotations } of tools) expect(annotations).toMatchObject(hints)

    const rows = await client.callTool({
      name: 'invoices.list',
      arguments: { status: 'overdue', pageSize: 2 },
    })
    expect(JSON.parse(rows.content[0]!.text).items).toHaveLength(2)

    const mistake = await client.callTool({ name: 'invoices.list', arguments: { state: 'overdue' } })
    expect(mistake.isError).toBe(true)

    connector.sandbox.fault = 'not-found'
    const failed = client.callTool({ name: 'invoices.get', arguments: { invoiceId: 'inv_000123' } })
    if (version.endsWith('2026-07-28')) expect((await failed).content[0]!.text).toContain('"status":404')
    else await expect(failed).rejects.toMatchObject({ code: -32000, data: { status: 404 } })
    connector.sandbox.fault = undefined
    await client.close()
  })
})
