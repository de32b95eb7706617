/** `lectern doctor` as a person and a pipeline use it: Flowtly, a document, a live server; what is printed, and how it ends. */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ofCatalog } from '../../src/commands/examined.ts'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { CLIENTS, type Client } from '../../src/doctor/clients.ts'
import { StartError } from '../../src/errors.ts'
import { listTools } from '../../src/node/listing.ts'
import { type Login, startLogin } from '../login.ts'
import { newClient, redeem, register, walkToCode } from '../person.ts'
import { pets, run, startUpstream } from '../program.ts'
import { DECLARATION, LISTED, openShop } from './shop.ts'

const NAMES = ['claude', 'claude-code', 'openai', 'codex', 'cursor', 'vscode', 'gemini', 'gemini-cli', 'sdk-1', 'sdk-2', 'anthropic-directory', 'openai-review'] // biome-ignore format: one line

let folder: string
let file: string
let login: Login
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'))
  file = join(folder, 'pets.json')
  await writeFile(file, JSON.stringify(pets([{ url: 'https://pets.example/v1' }])))
  login = await startLogin()
})
afterAll(async () => {
  await login.close()
  await rm(folder, { recursive: true })
})

// biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
async function examine(args: string[], env?: Record<string, string>, input?: string): Promise<any> {
  const { code, out, err } = await run(['doctor', '--json', ...args], env, input)
  expect(err).toBe('')
  return { code, ...JSON.parse(out) }
}

interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: unknown
}

const TOOL = {
  name: 'boats_list',
  title: 'List boats',
  description: 'The boats of a harbour with their length in metres.',
  inputSchema: { type: 'object', properties: {} },
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
}
const GREETING = {
  protocolVersion: '2025-06-18',
  capabilities: { tools: {} },
  serverInfo: { name: 'Harbour MCP' },
}

/** An MCP server that answers each method as it is told. */
async function startServer(
  methods: Record<string, (params: Record<string, unknown>, request: IncomingMessage) => Answer>,
) {
  const heard: { method: string; headers: IncomingMessage['headers'] }[] = []
  const route: RequestListener = async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { id, method, params = {} } = JSON.parse(text)
    heard.push({ method, headers: request.headers })
    const result = (value: unknown) => ({ body: { jsonrpc: '2.0', id, result: value } })
    const preset = {
      initialize: () => result(GREETING),
      'notifications/initialized': () => ({ status: 202, body: '' }),
    } as Record<string, () => Answer>
    const answer = methods[method]?.(params, request) ?? preset[method]!()
    const { status = 200, headers = {}, body } = answer
    const whole = typeof body === 'object' && body !== null && !('jsonrpc' in body) ? result(body).body : body
    reply(response, status, headers, whole)
  }
  const { url } = await startUpstream({ '/mcp': route })
  return { url: `${url}/mcp`, heard }
}

function reply(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: unknown,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

describe('Flowtly', () => {
  it('is taken by every client and directory: exit code 0, strictly too', async () => {
    const { code, out, err } = await run(['doctor', '--strict'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^Flowtly: 16 tools, added as flowtly\n\n/)
    for (const name of NAMES) expect(out).toMatch(new RegExp(`^ {2}${name} +accepts  `, 'm'))
    expect(out).toMatch(/^ {2}claude +accepts {2}mcp__claude_ai_flowtly__invoices_list {2}/m)
    expect(out).toMatch(
      /^Tokens of name, description and input schema, by o200k_base:\n {2}invoices\.list +\d{3}\n/m,
    )
    expect(out).toMatch(/^ {2}all of them +\d,\d{3}$/m)
    expect(out).toMatch(/\nTaken by all 12\.\n$/)
  })

  it('is one JSON object for a program', async () => {
    const { code, ...told } = await examine([])
    expect(Object.keys(told)).toEqual(['server', 'title', 'clients', 'findings', 'tokens', 'notes'])
    expect(told).toMatchObject({
      server: 'flowtly',
      title: 'Flowtly',
      findings: [],
      tokens: { method: 'o200k_base' },
    })
    expect(told.clients.map(({ client }: { client: string }) => client)).toEqual(NAMES)
    expect(Object.keys(told.clients[0])).toEqual([
      'client',
      'title',
      'verdict',
      'refusals',
      'losses',
      'example',
    ])
    const sum = told.tokens.tools.reduce((total: number, { tokens }: { tokens: number }) => total + tokens, 0)
    expect([code, told.tokens.tools.length, told.tokens.total]).toEqual([0, 16, sum])
  })

  it('is given to each client that signs in under the names that the doctor judged', async () => {
    const examined = ofCatalog(loadFlowtly())
    for (const client of CLIENTS.filter(({ signsIn }) => signsIn !== undefined)) {
      const { tools } = await listTools(login.endpoint, { authorization: `Bearer ${await signInAs(client)}` })
      expect([client.name, tools]).toEqual([client.name, examined.listFor(client)])
    }
  })

  it('is examined live as whoever holds the token, here ChatGPT', async () => {
    const TOKEN = `Bearer ${await signInAs(CLIENTS.find(({ name }) => name === 'openai')!)}`
    const { code, findings, tokens } = await examine(
      ['--url', login.endpoint, '--header-env', 'Authorization=TOKEN'],
      { TOKEN },
    )
    expect([code, findings, tokens.tools[0].name]).toEqual([0, [], 'invoices_list'])
  })
})

/** Registers as this client does, and brings a person to its redirect URI. */
async function signInAs({ signsIn }: Client): Promise<string> {
  const { name = 'Unnamed', redirects } = signsIn!
  const registered = await register(login.url, { client_name: name, redirect_uris: redirects })
  const asking = await newClient({
    issuer: login.url,
    redirect: redirects[0]!,
    clientId: registered.client_id,
  })
  const { body } = await redeem(asking, (await walkToCode(asking)).get('code')!)
  return body.access_token
}

describe('a document', () => {
  it('is examined as the connector that start would serve, under the name that is given', async () => {
    const { code, server, clients, tokens } = await examine(['--openapi', file, '--server-name', 'my_shop'])
    expect([code, server]).toEqual([0, 'my_shop'])
    expect(tokens.tools).toHaveLength(2)
    expect(clients[0].example).toMatch(/^mcp__claude_ai_my_shop__pets_/)
    const piped = await examine(['--openapi', '-'], {}, JSON.stringify(pets()))
    expect(piped.server).toBe('pet-shop')
  })

  it('with dots in its names is refused by those who refuse dots: exit code 1', async () => {
    const { code, findings } = await examine(['--openapi', file, '--tool-names', 'dotted'])
    expect(code).toBe(1)
    const refusing = new Set(findings.map(({ client }: { client: string }) => client))
    expect([...refusing]).toEqual(['claude', 'openai', 'cursor', 'anthropic-directory', 'openai-review'])
    expect(findings[0]).toEqual({
      client: 'claude', tool: expect.stringMatching(/^pets\./), rule: 'name-characters', at: '/name', severity: 'refusal',
      note: expect.stringMatching(/^pets\./), asks: expect.any(String), fix: expect.stringContaining('--tool-names underscore'),
    }) // biome-ignore format: as read
    expect((await examine(['--openapi', file, '--tool-names', 'dotted', '--client', 'codex'])).code).toBe(0)
  })
})

describe('a live server', () => {
  it('is read page after page in one session, with the headers of the person, from JSON and from events', async () => {
    const events = (id: number, result: object) =>
      `: hello\r\n\r\nevent: message\r\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\r\n\r\ndata: {"jsonrpc":"2.0",\r\ndata: "id":${id},"result":${JSON.stringify(result)}}\r\n\r\n`
    const { url, heard } = await startServer({
      initialize: () => ({ headers: { 'mcp-session-id': 'one' }, body: GREETING }),
      'tools/list': ({ cursor }) =>
        cursor === undefined
          ? { body: { tools: [TOOL], nextCursor: 'more' } }
          : { headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body: events(3, { tools: [{ ...TOOL, name: 'boats.get' }] }) },
    }) // biome-ignore format: as read
    const { code, server, title, tokens, findings } = await examine(
      ['--url', url, '--header-env', 'X-Key=KEY'],
      { KEY: 'k3y' },
    )
    expect([code, server, title]).toEqual([1, 'harbour-mcp', 'Harbour MCP'])
    expect(tokens.tools.map(({ name }: { name: string }) => name)).toEqual(['boats_list', 'boats.get'])
    expect(
      new Set(findings.map(({ tool, rule }: { tool: string; rule: string }) => `${tool} ${rule}`)),
    ).toEqual(new Set(['boats.get name-characters']))
    expect(heard.map(({ method }) => method)).toEqual([
      'initialize',
      'notifications/initialized',
      'tools/list',
      'tools/list',
    ])
    expect(heard.map(({ headers }) => headers['x-key'])).toEqual(Array(4).fill('k3y'))
    expect(heard.map(({ headers }) => headers['mcp-session-id'])).toEqual([undefined, 'one', 'one', 'one'])
    expect(heard.at(-1)!.headers['mcp-protocol-version']).toBe('2025-06-18')
  })

  it('is told by tool what to mend; losses are no refusal unless they are to count', async () => {
    const { url } = await startServer({
      'tools/list': () => ({ body: { tools: [TOOL, { ...TOOL, name: 'boats_get', title: undefined }] } }),
    })
    const { code, out } = await run(['doctor', '--url', url, '--client', 'codex', '--client', 'gemini-cli'])
    expect(code).toBe(0)
    expect(out).toBe(`Harbour MCP: 2 tools, added as harbour-mcp

  codex       accepts with losses  mcp__harbour-mcp__boats_list  Codex
  gemini-cli  accepts with losses  mcp_harbour-mcp_boats_list    Gemini CLI

boats_get
  title-absent: a title is shown to people
    /title no title
    lost on codex, gemini-cli
    Fix: give it a title of a few words, such as "List invoices".

Tokens of name, description and input schema, by o200k_base:
  boats_list   31
  boats_get    31
  all of them  62

Taken by all 2, by 2 of them with losses.
`)
    expect((await run(['doctor', '--url', url, '--strict'])).code).toBe(1)
  })

  const rows: [string, Parameters<typeof startServer>[0], RegExp][] = [
    ['wants a sign-in', { initialize: () => ({ status: 401, body: 'no' }) }, /it wants a sign-in: send a credential by --header-env/],
    ['wants a sign-in in words', { initialize: () => ({ status: 401, body: { jsonrpc: '2.0', error: { code: -32001, message: 'Who?' } } }) }, /error -32001 Who\?; send a credential/],
    ['redirects', { initialize: () => ({ status: 307, headers: { location: 'https://else.example/mcp' }, body: '' }) }, /it redirects, which is not followed: give https:\/\/else\.example\/mcp/],
    ['redirects with the query that it was given', { initialize: () => ({ status: 308, headers: { location: '/mcp/?key=hunter2' }, body: '' }) }, /not followed: give \/mcp\/\?… where/],
    ['refuses with a code of any depth', { initialize: () => ({ body: `{"jsonrpc":"2.0","error":{"code":${'['.repeat(1e6)}${']'.repeat(1e6)},"message":"Deep"}}` }) }, /initialize with the error Deep/],
    ['refuses with a code of any length', { initialize: () => ({ body: { jsonrpc: '2.0', id: 1, error: { code: '\u009b31m'.repeat(1e5), message: 'Long' } } }) }, /initialize with the error Long$/m],
    ['is a web page', { initialize: () => ({ headers: { 'content-type': 'text/html' }, body: '<!doctype html>' }) }, /it does not answer initialize/],
    ['fails', { 'tools/list': () => ({ status: 500, body: 'oh' }) }, /it answers 500/],
    ['refuses with an escape', { 'tools/list': () => ({ body: { jsonrpc: '2.0', id: 2, error: { code: -32603, message: 'a\u001b[2Jb' } } }) }, /tools\/list with the error -32603 a \[2Jb/],
    ['answers another question', { initialize: () => ({ body: { jsonrpc: '2.0', id: 99, result: {} } }) }, /does not answer initialize/],
    ['has no list', { 'tools/list': () => ({ body: { tools: {} } }) }, /holds no list of tools/],
    ['lists what has no name', { 'tools/list': () => ({ body: { tools: [TOOL, { title: 'x' }] } }) }, /at place 2 is no tool/],
    ['never ends its pages', { 'tools/list': () => ({ body: { tools: [TOOL], nextCursor: 'again' } }) }, /its pages never end/],
    ['has too many pages', { 'tools/list': ({ cursor = 0 }) => ({ body: { tools: [], nextCursor: Number(cursor) + 1 } }) }, /more than 100 pages/],
    ['lists too much', { 'tools/list': ({ cursor = 0 }) => ({ body: { tools: [{ ...TOOL, description: 'x'.repeat(5_000_000) }], nextCursor: Number(cursor) + 1 } }) }, /lists more than 16777216 bytes/],
    ['nests too deeply', { 'tools/list': () => ({ body: { tools: [{ ...TOOL, inputSchema: JSON.parse(`${'{"items":'.repeat(300)}1${'}'.repeat(300)}`) }] } }) }, /boats_list is nested deeper than 200 levels/],
    ['lists tools without end', { 'tools/list': () => ({ body: { tools: Array(10_001).fill(TOOL) } }) }, /it lists more than 10000 tools/],
    ['sends events without an end', { 'tools/list': () => ({ headers: { 'content-type': 'text/event-stream' }, body: `data: ${JSON.stringify('x'.repeat(1000))}\n\n`.repeat(20_000) }) }, /lists more than/],
  ] // biome-ignore format: one row a line
  it.each(rows)('that %s is told so', async (_, methods, words) => {
    const { url } = await startServer(methods)
    const told = listTools(`${url}?key=hunter2`, {})
    await expect(told).rejects.toThrow(StartError)
    await expect(told).rejects.toThrow(words)
    await expect(told).rejects.not.toThrow(/hunter2|\u001b/)
  })

  it('without a name is called by its address, without the query that may be a key', async () => {
    const { url } = await startServer({
      initialize: () => ({ body: { ...GREETING, serverInfo: {} } }),
      'tools/list': () => ({ body: { tools: [TOOL] } }),
    })
    const { code, title } = await examine(['--url', `${url}?key=hunter2`])
    expect([code, title]).toEqual([0, `${url}?…`])
  })

  it('that lists a tool of fifteen megabytes is examined all the same', { timeout: 60_000 }, async () => {
    const many = Array.from({ length: 150_000 }, (_, at) => [`p${at}`, { type: 'string' }])
    const tools = [
      { ...TOOL, name: 'long', description: 'a'.repeat(1.1e7) },
      { ...TOOL, name: 'wide', inputSchema: { type: 'object', properties: Object.fromEntries(many) } },
    ]
    const { url } = await startServer({ 'tools/list': () => ({ body: { tools } }) })
    const { code, findings } = await examine(['--url', url, '--client', 'openai'])
    expect(code).toBe(1)
    expect(findings.filter(({ rule }: { rule: string }) => rule === 'tokens')).toHaveLength(2)
  })

  it('that names a tool in what a terminal obeys says it in JSON by escapes', async () => {
    const { url } = await startServer({
      'tools/list': () => ({ body: { tools: [{ ...TOOL, name: 'a\u009b2Jb\u202e' }] } }),
    })
    const { out } = await run(['doctor', '--json', '--url', url])
    expect(out).not.toMatch(/[^\P{C}\n]/u)
    expect(JSON.parse(out).tokens.tools).toMatchObject([{ name: 'a\u009b2Jb\u202e' }])
  })

  it('that is not there, or lists nothing, is told in one place, with exit code 2', async () => {
    const { url } = await startServer({ 'tools/list': () => ({ body: { tools: [] } }) })
    expect(await run(['doctor', '--url', url])).toEqual({
      code: 2,
      out: '',
      err: 'lectern: There is nothing to examine:\n  - the server lists no tool to this caller\n',
    })
    const gone = createServer()
    await once(gone.listen(0, '127.0.0.1'), 'listening')
    const { port } = gone.address() as AddressInfo
    gone.close()
    const { code, err } = await run(['doctor', '--url', `http://127.0.0.1:${port}/mcp?key=hunter2`])
    expect(err).toBe(
      `lectern: http://127.0.0.1:${port}/mcp?… cannot be examined:\n  - nothing listens there: check host and port, and that the server runs\n`,
    )
    expect(code).toBe(2)
  })
})

describe('a declared connector', () => {
  let shop: Awaited<ReturnType<typeof openShop>>
  beforeAll(async () => {
    shop = await openShop()
    await shop.write('flat.json', { ...DECLARATION, toolNames: 'underscore' })
  })
  afterAll(() => shop.close())

  it.each([
    ['shop.json', 1, 'refuses', 'orders.list'],
    ['flat.json', 0, 'accepts', 'orders_list'],
  ])('%s is examined as it would be served to callers with keys', async (name, code, verdict, example) => {
    const [, , ...named] = shop.flags.slice(0, 4)
    const args = ['--declaration', shop.at(name), ...named, '--client', 'cursor']
    const found = await examine(args)
    expect([found.code, found.server, found.clients]).toEqual([
      code,
      'shop',
      [expect.objectContaining({ client: 'cursor', verdict, example })],
    ])
  })
})

describe('a document as lectern start --openapi would serve it', () => {
  const names = ({ tokens }: { tokens: { tools: { name: string }[] } }) =>
    tokens.tools.map(({ name }) => name)

  it('is three tools with --discovery, which directories refuse', async () => {
    const found = await examine(['--openapi', file, '--discovery'])
    expect(names(found).sort()).toEqual(['tools_call', 'tools_describe', 'tools_find'])
    const refusing = found.findings.filter(({ rule }: { rule: string }) => rule === 'discovery')
    expect(refusing.map(({ client }: { client: string }) => client)).toEqual([
      'anthropic-directory',
      'openai-review',
    ])
  })

  it('costs less without the arguments that Lectern adds', async () => {
    const [shop, args] = [await openShop(), ['--openapi']]
    await shop.write('openapi.json', LISTED)
    const whole = await examine([...args, shop.at('openapi.json')])
    const asIs = await examine([...args, shop.at('openapi.json'), '--answers-as-is'])
    await shop.close()
    expect(names(asIs)).toEqual(names(whole))
    expect(asIs.tokens.total).toBeLessThan(0.7 * whole.tokens.total)
  })
})

describe('what cannot be examined', () => {
  it.each<[string, string[], RegExp]>([
    ['two connectors', ['--url', 'https://a.example', '--openapi', 'a'], /two connectors/],
    ['a server and a declaration', ['--url', 'https://a.example', '--declaration', 'a'], /two connectors/],
    [
      'names for a declaration',
      ['--declaration', 'a', '--openapi', 'b', '--tool-names', 'dotted'],
      /declare `server`, `toolNames`, `discovery` and `answers: false` instead/,
    ],
    [
      'a declaration without its document',
      ['--declaration', 'a.json'],
      /The document of the declaration is not named/,
    ],
    ['discovery of no document', ['--discovery'], /name it with --openapi/],
    [
      'answers of a declaration',
      ['--declaration', 'a', '--openapi', 'b', '--answers-as-is'],
      /`answers: false` instead/,
    ],
    ['a header for no server', ['--header-env', 'A=B'], /name it with --url/],
    ['a base URL for no document', ['--base-url', 'https://a.example'], /name it with --openapi/],
    ['an unknown client', ['--client', 'claud'], /claud is not known: did you mean claude\?/],
    ['a name that no client takes', ['--server-name', 'my shop'], /clients take letters/],
    ['no address', ['--url', 'mcp.example.com'], /write the whole address/],
    [
      'an address with a password',
      ['--url', 'https://u:hunter2@a.example'],
      /by --header-env Authorization=NAME/,
    ],
    [
      'a header without a value',
      ['--url', 'https://a.example', '--header-env', 'A=NOT_SET'],
      /NOT_SET is not set/,
    ],
    ['a missing file', ['--openapi', '/nowhere/a.json'], /there is no such file/],
    ['a document without a GET', ['--openapi', '-'], /no GET that could become a tool/],
    ['a word too many', ['flowtly'], /Unexpected argument/],
  ])('%s is told, with exit code 2', async (_, args, words) => {
    const posts = JSON.stringify({ ...pets(), paths: {} })
    const { code, out, err } = await run(['doctor', ...args], {}, posts)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(words)
    expect(err).not.toMatch(/hunter2|\n {4}at /)
  })
})
