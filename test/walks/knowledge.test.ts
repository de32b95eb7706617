/** The story of a ChatGPT workspace: who sees `search` and `fetch`, what they answer, and that each is one GET with a citation. */

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { compile } from '../../src/connector/compile.ts'
import { flowtly } from '../../src/connectors/flowtly.ts'
import { weightOf } from '../answers.ts'
import { AURORA, type Connector, startConnector } from '../connector.ts'
import { type Login, startLogin } from '../login.ts'
import { newClient, Person, redeem, refresh, walkToCode } from '../person.ts'

const document = JSON.parse(readFileSync(new URL('../../openapi/flowtly.json', import.meta.url), 'utf8'))

// biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
type Told = any

const read = (result: Told): Told => JSON.parse(result.content[0].text)

describe('a connector that shows them to everybody', () => {
  let connector: Connector
  beforeAll(async () => {
    connector = await startConnector({ LECTERN_KNOWLEDGE: 'on' })
  })
  afterAll(() => connector.close())
  const paths = () => connector.sandbox.requests.map(({ path }) => path)
  const call = async (name: string, args: object, headers = {}) =>
    (await connector.call(name, args, headers)).result

  it('lists both after the declared tools, with one text argument and every hint', async () => {
    const { result } = await connector.rpc('tools/list')
    const [search, fetch] = result.tools.slice(16)
    expect(result.tools).toHaveLength(18)
    for (const [tool, name, argument] of [
      [search, 'search', 'query'],
      [fetch, 'fetch', 'id'],
    ]) {
      expect(tool.name).toBe(name)
      expect(tool.inputSchema).toEqual({
        type: 'object',
        properties: { [argument]: { type: 'string', description: expect.any(String) } },
        required: [argument],
        additionalProperties: false,
      })
      expect(tool.annotations).toEqual({
        title: tool.title,
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      })
    }
    expect(search.description).toContain(
      'invoices (Invoices), counterparties (Counterparties), contracts (Contracts)',
    )
  })

  it.each([
    ['studio', '/v1/invoices?q=studio&page=1&pageSize=50', /^invoices:inv_\d{6}$/, 'invoices'],
    [
      'counterparties: gmbh',
      '/v1/counterparties?q=gmbh&page=1&pageSize=50',
      /^counterparties:cp_\d{6}$/,
      'counterparties',
    ],
    ['Contracts:website', '/v1/contracts?q=website&page=1&pageSize=50', /^contracts:con_\d{6}$/, 'contracts'],
  ])('search %j is one GET, and each result has id, title and an address', async (query, path, id, place) => {
    const before = paths().length
    const result = await call('search', { query })
    expect(paths().slice(before)).toEqual([path])
    expect(result.content).toHaveLength(1)
    const { results } = read(result)
    expect(results.length).toBeGreaterThan(0)
    expect(results.length).toBeLessThanOrEqual(20)
    for (const each of results) {
      expect(Object.keys(each)).toEqual(['id', 'title', 'url'])
      expect(each.id).toMatch(id)
      expect(each.title).toMatch(/\S/)
      expect(each.url).toBe(`https://workspace.flowtly.eu/${place}/${each.id.split(':')[1]}`)
    }
  })

  it('what search gives, fetch takes: the record as text, its numbers as the upstream wrote them', async () => {
    const { results } = read(await call('search', { query: 'studio' }))
    const [first] = results
    const before = paths().length
    const document = read(await call('fetch', { id: first.id }))
    expect(paths().slice(before)).toEqual([`/v1/invoices/${first.id.slice('invoices:'.length)}`])
    expect(Object.keys(document)).toEqual(['id', 'title', 'text', 'url', 'metadata'])
    expect(document).toMatchObject(first)
    const sent = await fetch(`${connector.sandbox.url}${paths().at(-1)}`, {
      headers: { authorization: `Bearer ${AURORA}` },
    })
    expect(document.text).toBe(await sent.text())
    expect(document.text).toMatch(/"grossAmount":\d+\.\d\d,/)
    const record = JSON.parse(document.text)
    expect(document.metadata).toEqual({
      namespace: 'invoices',
      updated: record.updatedAt,
      date: record.issuedOn,
    })
  })

  it('the same value is structured, in revisions that know that', async () => {
    const structured = async (version: string) => {
      const result = await call('search', { query: 'studio' }, { 'mcp-protocol-version': version })
      return result.structuredContent === undefined
        ? 'text alone'
        : expect(result.structuredContent).toEqual(read(result))
    }
    expect(await structured('2025-03-26')).toBe('text alone')
    await structured('2025-06-18')
    await structured('2025-11-25')
    const answer = await connector.modern('tools/call', {
      name: 'fetch',
      arguments: { id: 'contracts:con_000012' },
    })
    const { result } = (await answer.json()) as Told
    expect(result.structuredContent).toEqual(read(result))
    expect(result.structuredContent).toMatchObject({
      id: 'contracts:con_000012',
      title: 'C-2025-012 Website maintenance',
    })
  })

  it.each([
    ['search', {}, 'query is required'],
    ['search', { query: '  ' }, 'query has no words to find.'],
    ['search', { query: 'contracts:' }, 'query has no words to find.'],
    ['search', { query: 'x'.repeat(1001) }, '1000'],
    ['search', { query: 'a', limit: 5 }, '"limit" is unknown'],
    ['search', { query: 'contractz: acme' }, 'Nothing is called contractz; did you mean contracts?'],
    [
      'search',
      { query: 'projects: website' },
      'projects cannot be searched. Known are invoices:, counterparties:, contracts:.',
    ],
    ['fetch', { id: 'inv_000123' }, 'Known are invoices:, counterparties:, contracts:.'],
    ['fetch', { id: 'invoices:' }, 'Known are invoices:'],
    ['fetch', { id: 'invoices:nope' }, 'invoiceId must be a string matching'],
  ])('%s %j is a mistake that a model can mend, and nothing is sent', async (name, args, words) => {
    const before = paths().length
    const result = await call(name, args)
    expect(result.isError).toBe(true)
    expect(read(result)).toMatchObject({
      error: 'invalid_arguments',
      message: expect.stringContaining(words),
    })
    expect(paths()).toHaveLength(before)
  })

  it('what the upstream refuses is told as for any tool', async () => {
    const { error } = await connector.call('fetch', { id: 'invoices:inv_999999' })
    expect(error).toMatchObject({ code: -32000, data: { status: 404 } })
  })
})

describe('a connector of a small budget', () => {
  it('answers the first results that fit, in their own shape, and a record cut to it', async () => {
    const [small, large] = await Promise.all(
      ['1300', '38000'].map((budget) =>
        startConnector({ LECTERN_KNOWLEDGE: 'on', LECTERN_ANSWER_BUDGET: budget }),
      ),
    )
    const ask = async (connector: Connector | undefined, name: string, args: object) =>
      (await connector!.call(name, args, {})).result
    const query = { query: 'studio' }
    const [found, all] = [await ask(small, 'search', query), await ask(large, 'search', query)]
    expect(weightOf(found.content[0].text)).toBeLessThanOrEqual(1300)
    expect(read(all).results).toHaveLength(20)
    const { results, ...more } = read(found)
    expect(more).toEqual({})
    expect(results.length).toBeGreaterThan(5)
    expect(results).toEqual(read(all).results.slice(0, results.length))
    // Its quotes are escaped twice, and count most where there is much of little.
    for (const id of ['invoices:inv_002535', 'contracts:con_000001', 'counterparties:cp_000017']) {
      const fetched = await ask(small, 'fetch', { id })
      expect(weightOf(fetched.content[0].text)).toBeLessThanOrEqual(1300)
      expect(Object.keys(JSON.parse(read(fetched).text))).toContain('id')
    }
    await Promise.all([small!.close(), large!.close()])
  })
})

describe('a connector by itself', () => {
  let login: Login
  beforeAll(async () => {
    login = await startLogin()
  })
  afterAll(() => login.close())

  async function rpc(token: string, method: string, params: object = {}): Promise<Response> {
    return fetch(login.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
  }
  async function signIn(redirect: string, scope?: string) {
    const client = await newClient({ issuer: login.url, redirect, ...(scope && { scope }) })
    const { body } = await redeem(client, (await walkToCode(client, new Person(), 0)).get('code')!)
    return { client, ...body } as { client: typeof client; access_token: string; refresh_token: string }
  }
  const listed = async (token: string) => {
    const { result } = (await (await rpc(token, 'tools/list')).json()) as Told
    return result.tools.map(({ name }: Told) => name)
  }
  const CHATGPT = 'https://chatgpt.com/connector/oauth/abc123'

  it('shows them to those who sign in from ChatGPT, before and after a refresh, and keeps sixteen for all others', async () => {
    const chatgpt = await signIn(CHATGPT)
    expect((await listed(chatgpt.access_token)).slice(15)).toEqual(['projects_list', 'search', 'fetch'])
    const { body } = await refresh(chatgpt.client, chatgpt.refresh_token)
    expect(await listed(body.access_token as string)).toHaveLength(18)
    const claude = await signIn('https://claude.ai/api/mcp/auth_callback')
    expect(await listed(claude.access_token)).toHaveLength(16)
    expect(await listed(AURORA)).toHaveLength(16)
  })

  it('takes a call of them from everybody', async () => {
    const { result } = (await (
      await rpc(AURORA, 'tools/call', { name: 'search', arguments: { query: 'studio' } })
    ).json()) as Told
    expect(read(result).results.length).toBeGreaterThan(0)
  })

  it('searches what the scopes open, and asks for the scope of what they do not', async () => {
    const { access_token: token } = await signIn(CHATGPT, 'contacts:read')
    const { result } = (await (await rpc(token, 'tools/list')).json()) as Told
    const search = result.tools.find(({ name }: Told) => name === 'search')
    expect(search.description).toContain('among counterparties.')
    expect(search.description).not.toContain('invoices')
    const found = (await (
      await rpc(token, 'tools/call', { name: 'search', arguments: { query: 'gmbh' } })
    ).json()) as Told
    expect(read(found.result).results[0].id).toMatch(/^counterparties:/)
    for (const params of [
      { name: 'search', arguments: { query: 'invoices: studio' } },
      { name: 'fetch', arguments: { id: 'invoices:inv_000123' } },
    ]) {
      const refused = await rpc(token, 'tools/call', params)
      expect(refused.status).toBe(403)
      expect(refused.headers.get('www-authenticate')).toContain('scope="invoices:read contacts:read"')
    }
    const other = await signIn(CHATGPT, 'settings:read')
    expect(await listed(other.access_token)).toEqual(['costGroups_list', 'taxGroups_list'])
    const beyond = await rpc(other.access_token, 'tools/call', { name: 'search', arguments: { query: 'x' } })
    expect(beyond.status).toBe(403)
  })
})

describe('a connector that switched them off, or declares none', () => {
  it.each([
    ['off', { LECTERN_KNOWLEDGE: 'off' }, loadFlowtly()],
    ['undeclared', { LECTERN_KNOWLEDGE: 'on' }, { ...loadFlowtly(), knowledge: [] }],
  ])('%s: they are neither listed nor called', async (_, env, catalog) => {
    const connector = await startConnector(env, catalog)
    expect((await connector.rpc('tools/list')).result.tools).toHaveLength(16)
    const { error } = await connector.call('search', { query: 'studio' })
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining('Unknown tool "search"') })
    expect(connector.sandbox.requests).toEqual([])
    await connector.close()
  })
})

describe('a record whose tool shows a summary', () => {
  let connector: Connector
  beforeAll(async () => {
    const { tools, ...shared } = flowtly.namespaces.invoices!
    const get = { ...tools.get!, answers: { summary: ['id', 'number'] } }
    const invoices = { ...shared, tools: { ...tools, get } }
    const namespaces = { ...flowtly.namespaces, invoices }
    connector = await startConnector({}, compile({ ...flowtly, namespaces }, document))
  })
  afterAll(() => connector.close())
  const id = 'inv_000123'

  it('is whole in fetch and as a resource, which cannot ask for more', async () => {
    const shown = (await connector.call('invoices.get', { invoiceId: id })).result.content[0].text
    expect(Object.keys(JSON.parse(shown))).toEqual(['id', 'number', '_lectern'])
    const { contents } = (await connector.rpc('resources/read', { uri: `flowtly://invoices/${id}` })).result
    const fetched = read((await connector.call('fetch', { id: `invoices:${id}` })).result)
    for (const text of [contents[0].text, fetched.text]) {
      expect(JSON.parse(text)).toMatchObject({
        id,
        lines: expect.any(Array),
        counterparty: expect.any(Object),
      })
      expect(text).not.toContain('_lectern')
    }
  })
})
