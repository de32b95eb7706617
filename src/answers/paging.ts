/** The arguments that read on after an answer, by the upstream's own way of paging. */
import { type Json, own } from '../json.ts'
import { decodedPart } from '../syntax.ts'
import type { Paging } from '../tools/answering.ts'
import type { Arguments, Tool } from '../tools/tool.ts'
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
  return kinds[paging.kind](paging as never, page)
}

const KINDS = { page: byNumber, offset: byOffset, cursor: byCursor, link: byLink }

function byNumber(paging: Paging & { kind: 'page' }, page: Page): Arguments | undefined {
  const at = Number(own(page.args, paging.page) ?? paging.first)
  return hasMore(paging, page, at - paging.first) ? { [paging.page]: at + 1 } : undefined
}

function byOffset(paging: Paging & { kind: 'offset' }, page: Page): Arguments | undefined {
  const at = Number(own(page.args, paging.offset) ?? 0)
  return hasMore(paging, page, undefined, at) ? { [paging.offset]: at + page.rows } : undefined
}

/** A page shorter than this that was asked for is the last one; of larger ones some upstreams answer less without saying so. */
const SURE_SIZE = 100

function hasMore(
  { size, stated, more }: { size?: string; stated?: string[]; more?: string[] },
  page: Page,
  before: number | undefined,
  offset?: number,
): boolean {
  const { rows, total, text, args } = page
  const says = more && literalAt(text, more)
  if (says === true || says === false) return says
  if (rows === 0) return false
  const asked = size === undefined ? undefined : numberOf(own(args, size))
  const stands = (stated && numberAt(text, stated)) ?? (asked === rows ? rows : undefined)
  if (total !== undefined && offset !== undefined) return offset + rows < total
  if (total !== undefined && before === 0) return rows < total
  if (total !== undefined && stands !== undefined) return before! * stands + rows < total
  if (stands !== undefined) return rows >= stands
  return asked === undefined || asked > SURE_SIZE || rows >= asked
}

function byCursor(
  { cursor, next }: Paging & { kind: 'cursor' },
  { tool, text, args }: Page,
): Arguments | undefined {
  const span = find(text, next)
  if (!span) return undefined
  const value = isStringAt(text, span) ? stringAt(text, span) : text.slice(span.start, span.end)
  const ends = ['', 'null', 'false', 'true'].includes(value) || /^[[{]/.test(value)
  // A cursor that does not move would be followed forever.
  return ends || value === String(own(args, cursor) ?? '')
    ? undefined
    : { [cursor]: typed(tool, cursor, value) }
}

/** As the argument's schema has it: some clients check a call before they send it. What a double cannot hold stays text. */
function typed({ inputSchema }: Tool, argument: string, value: string): Json {
  const isNumber = [own(inputSchema.properties, argument)?.type].flat().some((each) => NUMBERS.has(each))
  return isNumber && String(Number(value)) === value && Number(value) <= Number.MAX_SAFE_INTEGER
    ? Number(value)
    : value
}

const NUMBERS = new Set<unknown>(['integer', 'number'])

/** The address of the next page, read back into the arguments that write it. */
function byLink({ next }: Paging & { kind: 'link' }, page: Page): Arguments | undefined {
  const span = next && find(page.text, next)
  const inText = span && isStringAt(page.text, span) ? stringAt(page.text, span) : undefined
  const address = inText ?? linkOf(page.header('link') ?? '')
  return address === undefined ? undefined : argumentsOf(address, page)
}

/** Longest header that is read, in characters. */
const LONGEST_LINK = 8192

/** The target of the link whose `rel` is `next`. */
export function linkOf(header: string): string | undefined {
  for (const [, address, parameters = ''] of header
    .slice(0, LONGEST_LINK)
    .matchAll(/<([^<>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"<>]*"|[^\s;,"<>]*))*)/g)) {
    const rel = /(?:^|;)\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]*))/i.exec(parameters)
    if ((rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return address
  }
  return undefined
}

/** Undefined where the address asks for something that no argument can say, or for another operation. */
function argumentsOf(address: string, { tool, args, target }: Page): Arguments | undefined {
  const base = 'https://upstream.invalid'
  if (!URL.canParse(address, base + target)) return undefined
  const asked = new URL(base + target)
  const next = new URL(address, asked)
  if (!next.pathname.endsWith(asked.pathname)) return undefined
  const changed: Arguments = {}
  const before = valuesOf(asked)
  for (const [name, values] of valuesOf(next)) {
    if (String(values) === String(before.get(name) ?? [])) continue
    const parameter = tool.parameters.find((each) => each.in === 'query' && each.name === name)
    const [value] = values
    if (!parameter || values.length !== 1 || parameter.content !== undefined) return undefined
    changed[parameter.argument] = typed(tool, parameter.argument, value!)
  }
  const moves = Object.entries(changed).some(([name, value]) => String(own(args, name)) !== String(value))
  return moves ? changed : undefined
}

function valuesOf({ search }: URL): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const pair of search.slice(1).split('&').slice(0, 200)) {
    const [name = '', value = ''] = pair
      .split(/=(.*)/s)
      .map((part) => decodedPart(part.replaceAll('+', ' ')) ?? part)
    if (name !== '') found.set(name, [...(found.get(name) ?? []), value])
  }
  return found
}

export function numberAt(text: string, path: readonly string[]): number | undefined {
  const span = find(text, path)
  return span && numberOf(text.slice(span.start, span.end).replace(/^"(\d+)"$/, '$1'))
}

function numberOf(value: Json | undefined): number | undefined {
  const found = value === undefined || value === '' || value === null ? Number.NaN : Number(value)
  return Number.isSafeInteger(found) && found >= 0 ? found : undefined
}

function literalAt(text: string, path: readonly string[]): unknown {
  const span = find(text, path)
  const written = span && text.slice(span.start, span.end)
  return written === 'true' ? true : written === 'false' ? false : undefined
}
