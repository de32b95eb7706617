/** What `lectern doctor` tells a person: a line a client, the findings by tool with what to do, and the tokens. */

import { visible } from '../tools/invisible.ts'
import type { Diagnosis, Told, Verdict } from './diagnosis.ts'
import { count, fold, grouped } from './print.ts'
import { TOKENIZER } from './tokens.ts'

/** Lines after which a list is folded; `--json` has all of it. */
const MOST = { tools: 30, rules: 10, spots: 3, sizes: 6, names: 4 } as const
const LONGEST_LINE = 200

export function diagnosisReport(diagnosis: Diagnosis): string {
  const { title, server, clients, findings, tokens, notes } = diagnosis
  const sections = [
    `${line(title)}: ${count(tokens.tools.length, 'tool')}, added as ${server}`,
    clientLines(clients),
    ...fold(toolSections(findings), MOST.tools),
    ...notes.map((note) => line(`Note: ${note}.`, 2 * LONGEST_LINE)),
    tokenLines(tokens),
    summary(clients),
  ]
  return sections.join('\n\n')
}

function clientLines(clients: Verdict[]): string {
  const rows = clients.map(({ client, title, verdict, example }) => [client, verdict, example, title])
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => line(row[column]!).length)))
  return rows
    .map((row) => `  ${row.map((cell, column) => line(cell).padEnd(widths[column] ?? 0)).join('  ')}`)
    .join('\n')
}

/** By tool; tools of which the very same is to be told stand together. */
function toolSections(findings: Told[]): string[] {
  const tools = [...grouped(findings, ({ tool }) => tool).values()]
  const alike = grouped(tools, (each) => [...byRule(each)].map(([rule, all]) => `${rule} ${who(all)}`).join())
  return [...alike.values()].map((group) => {
    const names = group.map(([first]) => (first!.tool === '' ? 'The connector' : line(first!.tool)))
    const rules = [...byRule(group.flat()).values()].map((all) => ruleLines(all, group.length > 1))
    return [foldWords(names, MOST.names), ...fold(rules, MOST.rules)].join('\n')
  })
}

function byRule(findings: Told[]): Map<string, Told[]> {
  return grouped(findings, ({ rule }) => rule)
}

/** One rule: what it asks for, where it is broken, who minds, and the fix. */
function ruleLines(findings: Told[], isShared: boolean): string {
  const { rule, asks, fix } = findings[0]!
  const spots = findings.map(({ tool, at, note }) =>
    line(`${isShared ? `${tool} ` : ''}${at} ${note}`.trim()),
  )
  return [
    `  ${rule}: ${asks}`,
    ...fold(
      [...new Set(spots)].map((spot) => `    ${spot}`),
      MOST.spots,
    ),
    `    ${who(findings)}`,
    `    Fix: ${fix}.`,
  ].join('\n')
}

function who(findings: Told[]): string {
  const named = (severity: Told['severity']) =>
    [...new Set(findings.filter((each) => each.severity === severity).map(({ client }) => client))].join(', ')
  const [refused, lost] = [named('refusal'), named('loss')]
  return [refused && `refused by ${refused}`, lost && `lost on ${lost}`]
    .filter((each) => each !== '')
    .join('; ')
}

function tokenLines({ method, total, tools }: Diagnosis['tokens']): string {
  const largest = tools.toSorted((a, b) => b.tokens - a.tokens)
  const shown = largest.slice(0, largest.length > MOST.sizes ? MOST.sizes - 1 : MOST.sizes)
  const rest = largest.slice(shown.length)
  const rows: [string, number][] = [
    ...shown.map(({ name, tokens }): [string, number] => [line(name), tokens]),
    ...(rest.length > 0 ? [[`${rest.length} smaller ones`, sum(rest)] as [string, number]] : []),
    ['all of them', total],
  ]
  const widest = Math.max(...rows.map(([name]) => name.length))
  const digits = total.toLocaleString('en-US').length
  const heading =
    method === 'estimate'
      ? `Tokens, estimated as four characters each (npm install ${TOKENIZER} counts them):`
      : `Tokens of name, description and input schema, by ${method}:`
  const lines = rows.map(
    ([name, tokens]) => `  ${name.padEnd(widest)}  ${tokens.toLocaleString('en-US').padStart(digits)}`,
  )
  return [heading, ...lines].join('\n')
}

function summary(clients: Verdict[]): string {
  const named = (verdict: Verdict['verdict']) =>
    clients.filter((each) => each.verdict === verdict).map(({ client }) => client)
  const refusing = named('refuses')
  const losing = named('accepts with losses').length
  if (refusing.length > 0) return `Refused by ${refusing.join(', ')}.`
  if (clients.length === 1) return `Taken by ${clients[0]!.client}${losing > 0 ? ', with losses' : ''}.`
  return `Taken by all ${clients.length}${losing > 0 ? `, by ${losing} of them with losses` : ''}.`
}

function sum(tools: { tokens: number }[]): number {
  return tools.reduce((total, { tokens }) => total + tokens, 0)
}

/** Names and notes are the server's own words, and a terminal obeys some characters. */
function line(words: string, longest: number = LONGEST_LINE): string {
  return visible(words, longest)
}

function foldWords(words: string[], most: number): string {
  if (words.length <= most) return words.join(', ')
  return `${words.slice(0, most - 1).join(', ')} and ${words.length - most + 1} more`
}
