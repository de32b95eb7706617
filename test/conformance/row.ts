/** What the runs came to: a table of the runs, and one of the scenarios by revision. */
import { isBad } from './expected.ts'
import type { Check } from './suite.ts'

export interface Row {
  what: string
  revision: string
  checks: Check[]
  /** Empty where the run is as it must be. */
  faults: string[]
}

export function runTable(rows: Row[]): string {
  const cells = rows.map(({ what, revision, checks, faults }) => {
    const passed = checks.filter(({ status }) => status === 'SUCCESS').length
    const bad = checks.filter(isBad).length
    return [faults.length === 0 ? 'ok' : 'NO', what, revision, String(passed), String(bad)]
  })
  const faults = rows.flatMap(({ what, revision, faults }) =>
    faults.map((fault) => `${what}, ${revision}: ${fault}`),
  )
  return [grid([['', 'run', 'revision', 'passed', 'not passed'], ...cells]), ...faults].join('\n')
}

/** One line a scenario: checks passed of checks that say anything, and a star where the rest is explained. */
export function scenarioTable(rows: Row[]): string {
  const names = [...new Set(rows.flatMap(({ checks }) => checks.map(({ scenario }) => scenario)))].sort()
  const cells = names.map((name) => [
    name,
    ...rows.map(({ checks }) => tally(checks.filter(({ scenario }) => scenario === name))),
  ])
  return grid([['scenario', ...rows.map(({ revision }) => revision)], ...cells])
}

function tally(checks: Check[]): string {
  const bad = checks.filter(isBad).length
  const passed = checks.filter(({ status }) => status === 'SUCCESS').length
  if (passed + bad === 0) return '-'
  return `${passed}/${passed + bad}${bad > 0 ? ' *' : ''}`
}

function grid(rows: string[][]): string {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)))
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd(),
  )
  return lines.join('\n')
}
