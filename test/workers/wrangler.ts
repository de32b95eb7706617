/** Real workerd for tests, started by `wrangler dev` on a free port. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

const root = new URL('../..', import.meta.url).pathname

export interface Dev {
  url: string
  close(): Promise<void>
}

/** `args` follow `wrangler dev`; `given` is the port, by default a free one. Rejects with what wrangler printed when it ends too early. */
export async function startWrangler(args: string[], given?: number): Promise<Dev> {
  const port = given ?? (await freePort())
  const address = ['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0']
  const quiet = {
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  }
  const child = spawn(`${root}node_modules/.bin/wrangler`, ['dev', ...address, ...args], {
    cwd: root,
    env: { ...process.env, ...quiet },
    stdio: 'pipe',
    detached: true,
  })
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        printed += chunk
        if (printed.includes('Ready on')) resolve()
      })
    }
    child.once('close', () => reject(new Error(`wrangler ended: ${printed}`)))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      // The whole process group: wrangler starts workerd as a child of its own.
      process.kill(-child.pid!, 'SIGTERM')
      await once(child, 'close')
    },
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  return port
}
