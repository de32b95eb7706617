/** A real Chromium for tests: how it is found and started, and axe's verdict on a page in it. */
import { accessSync, constants } from 'node:fs'
import axeCore from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Throws a sentence that says what to install where there is none. */
function findChromium(): string {
  const places = process.env.CHROMIUM ? [process.env.CHROMIUM] : PLACES
  const found = places.find(isExecutable)
  if (found !== undefined) return found
  throw new Error(
    `No Chromium at ${places.join(', ')}: install it (Debian: apt-get install -y --no-install-recommends chromium) ` +
      'or say where it is in CHROMIUM.',
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
