/** How much of what the server answered stands in the request to the model, and what the client put around it. */
import { existsSync, readFileSync } from 'node:fs'
import { type Call, cutBy, type Outcome } from './row.ts'
import type { Block, Sent } from './tap.ts'

export type Arrival = {
  ok: boolean
  /** A few words for each block of the answer. */
  how: string[]
  /** The client's own words: what stands in the request beside the blocks, which are told by their number. */
  around: string
}

/** Each block must be there to its last character, in the order of the answer. */
export function arrival(sent: Sent | undefined, shown: Outcome): Arrival {
  if (!sent) return { ok: shown.isError, how: ['refused by the client itself'], around: shown.text }
  const texts = sent.error ? [sent.error.message] : sent.content.flatMap(({ text }) => text ?? [])
  const files = sent.content.filter(({ text }) => text === undefined).map((block) => fileWay(block, shown))
  const { how, around } = textWays(texts, shown.text)
  const isError = sent.isError || sent.error !== undefined
  const marked = shown.isError || /"isError\\?":true/.test(shown.text)
  return {
    ok: how.every((each) => each.startsWith('whole')) && files.every(({ ok }) => ok) && texts.every(isSound),
    how: [
      ...how,
      ...files.map((each) => each.how),
      ...(isError ? [marked ? 'marked an error' : 'no mark'] : []),
    ],
    around: files.reduce((words, { hidden }) => words.replace(hidden, '⟦file⟧'), around),
  }
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)

function textWays(texts: string[], shown: string): { how: string[]; around: string } {
  let rest = shown
  let around = ''
  const how = texts.map((text, at) => {
    const written = [text, escaped(text)]
    const way = written.findIndex((each) => rest.includes(each))
    if (way < 0) return cutBy(shown) ?? 'missing'
    const [before = '', after = ''] = halves(rest, written[way]!)
    around += `${before}⟦${at + 1}⟧`
    rest = after
    return way === 0 ? 'whole' : 'whole, quoted'
  })
  return { how, around: around + rest }
}

function halves(text: string, middle: string): string[] {
  const at = text.indexOf(middle)
  return [text.slice(0, at), text.slice(at + middle.length)]
}

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
  return { ok: same, how: same ? 'every byte in a file' : (cutBy(shown.text) ?? 'missing'), hidden: '' }
}

/** The answer's text out of the client's words, as far as it can be read: a result object gives its blocks. */
function readable(text: string): string {
  try {
    const result = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1))
    const blocks: Block[] = Array.isArray(result.content) ? result.content : []
    return blocks.length > 0 ? blocks.map((each) => each.text ?? '').join('\n') : text
  } catch {
    return text
  }
}

/** The call that `_lectern.next` says, read from what the model was shown; undefined where that is lost. */
export function nextOf(shown: Outcome): Call | undefined {
  const text = readable(shown.text)
  const at = text.lastIndexOf('"_lectern":')
  if (at < 0) return undefined
  try {
    const note = JSON.parse(text.slice(at + '"_lectern":'.length, text.lastIndexOf('}')))
    return note.next && { tool: note.next.tool, args: note.next.arguments }
  } catch {
    return undefined
  }
}

/** Ids of the rows that the model was shown, in their order: a member `id` of JSON, or a line's first cell. */
export function idsIn({ text }: Outcome): string[] {
  return [...readable(text).matchAll(/(?:^|"id\\*":\\*")((?:inv|txn|ord|let)_\d{6})\b/gm)].map(
    ([, id]) => id!,
  )
}
