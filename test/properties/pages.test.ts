/** Whatever a client, a provider or an operator writes, a page has the elements and attributes of its template. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConsentView, consentPage } from '../../src/pages/consent.ts'
import { type ProblemView, problemPage } from '../../src/pages/problem.ts'
import { quotable } from '../../src/pages/words.ts'
import { isInvisible } from '../../src/tools/invisible.ts'

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  '</title></style></textarea><svg/onload=alert(1)>',
  '&lt;script&gt;&#60;b&#62;',
  '<!--',
  ']]>',
  'javascript:alert(1)',
  '\u202etxt.exe\u2066',
  '\u0000<\u0000b>',
  `\ud800"\udc00`,
  '`{{7*7}}`',
  'A'.repeat(10_240),
  '<b>'.repeat(5_000),
]

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(...HOSTILE),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme' })).map((parts) => parts.join('')),
)

const consents: fc.Arbitrary<ConsentView> = fc.record(
  {
    product: words,
    client: fc.record(
      {
        name: words,
        kind: fc.constantFrom('registered' as const, 'document' as const, 'unknown' as const),
        documentHost: fc.constantFrom('claude.ai', 'x'),
      },
      { requiredKeys: ['kind'] },
    ),
    redirect: fc.record({
      kind: fc.constantFrom('https' as const, 'loopback' as const, 'app' as const),
      host: fc.oneof(words, fc.constant('claude.ai')),
    }),
    reads: fc.array(words, { maxLength: 4 }),
    signInAt: words,
    action: words,
    transaction: words,
    rememberDays: fc.integer(),
    credentials: fc.record(
      {
        help: words,
        fault: words,
        fields: fc.array(
          fc.record(
            { name: words, title: words, help: words, secret: fc.boolean(), value: words },
            { requiredKeys: ['name', 'title', 'secret'] },
          ),
          { maxLength: 3 },
        ),
      },
      { requiredKeys: ['fields'] },
    ),
  },
  { requiredKeys: ['product', 'client', 'redirect', 'reads', 'action', 'transaction'] },
)

const problems: fc.Arbitrary<ProblemView> = fc.record(
  {
    status: fc.integer({ min: 400, max: 599 }),
    title: words,
    message: words,
    hints: fc.array(words, { maxLength: 3 }),
    reference: words,
    back: fc.record({ label: words, url: fc.oneof(words, fc.webUrl(), words.map((end) => `https://a.example/${end}`)) }),
  },
  { requiredKeys: ['status', 'title', 'message', 'reference'] },
) // biome-ignore format: a field a line

/** The view with harmless words in place of each that is not empty. */
function harmless<T>(view: T): T {
  const copy = JSON.stringify(view, (key, value) =>
    typeof value === 'string' && value !== '' && !['kind', 'documentHost', 'host', 'url'].includes(key) ? 'x' : value,
  )
  return JSON.parse(copy) as T
} // biome-ignore format: one expression

const TOKEN = /<!doctype html>|<\/[a-z][a-z0-9]*>|<[a-z][a-z0-9]*(?: [a-z-]+(?:="[^"<>]*")?)*>|[^<>]+/y
/** Every tag with its attributes, without values of the view; throws where the page is not made of tags and text. */
function structure(page: string): string[] {
  const tags: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < page.length) {
    const at = TOKEN.lastIndex
    const token = TOKEN.exec(page)?.[0]
    if (token === undefined) throw new Error(`neither tag nor text: ${page.slice(at, at + 80)}`)
    if (token.startsWith('<')) tags.push(bare(token))
    else expect(token.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/&/)
  }
  return tags
}

function bare(tag: string): string {
  if (/ name="(transaction|decision|remember)"/.test(tag) && !tag.includes('"transaction"')) return tag
  return tag.replace(/ (value|href|action)="[^"]*"/g, ' $1').replace(/ name="field_[^"]*"/, ' name')
}

/** What the form carries, which is whole; everything else is cut. */
function posted({ action, transaction, credentials }: ConsentView) {
  return [action, transaction, credentials?.fields.map(({ name, value }) => [name, value])]
}

function hidden(page: string): string[] {
  return Array.from(page).filter((char) => char !== '\n' && isInvisible(char.codePointAt(0)!))
}

describe('no words of a view', () => {
  it('change what the consent page is made of', async () => {
    await fc.assert(
      fc.asyncProperty(consents, async (view) => {
        const page = await consentPage(view).text()
        const plain = harmless(view)
        if (quotable(view.client.name) === undefined) delete plain.client.name
        expect(structure(page)).toEqual(structure(await consentPage(plain).text()))
        expect(hidden(page)).toEqual([])
        expect(page.length).toBeLessThan(60_000 + 6 * JSON.stringify(posted(view)).length)
      }),
      { numRuns: 1000 },
    )
  })

  it('change what the page of a problem is made of, or lead back to what runs', async () => {
    await fc.assert(
      fc.asyncProperty(problems, async (view) => {
        const page = await problemPage(view).text()
        expect(structure(page)).toEqual(structure(await problemPage(harmless(view)).text()))
        expect(hidden(page)).toEqual([])
        expect(page).not.toMatch(/href="\s*(javascript|data|vbscript|file|blob|about)/i)
        expect(page.length).toBeLessThan(40_000)
      }),
      { numRuns: 1000 },
    )
  })
})
