/** What all documents came to, in numbers that are the same on every machine. */
import type { Severity } from '../../src/doctor/finding.ts'
import type { Outcome } from './pool.ts'
import type { Result } from './result.ts'

/** One line of the table. */
export interface Line {
  documents: number
  gets: number
  tools: number
  skipped: number
  /** Neither a tool nor skipped with a reason. */
  lost: number
  /** Tools of which no call can be sent. */
  stuck: number
  documented: number
  offered: number
  refusals: number
  losses: number
  tokens: { median: number; p95: number; max: number }
}

export interface Totals {
  crashes: number
  total: Line
  groups: Record<string, Line>
  /** By reason, with what it quotes left out; the most frequent first, as in all of these. */
  skipped: Record<string, number>
  /** Documents that gave no tool, by the compiler's reason. */
  refused: Record<string, number>
  /** By client and rule. */
  refusals: Record<string, number>
  losses: Record<string, number>
}

export function totalsOf(outcomes: Outcome[]): Totals {
  const results = resultsOf(outcomes)
  const groups = [...new Set(outcomes.map(({ document }) => document.group))].sort()
  const found = (severity: Severity) =>
    tally(
      results.flatMap(({ findings }) =>
        findings.filter((each) => each.severity === severity).map(({ client, rule }) => `${client} ${rule}`),
      ),
    )
  return {
    crashes: outcomes.length - results.length,
    total: lineOf(outcomes),
    groups: Object.fromEntries(
      groups.map((group) => [group, lineOf(outcomes.filter(({ document }) => document.group === group))]),
    ),
    skipped: tally(results.flatMap(({ skipped }) => skipped.map(({ reason }) => unquoted(reason)))),
    refused: tally(results.flatMap(({ refused }) => (refused === undefined ? [] : [unquoted(refused)]))),
    refusals: found('refusal'),
    losses: found('loss'),
  }
}

function resultsOf(outcomes: Outcome[]): Result[] {
  return outcomes.flatMap(({ result }) => ('crash' in result ? [] : [result]))
}

function lineOf(outcomes: Outcome[]): Line {
  const results = resultsOf(outcomes)
  const sum = (count: (result: Result) => number) =>
    results.reduce((total, result) => total + count(result), 0)
  const tokens = results.flatMap((result) => result.tokens).sort((a, b) => a - b)
  const at = (share: number) => tokens[Math.min(tokens.length - 1, Math.floor(tokens.length * share))] ?? 0
  const found = (severity: Severity) =>
    sum(({ findings }) => findings.filter((each) => each.severity === severity).length)
  return {
    documents: outcomes.length,
    gets: sum(({ gets }) => gets),
    tools: sum(({ tools }) => tools),
    skipped: sum(({ skipped }) => skipped.length),
    lost: sum(({ gets, tools, skipped }) => Math.max(0, gets - tools - skipped.length)),
    stuck: sum(({ stuck }) => stuck.length),
    documented: sum(({ documented }) => documented),
    offered: sum(({ offered }) => offered),
    refusals: found('refusal'),
    losses: found('loss'),
    tokens: { median: at(0.5), p95: at(0.95), max: tokens.at(-1) ?? 0 },
  }
}

function tally(keys: string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)))
}

/** A reason names what it is about; to count reasons, that is left out. */
export function unquoted(reason: string): string {
  return reason
    .replace(/"[^"]*"|`[^`]*`|‘[^’]*’|'[^']*'|https?:\/\/\S+?(?=[:;,]? |$)/g, '…')
    .replace(/\d+(,\d{3})*/g, 'n')
}

/** Each number that differs, as `path: before -> now`. */
export function differences(before: object, now: object): string[] {
  const old = numbers(before)
  const new_ = numbers(now)
  return [...new Set([...old.keys(), ...new_.keys()])]
    .filter((path) => (old.get(path) ?? 0) !== (new_.get(path) ?? 0))
    .map((path) => `${path}: ${old.get(path) ?? 0} -> ${new_.get(path) ?? 0}`)
}

function numbers(tree: object, path = ''): Map<string, number> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]): [string, number][] => {
      const at = path === '' ? key : `${path} / ${key}`
      return typeof value === 'number' ? [[at, value]] : [...numbers(value, at)]
    }),
  )
}
