/** `lectern start --openapi`: any document on a base URL, with headers from the environment that nobody sees but the upstream. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lectern, pets, run, startUpstream } from '../program.ts'

const SECRET = 'Bearer hunter2-s3cr3t/value'
const MORE = 'k3y-0123456789'

let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'))
  file = join(folder, 'pets.json')
  await writeFile(file, JSON.stringify(pets([{ url: 'https://pets.invalid/v1' }])))
})
afterAll(() => rm(folder, { recursive: true }))

type Lines = Record<string, string>
// biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
type Told = any

async function start(args: string[], env: Record<string, string> = {}, input?: string) {
  const program = lectern(['start', ...args], { PORT: '0', ...env }, input)
  const over = program.ended.then(() => 'ended')
  await expect
    .poll(() => Promise.race([over, program.printed.out.includes('Ctrl-C ends it.')]), { timeout: 8000 })
    .toBeTruthy()
  expect(program.printed.err).toBe('')
  const url = / at (\S+\/mcp)/.exec(program.printed.out)![1]!
  async function rpc(method: string, params: object = {}, headers: Lines = {}): Promise<Told> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    return answer.json()
  }
  const names: string[] = (await rpc('tools/list')).result.tools.map(({ name }: { name: string }) => name)
  /** Calls the tool at this place of the list. */
  const call = (at: number, args: object = {}, headers?: Record<string, string>) =>
    rpc('tools/call', { name: names[at], arguments: args }, headers)
  return { ...program, url, rpc, call, names }
}

const WITH_HEADERS = ['--header-env', 'Authorization=SHOP_AUTH', '--header-env', 'X-Shop-Key=SHOP_KEY']
const VALUES = { SHOP_AUTH: SECRET, SHOP_KEY: MORE }

describe('headers of the operator', () => {
  it('go with every GET to the upstream, and are in no answer, error or log', async () => {
    const elsewhere = await startUpstream({ '/pets': (_, answer) => answer.end('[]') })
    const upstream = await startUpstream({
      '/v1/pets': (_, answer) => answer.setHeader('content-type', 'application/json').end('[{"id":7}]'),
      '/v1/pets/moved': (_, answer) => answer.writeHead(302, { location: '/v1/pets' }).end(),
      '/v1/pets/away': (_, answer) => answer.writeHead(302, { location: `${elsewhere.url}/pets` }).end(),
      '/v1/pets/refused': ({ headers }, answer) =>
        answer
          .writeHead(403, { 'content-type': 'application/json' })
          .end(JSON.stringify({ message: `no ${headers.authorization} nor ${headers['x-shop-key']} here` })),
      '/v1/pets/gone': (request) => request.socket.destroy(),
    })
    const base = `${upstream.url}/v1`
    const { call, rpc, printed, url } = await start(
      ['--openapi', file, '--base-url', base, ...WITH_HEADERS],
      VALUES,
    )
    expect(printed.out).toContain(`Lectern serves Pet shop at ${url}`)
    expect(printed.out).toContain(
      `Upstream: ${base}. Tools: 2; 1 skipped, and \`lectern compile ${file}\` says why.`,
    )
    expect(printed.out).toContain('Sent with every GET: Authorization, X-Shop-Key.')
    for (const line of ['claude mcp add --transport http', 'codex mcp add', 'gemini mcp add'])
      expect(printed.out).toMatch(new RegExp(`^ {2}${line}.* ${url}$`, 'm'))

    const { tools } = (await rpc('tools/list')).result
    expect(Object.keys(tools[0].inputSchema.properties)).toEqual(['kind', 'skip'])
    const told = [
      await call(
        0,
        { kind: 'cat' },
        { authorization: 'Bearer of-the-client', 'x-shop-key': 'of-the-client' },
      ),
      await call(0, { 'X-Shop-Key': 'of-the-model' }),
      await call(1, { petId: 'moved' }),
      await call(1, { petId: 'away' }),
      await call(1, { petId: 'refused' }),
      await call(1, { petId: 'gone' }),
    ].map((each) => each.result)
    expect(JSON.parse(told[0].content[0].text)).toEqual({ items: [{ id: 7 }] })
    expect(told.map(({ isError = false }) => isError)).toEqual([false, true, false, true, true, true])
    expect(told[4].content[0].text).toContain('no [removed] nor [removed] here')
    expect(upstream.asked.length).toBeGreaterThanOrEqual(6)
    for (const { headers, method } of upstream.asked)
      expect([method, headers.authorization, headers['x-shop-key']]).toEqual(['GET', SECRET, MORE])
    expect(elsewhere.asked).toEqual([])

    await expect.poll(() => printed.out).toContain('"failure":"upstream_unreachable"')
    const others = await Promise.all(
      ['/health', '/ready', '/mcp/openapi.json'].map(async (path) =>
        (await fetch(new URL(path, url))).text(),
      ),
    )
    for (const text of [JSON.stringify(told), printed.out, printed.err, ...others])
      expect(text).not.toMatch(/hunter2|k3y-0123/)
  })

  it('may come from the setting, and from both', async () => {
    const upstream = await startUpstream({ '/pets': (_, answer) => answer.end('[]') })
    const env = { ...VALUES, LECTERN_UPSTREAM_HEADERS: JSON.stringify({ Authorization: SECRET }) }
    const { call, printed } = await start(
      ['--openapi', file, '--base-url', upstream.url, '--header-env', 'X-Shop-Key=SHOP_KEY'],
      env,
    )
    expect(printed.out).toContain('Sent with every GET: Authorization, X-Shop-Key.')
    await call(0)
    expect(upstream.asked[0]!.headers).toMatchObject({ authorization: SECRET, 'x-shop-key': MORE })
  })
})

describe('a credential that the upstream refuses', () => {
  const refusing = () =>
    startUpstream({
      '/pets': (_, answer) => answer.writeHead(401).end(),
      '/pets/x': (_, answer) => answer.writeHead(403).end(),
    })

  it.each([
    ['sent', WITH_HEADERS, "The operator's credential was refused: tell whoever runs this connector."],
    [
      'lacking',
      [],
      'The API asks for a credential, and this connector sends none: tell whoever runs this connector.',
    ],
  ])('and that is %s, is the operator’s to mend', async (_, headers, words) => {
    const { url } = await refusing()
    const { call } = await start(['--openapi', file, '--base-url', url, ...headers], VALUES)
    const told = [await call(0), await call(1, { petId: 'x' })].map(({ result }) => result.content[0].text)
    expect(told[0]).toContain(words)
    expect(told[1]).toContain('This connector may not read it: tell whoever runs this connector.')
    expect(told.join()).not.toMatch(/sign in|another account/)
  })
})

describe('a document', () => {
  it('comes from the standard input, with LECTERN_UPSTREAM_URL as its upstream', async () => {
    const upstream = await startUpstream({ '/pets': (_, answer) => answer.end('[]') })
    const text = JSON.stringify(pets())
    const { call, printed } = await start(['--openapi', '-'], { LECTERN_UPSTREAM_URL: upstream.url }, text)
    expect(printed.out).toContain('No credential is sent.')
    await call(0, {}, { authorization: 'Bearer of-the-client' })
    expect(upstream.asked[0]!.headers.authorization).toBeUndefined()
  })

  it.each([
    ['whole', (origin: string) => `${origin}/v1`],
    ['relative to the address', () => '../v1'],
  ])(
    'comes from an address, and its own server, %s, is asked where --allow-private says so',
    async (_, server) => {
      const shop: Awaited<ReturnType<typeof startUpstream>> = await startUpstream({
        '/docs/openapi.json': (_, answer) => answer.end(JSON.stringify(pets([{ url: server(shop.url) }]))),
        '/v1/pets': (_, answer) => answer.end('[]'),
      })
      const source = ['--openapi', `${shop.url}/docs/openapi.json`, '--allow-private']
      const { call, names } = await start([...source, '--tool-names', 'dotted'])
      expect(names.every((name) => /^\w+\.\w+$/.test(name))).toBe(true)
      await call(0)
      expect(shop.asked.map(({ url }) => url)).toEqual(['/docs/openapi.json', '/v1/pets'])
    },
  )

  it('may give an operation a server of its own, which is where it is asked', async () => {
    const upstream = await startUpstream({ '/v2/pets': (_, answer) => answer.end('{}') })
    const own = [{ url: `${upstream.url}/v2` }]
    const paths = { '/pets': { get: { operationId: 'listPets', summary: 'List pets', servers: own } } }
    const document = JSON.stringify({ ...pets(), paths })
    const { call } = await start(['--openapi', '-', '--base-url', `${upstream.url}/v1`], {}, document)
    expect((await call(0)).result).not.toHaveProperty('isError')
    expect(upstream.asked.map(({ url }) => url)).toEqual(['/v2/pets'])
  })

  it.each([
    [[], true],
    [['--answers-as-is'], false],
  ])('%j: an answer beyond its budget is cut: %j', async (flags, isCut) => {
    const rows = JSON.stringify({ pets: Array.from({ length: 4000 }, (_, id) => ({ id, name: 'Rex' })) })
    const upstream = await startUpstream({
      '/pets': (_, answer) => answer.setHeader('content-type', 'application/json').end(rows),
    })
    const { call } = await start(['--openapi', file, '--base-url', upstream.url, ...flags])
    const { text } = (await call(0)).result.content[0]
    expect([text.length < rows.length, text.includes('"_lectern"'), text === rows]).toEqual([
      isCut,
      isCut,
      !isCut,
    ])
  })

  it('ends cleanly on Ctrl-C', async () => {
    const { child, ended } = await start(['--openapi', file, '--base-url', 'http://127.0.0.1:9'])
    child.kill('SIGINT')
    expect(await ended).toBe(0)
  })
})

describe('what cannot start', () => {
  const own = ['--openapi', 'FILE']
  const based = [...own, '--base-url', 'http://127.0.0.1:9']
  const keyed = [...based, '--header-env', 'X-Shop-Key=SHOP_KEY']
  const rows: [string, string[], Record<string, string>, RegExp][] = [
    ['with the sandbox', [...own, '--sandbox'], {}, /--sandbox and --openapi are two connectors/],
    ['a base URL without a document', ['--base-url', 'http://127.0.0.1:9'], {}, /name it with --openapi/],
    ['headers without a document', ['--header-env', 'X-Shop-Key=SHOP_KEY'], VALUES, /name it with --openapi/],
    ['two upstreams', based, { LECTERN_UPSTREAM_URL: 'http://127.0.0.1:8' }, /There are two upstreams/],
    ['a base URL with a password', [...own, '--base-url', 'http://u:hunter2@127.0.0.1'], {}, /--base-url cannot be used:\n {2}- it holds a user or password/],
    ['answers without a document', ['--answers-as-is'], {}, /name it with --openapi/],
    ['another form of names', [...based, '--tool-names', 'camel'], {}, /dotted or underscore/],
    ['a variable that is not set', keyed, {}, /X-Shop-Key: the environment variable SHOP_KEY is not set/],
    ['a variable that is empty', keyed, { SHOP_KEY: '' }, /X-Shop-Key: the environment variable SHOP_KEY is empty/],
    ['a value of two lines', keyed, { SHOP_KEY: 'hunter2\r\nX-Other: 1' }, /X-Shop-Key: SHOP_KEY holds a line break/],
    ['a value beyond ASCII', keyed, { SHOP_KEY: 'hunter2\u00e9' }, /not ASCII/],
    ['a value in place of a variable', [...based, '--header-env', 'X-Shop-Key=Bearer hunter2'], {}, /the name of an environment variable/],
    ['a header line', [...based, '--header-env', 'X-Shop-Key: hunter2'], {}, /write NAME=ENV/],
    ['a header that frames', [...based, '--header-env', 'Host=SHOP_KEY'], VALUES, /Host says where a message goes/],
    ['one that frames, in the setting', based, { LECTERN_UPSTREAM_HEADERS: '{"Transfer-Encoding":"hunter2"}' }, /Transfer-Encoding says/],
    ['a header given twice', [...keyed, '--header-env', 'x-shop-key=SHOP_KEY'], VALUES, /x-shop-key is given twice/],
    ['headers for everybody, by HOST', keyed, { ...VALUES, HOST: '0.0.0.0' }, /HOST is 0\.0\.0\.0.*declare `access`.*--open/s],
    ['headers for everybody, by --host', [...keyed, '--host', '::'], VALUES, /HOST is ::/],
    ['headers for everybody, by a proxy', keyed, { ...VALUES, LECTERN_PUBLIC_URL: 'https://mcp.example.com' }, /LECTERN_PUBLIC_URL is set/],
    ['headers from the setting, for everybody', based, { HOST: '0.0.0.0', LECTERN_UPSTREAM_HEADERS: '{"X-Shop-Key":"hunter2"}' }, /Everybody who reaches/],
    ['headers to where the document says', [...own, '--header-env', 'X-Shop-Key=SHOP_KEY'], VALUES, /X-Shop-Key would be sent there: add --base-url https:\/\/pets\.invalid\/v1 where/],
    ['a missing document', ['--openapi', '/nowhere.json'], {}, /there is no such file/],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', async (_, args, env, words) => {
    const named = args.map((each) => (each === 'FILE' ? file : each))
    const { code, out, err } = await run(['start', ...named], { PORT: '0', ...env })
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^lectern: /)
    expect(err).toMatch(words)
    expect(err).not.toMatch(/\n {4}at |hunter2|k3y-0123/)
  })

  const nowhere = { '/lost': { get: { responses: {}, parameters: [{ $ref: '#/nowhere' }] } } }
  const unusable: [string, object, string][] = ['start', 'doctor', 'audit'].flatMap((command) => [
    [command, {}, 'it has no GET operation: nothing can become a tool'],
    [command, nowhere, 'lectern compile - tells why'],
  ])
  it.each(unusable)('a document of no use, by %s of %j', async (command, paths, why) => {
    const { code, out, err } = await run(
      [command, '--openapi', '-'],
      { PORT: '0' },
      JSON.stringify({ ...pets(), paths }),
    )
    expect([code, out]).toEqual([2, ''])
    expect(err).toBe(`lectern: The standard input has no GET that could become a tool:\n  - ${why}\n`)
  })

  it.each(['http://127.0.0.1:9', 'http://169.254.169.254/latest', 'http://localhost:9', 'http://[::1]:9'])(
    'a document that names %s as its server',
    async (server) => {
      const { code, err } = await run(
        ['start', '--openapi', '-'],
        { PORT: '0' },
        JSON.stringify(pets([{ url: server }])),
      )
      expect([code, err]).toEqual([
        2,
        expect.stringContaining('not on the public internet: add --base-url http://'),
      ])
    },
  )

  it('a document whose server a shell would run is told in quotes', async () => {
    const document = JSON.stringify(pets([{ url: "http://127.0.0.1:9/a';$(id)&b" }]))
    const { err } = await run(['start', '--openapi', '-'], { PORT: '0' }, document)
    expect(err).toContain("add --base-url 'http://127.0.0.1:9/a%27;$(id)&b' where that is right")
  })

  it.each([
    [[], 'it names no server'],
    [[{ url: '/v1' }], 'its server /v1 is relative'],
    [[{ url: 'ftp://pets.example' }], 'it names no server'],
  ])('a document whose servers are %j', async (servers, words) => {
    const { code, err } = await run(['start', '--openapi', '-'], { PORT: '0' }, JSON.stringify(pets(servers)))
    expect([code, err]).toEqual([2, expect.stringContaining('--base-url https://api.example.com/v1')])
    expect(err).toContain(words)
  })

  it('but --open lets others in', async () => {
    const args = ['--openapi', file, '--base-url', 'http://127.0.0.1:9', ...WITH_HEADERS, '--open']
    const { printed } = lectern(['start', ...args], { PORT: '0', HOST: '0.0.0.0', ...VALUES })
    await expect.poll(() => printed.out, { timeout: 5000 }).toContain('Ctrl-C ends it.')
    expect(printed.out).toContain('whoever reaches that URL may call')
    expect(printed.out).toContain(
      '0.0.0.0 stands for every address of this machine: write its name in place of that',
    )
  })
})
