/** On loopback only loopback names reach the door, everywhere only listed origins do, and CORS never says `*`. */
import { describe, expect, it } from 'vitest'
import type { Access } from '../../src/access/access.ts'
import type { Catalog } from '../../src/connector/catalog.ts'
import { createGuard, isLoopback } from '../../src/guard.ts'
import { readSettings } from '../../src/settings.ts'

const WORKSPACE = 'https://workspace.example'
const PUBLIC = 'https://mcp.example.com'

function guardOf(env: Record<string, string>, access: Access = { type: 'apiKey' }) {
  return createGuard(
    { credentialOrigins: [WORKSPACE], access, tools: [] } as unknown as Catalog,
    readSettings(env),
  )
}
const LOCAL = guardOf({ LECTERN_ALLOWED_ORIGINS: 'https://a.example' })
const OPEN = guardOf({
  HOST: '0.0.0.0',
  LECTERN_PUBLIC_URL: PUBLIC,
  LECTERN_ALLOWED_ORIGINS: 'https://a.example',
})

const request = (lines: Record<string, string>) =>
  new Request('https://upstream.invalid/mcp', { method: 'POST', headers: lines })

describe('loopback', () => {
  it.each([
    ['localhost', true], ['LOCALHOST', true], ['127.0.0.1', true], ['127.1.2.3', true], ['::1', true], ['[::1]', true],
    ['0.0.0.0', false], ['localhost.evil.example', false], ['127.0.0.1.evil.example', false], ['evil.localhost', false], ['10.0.0.1', false], ['', false], ['localhost\n', false],
  ] as const)('%j is %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected)
  }) // biome-ignore format: short rows
})

describe('the Host', () => {
  const PUBLISHED = guardOf({ LECTERN_PUBLIC_URL: PUBLIC })
  const rows: [string, ReturnType<typeof guardOf>, string, number | undefined][] = [
    ['localhost', LOCAL, 'localhost:8787', undefined],
    ['127.0.0.1', LOCAL, '127.0.0.1:8787', undefined],
    ['::1', LOCAL, '[::1]:8787', undefined],
    ['without port', LOCAL, 'localhost', undefined],
    ['a name that DNS points here', LOCAL, 'evil.example:8787', 403],
    ['a name that looks like us', LOCAL, 'localhost.evil.example', 403],
    ['an address that looks like us', LOCAL, '127.0.0.1.nip.example', 403],
    ['a fragment', LOCAL, 'evil.example#localhost', 403],
    ['userinfo', LOCAL, 'localhost@evil.example', 403],
    ['a path', LOCAL, 'evil.example/localhost', 403],
    ['empty', LOCAL, '', 403],
    ['no host', LOCAL, '[', 403],
    ['the public one, on loopback behind a proxy', PUBLISHED, 'mcp.example.com', undefined],
    ['another, behind a proxy', PUBLISHED, 'evil.example', 403],
    ['the public one on another port', PUBLISHED, 'mcp.example.com:81', 403],
    ['any, where the socket is open', OPEN, 'evil.example', undefined],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, guard, host, status) => {
    expect(guard.checkHost(request({ host }))?.status).toBe(status)
  })

  it('is taken from the address where the header is missing', () => {
    expect(LOCAL.checkHost(new Request('http://localhost:1/mcp'))).toBeUndefined()
    expect(LOCAL.checkHost(new Request('http://evil.example/mcp'))?.status).toBe(403)
  })
})

describe('the Origin', () => {
  const rows: [string, ReturnType<typeof guardOf>, string | undefined, number | undefined][] = [
    ['none: no browser', OPEN, undefined, undefined],
    ['our own', OPEN, PUBLIC, undefined],
    ['a listed one', OPEN, 'https://a.example', undefined],
    ['one of the connector', OPEN, WORKSPACE, undefined],
    ['another', OPEN, 'https://evil.example', 403],
    ['null', OPEN, 'null', 403],
    ['empty', OPEN, '', 403],
    ['a listed one on another port', OPEN, 'https://a.example:81', 403],
    ['a listed one on another scheme', OPEN, 'http://a.example', 403],
    ['a listed one with a tail', OPEN, 'https://a.example.evil.example', 403],
    ['a listed one with a head', OPEN, 'https://evil-a.example', 403],
    ['a listed one in other case', OPEN, 'HTTPS://A.EXAMPLE', 403],
    ['two at once', OPEN, 'https://a.example, https://evil.example', 403],
    ['loopback, where the socket is open', OPEN, 'http://localhost:3000', 403],
    ['loopback on loopback', LOCAL, 'http://localhost:3000', undefined],
    ['an extension on loopback', LOCAL, 'chrome-extension://localhost', 403],
    ['another on loopback', LOCAL, 'https://evil.example', 403],
    ['null on loopback', LOCAL, 'null', 403],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', async (_, guard, origin, status) => {
    const answer = guard.checkOrigin(request(origin === undefined ? {} : { origin }))
    expect(answer?.status).toBe(status)
    if (answer)
      expect(await answer.json()).toEqual({
        jsonrpc: '2.0',
        error: { code: -32600, message: expect.any(String) },
      })
  })

  it('is repeated shortly', async () => {
    const answer = OPEN.checkOrigin(request({ origin: 'o'.repeat(10_000) }))
    expect((await answer!.text()).length).toBeLessThan(300)
  })
})

describe('what is for everybody', () => {
  it.each([
    ['is shown to every page', OPEN, '*'],
    ['is shown to every page behind a proxy on this machine', guardOf({ LECTERN_PUBLIC_URL: 'https://a.example' }), '*'],
    ['is shown to none from elsewhere on loopback', LOCAL, undefined],
  ])('%s', (_, guard, expected) => {
    expect(guard.share(request({ origin: 'https://evil.example' }))['access-control-allow-origin']).toBe(expected)
  }) // biome-ignore format: one row a line
})

describe('CORS', () => {
  const rows: [string, ReturnType<typeof guardOf>, string | undefined, string | undefined, string | undefined][] = [
    ['none', OPEN, undefined, undefined, undefined],
    ['our own', OPEN, PUBLIC, PUBLIC, undefined],
    ['a listed one', OPEN, 'https://a.example', 'https://a.example', undefined],
    ['one of the connector', OPEN, WORKSPACE, WORKSPACE, 'true'],
    ['one of the connector, in the list too', guardOf({ LECTERN_ALLOWED_ORIGINS: WORKSPACE }), WORKSPACE, WORKSPACE, 'true'],
    ['loopback on loopback', LOCAL, 'http://localhost:3000', 'http://localhost:3000', undefined],
    ['another', OPEN, 'https://evil.example', undefined, undefined],
    ['a star', OPEN, '*', undefined, undefined],
  ] // biome-ignore format: one row a line
  it.each(rows)('for %s', (_, guard, origin, allowed, credentials) => {
    const asked = request(origin === undefined ? {} : { origin })
    const preflight = guard.preflight(asked).headers
    for (const read of [
      (name: string) => guard.allow(asked)[name],
      (name: string) => preflight.get(name) ?? undefined,
    ]) {
      expect(read('access-control-allow-origin')).toBe(allowed)
      expect(read('access-control-allow-credentials')).toBe(credentials)
      expect(read('vary')).toBe('Origin')
    }
  })

  it('allows the headers of every revision, and the connector’s own', () => {
    const { status, headers } = guardOf({}, { type: 'apiKey', header: 'X-Flowtly-Token' }).preflight(
      request({ origin: WORKSPACE }),
    )
    const allowed = headers.get('access-control-allow-headers')!.toLowerCase().split(', ')
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-methods')).toBe('POST, OPTIONS')
    expect(allowed).toEqual(
      expect.arrayContaining([
        'authorization',
        'content-type',
        'accept',
        'mcp-protocol-version',
        'mcp-method',
        'mcp-name',
        'mcp-session-id',
        'last-event-id',
        'x-api-key',
        'x-flowtly-token',
      ]),
    )
    expect(OPEN.allow(request({ origin: PUBLIC }))['access-control-expose-headers']).toContain(
      'WWW-Authenticate',
    )
  })
})
