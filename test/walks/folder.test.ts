/** What a command without flags is about: the connector of this package, but in a folder whose lock is another connector's. */
import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../program.ts'
import { DECLARATION, openShop } from './shop.ts'

const ENTRY = { document: { version: '1', sha256: '0'.repeat(64) }, operations: {}, surface: 's', synced: '2026-06-18T09:15:00Z' } // biome-ignore format: one line
const lockOf = (...names: string[]) => ({
  lockVersion: 1,
  connectors: Object.fromEntries(names.map((name) => [name, ENTRY])),
})

let shop: Awaited<ReturnType<typeof openShop>>
let empty: string
beforeAll(async () => {
  shop = await openShop()
  expect((await run(['sync', ...shop.flags])).code).toBe(0)
  empty = await mkdtemp(join(tmpdir(), 'empty-'))
})
afterAll(async () => {
  await shop.close()
  await rm(empty, { recursive: true })
})

const inShop = (...args: string[]) => run(args, { PORT: '0' }, '', shop.at(''))

describe('where the lock in the folder is another connector’s', () => {
  it.each([
    [['check']],
    [['check', '--json']],
    [['check', '--live', 'openapi.json']],
    [['check', '--lock', 'connector.lock.json']],
    [['sync']],
    [['sync', '--dry-run']],
    [['sync', 'openapi.json']],
    [['audit']],
    [['doctor']],
    [['doctor', '--json', '--client', 'claude']],
    [['start']],
  ])('%j names it, and the flags to give', async (args) => {
    const before = await shop.read('connector.lock.json')
    expect(await inShop(...args)).toEqual({
      code: 2,
      out: '',
      err: `lectern: connector.lock.json in this folder is of shop, and no connector is named:
  - name it with --declaration FILE --openapi FILE
  - without them it would be Flowtly, which this package brings along: for that one, run it in another folder
`,
    })
    expect(await shop.read('connector.lock.json')).toBe(before)
  })

  it.each([['check'], ['sync'], ['doctor']])('%s with the flags goes on', async (command) => {
    const { code, out } = await inShop(command, '--declaration', 'shop.json', '--openapi', 'openapi.json')
    expect([code, out]).toEqual([expect.toBeOneOf([0, 1]), expect.not.stringContaining('lowtly')])
  })

  it('a document alone, and a live server, are named', async () => {
    expect((await inShop('doctor', '--openapi', 'openapi.json')).out).toContain('added as')
    const { err } = await inShop('doctor', '--url', 'http://127.0.0.1:1/mcp')
    expect(err).toContain('http://127.0.0.1:1/mcp')
  })

  it('all that the lock knows are named, each fit for a terminal', async () => {
    await shop.write('many/connector.lock.json', lockOf('shop', 'stock', 'bad\u001b[2J'))
    const { code, err } = await run(['doctor'], {}, '', shop.at('many'))
    expect(code).toBe(2)
    expect(err).toContain('is of shop, stock, bad [2J, and no connector is named')
  })
})

describe('the connector of this package', () => {
  it('is spoken of where there is no lock', async () => {
    const { code, out } = await run(['doctor'], {}, '', empty)
    expect([code, out]).toEqual([0, expect.stringMatching(/^Flowtly: 16 tools/)])
    expect((await run(['check'], {}, '', empty)).out).toContain('connector.lock.json is fresh')
  })

  it('is spoken of where the lock knows it beside another', async () => {
    await shop.write('both/connector.lock.json', lockOf('flowtly', DECLARATION.name))
    expect((await run(['doctor'], {}, '', shop.at('both'))).out).toMatch(/^Flowtly: 16 tools/)
  })

  it('is served on made-up data wherever one is', async () => {
    const { err } = await inShop('start', '--sandbox', '--fault', 'none-such')
    expect(err).not.toContain('no connector is named')
  })
})

describe('where the package is installed', () => {
  it('sync does not write into it, and names the flags to give', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const installed = join(empty, 'node_modules/lectern')
    await mkdir(installed, { recursive: true })
    for (const each of ['dist', 'openapi', 'package.json', 'connector.lock.json'])
      await cp(join(root, each), join(installed, each), { recursive: true })
    await symlink(join(root, 'node_modules'), join(installed, 'node_modules'))
    const before = await readFile(join(installed, 'connector.lock.json'), 'utf8')
    const { status, stderr } = spawnSync(process.execPath, [join(installed, 'dist/cli.js'), 'sync'], { cwd: empty, encoding: 'utf8' }) // biome-ignore format: one command
    expect([status, stderr]).toEqual([2, `lectern: The document of Flowtly belongs to the installed package, and the next install writes it anew:
  - name a connector of your own with --declaration FILE --openapi FILE
`]) // biome-ignore format: as it is printed
    expect(await readFile(join(installed, 'connector.lock.json'), 'utf8')).toBe(before)
  })
})
