/** How much of what the server answered stands in the request to the model, and what the client put around it. */
import { existsSync, readFileSync } from 'node:fs'
import type { Call, Outcome } from './row.ts'
import type { Block, Sent } from './tap.ts'

export type Arrival = {
  ok: boolean
  /** One word or two for each block of the answer. */
  how: string[]
  /** The client's own words: what stands in the request beside the blocks, which are told by their number. */
  around: string
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)

/** Each block must be there to its last character, in the order of the answer. */
export function arrival(sent: Sent, shown: Outcome): Arrival {
  const texts = sent.error ? [sent.error.message] : sent.content.flatMap(({ text }) => text ?? [])
  let around = shown.text
  let from = 0
  const how: string[] = []
  let ok = true
  for (const [at, text] of texts.entries()) {
    const way = [text, escaped(text), escaped(escaped(text))].findIndex((each) => shown.text.includes(each, from))
    how.push(['whole', 'whole, quoted', 'whole, quoted twice'][way] ?? lost(shown.text))
    ok &&= way >= 0
    const written = [text, escaped(text), escaped(escaped(text))][way]
    if (written === undefined) continue
    from = shown.text.indexOf(written, from) + written.length
    around = around.replace(written, () => `⟦${at + 1}⟧`)
  }
  for (const block of sent.content.filter(({ text }) => text === undefined)) {
    const way = fileWay(block, shown)
    how.push(way.how)
    ok &&= way.ok
    around = around.replace(way.hidden, '⟦file⟧')
  }
  return { ok: ok && texts.every(isSound), how, around: around.length > 400 ? `${around.slice(0, 200)} … ${around.slice(-200)}` : around }
}

// The clients' own words around what they did not pass on whole.
const cuts: [RegExp, string][] = [
  [/…\d+ (tokens|chars) truncated…|^Warning: truncated output/m, 'cut in the middle'],
  [/^<persisted-output>/, 'saved to a file'],
  [/^Output too large\. Showing first/m, 'cut and saved to a file'],
]
const lost = (text: string): string => cuts.find(([mark]) => mark.test(text))?.[1] ?? 'missing'

/** What claims to be JSON can be read as JSON. */
function isSound(text: string): boolean {
  if (!/^[{[]/.test(text)) return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function fileWay(block: Block, shown: Outcome): { ok: boolean; how: string; hidden: string } {
  const data = block.data ?? block.resource?.blob ?? ''
  const type = block.mimeType ?? block.resource?.mimeType
  const file = shown.files?.find((each) => each.data === data)
  if (file) return { ok: file.type === type, how: `as ${file.type}`, hidden: '' }
  if (shown.text.includes(data)) return { ok: false, how: 'Base64 as text', hidden: data }
  const path = shown.text.match(/\/[^\s"'\]]+/g)?.find((each) => existsSync(each))
  const same = path !== undefined && readFileSync(path).toString('base64') === data
  return { ok: same, how: same ? 'saved to a file, every byte' : lost(shown.text), hidden: '' }
}

/** The answer's text out of the client's words, as far as it can be read: a result object gives its blocks. */
export function readable(text: string): string {
  try {
    const result = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1))
    const blocks: Block[] = Array.isArray(result.content) ? result.content : []
    return blocks.length > 0 ? blocks.map((each) => each.text ?? '').join('\n') : text
  } catch {
    return text
  }
}

/** The call that `_lectern.next` of the last block says, read from what the model was shown. */
export function nextOf(shown: Outcome): Call | undefined {
  const text = readable(shown.text)
  const at = text.lastIndexOf('"_lectern":')
  if (at < 0) return undefined
  const note = JSON.parse(text.slice(at + '"_lectern":'.length, text.lastIndexOf('}')))
  return note.next && { tool: note.next.tool, args: note.next.arguments }
}

/** Ids of the rows that the model was shown, in their order: a member `id` of JSON, or a line's first cell. */
export function idsIn(shown: Outcome): string[] {
  return [...readable(shown.text).matchAll(/(?:^|"id\\?":\\?")((?:inv|txn|ord)_\d{6})\b/gm)].map(([, id]) => id!)
}
