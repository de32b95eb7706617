/** How far a call has read, and which call reads on. */
import type { Arguments } from '../tools/tool.ts'
import { type Asked, givenOf, SUMMARY } from './asked.ts'
import { noteText } from './note.ts'
import { nextPage, numberAt } from './paging.ts'
import type { ToolCall } from './tool-call.ts'

export interface Progress {
  /** Rows of this page that come after those that were skipped. */
  remaining: number
  skip: number
  /** What there is to say where `shown` of them are shown, and what was cut. */
  note: (shown: number, cuts: string[]) => string | undefined
}

export interface Reading {
  /** The whole answer as JSON. */
  text: string
  /** Rows in it. */
  rows: number
  /** True where they are lines of a text, which the upstream does not count. */
  lines?: boolean
  asked: Asked
  call: ToolCall
  /** Why other fields are shown than were asked for. */
  fields?: string | undefined
  /** Why the format is another than was asked for. */
  format?: string | undefined
}

export function progress(reading: Reading): Progress {
  const { rows, asked, call, fields, format } = reading
  const { tool, args } = call
  const { answering } = tool
  const skip = Math.min(asked.skip, rows)
  const remaining = rows - skip
  const { total, following } = pages(reading)
  const given = givenOf(tool, args)
  const skipping = answering?.asks.skip
  const changes = (shown: number): Arguments | undefined => {
    if (shown < remaining) return skipping === undefined ? undefined : { [skipping]: skip + shown }
    // With it the next answer goes on telling what comes after it, also where it fits.
    return following && { ...following, ...(skipping !== undefined && { [skipping]: 0 }) }
  }
  return {
    remaining,
    skip,
    note(shown, cut) {
      const changed = changes(shown)
      const isPart = changed !== undefined || shown < remaining || skip > 0
      const of = total ?? (answering?.paging ? undefined : rows)
      return noteText(
        {
          ...(skip > 0 && { skipped: skip }),
          ...(isPart && { shown, of }),
          fields: asked.summary ? SUMMARY : fields,
          format,
          cut,
          ...(shown < remaining && !changed && { more: NARROW }),
          ...(changed && { next: call.again({ ...given, ...changed }) }),
        },
        changed,
        call.budget,
      )
    },
  }
}

/** How many rows there are on all pages, and what leads to the next one. */
function pages({ text, rows, lines, call }: Reading): { total?: number; following?: Arguments } {
  const { tool, args, header, target } = call
  const { total: path, paging } = tool.answering ?? {}
  if (lines && paging?.kind !== 'link') return {}
  const total = (path && numberAt(text, path)) ?? countOf(header('x-total-count'))
  const following = nextPage({ tool, args, text, rows, total, header, target })
  return { ...(total !== undefined && !lines && { total }), ...(following && { following }) }
}

const NARROW = 'ask for less, by filters or a smaller page'

function countOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}
