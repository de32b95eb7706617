/** Cloudflare Workers: bindings become settings, the platform's `fetch` the one GET. */
import { createApp } from './app.ts'
import type { Catalog } from './connector/catalog.ts'
import { EgressError } from './errors.ts'
import { after, type GetOptions, type Ports, type Reply, readReply } from './ports.ts'
import { readSettings } from './settings.ts'

export interface Worker {
  fetch(request: Request, env: Record<string, unknown>): Response | Promise<Response>
}

/** A Worker that serves a compiled connector; the app is made once per isolate. */
export function createWorker(catalog: Catalog): Worker {
  let app: ReturnType<typeof createApp> | undefined
  return {
    fetch(request, env) {
      app ??= createApp(catalog, workerSettings(env), ports)
      return app.fetch(request)
    },
  }
}

/** The platform owns the socket, so the Host check of a loopback listener does not apply. */
function workerSettings(env: Record<string, unknown>) {
  const strings = Object.entries(env).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  return readSettings({ ...Object.fromEntries(strings), HOST: '0.0.0.0' })
}

const ports: Ports = {
  get,
  now: () => Date.now() / 1000,
  random: Math.random,
  id: () => crypto.randomUUID(),
  after,
  log: (entry) => console.log(JSON.stringify(entry)),
}

/** `fetch` decodes by itself; it is told not to follow redirects. */
async function get(url: URL, { headers, signal, maxBytes }: GetOptions): Promise<Reply> {
  try {
    const answer = await fetch(url, { method: 'GET', headers, signal, redirect: 'manual' })
    const body = answer.body
      ? await readReply(answer.status, answer.body as unknown as AsyncIterable<Uint8Array>, maxBytes)
      : EMPTY
    return { status: answer.status, header: (name) => answer.headers.get(name) ?? undefined, body }
  } catch (error) {
    if (error instanceof EgressError) throw error
    throw new EgressError(signal.aborted ? 'aborted' : 'closed', String(error))
  }
}

const EMPTY = new Uint8Array()
