/** How a tool's answers are shaped: what its document shows, what is declared instead, and the arguments that ask for it. */
import { ALL_FIELDS } from '../answers/asked.ts'
import { pathOf } from '../answers/spans.ts'
import type { Operation } from '../document/operations.ts'
import type { Resolve } from '../document/resolve.ts'
import { type Json, own, type Schema } from '../json.ts'
import type { Answering, Paging } from '../tools/answering.ts'
import type { Tool } from '../tools/tool.ts'
import { fieldFault, fieldsOf, MOST_FIELDS } from './answer-fields.ts'
import { type Documented, documentedPaging } from './answer-paging.ts'
import { type AnswerRows, documentedRows, rowsAt } from './answer-rows.ts'
import type { AnswerDeclaration, PagingDeclaration, ToolDeclaration } from './declaration.ts'

export interface Shaping {
  answering?: Answering
  /** The arguments that are ours, as they are listed, and in full where they take more. */
  properties: Record<string, Schema>
  accepts: Record<string, Schema>
  faults: string[]
}

/** What a tool's answers are compiled from. */
export interface AnswerSource {
  operation: Operation
  /** What the tool says itself. */
  declared: Pick<ToolDeclaration, 'answers'>
  /** Of all levels, the nearest first; false where answers are handed on as they are. */
  answers: AnswerDeclaration | false
  resolve: Resolve
}

export function compileAnswering(tool: Tool, source: AnswerSource): Shaping {
  const { operation, answers: declared, resolve } = source
  if (declared === false) return { properties: {}, accepts: {}, faults: [] }
  const faults = pagingFaults(declared, tool)
  const answer = operation.answer === undefined ? [] : [operation.answer]
  const rows = declaredRows(declared, answer, resolve, faults)
  const record = rows === 'none' || (declared.rows === undefined && isOneRecord(operation))
  const found = rows === 'none' ? undefined : rows
  const schemas = record || !found ? answer : found.row
  // Where the rows are none, nothing is known of their fields.
  const isLost = rows === undefined && declared.rows !== undefined
  // A summary that is inherited speaks of rows.
  const isInherited = record && !namesSummary(source.declared)
  const summary = isInherited || isLost ? [] : declaredSummary(declared, schemas, resolve, faults)
  const served = servedFormats(operation.produces)
  const { names, properties, accepts } = ownArguments(tool, {
    fields: declared.fields === false || (!rows && !record) ? [] : fieldsOf(schemas, resolve),
    summary,
    formats: found !== undefined && !record && declared.formats !== false,
    served,
    rows: found !== undefined || (!rows && !record),
    record,
  })
  const answering: Answering = {
    ...(declared.budget !== undefined && { budget: declared.budget }),
    ...(rows && { rows: found?.path ?? [] }),
    ...(record && { record: true as const }),
    ...pagesOf(declared, documentedPaging(tool, operation, resolve), record),
    ...(summary.length > 0 && names.fields !== undefined && { summary }),
    ...(Object.keys(served).length > 0 && { served }),
    asks: names,
  }
  return { answering, properties, accepts, faults }
}

function pagesOf(
  declared: AnswerDeclaration,
  documented: Documented,
  record: boolean,
): Pick<Answering, 'paging' | 'total'> {
  const total = declared.total === undefined ? documented.total : declared.total.split('.')
  const paging = declared.paging ? split(declared.paging) : documented.paging
  return {
    ...(total && { total }),
    ...(paging && declared.paging !== false && !record && { paging }),
  }
}

function namesSummary({ answers }: AnswerSource['declared']): boolean {
  return answers !== false && answers?.summary !== undefined
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

/** `/invoices/{id}` is one; `/contracts/{id}/lines` and `/reports/sales` are not. */
function isOneRecord({ path }: Operation): boolean {
  return /\}[^/]*$/.test(path.split('?')[0]!)
}

/** As they are declared, else as they are documented. */
function declaredRows(
  { rows }: AnswerDeclaration,
  answer: Json[],
  resolve: Resolve,
  faults: string[],
): AnswerRows | 'none' | undefined {
  if (rows === false) return 'none'
  if (rows === undefined) return documentedRows(answer, resolve)
  const found = rowsAt(answer, pathOf(rows), resolve)
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

/** What a call of the tool could ask of its answer. */
interface Askable {
  fields: string[]
  summary: string[]
  formats: boolean
  served: Record<string, string>
  rows: boolean
  record: boolean
}

interface Added {
  names: Answering['asks']
  /** As they are listed: each word of them is in every conversation. */
  properties: Record<string, Schema>
  /** What they take in full. */
  accepts: Record<string, Schema>
}

/** Where the upstream has an argument of that name, it is the upstream's; only what reads on must have one in any case. */
function ownArguments({ inputSchema, parameters }: Tool, askable: Askable): Added {
  const isFree = (name: string) =>
    !Object.hasOwn(inputSchema.properties, name) && !parameters.some((each) => each.name === name)
  const added: Added = { names: {}, properties: {}, accepts: {} }
  if (askable.fields.length > 1 && isFree('fields')) addFields(askable, added)
  const formats = [
    'json',
    ...new Set([...(askable.formats ? ['csv', 'markdown'] : []), ...Object.keys(askable.served)]),
  ]
  if (formats.length > 1 && isFree('format')) {
    added.names.format = 'format'
    added.properties.format = { type: 'string', enum: formats, description: 'Default json' }
  }
  const name = SKIP.find(isFree)
  if (askable.rows && name !== undefined) {
    added.names.skip = name
    added.properties[name] = { type: 'integer', description: 'As _lectern.next says' }
    added.accepts[name] = { type: 'integer', minimum: 0 }
  }
  return added
}

/** The first of them that is free. */
const SKIP = ['skip', 'skipRows', 'skipShownRows']

/** The summary is the first part of the options, so that it need not be listed twice. */
function addFields({ fields, summary, record }: Askable, { names, properties, accepts }: Added): void {
  const inner = new Set(fields.map((path) => path.slice(0, Math.max(path.lastIndexOf('.'), 0))))
  // A record is small, and its parts few; of a row's object, what stands inside is what a table wants.
  const listed = record
    ? fields.filter((path) => !path.includes('.'))
    : fields.filter((path) => !inner.has(path))
  const all = summary.length > 0
  const options = (paths: string[]) => [...new Set([...summary, ...paths])]
  const described = all
    ? `* for all; default the ${summary.length} after it`
    : 'Default all; dots lead inside'
  names.fields = 'fields'
  properties.fields = {
    type: 'array',
    items: {
      type: 'string',
      enum: [...(all ? [ALL_FIELDS] : []), ...options(listed)].slice(0, MOST_FIELDS),
    },
    description: described,
  }
  // Who has learned * from one tool writes it to the next, and whatever is listed is taken.
  accepts.fields = { type: 'array', items: { type: 'string', enum: [ALL_FIELDS, ...options(fields)] } }
}
