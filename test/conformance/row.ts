/** One line of the table: a run of the suite, and what was wrong with it. */

export interface Row {
  what: string
  revision: string
  passed: number
  failed: number
  warnings: number
  /** Empty where the run is as it must be. */
  faults: string[]
}

export function table(rows: Row[]): string {
  const head = ['', 'run', 'revision', 'passed', 'failed', 'warnings']
  const cells = rows.map(({ what, revision, passed, failed, warnings, faults }) => [
    faults.length === 0 ? 'ok' : 'NO',
    what,
    revision,
    ...[passed, failed, warnings].map(String),
  ])
  const widths = head.map((_, at) => Math.max(...[head, ...cells].map((row) => row[at]!.length)))
  const lines = [head, ...cells].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd(),
  )
  const faults = rows.flatMap(({ what, faults }) => faults.map((fault) => `${what}: ${fault}`))
  return [...lines, ...(faults.length > 0 ? ['', ...faults] : [])].join('\n')
}
