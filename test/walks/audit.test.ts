/** `lectern audit`: what it reports of a connector that only reads, and what it names where a GET of ours did anything else. */

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { audit } from '../../src/audit/audit.ts'
import { callsOf } from '../../src/audit/calls.ts'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { addressesOf } from '../../src/connector/addresses.ts'
import type { Catalog } from '../../src/connector/catalog.ts'
import { compile } from '../../src/connector/compile.ts'
import type { Declaration } from '../../src/connector/declaration.ts'
import { openPorts } from '../../src/node.ts'
import type { Ports } from '../../src/ports.ts'
import { run } from '../program.ts'
import { DECLARATION, openShop, query, shopDocument } from './shop.ts'

type Get = Ports['get']
const shop = (more: Partial<Declaration> = {}): Catalog =>
  compile(
    { ...(DECLARATION as Declaration), ...more },
    shopDocument('1.0.0', [query('state'), query('since')]),
  )

/** The audit of the shop with `plant` in place of the GET of Node. */
async function planted(plant: (get: Get) => Get, catalog = shop()) {
  const found = await audit(catalog, async (settings) => {
    const { ports, close } = await openPorts(settings)
    return { ports: { ...ports, get: plant(ports.get) }, close }
  })
  return {
    ...found,
    failing: found.checks.filter(({ violations }) => violations > 0).map(({ check }) => check),
  }
}

let elsewhere: Server
let address: string
beforeAll(async () => {
  elsewhere = createServer((_, answer) => answer.end('{}'))
  await once(elsewhere.listen(0, '127.0.0.1'), 'listening')
  address = `127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
})
afterAll(() => {
  elsewhere.closeAllConnections()
  elsewhere.close()
})

describe('a connector that only reads', () => {
  it('is told with every tool, what it sent and how often, and what the caller was', {
    timeout: 60_000,
  }, async () => {
    const files = await openShop()
    const { code, out, err } = await run(['audit', ...files.flags.slice(0, 4), '--out', files.at('audit.md')])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^All checks hold: \d{2,} calls, \d{2,} requests, /)
    const page = await files.read('audit.md')
    expect(page).toMatch(
      /^# Read-only audit of Shop\n\n\*\*Nothing but GET to one origin left the connector, in \d+ calls that sent \d+ requests\.\*\*/,
    )
    expect(page.match(/\| holds \|/g)).toHaveLength(9)
    expect(page).toMatch(
      /^\| `orders\.get` \| `getOrder` \| `GET \/orders\/\{orderId\}` \| \d+ \| [1-9]\d* \| GET \|$/m,
    )
    expect(page).toMatch(/were the upstream’s and 0 were not\./)
    expect(page).toContain('Caller: API keys made up by the audit, one a call')
    await files.close()
  })

  it.each<[string, Partial<Declaration>, RegExp]>([
    ['none', { access: { type: 'none', headers: ['X-Tenant'] } }, /^Anybody may call .* X-Tenant went along/],
    [
      'jwt',
      {
        access: { type: 'jwt', issuer: 'https://id.example', upstream: { type: 'service', header: 'X-Key' } },
      },
      /gate was not part of it.* in the header X-Key/,
    ],
    ['oauth', { access: { type: 'oauth', signIn: { type: 'oauth' } } }, /gate was not part of it/],
    [
      'apiKey, by a prefix',
      { access: { type: 'apiKey', prefix: 'shop_key_' } },
      /^API keys made up by the audit/,
    ],
  ])(
    'is audited with access: %s, and the report says who called',
    { timeout: 60_000 },
    async (_, more, words) => {
      const found = await planted((get) => get, shop(more))
      expect([found.failing, found.violations]).toEqual([[], []])
      expect(found.caller).toMatch(words)
    },
  )
})

describe('what reaches a tool by another way than its name', () => {
  const flowtly = loadFlowtly()
  const words = (url: URL) => url.searchParams.get('q') === 'audit'
  it('is audited too: a POST that search alone would bring is told', { timeout: 60_000 }, async () => {
    const few = {
      ...flowtly,
      allowPrefixes: [],
      prompts: [],
      tools: flowtly.tools.filter(({ namespace }) => namespace === 'contracts'),
      knowledge: flowtly.knowledge.filter(({ namespace }) => namespace === 'contracts'),
    }
    const plant =
      (get: Get): Get =>
      async (url, options) => {
        if (words(url)) await fetch(url, { method: 'POST', body: 'x' }).catch(() => {})
        return get(url, options)
      }
    const { failing, violations } = await planted(plant, few)
    expect(failing).toContain('method')
    expect([...new Set(violations.map(({ call }) => call.split(' ')[0]))]).toEqual(['search'])
  })

  it('is all among the calls: search, fetch, each address under a prefix, and discovery', () => {
    const calls = [...callsOf({ ...flowtly, discovery: true }, ['200'])]
    const asked = (name: string) =>
      new Set(calls.flatMap(({ params, may }) => (params.name === name ? may.map((tool) => tool.name) : [])))
    expect(asked('search')).toEqual(new Set(flowtly.knowledge.map(({ list }) => list)))
    expect(asked('fetch')).toEqual(new Set(flowtly.knowledge.map(({ get }) => get)))
    expect(asked('tools.call')).toEqual(new Set(flowtly.tools.map(({ name }) => name)))
    const uris = calls.map(({ params }) => String(params.uri))
    for (const { path } of addressesOf(flowtly.tools)) {
      const form = new RegExp(`//(workspace.flowtly.eu/)?${path.replace(/\{[^}]+\}/g, '[\\w-]+')}$`)
      expect(uris.filter((uri) => form.test(uri)).length, path).toBeGreaterThan(1)
    }
  })
})

describe('a GET of ours', () => {
  it.each<[string, (get: Get) => Get, string[], RegExp]>([
    [
      'that sends a POST besides',
      (get) => async (url, options) => {
        await fetch(url, { method: 'POST', body: 'x', headers: options.headers }).catch(() => {})
        return get(url, options)
      },
      ['method', 'body'],
      /^POST was sent$/,
    ],
    [
      'that asks another origin besides',
      (get) => async (url, options) => {
        await (await fetch(`http://${address}/`)).text()
        return get(url, options)
      },
      ['sockets'],
      /^127\.0\.0\.1:\d+ was connected to, or asked$/,
    ],
    [
      'that follows a redirect away',
      () =>
        async (url, { headers, signal }) => {
          const answer = await fetch(url, { headers, signal })
          return {
            status: answer.status,
            header: (name) => answer.headers.get(name) ?? undefined,
            body: new Uint8Array(await answer.arrayBuffer()),
          }
        },
      ['redirect', 'sockets'],
      /^GET \/.* was sent to another origin$/,
    ],
    [
      'that opens a bare socket',
      (get) => async (url, options) => {
        const socket = connect(Number(address.split(':')[1]), '127.0.0.1')
        await once(socket, 'connect')
        socket.destroy()
        return get(url, options)
      },
      ['sockets'],
      /was connected to, or asked$/,
    ],
    [
      'that asks another path',
      (get) => (url, options) => get(new URL('/admin', url), options),
      ['path'],
      /^\/admin is none of \/orders/,
    ],
    [
      'that adds a parameter by an unescaped value',
      (get) => (url, options) => get(new URL(decodeURIComponent(url.href)), options),
      ['path', 'place'],
      /^the query has a pair lectern_planted|^\/v1\/.* is none of|fragment/,
    ],
    [
      'that keeps the first caller’s credential',
      (get) => {
        let first: Record<string, string> | undefined
        return (url, options) => {
          first ??= options.headers
          return get(url, { ...options, headers: first })
        }
      },
      ['credential'],
      /^it carries lectern_audit_0000001, which is of another call$/,
    ],
    [
      'that never asks',
      () => () =>
        Promise.resolve({
          status: 200,
          header: () => 'application/json',
          body: new TextEncoder().encode('{}'),
        }),
      ['asked'],
      /^no call reached the upstream/,
    ],
  ])('%s is named by the audit', { timeout: 60_000 }, async (_, plant, checks, words) => {
    const { failing, violations } = await planted(plant)
    expect(failing).toEqual(expect.arrayContaining(checks))
    expect(violations.map(({ told }) => told).some((told) => words.test(told))).toBe(true)
    expect(violations[0]!.call).not.toBe('')
  })
})
