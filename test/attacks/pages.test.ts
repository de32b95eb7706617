/** Rows 6, 8 and 24: a page is in no frame, runs nothing that a client wrote, and lets no client pose as another. */
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { newClient, Person, register, type Step } from '../person.ts'
import { attack } from './attack.ts'
import { openReadingStage } from './documents.ts'
import { asks, expectPage, expectUnframed, withParameters } from './pages.ts'
import { serveWith } from './ports.ts'
import { openStage, type Stage, settingsFor } from './stage.ts'

const REDIRECT = 'https://desk.example/cb'

attack(6, () => {
  it('consent and every page of an error say so in their headers', async () => {
    const { issuer } = await openStage()
    const person = new Person()
    const { authorizeUrl } = await newClient({ issuer, redirect: REDIRECT })
    const consent = await person.request(authorizeUrl)
    const upstream = await person.submit(consent, { decision: 'approve' })
    const back = (await person.request(upstream.response.headers.get('location')!)).response.headers.get(
      'location',
    )!
    const post = (body: Record<string, string>, headers: Record<string, string> = {}) =>
      person.request(`${issuer}/consent`, { method: 'POST', headers, body: new URLSearchParams(body) })
    const pages: [number, Step][] = [
      [200, consent],
      [400, await person.request(`${issuer}/authorize`)],
      [400, await person.request(withParameters(authorizeUrl, { client_id: 'nobody' }))],
      [400, await person.request(withParameters(authorizeUrl, { redirect_uri: 'https://evil.example/' }))],
      [400, await person.request(`${authorizeUrl}&scope=a&scope=b`)],
      [400, await person.request(`${issuer}/callback?state=x&code=y`)],
      [400, await person.request(`${issuer}/callback`)],
      [403, await new Person().request(back)],
      [400, await post({ transaction: 'x', decision: 'approve' }, { 'sec-fetch-site': 'same-origin' })],
      [403, await post({ transaction: 'x', decision: 'approve' }, { 'sec-fetch-site': 'cross-site' })],
      [403, await new Person().submit(consent, { decision: 'approve' })],
    ]
    for (const [status, page] of pages) {
      expectPage(page, status)
      expect(page.page).not.toMatch(/http-equiv/i)
    }
  })

  it('so do the pages that HEAD asks for, and nothing else that is HTML lacks them', async () => {
    const { issuer } = await openStage()
    const { authorizeUrl } = await newClient({ issuer })
    for (const path of [authorizeUrl, `${issuer}/callback`])
      expectUnframed((await new Person().request(path, { method: 'HEAD' })).response)
    for (const path of ['/', '/mcp', '/token', '/register', '/revoke', '/nothing', '/health']) {
      const { headers } = await fetch(`${issuer}${path}`)
      expect(headers.get('content-type'), path).toMatch(/^application\/json/)
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    }
  })
})

/** What of a page a client could not change: its tags and the names of their attributes, in order. */
function skeleton(page: string): string {
  const tags = page.replace(/<style>[\s\S]*?<\/style>/, '').match(/<[^>]*>/g) ?? []
  return tags.map((tag) => tag.replace(/="[^"]*"/g, '=""')).join('')
}

/** The characters of the page's text, as a browser would show it. */
const textOf = (page: string): string => page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<[^>]*>/g, ' ')

const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u

attack(8, () => {
  let stage: Stage
  let named: string
  let unnamed: string
  beforeAll(async () => {
    stage = await openStage({ env: { LECTERN_REGISTRATION_RATE: '100000' } })
    named = skeleton((await shown({ client_name: 'Desk' })).page)
    unnamed = skeleton((await shown({})).page)
  })

  async function shown(metadata: object, more: Record<string, string> = {}): Promise<Step> {
    const { client_id: clientId } = await register(stage.issuer, { redirect_uris: [REDIRECT], ...metadata })
    const { authorizeUrl } = await newClient({ issuer: stage.issuer, redirect: REDIRECT, clientId })
    return new Person().request(withParameters(authorizeUrl, more))
  }

  function expectInert(step: Step): void {
    expectPage(step, 200)
    expect([named, unnamed]).toContain(skeleton(step.page))
    expect(step.page).not.toMatch(/<(script|img|iframe|object|embed|svg|link|base|a|video|audio)\b/i)
    expect(textOf(step.page)).not.toMatch(INVISIBLE)
    const policy = step.response.headers.get('content-security-policy')!
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; frame-ancestors 'none'$/,
    )
  }

  const PAYLOADS = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</title><script>alert(1)</script>',
    '<a href="javascript:alert(1)">Desk</a>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '&#60;script&#62;',
    '\u202eksed\u202c',
    'Claude\u200b\u2060\u0007\u001b[31m',
    'a\r\nb\tc\u2028d',
    '{{7*7}}<%= 7 %>#{7*7}',
    '\ud800<b>',
    '\u{e0041}\u{e0042}',
  ] // biome-ignore format: a payload a line

  it.each(PAYLOADS)('%j is text wherever a client writes it', async (payload) => {
    const metadata = {
      client_name: payload,
      client_uri: payload,
      logo_uri: payload,
      policy_uri: payload,
      tos_uri: payload,
    }
    expectInert(await shown(metadata, { state: payload }))
  })

  it('any words are text', async () => {
    const piece = fc.oneof(fc.constantFrom(...PAYLOADS), fc.string({ unit: 'binary', maxLength: 40 }))
    const words = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''))
    const property = fc.asyncProperty(words, words, async (name, other) => {
      const metadata = { client_name: name, client_uri: other, logo_uri: other }
      expectInert(await shown(metadata, { state: other.slice(0, 300) }))
    })
    await fc.assert(property, { numRuns: 80, seed: 20_261_120 })
  })

  it('a long name is cut, and one of 10 KB is not even registered', async () => {
    const long = 'Desk '.repeat(1400)
    const { page } = await shown({ client_name: long })
    expect(/<bdi>([^<]*)<\/bdi>”/.exec(page)![1]!.length).toBeLessThanOrEqual(80)
    const body = JSON.stringify({ redirect_uris: [REDIRECT], client_name: 'x'.repeat(10_240) })
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${stage.issuer}/register`, { method: 'POST', headers, body })).status).toBe(413)
  })

  it('the words of the provider stay where they are, and the client’s state comes back encoded', async () => {
    const payload = '"><script>alert(1)</script>\r\nset-cookie: a=b'
    const person = new Person()
    const { authorizeUrl } = await newClient({ issuer: stage.issuer, redirect: REDIRECT })
    const upstream = await person.submit(
      await person.request(withParameters(authorizeUrl, { state: payload })),
      {
        decision: 'approve',
      },
    )
    const state = new URL(upstream.response.headers.get('location')!).searchParams.get('state')!
    const { issuer: iss } = stage.provider
    const error = {
      error: 'access_denied',
      error_description: payload,
      error_uri: 'javascript:alert(1)',
      state,
      iss,
    }
    const { response, page } = await person.request(`${stage.issuer}/callback?${new URLSearchParams(error)}`)
    const location = response.headers.get('location')!
    expect(location).toMatch(/^https:\/\/desk\.example\/cb\?[\w.~%&=+*-]+$/)
    expect(new URL(location).searchParams.get('state')).toBe(payload)
    expect(new URL(location).searchParams.get('error_description')).not.toMatch(/script|set-cookie/)
    expect([page, response.headers.getSetCookie()]).toEqual(['', []])
  })

  it('what is wrong with an address is shown as text, without a link', async () => {
    const { authorizeUrl } = await newClient({ issuer: stage.issuer, redirect: REDIRECT })
    const tags = skeleton(
      (await new Person().request(withParameters(authorizeUrl, { redirect_uri: 'https://a/' }))).page,
    )
    for (const payload of PAYLOADS)
      for (const changed of [
        { redirect_uri: `https://evil.example/${payload}` },
        { redirect_uri: payload },
      ]) {
        const step = await new Person().request(withParameters(authorizeUrl, changed))
        expectPage(step, 400)
        expect(skeleton(step.page)).toBe(tags)
        expect(textOf(step.page)).not.toMatch(INVISIBLE)
      }
  })
})

attack(24, () => {
  const claudeCode = (client_id: string) => ({
    client_id,
    client_name: 'Claude Code',
    redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
    token_endpoint_auth_method: 'none',
  })
  const WARNING = 'Any program on this computer could pose as this one.'

  it('a document’s client on loopback is shown with its address, a warning, and no word of who published it', async () => {
    const { issuer, publisher } = await openReadingStage()
    const clientId = publisher.publish('/claude.json', claudeCode)
    for (const redirect of ['http://localhost:3118/callback', 'http://127.0.0.1:50123/callback']) {
      const { authorizeUrl } = await newClient({ issuer, clientId, redirect })
      const step = await new Person().request(authorizeUrl)
      expectPage(step, 200)
      expect(step.page).toContain(`<p class="host"><bdi>${new URL(redirect).host}</bdi></p>`)
      expect(step.page).toContain(WARNING)
      expect(step.page).toContain('Claude Code')
      expect(step.page).not.toMatch(/published by|class="verified"/i)
    }
  })

  it('an app’s own scheme is warned of too', async () => {
    const { issuer } = await openStage()
    const { authorizeUrl } = await newClient({
      issuer,
      redirect: 'cursor://anysphere.cursor-mcp/oauth/callback',
    })
    const { page } = await new Person().request(authorizeUrl)
    expect(page).toContain('Another app on this device could pose as this one.')
    expect(page).not.toMatch(/published by|class="verified"/i)
  })

  it('who published it is told only where the answer goes to that very origin', async () => {
    const { provider, sandbox } = await openStage()
    const document = { client_name: 'Desk', token_endpoint_auth_method: 'none' }
    const redirects = [
      'https://desk.example/cb',
      'https://desk.example.evil.example/cb',
      'https://www.desk.example/cb',
      'https://evil.example/desk.example',
      'http://localhost/cb',
    ]
    const published = (client_id: string) => ({ ...document, client_id, redirect_uris: redirects })
    const env = settingsFor(provider, sandbox.url)
    const { url: issuer } = await serveWith(env, async (url) => ({
      status: 200,
      header: (name) => (name === 'content-type' ? 'application/json' : undefined),
      body: new TextEncoder().encode(JSON.stringify(published(url.href))),
    }))
    const clientId = 'https://desk.example/client.json'
    const verified = async (redirect: string) => {
      const { authorizeUrl } = await newClient({ issuer, clientId, redirect })
      const step = await new Person().request(authorizeUrl)
      expect(asks(step)).toBe(true)
      return /Published by <bdi>([^<]*)</.exec(step.page)?.[1]
    }
    expect(await verified('https://desk.example/cb')).toBe('desk.example')
    for (const redirect of redirects.slice(1))
      expect(await verified(redirect.replace('localhost', 'localhost:3118')), redirect).toBeUndefined()
  })
})
