/** The measures as Markdown. */
import type { Measured, Measures, Single } from './measure.ts'

const WAYS = ['through', 'byDefault', 'best'] as const

export function questionTable(rows: Measured[]): string {
  const head = ['Question', 'Calls', 'Passed through', 'By default', 'Saved', 'Fields and CSV', 'Saved']
  const sum = (what: 'calls' | 'tokens') =>
    WAYS.map((way) => rows.reduce((total, row) => total + row[way][what], 0))
  const lines = rows.map((row) => [
    row.question.asked,
    calls(WAYS.map((way) => row[way].calls)),
    ...costs(WAYS.map((way) => row[way].tokens)),
  ])
  return grid([head, ...lines, ['All of them', calls(sum('calls')), ...costs(sum('tokens'))]])
}

/** One number where every way takes as many. */
function calls(counts: number[]): string {
  return new Set(counts).size === 1 ? String(counts[0]) : counts.join(', ')
}

function costs([through, ...ways]: number[]): string[] {
  return [grouped(through!), ...ways.flatMap((tokens) => [grouped(tokens), saved(through!, tokens)])]
}

export function pageTable([through, ...ways]: Single[]): string {
  const asked = (args: object) => `\`${JSON.stringify(args)}\``
  const lines = ways.map((way) => [
    asked(way.arguments),
    grouped(way.tokens),
    saved(through!.tokens, way.tokens),
  ])
  const first = [`${asked(through!.arguments)}, passed through`, grouped(through!.tokens), '']
  return grid([['`invoices.list` with', 'Tokens', 'Saved'], first, ...lines])
}

export function listedLine({ through, byDefault }: Measures['listed']): string {
  return `\`tools/list\` is ${grouped(byDefault)} tokens with the arguments that Lectern adds, and ${grouped(through)} without them.`
}

/** Never more than it is: what is not quite half does not become half. */
function saved(whole: number, part: number): string {
  return `${Math.floor(100 * (1 - part / whole))} %`
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}

/** The first column is text, the others are numbers. */
function grid([head = [], ...lines]: string[][]): string {
  const rule = head.map((_, at) => (at === 0 ? '---' : '--:'))
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
