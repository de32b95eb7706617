/** What the pages of a sign-in say and send: the words a person decides by, the form, the headers. */
import { describe, expect, it } from 'vitest'
import { type ConsentView, consentPage } from '../../src/pages/consent.ts'
import { html } from '../../src/pages/html.ts'
import { type ProblemView, problemPage } from '../../src/pages/problem.ts'
import { STYLE, STYLE_DIGEST } from '../../src/pages/style.ts'
import { hostName, line, quotable } from '../../src/pages/words.ts'

const PLAIN: ConsentView = {
  product: 'Flowtly',
  client: { name: 'Claude', kind: 'registered' },
  redirect: { kind: 'https', host: 'claude.ai' },
  reads: ['Invoices', 'Bank accounts'],
  signInAt: 'workspace.example',
  action: '/consent',
  transaction: 'eyJ0.e30.-_',
}
const PROBLEM: ProblemView = { status: 400, title: 'A title', message: 'A message.', reference: 'r-1' }
const FIELDS = [
  { name: 'shop', title: 'Shop number', secret: false, value: '4711' },
  { name: 'key', title: 'API key', help: 'Starts with k_.', secret: true, value: 'k_old' },
]

const consent = (changes: Partial<ConsentView> = {}) => consentPage({ ...PLAIN, ...changes }).text()
const problem = (changes: Partial<ProblemView> = {}) => problemPage({ ...PROBLEM, ...changes }).text()

/** The words of a page's body as they are read. */
function words(page: string): string {
  const text = page.slice(page.indexOf('<main>')).replace(/<[^>]*>/g, (tag) => (/^<\/?(bdi|strong)/.test(tag) ? '' : ' '))
  return text.replace(/&#39;/g, "'").replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&amp;/g, '&').replace(/\s+/g, ' ')
} // biome-ignore format: short steps

describe('the consent page', () => {
  const rows: [string, Partial<ConsentView>, string[], string[]][] = [
    ['names who asks, in quotes', {}, ['“Claude” asks to read Flowtly'], []],
    [
      'says that a name is missing',
      { client: { kind: 'registered' } },
      ['An application that does not give its name asks to read Flowtly'],
      ['“', 'chose its name'],
    ],
    ['shows where access goes', {}, ['Access goes to claude.ai', 'chose its name itself'], ['pose as']],
    ['lists what is read', {}, ['It will be able to read Invoices Bank accounts Nothing can be'], []],
    ['says so where nothing in particular is asked', { reads: [] }, ['read What you can see in Flowtly'], []],
    ['promises that nothing changes', {}, ['Nothing can be written, changed or deleted'], []],
    ['says where signing in is next', {}, ['you sign in to Flowtly next, at workspace.example.'], []],
    ['says how to end it', {}, ['To end it later, remove Flowtly from the application.'], []],
    [
      'warns of a program on this computer',
      { redirect: { kind: 'loopback', host: 'localhost:3118' } },
      ['a program on this computer localhost:3118', 'Any program on this computer could pose as this one.'],
      ['Published', 'chose its name'],
    ],
    [
      'warns of an app on this device',
      { redirect: { kind: 'app', host: 'cursor://anysphere.cursor-mcp' } },
      ['an app on this device cursor://anysphere.cursor-mcp', 'Another app on this device could pose'],
      ['Published', 'chose its name'],
    ],
    [
      'warns of a registration that could not be read',
      { client: { kind: 'unknown' }, redirect: { kind: 'loopback', host: '127.0.0.1:1' } },
      ['does not give its name', 'registration could not be read', 'Any program on this computer'],
      [],
    ],
    [
      'says who published the document',
      { client: { name: 'Claude', kind: 'document', documentHost: 'claude.ai' } },
      ['claude.ai Published by claude.ai'],
      ['chose its name'],
    ],
    [
      'says nothing of a document on another host',
      { client: { name: 'Claude', kind: 'document', documentHost: 'other.example' } },
      ['chose its name itself'],
      ['Published', 'other.example'],
    ],
    [
      'says nothing of a document where access goes to this computer',
      {
        client: { name: 'Claude', kind: 'document', documentHost: 'localhost' },
        redirect: { kind: 'loopback', host: 'localhost' },
      },
      ['Any program on this computer'],
      ['Published'],
    ],
    ['does not offer to remember by itself', {}, [], ['Do not ask again']],
    ['offers to remember', { rememberDays: 30 }, ['Do not ask again in this browser for 30 days'], []],
    ['counts one day as one', { rememberDays: 1 }, ['for one day'], []],
    [
      'asks for credentials',
      { credentials: { help: 'See Settings.', fields: FIELDS } },
      [
        'Your Flowtly access See Settings. Shop number API key Starts with k_.',
        'withdraw the key in Flowtly.',
      ],
      ['k_old'],
    ],
  ]
  it.each(rows)('%s', async (_, changes, said, unsaid) => {
    const text = words(await consent(changes))
    for (const part of said) expect(text).toContain(part)
    for (const part of unsaid) expect(text).not.toContain(part)
  })

  it('posts the transaction as it was given, and a decision', async () => {
    const page = await consent({ rememberDays: 7 })
    expect(page).toContain('<form method="post" action="/consent"')
    expect(page).toContain('<input type="hidden" name="transaction" value="eyJ0.e30.-_">')
    expect(page).toContain('<input type="checkbox" name="remember" value="yes">')
    const buttons = [...page.matchAll(/<button type="submit" name="decision" value="(\w+)"([^>]*)>/g)]
    expect(buttons.map(([, value]) => value)).toEqual(['approve', 'deny'])
    expect(buttons[1]?.[2]).toContain('formnovalidate')
  })

  it('fills in again what is no secret, and ties each field to its help and fault', async () => {
    const page = await consent({ credentials: { fields: FIELDS, fault: 'Not accepted.' } })
    const [shop, key] = [...page.matchAll(/<input id="field-\d"[^>]*>/g)].map(([tag]) => tag)
    expect(page).toContain('<p class="fault" id="fault" role="alert">Not accepted.</p>')
    expect(page).toContain('<title>Not accepted: connect to Flowtly</title>')
    expect(shop).toMatch(/name="field_shop" type="text" required value="4711" aria-describedby="fault"/)
    expect(key).toMatch(/name="field_key" type="password" required aria-describedby="help-1 fault"/)
    for (const tag of [shop, key]) expect(tag).toMatch(/aria-invalid="true" autocomplete="off"/)
    expect(page).not.toContain('k_old')
  })
})

describe('the page of a problem', () => {
  it('says what is wrong, what to do, and what to tell', async () => {
    const page = problemPage({ ...PROBLEM, status: 403, hints: ['Try again.', 'Ask.'] })
    expect(page.status).toBe(403)
    expect(words(await page.text())).toContain(
      'A title A message. What you can do Try again. Ask. If you ask for help, give this reference: r-1',
    )
  })

  it('leaves out what it has not', async () =>
    expect(words(await problem())).not.toContain('What you can do'))

  it.each([
    ['https://claude.ai/a?b=c&d', 'https://claude.ai/a?b=c&amp;d'],
    ['http://localhost:3118/callback', 'http://localhost:3118/callback'],
    ['cursor://anysphere.cursor-mcp/oauth/callback', 'cursor://anysphere.cursor-mcp/oauth/callback'],
    ['https://claude.ai/"><script>', 'https://claude.ai/%22%3E%3Cscript%3E'],
    ['javascript:alert(1)', undefined],
    [' JaVa\nscript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['vbscript:x', undefined],
    ['file:///etc/passwd', undefined],
    ['blob:https://claude.ai/1', undefined],
    ['filesystem:https://claude.ai/1', undefined],
    ['intent://x#Intent;end', undefined],
    ['ms-msdt:/id', undefined],
    ['about:blank', undefined],
    ['https://claude.ai@evil.example/', undefined],
    ['/relative', undefined],
    ['', undefined],
    [`https://claude.ai/${'a'.repeat(2048)}`, undefined],
  ])('%j leads back as %j', async (url, expected) => {
    const page = await problem({ back: { label: 'Back', url } })
    expect(/<a class="button" href="([^"]*)">Back<\/a>/.exec(page)?.[1]).toBe(expected)
    if (expected === undefined) expect(page).not.toContain('<a ')
  })
})

describe.each([
  ['consent', () => consentPage(PLAIN)],
  ['problem', () => problemPage(PROBLEM)],
] as const)('every page (%s)', (_, make) => {
  it('keeps itself to itself', () => {
    const headers = Object.fromEntries(make().headers)
    expect(headers).toEqual({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src '${STYLE_DIGEST}'; base-uri 'none'; frame-ancestors 'none'`,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
      'x-robots-tag': 'noindex',
    })
  })

  it('has one stylesheet, of the digest that its policy admits', async () => {
    const styles = [...(await make().text()).matchAll(/<style>([\s\S]*?)<\/style>/g)].map(
      ([, style]) => style,
    )
    expect(styles).toEqual([STYLE.toString()])
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(styles[0]))
    expect(STYLE_DIGEST).toBe(`sha256-${Buffer.from(digest).toString('base64')}`)
  })

  it('is one document with one main part and one heading, and neither scripts nor styles of its own', async () => {
    const page = await make().text()
    for (const tag of ['<html lang="en">', '<title>', '<main>', '<h1>'])
      expect(page.split(tag)).toHaveLength(2)
    expect(page).not.toMatch(/<(script|img|iframe|link|object|svg)\b|\s(style|on\w+)=/)
  })
})

describe('html', () => {
  it('escapes what is interpolated, and nothing twice', () => {
    const nested = html`<b title="${`"'`}">${'<i>&'}</b>`
    expect(html`${nested}${[nested]}${undefined}${false}${0}${''}`.toString()).toBe(
      `${'<b title="&quot;&#39;">&lt;i&gt;&amp;</b>'.repeat(2)}0`,
    )
  })

  it('leaves out what nobody sees', () => {
    expect(html`${'a\u0000\u001b\u00ad\u200b\u202e\u2066\u{e0041}b\ud800c'}`.toString()).toBe('ab\ufffdc')
  })
})

describe('foreign words', () => {
  it.each([
    ['of several lines are one', line('a\r\n\tb  c', 9), 'a b c'],
    ['are cut', line('a'.repeat(10_000), 80), `${'a'.repeat(80)}…`],
    ['pile no marks', line(`Z${'\u0335'.repeat(500)}a`, 80).length, 4 + 1],
    ['keep their marks', line('Zażółć ไม่มี שָׁלוֹם', 80), 'Zażółć ไม่มี שָׁלוֹם'.normalize('NFC')],
    ['close no quotes', quotable('A” \u201fasks« "B"'), "A' 'asks' 'B'"],
    ['that cannot be seen are none', quotable('\u202e\u200b \u3164'), undefined],
    ['of no length are none', quotable(''), undefined],
    ['as a host are whole', hostName('claude.ai:8443'), 'claude.ai:8443'],
    ['as a long host keep their end', hostName(`claude.ai.${'a'.repeat(200)}.evil.example`).slice(-16), 'aaa.evil.example'],
    ['as a long host are marked', hostName('a'.repeat(121)), `…${'a'.repeat(120)}`],
  ])('%s', (_, actual, expected) => expect(actual).toBe(expected)) // biome-ignore format: a row a line
})
