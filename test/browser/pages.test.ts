/** The pages in a real Chromium: anybody can use them, on anything, and no other site can use them for itself. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axe, launch } from './chromium.ts'
import { CONSENTS, PROBLEMS, pageOf } from './views.ts'

const NAMES = [...Object.keys(CONSENTS), ...Object.keys(PROBLEMS)]

let browser: Browser
let port: number
const posts: { form: Record<string, string>; headers: IncomingMessage['headers'] }[] = []
const server = createServer((request, response) => void answer(request, response))

/** The page of a view, the POST of its form, and what another origin does: it is `localhost`, the pages 127.0.0.1. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url!.slice(1)
  if (request.method === 'POST') {
    posts.push({
      form: Object.fromEntries(new URLSearchParams(await text(request))),
      headers: request.headers,
    })
    response.writeHead(303, { location: `http://localhost:${port}/hop` }).end()
  } else if (path === 'hop') response.writeHead(303, { location: `http://127.0.0.1:${port}/landed` }).end()
  else if (path in OTHERS) response.setHeader('content-type', 'text/html').end(OTHERS[path])
  else {
    const page = pageOf(path)
    response.writeHead(page?.status ?? 404, Object.fromEntries(page?.headers ?? []))
    response.end(await page?.text())
  }
}

const OTHERS: Record<string, string> = {
  landed: '<title>landed</title>',
  framing: '<title>framing</title><iframe></iframe>',
}

const at = (name: string, host = '127.0.0.1') => `http://${host}:${port}/${name}`

/** A page of its own context, gone after `use`. */
async function withPage<T>(options: BrowserContextOptions, use: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext(options)
  try {
    return await use(await context.newPage())
  } finally {
    await context.close()
  }
}

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  server.close()
})

const LOOKS: [string, BrowserContextOptions][] = [
  ['a desktop in light', { colorScheme: 'light', viewport: { width: 1280, height: 800 } }],
  ['a desktop in dark', { colorScheme: 'dark', viewport: { width: 1280, height: 800 } }],
  ['a phone in light', { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
  ['a phone in dark', { colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
  ['forced colors', { forcedColors: 'active', viewport: { width: 1280, height: 800 } }],
] // biome-ignore format: a row a line

describe.each(LOOKS)('on %s', (_, options) => {
  it.each(NAMES)('axe finds nothing wrong with %s', async (name) => {
    const found = await withPage(options, async (page) => {
      await page.goto(at(name))
      return axe(page)
    })
    expect(found).toEqual([])
  })
})

describe('axe', () => {
  it('would find it', async () => {
    const found = await withPage({}, async (page) => {
      await page.setContent('<img src="x"><p style="color: #999">pale</p>')
      return axe(page)
    })
    expect(found.join()).toMatch(/color-contrast.*image-alt/)
  })
})

describe('a page', () => {
  it.each(NAMES)('%s fits 320 pixels, with targets for a thumb', async (name) => {
    await withPage({ viewport: { width: 320, height: 640 } }, async (page) => {
      await page.goto(at(name))
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
      const targets = page.locator('button, a, input:not([type=hidden]):not([type=checkbox]), .check')
      for (const target of await targets.all())
        expect((await target.boundingBox())!.height).toBeGreaterThan(44)
    })
  })

  it.each(NAMES)('%s asks for nothing else, runs nothing and breaks none of its own policy', async (name) => {
    await withPage({}, async (page) => {
      const asked: string[] = []
      const complaints: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      page.on('console', (message) => complaints.push(message.text()))
      await page.goto(at(name))
      expect(asked).toEqual([at(name)])
      expect(complaints.filter((line) => !line.includes('the server responded with a status of'))).toEqual([])
      expect(await page.title()).not.toBe('run')
      expect(await page.locator('main').evaluate('(main) => getComputedStyle(main).maxWidth')).not.toBe(
        'none',
      )
    })
  })

  it('is made of the same elements, whatever the client writes', async () => {
    const shape = `[...document.querySelectorAll('*')].map((each) => [each.localName, ...each.getAttributeNames()].join(' '))`
    await withPage({}, async (page) => {
      await page.goto(at('registered'))
      const plain = (await page.evaluate(shape)) as string[]
      await page.goto(at('hostile'))
      const spare = plain.lastIndexOf('li')
      expect(await page.evaluate(shape)).toEqual(plain.filter((_, place) => place !== spare))
    })
  })

  it('in forced colors keeps the edges of what can be pressed', async () => {
    await withPage({ forcedColors: 'active' }, async (page) => {
      await page.goto(at('fault'))
      const edges = `[...document.querySelectorAll('button, fieldset input')].map((each) => getComputedStyle(each).borderTopColor)`
      const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      const found = (await page.evaluate(edges)) as string[]
      expect(found).toHaveLength(4)
      expect(found).not.toContain(ground)
    })
  })
})

/** Presses Tab until the button has the focus, and sees that each stop on the way is marked. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press('Tab')
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
    if ((await page.evaluate('document.activeElement.textContent')) === name) return
  }
  throw new Error(`${name} is not reached by Tab`)
}

/** What the form posts when `use` is done with the page, seen from where the redirects after it end. */
async function posted(name: string, use: (page: Page) => Promise<void>, options: BrowserContextOptions = {}) {
  posts.length = 0
  await withPage(options, async (page) => {
    await page.goto(at(name))
    await use(page)
    await page.waitForURL(at('landed'))
  })
  expect(posts).toHaveLength(1)
  return posts[0]!
}

describe('the form', () => {
  const transaction = 'eyJ0.e30.-_'

  it.each([
    ['Allow reading', 'approve'],
    ['Cancel', 'deny'],
  ])('is sent by keyboard alone: %s', async (button, decision) => {
    const { form } = await posted('registered', async (page) => {
      await tabTo(page, button)
      await page.keyboard.press('Enter')
    })
    expect(form).toEqual({ transaction, decision })
  })

  it.each(['Allow reading', 'Cancel'])('works without JavaScript: %s', async (button) => {
    const press = (page: Page) => page.getByRole('button', { name: button }).click()
    const { form } = await posted('registered', press, { javaScriptEnabled: false })
    expect(form).toEqual({ transaction, decision: button === 'Cancel' ? 'deny' : 'approve' })
  })

  it('remembers only where that was ticked', async () => {
    const { form } = await posted('document', async (page) => {
      await page.getByLabel('Do not ask again').press('Space')
      await page.getByRole('button', { name: 'Allow reading' }).tap()
    }, { hasTouch: true })
    expect(form).toEqual({ transaction, remember: 'yes', decision: 'approve' })
  }) // biome-ignore format: a form

  it('takes credentials, and Enter in a field allows', async () => {
    const { form } = await posted('credentials', async (page) => {
      await page.getByLabel('Shop number').fill('4711')
      await page.getByLabel('API key').fill('ks_ünï&=')
      await page.keyboard.press('Enter')
    })
    expect(form).toEqual({ transaction, field_shop: '4711', field_key: 'ks_ünï&=', decision: 'approve' })
  })

  it('asks for credentials before it allows, and for none before it cancels', async () => {
    const { form } = await posted('credentials', async (page) => {
      await page.getByRole('button', { name: 'Allow reading' }).click()
      expect(await page.evaluate('document.activeElement.name')).toBe('field_shop')
      expect(posts).toEqual([])
      await page.getByRole('button', { name: 'Cancel' }).click()
    })
    expect(form).toEqual({ transaction, field_shop: '', field_key: '', decision: 'deny' })
  })

  it('tells a screen reader what a field is, what helps, and what was wrong', async () => {
    await withPage({}, async (page) => {
      await page.goto(at('fault'))
      expect(await page.locator('main').ariaSnapshot()).toContain('- alert: Kash did not accept these.')
      const fault = 'Kash did not accept these. Check the shop number and the key.'
      const key = page.getByRole('textbox', { name: 'API key', description: `Starts with ks_. ${fault}` })
      expect([await key.inputValue(), await key.getAttribute('aria-invalid')]).toEqual(['', 'true'])
      expect(await page.getByLabel('Shop number').inputValue()).toBe('4711')
    })
  })

  it('is known as our own by Sec-Fetch-Site, since a page without referrer posts from Origin null', async () => {
    const { headers } = await posted('registered', (page) =>
      page.getByRole('button', { name: 'Cancel' }).click(),
    )
    expect(headers).toMatchObject({ 'sec-fetch-site': 'same-origin', origin: 'null' })
    expect(headers.referer).toBeUndefined()
  })
})

describe('another site', () => {
  it.each(['registered', 'problem'])('cannot frame the page: %s', async (name) => {
    await withPage({}, async (page) => {
      await page.goto(at('framing', 'localhost'))
      const frame = async (address: string) =>
        page.evaluate(`document.querySelector('iframe').src = '${address}'`)
      await frame(at('landed'))
      await expect.poll(() => page.frames()[1]?.title()).toBe('landed')
      await frame(at(name))
      await expect.poll(() => page.frames()[1]?.url()).toBe('chrome-error://chromewebdata/')
    })
  })

  it('keeps the popup that it opened, since web clients wait for it', async () => {
    await withPage({}, async (page) => {
      await page.goto(at('framing', 'localhost'))
      const [popup] = await Promise.all([
        page.waitForEvent('popup'),
        page.evaluate(`{ window.opened = window.open('${at('registered')}') }`),
      ])
      await popup.getByRole('button', { name: 'Allow reading' }).click()
      await popup.waitForURL(at('landed'))
      expect(await popup.evaluate('window.opener !== null')).toBe(true)
      expect(await page.evaluate('window.opened.closed')).toBe(false)
    })
  })
})
