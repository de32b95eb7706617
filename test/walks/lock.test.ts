/** `lectern check` and `lectern sync` as a vendor and a pipeline use them: a document moves on, and nothing of it is a surprise. */
import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run, startUpstream } from '../program.ts'
import { DECLARATION, openShop, query, shopDocument } from './shop.ts'

let shop: Awaited<ReturnType<typeof openShop>>
beforeEach(async () => {
  shop = await openShop()
})
afterEach(() => shop.close())

const lectern = (command: string, ...args: string[]) => run([command, ...args, ...shop.flags])
const lock = async () => JSON.parse(await shop.read('connector.lock.json')).connectors.shop

describe('the connector of this package', () => {
  it('holds in its document, and its lock is fresh', async () => {
    const { code, out, err } = await run(['check'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^flowtly: 16 tools, .*\n.*connector\.lock\.json is fresh; last synced on 20\d\d-\d\d-\d\d/,
    )
  })
})

describe('a lock', () => {
  it('holds the document’s digest, one of each operation and one of the surface, sorted, and ends with a line', async () => {
    expect((await lectern('sync')).code).toBe(0)
    const { document, operations, surface, synced } = await lock()
    const digest = createHash('sha256')
      .update(await shop.read('openapi.json'))
      .digest('hex')
    expect(document).toEqual({ version: '1.0.0', sha256: digest })
    expect(Object.keys(operations)).toEqual(['orders.get', 'orders.list'])
    for (const each of Object.values(operations))
      expect(each).toEqual({
        operation: expect.any(String),
        shape: expect.stringMatching(/^[0-9a-f]{32}$/),
        words: expect.stringMatching(/^[0-9a-f]{32}$/),
      })
    expect(surface).toMatch(/^sha256-[0-9a-f]{64}$/)
    expect(Date.parse(synced)).toBeGreaterThan(Date.now() - 60_000)
    expect(await shop.read('connector.lock.json')).toMatch(/\}\n$/)
  })

  it('is the same whatever the order of the document’s members, but for its digest', async () => {
    await lectern('sync')
    const before = await lock()
    const { paths, ...rest } = shopDocument()
    await shop.write('openapi.json', { paths, ...rest })
    await lectern('sync')
    const after = await lock()
    expect(after.document.sha256).not.toBe(before.document.sha256)
    expect([after.operations, after.surface]).toEqual([before.operations, before.surface])
  })

  it('is stale once the document or the declaration changed, check says what, and sync mends it', async () => {
    await lectern('sync')
    await shop.write('openapi.json', shopDocument('1.1.0', [query('state'), query('since')]))
    const stale = await lectern('check')
    expect(stale.code).toBe(1)
    expect(stale.out).toContain('is stale: lectern sync, with the same flags, mends it:')
    expect(stale.out).toContain('  - the document was 1.0.0, and is 1.1.0\n')
    expect(stale.out).toContain('  - orders.list: listOrders takes or answers something else\n')
    expect((await lectern('sync')).out).toContain('Since the lock was written:\n')
    expect((await lectern('check')).code).toBe(0)
    await shop.write('shop.json', {
      ...DECLARATION,
      title: 'Shop',
      namespaces: {
        orders: {
          ...DECLARATION.namespaces.orders,
          tools: { list: { ...DECLARATION.namespaces.orders.tools.list, title: 'Orders' } },
        },
      },
    })
    const { code, out } = await lectern('check', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toEqual({
      connector: 'shop',
      faults: [],
      stale: ['orders.get is in it, and is no tool any more', 'tools/list reads otherwise than it did'],
      changes: [],
    })
  })

  it('tells a change of words from one of shape', async () => {
    await lectern('sync')
    const before = await lock()
    const worded = shopDocument()
    Object.assign((worded.paths['/orders'] as { get: object }).get, { summary: 'All orders' })
    await shop.write('openapi.json', worded)
    expect((await lectern('check')).out).toContain('  - orders.list: the words about listOrders changed')
    await lectern('sync')
    const { operations } = await lock()
    expect(operations['orders.list'].shape).toBe(before.operations['orders.list'].shape)
    expect(operations['orders.list'].words).not.toBe(before.operations['orders.list'].words)
  })

  it('that is broken is a fault and not overwritten', async () => {
    await shop.write('connector.lock.json', '{"lockVersion":1')
    for (const command of ['check', 'sync']) {
      const { code, err } = await lectern(command)
      expect([code, err]).toEqual([
        2,
        expect.stringContaining('is no lock that this version of lectern wrote'),
      ])
    }
    expect(await shop.read('connector.lock.json')).toBe('{"lockVersion":1')
  })

  it('that names a file, the standard input or no time is none: sync reads nothing that it was not told', async () => {
    await lectern('sync')
    const entry = await lock()
    await shop.write('other.json', shopDocument('6.6.6'))
    const sources = [
      shop.at('other.json'),
      'other.json',
      '-',
      '',
      'file:///etc/passwd',
      'ftp://a.example/x',
      7,
    ]
    for (const planted of [
      ...sources.map((source) => ({ ...entry, document: { ...entry.document, source } })),
      { ...entry, synced: '\u001b]0;x\u0007' },
    ]) {
      await shop.write('connector.lock.json', { lockVersion: 1, connectors: { shop: planted } })
      const { code, err } = await lectern('sync')
      expect([code, err]).toEqual([
        2,
        expect.stringContaining('is no lock that this version of lectern wrote'),
      ])
      expect(await shop.read('openapi.json')).not.toContain('6.6.6')
    }
  })
})

describe('check', () => {
  it('names everything that the declaration names and the document has not', async () => {
    const { orders } = DECLARATION.namespaces
    await shop.write('shop.json', {
      ...DECLARATION,
      ready: 'getStatus',
      prompts: { late: { title: 'Late', description: 'Late.', text: 'Which?', tools: ['orders.late'] } },
      namespaces: {
        orders: {
          ...orders,
          defaults: { size: 5 },
          tools: {
            ...orders.tools,
            get: { ...orders.tools.get, operation: 'getOrders', arguments: { x: 'X.' } },
          },
        },
      },
    })
    const { code, out } = await run(['check', ...shop.flags.slice(0, 4)])
    expect(code).toBe(1)
    expect(out).toMatch(/^shop cannot be compiled with \S+openapi\.json:\n/)
    for (const fault of [
      'orders.get: the document has no operation getOrders',
      'ready: the document has no operation getStatus',
      'prompt late: there is no tool orders.late',
      'orders: no tool has the argument size',
    ])
      expect(out).toContain(`  - ${fault}`)
  })

  it.each<[string, object[], string[], number, number]>([
    [
      'an additive change',
      [query('state'), query('since')],
      ['Additive:\n  - orders.list (listOrders): "since" is new, and optional\n'],
      0,
      1,
    ],
    [
      'a breaking change',
      [query('since')],
      ['Breaking:\n  - orders.list (listOrders): "state" is no longer taken\n', 'Additive:\n'],
      1,
      1,
    ],
    ['no change', [query('state')], ['changes nothing that a tool uses'], 0, 0],
  ])(
    '--live tells %s, by exit code too, and --strict takes any',
    async (_, parameters, words, code, strict) => {
      await shop.write('newer.json', shopDocument('2.0.0', parameters))
      const live = ['--live', shop.at('newer.json')]
      const told = await lectern('check', ...live)
      expect(told.code).toBe(code)
      for (const each of words) expect(told.out).toContain(each)
      expect((await lectern('check', ...live, '--strict')).code).toBe(strict)
      expect(await shop.read('openapi.json')).toBe(JSON.stringify(shopDocument()))
    },
  )

  it('--live tells a removed operation as a fault and as breaking', async () => {
    const newer = shopDocument('2.0.0')
    delete newer.paths['/orders']
    await shop.write('newer.json', newer)
    const { code, out } = await lectern('check', '--live', shop.at('newer.json'), '--json')
    expect(code).toBe(1)
    const { faults, changes } = JSON.parse(out)
    expect(faults).toEqual([expect.stringContaining('orders.list: the document has no operation listOrders')])
    expect(changes).toEqual([
      {
        tool: 'orders.list',
        operation: 'listOrders',
        level: 'breaking',
        told: expect.stringContaining('no operation listOrders'),
      },
    ])
  })
})

describe('sync', () => {
  it('takes a newer document in as it was published, shows the tools that change, and asks the same address next time', async () => {
    await lectern('sync')
    const published = `${JSON.stringify(shopDocument('1.2.0', [query('since')]), null, 3)}\n\n`
    const upstream = await startUpstream({ '/openapi.json': (_, answer) => answer.end(published) })
    const address = `${upstream.url.replace('//', '//me:secret@')}/openapi.json`
    const { code, out } = await lectern('sync', address, '--allow-private')
    expect(code).toBe(0)
    expect(out).toContain('Tools:\n  ~ orders.list +since -state\n')
    expect(out).toContain('  breaking: orders.list: "state" is no longer taken\n')
    expect(out).toMatch(
      /^Last synced on 20\d\d-\d\d-\d\d \d\d:\d\d UTC; before that on .*: 1\.2\.0 \(sha256 [0-9a-f]{12}…\) from http/m,
    )
    expect(await shop.read('openapi.json')).toBe(published)
    expect((await lock()).document.source).toBe(`${upstream.url}/openapi.json`)
    expect(`${out}${await shop.read('connector.lock.json')}`).not.toContain('secret')

    const again = await lectern('sync', '--allow-private')
    expect(again.out).toContain('Nothing changed. Last synced on')
    expect(upstream.asked).toHaveLength(2)
    expect((await readdir(dirname(shop.at('x')))).sort()).toEqual([
      'connector.lock.json',
      'openapi.json',
      'shop.json',
    ])
  })

  it('writes nothing where the declaration no longer compiles, and says what is missing', async () => {
    await lectern('sync')
    const before = [await shop.read('openapi.json'), await shop.read('connector.lock.json')]
    const newer = shopDocument('2.0.0')
    delete newer.paths['/orders']
    await shop.write('newer.json', newer)
    const { code, err } = await lectern('sync', shop.at('newer.json'))
    expect(code).toBe(2)
    expect(err).toMatch(
      /^lectern: Nothing was written: shop cannot be compiled with .*newer\.json:\n {2}- orders\.list: the document has no operation listOrders/,
    )
    expect([await shop.read('openapi.json'), await shop.read('connector.lock.json')]).toEqual(before)
  })

  it('writes nothing with --dry-run', async () => {
    await shop.write('newer.json', shopDocument('1.1.0', []))
    const { code, out } = await lectern('sync', shop.at('newer.json'), '--dry-run')
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('Nothing was written: --dry-run. It would take in 1.1.0'),
    ])
    expect(await shop.read('openapi.json')).toBe(JSON.stringify(shopDocument()))
    await expect(stat(shop.at('connector.lock.json'))).rejects.toThrow('ENOENT')
  })

  it('leaves YAML as YAML, and writes none into a .json file', async () => {
    const yaml = `# As published.\nopenapi: 3.1.0\n${JSON.stringify(shopDocument())
      .slice(1, -1)
      .replace('"openapi":"3.1.0",', '')
      .replace(/^"info":(.*?),"servers":(.*?),"paths":/, 'info: $1\nservers: $2\npaths: ')}\n`
    await shop.write('newer.yaml', yaml)
    const refused = await lectern('sync', shop.at('newer.yaml'))
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('is not plain JSON, and')])
    const flags = [
      '--declaration',
      shop.at('shop.json'),
      '--openapi',
      shop.at('openapi.yaml'),
      '--lock',
      shop.at('connector.lock.json'),
    ]
    const { code, out } = await run(['sync', shop.at('newer.yaml'), ...flags])
    expect([code, out]).toEqual([0, expect.stringContaining('Tools:\n  + orders.list\n  + orders.get\n')])
    expect(await shop.read('openapi.yaml')).toBe(yaml)
    expect((await run(['check', ...flags])).code).toBe(0)
  })
})
