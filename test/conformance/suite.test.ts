/** The official conformance suite, as `npm run conformance` runs it: what fails without a committed reason fails here. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { authorizationRuns, runAuthorization } from './authorization.ts'
import { type Row, runTable, scenarioTable } from './row.ts'
import { runServer, serverRuns } from './server.ts'
import { install } from './suite.ts'

beforeAll(install, 180_000)

const rows: Row[] = []

it.each(authorizationRuns)('authorization, client $client, $revision', { timeout: 60_000 }, async (run) => {
  const row = await runAuthorization(run)
  expect(row.faults).toEqual([])
  rows.push(row)
})

it.each(serverRuns)('$what, $revision', { timeout: 60_000 }, async (run) => {
  const row = await runServer(run)
  expect(row.faults).toEqual([])
  rows.push(row)
})

it('came to what the README shows', () => {
  const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
  expect(readme).toContain(runTable(rows))
  expect(readme).toContain(scenarioTable(rows.filter(({ what }) => what === 'fixture')))
})
