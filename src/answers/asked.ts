/** What a call asks of its answer: which fields, in which format, from which row on. */
import { type Json, own, text } from '../json.ts'
import type { Answering } from '../tools/answering.ts'
import type { Arguments, Tool } from '../tools/tool.ts'
import type { Format } from './table.ts'

export interface Asked {
  /** Undefined where all of them are. */
  fields: string[] | undefined
  /** True where nobody asked and the declaration's choice holds. */
  summary: boolean
  table: Format | undefined
  skip: number
  /** True where the call reads on after another, so that its answer goes on telling what comes next. */
  resumed: boolean
  /** True where nothing keeps the answer from being handed on as it is. */
  plain: boolean
}

/** Stands for every field where a summary is shown otherwise. */
export const ALL_FIELDS = '*'

/** What the answer says of itself then. */
export const SUMMARY = 'a summary; fields: ["*"] shows all'

/** And where the upstream's own text has no fields to choose from. */
export const UNCHOSEN = 'all: the upstream wrote this text itself'

export function askedOf(tool: Tool, args: Arguments): Asked {
  const named = ownArgument('fields', tool, args) as string[] | undefined
  const fields = named ?? tool.answering?.summary
  const wanted =
    fields === undefined || fields.length === 0 || fields.includes(ALL_FIELDS) ? undefined : fields
  const format = ownArgument('format', tool, args)
  const table = format === 'csv' || format === 'markdown' ? format : undefined
  const skip = ownArgument('skip', tool, args)
  return {
    fields: wanted,
    summary: wanted !== undefined && named === undefined,
    table,
    skip: Number(skip ?? 0),
    resumed: skip !== undefined,
    plain: wanted === undefined && table === undefined && skip === undefined,
  }
}

/** True where a caller named fields, which a text that is no JSON has not. */
export function isUnchosen({ fields, summary }: Asked): boolean {
  return fields !== undefined && !summary
}

/** The value of an argument of ours, under the name that was free for it. */
function ownArgument(role: keyof Answering['asks'], { answering }: Tool, args: Arguments): Json | undefined {
  const name = answering?.asks[role]
  return name === undefined ? undefined : own(args, name)
}

/** What asks for all where a summary is shown otherwise: who reads by an address cannot ask for more. */
export function inFull({ answering }: Tool): Arguments {
  const { summary, asks } = answering ?? { asks: {} }
  return summary && asks.fields !== undefined ? { [asks.fields]: [ALL_FIELDS] } : {}
}

/**
 * The media type to ask for where the upstream serves the format itself. A table of some fields of rows is made here, as its own
 * has all; of a record none is.
 */
export function acceptOf(tool: Tool, args: Arguments): string {
  const { answering, accept } = tool
  const format = text(ownArgument('format', tool, args))
  const served = format === undefined ? undefined : own(answering?.served ?? {}, format)
  if (served === undefined) return accept
  const { fields, table } = askedOf(tool, args)
  if (fields && table && !answering?.record) return accept
  const others = accept.split(', ').filter((type) => type !== served)
  return [served, ...others.map((type) => (type.includes(';q=') ? type : `${type};q=0.5`))].join(', ')
}

/** The arguments as they were given, but for those that would be filled in again. */
export function givenOf({ defaults }: Tool, args: Arguments): Arguments {
  const given = Object.entries(args).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(own(defaults, name)),
  )
  return Object.fromEntries(given)
}
