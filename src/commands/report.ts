/** What `lectern compile` tells a person: the tools by namespace, what was skipped and why, and how much a client reads. */

import type { Derived } from '../connector/derive.ts'
import { isDotless } from '../connector/names.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { discoveryOffers } from '../mcp/discovery-offers.ts'
import { definitions as asListed } from '../mcp/view.ts'
import { visible } from '../tools/invisible.ts'
import type { Tool } from '../tools/tool.ts'
import { answerLines } from './answer-lines.ts'
import { isPrivateServer, trusted, withoutGets, withoutServer } from './lacking.ts'
import { count, fold, grouped } from './print.ts'

/** Lines after which a list is folded; `--json` has all of it. */
const MOST = {
  namespaces: 40,
  tools: 30,
  lists: 30,
  reasons: 15,
  operations: 5,
  notes: 15,
  arguments: 6,
} as const
const WIDEST_TITLE = 50
const LONGEST_LINE = 300

/**
 * `definitions` are the tools as they are listed, in the order of the catalog. `isTrusted` where the base URL was given, or
 * may be private.
 */
export function report(
  document: JsonObject,
  derived: Derived,
  definitions: object[],
  isTrusted = false,
): string {
  const { catalog } = derived
  const named = catalog.tools.map((tool, at) => [tool, (definitions[at] as { name: string }).name] as const)
  const byNamespace = grouped(named, ([tool]) => tool.namespace)
  const namespaces = catalog.namespaces
    .map(({ name, title }) =>
      section(
        plain(title) === plain(name) ? name : `${name}: ${line(title)}`,
        toolLines(byNamespace.get(name) ?? []),
      ),
    )
    .filter((each) => each !== '')
  const sections = [
    heading(document, catalog.server, isTrusted),
    derived.operations === 0 ? sentence(withoutGets(derived)) : '',
    ...fold(namespaces, MOST.namespaces),
    section('Lists, as their answers are read:', fold(answerLines(named), MOST.lists, '')),
    section('Skipped:', skippedLines(derived.skipped)),
    section(
      'Notes:',
      fold(
        derived.notes.map((note) => `  ${line(note)}`),
        MOST.notes,
        '',
      ),
    ),
    total(derived, definitions),
  ]
  return sections.filter((each) => each !== '').join('\n\n')
}

function heading(document: JsonObject, server: string, isTrusted: boolean): string {
  const { info, openapi, swagger } = document
  const { title, version } = isObject(info) ? info : {}
  const format = openapi === undefined ? `Swagger ${word(swagger)}` : `OpenAPI ${word(openapi)}`
  const top = `${word(title)} ${word(version)} (${format})`
  if (server === '') return `${top}\n${sentence(withoutServer(document))}`
  const note = `It is not on the public internet, so lectern start refuses it: ${trusted(server)}`
  return [
    top,
    `Base URL: ${line(server)}`,
    ...(isTrusted || !isPrivateServer(server) ? [] : [line(note)]),
  ].join('\n')
}

function sentence(words: string): string {
  return `${words[0]!.toUpperCase()}${words.slice(1)}.`
}

function word(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? visible(String(value), 100) : '(untold)'
}

/** Everything here is the document's own words, and a terminal obeys some characters. */
function line(words: string): string {
  return visible(words, LONGEST_LINE)
}

function section(title: string, lines: string[]): string {
  return lines.length === 0 ? '' : [title, ...lines].join('\n')
}

/** A title that only spells the name otherwise says nothing more. */
function plain(words: string): string {
  return words.toLowerCase().replace(/[\s_-]/g, '')
}

function toolLines(tools: (readonly [Tool, name: string])[]): string[] {
  const rows = tools.map(([tool, name]) => [name, visible(tool.title, WIDEST_TITLE), argumentWords(tool)])
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map(([name, title, words]) =>
    `  ${name!.padEnd(widths[0]!)}  ${title!.padEnd(widths[1]!)}  ${words}`.trimEnd(),
  )
  return fold(lines, MOST.tools)
}

/** The document's own, the required ones first and with a star; those that Lectern adds are the same everywhere, and left out. */
function argumentWords({ inputSchema: { properties, required = [] }, answering }: Tool): string {
  const added = new Set(Object.values(answering?.asks ?? {}))
  const names = Object.keys(properties).filter((name) => !added.has(name))
  const optional = names.filter((name) => !required.includes(name))
  const words = [...names.filter((name) => required.includes(name)).map((name) => `${name}*`), ...optional]
  if (words.length <= MOST.arguments) return words.join(', ')
  return `${words.slice(0, MOST.arguments).join(', ')}, … ${words.length - MOST.arguments} more`
}

/** By reason, since many operations share one. */
function skippedLines(skipped: Derived['skipped']): string[] {
  const groups = [...grouped(skipped, ({ reason }) => reason)].map(([reason, all]) => {
    const operations = all.map(({ operation }) => `    ${line(operation)}`)
    return [`  ${line(reason)}`, ...fold(operations, MOST.operations)].join('\n')
  })
  return fold(groups, MOST.reasons)
}

function total({ catalog, operations, skipped }: Derived, definitions: object[]): string {
  const { tools, discovery } = catalog
  const namespaces = new Set(tools.map(({ namespace }) => namespace))
  const listed = discovery ? asListed(Object.values(discoveryOffers), isDotless(catalog, false)) : definitions
  const size = JSON.stringify(listed).length.toLocaleString('en-US')
  const star = tools.some(({ inputSchema }) => inputSchema.required !== undefined)
  const told = `${count(operations, 'GET operation')}: ${count(tools.length, 'tool')} in ${count(namespaces.size, 'namespace')}, ${skipped.length} skipped.`
  if (tools.length === 0) return told
  const found = discovery ? ': three tools that find, describe and call these' : ''
  return `${told}\ntools/list is about ${size} characters${found}.${star ? ' Arguments with * are required.' : ''}`
}
