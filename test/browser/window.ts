/** A person before a real Chromium: windows that are gone after use, and the steps of a sign-in in them. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Client, newClient, register } from '../person.ts'
import { axe } from './chromium.ts'
import type { Site } from './site.ts'

const DESKTOP = { viewport: { width: 1280, height: 800 } }
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

export const LOOKS: [string, BrowserContextOptions][] = [
  ['a desktop in light', { ...DESKTOP, colorScheme: 'light' }],
  ['a desktop in dark', { ...DESKTOP, colorScheme: 'dark' }],
  ['a phone in light', { ...PHONE, colorScheme: 'light' }],
  ['a phone in dark', { ...PHONE, colorScheme: 'dark' }],
]

/** A window with cookies of its own, gone after `use`. */
export async function withWindow<T>(
  browser: Browser,
  options: BrowserContextOptions,
  use: (page: Page, context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext(options)
  context.setDefaultTimeout(10_000)
  try {
    return await use(await context.newPage(), context)
  } finally {
    await context.close()
  }
}

/** A client by the name of `Desk` that comes back to `/callback` of the application. */
export async function newDesk(issuer: string, application: Site, scope?: string): Promise<Client> {
  const redirect = `${application.origin}/callback`
  const { client_id } = await register(issuer, { redirect_uris: [redirect], client_name: 'Desk' })
  return newClient({ issuer, redirect, clientId: client_id, ...(scope !== undefined && { scope }) })
}

/** By finger where there is one. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  const button = page.getByRole('button', { name })
  const touches = await page.evaluate('matchMedia("(pointer: coarse)").matches')
  await (touches ? button.tap() : button.click())
}

/** Allows, and waits for the provider's page. */
export async function allow(page: Page): Promise<void> {
  await press(page, 'Allow reading')
  await page.waitForURL(/\/sign-in\//)
}

/** What the window brought back to the application, once it is there. */
export async function answerAt(page: Page, { origin }: Site): Promise<Record<string, string>> {
  await page.waitForURL((url) => url.href.startsWith(`${origin}/callback`))
  return Object.fromEntries(new URL(page.url()).searchParams)
}

/** Allows and signs in as Anna, from the consent page to the application. */
export async function signIn(page: Page, application: Site): Promise<Record<string, string>> {
  await allow(page)
  await press(page, /Anna/)
  return answerAt(page, application)
}

/** The page of a problem: its heading, its status, and nothing that axe would find. */
export async function expectProblem(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  await page.getByText('If you ask for help, give this reference').waitFor()
  expect(await axe(page)).toEqual([])
}
