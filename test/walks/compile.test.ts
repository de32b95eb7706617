/** `lectern compile` as a person and a pipeline use it: files, the standard input, addresses; what is printed, and how it ends. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCertificate } from '../certificate.ts'
import { lectern, pets, run, startUpstream } from '../program.ts'
import { DECLARATION, LISTED, openShop } from './shop.ts'

const TEXT = JSON.stringify(pets([{ url: 'https://pets.example/v1' }]))
const YAML = `openapi: 3.1.0
info: {title: Pet shop, version: '1'}
servers: [{url: https://pets.example}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: List pets
      description: The pets that are for sale.
      responses: {'200': {description: OK}}
`

/** More than a pipe holds. */
const LARGE = JSON.stringify({
  ...pets([{ url: 'https://pets.example' }]),
  paths: Object.fromEntries(
    Array.from({ length: 400 }, (_, at) => {
      const operation = {
        operationId: `listThings${at}`,
        summary: `List things ${at}`,
        description: `${at} `.repeat(400),
        responses: { 200: { description: 'OK' } },
      }
      return [`/things${at}`, { get: operation }]
    }),
  ),
})

let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compile-'))
  file = join(folder, 'pets.json')
  await writeFile(file, TEXT)
  await writeFile(join(folder, 'pets.yaml'), YAML)
  await writeFile(join(folder, 'large.json'), LARGE)
})
afterAll(() => rm(folder, { recursive: true }))

describe('a reader', () => {
  it('sees title, base URL, tools with their arguments, what was skipped and why, and the total', async () => {
    const { code, out, err } = await run(['compile', file])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^Pet shop 1\.2\.3 \(OpenAPI 3\.1\.0\)\nBase URL: https:\/\/pets\.example\/v1\n\n/)
    expect(out).toMatch(/^ {2}\S+ +List pets +kind, X-Shop-Key$/m)
    expect(out).toMatch(/^ {2}\S+ +Get a pet +petId\*$/m)
    expect(out).toMatch(/^Skipped:\n {2}\S.*\n {4}GET \/lost$/m)
    expect(out).toMatch(
      /3 GET operations: 2 tools in \d+ namespaces?, 1 skipped\.\ntools\/list is about [\d,]+ characters\. .*\n\nNote: .* \$ref https:\/\/elsewhere\.example\/parameters\.json leads out of it\..*\n$/,
    )
  })

  it('reads YAML, and a base URL that is given', async () => {
    const { code, out } = await run([
      'compile',
      join(folder, 'pets.yaml'),
      '--base-url',
      'http://10.0.0.1/pets',
    ])
    expect(code).toBe(0)
    expect(out).toContain('Base URL: http://10.0.0.1/pets\n')
    expect(out).toContain('List pets')
  })

  it('who leaves early leaves no fault behind', async () => {
    const cli = new URL('../../dist/cli.js', import.meta.url).pathname
    const line = `"${process.execPath}" "${cli}" compile "${join(folder, 'large.json')}" --json | head -c 1`
    const shell = spawn('bash', ['-c', `set -o pipefail; ${line}`])
    let err = ''
    shell.stderr.on('data', (chunk) => {
      err += chunk
    })
    const [code] = await once(shell, 'close')
    expect([code, err]).toEqual([0, ''])
  })
})

describe('a document without a GET', () => {
  const posts = JSON.stringify({ ...pets(), paths: { '/pets': { post: { operationId: 'addPet' } } } })

  it('was read, and is told to be of no use', async () => {
    const { code, out } = await run(['compile', '-'], {}, posts)
    expect(code).toBe(0)
    expect(out).toContain(
      'It has no GET operation: nothing can become a tool (1 other operation is not a GET).',
    )
  })

  it('is counted for a program', async () => {
    const { code, out } = await run(['compile', '-', '--json'], {}, posts)
    expect([code, JSON.parse(out)]).toEqual([0, { operations: 0, tools: [], skipped: [] }])
  })
})

describe('a server that a start would not ask', () => {
  const local = JSON.stringify(pets([{ url: 'http://localhost:9' }]))

  it('carries a note, unless it was given or may be private', async () => {
    const note =
      'It is not on the public internet, so lectern start refuses it: add --base-url http://localhost:9 where that is right\n'
    expect((await run(['compile', '-'], {}, local)).out).toContain(note)
    for (const trust of [['--base-url', 'http://localhost:9'], ['--allow-private']])
      expect((await run(['compile', '-', ...trust], {}, local)).out).not.toContain('refuses')
  })

  it('is named where it is relative', async () => {
    const { out } = await run(['compile', '-'], {}, JSON.stringify(pets([{ url: '/v1' }])))
    expect(out).toContain('Its server /v1 is relative')
  })
})

describe('a program', () => {
  it('gets exactly one JSON object, from a file and from the standard input', async () => {
    const named = await run(['compile', file, '--json'])
    const piped = await run(['compile', '-', '--json'], {}, `\uFEFF${TEXT}`)
    expect(piped).toEqual(named)
    expect([named.code, named.err]).toEqual([0, ''])
    const { operations, tools, skipped, ...rest } = JSON.parse(named.out)
    expect(rest).toEqual({})
    expect(operations).toBe(3)
    expect(tools).toHaveLength(2)
    expect(Object.keys(tools[0])).toEqual(['name', 'title', 'description', 'inputSchema', 'annotations'])
    expect(skipped).toEqual([{ operation: 'GET /lost', reason: expect.stringMatching(/./) }])
  })

  it('gets names in the form that it asks for', async () => {
    const dotted = JSON.parse((await run(['compile', file, '--json', '--tool-names', 'dotted'])).out)
    const plain = JSON.parse((await run(['compile', file, '--json', '--tool-names', 'underscore'])).out)
    const names = dotted.tools.map(({ name }: { name: string }) => name)
    expect(names[0]).toMatch(/^\w+\.\w+$/)
    expect(plain.tools.map(({ name }: { name: string }) => name)).toEqual(
      names.map((name: string) => name.replaceAll('.', '_')),
    )
  })

  it('gets all of a large answer, however slowly it reads', async () => {
    const { child, printed, ended } = lectern(['compile', join(folder, 'large.json'), '--json'])
    child.stdout.pause()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    child.stdout.resume()
    expect(await ended).toBe(0)
    expect(printed.out.length).toBeGreaterThan(200_000)
    expect(JSON.parse(printed.out).tools).toHaveLength(400)
  })

  it('finds the tools as a connector lists them', async () => {
    const { tools } = JSON.parse((await run(['compile', file, '--json'])).out)
    const upstream = await startUpstream({})
    const { printed } = lectern(['start', '--openapi', file, '--base-url', upstream.url], { PORT: '0' })
    await expect.poll(() => printed.out, { timeout: 5000 }).toContain('Ctrl-C ends it.')
    const answer = await fetch(/ at (\S+\/mcp)/.exec(printed.out)![1]!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    })
    expect(((await answer.json()) as { result: { tools: unknown } }).result.tools).toEqual(tools)
  })
})

describe('an address', () => {
  it('on a private network is read with --allow-private only', async () => {
    const { url, asked } = await startUpstream({ '/openapi.json': (_, answer) => answer.end(TEXT) })
    const refused = await run(['compile', `${url}/openapi.json`])
    expect(refused).toEqual({
      code: 2,
      out: '',
      err: `lectern: ${url}/openapi.json cannot be read:\n  - its host is not on the public internet: where it is meant to be asked, add --allow-private\n`,
    })
    expect(asked).toEqual([])
    expect((await run(['compile', `${url}/openapi.json`, '--allow-private'])).code).toBe(0)
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /openapi.json'])
  })

  it('over https is checked, and not left for http', async () => {
    const certificate = createCertificate()
    await writeFile(join(folder, 'ca.pem'), certificate.cert)
    let origin = ''
    const server = createServer(certificate, (request, answer) =>
      request.url === '/down'
        ? answer.writeHead(302, { location: `${origin.replace('https', 'http')}/openapi.json` }).end()
        : answer.end(TEXT),
    )
    await once(server.listen(0, '127.0.0.1'), 'listening')
    origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const trusting = { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') }
    const outcomes = await Promise.all([
      run(['compile', `${origin}/openapi.json`, '--allow-private'], trusting),
      run(['compile', `${origin}/openapi.json`, '--allow-private']),
      run(['compile', `${origin}/down`, '--allow-private'], trusting),
    ])
    server.closeAllConnections()
    server.close()
    expect(outcomes.map(({ code }) => code)).toEqual([0, 2, 2])
    expect(outcomes[1]!.err).toMatch(/the connection failed: \S*CERT/)
    expect(outcomes[2]!.err).toContain('it redirects from https to http, which is not followed')
  })
})

describe('how answers and lists are offered', () => {
  const compile = (...args: string[]) => run(['compile', '-', ...args], {}, JSON.stringify(LISTED))

  it.each([
    [[], ['fields', 'format', 'skip']],
    [['--answers-as-is'], []],
  ])('%j: a list takes %j of Lectern’s own', async (args, expected) => {
    const { tools } = JSON.parse((await compile('--json', ...args)).out)
    expect(Object.keys(tools[0].inputSchema.properties).sort()).toEqual(expected)
  })

  it('--discovery says what tools/list has then', async () => {
    const { out } = await compile('--discovery')
    expect(out).toContain('  orders_list  Orders\n')
    expect(out).toMatch(
      /tools\/list is about 1,\d{3} characters: three tools that find, describe and call these\./,
    )
    expect(JSON.parse((await compile('--discovery', '--json')).out).tools).toHaveLength(1)
  })
})

describe('a declared connector', () => {
  let shop: Awaited<ReturnType<typeof openShop>>
  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop.close())
  const flags = () => shop.flags.slice(0, 4)

  it('is told as declared, with the GETs that it leaves out', async () => {
    const { tools } = DECLARATION.namespaces.orders
    const orders = { ...DECLARATION.namespaces.orders, tools: { list: tools.list } }
    await shop.write('less.json', { ...DECLARATION, namespaces: { orders } })
    const { code, out, err } = await run([
      'compile',
      '--declaration',
      shop.at('less.json'),
      ...flags().slice(2),
    ])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^ {2}orders\.list {2}/m)
    expect(out).toContain('Skipped:\n  no declared tool names it\n    GET /orders/{orderId}\n')
    expect(out).toContain('2 GET operations: 1 tool in 1 namespace, 1 skipped.')
  })

  it('lists what a server lists', async () => {
    const { operations, tools, skipped } = JSON.parse((await run(['compile', '--json', ...flags()])).out)
    expect([operations, tools.map(({ name }: { name: string }) => name), skipped]).toEqual([
      2,
      ['orders.list', 'orders.get'],
      [],
    ])
    const file = await run(['compile', '--json', ...flags().slice(0, 2), shop.at('openapi.json')])
    expect(JSON.parse(file.out).tools).toEqual(tools)
  })

  it.each<[string[], RegExp]>([
    [['--discovery'], /--discovery is for a document without a declaration:\n {2}- declare/],
    [['--base-url', 'https://a.example'], /--base-url is for a document without/],
    [['second.json'], /2 documents are named/],
  ])('%j contradicts it', async (args, words) => {
    const { code, err } = await run(['compile', ...args, ...flags()])
    expect([code, err]).toEqual([2, expect.stringMatching(words)])
  })
})

describe('what cannot be compiled', () => {
  const rows: [string, string[], RegExp, string?][] = [
    ['no document', ['compile'], /No document is named/],
    ['two documents', ['compile', 'a', 'b'], /2 documents are named:\n {2}- name one document only/],
    ['an unknown flag', ['compile', 'a', '--jsn'], /Unknown option '--jsn':\n {2}- did you mean --json\?\n {2}- lectern compile --help/],
    ['an unlike flag', ['compile', 'a', '--zzzzzz'], /'--zzzzzz':\n {2}- lectern compile --help lists what it takes\n$/],
    ['a flag without its value', ['compile', 'a', '--base-url'], /--base-url <value>' argument missing/],
    ['an unknown form', ['compile', 'a', '--tool-names', 'camel'], /dotted or underscore/],
    ['a base URL that is none', ['compile', 'a', '--base-url', 'u:hunter2@x'], /--base-url cannot be used/],
    ['a base URL without a scheme', ['compile', 'a', '--base-url', 'localhost:8788'], /write it with its scheme/],
    ['a base URL with a query', ['compile', 'a', '--base-url', 'https://x.example/?key=hunter2'], /it has a query: leave out/],
    ['a base URL with a fragment', ['compile', 'a', '--base-url', 'https://x.example/#a'], /it has a fragment/],
    ['a base URL with a password', ['compile', 'a', '--base-url', 'https://u:hunter2@x.example'], /it holds a user or password/],
    ['a base URL with a variable', ['compile', 'a', '--base-url', 'https://x.example/{v}'], /it has a variable in braces/],
    ['a base URL without a host', ['compile', 'a', '--base-url', 'https://'], /it is no URL/],
    ['a file as a URL', ['compile', 'file:///pets.json'], /write the path without file:\/\//],
    ['a missing file', ['compile', '/nowhere/pets.json'], /there is no such file/],
    ['a folder', ['compile', '/'], /it is a directory/],
    ['nothing on the standard input', ['compile', '-'], /The standard input/],
    ['words on the standard input', ['compile', '-', '--json'], /The standard input/, 'hello'],
    ['a list', ['compile', '-'], /./, '[]'],
    ['another kind of JSON', ['compile', '-'], /The standard input cannot be compiled:\n {2}- it has neither openapi nor swagger.*add openapi: 3\.0\.3 at its top/, '{"hello":"world"}'],
    ['AsyncAPI', ['compile', '-'], /it is AsyncAPI, which is not read/, 'asyncapi: 2.6.0'],
    ['an address of another kind', ['compile', 'ftp://pets.example/a'], /only files and http\(s\)/],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s is told in one place, with exit code 2', async (_, args, words, input) => {
    const { code, out, err } = await run(args, {}, input)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^lectern: /)
    expect(err).toMatch(words)
    expect(err).not.toMatch(/\n {4}at |node:internal|hunter2/)
    expect(err.split('\n').length).toBeLessThan(6)
  })

  it('an address of http that is written with https is told so', async () => {
    const { url } = await startUpstream({ '/openapi.json': (_, answer) => answer.end(TEXT) })
    const { code, err } = await run([
      'compile',
      `${url.replace('http', 'https')}/openapi.json`,
      '--allow-private',
    ])
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('it does not speak TLS: try http:// with --allow-private'),
    ])
  })

  it('is told without what a terminal would obey', async () => {
    const { code, err } = await run(['compile', 'pets\u001b[2J\r.json'])
    expect([code, err]).toEqual([2, 'lectern: pets [2J .json cannot be read:\n  - there is no such file\n'])
  })

  it('a document beyond the setting is not read', async () => {
    const { code, err } = await run(['compile', file], { LECTERN_MAX_DOCUMENT_BYTES: '1024' })
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('more than 1024 bytes: LECTERN_MAX_DOCUMENT_BYTES'),
    ])
  })
})
