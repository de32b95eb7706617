/** Row 34: a resource URI, however it is spelled, leads to the record that it names or to none, and nothing else is asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { type Connector, startConnector } from '../connector.ts'
import { attack } from './attack.ts'

const WEB = 'https://workspace.flowtly.eu'
const HOSTILE = [
  // Dots, in every spelling.
  'flowtly://invoices/..', 'flowtly://invoices/.', 'flowtly://invoices/%2e%2e', 'flowtly://invoices/.%2E', 'flowtly://invoices/%2E.',
  'flowtly://invoices/../transactions', 'flowtly://invoices/%2e%2e/transactions', 'flowtly://../invoices/inv_000123',
  'flowtly://%2e%2e/invoices', 'flowtly://invoices/./inv_000123', 'flowtly://invoices/inv_000123/..', 'flowtly://invoices/...',
  'flowtly://invoices/..;/inv_000123', 'flowtly://invoices/%EF%BC%8E%EF%BC%8E', 'flowtly://invoices/%E2%80%A5',
  `${WEB}/invoices/../v1/transactions`, `${WEB}/%2e%2e/invoices/inv_000123`, `${WEB}/./invoices/inv_000123`,
  // Encoded once more, too often, or wrongly.
  'flowtly://invoices/%252e%252e', 'flowtly://invoices/inv_000123%252fpdf', 'flowtly://invoices/%c0%ae%c0%ae', 'flowtly://invoices/%zz',
  'flowtly://invoices/%', 'flowtly://invoices/inv_000123%00', 'flowtly://invoices/inv_000123%0d%0aX-A:%20b', 'flowtly://invoices/inv_000123%7f',
  // Separators that are none of ours.
  'flowtly://invoices/inv_000123%2fpdf', 'flowtly://invoices/inv_000123%5cpdf', 'flowtly://invoices\\inv_000123', 'flowtly://invoices/..\\..\\status',
  'flowtly://invoices/inv_000123%3fpage=1', 'flowtly://invoices/inv_000123%23x', 'flowtly://invoices/%EF%BC%8Finv_000123',
  // Empty segments.
  'flowtly:///invoices/inv_000123', 'flowtly://invoices//inv_000123', 'flowtly://invoices/inv_000123/', 'flowtly://invoices/', 'flowtly:////invoices',
  `${WEB}//invoices/inv_000123`, `${WEB}/invoices/inv_000123/`,
  // Users, ports and other hosts.
  'flowtly://user@invoices/inv_000123', 'flowtly://invoices:80/inv_000123', 'https://user:pass@workspace.flowtly.eu/invoices/inv_000123',
  'https://workspace.flowtly.eu@evil.example/invoices/inv_000123', 'https://workspace.flowtly.eu:8443/invoices/inv_000123',
  'https://workspace.flowtly.eu./invoices/inv_000123', 'https://workspace.flowtly.eu.evil.example/invoices/inv_000123',
  'https://evil.example/https://workspace.flowtly.eu/invoices/inv_000123', 'https://workspace%2eflowtly.eu/invoices/inv_000123',
  'https://wоrkspace.flowtly.eu/invoices/inv_000123', 'http://workspace.flowtly.eu/invoices/inv_000123', 'https:workspace.flowtly.eu/invoices/inv_000123',
  'https:\\\\workspace.flowtly.eu\\invoices\\inv_000123', '//workspace.flowtly.eu/invoices/inv_000123', 'https://api.flowtly.eu/v1/invoices/inv_000123',
  // Fragments, spaces, other schemes, names of Object.
  'flowtly://invoices/inv_000123#1', `${WEB}/invoices/inv_000123#/../x`, ' flowtly://invoices/inv_000123', 'flowtly://invoices/inv_000123\n',
  'flowtly://invoices/inv_000123\u202e', 'file:///etc/passwd', 'javascript:alert(1)', 'data:text/plain,x', 'xflowtly://invoices/inv_000123',
  'flowtly://constructor', 'flowtly://__proto__/x', 'flowtly://invoices/constructor',
  // Queries that say what the path says, or what no argument is.
  'flowtly://invoices/inv_000123?invoiceId=inv_000124', 'flowtly://invoices?__proto__=x', 'flowtly://invoices?authorization=Bearer%20x',
  'flowtly://invoices?status=paid%26page=2', 'flowtly://invoices/inv_000123?', 'flowtly://counterparties/cp_000017/invoices?counterpartyId=cp_000018',
  `flowtly://invoices?${'page=1&'.repeat(300)}page=1`, `flowtly://invoices/${'a'.repeat(100_000)}`,
] // biome-ignore format: one kind a paragraph

attack(34, () => {
  let connector: Connector
  /** The same without the patterns of the ids, so that nothing but the address is left to refuse. */
  let lenient: Connector
  beforeAll(async () => {
    connector = await startConnector()
    const catalog = loadFlowtly()
    lenient = await startConnector({}, { ...catalog, tools: catalog.tools.map(withoutPatterns) })
  })
  afterAll(() => Promise.all([connector.close(), lenient.close()]))

  type Tool = ReturnType<typeof loadFlowtly>['tools'][number]
  function withoutPatterns({ resource: _, ...tool }: Tool): Tool {
    const properties = Object.entries(tool.inputSchema.properties).map(
      ([name, { pattern: _, ...schema }]) => [name, schema],
    )
    return { ...tool, inputSchema: { ...tool.inputSchema, properties: Object.fromEntries(properties) } }
  }

  describe.each<[string, () => Connector, string[]]>([
    ['as it is', () => connector, HOSTILE],
    ['that takes any text as an id', () => lenient, HOSTILE.filter((uri) => !/constructor$|a{99}/.test(uri))],
  ])('in front of an API %s', (_, at, uris) => {
    it.each(uris.map((uri) => [uri.slice(0, 120), uri]))('%j is not found in either era', async (_, uri) => {
      const before = at().sandbox.requests.length
      const { error } = await at().rpc('resources/read', { uri })
      expect(error).toMatchObject({ code: -32002, message: 'Resource not found' })
      const named = /^[\x21-\x7e]{1,4000}$/.test(uri)
        ? uri
        : `=?base64?${Buffer.from(uri).toString('base64')}?=`
      if (named.length < 8000) {
        const modern = await at().modern('resources/read', { uri }, { 'mcp-name': named })
        expect(await modern.json()).toMatchObject({ error: { code: -32602, message: 'Resource not found' } })
      }
      expect(at().sandbox.requests).toHaveLength(before)
    })
  })

  it.each([
    ['flowtly://invoices/inv_000123', '/v1/invoices/inv_000123'],
    ['FLOWTLY://Invoices/inv%5F000123', '/v1/invoices/inv_000123'],
    [
      `${WEB}/counterparties/cp_000017/invoices?page=1`,
      '/v1/invoices?counterpartyId=cp_000017&page=1&pageSize=50',
    ],
  ])('while %s is read, by one GET', async (uri, path) => {
    const before = connector.sandbox.requests.length
    expect((await connector.rpc('resources/read', { uri })).result.contents).toMatchObject([{ uri }])
    expect(connector.sandbox.requests.slice(before).map((sent) => `${sent.method} ${sent.path}`)).toEqual([
      `GET ${path}`,
    ])
  })
})
