/** The official SDK's clients, first and second version, over real sockets: connect, list, call, fail. */
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { flowtly } from '../../src/connectors/flowtly.ts'
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
  listResources(): Promise<{ resources: { uri: string }[] }>
  listResourceTemplates(): Promise<{ resourceTemplates: { uriTemplate: string }[] }>
  readResource(read: { uri: string }): Promise<{ contents: { text: string }[] }>
  listPrompts(): Promise<{ prompts: { name: string }[] }>
  getPrompt(get: { name: string; arguments: object }): Promise<{ messages: { content: { text: string } }[] }>
  complete(asked: object): Promise<{ completion: { values: string[] } }>
  close(): Promise<void>
}

describe.each(Object.entries(clients))('SDK %s', (version, connect) => {
  it('walks from connecting to a failed call', async () => {
    const client = (await connect()) as unknown as Walker
    const offers = { tools: {}, resources: {}, prompts: {}, completions: {} }
    expect(client.getServerCapabilities()).toEqual(offers)
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

  it('lists and reads records, and takes a prompt', async () => {
    const client = (await connect()) as unknown as Walker
    const { resources } = await client.listResources()
    expect(resources.map(({ uri }) => uri)).toContain('flowtly://taxGroups')
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain(
      'flowtly://invoices/{invoiceId}',
    )

    for (const uri of ['flowtly://invoices/inv_000123', 'https://workspace.flowtly.eu/invoices/inv_000123']) {
      const { contents } = await client.readResource({ uri })
      expect(contents).toMatchObject([{ uri, mimeType: 'application/json' }])
      expect(JSON.parse(contents[0]!.text).id).toBe('inv_000123')
    }
    // The second version of the SDK tells -32002 as the code of its own revision.
    const lost = client.readResource({ uri: 'flowtly://invoices/..' })
    await expect(lost).rejects.toMatchObject({ code: version.startsWith('v1') ? -32002 : -32602 })

    const { prompts } = await client.listPrompts()
    expect(prompts.map(({ name }) => name)).toEqual(Object.keys(flowtly.prompts!))
    const period = { from: '2026-01-01', to: '2026-03-31' }
    const { messages } = await client.getPrompt({ name: 'missing_receipts', arguments: period })
    expect(messages[0]!.content.text).toContain('bookedFrom 2026-01-01, bookedTo 2026-03-31')
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: 'overdue_invoices' },
      argument: { name: 'direction', value: 's' },
    })
    expect(completion.values).toEqual(['sale'])
    await client.close()
  })
})
