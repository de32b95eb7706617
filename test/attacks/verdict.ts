/** Which rows hold: a row counts only where at least one of its tests ran and all of them passed. */
import { numberOf, type Row } from './rows.ts'

/** A test as it ended. */
export interface Outcome {
  /** With the names of the blocks around it. */
  fullName: string
  state: 'passed' | 'failed' | 'skipped' | 'pending'
}

export interface Verdict {
  row: Row
  ran: number
  refused: boolean
}

export function judge(rows: readonly Row[], outcomes: readonly Outcome[]): Verdict[] {
  return rows.map((row) => {
    const own = outcomes.filter(({ fullName }) => numberOf(fullName) === row.number)
    return { row, ran: own.length, refused: own.length > 0 && own.every(({ state }) => state === 'passed') }
  })
}

/** One line a row, and the sum as the last. */
export function tableOf(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ row: { number, title, ids }, ran, refused }) => {
    const tests = ran === 0 ? 'no test' : ran === 1 ? '1 test' : `${ran} tests`
    const words = `${String(number).padStart(2)}  ${refused ? 'refused    ' : 'NOT REFUSED'}  ${tests.padStart(9)}  ${title}`
    return ids.length > 0 ? `${words} (${ids.join(', ')})` : words
  })
  const refused = verdicts.filter((each) => each.refused).length
  return [...lines, '', `${refused} of ${verdicts.length} refused`].join('\n')
}
