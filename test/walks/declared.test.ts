/** What a connector may declare beyond tools: resources, prompts, scopes, underscored names, results for failures. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../src/access/caller.ts'
import { compile } from '../../src/connector/compile.ts'
import type { Declaration } from '../../src/connector/declaration.ts'
import { flowtly } from '../../src/connectors/flowtly.ts'
import { createViews } from '../../src/mcp/view.ts'
import { type Connector, startConnector } from '../connector.ts'

const document = JSON.parse(readFileSync(new URL('../../openapi/flowtly.json', import.meta.url), 'utf8'))

const { invoices } = flowtly.namespaces
const { defaults: _page, ...attachments } = flowtly.namespaces.attachments!
const { scope: _scope, ...costGroups } = flowtly.namespaces.costGroups!
const rich: Declaration = {
  ...flowtly,
  upstreamErrors: 'result',
  toolNames: 'underscore',
  resources: { allowPrefixes: [] },
  scopes: { 'invoices:read': 'Invoices', 'files:read': 'Attached files' },
  namespaces: {
    invoices: {
      ...invoices!,
      scope: 'invoices:read',
      tools: { ...invoices!.tools, get: { ...invoices!.tools.get!, resource: true } },
    },
    attachments: {
      ...attachments,
      scope: 'files:read',
      tools: { get: { ...attachments.tools.get!, resource: true } },
    },
    costGroups,
  },
  prompts: {
    overdue: {
      title: 'What is overdue?',
      description: 'Overdue sales invoices by client.',
      arguments: {
        currency: { description: 'ISO 4217 code', required: true },
        client: { description: 'Name' },
      },
      text: 'Use invoices.list to find overdue sales invoices in {currency}. {client}',
      tools: ['invoices.list'],
    },
  },
}

let connector: Connector
beforeAll(async () => {
  connector = await startConnector({}, compile(rich, document))
})
afterAll(() => connector.close())

describe('capabilities', () => {
  it('say what is declared', async () => {
    const { result } = await connector.rpc('initialize', { protocolVersion: '2025-11-25' })
    expect(result.capabilities).toEqual({ tools: {}, resources: {}, prompts: {} })
  })
})

describe('names', () => {
  it('are underscored where the declaration says so, and called in either form', async () => {
    const { result } = await connector.rpc('tools/list')
    expect(result.tools.map(({ name }: { name: string }) => name)).toEqual([
      'invoices_list',
      'invoices_get',
      'attachments_get',
      'costGroups_list',
    ])
    for (const name of ['costGroups.list', 'costGroups_list']) {
      expect((await connector.call(name)).result.isError).toBeUndefined()
    }
  })
})

describe('a mistake in the arguments', () => {
  it.each([
    ['invoices_list', { colour: 1 }],
    ['invoices.list', { colour: 1 }],
  ])('%s names the tool as it is listed', async (name, args) => {
    const { result } = await connector.call(name, args)
    expect(JSON.parse(result.content[0].text).message).toMatch(
      /^invoices_list was not called\. "colour" is unknown/,
    )
  })
})

describe('resources', () => {
  it('are templates', async () => {
    const { resources } = (await connector.rpc('resources/list')).result
    expect(resources).toMatchObject([{ uri: 'flowtly://costGroups', name: 'costGroups.list' }])
    const { result } = await connector.rpc('resources/templates/list')
    expect(result.resourceTemplates.map(({ uriTemplate }: { uriTemplate: string }) => uriTemplate)).toEqual([
      'flowtly://invoices/{invoiceId}',
      'flowtly://attachments/{attachmentId}',
    ])
  })

  it('are read by the tool’s own GET', async () => {
    const { result } = await connector.rpc('resources/read', { uri: 'flowtly://invoices/inv_000123' })
    expect(result.contents).toMatchObject([
      { uri: 'flowtly://invoices/inv_000123', mimeType: 'application/json' },
    ])
    expect(JSON.parse(result.contents[0].text).id).toBe('inv_000123')
    expect(connector.sandbox.requests.at(-1)).toMatchObject({
      method: 'GET',
      path: '/v1/invoices/inv_000123',
    })
  })

  it.each([
    'flowtly://invoices/inv_999999',
    'flowtly://invoices/..',
    'flowtly://invoices/%2e%2e',
    'flowtly://invoices/inv_000123/lines',
    'flowtly://costGroups/cg_000001',
    'flowtly://invoices/%zz',
    'other://invoices/inv_000123',
    'file:///etc/passwd',
  ])('%s is not found, in the words of each era', async (uri) => {
    const legacy = await connector.rpc('resources/read', { uri })
    expect(legacy.error).toMatchObject({ code: -32002, data: { uri } })
    const modern = await connector.modern('resources/read', { uri })
    expect(modern.status).toBe(200)
    expect(await modern.json()).toMatchObject({ error: { code: -32602, data: { uri } } })
  })

  it('carry cache hints in 2026-07-28', async () => {
    const answer = await connector.modern('resources/read', { uri: 'flowtly://invoices/inv_000123' })
    expect(await answer.json()).toMatchObject({
      result: { resultType: 'complete', ttlMs: 0, cacheScope: 'private' },
    })
  })
})

describe('prompts', () => {
  it('are listed, filled in, and name tools as the list does', async () => {
    const { result } = await connector.rpc('prompts/list')
    expect(result.prompts).toMatchObject([
      {
        name: 'overdue',
        arguments: [
          { name: 'currency', required: true },
          { name: 'client', required: false },
        ],
      },
    ])
    const got = await connector.rpc('prompts/get', { name: 'overdue', arguments: { currency: 'EUR' } })
    expect(got.result.messages).toEqual([
      {
        role: 'user',
        content: { type: 'text', text: 'Use invoices_list to find overdue sales invoices in EUR. ' },
      },
    ])
  })

  it.each([{ name: 'nope' }, { name: 'overdue' }, { name: 'overdue', arguments: { client: 'x' } }, {}])(
    '%j is -32602',
    async (params) => {
      expect((await connector.rpc('prompts/get', params)).error.code).toBe(-32602)
    },
  )
})

describe('failures', () => {
  it('are results where the declaration does not say otherwise', async () => {
    connector.sandbox.fault = 'unavailable'
    const { result } = await connector.call('costGroups.list')
    connector.sandbox.fault = undefined
    expect(result.isError).toBe(true)
    expect(JSON.parse(result.content[0].text)).toMatchObject({ error: 'upstream_status', status: 503 })
  })
})

describe('a caller’s view', () => {
  const catalog = compile(rich, document)
  const caller = (...scopes: string[]): Caller => ({ scopes: new Set(scopes), headers: {} })

  it('holds what the scopes open, and is written once', () => {
    const views = createViews(catalog)
    expect([...views(caller('files:read')).names]).toEqual(['attachments.get', 'costGroups.list'])
    expect([...views(caller()).names]).toEqual(['costGroups.list'])
    expect(views(caller('files:read'))).toBe(views(caller('files:read', 'foreign')))
    expect(views(caller('files:read')).instructions).not.toContain('- invoices:')
  })

  it('in auto writes dots, but underscores for a client known to refuse them', () => {
    const views = createViews(compile({ ...rich, toolNames: 'auto' }, document))
    const names = (each: Caller) =>
      JSON.parse(`{${new TextDecoder().decode(views(each).listing)}}`).tools.map(
        (tool: { name: string }) => tool.name,
      )
    expect(names(caller())).toEqual(['costGroups.list'])
    expect(names({ ...caller(), refusesDots: true })).toEqual(['costGroups_list'])
  })
})
