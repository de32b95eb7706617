/** A document of over a thousand operations is served soon, in little memory, and its list of tools answers at once. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lectern } from '../program.ts'

const RESOURCES = 600

let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'large-'))
  file = join(folder, 'large.json')
  await writeFile(file, JSON.stringify(largeDocument()))
})
afterAll(() => rm(folder, { recursive: true }))

it('compiles 1,200 GETs among 2,400 operations within 5 s and 600 MB, and lists them in 20 ms', async () => {
  const started = performance.now()
  const { child, printed } = lectern(['start', '--openapi', file, '--base-url', 'http://127.0.0.1:9'], {
    PORT: '0',
    LECTERN_LOG: 'off',
  })
  await expect.poll(() => printed.out, { timeout: 15_000, interval: 20 }).toContain('Ctrl-C ends it.')
  expect(performance.now() - started).toBeLessThan(5000)
  expect(printed.out).toContain(`Tools: ${2 * RESOURCES}.`)
  const url = / at (\S+\/mcp)/.exec(printed.out)![1]!
  const { result } = JSON.parse(await list(url)) as { result: { tools: object[] } }
  expect(result.tools).toHaveLength(2 * RESOURCES)
  const times: number[] = []
  for (let count = 0; count < 40; count++) {
    const asked = performance.now()
    await list(url)
    times.push(performance.now() - asked)
  }
  // The quickest of them: the machine does other things too, and they only ever add.
  expect(Math.min(...times)).toBeLessThan(20)
  const peak = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => ''))
  if (process.platform === 'linux') expect(Number(peak?.[1])).toBeLessThan(600 * 1024)
})

async function list(url: string): Promise<string> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return answer.text()
}

/** Each resource has a list and a record, two writes, and schemas that lead to those of others and to themselves. */
function largeDocument(): object {
  const ref = (at: number) => ({ $ref: `#/components/schemas/Thing${at % RESOURCES}` })
  const numbers = Array.from({ length: RESOURCES }, (_, at) => at)
  const answer = (schema: object) => ({
    200: { description: 'OK', content: { 'application/json': { schema } } },
  })
  const query = (name: string, schema: object) => ({
    name,
    in: 'query',
    description: `Only things whose ${name} is this. ${'Words about it. '.repeat(8)}`,
    schema,
  })
  const filters = ['state', 'owner', 'label', 'since', 'until'].map((name) => query(name, { type: 'string' }))
  const parameters = [...filters, query('page', { type: 'integer', minimum: 1 })]
  const operation = (words: string, at: number, more: object) => ({
    operationId: `${words}Thing${at}`,
    summary: `${words} things of kind ${at}`,
    tags: [`kind${at % 40}`],
    ...more,
  })
  const paths = numbers.flatMap((at) => [
    [
      `/things${at}`,
      {
        get: operation('list', at, { parameters, responses: answer({ type: 'array', items: ref(at) }) }),
        post: operation('add', at, { responses: answer(ref(at)) }),
      },
    ],
    [
      `/things${at}/{id}`,
      {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        get: operation('get', at, { responses: answer(ref(at)) }),
        delete: operation('remove', at, { responses: answer(ref(at)) }),
      },
    ],
  ])
  const schemas = numbers.map((at) => [
    `Thing${at}`,
    {
      type: 'object',
      properties: {
        ...Object.fromEntries(
          Array.from({ length: 30 }, (_, member) => [`member${member}`, { type: 'string' }]),
        ),
        self: ref(at),
        next: ref(at + 1),
        others: { type: 'array', items: ref(at * 7) },
      },
    },
  ])
  return {
    openapi: '3.0.3',
    info: { title: 'Large', version: '1' },
    paths: Object.fromEntries(paths),
    components: { schemas: Object.fromEntries(schemas) },
  }
}
