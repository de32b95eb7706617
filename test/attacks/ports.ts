/** The deployment with one port of its own: how an address that a stranger chose is asked. All else is as on Node. */

import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createApp } from '../../src/app.ts'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { openPorts } from '../../src/node.ts'
import type { OAuthPorts } from '../../src/ports.ts'
import { readSettings } from '../../src/settings.ts'
import { keep } from './stage.ts'

export async function serveWith(env: Record<string, string>, getPublic: OAuthPorts['getPublic']) {
  const settings = readSettings(env)
  const { ports, close } = await openPorts(settings)
  let app: ReturnType<typeof createApp> | undefined
  const server = createAdaptorServer({ fetch: (request: Request) => app!.fetch(request) }) as Server
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  app = createApp(
    loadFlowtly(),
    { ...settings, publicUrl: url },
    {
      ...ports,
      log: () => {},
      oauth: { ...ports.oauth!, getPublic },
    },
  )
  return keep({
    url,
    async close() {
      server.closeAllConnections()
      server.close()
      await close()
    },
  })
}
