/** A misspelt setting at each way to start a server: one line on standard error names it, and the server starts. */
import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lectern, run } from '../program.ts'
import { openShop } from './shop.ts'

const ENV = { PORT: '0', LECTERN_ANSWER_BUGDET: '5', LECTERN_SHOP_KEY: 'k' }
const BUDGET = 'LECTERN_ANSWER_BUGDET (did you mean LECTERN_ANSWER_BUDGET?)'
const line = (...names: string[]) => `lectern: not known, and not read: ${names.join(', ')}\n`

let shop: Awaited<ReturnType<typeof openShop>>
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())

describe('a start with a setting that is misspelt', () => {
  it.each<[string, (document: string, flags: string[]) => string[], string]>([
    ['on made-up data', () => ['--sandbox'], line(BUDGET, 'LECTERN_SHOP_KEY')],
    ['of Flowtly', () => [], line(BUDGET, 'LECTERN_SHOP_KEY')],
    ['of a document', (file) => ['--openapi', file, '--base-url', 'http://127.0.0.1:1', '--header-env', 'X-Key=LECTERN_SHOP_KEY'], line(BUDGET)],
    ['of a declaration', (_, flags) => flags.slice(0, 4), line(BUDGET, 'LECTERN_SHOP_KEY')],
  ])('%s', async (_, args, told) => {
    const env = { ...ENV, LECTERN_PUBLIC_URL: 'http://127.0.0.1:8787' }
    const { printed } = lectern(['start', ...args(shop.at('openapi.json'), shop.flags)], env)
    await expect.poll(() => printed.out + printed.err, { timeout: 8000 }).toContain('Lectern serves')
    expect(printed.err).toBe(told)
  }) // biome-ignore format: one row a line

  it('that is refused for another reason tells it too', async () => {
    const { code, err } = await run(['start', '--sandbox'], { ...ENV, LECTERN_DEADLINE: 'x' })
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^lectern: not known, and not read: .*\nlectern: These settings/),
    ])
  })

  it('by a program of one’s own', async () => {
    const dist = new URL('../../dist/', import.meta.url).href
    const program = `
      import { serve } from '${dist}node.js'
      import { loadFlowtly } from '${dist}commands/flowtly.js'
      const { url, close } = await serve(loadFlowtly())
      console.log(url)
      await close()`
    const env = { PATH: process.env.PATH, ...ENV }
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env })
    const printed = { out: '', err: '' }
    child.stdout.on('data', (chunk) => {
      printed.out += chunk
    })
    child.stderr.on('data', (chunk) => {
      printed.err += chunk
    })
    await new Promise((resolve) => child.on('close', resolve))
    expect(printed).toEqual({
      out: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\n$/),
      err: line(BUDGET, 'LECTERN_SHOP_KEY'),
    })
  })

  it('is silent where every name is known', async () => {
    const { printed } = lectern(['start', '--sandbox'], { PORT: '0', LECTERN_LOG: 'off' })
    await expect.poll(() => printed.out, { timeout: 8000 }).toContain('Ctrl-C ends it.')
    expect(printed.err).toBe('')
  })
})
