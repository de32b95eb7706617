/** The suite's server scenarios, with an API key and behind a token of a real sign-in: both must come to the same. */
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AURORA } from '../connector.ts'
import { type Login, startLogin } from '../login.ts'
import { newClient, redeem, walkToCode } from '../person.ts'
import type { Row } from './row.ts'
import { type Check, runSuite } from './suite.ts'

/** What the connector passes of each revision's set: the rest asks for tools, resources and prompts of a test server. */
const EXPECTED = [
  { revision: '2026-07-28', passed: 99, failed: 70 },
  { revision: '2025-11-25', passed: 35, failed: 26 },
]

export async function server(): Promise<Row[]> {
  const login = await startLogin()
  try {
    const rows: Row[] = []
    for (const expected of EXPECTED) rows.push(...(await compare(login, expected)))
    return rows
  } finally {
    await login.close()
  }
}

async function compare(login: Login, expected: (typeof EXPECTED)[number]): Promise<Row[]> {
  const withKey = await runBehind(login, AURORA, expected.revision)
  const withToken = await runBehind(login, await signIn(login), expected.revision)
  const statuses = new Map(withKey.map(({ name, status }) => [name, status]))
  const differing = withToken
    .filter(({ name, status }) => statuses.get(name) !== status)
    .map(({ name, status }) => `${name} is ${status}, with a key ${statuses.get(name) ?? 'missing'}`)
  return [
    toRow('server, with an API key', expected, withKey, []),
    toRow('server, behind a token of a sign-in', expected, withToken, differing),
  ]
}

function toRow(what: string, expected: (typeof EXPECTED)[number], checks: Check[], faults: string[]): Row {
  const count = (status: Check['status']) => checks.filter((check) => check.status === status).length
  const [passed, failed] = [count('SUCCESS'), count('FAILURE')]
  const off =
    passed !== expected.passed || failed !== expected.failed
      ? [`expected ${expected.passed} passed, ${expected.failed} failed`]
      : []
  const row = { what, revision: expected.revision, passed, failed, warnings: count('WARNING') }
  return { ...row, faults: [...off, ...faults] }
}

async function signIn({ url }: Login): Promise<string> {
  const client = await newClient({ issuer: url })
  const { status, body } = await redeem(client, (await walkToCode(client)).get('code')!)
  if (status !== 200) throw new Error(`no token: ${status} ${JSON.stringify(body)}`)
  return body.access_token
}

/** The suite cannot send a credential: a proxy adds it, and leaves Host and Origin as they came. */
async function runBehind({ url }: Login, bearer: string, revision: string): Promise<Check[]> {
  const { hostname, port } = new URL(url)
  const proxy = createServer((asked, answer) => {
    const headers = { ...asked.headers, authorization: `Bearer ${bearer}` }
    const passed = request({ hostname, port, path: asked.url, method: asked.method, headers }, (found) => {
      answer.writeHead(found.statusCode!, found.headers)
      found.pipe(answer)
    })
    passed.on('error', () => answer.destroy())
    answer.on('close', () => passed.destroy())
    asked.pipe(passed)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/mcp`
  try {
    return await runSuite(['server', '--url', address, '--requirements', revision])
  } finally {
    proxy.closeAllConnections()
    proxy.close()
  }
}
