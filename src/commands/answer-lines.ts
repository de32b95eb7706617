/** How the answers of lists are read, in a line each: what `answers` in a declaration mends where it was read wrongly. */
import type { Answering, Paging } from '../tools/answering.ts'
import { visible } from '../tools/invisible.ts'
import type { Tool } from '../tools/tool.ts'

const LONGEST_PATH = 60

/** Of tools and the names under which they are listed; those that answer one record, or nothing to be shaped, have no line. */
export function answerLines(tools: readonly (readonly [Tool, name: string])[]): string[] {
  const lists = tools.filter(([{ answering }]) => answering !== undefined && isList(answering))
  const widest = Math.max(...lists.map(([, name]) => name.length))
  return lists.map(([{ answering }, name]) => `  ${name.padEnd(widest)}  ${words(answering!)}`)
}

function isList({ rows, record, paging }: Answering): boolean {
  return !record && (paging !== undefined || (rows !== undefined && rows.length > 0))
}

function words({ rows, total, paging, summary }: Answering): string {
  return [
    rows === undefined ? 'rows: the longest list' : `rows: ${dotted(rows)}`,
    paging === undefined ? 'no pages' : `pages: ${pages(paging)}`,
    total === undefined ? 'no total' : `total: ${dotted(total)}`,
    ...(summary === undefined ? [] : [`summary of ${summary.length}`]),
  ].join('; ')
}

function pages(paging: Paging): string {
  switch (paging.kind) {
    case 'page':
      return paging.page
    case 'offset':
      return paging.offset
    case 'cursor':
      return `${paging.cursor} from ${dotted(paging.next)}`
    case 'link':
      return paging.next === undefined ? 'the header Link' : `the address in ${dotted(paging.next)}`
  }
}

function dotted(path: string[]): string {
  return visible(path.join('.'), LONGEST_PATH)
}
