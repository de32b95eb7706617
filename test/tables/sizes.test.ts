/** What sealed values weigh with a given upstream, and what is said of it: measured with a real ring, not estimated. */
import { describe, expect, it } from 'vitest'
import type { OAuthAccess } from '../../src/access/access.ts'
import type { Authority } from '../../src/oauth/authority.ts'
import { type Expected, planSizes, sizeTable } from '../../src/oauth/sizes.ts'
import { createKeyRing } from '../../src/sealing/ring.ts'
import { readSettings } from '../../src/settings.ts'

const PROVIDER: OAuthAccess = {
  type: 'oauth',
  signIn: { type: 'oauth', issuer: 'https://login.example.com' },
}

function plan(access = PROVIDER, expected: Expected = {}, env: Record<string, string> = {}) {
  const secret = Uint8Array.from({ length: 32 }, (_, at) => at)
  const issuer = 'https://mcp.example.com'
  const authority: Partial<Authority> = {
    issuer,
    access,
    scopes: { 'invoices:read': 'Invoices', 'settings:read': 'Settings' },
    namespaces: new Map([
      ['invoices', ['invoices:read']],
      ['settings', ['settings:read']],
    ]),
    ring: createKeyRing(issuer, { session: [secret], registration: [secret] }),
    settings: readSettings({ LECTERN_IDP_CLIENT_ID: 'lectern-production', ...env }),
    ports: { now: () => 1_800_000_000 } as Authority['ports'],
  }
  return planSizes(authority as Authority, expected)
}

describe('sizes', () => {
  /** Within a fifth of what the design counts with. */
  const usual: [string, number][] = [
    ['client_id (one redirect URI)', 206],
    ['client_id (three)', 325],
    ['state', 760],
    ['authorization URL', 1090],
    ['code', 800],
    ['access token', 2827],
    ['refresh token', 1000],
  ]
  it('fit with a usual provider', async () => {
    const planned = await plan()
    expect(planned.map(({ what, verdict }) => `${what} ${verdict}`)).toEqual(
      usual.map(([what]) => `${what} fits`),
    )
    for (const [at, { characters }] of planned.entries())
      expect(Math.abs(characters / usual[at]![1] - 1), planned[at]!.what).toBeLessThan(0.2)
  })

  it('stand in aligned lines', () => {
    expect(
      sizeTable([
        { what: 'code', characters: 812, limit: 2000, verdict: 'fits' },
        { what: 'refresh token', characters: 12_005, limit: 32_768, verdict: 'large' },
      ]),
    ).toBe('code             812 of  2000  fits\nrefresh token  12005 of 32768  large')
  })

  const rows: [string, OAuthAccess, Expected, Record<string, string>, string, [limit: number, verdict: string]][] = [
    ['a code of 900', PROVIDER, { code: 900 }, {}, 'code', [2000, 'fits']],
    ['a code of 1,500', PROVIDER, { code: 1500 }, {}, 'code', [8000, 'large']],
    ['a code of 20,000, as Entra has been seen to issue', PROVIDER, { code: 20_000 }, {}, 'code', [8000, 'too large']],
    ['the same, redeemed in the callback', PROVIDER, { code: 20_000, accessToken: 800 }, { LECTERN_EXCHANGE: 'callback' }, 'code', [8000, 'large']],
    ['a token of 2,600', PROVIDER, { accessToken: 2600 }, {}, 'access token', [4000, 'fits']],
    ['a token of 4,500', PROVIDER, { accessToken: 4500 }, {}, 'access token', [7500, 'large']],
    ['a token of 6,000', PROVIDER, { accessToken: 6000 }, {}, 'access token', [7500, 'too large']],
    ['the same where proxies take more', PROVIDER, { accessToken: 6000 }, { LECTERN_MAX_TOKEN_LENGTH: '15000' }, 'access token', [15_000, 'large']],
    ['a refresh token of 30,000', PROVIDER, { refreshToken: 30_000 }, {}, 'refresh token', [32_768, 'too large']],
    ['declared sizes', { ...PROVIDER, signIn: { ...PROVIDER.signIn, sizes: { accessToken: 4500 } } as OAuthAccess['signIn'] }, {}, {}, 'access token', [7500, 'large']],
    ['scopes without end', PROVIDER, {}, { LECTERN_IDP_SCOPES: Array.from({ length: 60 }, (_, at) => `api://example/scope.${at}`).join(',') }, 'authorization URL', [8000, 'large']],
  ] // biome-ignore format: one row a line
  it.each(rows)('of %s', async (_, access, expected, env, what, judged) => {
    const row = (await plan(access, expected, env)).find((each) => each.what === what)!
    expect([row.limit, row.verdict]).toEqual(judged)
  })

  it('of credentials leave the provider out', async () => {
    const field = { title: 'Key', in: 'header' as const, name: 'x-key' }
    const signIn = { type: 'credentials' as const, fields: { shop: field, key: field }, proof: 'ping' }
    const planned = await plan({ type: 'oauth', signIn, organization: { from: 'field', name: 'shop' } })
    expect(planned.map(({ what, verdict }) => `${what} ${verdict}`)).toEqual([
      'client_id (one redirect URI) fits',
      'client_id (three) fits',
      'code fits',
      'access token fits',
      'refresh token fits',
    ])
  })
})
