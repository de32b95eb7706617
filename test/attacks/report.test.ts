/** The report itself: a row without a test, or with one that failed or was left out, does not count, and fails the run. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { NODE } from './deployment.ts'
import { nameOf, numberOf, rows } from './rows.ts'
import { judge, type Outcome, tableOf } from './verdict.ts'

const passing: Outcome[] = rows.map((row) => ({ fullName: `${nameOf(row)} > is refused`, state: 'passed' }))
const lastLine = (outcomes: Outcome[]) => tableOf(judge(rows, outcomes)).split('\n').at(-1)

it('knows each of the 34 by its number, and names its advisories', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 34 }, (_, at) => at + 1))
  for (const row of rows) {
    expect(numberOf(nameOf(row))).toBe(row.number)
    for (const id of row.ids) {
      expect(id).toMatch(/^(CVE-\d{4}-\d{4,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3})$/)
      expect(nameOf(row)).toContain(id)
    }
  }
})

it('counts a row where all of its tests passed, and at least one', () => {
  expect(lastLine(passing)).toBe('34 of 34 refused')
  expect(lastLine(passing.slice(1))).toBe('33 of 34 refused')
  expect(lastLine([])).toBe('0 of 34 refused')
  for (const state of ['failed', 'skipped', 'pending'] as const) {
    expect(lastLine([...passing, { fullName: `${nameOf(rows[4]!)} > again`, state }])).toBe(
      '33 of 34 refused',
    )
    expect(lastLine(passing.with(7, { ...passing[7]!, state }))).toBe('33 of 34 refused')
  }
  expect(lastLine([...passing, { fullName: 'knows each > of them', state: 'failed' }])).toBe(
    '34 of 34 refused',
  )
})

it('ends a run in which rows have no test with their names, and a code that is not 0', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const options = [
    'run',
    'test/attacks/pages.test.ts',
    '-t',
    '^6\\. ',
    '--reporter=./test/attacks/reporter.ts',
  ]
  const { code, printed } = await new Promise<{ code: number; printed: string }>((resolve) => {
    execFile(NODE, ['node_modules/vitest/vitest.mjs', ...options], { cwd: root }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), printed: stdout + stderr }),
    )
  })
  expect(printed.trim().split('\n').at(-1)).toBe('1 of 34 refused')
  expect(printed).toMatch(/^ 6 {2}refused +2 tests {2}Clickjacking$/m)
  expect(printed).toMatch(/^ 8 {2}NOT REFUSED +\d+ tests {2}Cross-site scripting/m)
  expect(printed).toMatch(/^33 {2}NOT REFUSED +no test {2}/m)
  expect(code).toBe(1)
}, 60_000)
