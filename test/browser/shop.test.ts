/** Signing in with a key, in a real Chromium: the page takes it, one GET proves it, and nobody shows it again. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Client, redeem } from '../person.ts'
import { axe, launch } from './chromium.ts'
import { SHOP, startShop } from './shop.ts'
import { type Site, startSite } from './site.ts'
import { answerAt, LOOKS, newDesk, press, withWindow } from './window.ts'

let browser: Browser
let shop: Awaited<ReturnType<typeof startShop>>
let application: Site
let client: Client

beforeAll(async () => {
  browser = await launch()
  shop = await startShop()
  application = await startSite('127.0.0.1', 'Back at the application')
})
beforeEach(async () => {
  shop.upstream.isDown = false
  client = await newDesk(shop.url, application)
})
afterAll(async () => {
  await browser?.close()
  await shop?.close()
  application?.close()
})

async function enter(page: Page, number: string, key: string): Promise<void> {
  await page.getByLabel('Shop number').fill(number)
  await page.getByLabel('API key').fill(key)
  await press(page, 'Allow reading')
}

/** What stands in the two fields, and what the page says is wrong, within sight. */
async function refused(page: Page) {
  const alert = page.getByRole('alert')
  await alert.waitFor()
  const { y, height } = (await alert.boundingBox())!
  expect(y).toBeGreaterThanOrEqual(0)
  expect(y + height).toBeLessThanOrEqual(page.viewportSize()!.height)
  const [number, key] = [page.getByLabel('Shop number'), page.getByLabel('API key')]
  return { fault: await alert.innerText(), number: await number.inputValue(), key: await key.inputValue() }
}

describe.each(LOOKS)('on %s', (_, options) => {
  it('a wrong key is told beside the field, and a right one ends at the application', async () => {
    await withWindow(browser, options, async (page) => {
      const told: string[] = []
      page.on('request', (request) => told.push(request.url(), request.headers().referer ?? ''))
      await page.goto(client.authorizeUrl)
      expect(await page.title()).toBe('Connect to Kash')
      expect(await axe(page)).toEqual([])
      await enter(page, SHOP.number, 'ks_wrong')
      expect(await refused(page)).toEqual({
        fault: 'Kash does not accept this. Check what you entered.',
        number: SHOP.number,
        key: '',
      })
      expect(await page.title()).toBe('Not accepted: connect to Kash')
      expect(await page.evaluate('document.activeElement.name')).toBe('field_key')
      expect(await page.content()).not.toContain('ks_wrong')
      expect(await axe(page)).toEqual([])
      await page.keyboard.type(SHOP.key)
      await press(page, 'Allow reading')
      const answer = await answerAt(page, application)
      expect(answer).toEqual({ code: expect.any(String), state: client.state, iss: client.issuer })
      for (const key of ['ks_wrong', SHOP.key]) expect(told.join()).not.toContain(key)
      await expectReceipts(answer.code!)
    })
  })
})

/** The code opens the shop's receipts, once. */
async function expectReceipts(code: string): Promise<void> {
  const { status, body } = await redeem(client, code)
  expect(status).toBe(200)
  const reply = await fetch(`${shop.url}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${body.access_token}`, 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"receipts.list"}}',
  })
  expect(await reply.text()).toContain('12.50')
  expect((await redeem(client, code)).body.error).toBe('invalid_grant')
}

describe('the person', () => {
  it('is told where the shop cannot be asked, and may try again', async () => {
    await withWindow(browser, {}, async (page) => {
      await page.goto(client.authorizeUrl)
      shop.upstream.isDown = true
      await enter(page, SHOP.number, SHOP.key)
      const fault = 'Kash could not be asked just now. Try again in a minute.'
      expect(await refused(page)).toEqual({ fault, number: SHOP.number, key: '' })
      shop.upstream.isDown = false
      await page.getByLabel('API key').fill(SHOP.key)
      await page.keyboard.press('Enter')
      expect(await answerAt(page, application)).toHaveProperty('code')
    })
  })

  it.each([
    ['two words', 'ks_one two', 'API key is missing, or is not one word of plain characters.'],
    ['other letters', 'ks_żółw', 'API key is missing, or is not one word of plain characters.'],
  ])('is told of a key that none can be: %s', async (_, key, fault) => {
    await withWindow(browser, {}, async (page) => {
      await page.goto(client.authorizeUrl)
      await enter(page, SHOP.number, key)
      expect(await refused(page)).toEqual({ fault, number: SHOP.number, key: '' })
    })
  })

  it('needs no JavaScript, and no space before or after what was pasted hurts', async () => {
    await withWindow(browser, { javaScriptEnabled: false }, async (page) => {
      await page.goto(client.authorizeUrl)
      await enter(page, ` ${SHOP.number} `, `${SHOP.key} `)
      expect(await answerAt(page, application)).toHaveProperty('code')
    })
  })

  it('may decline with nothing entered, and go back to a page that asks again, empty', async () => {
    await withWindow(browser, {}, async (page) => {
      await page.goto(client.authorizeUrl)
      await press(page, 'Cancel')
      const { error_description: _, ...rest } = await answerAt(page, application)
      expect(rest).toEqual({ error: 'access_denied', state: client.state, iss: client.issuer })
      await page.goBack()
      await enter(page, SHOP.number, SHOP.key)
      await answerAt(page, application)
      await page.goBack()
      expect(await page.getByLabel('API key').inputValue()).toBe('')
    })
  })

  it('who reloads a refusal sees it again', async () => {
    await withWindow(browser, {}, async (page) => {
      await page.goto(client.authorizeUrl)
      await enter(page, SHOP.number, 'ks_wrong')
      await refused(page)
      await page.reload()
      expect(await refused(page)).toMatchObject({ number: SHOP.number, key: '' })
    })
  })

  it('is never offered to be remembered, whatever the settings say', async () => {
    const remembering = await startShop({ LECTERN_CONSENT_MEMORY: '86400' })
    try {
      await withWindow(browser, {}, async (page) => {
        await page.goto((await newDesk(remembering.url, application)).authorizeUrl)
        await page.getByLabel('API key').waitFor()
        expect(await page.getByRole('checkbox').count()).toBe(0)
      })
    } finally {
      await remembering.close()
    }
  })
})
