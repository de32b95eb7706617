/** The official conformance suite, as `npm run conformance` runs it: what fails without a committed reason fails here. */
import { beforeAll, expect, it } from 'vitest'
import { authorizationRuns, runAuthorization } from './authorization.ts'
import { runServer, serverRuns } from './server.ts'
import { install } from './suite.ts'

beforeAll(install, 180_000)

it.each(serverRuns)('$what, $revision', { timeout: 60_000 }, async (run) => {
  expect((await runServer(run)).faults).toEqual([])
})

it.each(authorizationRuns)('authorization, client $client, $revision', { timeout: 60_000 }, async (run) => {
  expect((await runAuthorization(run)).faults).toEqual([])
})
