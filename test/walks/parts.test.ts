/** The story of a part: an address for two namespaces, added to a client as `/mcp` would be, and nothing beyond it is there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { derive } from '../../src/connector/derive.ts'
import { after, type LogEntry, type Ports } from '../../src/ports.ts'
import { readSettings } from '../../src/settings.ts'
import { createWorker } from '../../src/worker.ts'
import { AURORA, type Connector, ENVELOPE, startConnector } from '../connector.ts'
import { newSecret } from '../fleet.ts'
import { type Login, startLogin } from '../login.ts'
import { manyGets } from '../many.ts'
import { type Client, newClient, Person, redeem, refresh, walkToCode } from '../person.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
type Told = any

const PART = '/n/invoices,contracts/mcp'
const SCOPES = 'invoices:read contracts:read'
const TOOLS = [
  'invoices.list',
  'invoices.get',
  'contracts.list',
  'contracts.get',
  'contracts.paymentScheduleLines',
]

/** Requests of one client at one address, in either era. */
function clientOf(address: string, token: string | undefined) {
  const send = (body: object, headers: Record<string, string> = {}) =>
    fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify(body),
    })
  const ask: Record<'legacy' | 'modern', (method: string, params?: Told) => Promise<Response>> = {
    legacy: (method, params) => send({ jsonrpc: '2.0', id: 1, method, ...(params && { params }) }),
    modern(method, params = {}) {
      const name = params.name ?? params.uri
      const named = name === undefined ? {} : { 'mcp-name': name }
      const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...named }
      return send({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: ENVELOPE } }, headers)
    },
  }
  return ask
}

const ERAS = ['legacy', 'modern'] as const

describe.each(ERAS)('a part, asked with a key (%s)', (era) => {
  let connector: Connector
  beforeAll(async () => {
    connector = await startConnector({ LECTERN_KNOWLEDGE: 'on' })
  })
  afterAll(() => connector.close())
  const rpc = async (method: string, params?: object, path = PART): Promise<Told> =>
    (await clientOf(connector.url + path, AURORA)[era](method, params)).json()
  const call = async (name: string, args: object = {}) => rpc('tools/call', { name, arguments: args })

  it('lists the tools of its namespaces, and tells of them alone', async () => {
    const { result } = await rpc('tools/list')
    expect(result.tools.map(({ name }: Told) => name)).toEqual([...TOOLS, 'search', 'fetch'])
    const search = result.tools.find(({ name }: Told) => name === 'search').description
    expect(search).toContain('contracts')
    expect(search).not.toContain('counterparties')
    const hello =
      era === 'legacy'
        ? await rpc('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: {} })
        : await rpc('server/discover')
    expect(hello.result.instructions).toMatch(/- invoices: .*\n- contracts: /)
    expect(hello.result.instructions).not.toMatch(/- (transactions|suppliers|projects): /)
    expect((await rpc('tools/list', {}, `${PART}/`)).result).toEqual(result)
  })

  it('answers its tools as /mcp does, and names its own in the next call', async () => {
    for (const [name, args] of [
      ['invoices.list', { pageSize: 2 }],
      ['contracts_list', { pageSize: 1 }],
    ] as const) {
      const here = await call(name, args)
      const whole = await rpc('tools/call', { name, arguments: args }, '/mcp')
      expect(here.result.content).toEqual(whole.result.content)
      const { _lectern: note } = JSON.parse(here.result.content[0].text)
      if (note?.next?.tool !== undefined) expect(TOOLS).toContain(note.next.tool)
    }
  })

  it('tells a tool of elsewhere from one that is nowhere', async () => {
    const asked = connector.sandbox.requests.length
    for (const name of ['transactions.list', 'transactions_list', 'bankAccounts.get']) {
      const { error } = await call(name, { accountId: 'acc_1' })
      expect(error.code).toBe(-32602)
      expect(error.message).toContain(`Unknown tool "${name}": it is not part of this address`)
      expect(error.message).toContain('serves invoices, contracts alone')
    }
    expect((await call('invoices.lst')).error.message).toContain('did you mean invoices.list?')
    expect((await call('zebra.list')).error.message).not.toContain('part of this address')
    expect(connector.sandbox.requests).toHaveLength(asked)
  })

  it('reads its own records, under the allowed prefixes too', async () => {
    for (const uri of [
      'flowtly://invoices/inv_000123',
      'https://workspace.flowtly.eu/invoices/inv_000123',
      'flowtly://invoices?status=paid',
    ])
      expect((await rpc('resources/read', { uri })).result.contents[0].uri, uri).toBe(uri)
    const { result } = await rpc('resources/templates/list')
    for (const { uriTemplate } of result.resourceTemplates)
      expect(uriTemplate).toMatch(/^flowtly:\/\/(invoices|contracts)\//)
  })

  it('searches and fetches its own', async () => {
    const found = JSON.parse((await call('search', { query: 'contracts: a' })).result.content[0].text)
    expect(found.results[0].id).toMatch(/^contracts:/)
    const record = await call('fetch', { id: found.results[0].id })
    expect(JSON.parse(record.result.content[0].text).id).toBe(found.results[0].id)
  })
})

describe('a part of a connector that people sign in to', () => {
  let login: Login
  beforeAll(async () => {
    login = await startLogin()
  })
  afterAll(() => login.close())

  async function signIn(path: string, more: { scope?: string } = {}) {
    const resource = `${login.url}${path}`
    const client = await newClient({ issuer: login.url, resource, ...more })
    const { status, body } = await redeem(client, (await walkToCode(client)).get('code')!, { resource })
    expect(status).toBe(200)
    return { client, resource, ...body } as {
      client: Client
      resource: string
      access_token: string
      refresh_token: string
      scope: string
    }
  }

  it('says itself where it is described, and that only its own scopes are needed', async () => {
    const answer = await clientOf(login.url + PART, undefined).legacy('tools/list')
    expect(answer.status).toBe(401)
    const challenge = answer.headers.get('www-authenticate')!
    const metadata = /resource_metadata="([^"]+)"/.exec(challenge)![1]!
    expect(metadata).toBe(`${login.url}/.well-known/oauth-protected-resource${PART}`)
    expect(challenge).toContain(`scope="${SCOPES}"`)
    const described = await fetch(metadata, { headers: { origin: 'https://elsewhere.example' } })
    expect(described.headers.get('access-control-allow-origin')).toBe('*')
    expect(await described.json()).toMatchObject({
      resource: login.url + PART,
      authorization_servers: [login.url],
      scopes_supported: SCOPES.split(' '),
    })
    const appended = await fetch(`${login.url}${PART}/.well-known/oauth-protected-resource`)
    expect(await appended.json()).toMatchObject({ resource: login.url + PART })
  })

  it.each(['oauth-authorization-server', 'openid-configuration'])(
    'has the %s of the one issuer, before and behind its path',
    async (name) => {
      const root = await (await fetch(`${login.url}/.well-known/${name}`)).json()
      for (const path of [`/.well-known/${name}${PART}`, `${PART}/.well-known/${name}`]) {
        expect(await (await fetch(login.url + path)).json(), path).toEqual(root)
        expect((await fetch(login.url + path, { method: 'OPTIONS' })).status).toBe(204)
      }
    },
  )

  it('is described at its one address alone', async () => {
    for (const path of [
      '/n/contracts,invoices/mcp',
      '/n/invoices%2Ccontracts/mcp',
      '/n/Invoices/mcp',
      '/n/zzz/mcp',
      `${PART}/`,
    ])
      for (const address of [
        `/.well-known/oauth-protected-resource${path}`,
        `${path}/.well-known/oauth-protected-resource`,
      ])
        expect((await fetch(login.url + address)).status, address).toBe(404)
    expect((await fetch(`${login.url}/.well-known/nothing${PART}`)).status).toBe(404)
  })

  it('asks the person for what it needs, grants that, and keeps it through a refresh', async () => {
    const client = await newClient({ issuer: login.url, resource: login.url + PART })
    const { page } = await new Person().request(client.authorizeUrl)
    const { scopes } = loadFlowtly()
    for (const [scope, words] of Object.entries(scopes))
      expect(page.includes(words), scope).toBe(SCOPES.split(' ').includes(scope))

    const { access_token, refresh_token, scope, client: own, resource } = await signIn(PART)
    expect(scope).toBe(SCOPES)
    let token = access_token
    for (const renewal of [undefined, {}, { resource }]) {
      if (renewal !== undefined) {
        const { status, body } = await refresh(own, refresh_token, renewal)
        expect(status).toBe(200)
        expect(body.scope).toBe(SCOPES)
        token = body.access_token
      }
      for (const era of ERAS) {
        const here = clientOf(login.url + PART, token)[era]
        const { result } = (await (await here('tools/list')).json()) as Told
        expect(result.tools.map(({ name }: Told) => name)).toEqual(TOOLS)
        const answer = await here('tools/call', { name: 'contracts.list', arguments: { pageSize: 1 } })
        expect(((await answer.json()) as Told).result.content[0].text).toContain('items')
      }
    }
  })

  it('grants no scope beyond it, whatever a client asks for', async () => {
    expect((await signIn(PART, { scope: Object.keys(loadFlowtly().scopes).join(' ') })).scope).toBe(SCOPES)
    expect((await signIn(PART, { scope: 'banking:read' })).scope).toBe(SCOPES)
    const { scope, access_token, client, refresh_token } = await signIn(PART, {
      scope: 'contracts:read banking:read',
    })
    expect(scope).toBe('contracts:read')
    expect((await refresh(client, refresh_token, { scope: 'contracts:read banking:read' })).body.scope).toBe(
      'contracts:read',
    )
    const beyond = await clientOf(login.url + PART, access_token).legacy('tools/call', {
      name: 'invoices.list',
    })
    expect(beyond.status).toBe(403)
    const challenge = beyond.headers.get('www-authenticate')!
    expect(challenge).toContain(`scope="${SCOPES}"`)
    expect(challenge).toContain(
      `resource_metadata="${login.url}/.well-known/oauth-protected-resource${PART}"`,
    )
  })

  it('lets another part of the same person be signed in to beside it', async () => {
    const [one, other] = [await signIn('/n/projects/mcp'), await signIn(PART)]
    expect(one.scope).toBe('projects:read')
    for (const { resource, access_token } of [one, other])
      expect((await clientOf(resource, access_token).legacy('tools/list')).status).toBe(200)
  })

  it('takes the API keys that /mcp takes', async () => {
    expect((await clientOf(login.url + PART, AURORA).legacy('tools/list')).status).toBe(200)
  })
})

describe('an address that is spelled otherwise', () => {
  let connector: Connector
  beforeAll(async () => {
    connector = await startConnector({ LECTERN_ALLOWED_ORIGINS: 'https://app.example' })
  })
  afterAll(() => connector.close())

  // biome-ignore format: one address a line
  it.each([
    ['/n/contracts,invoices/mcp', PART],
    ['/n/invoices%2Ccontracts/mcp', PART],
    ['/n/invoices,contracts,invoices/mcp', PART],
    ['/n/Invoices,contracts/mcp', PART],
    ['/n/%69nvoices,contracts/mcp', PART],
    ['/n/zzz/mcp', undefined],
    ['/n//mcp', undefined],
    ['/n/mcp', undefined],
    ['/n/invoices', undefined],
    ['/%6e/invoices/mcp', undefined],
    [`/n/${','.repeat(5000)}/mcp`, undefined],
  ])('%s is not found, before anybody is asked who they are', async (path, canonical) => {
    const answer = await clientOf(connector.url + path, undefined).legacy('tools/list')
    expect(answer.status).toBe(404)
    const body = (await answer.json()) as { error: string; address?: string }
    expect(body.address).toBe(canonical === undefined ? undefined : connector.url + canonical)
    if (canonical !== undefined) expect(body.error).toContain(canonical)
    expect(body.error.length).toBeLessThan(400)
  })

  it('stands behind the same guards as /mcp', async () => {
    const at = (path: string, headers: Record<string, string>, method = 'POST') =>
      fetch(connector.url + path, { method, headers })
    for (const path of ['/mcp', PART, '/n/zzz/mcp']) {
      expect((await at(path, { origin: 'https://evil.example' })).status, path).toBe(403)
      const preflight = await at(path, { origin: 'https://app.example' }, 'OPTIONS')
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example')
      const answer = await at(path, { origin: 'https://app.example', authorization: `Bearer ${AURORA}` })
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
    }
    const authorization = `Bearer ${AURORA}`
    expect((await at(PART, { authorization }, 'GET')).status).toBe(405)
    expect((await at(PART, { authorization, 'content-type': 'text/plain' })).status).toBe(415)
    const large = {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: `"${'x'.repeat(2 ** 20)}"`,
    }
    expect((await fetch(connector.url + PART, large)).status).toBe(413)
  })
})

it('stands in the log by its declared names, and what is none by no name', async () => {
  const lines: LogEntry[] = []
  const ports: Ports = {
    get: () => Promise.reject(new TypeError('nothing is asked here')),
    now: () => 0,
    random: () => 0.5,
    id: () => 'id',
    after,
    log: (line) => lines.push(line),
  }
  const { access: _, ...catalog } = loadFlowtly()
  const app = createApp({ ...catalog, access: { type: 'none' } }, readSettings({}), ports)
  for (const path of [
    PART,
    `${PART}/`,
    '/n/invoices,flowtly_secret/mcp',
    '/n/contracts,invoices/mcp',
    '/n/x',
  ])
    await app.request(`http://127.0.0.1${path}`, { method: 'POST' })
  expect(lines.map(({ path, status }) => [path, status])).toEqual([
    [PART, 415],
    [PART, 415],
    ['other', 404],
    ['other', 404],
    ['other', 404],
  ])
  expect(JSON.stringify(lines)).not.toContain('secret')
})

describe('a large API', () => {
  it('has a part whose list is short, in discovery too', async () => {
    const { catalog } = derive(manyGets(), { access: { type: 'apiKey' }, discovery: true })
    const connector = await startConnector({}, catalog)
    const plain = await startConnector({}, { ...catalog, discovery: false })
    const read = async (running: Connector, method: string, params?: object): Promise<Told> =>
      (await clientOf(`${running.url}/n/invoices/mcp`, AURORA).legacy(method, params)).json()
    const own = (await read(plain, 'tools/list')).result.tools.map(({ name }: Told) => name)
    expect(own).toEqual(['invoices_list', 'invoices_get'])
    const call = async (name: string, args: object) =>
      (await read(connector, 'tools/call', { name, arguments: args })).result
    const found = JSON.parse((await call('tools_find', { query: 'contracts list billing' })).content[0].text)
    for (const { name } of found.tools) expect(own).toContain(name)
    for (const [name, args] of [
      ['tools_call', { tool: 'contracts_list', arguments: {} }],
      ['tools_describe', { tool: 'contracts_list' }],
    ] as const) {
      const told = await call(name, args)
      expect(told.isError).toBe(true)
      expect(told.content[0].text).toContain('not part of this address')
    }
    expect(
      (await call('tools_call', { tool: 'invoices_list', arguments: { pageSize: 1 } })).isError,
    ).toBeFalsy()
    await Promise.all([connector.close(), plain.close()])
  })
})

it('a Worker serves parts, and describes them', async () => {
  const origin = 'https://mcp.example.com'
  const env = {
    LECTERN_LOG: 'off',
    LECTERN_PUBLIC_URL: origin,
    LECTERN_SESSION_SECRETS: newSecret(),
    LECTERN_REGISTRATION_SECRETS: newSecret(),
    LECTERN_IDP_ISSUER: 'https://id.example.com',
    LECTERN_IDP_CLIENT_ID: 'lectern',
  }
  const worker = createWorker(loadFlowtly())
  const ask = (path: string, init: RequestInit = {}) => worker.fetch(new Request(origin + path, init), env)
  const metadata = await ask(`/.well-known/oauth-protected-resource${PART}`)
  expect(await metadata.json()).toMatchObject({ resource: origin + PART })
  const listed = await ask(PART, {
    method: 'POST',
    headers: { authorization: `Bearer ${AURORA}`, 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  })
  const { result } = (await listed.json()) as Told
  expect(result.tools.map(({ name }: Told) => name)).toEqual(TOOLS)
  expect((await ask(PART, { method: 'POST' })).status).toBe(401)
  expect((await ask('/n/contracts,invoices/mcp', { method: 'POST' })).status).toBe(404)
})
