/** One empty temporary home for one client: a clean environment, a time limit, and nothing left behind. */
import {
  type ChildProcess,
  type ChildProcessByStdio,
  type ChildProcessWithoutNullStreams,
  spawn,
} from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Target } from './row.ts'

type Env = Record<string, string>
export type Finished = { code: number | null; out: string; err: string; late: boolean }
export type Home = {
  path: string
  /** Runs the client once to its end, or ends it after `limit` seconds. */
  run(args: string[], env?: Env, limit?: number): Promise<Finished>
  /** Starts the client for a conversation over its stdin and stdout. */
  start(args: string[], env?: Env): ChildProcessWithoutNullStreams
  close(): void
}
export type Program = { version: string; command: string[] }

const seconds = 60
const groups = new Set<number>()
const homes = new Set<string>()

// One hook for every way out, a fault and Ctrl-C included: it ends what we started and removes what we wrote.
process.on('exit', () => {
  for (const pid of groups) end(pid)
  for (const path of homes) remove(path)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

/** The version and command line of an installed client, read from its own package.json. */
export function program(name: string, bin: string): Program {
  const root = fileURLToPath(new URL(`./node_modules/${name}/`, import.meta.url))
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const path = join(root, typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin])
  return { version: manifest.version, command: /\.[cm]?js$/.test(path) ? [process.execPath, path] : [path] }
}

export function openHome(client: Program, target: Target): Home {
  const path = mkdtempSync(join(tmpdir(), 'lectern-client-'))
  homes.add(path)
  for (const name of ['work', 'tmp']) mkdirSync(join(path, name))
  const options = (env: Env) => ({
    cwd: join(path, 'work'),
    env: { ...offline(path, target), ...env },
    // A group of its own, so that a client's children end with it.
    detached: true,
  })
  const [file = '', ...first] = client.command
  return {
    path,
    run: (args, env = {}, limit = seconds) => {
      // Nothing on stdin: print modes would wait for more of the prompt there.
      const child = spawn(file, [...first, ...args], { ...options(env), stdio: ['ignore', 'pipe', 'pipe'] })
      return finish(child, limit)
    },
    start: (args, env = {}) => {
      const child = spawn(file, [...first, ...args], options(env))
      watch(child)
      return child
    },
    close: () => remove(path),
  }
}

// Loopback and the server under test are reached directly; anything else meets a proxy that is not there.
function offline(path: string, target: Target): Env {
  const nowhere = 'http://127.0.0.1:9'
  return {
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: path,
    TMPDIR: join(path, 'tmp'),
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_PROXY: ['127.0.0.1', 'localhost', target.url.hostname].join(','),
  }
}

function finish(child: ChildProcessByStdio<null, Readable, Readable>, limit: number): Promise<Finished> {
  return new Promise((resolve) => {
    const done: Finished = { code: null, out: '', err: '', late: false }
    child.stdout.setEncoding('utf8').on('data', (text) => (done.out += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (done.err += text))
    const timer = setTimeout(() => {
      done.late = true
      if (child.pid) end(child.pid)
    }, limit * 1000)
    watch(child, (code) => {
      clearTimeout(timer)
      resolve({ ...done, code })
    })
  })
}

function watch(child: ChildProcess, closed?: (code: number | null) => void): void {
  const { pid } = child
  if (pid) groups.add(pid)
  child.on('error', () => closed?.(null))
  // `exit`, not only `close`: a child left behind may hold the pipes open for ever.
  child.on('exit', () => pid && end(pid))
  child.on('close', (code) => closed?.(code))
}

/** Ends a process that we started, with its group. */
export function end(pid: number): void {
  groups.delete(pid)
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It had ended by itself.
  }
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  homes.delete(path)
}
