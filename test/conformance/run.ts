/** Runs the official conformance suite and prints what it came to: `npm run conformance [-- authorization|server]`. */
import { authorization } from './authorization.ts'
import { type Row, runTable, scenarioTable } from './row.ts'
import { server } from './server.ts'
import { install } from './suite.ts'

const parts: Record<string, () => Promise<Row[]>> = { authorization, server }

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) {
  console.error(`there is no ${unknown.join(', ')}: the parts are ${Object.keys(parts).join(' and ')}`)
  process.exit(2)
}
await install()
const rows: Row[] = []
for (const name of asked.length > 0 ? asked : Object.keys(parts)) rows.push(...(await parts[name]!()))
const fixture = rows.filter(({ what }) => what === 'fixture')
if (fixture.length > 0) console.log(`${scenarioTable(fixture)}\n`)
console.log(runTable(rows))
process.exitCode = rows.every(({ faults }) => faults.length === 0) ? 0 : 1
