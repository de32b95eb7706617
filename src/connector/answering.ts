/** How a tool's answers are shaped: what its document shows, what is declared instead, and the arguments that ask for it. */
import type { Operation } from '../document/operations.ts'
import type { Resolve } from '../document/resolve.ts'
import { type Json, own, type Schema } from '../json.ts'
import type { Answering, Paging } from '../tools/answering.ts'
import type { Tool } from '../tools/tool.ts'
import { fieldFault, fieldsOf, MOST_FIELDS } from './answer-fields.ts'
import { documentedPaging } from './answer-paging.ts'
import { type AnswerRows, documentedRows, rowsAt } from './answer-rows.ts'
import type { AnswerDeclaration, PagingDeclaration } from './declaration.ts'

export interface Shaping {
  answering?: Answering
  /** The arguments that are ours. */
  properties: Record<string, Schema>
  faults: string[]
}

/** `declared` is false where answers are handed on as they are. */
export function compileAnswering(
  tool: Tool,
  operation: Operation,
  declared: AnswerDeclaration | false,
  resolve: Resolve,
): Shaping {
  if (declared === false) return { properties: {}, faults: [] }
  const faults: string[] = []
  const answer = operation.answer === undefined ? [] : [operation.answer]
  const rows = rowsOf(declared, answer, resolve, faults)
  const found = rows === 'none' ? undefined : rows
  const isRecord = declared.rows === undefined && isOneRecord(operation)
  const schemas = isRecord || !found ? answer : found.row
  const fields = declared.fields === false || (!rows && !isRecord) ? [] : fieldsOf(schemas, resolve)
  const summary = declaredSummary(declared, schemas, resolve, faults)
  const served = servedFormats(operation.produces)
  const asks = {
    fields,
    summary,
    formats: found && !isRecord && declared.formats !== false,
    served,
    rows: found !== undefined || (!rows && !isRecord),
  }
  const { names, properties } = ownArguments(tool, asks)
  const { paging, total } = documentedPaging(tool, operation, resolve)
  const stated = declared.paging === undefined ? paging : declared.paging ? split(declared.paging) : undefined
  faults.push(...pagingFaults(declared, tool))
  return {
    answering: {
      ...(declared.budget !== undefined && { budget: declared.budget }),
      ...(rows && { rows: found?.path ?? [] }),
      ...((isRecord || rows === 'none') && { record: true as const }),
      ...totalOf(declared, total),
      ...(stated && !isRecord && { paging: stated }),
      ...(summary.length > 0 && names.fields !== undefined && { summary }),
      ...(Object.keys(served).length > 0 && { served }),
      asks: names,
    },
    properties,
    faults,
  }
}

/** Paths as they are walked. */
function split(declared: PagingDeclaration): Paging {
  const parts = Object.entries(declared).map(([name, value]) => [
    name,
    PATHS.has(name) ? String(value).split('.') : value,
  ])
  return Object.fromEntries(parts) as Paging
}

const PATHS = new Set(['next', 'stated', 'more'])

function totalOf({ total }: AnswerDeclaration, documented: string[] | undefined): { total?: string[] } {
  const path = total === undefined ? documented : total.split('.')
  return path ? { total: path } : {}
}

/** `/invoices/{id}` is one; `/contracts/{id}/lines` and `/reports/sales` are not. */
function isOneRecord({ path }: Operation): boolean {
  return /\}[^/]*$/.test(path.split('?')[0]!)
}

function rowsOf(
  { rows }: AnswerDeclaration,
  answer: Json[],
  resolve: Resolve,
  faults: string[],
): AnswerRows | 'none' | undefined {
  if (rows === false) return 'none'
  if (rows === undefined) return documentedRows(answer, resolve)
  const found = rowsAt(answer, rows === '' ? [] : rows.split('.'), resolve)
  if (typeof found !== 'string') return found
  faults.push(`answers.rows ${rows}: ${found}`)
  return undefined
}

function declaredSummary(
  { summary = [] }: AnswerDeclaration,
  schemas: Json[],
  resolve: Resolve,
  faults: string[],
): string[] {
  const unknown = summary.flatMap((field) => fieldFault(schemas, field, resolve) ?? [])
  faults.push(...unknown.map((fault) => `answers.summary: ${fault}`))
  if (summary.length >= MOST_FIELDS) faults.push(`answers.summary: less than ${MOST_FIELDS} fields`)
  return summary
}

function pagingFaults({ paging }: AnswerDeclaration, { inputSchema }: Tool): string[] {
  if (!paging) return []
  const named = ['page', 'offset', 'cursor', 'size'].flatMap(
    (role) => own(paging as unknown as Record<string, string>, role) ?? [],
  )
  return named
    .filter((argument) => !Object.hasOwn(inputSchema.properties, argument))
    .map((argument) => `answers.paging: the tool has no argument ${argument}`)
}

const FORMATS: Record<string, RegExp> = {
  csv: /^text\/csv\b/,
  markdown: /^text\/markdown\b/,
  html: /^text\/html\b/,
}

/** Formats that the upstream serves, by the media types that it documents beside JSON. */
function servedFormats(produces: string[]): Record<string, string> {
  const isJson = produces.some((type) => /json/.test(type))
  const found = Object.entries(FORMATS).flatMap(([format, pattern]) => {
    const type = produces.find((each) => pattern.test(each))
    return type !== undefined && isJson ? [[format, type] as const] : []
  })
  return Object.fromEntries(found)
}

interface Offer {
  fields: string[]
  summary: string[]
  formats: boolean | undefined
  served: Record<string, string>
  rows: boolean
}

/** Where the upstream has an argument of that name, it is the upstream's; only what reads on must have one in any case. */
function ownArguments({ inputSchema, parameters }: Tool, { fields, summary, formats, served, rows }: Offer) {
  const isFree = (name: string) =>
    !Object.hasOwn(inputSchema.properties, name) && !parameters.some((each) => each.name === name)
  const names: Answering['asks'] = {}
  const properties: Record<string, Schema> = {}
  const options = [...new Set([...summary, ...fields])].slice(0, MOST_FIELDS - (summary.length > 0 ? 1 : 0))
  if (options.length > 1 && isFree('fields')) {
    names.fields = 'fields'
    properties.fields = fieldsArgument(options, summary)
  }
  const offered = ['json', ...new Set([...(formats ? ['csv', 'markdown'] : []), ...Object.keys(served)])]
  if (offered.length > 1 && isFree('format')) {
    names.format = 'format'
    properties.format = {
      type: 'string',
      enum: offered,
      default: 'json',
      description: 'Format of the answer (default json)',
    }
  }
  const skip = SKIP.find(isFree)
  if (rows && skip !== undefined) {
    names.skip = skip
    properties[skip] = {
      type: 'integer',
      minimum: 0,
      description: 'Rows to leave out first, as _lectern.next says (0 or more)',
    }
  }
  return { names, properties }
}

/** The first of them that is free. */
const SKIP = ['skip', 'skipRows', 'skipShownRows']

/** The summary is the first part of the options, so that it need not be listed twice. */
function fieldsArgument(options: string[], summary: string[]): Schema {
  const all = summary.length > 0
  return {
    type: 'array',
    items: { type: 'string', enum: all ? ['*', ...options] : options },
    description: all
      ? `Fields to answer; * for all. Default: the first ${summary.length} after *`
      : 'Fields to answer; default all',
  }
}
