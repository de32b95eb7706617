/** The arguments that read on after an answer, by the upstream's own way of paging. */
import { type Json, own, type Schema } from '../json.ts'
import type { Counted, Paging } from '../tools/answering.ts'
import { type Arguments, schemaOf, type Tool } from '../tools/tool.ts'
import { readValue } from '../tools/value.ts'
import { argumentsOf, linkOf } from './link.ts'
import { find, isStringAt, stringAt } from './spans.ts'

/** One answer, and the call that it answers. */
export interface Page {
  tool: Tool
  /** With the defaults. */
  args: Arguments
  /** The whole answer as JSON. */
  text: string
  /** Rows that the upstream answered. */
  rows: number
  /** On all pages, where the upstream says so. */
  total?: number | undefined
  header: (name: string) => string | undefined
  /** Path and query that were asked, below the base URL. */
  target: string
}

/** What the next page's call changes, or undefined where this is the last page. */
export function nextPage(page: Page): Arguments | undefined {
  const paging = page.tool.answering?.paging
  if (!paging) return undefined
  const kinds: {
    [K in Paging['kind']]: (paging: Paging & { kind: K }, page: Page) => Arguments | undefined
  } = KINDS
  const changed = kinds[paging.kind](paging as never, page)
  return changed && asTaken(changed, page.tool)
}

/** A call that would be refused is not told, nor are words of an upstream's where a number belongs. */
function asTaken(changed: Arguments, tool: Tool): Arguments | undefined {
  const taken: Arguments = {}
  for (const [name, value] of Object.entries(changed)) {
    const schema = schemaOf(tool, name) ?? {}
    if (readValue(schema, value, name).problems) return undefined
    taken[name] = isNumeric(schema) && isExact(value) ? Number(value) : value
  }
  return taken
}

/** Some clients check a call before they send it, and refuse a number that is written as text. */
function isNumeric({ type }: Schema): boolean {
  return [type].flat().some((each) => each === 'integer' || each === 'number')
}

/** What a double cannot hold stays text, which is read as well. */
function isExact(value: Json): boolean {
  return String(Number(value)) === value && Number(value) <= Number.MAX_SAFE_INTEGER
}

const KINDS = { page: byNumber, offset: byOffset, cursor: byCursor, link: byLink }

function byNumber(paging: Paging & { kind: 'page' }, page: Page): Arguments | undefined {
  const at = Number(own(page.args, paging.page) ?? paging.first)
  const before = at - paging.first
  const { rows, total } = page
  const isLast = () => {
    if (total === undefined) return isShort(paging, page)
    if (before === 0) return rows >= total
    const size = sizeOf(paging, page)
    const seen = before * (size ?? rows) + rows
    // A short page is the last one where the sum is right; else the others were shorter than was asked for too.
    return size === undefined ? false : rows < size ? seen === total : seen >= total
  }
  const more = says(paging, page.text) ?? (rows > 0 && !isLast())
  return more ? { [paging.page]: at + 1 } : undefined
}

function byOffset(paging: Paging & { kind: 'offset' }, page: Page): Arguments | undefined {
  const { first = 0 } = paging
  const at = Number(own(page.args, paging.offset) ?? first)
  const { rows, total } = page
  const isLast = () => (total === undefined ? isShort(paging, page) : at - first + rows >= total)
  // Where no row came, the next offset is this one.
  const more = rows > 0 && (says(paging, page.text) ?? !isLast())
  return more ? { [paging.offset]: at + rows } : undefined
}

/** Whether there is more, in the upstream's own words. */
function says({ more, next }: Counted, text: string): boolean | undefined {
  const told = more && literalAt(text, more)
  return told ?? (next && isThere(text, next))
}

/** An address, a number or a cursor; undefined where the answer has nothing of the name. */
function isThere(text: string, path: readonly string[]): boolean | undefined {
  const span = find(text, path)
  return span && !ENDS.has(text.slice(span.start, span.end))
}

const ENDS = new Set(['null', 'false', '""'])

function sizeOf({ size, stated }: Counted, { text, args }: Page): number | undefined {
  return (stated && numberAt(text, stated)) ?? askedSize(size, args)
}

function askedSize(size: string | undefined, args: Arguments): number | undefined {
  return size === undefined ? undefined : numberOf(own(args, size))
}

/** Up to this size, a page shorter than was asked for is the last one; of more, some upstreams answer less without saying so. */
const SURE_SIZE = 100

function isShort({ size, stated }: Counted, { rows, text, args }: Page): boolean {
  const told = stated && numberAt(text, stated)
  if (told !== undefined) return rows < told
  const asked = askedSize(size, args)
  return asked !== undefined && asked <= SURE_SIZE && rows < asked
}

function byCursor({ cursor, next, more }: Paging & { kind: 'cursor' }, page: Page): Arguments | undefined {
  const { text, args } = page
  const span = find(text, next)
  if (!span || (more && literalAt(text, more) === false)) return undefined
  const value = isStringAt(text, span) ? stringAt(text, span) : text.slice(span.start, span.end)
  if (/^https?:\/\//i.test(value)) return argumentsOf(value, page)
  const ends = ['', 'null', 'false', 'true'].includes(value) || /^[[{]/.test(value)
  // A cursor that does not move would be followed forever.
  return ends || value === String(own(args, cursor) ?? '') ? undefined : { [cursor]: value }
}

function byLink({ next }: Paging & { kind: 'link' }, page: Page): Arguments | undefined {
  const span = next && find(page.text, next)
  const inText = span && isStringAt(page.text, span) ? stringAt(page.text, span) : undefined
  const address = inText ?? linkOf(page.header('link') ?? '')
  return address ? argumentsOf(address, page) : undefined
}

export function numberAt(text: string, path: readonly string[]): number | undefined {
  const span = find(text, path)
  return span && numberOf(text.slice(span.start, span.end).replace(/^"(\d+)"$/, '$1'))
}

function numberOf(value: Json | undefined): number | undefined {
  const found = value === undefined || value === '' || value === null ? Number.NaN : Number(value)
  return Number.isSafeInteger(found) && found >= 0 ? found : undefined
}

function literalAt(text: string, path: readonly string[]): boolean | undefined {
  const span = find(text, path)
  const written = span && text.slice(span.start, span.end)
  return written === 'true' ? true : written === 'false' ? false : undefined
}
