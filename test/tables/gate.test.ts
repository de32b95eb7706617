/** A key is taken from headers only, in one order, and leaves for the upstream alone; without one there is a challenge. */
import { describe, expect, it } from 'vitest'
import type { Access } from '../../src/access/access.ts'
import type { Caller } from '../../src/access/caller.ts'
import { credentialPlaces } from '../../src/access/credential.ts'
import { createGate } from '../../src/access/gate.ts'

type Lines = [string, string][]

async function enter(
  lines: Lines,
  access: Access = { type: 'apiKey' },
  url = 'https://mcp.example/mcp',
): Promise<Caller | Response> {
  return createGate(access)(new Request(url, { method: 'POST', headers: lines }))
}

/** The headers that go upstream, or the status of the refusal. */
async function forwarded(lines: Lines, access?: Access, url?: string): Promise<unknown> {
  const caller = await enter(lines, access, url)
  return caller instanceof Response ? caller.status : caller.headers
}

/** Keys beside sign-in that is not set up. */
const BESIDE: Access = { type: 'oauth', signIn: { type: 'oauth' }, apiKey: { prefix: 'shop_' } }
const AS_BEARER = { authorization: 'Bearer k1' }
const OWN: Access = { type: 'apiKey', header: 'X-Flowtly-Token' }

describe('the key', () => {
  const rows: [string, Lines, Access | undefined, unknown][] = [
    ['a bearer', [['Authorization', 'Bearer k1']], undefined, AS_BEARER],
    ['in any case, with spaces', [['AUTHORIZATION', ' bEARER   k1 ']], undefined, AS_BEARER],
    ['X-API-Key', [['x-api-key', 'k1']], undefined, AS_BEARER],
    ['its own header', [['x-flowtly-token', 'k1']], OWN, AS_BEARER],
    ['a header that is not declared', [['x-flowtly-token', 'k1']], undefined, 401],
    ['bearer before X-API-Key', [['x-api-key', 'k2'], ['authorization', 'Bearer k1']], undefined, AS_BEARER],
    ['X-API-Key before its own header', [['x-flowtly-token', 'k2'], ['x-api-key', 'k1']], OWN, AS_BEARER],
    ['X-API-Key beside another scheme', [['authorization', 'Basic dTpw'], ['x-api-key', 'k1']], undefined, AS_BEARER],
    ['an empty X-API-Key before its own', [['x-api-key', ''], ['x-flowtly-token', 'k1']], OWN, AS_BEARER],
    ['forwarded under another name', [['x-api-key', 'k1']], { type: 'apiKey', forward: { header: 'X-Upstream' } }, { 'x-upstream': 'k1' }],
    ['forwarded with another scheme', [['x-api-key', 'k1']], { type: 'apiKey', forward: { header: 'Authorization', scheme: 'Token' } }, { authorization: 'Token k1' }],
    ['4096 characters', [['x-api-key', 'k'.repeat(4096)]], undefined, { authorization: `Bearer ${'k'.repeat(4096)}` }],
    ['one more', [['x-api-key', 'k'.repeat(4097)]], undefined, 401],
    ['none', [], undefined, 401],
    ['another scheme', [['authorization', 'Basic dTpw']], undefined, 401],
    ['no scheme', [['authorization', 'k1']], undefined, 401],
    ['a scheme alone', [['authorization', 'Bearer']], undefined, 401],
    ['a scheme and space', [['authorization', 'Bearer   ']], undefined, 401],
    ['two words', [['authorization', 'Bearer k1 k2']], undefined, 401],
    ['two lines', [['authorization', 'Bearer k1'], ['authorization', 'Bearer k2']], undefined, 401],
    ['two keys', [['x-api-key', 'k1'], ['x-api-key', 'k2']], undefined, 401],
    ['its prefix', [['x-api-key', 'shop_k1']], { type: 'apiKey', prefix: 'shop_' }, { authorization: 'Bearer shop_k1' }],
    ['another prefix', [['x-api-key', 'sh0p_k1']], { type: 'apiKey', prefix: 'shop_' }, 401],
    ['the prefix in another case', [['x-api-key', 'SHOP_k1']], { type: 'apiKey', prefix: 'shop_' }, 401],
    ['its prefix, where nobody can sign in', [['x-api-key', 'shop_k1']], BESIDE, { authorization: 'Bearer shop_k1' }],
    ['another prefix, where nobody can sign in', [['authorization', 'Bearer ya29.token-of-elsewhere']], BESIDE, 401],
    ['a tab inside', [['x-api-key', 'k\t1']], undefined, 401],
    ['beyond ASCII', [['x-api-key', 'k\u00e9']], undefined, 401],
    ['a cookie', [['cookie', 'authorization=Bearer k1']], undefined, 401],
    ['no access is needed', [['authorization', 'Bearer k1']], { type: 'none' }, {}],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', async (_, lines, access, expected) => {
    expect(await forwarded(lines, access)).toEqual(expected)
  })

  it.each(['access_token', 'api_key', 'apikey', 'key', 'token', 'authorization', 'x-api-key'])(
    'in the query as %s is ignored',
    async (name) => {
      expect(await forwarded([], undefined, `https://mcp.example/mcp?${name}=k1`)).toBe(401)
    },
  )

  it('is known to be masked, and opens everything that the upstream allows', async () => {
    expect(await enter([['x-api-key', 'k1']])).toEqual({ scopes: 'all', headers: AS_BEARER, secrets: ['k1'] })
    expect(await enter([], { type: 'none' })).toEqual({ scopes: 'all', headers: {} })
  })
})

describe('headers of the deployment', () => {
  const open = (headers: string[]): Access => ({ type: 'none', headers })
  const enterWith = (access: Access, given: Record<string, string>) =>
    createGate(access, undefined, given)(new Request('https://mcp.example/mcp', { method: 'POST' }))

  const rows: [string, string[], Record<string, string>, object, string[] | undefined][] = [
    ['none', [], {}, {}, undefined],
    ['a key', ['X-API-Key'], { 'X-API-Key': 'k3y-k3y' }, { 'x-api-key': 'k3y-k3y' }, ['k3y-k3y']],
    ['in any case', ['x-api-key'], { 'X-API-Key': 'k3y-k3y' }, { 'x-api-key': 'k3y-k3y' }, ['k3y-k3y']],
    ['after a scheme', ['Authorization'], { Authorization: 'Bearer k3y-k3y' }, { authorization: 'Bearer k3y-k3y' }, ['Bearer k3y-k3y', 'k3y-k3y']],
    ['several, one too short to be a secret', ['X-Shop', 'X-Key'], { 'X-Shop': '4711', 'X-Key': 'k3y-k3y' }, { 'x-shop': '4711', 'x-key': 'k3y-k3y' }, ['k3y-k3y']],
  ] // biome-ignore format: one row a line
  it.each(rows)(
    '%s: they go upstream, and what is secret in them is known',
    async (_, names, given, headers, secrets) => {
      expect(await enterWith(open(names), given)).toEqual({ scopes: 'all', headers, secrets })
    },
  )

  it.each([
    ['without a value', open(['X-Key']), {}, 'X-Key is declared, and the setting has no value for it'],
    [
      'that is not declared',
      open([]),
      { 'X-Key': 'k' },
      'X-Key is set, and `access.headers` does not declare it',
    ],
    ['where callers bring their own', { type: 'apiKey' } as Access, { 'X-Key': 'k' }, 'X-Key is set'],
  ])('one %s stops the start', (_, access, given, fault) => {
    expect(() => createGate(access, undefined, given as Record<string, string>)).toThrow(fault)
  })

  it('no tool offers a declared one as an argument', () => {
    expect(credentialPlaces(open(['X-Shop']))).toContain('header x-shop')
  })
})

describe('the refusal', () => {
  const rows: [string, Lines, string][] = [
    ['of no key', [], 'Bearer realm="MCP"'],
    ['of a malformed one', [['authorization', 'Bearer a b']], 'Bearer realm="MCP", error="invalid_token", error_description="'],
    ['of one that is too long', [['x-api-key', 'k'.repeat(5000)]], 'Bearer realm="MCP", error="invalid_token", error_description="'],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', async (_, lines, challenge) => {
    const response = (await enter(lines)) as Response
    expect(response.headers.get('www-authenticate')!.startsWith(challenge)).toBe(true)
    expect(response.headers.get('www-authenticate')!.match(/"/g)!.length % 2).toBe(0)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).not.toMatch(/kkkk|a b/)
  })

  it.each([
    ['2026-07-28', { error: 'invalid_token', error_description: expect.any(String) }],
    ['2025-11-25', { jsonrpc: '2.0', error: { code: -32001, message: expect.any(String) } }],
    ['', { jsonrpc: '2.0', error: { code: -32001, message: expect.any(String) } }],
  ])('to revision %j', async (version, body) => {
    const response = (await enter([['mcp-protocol-version', version]])) as Response
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.json()).toEqual(body)
  })

  it('names every header that would do', async () => {
    const { error } = (await ((await enter([], OWN)) as Response).json()) as { error: { message: string } }
    expect(error.message).toBe(
      'Send the API key in a header: Authorization: Bearer <key> or x-api-key: <key> or X-Flowtly-Token: <key>.',
    )
  })
})
