/** A body and its headers are classified once: era, revision and method, or the refusal that the specification asks for. */
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/json.ts'
import { classify } from '../../src/mcp/message.ts'

const VERSION = 'io.modelcontextprotocol/protocolVersion'
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'
const MODERN = '2026-07-28'

type Lines = Record<string, string>

const envelope = (version: Json = MODERN, capabilities: Json = {}) => ({
  [VERSION]: version,
  [CAPABILITIES]: capabilities,
})
const request = (method: string, params?: Json, id: Json = 1): JsonObject => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params !== undefined && { params }),
})
const modern = (method: string, params: JsonObject = {}, meta: Json = envelope()) =>
  request(method, { ...params, _meta: meta })
const headers = (method: string, more: Lines = {}): Lines => ({
  'mcp-protocol-version': MODERN,
  'mcp-method': method,
  ...more,
})

/** In a word: `era version`, `status code`, `accepted`, or a batch's items. */
function verdict(body: Json, lines: Lines = {}): string {
  const inbound = classify(body, new Headers(lines), 3)
  switch (inbound.kind) {
    case 'call': return `${inbound.call.era} ${inbound.call.version}`
    case 'refused': return `${inbound.refusal.status} ${inbound.refusal.code}`
    case 'batch': return inbound.items.map((item) => ('code' in item ? item.code : item.method)).join(' ')
    case 'accepted': return 'accepted'
  } // biome-ignore format: a case a line
}

const call = { name: 'invoices.list' }
const named = (value: string) => headers('tools/call', { 'mcp-name': value })
const without = (name: string, lines: Lines) =>
  Object.fromEntries(Object.entries(lines).filter(([key]) => key !== name))

describe('the era', () => {
  const rows: [string, Json, Lines, string][] = [
    ['a full modern request', modern('tools/list'), headers('tools/list'), 'modern 2026-07-28'],
    ['a modern name repeated', modern('tools/call', call), named('invoices.list'), 'modern 2026-07-28'],
    ['a method that does not exist', modern('x/y'), headers('x/y'), 'modern 2026-07-28'],
    ['a method named like an object’s own', modern('toString'), headers('toString'), 'modern 2026-07-28'],
    ['another of them', modern('__proto__'), headers('__proto__'), 'modern 2026-07-28'],
    ['initialize in a modern envelope', modern('initialize'), headers('initialize'), 'modern 2026-07-28'],
    ['ping in a modern envelope', modern('ping'), headers('ping'), 'modern 2026-07-28'],
    ['the name of nothing', modern('tools/call'), named('x'), '400 -32020'],
    ['white space around headers', modern('tools/call', call), { 'MCP-Protocol-Version': ' 2026-07-28\t', 'MCP-METHOD': '\ttools/call ', 'Mcp-Name': ' invoices.list ' }, 'modern 2026-07-28'],
    ['no header at all', request('tools/list'), {}, 'legacy 2025-03-26'],
    ['2025-11-25', request('tools/list'), { 'mcp-protocol-version': '2025-11-25' }, 'legacy 2025-11-25'],
    ['2024-11-05', request('tools/list'), { 'mcp-protocol-version': '2024-11-05' }, 'legacy 2024-11-05'],
    ['a progress token is no claim', request('tools/list', { _meta: { progressToken: 1 } }), {}, 'legacy 2025-03-26'],
    ['parameters of the wrong shape', request('tools/list', [1]), {}, 'legacy 2025-03-26'],
    ['initialize', request('initialize', { protocolVersion: '2025-06-18' }), {}, 'legacy 2025-03-26'],
    ['initialize that asks for a modern revision', request('initialize', { protocolVersion: MODERN }), {}, 'legacy 2025-03-26'],
    ['initialize under an unknown header', request('initialize', {}), { 'mcp-protocol-version': '1999-01-01' }, 'legacy 2025-03-26'],
    ['initialize in an envelope of an old revision', modern('initialize', {}, envelope('2025-11-25')), {}, 'legacy 2025-03-26'],
    ['initialize in half an envelope', modern('initialize', {}, { [VERSION]: MODERN }), {}, 'legacy 2025-03-26'],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, body, lines, expected) => {
    expect(verdict(body, lines)).toBe(expected)
  })
})

describe('refused', () => {
  const list = modern('tools/list')
  const rows: [string, Json, Lines, string][] = [
    ['a header without envelope', request('tools/list'), headers('tools/list'), '400 -32602'],
    ['a modern header of tomorrow without envelope', request('tools/list'), { 'mcp-protocol-version': '2027-01-01' }, '400 -32602'],
    ['no capabilities', modern('tools/list', {}, { [VERSION]: MODERN }), headers('tools/list'), '400 -32602'],
    ['capabilities of the wrong type', modern('tools/list', {}, envelope(MODERN, [])), headers('tools/list'), '400 -32602'],
    ['a version of the wrong type', modern('tools/list', {}, envelope(20260728)), headers('tools/list'), '400 -32602'],
    ['a version of null', modern('tools/list', {}, envelope(null)), {}, '400 -32602'],
    ['an incomplete envelope before a header that differs', modern('tools/list', {}, { [VERSION]: MODERN }), headers('x'), '400 -32602'],
    ['initialize under a modern header', request('initialize', {}), { 'mcp-protocol-version': MODERN }, '400 -32020'],
    ['half an envelope under a modern header', modern('initialize', {}, { [VERSION]: MODERN }), headers('initialize'), '400 -32020'],
    ['another version in the header', list, headers('tools/list', { 'mcp-protocol-version': '2025-11-25' }), '400 -32020'],
    ['a header that differs from an unknown version', modern('tools/list', {}, envelope('2099-01-01')), headers('tools/list'), '400 -32020'],
    ['another method in the header', list, headers('tools/call'), '400 -32020'],
    ['another case in the header', list, headers('Tools/List'), '400 -32020'],
    ['another method before an unknown version', modern('x', {}, envelope('2099-01-01')), headers('y', { 'mcp-protocol-version': '2099-01-01' }), '400 -32020'],
    ['an unknown version, named twice', modern('tools/list', {}, envelope('2099-01-01')), headers('tools/list', { 'mcp-protocol-version': '2099-01-01' }), '400 -32022'],
    ['an unknown version before missing headers', modern('tools/list', {}, envelope('2099-01-01')), {}, '400 -32022'],
    ['an old version by envelope', modern('tools/list', {}, envelope('2025-11-25')), {}, '400 -32022'],
    ['words for a version', modern('tools/list', {}, envelope('latest')), {}, '400 -32022'],
    ['no version header', list, without('mcp-protocol-version', headers('tools/list')), '400 -32020'],
    ['no method header', list, without('mcp-method', headers('tools/list')), '400 -32020'],
    ['no name header', modern('tools/call', call), headers('tools/call'), '400 -32020'],
    ['no name header for a prompt', modern('prompts/get', call), headers('prompts/get'), '400 -32020'],
    ['another name', modern('tools/call', call), named('invoices.get'), '400 -32020'],
    ['another URI', modern('resources/read', { uri: 'a:b' }), headers('resources/read', { 'mcp-name': 'a:c' }), '400 -32020'],
    ['an unknown legacy revision', request('tools/list'), { 'mcp-protocol-version': '2025-01-01' }, '400 -32600'],
    ['words for a legacy revision', request('tools/list'), { 'mcp-protocol-version': 'latest' }, '400 -32600'],
    ['two versions in one header', request('tools/list'), { 'mcp-protocol-version': '2025-06-18, 2025-06-18' }, '400 -32600'],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, body, lines, expected) => {
    expect(verdict(body, lines)).toBe(expected)
  })

  it('with the versions that are served', () => {
    const refused = classify(modern('tools/list', {}, envelope('2099-01-01')), new Headers(), 3)
    expect(refused).toMatchObject({
      refusal: { id: 1, data: { supported: [MODERN], requested: '2099-01-01' } },
    })
  })

  it('in few words, whatever is repeated', () => {
    const long = 'v'.repeat(100_000)
    for (const refused of [
      classify(modern('tools/list', {}, envelope(long)), new Headers(), 3),
      classify(modern('tools/list'), new Headers({ 'mcp-protocol-version': long }), 3),
      classify(request('tools/list'), new Headers({ 'mcp-protocol-version': long }), 3),
      classify(modern('tools/call', { name: long }), new Headers(named(long.slice(1))), 3),
    ])
      expect(JSON.stringify(refused).length).toBeLessThan(1000)
  })
})

describe('Mcp-Name in Base64', () => {
  const żółw = '=?base64?xbzDs8WCdw==?='
  it.each([
    ['encoded', 'żółw', żółw, 'modern 2026-07-28'],
    ['encoded without need', 'invoices.list', '=?base64?aW52b2ljZXMubGlzdA==?=', 'modern 2026-07-28'],
    ['another name', 'zolw', żółw, '400 -32020'],
    ['padding missing', 'żółw', '=?base64?xbzDs8WCdw?=', '400 -32020'],
    ['padding too long', 'żółw', '=?base64?xbzDs8WCdw===?=', '400 -32020'],
    ['of the other alphabet', 'a?>', '=?base64?YT8-?=', '400 -32020'],
    ['white space inside', 'żółw', '=?base64?xbzDs8WC dw==?=', '400 -32020'],
    ['bytes that are no UTF-8', '\ufffd', '=?base64?/w==?=', '400 -32020'],
    ['a mark before the name', 'a', '=?base64?77u/YQ==?=', '400 -32020'],
    ['an upper case marker is literal', '=?BASE64?YQ==?=', '=?BASE64?YQ==?=', 'modern 2026-07-28'],
    ['half a marker is literal', '=?base64?YQ==', '=?base64?YQ==', 'modern 2026-07-28'],
    ['empty', '', '=?base64??=', 'modern 2026-07-28'],
    ['twice encoded', 'a', '=?base64?PT9iYXNlNjQ/WVE9PT89?=', '400 -32020'],
  ])('%s', (_, name, header, expected) => {
    expect(verdict(modern('tools/call', { name }), named(header))).toBe(expected)
  })
})

describe('messages', () => {
  const rows: [string, Json, string][] = [
    ['a notification', { jsonrpc: '2.0', method: 'notifications/initialized' }, 'accepted'],
    ['a modern notification', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { _meta: envelope() } }, 'accepted'],
    ['a result', { jsonrpc: '2.0', id: 1, result: {} }, 'accepted'],
    ['an error', { jsonrpc: '2.0', id: 1, error: { code: 1, message: '' } }, 'accepted'],
    ['a string id', request('ping', undefined, 'a'), 'legacy 2025-03-26'],
    ['an empty id', request('ping', undefined, ''), 'legacy 2025-03-26'],
    ['zero', request('ping', undefined, 0), 'legacy 2025-03-26'],
    ['a negative id', request('ping', undefined, -5), 'legacy 2025-03-26'],
    ['the largest id', request('ping', undefined, 2 ** 53 - 1), 'legacy 2025-03-26'],
    ['an id beyond it', request('ping', undefined, 2 ** 53), '400 -32600'],
    ['a fraction', request('ping', undefined, 1.5), '400 -32600'],
    ['null', request('ping', undefined, null), '400 -32600'],
    ['true', request('ping', undefined, true), '400 -32600'],
    ['an array', request('ping', undefined, [1]), '400 -32600'],
    ['no jsonrpc', { id: 1, method: 'ping' }, '400 -32600'],
    ['jsonrpc 1.0', { jsonrpc: '1.0', id: 1, method: 'ping' }, '400 -32600'],
    ['a number for a method', { jsonrpc: '2.0', id: 1, method: 1 }, '400 -32600'],
    ['neither', { jsonrpc: '2.0', id: 1 }, '400 -32600'],
    ['a string', 'ping', '400 -32600'],
    ['a number', 1, '400 -32600'],
    ['nothing', null, '400 -32600'],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, body, expected) => {
    expect(verdict(body)).toBe(expected)
  })

  it.each([
    ['an id that can be read', { id: 'a' }, 'a'],
    ['none of null', { id: null, method: 'x' }, undefined],
    ['none with other digits', { jsonrpc: '2.0', id: 2 ** 53, method: 'x' }, undefined],
  ])('a refusal repeats %s', (_, body, id) => {
    expect(classify(body, new Headers(), 3)).toMatchObject({ kind: 'refused', refusal: { status: 400 } })
    expect((classify(body, new Headers(), 3) as { refusal: { id?: unknown } }).refusal.id).toBe(id)
  })
})

describe('batches', () => {
  const ping = request('ping')
  const note = { jsonrpc: '2.0', method: 'notifications/initialized' }
  const rows: [string, Json[], string | undefined, string][] = [
    ['requests', [ping, request('tools/list')], undefined, 'ping tools/list'],
    ['requests and notes', [note, ping], '2025-03-26', 'ping'],
    ['of 2024-11-05', [ping], '2024-11-05', 'ping'],
    ['notes only', [note, note], undefined, 'accepted'],
    ['answers only', [{ jsonrpc: '2.0', id: 1, result: {} }], undefined, 'accepted'],
    ['initialize inside', [request('initialize'), ping], undefined, '-32600 ping'],
    ['empty', [], undefined, '400 -32600'],
    ['too many', [ping, ping, ping, ping], undefined, '400 -32600'],
    ['of 2025-06-18', [ping], '2025-06-18', '400 -32600'],
    ['of 2026-07-28', [ping], MODERN, '400 -32600'],
    ['of no revision', [ping], 'x', '400 -32600'],
    ['a modern one inside', [ping, modern('tools/list')], undefined, '400 -32600'],
    ['a modern note inside', [ping, { ...note, params: { _meta: envelope() } }], undefined, '400 -32600'],
    ['a claim of null inside', [modern('ping', {}, { [VERSION]: null })], undefined, '400 -32600'],
    ['something else inside', [ping, 5], undefined, '400 -32600'],
    ['a batch inside', [[ping]], undefined, '400 -32600'],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, body, version, expected) => {
    expect(verdict(body, version === undefined ? {} : { 'mcp-protocol-version': version })).toBe(expected)
  })
})
