/** Remembered consents in a real Chromium: for the person who opens the same again, and for no page that sends them here. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Login, startLogin } from '../login.ts'
import { newClient, register } from '../person.ts'
import { axe, launch } from './chromium.ts'
import { type Site, startSite } from './site.ts'
import { allow, LOOKS, press, signIn, withWindow } from './window.ts'

let browser: Browser
let login: Login
let application: Site
let stranger: Site
let clientId: string

beforeAll(async () => {
  browser = await launch()
  login = await startLogin({ LECTERN_CONSENT_MEMORY: '2592000' }, { host: 'localhost' })
  application = await startSite('127.0.0.1', 'Back at the application')
  stranger = await startSite('localhost', 'A stranger')
  const redirects = ['/callback', '/other'].map((path) => `${application.origin}${path}`)
  ;({ client_id: clientId } = await register(login.url, {
    redirect_uris: [...redirects, `${stranger.origin}/callback`],
    client_name: 'Desk',
  }))
})
afterAll(async () => {
  await browser?.close()
  await login?.close()
  for (const site of [application, stranger]) site?.close()
})

/** The address of a new request of the one client. */
async function request({ redirect = `${application.origin}/callback`, scope = 'invoices:read' } = {}) {
  return (await newClient({ issuer: login.url, clientId, redirect, scope })).authorizeUrl
}

/** In a window where the person has ticked the box and signed in once. */
async function afterRemembering(use: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
  await withWindow(browser, {}, async (page, context) => {
    await page.goto(await request())
    await page.getByLabel('Do not ask again in this browser for 30 days').check()
    await signIn(page, application)
    await use(page, context)
  })
}

/** `asked`: our page; `skipped`: the provider’s. */
async function shown(page: Page): Promise<'asked' | 'skipped'> {
  await page.getByRole('heading', { level: 1, name: /asks to read Flowtly|Who is signing in/ }).waitFor()
  return page.url().startsWith(login.url) ? 'asked' : 'skipped'
}

describe('a consent', () => {
  it.each(LOOKS)('offers to be remembered, and axe finds nothing: on %s', async (_, options) => {
    await withWindow(browser, options, async (page) => {
      await page.goto(await request())
      await page.getByLabel('Do not ask again').waitFor()
      expect(await axe(page)).toEqual([])
    })
  })

  it('is remembered where the same is opened again, until the cookie is gone', async () => {
    await afterRemembering(async (page, context) => {
      await page.goto(await request())
      expect(await shown(page)).toBe('skipped')
      const cookies = await context.cookies(login.url)
      const cookie = cookies.find(({ name }) => name.endsWith('memory'))
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
      expect(cookie!.expires - Date.now() / 1000).toBeCloseTo(2_592_000, -2)
      await context.clearCookies({ name: cookie!.name })
      await page.goto(await request())
      expect(await shown(page)).toBe('asked')
    })
  })

  it('is remembered on another port of the same program, as its next start has one', async () => {
    await afterRemembering(async (page) => {
      await page.goto(await request({ redirect: 'http://127.0.0.1:4/callback' }))
      expect(await shown(page)).toBe('skipped')
    })
  })

  it.each([
    ['another scope', () => ({ scope: 'banking:read' })],
    ['one scope more', () => ({ scope: 'invoices:read banking:read' })],
    ['another way back', () => ({ redirect: `${application.origin}/other` })],
    ['another name of this computer', () => ({ redirect: `${stranger.origin}/callback` })],
  ])('is asked anew for %s', async (_, changed: () => { scope?: string; redirect?: string }) => {
    await afterRemembering(async (page) => {
      await page.goto(await request(changed()))
      expect(await shown(page)).toBe('asked')
    })
  })

  it('is asked in another browser, and again where the box was left empty or the person declined', async () => {
    await afterRemembering(() =>
      withWindow(browser, {}, async (page) => {
        await page.goto(await request())
        expect(await shown(page)).toBe('asked')
        await allow(page)
        await page.goto(await request())
        expect(await shown(page)).toBe('asked')
        await page.getByLabel('Do not ask again').check()
        await press(page, 'Cancel')
        await page.waitForURL((url) => url.origin === application.origin)
        await page.goto(await request())
        expect(await shown(page)).toBe('asked')
      }),
    )
  })
})

describe('another site', () => {
  it.each([
    ['a link', (url: string) => `document.body.innerHTML = '<a href="${url}">go</a>'; document.querySelector('a').click()`],
    ['a script', (url: string) => `location.href = '${url}'`],
    ['a form', (url: string) => `document.body.innerHTML = '<form action="${new URL(url).origin}/authorize">${inputs(url)}</form>'; document.forms[0].submit()`],
    ['a refresh', (url: string) => `document.head.innerHTML = '<meta http-equiv="refresh" content="0;url=${url}">'`],
  ])('cannot use what is remembered: by %s', async (_, lead) => {
    await afterRemembering(async (page) => {
      const url = await request()
      await page.goto(stranger.origin)
      await page.evaluate(lead(url))
      await page.waitForURL((at) => at.origin !== stranger.origin)
      expect(await shown(page)).toBe('asked')
    })
  }) // biome-ignore format: a row a line

  it('nor in a window that it opens', async () => {
    await afterRemembering(async (page) => {
      const url = await request()
      await page.goto(stranger.origin)
      const [popup] = await Promise.all([
        page.waitForEvent('popup'),
        page.evaluate(`void window.open('${url}')`),
      ])
      expect(await shown(popup)).toBe('asked')
    })
  })

  // A program that opens the browser at a foreign address, which redirects here: Chromium sends `Sec-Fetch-Site: none`.
  // The browser calls that the person's own navigation. Whoever redirects would have to know the id of this very client.
  it('but by a redirect from an address that the person opened it can', async () => {
    await afterRemembering(async (page) => {
      await page.goto(`${stranger.origin}/bounce?to=${encodeURIComponent(await request())}`)
      expect(await shown(page)).toBe('skipped')
    })
  })
})

function inputs(url: string): string {
  return [...new URL(url).searchParams]
    .map(([name, value]) => `<input name="${name}" value="${value}">`)
    .join('')
}
