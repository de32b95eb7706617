/** What a caller's scopes do not open cannot be seen or used by any method, and a bug of ours tells the client nothing. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Caller } from '../../src/access/caller.ts'
import { compile } from '../../src/connector/compile.ts'
import { flowtly } from '../../src/connectors/flowtly.ts'
import { endpoint } from '../../src/mcp/endpoint.ts'
import { createServer } from '../../src/mcp/server.ts'
import { after, type LogEntry, type Ports } from '../../src/ports.ts'
import { readSettings } from '../../src/settings.ts'

const document = JSON.parse(readFileSync(new URL('../../openapi/flowtly.json', import.meta.url), 'utf8'))
const { invoices, taxGroups } = flowtly.namespaces
const catalog = compile(
  {
    ...flowtly,
    namespaces: {
      invoices: {
        ...invoices!,
        tools: { ...invoices!.tools, get: { ...invoices!.tools.get!, resource: true } },
      },
      taxGroups: taxGroups!,
    },
    prompts: {
      overdue: {
        title: 'Overdue',
        description: 'Overdue invoices.',
        text: 'Find them.',
        tools: ['invoices.list'],
      },
    },
  },
  document,
)

/** Asks for one method as a caller who may read tax groups alone; nothing may reach the upstream. */
async function ask(method: string, params: object, get: Ports['get'] = refuseToSend) {
  const ports: Ports = { get, now: () => 0, random: () => 0.5, id: () => 'id', after, log: () => {} }
  const caller: Caller = { scopes: new Set(['settings:read']), headers: {} }
  const entry: LogEntry = {}
  const request = new Request('http://localhost/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const answer = await endpoint({
    request,
    caller,
    server: createServer(catalog, readSettings({}), ports),
    entry,
  })
  return {
    entry,
    body: (await answer.json()) as {
      result?: Record<string, object[]>
      error?: { code: number; message: string }
    },
  }
}

const refuseToSend: Ports['get'] = () => expect.unreachable('a request went to the upstream')

it.each([
  ['tools/list', 'tools', 1],
  ['resources/templates/list', 'resourceTemplates', 0],
  ['prompts/list', 'prompts', 0],
])('%s shows what is open', async (method, member, count) => {
  expect((await ask(method, {})).body.result![member]).toHaveLength(count)
})

it.each([
  ['tools/call', { name: 'invoices.list', arguments: {} }, -32602],
  ['resources/read', { uri: 'flowtly://invoices/inv_000123' }, -32002],
  ['prompts/get', { name: 'overdue' }, -32602],
])('%s refuses what is not', async (method, params, code) => {
  expect((await ask(method, params)).body.error!.code).toBe(code)
})

it('an error of our own is logged, and the client is told nothing of it', async () => {
  const broken = () => Promise.reject(new TypeError('reading s3cret of undefined'))
  const { body, entry } = await ask('tools/call', { name: 'taxGroups.list' }, broken)
  expect(body.error).toEqual({ code: -32603, message: 'Internal error; the operator finds it in the log' })
  expect(entry.fault).toBe('TypeError: reading s3cret of undefined')
})
