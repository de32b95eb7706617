/** A whole sign-in in a real Chromium, against the real server, API and identity provider: as people do it, and undo it. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startReplica } from '../attacks/deployment.ts'
import { callTool } from '../attacks/stage.ts'
import { type Login, startLogin, upstreamOf } from '../login.ts'
import { type Client, redeem } from '../person.ts'
import { axe, launch, launchWithoutCookies } from './chromium.ts'
import { startSecure } from './secure.ts'
import { type Site, startSite } from './site.ts'
import { allow, answerAt, expectProblem, LOOKS, newDesk, press, signIn, withWindow } from './window.ts'

let browser: Browser
let login: Login
let application: Site
let client: Client

beforeAll(async () => {
  browser = await launch()
  // The provider is another site than ours, as in production: what comes back from it is a cross-site request.
  login = await startLogin({}, { host: 'localhost' })
  application = await startSite('127.0.0.1', 'Back at the application')
})
beforeEach(async () => {
  client = await newDesk(login.url, application)
})
afterAll(async () => {
  await browser?.close()
  await login?.close()
  application?.close()
})

/** The answer is whole, and its code opens the person's books. */
async function expectSignedIn(answer: Record<string, string>, asked = client): Promise<void> {
  expect(answer).toEqual({ code: expect.any(String), state: asked.state, iss: asked.issuer })
  const { status, body } = await redeem(asked, answer.code!)
  expect(status).toBe(200)
  const reply = await callTool(asked.issuer, body.access_token)
  const { result } = (await reply.json()) as { result: { isError?: true; content: { text: string }[] } }
  expect(result.isError).toBeUndefined()
  expect(result.content[0]?.text).toContain('"id":"tax_')
}

/** The client is told that the person said no, and nothing more. */
function expectDeclined(answer: Record<string, string>): void {
  const { error_description, ...rest } = answer
  expect(rest).toEqual({ error: 'access_denied', state: client.state, iss: client.issuer })
  expect(error_description).toMatch(/\(request [\w-]+\)$/)
}

const isAsked = (page: Page) => page.getByRole('heading', { name: 'asks to read Flowtly' }).waitFor()

/** What is wrong with a request that must not be answered at its redirect URI. */
const STRANGE: [Record<string, string>, string][] = [
  [{ client_id: 'gone' }, 'This application is not known'],
  [{ client_id: 'https://127.0.0.1/client.json' }, 'This application is not known'],
  [{ redirect_uri: 'https://desk.example/other' }, 'This application may not return there'],
  [{ client_id: '' }, 'No application named'],
]

describe.each(LOOKS)('on %s', (_, options) => {
  it('a person reads, allows, signs in and is back at the application; axe finds nothing on the way', async () => {
    await withWindow(browser, options, async (page) => {
      await page.goto(client.authorizeUrl)
      expect(await page.title()).toBe('Connect to Flowtly')
      const words = (await page.locator('main').innerText()).replace(/\s+/g, ' ')
      for (const said of [
        '“Desk” asks to read Flowtly',
        `Access goes to a program on this computer ${new URL(application.origin).host} Any program on this`,
        'Bank accounts with balances, and bank transactions',
        'Nothing can be written, changed or deleted through this connection.',
        `you sign in to Flowtly next, at ${new URL(login.identity.issuer).host}.`,
      ])
        expect(words).toContain(said)
      expect(await axe(page)).toEqual([])
      await allow(page)
      expect(new URL(page.url()).origin).toBe(new URL(login.identity.issuer).origin)
      expect(await axe(page)).toEqual([])
      await press(page, /Anna/)
      await expectSignedIn(await answerAt(page, application))
    })
  })

  it('an application that cannot be told from a stranger is told of on a page, and hears nothing', async () => {
    await withWindow(browser, options, async (page) => {
      for (const [changed, title] of STRANGE) {
        const url = new URL(client.authorizeUrl)
        for (const [name, value] of Object.entries({
          redirect_uri: 'https://desk.example/callback',
          ...changed,
        }))
          url.searchParams.set(name, value)
        const asked: string[] = []
        page.on('request', (request) => asked.push(request.url()))
        expect((await page.goto(url.href))?.status()).toBe(400)
        await expectProblem(page, title)
        expect(asked).toEqual([url.href])
        page.removeAllListeners('request')
      }
    })
  })
})

describe('a whole sign-in', () => {
  it('needs no JavaScript', async () => {
    await withWindow(browser, { javaScriptEnabled: false }, async (page) => {
      await page.goto(client.authorizeUrl)
      await expectSignedIn(await signIn(page, application))
    })
  })

  it('needs no pointer', async () => {
    const tabTo = async (page: Page, name: string) => {
      for (let presses = 0; presses < 8; presses++) {
        await page.keyboard.press('Tab')
        if (await page.evaluate(`document.activeElement.textContent.includes('${name}')`)) return
      }
      throw new Error(`${name} is not reached by Tab`)
    }
    await withWindow(browser, {}, async (page) => {
      await page.goto(client.authorizeUrl)
      await tabTo(page, 'Allow reading')
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/sign-in\//)
      await tabTo(page, 'Boris')
      await page.keyboard.press('Space')
      await expectSignedIn(await answerAt(page, application))
    })
  })

  it('takes a button that is pressed twice', async () => {
    await withWindow(browser, {}, async (page) => {
      await page.goto(client.authorizeUrl)
      await page.getByRole('button', { name: 'Allow reading' }).dblclick()
      await page.waitForURL(/\/sign-in\//)
      await press(page, /Anna/)
      await expectSignedIn(await answerAt(page, application))
    })
  })

  it('over https keeps its cookie through another site and back', async () => {
    const secure = await startSecure()
    try {
      // The client's own requests go past the front: it is the browser that is looked at here.
      const desk = await newDesk(secure.behind, application)
      const url = desk.authorizeUrl.replaceAll(
        encodeURIComponent(secure.behind),
        encodeURIComponent(secure.url),
      )
      await withWindow(browser, { ignoreHTTPSErrors: true }, async (page, context) => {
        await page.goto(url.replace(secure.behind, secure.url))
        const answer = await signIn(page, application)
        expect(answer).toEqual({ code: expect.any(String), state: desk.state, iss: secure.url })
        const { status } = await redeem(desk, answer.code!, { resource: `${secure.url}/mcp` })
        expect(status).toBe(200)
        const [cookie, ...others] = await context.cookies(secure.url)
        expect(others).toEqual([])
        expect(cookie).toMatchObject({
          secure: true,
          httpOnly: true,
          sameSite: 'Lax',
          path: '/',
          expires: -1,
        })
        expect(cookie?.name).toMatch(/^__Host-lectern-/)
      })
    } finally {
      await secure.close()
    }
  })
})

describe('a person who declines', () => {
  it('on our page is sent back, and the provider hears nothing', async () => {
    await withWindow(browser, {}, async (page) => {
      await page.goto(client.authorizeUrl)
      const before = login.identity.requests.length
      await press(page, 'Cancel')
      expectDeclined(await answerAt(page, application))
      expect(login.identity.requests.slice(before)).toEqual([])
    })
  })

  it('at the provider is sent back all the same', async () => {
    await withWindow(browser, {}, async (page) => {
      await page.goto(client.authorizeUrl)
      await allow(page)
      await press(page, 'Cancel')
      expectDeclined(await answerAt(page, application))
    })
  })
})

describe('an address that is opened', () => {
  it.each([
    ['the first', [0]],
    ['the second', [1]],
    ['both, the second first', [1, 0]],
  ])('twice at once works in either window: %s', async (_, order) => {
    await withWindow(browser, {}, async (first, context) => {
      const windows = [first, await context.newPage()]
      await Promise.all(windows.map((page) => page.goto(client.authorizeUrl)))
      for (const at of order) await expectSignedIn(await signIn(windows[at]!, application))
    })
  })

  it('twice at once works where both are allowed before either signs in', async () => {
    await withWindow(browser, {}, async (first, context) => {
      const second = await context.newPage()
      await Promise.all([first, second].map((page) => page.goto(client.authorizeUrl)))
      await allow(first)
      await allow(second)
      for (const page of [first, second]) {
        await press(page, /Anna/)
        await expectSignedIn(await answerAt(page, application))
      }
    })
  })

  it('and reloaded still works, as does an older window beside it', async () => {
    await withWindow(browser, {}, async (page, context) => {
      await page.goto(client.authorizeUrl)
      const older = await context.newPage()
      await older.goto(client.authorizeUrl)
      await page.reload()
      await page.reload()
      await expectSignedIn(await signIn(page, application))
      await expectSignedIn(await signIn(older, application))
    })
  })
})

describe('going back', () => {
  it('from the provider asks again, and goes on', async () => {
    await withWindow(browser, {}, async (page) => {
      await page.goto(client.authorizeUrl)
      await allow(page)
      await page.goBack()
      await isAsked(page)
      await expectSignedIn(await signIn(page, application))
    })
  })

  it('from the application shows pages that say something, and Cancel still is one', async () => {
    await withWindow(browser, {}, async (page) => {
      await page.goto(client.authorizeUrl)
      await signIn(page, application)
      await page.goBack()
      await page.getByRole('heading', { name: 'Signing in cannot go on' }).waitFor()
      await page.goBack()
      await isAsked(page)
      await press(page, 'Cancel')
      expectDeclined(await answerAt(page, application))
    })
  })

  it('to a callback that was used sends the application no second person', async () => {
    await withWindow(browser, {}, async (page) => {
      const callback = page.waitForRequest((request) => request.url().startsWith(`${login.url}/callback?`))
      await page.goto(client.authorizeUrl)
      await expectSignedIn(await signIn(page, application))
      await page.goto((await callback).url())
      const { code, ...rest } = await answerAt(page, application)
      expect(rest).toEqual({ state: client.state, iss: client.issuer })
      expect((await redeem(client, code!)).body.error).toBe('invalid_grant')
    })
  })
})

describe('a person who is away for too long', () => {
  it('is told so, wherever that was', async () => {
    const clock = await startReplica({ PORT: '0', LECTERN_LOG: 'off', ...upstreamOf(login.sandbox) })
    try {
      const desk = await newDesk(clock.url, application)
      await withWindow(browser, {}, async (asked, context) => {
        const signing = await context.newPage()
        for (const page of [asked, signing]) await page.goto(desk.authorizeUrl)
        await allow(signing)
        const before = application.visits.length
        await clock.ahead(601)
        await press(asked, 'Allow reading')
        await expectProblem(asked, 'This page is too old')
        await press(signing, /Anna/)
        await expectProblem(signing, 'This sign-in cannot be found')
        expect(application.visits).toHaveLength(before)
        await asked.goBack()
        await expectSignedIn(await signIn(asked, application), desk)
      })
    } finally {
      await clock.close()
    }
  })
})

describe('a browser without cookies', () => {
  it('is told that it keeps none, and what to do', async () => {
    const { context, close } = await launchWithoutCookies()
    try {
      const page = await context.newPage()
      const before = application.visits.length
      await page.goto(client.authorizeUrl)
      await isAsked(page)
      await press(page, 'Allow reading')
      await expectProblem(page, 'Your browser did not keep a cookie')
      expect(await page.getByRole('listitem').allInnerTexts()).toEqual([
        expect.stringContaining('Allow cookies for this site'),
        expect.stringContaining('connect again'),
      ])
      expect(await context.cookies()).toEqual([])
      expect(application.visits).toHaveLength(before)
    } finally {
      await close()
    }
  })
})
