/** What the world sees, as snapshots: a changed contract is a diff to be read, never a surprise to a client. */
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { flowtly } from '../../src/connectors/flowtly.ts'
import { type Connector, startConnector } from '../connector.ts'
import { loadFlowpos, startFlowpos } from '../flowpos.ts'

let connector: Connector
let shop: Connector
beforeAll(async () => {
  connector = await startConnector()
  shop = await startFlowpos()
})
afterAll(async () => {
  await connector.close()
  await shop.close()
})

const tools = loadFlowtly().tools.map(({ name }) => name)
const shopTools = loadFlowpos().tools.map(({ name }) => name)

it.each([
  ['tools', tools],
  ['flowpos', [...shopTools, 'prompts']],
])('one snapshot a tool in %s, and none is left over', (folder, names) => {
  const files = readdirSync(new URL(folder, import.meta.url)).sort()
  expect(files).toEqual(names.map((name) => `${name}.json`).sort())
})

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

async function snapshot(of: Connector, name: string, folder: string): Promise<void> {
  const { result } = await of.rpc('tools/list')
  const tool = result.tools.find((each: { name: string }) => each.name === name)
  await expect(pretty(tool)).toMatchFileSnapshot(`${folder}/${name}.json`)
}

it.each(tools)('%s', (name) => snapshot(connector, name, 'tools'))

it.each(shopTools)('FlowPOS: %s', (name) => snapshot(shop, name, 'flowpos'))

it('FlowPOS: prompts', async () => {
  const { result } = await shop.rpc('prompts/list')
  await expect(pretty(result)).toMatchFileSnapshot('flowpos/prompts.json')
})

it('initialize', async () => {
  const { result } = await connector.rpc('initialize', { protocolVersion: '2025-11-25' })
  await expect(pretty(result)).toMatchFileSnapshot('initialize.json')
})

it('initialize as the product page documents it', async () => {
  const { result } = await connector.rpc('initialize', { protocolVersion: '2024-11-05' })
  await expect(pretty(result)).toMatchFileSnapshot('initialize-2024-11-05.json')
})

it.each(['resources/list', 'resources/templates/list', 'prompts/list'])('%s', async (method) => {
  const { result } = await connector.rpc(method)
  await expect(pretty(result)).toMatchFileSnapshot(`${method.replaceAll('/', '-')}.json`)
})

it.each(Object.keys(flowtly.prompts!))('the prompt %s', async (name) => {
  const declared = Object.keys(flowtly.prompts![name]!.arguments ?? {})
  const args = Object.fromEntries(declared.map((argument) => [argument, `<${argument}>`]))
  const { result } = await connector.rpc('prompts/get', { name, arguments: args })
  expect(result.messages).toHaveLength(1)
  const { text } = result.messages[0].content
  await expect(`${text}\n`).toMatchFileSnapshot(`prompts/${name}.txt`)
})

it('server/discover', async () => {
  const { result } = (await (await connector.modern('server/discover')).json()) as { result: object }
  await expect(pretty(result)).toMatchFileSnapshot('discover.json')
})

it('headers of an answer', async () => {
  const { headers } = await connector.post({ jsonrpc: '2.0', id: 1, method: 'ping' })
  const shown = [...headers].filter(([name]) => !['date', 'x-request-id', 'keep-alive', 'connection'].includes(name))
  await expect(pretty(Object.fromEntries(shown))).toMatchFileSnapshot('headers.json')
})
