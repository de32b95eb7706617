/** The embedded upstreams over real HTTP, Flowtly and below /pos a point of sale, with made-up data and faults to choose from. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { readOnlyApi } from './answers.ts'
import { createApi } from './api.ts'
import { type FaultName, faults } from './faults.ts'
import { type Identity, type IdentityOptions, startIdentity } from './identity.ts'
import type { TokenReader } from './keys.ts'
import { createPos } from './pos/api.ts'

export interface SandboxOptions {
  /** Default 0: any free one. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  fault?: FaultName
  /** Starts an identity provider too, whose access tokens open the books beside the demo keys. */
  identity?: true | IdentityOptions
  /** Takes the access tokens of a provider that runs elsewhere. */
  tokens?: TokenReader
}

/** A request as it came in; `path` with its query, as on the wire. */
export interface SandboxRequest {
  method: string
  path: string
  headers: Record<string, string>
}

export interface Sandbox {
  /** Where Flowtly's API is. */
  readonly url: string
  /** Where the point of sale's API is. */
  readonly posUrl: string
  readonly port: number
  readonly identity: Identity | undefined
  /** How /v1/* and /pos/v1/* misbehave; may be changed at any time. */
  fault: FaultName | undefined
  /** How long the fault `slow` waits, in milliseconds. */
  slowMs: number
  /** The last 1,000 requests, the oldest first. */
  readonly requests: SandboxRequest[]
  /** Requests that are not answered to the end and not given up. */
  readonly open: number
  /** Cuts every connection and stops listening, as does the identity provider. */
  close(): Promise<void>
}

const mostRequests = 1_000

/**
 * Starts the embedded Flowtly API. Rejects with the error of `listen`, such as EADDRINUSE, or with what `startIdentity`
 * throws.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { identity: wanted } = options
  const identity = wanted && (await startIdentity(wanted === true ? {} : wanted))
  try {
    return await serve(options, identity)
  } catch (error) {
    await identity?.close()
    throw error
  }
}

async function serve(options: SandboxOptions, identity: Identity | undefined): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', tokens = identity } = options
  const apis = readOnlyApi().route('/pos', createPos()).route('/', createApi(tokens))
  const answer = getRequestListener(apis.fetch, { overrideGlobalObjects: false })
  const requests: SandboxRequest[] = []
  let open = 0
  const chosen = { fault: options.fault, turn: 0, slowMs: 2_000 }
  const server = createServer((request, response) => {
    if (requests.push(note(request)) > mostRequests) requests.shift()
    open++
    response.once('close', () => open--)
    const proceed = () => void answer(request, response)
    if (chosen.fault === undefined || !/^(\/pos)?\/v1\//.test(request.url ?? '')) return proceed()
    faults[chosen.fault]({ request, response, turn: chosen.turn++, slowMs: chosen.slowMs, proceed })
  })
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
  return {
    url,
    posUrl: `${url}/pos`,
    port: address.port,
    identity,
    get fault() {
      return chosen.fault
    },
    set fault(name) {
      chosen.fault = name
      chosen.turn = 0
    },
    get slowMs() {
      return chosen.slowMs
    },
    set slowMs(wait) {
      chosen.slowMs = wait
    },
    requests,
    get open() {
      return open
    },
    async close() {
      await Promise.all([close(server), identity?.close()])
    },
  }
}

function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  return closed
}

function note({ method = '', url = '', headers }: IncomingMessage): SandboxRequest {
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return { method, path: url, headers: Object.fromEntries(flat) }
}
