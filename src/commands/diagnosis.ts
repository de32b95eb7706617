/** What the doctor finds, as values: a verdict a client, the findings with their fixes, and how large each tool is. */
import type { Client } from '../doctor/clients.ts'
import type { Finding, ListedTool } from '../doctor/finding.ts'
import { FIXES } from '../doctor/fixes.ts'
import { lint, modelText } from '../doctor/lint.ts'
import { nameFaults, seenName } from '../doctor/names.ts'
import { RULES, type RuleName } from '../doctor/rules.ts'
import type { Examined } from './examined.ts'
import { grouped } from './print.ts'
import type { TokenCounter } from './tokens.ts'

export interface Verdict {
  client: string
  title: string
  verdict: 'accepts' | 'accepts with losses' | 'refuses'
  refusals: number
  losses: number
  /** The first tool, as this client's model calls it. */
  example: string
}

/** A finding, with the tool's own name, what the rule asks for and what to do. */
export interface Told extends Finding {
  asks: string
  fix: string
}

/** What `lectern doctor --json` prints. */
export interface Diagnosis {
  /** The name under which it is added. */
  server: string
  title: string
  clients: Verdict[]
  findings: Told[]
  /** Of name, description and input schema, which is what a model is given. */
  tokens: { method: TokenCounter['method']; total: number; tools: { name: string; tokens: number }[] }
  /** What no client refuses here, and somebody would elsewhere. */
  notes: string[]
}

export function diagnose(
  examined: Examined,
  server: string,
  clients: Client[],
  { count, method }: TokenCounter,
): Diagnosis {
  const unknown = examined.listFor(undefined)
  const tools = unknown.map((tool) => ({ name: tool.name, tokens: count(modelText(tool)) }))
  const found = new Map(clients.map(({ name }) => [name, [] as Told[]]))
  // Few lists for many clients: a tool is looked at once for all of them that see it alike.
  for (const [listed, some] of grouped(clients, examined.listFor)) {
    const own = new Map(listed.map(({ name }, at) => [name, unknown[at]?.name ?? name]))
    const discovery = examined.discovery ?? false
    for (const finding of lint(listed, { server, countTokens: count, clients: some, discovery }))
      found.get(finding.client)!.push({ ...told(finding), tool: own.get(finding.tool) ?? finding.tool })
  }
  return {
    server,
    title: examined.title,
    clients: clients.map((client) =>
      verdictOf(client, server, examined.listFor(client), found.get(client.name)!),
    ),
    findings: [...found.values()].flat(),
    tokens: { method, total: tools.reduce((sum, { tokens }) => sum + tokens, 0), tools },
    notes: withoutSignIn(examined, server, clients),
  }
}

function told(finding: Finding): Told {
  return { ...finding, asks: RULES[finding.rule as RuleName], fix: FIXES[finding.rule as RuleName] }
}

function verdictOf(client: Client, server: string, tools: ListedTool[], findings: Finding[]): Verdict {
  const refusals = findings.filter(({ severity }) => severity === 'refusal').length
  const losses = findings.length - refusals
  return {
    client: client.name,
    title: client.title,
    verdict: refusals > 0 ? 'refuses' : losses > 0 ? 'accepts with losses' : 'accepts',
    refusals,
    losses,
    example: seenName(client, server, tools[0]!.name),
  }
}

/** A caller with a key is not known by its client, so all of them are given the names that stand in the catalog. */
function withoutSignIn(examined: Examined, server: string, clients: Client[]): string[] {
  const tools = examined.listFor(undefined)
  const refusing = clients
    .filter((client) => examined.listFor(client) !== tools)
    .filter((client) => nameFaults(client, server, tools).length > 0)
  if (refusing.length === 0) return []
  const who = refusing.map(({ name }) => name).join(', ')
  return [
    `${who} would refuse ${tools[0]!.name}: they are given names without dots because they sign in. Whoever calls with a key is not told apart, and is given the dots; toolNames: "underscore" leaves them out for all`,
  ]
}
