/** Holds a list of tools against every client that may receive it. */
import { CLIENTS, type Client } from './clients.ts'
import type { Finding, ListedTool, Severity, Spot } from './finding.ts'
import { nameFaults } from './names.ts'
import { type RuleName, spotsOf } from './rules.ts'

export interface LintOptions {
  /** The name under which a person adds the connector: most clients put it before each tool's. */
  server: string
  /** By o200k_base, or near it. */
  countTokens: (text: string) => number
  clients?: Client[]
  /** True where the tools are reached through others that find, describe and call them: directories refuse that. */
  discovery?: boolean
}

/** Every finding, in the order of the clients, then of the tools. */
export function lint(tools: ListedTool[], options: LintOptions): Finding[] {
  const spots = tools.map((tool) => spotsOf(tool, options.countTokens(modelText(tool))))
  return (options.clients ?? CLIENTS).flatMap((client) => [
    ...nameFaults(client, options.server, tools).map(({ tool, rule, note }) => ({
      client: client.name, tool, rule, at: '/name', severity: 'refusal' as const, note,
    })),
    ...tools.flatMap(({ name }, index) => findings(client, name, spots[index]!)),
    ...findings(client, '', options.discovery ? HIDDEN : NOTHING),
  ]) // biome-ignore format: a finding a line
}

const NOTHING = new Map<RuleName, Spot[]>()
const HIDDEN = new Map<RuleName, Spot[]>([
  ['discovery', [{ at: '', note: 'the tools are reached by finding them, and reviewers see none' }]],
])

/** What a model is given of a tool, and what its size is counted from. */
export function modelText({ name, description, inputSchema }: ListedTool): string {
  return JSON.stringify({ name, description, inputSchema })
}

function findings(client: Client, tool: string, spots: Map<RuleName, Spot[]>): Finding[] {
  const held: [Severity, RuleName[]][] = [
    ['refusal', client.refuses],
    ['loss', client.loses],
  ]
  return held.flatMap(([severity, rules]) =>
    rules.flatMap((rule) =>
      (spots.get(rule) ?? [])
        .filter(({ keyword }) => keyword === undefined || client.drops.includes(keyword))
        .map(({ at, note }) => ({ client: client.name, tool, rule, at, severity, note })),
    ),
  )
}
