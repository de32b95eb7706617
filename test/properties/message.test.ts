/** Any JSON under any headers is classified without a throw, and a refusal repeats only an id that was one. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/json.ts'
import { classify } from '../../src/mcp/message.ts'

const VERSION = 'io.modelcontextprotocol/protocolVersion'
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'

const any = fc.jsonValue() as fc.Arbitrary<Json>
const nearly = <T extends Json>(...values: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: any })
const version = nearly('2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2099-01-01', '')
const method = nearly(
  'initialize',
  'tools/list',
  'tools/call',
  'prompts/get',
  'resources/read',
  'ping',
  '__proto__',
  'constructor',
  'toString',
  '',
)
const id = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.constantFrom(2 ** 53, -(2 ** 53), null, true),
  any,
) as fc.Arbitrary<Json>

const meta = fc.record(
  { [VERSION]: version, [CAPABILITIES]: nearly({}), progressToken: id },
  { requiredKeys: [] },
)
const params = fc.oneof(
  fc.record({ _meta: fc.oneof(meta, any), name: nearly('invoices.list'), uri: any }, { requiredKeys: [] }),
  any,
)
const message = fc.record(
  { jsonrpc: nearly('2.0'), id, method, params, result: any, error: any },
  { requiredKeys: [] },
) as fc.Arbitrary<Json>
const body = fc.oneof(message, fc.array(fc.oneof(message, any), { maxLength: 6 }), any)

const line = fc.oneof(
  fc.constantFrom(
    '2026-07-28',
    '2025-11-25',
    '2025-03-26',
    'tools/call',
    'invoices.list',
    '=?base64?aW52b2ljZXMubGlzdA==?=',
    '=?base64?!?=',
    '',
  ),
  fc.string({ maxLength: 20 }).map((text) => text.replace(/[^\x20-\x7e]/g, '')),
)
const headers = fc.record(
  { 'mcp-protocol-version': line, 'mcp-method': line, 'mcp-name': line },
  { requiredKeys: [] },
)

const isId = (value: unknown) => typeof value === 'string' || Number.isSafeInteger(value)

it('always one of four kinds', () => {
  fc.assert(
    fc.property(body, headers, fc.integer({ min: 1, max: 5 }), (given, lines, maxBatch) => {
      const inbound = classify(given, new Headers(lines as Record<string, string>), maxBatch)
      switch (inbound.kind) {
        case 'call': {
          const sent = given as JsonObject
          expect(inbound.call).toMatchObject({ id: sent.id, method: sent.method })
          expect(isId(inbound.call.id)).toBe(true)
          expect(inbound.call.era === 'modern').toBe(inbound.call.version === '2026-07-28')
          break
        }
        case 'batch':
          expect(inbound.items.length).toBeLessThanOrEqual(maxBatch)
          expect(inbound.items.every((item) => isId(item.id))).toBe(true)
          expect(inbound.items.every((item) => 'code' in item || item.era === 'legacy')).toBe(true)
          break
        case 'refused': {
          const { id, status, code } = inbound.refusal
          expect([status, [-32600, -32602, -32020, -32022].includes(code)]).toEqual([400, true])
          if (id !== undefined) expect([isId(id), id]).toEqual([true, (given as JsonObject).id])
          break
        }
        case 'accepted':
          expect(
            Array.isArray(given) || !isId((given as JsonObject).id) || !('method' in (given as JsonObject)),
          ).toBe(true)
          break
        default:
          throw new Error(`unknown kind ${JSON.stringify(inbound)}`)
      }
    }),
    { numRuns: 5000 },
  )
})

it('a modern envelope is never answered in another era, nor the other way round', () => {
  fc.assert(
    fc.property(message, headers, (given, lines) => {
      const inbound = classify(given, new Headers(lines as Record<string, string>), 1)
      if (inbound.kind !== 'call' || inbound.call.method === 'initialize') return
      const { _meta } = ((given as JsonObject).params ?? {}) as JsonObject
      const claimed = typeof _meta === 'object' && _meta !== null && Object.hasOwn(_meta, VERSION)
      expect(inbound.call.era).toBe(claimed ? 'modern' : 'legacy')
    }),
    { numRuns: 5000 },
  )
})
