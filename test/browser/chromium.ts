/** A real Chromium for tests: how it is found and started, and axe's verdict on a page in it. */
import { accessSync, constants } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import axeCore from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const PLACES = [
  '/usr/bin/chromium',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** At CHROMIUM, on PATH, or where it usually is. Throws a sentence that says what to install where there is none. */
function findChromium(): string {
  const { CHROMIUM, PATH = '' } = process.env
  const folders = PATH.split(delimiter).filter(Boolean)
  const places = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES]
  const found = (CHROMIUM ? [CHROMIUM] : places).find(isExecutable)
  if (found !== undefined) return found
  throw new Error(
    `No Chromium at ${CHROMIUM || `${PLACES.join(', ')} or on PATH`}: install it (Debian: apt-get install -y ` +
      '--no-install-recommends chromium) or say where it is in CHROMIUM.',
  )
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Without its sandbox, which cannot be had as root in a container; tests open only pages of their own. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })
}

/** One whose person has set that no site may keep cookies; its folder is gone after `close`. */
export async function launchWithoutCookies(): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'chromium-'))
  const block = 2
  const preferences = { profile: { default_content_setting_values: { cookies: block } } }
  await mkdir(join(folder, 'Default'))
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences))
  const options = { executablePath: findChromium(), args: ['--no-sandbox'] }
  const context = await chromium.launchPersistentContext(folder, options)
  context.setDefaultTimeout(10_000)
  return {
    context,
    async close() {
      await context.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Violation {
  id: string
  help: string
  nodes: { html: string; failureSummary?: string }[]
}

/** What axe finds wrong with the page as it stands, a line each; its rules for AAA contrast and targets included. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeCore.source)
  const rules = `{ 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } }`
  const violations = await page.evaluate<Violation[]>(
    `axe.run({ rules: ${rules} }).then(({ violations }) => violations)`,
  )
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`))
}
