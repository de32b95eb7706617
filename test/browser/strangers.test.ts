/** Other sites and other browsers, in a real Chromium: they can frame nothing, answer for nobody, and finish no one's sign-in. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Login, startLogin } from '../login.ts'
import { type Client, Person, redeem } from '../person.ts'
import { axe, launch } from './chromium.ts'
import { startShop } from './shop.ts'
import { type Site, startSite } from './site.ts'
import { allow, answerAt, expectProblem, newDesk, press, signIn, withWindow } from './window.ts'

let browser: Browser
let login: Login
let shop: Awaited<ReturnType<typeof startShop>>
let application: Site
/** Another site, and another origin of our own site, such as a page on a sibling's subdomain. */
let stranger: Site
let sibling: Site
let client: Client

beforeAll(async () => {
  browser = await launch()
  login = await startLogin({}, { host: 'localhost' })
  shop = await startShop()
  application = await startSite('127.0.0.1', 'Back at the application')
  stranger = await startSite('localhost', 'A stranger')
  sibling = await startSite('127.0.0.1', 'A sibling')
})
beforeEach(async () => {
  client = await newDesk(login.url, application)
  application.visits.length = 0
})
afterAll(async () => {
  await browser?.close()
  await login?.close()
  await shop?.close()
  for (const site of [application, stranger, sibling]) site?.close()
})

describe('another origin', () => {
  it.each(['stranger', 'sibling'])('frames no page: a %s', async (who) => {
    const site = who === 'stranger' ? stranger : sibling
    const pages = {
      consent: client.authorizeUrl,
      problem: client.authorizeUrl.replace(/client_id=[^&]*/, 'client_id='),
      credentials: (await newDesk(shop.url, application)).authorizeUrl,
      refusal: `${login.url}/callback?state=x`,
    }
    await withWindow(browser, {}, async (page) => {
      await page.goto(site.origin)
      await page.evaluate('document.body.append(document.createElement("iframe"))')
      const show = (url: string) => page.evaluate(`document.querySelector('iframe').src = '${url}'`)
      for (const [name, url] of Object.entries(pages)) {
        // That it could show something else is seen each time, else an empty frame would prove nothing.
        await show(`${site.origin}/?before=${name}`)
        await expect.poll(() => page.frames()[1]?.url()).toBe(`${site.origin}/?before=${name}`)
        await show(url)
        await expect
          .poll(() => page.frames()[1]?.url(), { message: name })
          .toBe('chrome-error://chromewebdata/')
      }
    })
  })

  /** Sends the form of a page that lies open beside it, with everything right but where it comes from. */
  async function sendFrom(site: Site, page: Page, asked: Page): Promise<void> {
    const transaction = await asked.locator('input[name=transaction]').inputValue()
    await page.goto(site.origin)
    const fields = { transaction, decision: 'approve' }
    await page.evaluate(`{
      const form = Object.assign(document.createElement('form'), { method: 'post', action: '${login.url}/consent' })
      for (const [name, value] of Object.entries(${JSON.stringify(fields)}))
        form.append(Object.assign(document.createElement('input'), { name, value }))
      document.body.append(form)
      form.submit()
    }`)
  }

  it.each(['stranger', 'sibling'])('answers for nobody: a %s', async (who) => {
    await withWindow(browser, {}, async (asked, context) => {
      await asked.goto(client.authorizeUrl)
      const page = await context.newPage()
      const answer = page.waitForResponse((response) => response.url() === `${login.url}/consent`)
      const before = login.identity.requests.length
      await sendFrom(who === 'stranger' ? stranger : sibling, page, asked)
      await expectProblem(page, 'This answer came from another site')
      expect((await answer).status()).toBe(403)
      expect(application.visits).toEqual([])
      expect(login.identity.requests.slice(before)).toEqual([])
      // The form itself was good: from its own page it goes on.
      await signIn(asked, application)
    })
  })
})

describe('another browser', () => {
  /** Somebody allows, and stands before the provider; `passed` finds an address on the way by how it begins. */
  async function walked(page: Page) {
    const urls: string[] = []
    page.on('request', (request) => urls.push(request.url()))
    await page.goto(client.authorizeUrl)
    await allow(page)
    return { passed: (start: string) => urls.find((url) => url.startsWith(start))! }
  }
  const upstreamOf = ({ passed }: Awaited<ReturnType<typeof walked>>) =>
    passed(`${login.identity.issuer}/authorize?`)

  it.each([
    ['that has been here before', true],
    ['that has never been here', false],
  ])('finishes nobody’s sign-in at the provider: one %s', async (_, been) => {
    await withWindow(browser, {}, async (attacker) => {
      const upstream = upstreamOf(await walked(attacker))
      await withWindow(browser, {}, async (victim) => {
        if (been) await victim.goto(client.authorizeUrl)
        await victim.goto(upstream)
        const answer = victim.waitForResponse((response) =>
          response.url().startsWith(`${login.url}/callback?`),
        )
        await press(victim, /Anna/)
        expect((await answer).status()).toBe(403)
        await victim.getByText('If you ask for help').waitFor()
        expect(await axe(victim)).toEqual([])
        expect(application.visits).toEqual([])
      })
    })
  })

  it('brings no code of somebody else to the application', async () => {
    await withWindow(browser, {}, async (attacker) => {
      const { passed } = await walked(attacker)
      await press(attacker, /Anna/)
      const { code } = await answerAt(attacker, application)
      application.visits.length = 0
      await withWindow(browser, {}, async (victim) => {
        await victim.goto(client.authorizeUrl)
        const answer = await victim.goto(passed(`${login.url}/callback?`))
        expect(answer?.status()).toBe(403)
        await expectProblem(victim, 'Another browser began this sign-in')
        expect(application.visits).toEqual([])
      })
      expect((await redeem(client, code!)).status).toBe(200)
    })
  })

  // A browser that lost its cookie has passed /consent with it: at /callback it is another one, and the page should say so.
  it('that has never been here is told that another one began', async () => {
    await withWindow(browser, {}, async (attacker) => {
      const upstream = upstreamOf(await walked(attacker))
      await withWindow(browser, {}, async (victim) => {
        await victim.goto(upstream)
        await press(victim, /Anna/)
        await victim.getByText('If you ask for help').waitFor()
        expect(await victim.title()).toBe('Another browser began this sign-in')
      })
    })
  })
})

describe('the form, of a browser that sends no Sec-Fetch headers', () => {
  const decide = async (origin: string | undefined) => {
    const person = new Person()
    const page = await person.request(client.authorizeUrl)
    const form = page.page.match(/name="transaction" value="([^"]*)"/)![1]!
    return person.request(`${login.url}/consent`, {
      method: 'POST',
      headers: origin === undefined ? {} : { origin },
      body: new URLSearchParams({ transaction: form, decision: 'approve' }),
    })
  }

  it.each([
    ['no Origin', () => undefined, 303],
    ['ours', () => login.url, 303],
    ['another', () => stranger.origin, 403],
    ['a sibling', () => sibling.origin, 403],
    ['one that begins like ours', () => `${login.url}.evil.example`, 403],
    // Older Safari sends it with our own form; the cookie and the transaction bound to it are what holds.
    ['null', () => 'null', 303],
  ])('with %s as Origin', async (_, origin, status) => {
    expect((await decide(origin())).response.status).toBe(status)
  })

  // `no-referrer` makes WebKit send `Origin: null`, and Safari before 16.4 sends no Sec-Fetch-Site that would tell.
})

describe('an address that is for forms', () => {
  // Enter in the address bar, after a refusal of credentials, asks for it by GET.
  it('shows a page to the person who opens it', async () => {
    await withWindow(browser, {}, async (page) => {
      const answer = await page.goto(`${login.url}/consent`)
      expect(answer?.status()).toBe(405)
      expect(answer?.headers()['content-type']).toMatch(/^text\/html/)
      expect(await axe(page)).toEqual([])
    })
  })
})
