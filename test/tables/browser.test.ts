/** Which cookies of a request are our own: a sibling's must not pass for one that only we can set (`__Host-`). */
import { describe, expect, it } from 'vitest'
import { bindBrowser, checkBrowser, readCookies } from '../../src/oauth/browser.ts'
import { digest } from '../../src/sealing/random.ts'

const VALUE = 'v'.repeat(43)

function asked(cookie: string): Request {
  return new Request('https://mcp.example.com/authorize', { headers: { cookie } })
}

describe('a cookie', () => {
  it('of ours binds the browser, and is not set again', async () => {
    const request = asked(`a=b; __Host-lectern-abc123=${VALUE}`)
    expect(await bindBrowser(request, true)).toEqual({ browser: await digest(VALUE), cookie: undefined })
    expect(await checkBrowser(request, true, await digest(VALUE))).toBe('kept')
  })

  // Browsers hold a name to its prefix as it is written; white space before it, set with `Domain=`, is another name to them.
  it.each(['\u00a0', '\u000b', '\u000c', '\u0085'])('behind %j is a sibling’s', async (space) => {
    const request = asked(`a=b; ${space}__Host-lectern-abc123=${VALUE}`)
    expect(await checkBrowser(request, true, await digest(VALUE))).toBe('none')
    expect((await bindBrowser(request, true)).cookie).toMatch(/^__Host-lectern-/)
    expect([...readCookies(request).keys()]).not.toContain('__Host-lectern-abc123')
  })

  it.each(['\u2000', '\u3000', '\ufeff'])(
    'behind %j is a sibling’s, where headers hold more than bytes',
    async (space) => {
      const headers = { get: () => `${space}__Host-lectern-abc123=${VALUE}` }
      expect(await checkBrowser({ headers } as unknown as Request, true, await digest(VALUE))).toBe('none')
    },
  )

  it('is looked for among the first twenty, whoever sets a thousand', async () => {
    const many = Array.from(
      { length: 1000 },
      (_, at) => `__Host-lectern-${String(at).padStart(6, '0')}=${VALUE}`,
    )
    expect(await checkBrowser(asked(many.join('; ')), true, await digest('w'.repeat(43)))).toBe('other')
  })
})
