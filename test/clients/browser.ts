/** Stands in for a person's browser: opens the address that a client hands over, decides, signs in, and notes what it saw. */
import { appendFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Person, type Step } from '../person.ts'

export type Choice = {
  /** Who signs in: `anna` or `boris`. */
  who: string
  /** `deny` presses Cancel on our page, `leave` presses Cancel at the identity provider. */
  decision: 'approve' | 'deny' | 'leave'
  /** A real Chromium, with clicks; else a few requests. */
  chromium: boolean
}
export type Visit = {
  /** Of the authorization request: all but what is secret or random. */
  asked: Record<string, string>
  /** Titles of the pages, with their status, in the order in which they were shown. */
  pages: string[]
  /** Milliseconds until the first page was there. */
  ms: number
  /** What the client's own page said at the end; or why there was none. */
  end: string
}

const title = (page: string): string => /<title>([^<]*)<\/title>/.exec(page)?.[1] ?? ''
const words = (page: string): string =>
  page
    .replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)

async function walk(url: string, back: string, choice: Choice): Promise<Omit<Visit, 'asked'>> {
  const person = new Person()
  const pages: string[] = []
  const see = (step: Step): Step => {
    if (!step.url.startsWith(back)) pages.push(`${step.response.status} ${title(step.page)}`)
    return step
  }
  const press = async (step: Step, button: Record<string, string>): Promise<Step> =>
    see(await person.follow(await person.submit(step, button), back))
  const began = performance.now()
  let step = see(await person.follow(await person.request(url), back))
  const ms = Math.round(performance.now() - began)
  if (step.page.includes('name="transaction"'))
    step = await press(step, { decision: choice.decision === 'deny' ? 'deny' : 'approve' })
  if (step.page.includes('name="person"'))
    step = await press(step, { person: choice.decision === 'leave' ? '' : choice.who })
  if (!step.url.startsWith(back)) return { pages, ms, end: `no way back: ${words(step.page)}` }
  const end = await person.follow(await person.request(step.url), 'nowhere:')
  return { pages, ms, end: `${end.response.status} ${words(end.page)}` }
}

async function click(url: string, back: string, choice: Choice): Promise<Omit<Visit, 'asked'>> {
  const { launch } = await import('../browser/chromium.ts')
  const browser = await launch()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(10_000)
    const pages: string[] = []
    let status = 0
    page.on('response', (response) => {
      if (response.request().isNavigationRequest()) status = response.status()
    })
    const see = async () => pages.push(`${status} ${await page.title()}`)
    const press = async (name: string | RegExp) => {
      await see()
      await page.getByRole('button', { name }).click()
    }
    const began = performance.now()
    await page.goto(url)
    const ms = Math.round(performance.now() - began)
    await press(choice.decision === 'deny' ? 'Cancel' : 'Allow reading')
    if (choice.decision !== 'deny') {
      await page.waitForURL(/\/sign-in\//)
      await press(choice.decision === 'leave' ? 'Cancel' : new RegExp(choice.who, 'i'))
    }
    await page.waitForURL((at) => at.href.startsWith(back), { waitUntil: 'domcontentloaded' })
    return { pages, ms, end: `${status} ${words(await page.content())}` }
  } finally {
    await browser.close()
  }
}

/** What tells one client from another; of a client id of ours only that it is one. */
function told(parameters: URLSearchParams): Record<string, string> {
  const { client_id: id = '', ...rest } = Object.fromEntries(parameters)
  const dull = ['state', 'code_challenge', 'code_challenge_method', 'response_type']
  const kept = Object.entries(rest).filter(([name]) => !dull.includes(name))
  return { client: /^https?:/.test(id) ? id : 'registered', ...Object.fromEntries(kept) }
}

const options = {
  notes: { type: 'string' },
  who: { type: 'string' },
  decision: { type: 'string' },
  chromium: { type: 'boolean' },
} as const
const { values, positionals } = parseArgs({ options, allowPositionals: true })
// A client that left would keep its browser waiting.
setTimeout(() => process.exit(1), 45_000).unref()
const url = positionals[0]!
const parameters = new URL(url).searchParams
const choice = values as unknown as Choice
const back = parameters.get('redirect_uri') ?? 'nowhere:'
const visit = await (choice.chromium ? click : walk)(url, back, choice).catch((error: unknown) => ({
  pages: [],
  ms: 0,
  end: String(error),
}))
appendFileSync(values.notes!, `${JSON.stringify({ asked: told(parameters), ...visit })}\n`)
