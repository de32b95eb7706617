/** A document of several files at every command: each says that it is, names the first reference, and the command that bundles. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lectern, run } from '../program.ts'
import { DECLARATION, openShop, shopDocument } from './shop.ts'

let shop: Awaited<ReturnType<typeof openShop>>
beforeAll(async () => {
  shop = await openShop()
  const { paths, ...rest } = shopDocument()
  const one = paths['/orders/{orderId}'] as { get: object }
  const elsewhere = {
    200: { description: 'OK', content: { 'application/json': { schema: { $ref: 'order.yaml#/Order' } } } },
  }
  await shop.write('path.json', {
    ...rest,
    paths: { ...paths, '/orders/{orderId}': { $ref: 'paths/order.yaml' } },
  })
  await shop.write('answer.json', {
    ...rest,
    paths: { ...paths, '/orders/{orderId}': { get: { ...one.get, responses: elsewhere } } },
  })
  await shop.write('paths.json', { ...rest, paths: { $ref: './paths.yaml' } })
  await shop.write('alone.json', { ...rest, paths: { '/orders': { $ref: 'paths/orders.yaml' } } })
  await shop.write('bad name;.json', { ...rest, paths: { '/orders': { $ref: 'a\u001b[2J.yaml' } } })
  await shop.write('shop.json', DECLARATION)
})
afterAll(() => shop.close())

const words = (ref: string, file: string) =>
  `it is of several files, and only itself is read: $ref ${ref} leads out of it. Bundle it into one file first: npx @redocly/cli bundle ${file} -o bundled.json`
const here = (...args: string[]) => run(args, { PORT: '0' }, '', shop.at(''))
const declared = (file: string) => ['--declaration', 'shop.json', '--openapi', file]

describe('a document of several files', () => {
  it.each([
    ['path.json', 'paths/order.yaml'],
    ['answer.json', 'order.yaml#/Order'],
  ])('%s is compiled as far as it goes, and told', async (file, ref) => {
    const { code, out } = await here('compile', file)
    expect([code, out]).toEqual([0, expect.stringMatching(/^2 GET operations: /m)])
    expect(out.endsWith(`\n\nNote: ${file}: ${words(ref, file)}\n`)).toBe(true)
    expect(JSON.parse((await here('compile', file, '--json')).out).operations).toBe(2)
  })

  it.each<[string, string[], string, string]>([
    ['compile', ['paths.json'], './paths.yaml', 'paths.json'],
    ['start', ['--openapi', 'paths.json'], './paths.yaml', 'paths.json'],
    ['start', ['--openapi', 'alone.json'], 'paths/orders.yaml', 'alone.json'],
    ['doctor', ['--openapi', 'alone.json'], 'paths/orders.yaml', 'alone.json'],
    ['audit', ['--openapi', 'alone.json'], 'paths/orders.yaml', 'alone.json'],
    ['start', declared('path.json'), 'paths/order.yaml', 'path.json'],
    ['doctor', declared('path.json'), 'paths/order.yaml', 'path.json'],
    ['audit', declared('path.json'), 'paths/order.yaml', 'path.json'],
    ['sync', declared('path.json'), 'paths/order.yaml', 'path.json'],
    ['compile', declared('path.json'), 'paths/order.yaml', 'path.json'],
    ['compile', declared('bad name;.json'), 'a [2J.yaml', 'openapi.yaml'],
  ])('%s %j is refused with what to do', async (command, args, ref, file) => {
    const { code, out, err } = await here(command, ...args)
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(`\n  - ${words(ref, file)}\n`)])
  })

  it('is a finding of check, or a note where all that is declared compiles', async () => {
    const { code, out } = await here('check', ...declared('path.json'))
    expect([code, out]).toEqual([
      1,
      expect.stringContaining(`\n  - ${words('paths/order.yaml', 'path.json')}\n`),
    ])
    const { faults } = JSON.parse((await here('check', '--json', ...declared('path.json'))).out)
    expect(faults).toContain(words('paths/order.yaml', 'path.json'))
    const noted = await here('check', ...declared('answer.json'))
    expect(noted).toMatchObject({
      code: 0,
      out: expect.stringContaining(`\nNote: answer.json: ${words('order.yaml#/Order', 'answer.json')}\n`),
    })
  })

  it.each([
    [
      '--openapi',
      ['--openapi', 'path.json', '--base-url', 'http://127.0.0.1:1'],
      'paths/order.yaml',
      'path.json',
    ],
    ['--declaration', declared('answer.json'), 'order.yaml#/Order', 'answer.json'],
  ])('is told where start %s serves what it has', async (_, args, ref, file) => {
    const { printed } = lectern(['start', ...args], { PORT: '0' }, '', shop.at(''))
    await expect
      .poll(() => printed.out, { timeout: 8000 })
      .toContain(`\nNote: ${file}: ${words(ref, file)}\n`)
  })

  it('is not what one file is, and not what the standard input may call a file', async () => {
    expect((await here('compile', 'openapi.json')).out).not.toContain('several files')
    const { out } = await run(['compile', '-'], {}, await shop.read('path.json'))
    expect(out).toContain(words('paths/order.yaml', 'openapi.yaml'))
  })
})
