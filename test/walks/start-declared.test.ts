/** `lectern start --declaration`: a declared connector without a program, its declaration as JSON or as a module. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lectern, run, startUpstream } from '../program.ts'
import { DECLARATION, openShop } from './shop.ts'

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
