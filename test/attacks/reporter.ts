/** Reports a run of the attacks as the table of rows; a row that does not hold, or has no test, fails the run. */
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { rows } from './rows.ts'
import { judge, tableOf } from './verdict.ts'

export default class AttackReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message: string }[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const failures = [
      ...modules.flatMap((module) =>
        module.errors().map(({ message }) => `${module.moduleId}\n  ${message}`),
      ),
      ...tests.flatMap(failuresOf),
      ...unhandled.map(({ message }) => `outside of any test\n  ${message}`),
    ]
    for (const failure of failures) console.log(`${failure}\n`)
    const verdicts = judge(
      rows,
      tests.map((test) => ({ fullName: test.fullName, state: test.result().state })),
    )
    console.log(tableOf(verdicts))
    if (failures.length > 0 || verdicts.some(({ refused }) => !refused)) process.exitCode = 1
  }
}

function failuresOf(test: TestCase): string[] {
  return (test.result().errors ?? []).map(({ message, stacks }) => {
    const { file, line } = stacks?.[0] ?? {}
    return `${test.fullName}\n  ${message}${file === undefined ? '' : `\n  ${file}:${line}`}`
  })
}
