/** Resources with addresses of their own, prompts that attach what a tool reads, completion, and arguments repeated as headers. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../src/access/caller.ts'
import { compile } from '../../src/connector/compile.ts'
import type { Declaration, ToolDeclaration } from '../../src/connector/declaration.ts'
import { flowtly } from '../../src/connectors/flowtly.ts'
import { endpoint } from '../../src/mcp/endpoint.ts'
import { createServer } from '../../src/mcp/server.ts'
import { after } from '../../src/ports.ts'
import { readSettings } from '../../src/settings.ts'
import { type Connector, startConnector } from '../connector.ts'

const document = JSON.parse(readFileSync(new URL('../../openapi/flowtly.json', import.meta.url), 'utf8'))

const { invoices, attachments, costGroups, transactions } = flowtly.namespaces
const addressed = (tool: ToolDeclaration | undefined, uri: string) => ({ ...tool!, resource: { uri } })
const CURRENCIES = ['EUR', 'PLN', 'eek', ...Array.from({ length: 120 }, (_, at) => `X${at}`)]

const declaration: Declaration = {
  ...flowtly,
  upstreamErrors: 'result',
  resources: { allowPrefixes: [] },
  namespaces: {
    invoices: {
      ...invoices!,
      tools: {
        get: addressed(invoices!.tools.get, 'ledger://invoice/{invoiceId}/record'),
        list: {
          ...addressed(invoices!.tools.list, 'ledger://invoices?status={status}'),
          headers: { status: 'Status', page: 'Page' },
        },
      },
    },
    attachments: {
      ...attachments!,
      defaults: {},
      tools: { get: addressed(attachments!.tools.get, 'ledger://files/{attachmentId}') },
    },
    costGroups: {
      ...costGroups!,
      tools: {
        list: { ...addressed(costGroups!.tools.list, 'ledger://cost-groups'), headers: { active: 'Active' } },
      },
    },
    transactions: {
      ...transactions!,
      tools: { list: addressed(transactions!.tools.list, 'ledger://transactions/{hasAttachment}') },
    },
  },
  prompts: {
    explain: {
      title: 'Explain an invoice',
      description: 'An invoice in plain words.',
      arguments: {
        invoice: { description: 'Id of the invoice', required: true },
        currency: { description: 'ISO 4217 code', values: CURRENCIES },
      },
      attach: [{ tool: 'invoices.get', arguments: { invoiceId: '{invoice}' } }],
      text: 'Explain this invoice. {currency}',
      tools: [],
    },
    look: {
      title: 'Look at files',
      description: 'A picture and a paper.',
      arguments: {
        picture: { description: 'Id', required: true },
        paper: { description: 'Id', required: true },
      },
      attach: [
        { tool: 'attachments.get', arguments: { attachmentId: '{picture}', download: true } },
        { tool: 'attachments.get', arguments: { attachmentId: '{paper}', download: true } },
      ],
      text: 'What is it?',
      tools: [],
    },
    groups: {
      title: 'Cost groups',
      description: 'The cost groups.',
      arguments: { active: { description: 'true or false' } },
      attach: [{ tool: 'costGroups.list', arguments: { active: '{active}' } }],
      text: 'Which are there?',
      tools: [],
    },
  },
}
const catalog = compile(declaration, document)

let connector: Connector
beforeAll(async () => {
  connector = await startConnector({}, catalog)
})
afterAll(() => connector.close())

describe('a resource with an address of its own', () => {
  it('is listed by itself where it has no variable, and as a template where it has', async () => {
    const { resources } = (await connector.rpc('resources/list')).result
    expect(resources).toEqual([
      {
        uri: 'ledger://cost-groups',
        name: 'costGroups.list',
        title: catalog.tools.find(({ name }) => name === 'costGroups.list')!.title,
        description: expect.any(String),
        mimeType: 'application/json',
      },
    ])
    const { resourceTemplates } = (await connector.rpc('resources/templates/list')).result
    expect(resourceTemplates.map(({ uriTemplate }: { uriTemplate: string }) => uriTemplate)).toEqual([
      'ledger://invoice/{invoiceId}/record',
      'ledger://invoices?status={status}',
      'ledger://files/{attachmentId}',
      'ledger://transactions/{hasAttachment}',
    ])
  })

  it.each([
    ['ledger://invoice/inv_000123/record', '/v1/invoices/inv_000123'],
    ['ledger://cost-groups', '/v1/cost-groups'],
    ['ledger://invoices?status=paid', '/v1/invoices?status=paid&page=1&pageSize=50'],
    ['ledger://transactions/true', '/v1/transactions?hasAttachment=true&limit=50'],
  ])('%s is one GET', async (uri, path) => {
    const { result } = await connector.rpc('resources/read', { uri })
    expect(result.contents).toMatchObject([{ uri, mimeType: 'application/json', text: expect.any(String) }])
    expect(connector.sandbox.requests.at(-1)).toMatchObject({ method: 'GET', path })
  })

  it.each([
    'ledger://invoice/inv_000123',
    'ledger://invoice/inv_000123/record/',
    'ledger://invoice/../record',
    'ledger://invoices?status=lost',
    'ledger://transactions/maybe',
    'flowtly://invoices/inv_000123',
    'LEDGER://cost-groups',
  ])('%s is not found, and nothing is asked', async (uri) => {
    const before = connector.sandbox.requests.length
    expect((await connector.rpc('resources/read', { uri })).error).toMatchObject({
      code: -32002,
      data: { uri },
    })
    expect(connector.sandbox.requests).toHaveLength(before)
  })

  it('names the file that a tool embeds', async () => {
    const { result } = await connector.call('attachments.get', { attachmentId: 'att_000321', download: true })
    expect(result.content[0].resource.uri).toBe('ledger://files/att_000321')
  })
})

describe('a prompt that attaches', () => {
  const get = (name: string, args: object) => connector.rpc('prompts/get', { name, arguments: args })

  it('puts a record before the text', async () => {
    const { result } = await get('explain', { invoice: 'inv_000123', currency: 'EUR' })
    expect(result.messages).toEqual([
      {
        role: 'user',
        content: {
          type: 'resource',
          resource: {
            uri: 'ledger://invoice/inv_000123/record',
            mimeType: 'application/json',
            text: expect.stringContaining('"id":"inv_000123"'),
          },
        },
      },
      { role: 'user', content: { type: 'text', text: 'Explain this invoice. EUR' } },
    ])
  })

  it('attaches pictures and files as such', async () => {
    const { result } = await get('look', { picture: 'att_000794', paper: 'att_000321' })
    expect(result.messages).toMatchObject([
      { content: { type: 'image', mimeType: 'image/png' } },
      {
        content: {
          type: 'resource',
          resource: { uri: 'ledger://files/att_000321', mimeType: 'application/pdf' },
        },
      },
      { content: { type: 'text', text: 'What is it?' } },
    ])
  })

  it('leaves out what was not given', async () => {
    await get('groups', {})
    expect(connector.sandbox.requests.at(-1)).toMatchObject({ path: '/v1/cost-groups' })
    const { result } = await get('groups', { active: 'false' })
    expect(result.messages[0].content.resource.text).not.toContain('"active":true')
  })

  it.each([
    ['a value that the tool refuses', 'groups', { active: 'maybe' }, -32602, 'active must be true or false'],
    ['a value that would climb', 'explain', { invoice: '..' }, -32602, 'invoiceId must be a string matching'],
    ['a record that is not there', 'explain', { invoice: 'inv_999999' }, -32603, 'Flowtly answered 404'],
  ])('says so of %s', async (_, name, args, code, words) => {
    expect((await get(name, args)).error).toMatchObject({ code, message: expect.stringContaining(words) })
  })

  it('says so when the upstream fails, in 2026-07-28 too', async () => {
    connector.sandbox.fault = 'unavailable'
    const answer = await connector.modern('prompts/get', { name: 'groups' })
    connector.sandbox.fault = undefined
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ error: { code: -32603, data: { status: 503 } } })
  })
})

describe('completion', () => {
  const prompt = { type: 'ref/prompt', name: 'explain' }
  const template = (uri: string) => ({ type: 'ref/resource', uri })
  const complete = (ref: unknown, name: unknown, value: unknown) =>
    connector.rpc('completion/complete', { ref, argument: { name, value } })

  it('is declared', async () => {
    const { result } = await connector.rpc('initialize', { protocolVersion: '2025-11-25' })
    expect(result.capabilities).toEqual({ tools: {}, resources: {}, prompts: {}, completions: {} })
  })

  it.each([
    ['a beginning in either case', prompt, 'currency', 'e', ['EUR', 'eek']],
    ['the whole', prompt, 'currency', 'pln', ['PLN']],
    ['a beginning of none', prompt, 'currency', 'zz', []],
    ['an argument without known values', prompt, 'invoice', 'inv', []],
    [
      'an enumeration',
      template('ledger://invoices?status={status}'),
      'status',
      'pa',
      ['partially_paid', 'paid'],
    ],
    ['a record of one', template('ledger://invoices?status=paid'), 'status', 'pai', ['paid']],
    ['yes or no', template('ledger://transactions/{hasAttachment}'), 'hasAttachment', '', ['true', 'false']],
    ['an id', template('ledger://files/{attachmentId}'), 'attachmentId', 'att', []],
  ])('offers what there is for %s', async (_, ref, name, value, values) => {
    const { completion } = (await complete(ref, name, value)).result
    expect(completion).toEqual({ values, total: values.length, hasMore: false })
  })

  it('offers a hundred and says that there are more', async () => {
    const { completion } = (await complete(prompt, 'currency', '')).result
    expect([completion.values.length, completion.total, completion.hasMore]).toEqual([100, 123, true])
  })

  it('of what is too deep to be written is refused like any other', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const ref = `{"type":"ref/prompt","name":"lost","a":${deep}}`
    const answer = await connector.post(
      `{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":${ref},"argument":{"name":"a","value":""}}}`,
    )
    expect(await answer.json()).toMatchObject({
      error: { code: -32602, message: 'Unknown reference "lost"' },
    })
  })

  it('is complete in 2026-07-28, and says nothing of caching', async () => {
    const params = { ref: prompt, argument: { name: 'currency', value: 'EU' } }
    const { result } = (await (await connector.modern('completion/complete', params)).json()) as {
      result: object
    }
    expect(result).toMatchObject({ resultType: 'complete', completion: { values: ['EUR'] } })
    expect(result).not.toHaveProperty('ttlMs')
  })

  it.each([
    [{ type: 'ref/prompt', name: 'lost' }, 'currency', ''],
    [{ type: 'ref/tool', name: 'explain' }, 'currency', ''],
    [{ type: 'constructor' }, 'currency', ''],
    [{ type: 'ref/resource', uri: 'ledger://lost/{id}' }, 'id', ''],
    [{ type: 'ref/resource' }, 'id', ''],
    [prompt, 'constructor', ''],
    [prompt, 'currency', 1],
    [prompt, undefined, ''],
    [undefined, 'currency', ''],
  ])('%j with %j and %j is -32602', async (ref, name, value) => {
    expect((await complete(ref, name, value)).error.code).toBe(-32602)
  })
})

describe('an argument that is repeated as a header', () => {
  const b64 = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`
  const call = (args: unknown, headers: Record<string, string>) =>
    connector.modern('tools/call', { name: 'invoices.list', arguments: args }, headers)

  it('is said so in the list', async () => {
    const { tools } = (await connector.rpc('tools/list')).result
    const { properties } = tools.find(({ name }: { name: string }) => name === 'invoices.list').inputSchema
    expect([properties.status['x-mcp-header'], properties.page['x-mcp-header']]).toEqual(['Status', 'Page'])
  })

  it.each([
    ['the same', { status: 'paid' }, { 'mcp-param-status': 'paid' }, 200],
    ['space around it', { status: 'paid' }, { 'Mcp-Param-Status': '  paid ' }, 200],
    ['Base64', { status: 'paid' }, { 'mcp-param-status': b64('paid') }, 200],
    ['neither', { direction: 'sale' }, {}, 200],
    ['null', { status: null }, {}, 200],
    ['a number', { page: 2 }, { 'mcp-param-page': '2' }, 200],
    ['the same number', { page: 2 }, { 'mcp-param-page': '2.0' }, 200],
    ['digits as text', { page: '2' }, { 'mcp-param-page': '2' }, 200],
    ['JSON text', '{"status":"paid"}', { 'mcp-param-status': 'paid' }, 200],
    ['a value that the tool refuses', { status: 'lost' }, { 'mcp-param-status': 'lost' }, 200],
    ['no header', { status: 'paid' }, {}, 400],
    ['no header for JSON text', '{"status":"paid"}', {}, 400],
    ['no argument', {}, { 'mcp-param-status': 'paid' }, 400],
    ['another value', { status: 'paid' }, { 'mcp-param-status': 'sent' }, 400],
    ['another case', { status: 'paid' }, { 'mcp-param-status': 'Paid' }, 400],
    ['another number', { page: 2 }, { 'mcp-param-page': '3' }, 400],
    ['a number in other digits', { page: 2 }, { 'mcp-param-page': '0x2' }, 400],
    ['nothing for nought', { page: 0 }, { 'mcp-param-page': '' }, 400],
    ['a list', { status: ['paid'] }, { 'mcp-param-status': 'paid' }, 400],
    ['Base64 cut short', { status: 'paid' }, { 'mcp-param-status': '=?base64?cGFpZA?=' }, 400],
    ['what is no ASCII', { status: 'é' }, { 'mcp-param-status': 'é' }, 400],
    ['two headers', { status: 'paid' }, { 'mcp-param-status': 'paid, paid' }, 400],
  ])('with %s', async (_, args, headers, status) => {
    const before = connector.sandbox.requests.length
    const answer = await call(args, headers as Record<string, string>)
    expect(answer.status).toBe(status)
    if (status === 400) {
      expect(await answer.json()).toMatchObject({ error: { code: -32020 } })
      expect(connector.sandbox.requests).toHaveLength(before)
    }
  })

  it('is not looked for before 2026-07-28', async () => {
    expect((await connector.call('invoices.list', { status: 'paid' })).result.isError).toBeUndefined()
  })

  it('may be sent by a browser', async () => {
    const asked = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' }
    const { headers } = await fetch(connector.endpoint, { method: 'OPTIONS', headers: asked })
    expect(headers.get('access-control-allow-headers')).toMatch(
      /Mcp-Param-Status, Mcp-Param-Page, Mcp-Param-Active$/,
    )
  })
})

describe('a caller without the scopes', () => {
  const scoped: Caller = { scopes: new Set(['settings:read']), headers: {} }

  async function ask(method: string, params: object) {
    const get = () => expect.unreachable('a request went to the upstream')
    const ports = { get, now: () => 0, random: () => 0.5, id: () => 'id', after, log: () => {} }
    const request = new Request('http://localhost/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const server = createServer(catalog, readSettings({}), ports)
    const answer = await endpoint({ request, caller: scoped, server, entry: {} })
    return (await answer.json()) as { result: Record<string, { name: string }[]>; error: { code: number } }
  }

  it('sees no prompt that attaches beyond them, and no resource', async () => {
    expect((await ask('prompts/list', {})).result.prompts!.map(({ name }) => name)).toEqual(['groups'])
    expect((await ask('resources/list', {})).result.resources).toHaveLength(1)
    expect((await ask('resources/templates/list', {})).result.resourceTemplates).toEqual([])
  })

  it.each([
    ['prompts/get', { name: 'explain', arguments: { invoice: 'inv_000123' } }, -32602],
    ['resources/read', { uri: 'ledger://invoice/inv_000123/record' }, -32002],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'explain' }, argument: { name: 'currency', value: '' } },
      -32602,
    ],
    [
      'completion/complete',
      {
        ref: { type: 'ref/resource', uri: 'ledger://invoices?status={status}' },
        argument: { name: 'status', value: '' },
      },
      -32602,
    ],
  ])('%s of them is refused', async (method, params, code) => {
    expect((await ask(method, params)).error.code).toBe(code)
  })
})
