/** The run as a person reads it: a table by group, reasons, what clients refuse, and the costliest documents. */
import { ALONE_BYTES, type Outcome } from './pool.ts'
import { differences, type Line, type Totals } from './totals.ts'

const HEAD = ['', 'documents', 'GETs', 'tools', 'skipped', 'lost', 'stuck', 'arguments', 'of', 'refusals', 'losses', 'tokens', 'p95', 'max'] // biome-ignore format: one line

export function report(totals: Totals, outcomes: Outcome[], verbose: boolean): string {
  const rows = [...Object.entries(totals.groups), ['total', totals.total] as const].map(([name, line]) =>
    cells(name, line),
  )
  return [
    grid([HEAD, ...rows]),
    counted('skipped', totals.skipped),
    counted('documents without a tool', totals.refused),
    counted('refusals', totals.refusals),
    counted('losses', totals.losses),
    costliest(outcomes),
    crashes(outcomes),
    ...(verbose ? outcomes.map(details) : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function cells(name: string, line: Line): string[] {
  const { tokens, documents, gets, tools, skipped, lost, stuck, offered, documented, refusals, losses } = line
  const numbers = [documents, gets, tools, skipped, lost, stuck, offered, documented, refusals, losses]
  return [name, ...[...numbers, tokens.median, tokens.p95, tokens.max].map((n) => n.toLocaleString('en'))]
}

function grid(rows: string[][]): string {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)))
  return rows
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '),
    )
    .join('\n')
}

function counted(title: string, counts: Record<string, number>): string {
  const lines = Object.entries(counts).map(([what, n]) => `${n.toLocaleString('en').padStart(9)}  ${what}`)
  return [`${title}: ${lines.length === 0 ? 'none' : ''}`.trimEnd(), ...lines].join('\n')
}

function costliest(outcomes: Outcome[]): string {
  const most = (unit: 'ms' | 'mb', least = 0) =>
    outcomes
      .filter(({ document }) => document.bytes >= least)
      .flatMap(({ document, result }) =>
        'crash' in result ? [] : [{ name: document.name, n: result[unit] }],
      )
      .sort((a, b) => b.n - a.n)
      .slice(0, 3)
      .map(({ name, n }) => `${name} ${n.toLocaleString('en')} ${unit === 'ms' ? 'ms' : 'MB'}`)
      .join(', ')
  return `slowest: ${most('ms')}\nmost memory: ${most('mb', ALONE_BYTES)}`
}

function crashes(outcomes: Outcome[]): string {
  return outcomes
    .flatMap(({ document, result }) => ('crash' in result ? [`CRASH ${document.name}: ${result.crash}`] : []))
    .join('\n')
}

/** Every skip and every kind of finding of one document, the latter with its first place. */
function details({ document, result }: Outcome): string {
  if ('crash' in result) return ''
  const kinds = new Map<string, string[]>()
  for (const { client, severity, rule, tool, at, note } of result.findings) {
    const key = `${severity} ${client} ${rule}`
    kinds.set(key, [...(kinds.get(key) ?? []), `${tool} ${at} ${note}`])
  }
  const lost = result.gets - result.tools - result.skipped.length
  const lines = [
    ...(result.refused === undefined ? [] : [`no tool: ${result.refused}`]),
    ...(lost === 0 ? [] : [`${lost} lost`]),
    ...result.stuck.map((why) => `stuck ${why}`),
    ...result.skipped.map(({ operation, reason }) => `skipped ${operation}: ${reason}`),
    ...[...kinds].map(([kind, places]) => `${kind}: ${places.length}, first ${places[0]}`),
  ]
  return lines.length === 0 ? '' : [document.name, ...lines.map((line) => `  ${line}`)].join('\n')
}

/** What fails the run: the reasons, or nothing. */
export function faults(totals: Totals, before: Totals | undefined): string[] {
  const { total, crashes, refusals } = totals
  const share = total.skipped / Math.max(1, total.gets)
  return [
    ...(crashes > 0 ? [`${crashes} documents crashed the compiler`] : []),
    ...(total.lost > 0 ? [`${total.lost} operations were lost without a reason`] : []),
    ...(share > 0.02 ? [`${(share * 100).toFixed(1)} % of the operations were skipped, of at most 2 %`] : []),
    ...Object.entries(refusals).map(([what, n]) => `${n} refusals: ${what}`),
    ...(before === undefined ? [] : differences(before, totals)),
  ]
}
