/** Node: the environment becomes settings, undici the one GET, and a socket listens. */
import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createApp } from './app.ts'
import type { Catalog } from './connector/catalog.ts'
import { StartError } from './errors.ts'
import { createGet } from './node/get.ts'
import { after, type LogEntry } from './ports.ts'
import { readSettings, type Settings } from './settings.ts'

export interface Running {
  /** Origin that this process listens on, such as `http://127.0.0.1:8787`. */
  url: string
  /** Takes no new connection, lets what is under way end for `grace` seconds (default 0), then closes everything. */
  close(grace?: number): Promise<void>
}

/** Serves a compiled connector. Throws StartError where a setting is wrong or the port is taken. */
export async function serve(
  catalog: Catalog,
  settings: Settings = readSettings(process.env),
): Promise<Running> {
  const egress = createGet(settings)
  const app = createApp(catalog, settings, {
    get: egress.get,
    now: () => Date.now() / 1000,
    random: Math.random,
    id: randomUUID,
    after,
    log: settings.log === 'json' ? writeLine : () => {},
  })
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: timeLimits(settings) }) as Server
  server.maxConnections = settings.maxClients
  // An answer that nobody takes would be held for ever; a call under way is silent too, for as long as its deadline.
  server.setTimeout((settings.clientTimeout + settings.deadline) * 1000)
  await listen(server, settings)
  const { address, family, port } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    async close(grace = 0) {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      const cancel = after(grace, () => server.closeAllConnections())
      await closed
      cancel()
      await egress.close()
    },
  }
}

/** How long a request may take to arrive, looked at often enough to mean it; in milliseconds. */
function timeLimits({ clientTimeout }: Settings) {
  const patience = clientTimeout * 1000
  return {
    requestTimeout: patience,
    headersTimeout: patience,
    connectionsCheckingInterval: Math.min(5000, patience),
  }
}

function listen(server: Server, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen(port, host, resolve)
  })
}

const LISTEN_FAULTS: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (host, port) => `port ${port} on ${host} is taken: end what listens there, or set PORT`,
  EACCES: (_, port) => `port ${port} may not be opened by this user: set PORT to 1024 or above`,
  EADDRNOTAVAIL: (host) => `${host} is no address of this machine: set HOST`,
  ENOTFOUND: (host) => `${host} is no address of this machine: set HOST`,
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const fault = LISTEN_FAULTS[error.code ?? '']
  return fault ? new StartError('The server cannot listen', [fault(host, port)]) : error
}

function writeLine(entry: LogEntry): void {
  process.stdout.write(`${JSON.stringify(entry)}\n`)
}
