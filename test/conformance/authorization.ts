/** The suite's authorization-server scenarios: the address that it prints is opened by a person who allows and signs in. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startLogin } from '../login.ts'
import { register, walkToCode } from '../person.ts'
import { faultsOf } from './expected.ts'
import type { Row } from './row.ts'
import { type Check, runSuite } from './suite.ts'

interface Run {
  /** How the client is known to the connector. */
  client: 'registered' | 'described by a document'
  revision: string
  /** Path of the resource that is asked for; undefined asks for none. */
  resource?: string
}

export const authorizationRuns: Run[] = [
  { client: 'registered', revision: '2026-07-28', resource: '/mcp' },
  { client: 'registered', revision: '2025-11-25', resource: '' },
  { client: 'registered', revision: '2025-03-26' },
  { client: 'described by a document', revision: '2026-07-28', resource: '/mcp' },
]

export async function authorization(): Promise<Row[]> {
  const rows: Row[] = []
  for (const run of authorizationRuns) rows.push(await runAuthorization(run))
  return rows
}

export async function runAuthorization(run: Run): Promise<Row> {
  const checks = await check(run)
  const granted = checks.some(
    ({ name, status }) => name.startsWith('authorization-code-grant:') && status === 'SUCCESS',
  )
  return {
    what: `authorization, client ${run.client}, ${run.resource === undefined ? 'no resource' : `resource ${run.resource || 'of the bare origin'}`}`,
    revision: run.revision,
    checks,
    faults: [
      ...faultsOf(checks, new Map()),
      ...(granted ? [] : ['authorization-code-grant did not run to its end']),
    ],
  }
}

/** Whoever is not known is refused, so that the registration or the document is what lets the client in. */
async function check({ client, revision, resource }: Run): Promise<Check[]> {
  const port = await freePort()
  const redirect = `http://127.0.0.1:${port}/callback`
  const document = client === 'described by a document' ? await publish(redirect) : undefined
  const login = await startLogin({
    LECTERN_UNKNOWN_CLIENTS: 'refuse',
    LECTERN_PRIVATE_CLIENT_ORIGINS: document?.origin ?? '',
  })
  try {
    const id = document?.clientId ?? (await register(login.url, { redirect_uris: [redirect] })).client_id
    const args = ['authorization', '--url', login.url, '--client-id', id, '-p', String(port)]
    if (resource !== undefined) args.push('--resource', login.url + resource)
    return await runSuite([...args, '--spec-version', revision], opener(login.url, redirect))
  } finally {
    await login.close()
    document?.close()
  }
}

/** Walks once from the first address of ours that is printed, and brings the answer to the suite's callback. */
function opener(issuer: string, redirect: string): (printed: string) => void {
  let opened = false
  return (printed) => {
    const address = printed.split(/\s/).find((word) => word.startsWith(`${issuer}/authorize?`))
    // The last word may not be whole yet.
    if (opened || address === undefined || printed.endsWith(address)) return
    opened = true
    walkToCode({ authorizeUrl: address, redirect })
      .then((answer) => fetch(`${redirect}?${answer}`))
      .catch((error: Error) => fetch(`${redirect}?${new URLSearchParams({ error: error.message })}`))
      .catch((error: Error) => console.error(error.message))
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A client metadata document on this machine. */
async function publish(redirect: string) {
  const server = createServer((_, response) => {
    const document = { client_id: clientId, client_name: 'Conformance suite', redirect_uris: [redirect] }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clientId = `${origin}/client.json`
  return { origin, clientId, close: () => server.close() }
}
