/** `lectern start --declaration`: a declared connector without a program, its declaration as JSON or as a module. */
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lectern, run, startUpstream } from '../program.ts'
import { DECLARATION, openShop, shopDocument } from './shop.ts'

let shop: Awaited<ReturnType<typeof openShop>>
beforeAll(async () => {
  shop = await openShop()
  const json = JSON.stringify(DECLARATION)
  await shop.write('default.mjs', `export default ${json}`)
  await shop.write('named.mjs', `export const amount = 3\nexport const shop = ${json}`)
  await shop.write('two.mjs', `export const one = ${json}\nexport const other = ${json}`)
  await shop.write('none.mjs', 'export const amount = 3')
  await shop.write('broken.mjs', 'export default {')
  await shop.write('list.json', '[]')
  await shop.write('misspelt.json', { ...DECLARATION, titel: 'Shop' })
  await shop.write('typed.ts', `const shop: object = ${json}\nexport default shop\n`)
})
afterAll(() => shop.close())

describe('a declared connector', () => {
  it.each(['shop.json', 'default.mjs', 'named.mjs'])(
    'is served from %s, behind the access that it declares',
    async (file) => {
      const upstream = await startUpstream({
        '/v1/orders': (_, answer) => answer.setHeader('content-type', 'application/json').end('[{"id":7}]'),
      })
      await run(['sync', ...shop.flags])
      const program = lectern(
        ['start', '--declaration', shop.at(file), ...shop.flags.slice(2), '--base-url', `${upstream.url}/v1`],
        { PORT: '0' },
      )
      await expect
        .poll(() => program.printed.out + program.printed.err, { timeout: 8000 })
        .toContain('Ctrl-C ends it.')
      expect(program.printed.out).toContain('API keys of the upstream open it.')
      const url = / at (\S+)\/mcp/.exec(program.printed.out)![1]!
      for (const line of [
        `claude mcp add --transport http shop ${url}/mcp --header "Authorization: Bearer $SHOP_KEY"`,
        `codex mcp add shop --url ${url}/mcp --bearer-token-env-var SHOP_KEY`,
        `gemini mcp add --scope user --transport http shop ${url}/mcp --header "Authorization: Bearer $SHOP_KEY"`,
      ])
        expect(program.printed.out).toContain(`  ${line}\n`)
      const call = (headers: Record<string, string>) =>
        fetch(`${url}/mcp`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({
            jsonrpc: '2.0',
            id: 1,
            method: 'tools/call',
            params: { name: 'orders.list', arguments: { state: 'open' } },
          }),
        })
      expect((await call({})).status).toBe(401)
      expect(await (await call({ 'x-api-key': 'k' })).text()).toContain('{\\"id\\":7}')
      expect(upstream.asked.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
        ['GET', '/v1/orders?state=open', 'Bearer k'],
      ])
      const health = await (await fetch(`${url}/health`)).json()
      expect(health).toEqual({
        status: 'ok',
        connector: 'shop',
        version: '0.1.0',
        surface: JSON.parse(await shop.read('connector.lock.json')).connectors.shop.surface.slice(0, 19),
        synced: JSON.parse(await shop.read('connector.lock.json')).connectors.shop.synced,
      })
    },
  )
})

describe('what is no declaration', () => {
  it.each<[string, RegExp]>([
    ['nowhere.json', /there is no such file/],
    ['nowhere.mjs', /there is no such file/],
    ['two.mjs', /it exports one and other: make one of them the default/],
    ['none.mjs', /it exports no declaration: write export default defineConnector/],
    ['broken.mjs', /it cannot be run: Unexpected/],
    ['list.json', /it is not an object/],
    ['misspelt.json', /titel/],
  ])('%s is refused with what to do', async (file, words) => {
    const { code, err } = await run([
      'start',
      '--declaration',
      shop.at(file),
      '--openapi',
      shop.at('openapi.json'),
    ])
    expect([code, err]).toEqual([2, expect.stringMatching(words)])
  })

  it('says of TypeScript which Node reads it, where this one does not', async () => {
    const { code, out, err } = await run([
      'check',
      '--declaration',
      shop.at('typed.ts'),
      '--openapi',
      shop.at('openapi.json'),
      '--live',
      shop.at('openapi.json'),
    ])
    const [major, minor] = process.versions.node.split('.').map(Number) as [number, number]
    const reads = major > 22 || (major === 22 && minor >= 18)
    expect(reads ? [code, out] : [code, err]).toEqual(
      reads
        ? [0, expect.stringContaining('changes nothing that a tool uses')]
        : [2, expect.stringContaining('reads no TypeScript')],
    )
  })

  it.each<[string[], RegExp]>([
    [['--declaration', 'shop.json'], /The document of the declaration is not named/],
    [['--declaration', 'shop.json', '--sandbox'], /leave out --sandbox/],
    [['--declaration', 'shop.json', '--openapi', 'x', '--open'], /are for a document without a declaration/],
    [['--lock', 'x'], /name it with --declaration/],
  ])('%j contradicts itself', async (args, words) => {
    const named = args.map((each) => (each === 'shop.json' ? shop.at(each) : each))
    const { code, err } = await run(['start', ...named])
    expect([code, err]).toEqual([2, expect.stringMatching(words)])
  })
})

describe('what is hardly meant', () => {
  const KEY = { type: 'apiKey', in: 'header', name: 'X-Shop-Key' }
  const elsewhere =
    'the document wants the key in the header X-Shop-Key, and it is sent in Authorization: declare access.forward as {"header":"X-Shop-Key"}'

  // biome-ignore format: a row a line
  it.each<[string, object, object, string | undefined]>([
    ['a key in another header', { components: { securitySchemes: { key: KEY } } }, {}, elsewhere],
    ['a key that is declared so', { components: { securitySchemes: { key: KEY } } }, { forward: { header: 'x-shop-key' } }, undefined],
    ['a bearer beside it', { components: { securitySchemes: { key: KEY, token: { type: 'http', scheme: 'bearer' } } } }, {}, undefined],
    ['a scheme behind a reference', { components: { securitySchemes: { key: { $ref: '#/x-key' } } }, 'x-key': KEY }, {}, elsewhere],
    ['a query key, which nothing sends', { components: { securitySchemes: { key: { ...KEY, in: 'query' } } } }, {}, undefined],
    ['no scheme', {}, {}, undefined],
    ['another header than the one declared', { components: { securitySchemes: { token: { type: 'oauth2', flows: {} } } } }, { forward: { header: 'X-Key' } }, 'the document wants the key in the header Authorization, and it is sent in X-Key: declare access.forward as {"header":"Authorization","scheme":"Bearer"}'],
  ])('%s: check says so, and all the same holds', async (_, schemes, access, note) => {
    await shop.write('keyed.json', { ...shopDocument(), ...schemes })
    await shop.write('key.json', { ...DECLARATION, access: { type: 'apiKey', ...access } })
    const { code, out } = await run(['check', '--declaration', shop.at('key.json'), '--openapi', shop.at('keyed.json')], {}, '', tmpdir())
    expect([code, /^Note: (.*)$/m.exec(out)?.[1]]).toEqual([0, note])
  })

  it('start says so, and that nobody is told of search', async () => {
    const source = {
      list: 'list',
      query: 'state',
      get: 'get',
      id: 'orderId',
      title: '{id}',
      url: 'https://shop.example/{id}',
      rows: 'orders',
    }
    const { orders } = DECLARATION.namespaces
    await shop.write('keyed.json', { ...shopDocument(), components: { securitySchemes: { key: KEY } } })
    await shop.write('search.json', {
      ...DECLARATION,
      namespaces: { orders: { ...orders, knowledge: source } },
    })
    const started = async (env: Record<string, string>) => {
      const args = ['start', '--declaration', shop.at('search.json'), '--openapi', shop.at('keyed.json')]
      const { printed } = lectern(args, { PORT: '0', ...env })
      await expect.poll(() => printed.out + printed.err, { timeout: 8000 }).toContain('Note: ')
      return printed.out
    }
    const unlisted =
      'search and fetch are not listed, since only a sign-in tells ChatGPT apart: LECTERN_KNOWLEDGE=on lists them to everybody'
    expect(await started({})).toContain(`Ctrl-C ends it.\n\nNote: ${elsewhere}\nNote: ${unlisted}\n`)
    expect(await started({ LECTERN_KNOWLEDGE: 'on' })).not.toContain(unlisted)
  })
})
