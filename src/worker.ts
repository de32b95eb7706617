/** Cloudflare Workers: bindings become settings, the platform's `fetch` the ways out. */
import { createApp } from './app.ts'
import type { Catalog } from './connector/catalog.ts'
import { KNOWN_HOSTS } from './oauth/public-address.ts'
import { after } from './ports.ts'
import { createReplayGuard } from './replay.ts'
import { isLoopbackUrl, readSettings } from './settings.ts'
import { unknownSettings } from './unknown-settings.ts'
import { fetchProvider, getPublic } from './worker/fetch.ts'
import { get } from './worker/get.ts'
import { createReplayObjectGuard, type ReplayNamespace } from './worker/replay-object.ts'

export { ReplayObject } from './worker/replay-object.ts'

export interface Worker {
  fetch(request: Request, env: Record<string, unknown>): Response | Promise<Response>
}

/** A Worker that serves a compiled connector; the app is made once per isolate. */
export function createWorker(catalog: Catalog): Worker {
  let app: ReturnType<typeof createApp> | undefined
  return {
    fetch(request, env) {
      app ??= createWorkerApp(catalog, env)
      return app.fetch(request)
    },
  }
}

/** The platform owns the socket, so the Host check of a loopback listener does not apply. */
function createWorkerApp(catalog: Catalog, env: Record<string, unknown>): ReturnType<typeof createApp> {
  const strings = Object.entries(env).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  const given = Object.fromEntries(strings)
  const unknown = unknownSettings(given)
  if (unknown !== undefined) console.warn(unknown)
  const read = readSettings({ ...given, HOST: '0.0.0.0' })
  // There are always several isolates, but for one under `wrangler dev`.
  const local = read.publicUrl !== undefined && isLoopbackUrl(new URL(read.publicUrl))
  const settings = { ...read, replicas: local ? read.replicas : Math.max(2, read.replicas) }
  const now = () => Date.now() / 1000
  const replay = isNamespace(env.REPLAY)
    ? createReplayObjectGuard(env.REPLAY)
    : createReplayGuard(now, settings.replayEntries)
  const hosts = settings.clientDocumentHosts
  return createApp(
    catalog,
    { ...settings, clientDocumentHosts: hosts.length > 0 ? hosts : [...KNOWN_HOSTS] },
    {
      get,
      now,
      random: Math.random,
      id: () => crypto.randomUUID(),
      after,
      log: settings.log === 'json' ? (entry) => console.log(JSON.stringify(entry)) : () => {},
      oauth: { fetch: fetchProvider, getPublic, replay },
    },
  )
}

/** The Durable Object binding, where wrangler.toml has it. */
function isNamespace(binding: unknown): binding is ReplayNamespace {
  return typeof (binding as ReplayNamespace | undefined)?.idFromName === 'function'
}
