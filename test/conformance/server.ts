/** The suite's server scenarios: the fixture connector, which has all that they ask for, and Flowtly as it is. */
import { serve } from '../../src/node.ts'
import { readSettings } from '../../src/settings.ts'
import { AURORA } from '../connector.ts'
import { type Login, startLogin } from '../login.ts'
import { newClient, redeem, walkToCode } from '../person.ts'
import { loadFixture } from './connector.ts'
import { faultsOf, readExpected } from './expected.ts'
import { startProxy } from './proxy.ts'
import type { Row } from './row.ts'
import { runSuite } from './suite.ts'
import { startUpstream } from './upstream.ts'

/** How the suite is asked for a revision: by its frozen set, or, where it has none, by what applies to it. */
const SETS = {
  '2026-07-28': ['--requirements', '2026-07-28'],
  '2025-11-25': ['--requirements', '2025-11-25'],
  '2025-06-18': ['--suite', 'active', '--spec-version', '2025-06-18'],
}
type Revision = keyof typeof SETS

export interface ServerRun {
  what: string
  revision: Revision
  /** File of the failures that are explained. */
  expected: string
  start(): Promise<Target>
}

interface Target {
  /** The address that the suite is given. */
  endpoint: string
  close(): Promise<void>
}

const all = Object.keys(SETS) as Revision[]
const frozen: Revision[] = ['2026-07-28', '2025-11-25']

export const serverRuns: ServerRun[] = [
  ...all.map((revision) => run('fixture', revision, startFixture)),
  ...frozen.map((revision) =>
    run('Flowtly, with an API key', revision, () => startFlowtly(async () => AURORA)),
  ),
  ...frozen.map((revision) =>
    run('Flowtly, behind a token of a sign-in', revision, () => startFlowtly(signIn)),
  ),
]

function run(what: string, revision: Revision, start: ServerRun['start']): ServerRun {
  return { what, revision, expected: `${what.split(',')[0]!.toLowerCase()}-${revision}.txt`, start }
}

export async function server(): Promise<Row[]> {
  const rows: Row[] = []
  for (const each of serverRuns) rows.push(await runServer(each))
  return rows
}

export async function runServer({ what, revision, expected, start }: ServerRun): Promise<Row> {
  const { endpoint, close } = await start()
  try {
    const checks = await runSuite(['server', '--url', endpoint, ...SETS[revision]])
    return { what, revision, checks, faults: faultsOf(checks, readExpected(expected)) }
  } finally {
    await close()
  }
}

async function startFixture(): Promise<Target> {
  const upstream = await startUpstream()
  const settings = readSettings({ PORT: '0', LECTERN_LOG: 'off', LECTERN_UPSTREAM_URL: upstream.url })
  const running = await serve(loadFixture(), settings)
  return {
    endpoint: `${running.url}/mcp`,
    async close() {
      await running.close()
      upstream.close()
    },
  }
}

async function startFlowtly(credential: (login: Login) => Promise<string>): Promise<Target> {
  const login = await startLogin()
  const proxy = await startProxy(login.url, await credential(login))
  return {
    endpoint: proxy.endpoint,
    async close() {
      proxy.close()
      await login.close()
    },
  }
}

async function signIn({ url }: Login): Promise<string> {
  const client = await newClient({ issuer: url })
  const { status, body } = await redeem(client, (await walkToCode(client)).get('code')!)
  if (status !== 200) throw new Error(`no token: ${status} ${JSON.stringify(body)}`)
  return body.access_token
}
