/** The deployment with one port of its own: how an address that a stranger chose is asked. All else is as on Node. */

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createApp } from '../../src/app.ts'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { createProviderFetch } from '../../src/node/fetch.ts'
import { createGet } from '../../src/node/get.ts'
import { after, type OAuthPorts, type Ports } from '../../src/ports.ts'
import { createReplayGuard } from '../../src/replay.ts'
import { readSettings } from '../../src/settings.ts'
import { keep } from './stage.ts'

export async function serveWith(env: Record<string, string>, getPublic: OAuthPorts['getPublic']) {
  const settings = readSettings(env)
  const now = () => Date.now() / 1000
  const [egress, provider] = [createGet(settings), createProviderFetch(settings)]
  const replay = createReplayGuard(now, settings.replayEntries)
  const oauth = { fetch: provider.fetch, getPublic, replay }
  const ports: Ports = {
    get: egress.get,
    now,
    random: Math.random,
    id: randomUUID,
    after,
    log: () => {},
    oauth,
  }
  let app: ReturnType<typeof createApp> | undefined
  const server = createAdaptorServer({ fetch: (request: Request) => app!.fetch(request) }) as Server
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  app = createApp(loadFlowtly(), { ...settings, publicUrl: url }, ports)
  return keep({
    url,
    async close() {
      server.closeAllConnections()
      server.close()
      await Promise.all([egress.close(), provider.close()])
    },
  })
}
