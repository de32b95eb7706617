/** A server of our own in a process of its own, as `npm start` runs it, with its access log to read afterwards. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Entry = { method: string; path: string; status: number; grant?: string; detail?: string }
export type Serving = {
  url: URL
  /** One entry for each request, in order. */
  log: Entry[]
  close(): Promise<void>
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export type How = {
  /** Where another one listened. */
  port?: number
  /** Seconds that tokens live. */
  ttl?: number
  /** Settings beside the defaults. */
  env?: Record<string, string>
}

export async function serveSandbox({ port = 0, ttl = 0, env = {} }: How = {}): Promise<Serving> {
  const start = [at('../../src/cli.ts'), 'start', '--sandbox', '--port', String(port)]
  const args = ttl > 0 ? [at('./short-lived.ts'), String(ttl)] : start
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.add(child)
  const ended = once(child, 'exit').then(() => running.delete(child))
  const log: Entry[] = []
  const url = await new Promise<string>((resolve, reject) => {
    void ended.then(() => reject(new Error('the server ended')))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^Lectern serves .* at (http\S+)/.exec(line)?.[1]
      if (found) resolve(found)
      if (line.startsWith('{"time"') && !line.includes('"warning"')) log.push(JSON.parse(line))
    })
  })
  return {
    url: new URL(url),
    log,
    async close() {
      child.kill('SIGINT')
      await ended
    },
  }
}

/** What a client asked for and was refused, the same thing once: `2 x GET /mcp 405`. */
export function refusals(log: Entry[]): string[] {
  const counts = new Map<string, number>()
  for (const { method, path, status, detail } of log.filter((entry) => entry.status >= 400)) {
    const key = `${method} ${path} ${status}${detail ? ` (${detail})` : ''}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].map(([key, count]) => `${count} x ${key}`)
}
