/** Sources of knowledge as they are declared: their tools, arguments, members and addresses checked, and made plain. */
import { pathOf } from '../answers/spans.ts'
import type { OpenDocument } from '../document/document.ts'
import { type Json, own } from '../json.ts'
import { titleFault, urlFault } from '../tools/citation.ts'
import { closest } from '../tools/closest.ts'
import type { Tool } from '../tools/tool.ts'
import { variablesOf } from '../tools/uri-template.ts'
import { documentedRows, rowsAt } from './answer-rows.ts'
import { schemasAt } from './answer-schema.ts'
import type { Knowledge } from './catalog.ts'
import type { Declaration, KnowledgeDeclaration } from './declaration.ts'
import { type Known, usable } from './known.ts'

/** Results of one search, unless declared. */
const RESULTS = 20

/** Every declared source, in the order of the declaration; the faults that keep one from being asked. */
export function compileKnowledge(
  { namespaces }: Declaration,
  opened: OpenDocument,
  known: Known,
  tools: Tool[],
): { knowledge: Knowledge[]; faults: string[] } {
  const faults: string[] = []
  const knowledge = Object.entries(namespaces).flatMap(([namespace, { title, knowledge: declared }]) => {
    if (declared === undefined) return []
    const source = plain(namespace, title, declared)
    const found = [
      ...toolFaults(source, declared, tools),
      ...templateFaults(declared),
      ...(hasTools(source, tools)
        ? memberFaults(source, declared, (name) => answerOf(name, known, tools), opened)
        : []),
    ]
    faults.push(...found.map((fault) => `${namespace}: knowledge.${fault}`))
    return [source]
  })
  return { knowledge, faults }
}

/** `rows` is filled in where the document tells. */
function plain(namespace: string, title: string, declared: KnowledgeDeclaration): Knowledge {
  const {
    list,
    get,
    rows = '',
    record = '',
    idField = 'id',
    title: label,
    results = RESULTS,
    ...more
  } = declared
  return {
    ...more,
    namespace,
    title,
    list: `${namespace}.${list}`,
    rows,
    get: `${namespace}.${get}`,
    record,
    idField,
    label,
    results,
  }
}

function toolFaults(source: Knowledge, declared: KnowledgeDeclaration, tools: Tool[]): string[] {
  const own = tools.filter(({ namespace }) => namespace === source.namespace)
  return (['list', 'get'] as const).flatMap((member) => {
    const tool = own.find(({ name }) => name === source[member])
    if (tool !== undefined) return argumentFaults(tool, member === 'list' ? 'query' : 'id', declared)
    const actions = own.map(({ name }) => name.slice(source.namespace.length + 1))
    const near = closest(declared[member], actions)
    return [
      `${member}: there is no tool ${source[member]}${near === undefined ? '' : `; did you mean ${near}?`}`,
    ]
  })
}

/** The argument takes a text of any words, and nothing else has to be given. */
function argumentFaults(tool: Tool, member: 'query' | 'id', declared: KnowledgeDeclaration): string[] {
  const { properties, required = [] } = tool.inputSchema
  const name = declared[member]
  const schema = own(properties, name)
  const others = required.filter((each) => each !== name && own(tool.defaults, each) === undefined)
  const lacking = others.map((each) => `${member}: ${tool.name} needs ${each} too`)
  if (schema === undefined) {
    const near = closest(name, Object.keys(properties))
    return [
      `${member}: ${tool.name} has no argument ${name}${near === undefined ? '' : `; did you mean ${near}?`}`,
      ...lacking,
    ]
  }
  const types = [schema.type ?? schema.anyOf?.map(({ type }) => type ?? [])].flat(2)
  const isText = types.includes('string') && schema.enum === undefined
  const fits = member === 'query' ? isText : isText || types.includes('integer')
  return fits ? lacking : [`${member}: the argument ${name} of ${tool.name} takes no text`, ...lacking]
}

function templateFaults({ title, url }: KnowledgeDeclaration): string[] {
  return [
    ...[titleFault(title)].flatMap((fault) => (fault === undefined ? [] : [`title ${title} ${fault}`])),
    ...[urlFault(url)].flatMap((fault) => (fault === undefined ? [] : [`url ${url} ${fault}`])),
  ]
}

function hasTools(source: Knowledge, tools: Tool[]): boolean {
  return [source.list, source.get].every((wanted) => tools.some(({ name }) => name === wanted))
}

type AnswerOf = (tool: string) => Json[]

/** Empty where the document says nothing of it, and everything might be there. */
function answerOf(name: string, known: Known, tools: Tool[]): Json[] {
  const tool = tools.find((each) => each.name === name)
  const operation = tool && usable(tool.operation, known)
  return typeof operation === 'object' && operation.answer !== undefined ? [operation.answer] : []
}

/** Members that neither a row nor a record can have; writes `rows` into the source where the document tells it. */
function memberFaults(
  source: Knowledge,
  declared: KnowledgeDeclaration,
  answer: AnswerOf,
  opened: OpenDocument,
): string[] {
  const { resolve } = opened
  const list = answer(source.list)
  const found =
    declared.rows === undefined ? documentedRows(list, resolve) : rowsAt(list, pathOf(declared.rows), resolve)
  if (found === undefined || found === 'none')
    return [`rows is missing: the document does not say which list in the answer of ${source.list} is meant`]
  if (typeof found === 'string') return [`rows ${declared.rows}: ${found}`]
  source.rows = found.path.join('.')
  const records = schemasAt(answer(source.get), pathOf(source.record), resolve)
  if (typeof records === 'string') return [`record ${source.record}: ${records}`]
  const both: [string, Json[]][] = [
    [source.list, found.row],
    [source.get, records],
  ]
  return [
    ...missing('idField', [source.idField], [both[0]!], opened),
    ...missing('title', withoutId(declared.title), both, opened),
    ...missing('url', withoutId(declared.url), both, opened),
    ...missing('updated', declared.updated ? [declared.updated] : [], [both[1]!], opened),
    ...missing('date', declared.date ? [declared.date] : [], [both[1]!], opened),
  ]
}

/** `{id}` is the id, whatever its member is called. */
function withoutId(template: string): string[] {
  return variablesOf(template).filter((name) => name !== 'id')
}

function missing(
  member: string,
  paths: string[],
  answers: [string, Json[]][],
  opened: OpenDocument,
): string[] {
  return paths.flatMap((path) =>
    answers.flatMap(([tool, schemas]) => {
      const found = schemasAt(schemas, pathOf(path), opened.resolve)
      return typeof found === 'string' ? [`${member}: ${path}: ${tool}: ${found}`] : []
    }),
  )
}
