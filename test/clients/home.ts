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
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Choice, Visit } from './browser.ts'
import { installBrowser, quoted, visitsOf } from './desktop.ts'
import type { Target } from './row.ts'

type Env = Record<string, string>
export type Finished = { code: number | null; out: string; err: string; late: boolean }
export type Way = {
  /** Seconds after which the client is ended; default 60. */
  limit?: number
  /** On a terminal of its own, since some logins want one (`script` of util-linux). */
  terminal?: boolean
  /** What a person answers once the client has written something. */
  answer?: { to: RegExp; with: string }
}
export type Home = {
  path: string
  /** Runs the client once to its end, or ends it at its limit. */
  run(args: string[], env?: Env, way?: Way): Promise<Finished>
  /** Starts the client for a conversation over its stdin and stdout. */
  start(args: string[], env?: Env): ChildProcessWithoutNullStreams
  /** What the person's browser saw, once it was opened so many times, or was not within ten seconds. */
  visits(least: number): Promise<Visit[]>
  /** From now on the person decides like this. */
  decide(choice: Choice): void
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
  for (const name of ['work', 'tmp', 'bin']) mkdirSync(join(path, name))
  if (target.person) installBrowser(path, target.person)
  const options = (env: Env) => ({
    cwd: join(path, 'work'),
    env: { ...offline(path, target), ...env },
    // A group of its own, so that a client's children end with it.
    detached: true,
  })
  const [file = '', ...first] = client.command
  return {
    path,
    run: (args, env = {}, way = {}) => {
      const line = [file, ...first, ...args]
      const [command = '', ...rest] = way.terminal ? onTerminal(line) : line
      // Nothing on stdin, unless a question is answered: print modes would wait for more of the prompt there.
      const stdin = way.answer ? 'pipe' : 'ignore'
      const child = spawn(command, rest, { ...options(env), stdio: [stdin, 'pipe', 'pipe'] })
      return finish(child as ChildProcessByStdio<Writable | null, Readable, Readable>, way)
    },
    start: (args, env = {}) => {
      const child = spawn(file, [...first, ...args], options(env))
      watch(child)
      return child
    },
    visits: (least) => visitsOf(path, least),
    decide: (choice) => installBrowser(path, choice),
    close: () => remove(path),
  }
}

// Loopback and the server under test are reached directly; anything else meets a proxy that is not there.
function offline(path: string, target: Target): Env {
  const nowhere = 'http://127.0.0.1:9'
  return {
    PATH: [join(path, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: path,
    ...(target.person && { BROWSER: join(path, 'bin', 'xdg-open'), DISPLAY: ':0' }),
    TMPDIR: join(path, 'tmp'),
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_PROXY: ['127.0.0.1', 'localhost', target.url.hostname].join(','),
  }
}

const onTerminal = (line: string[]): string[] => ['script', '-qefc', line.map(quoted).join(' '), '/dev/null']

function finish(
  child: ChildProcessByStdio<Writable | null, Readable, Readable>,
  { limit = seconds, answer }: Way,
): Promise<Finished> {
  return new Promise((resolve) => {
    const done: Finished = { code: null, out: '', err: '', late: false }
    let open = answer
    const heard = () => {
      if (!open?.to.test(done.out + done.err)) return
      child.stdin?.write(open.with)
      open = undefined
    }
    child.stdout.setEncoding('utf8').on('data', (text) => {
      done.out += text
      heard()
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      done.err += text
      heard()
    })
    child.stdin?.on('error', () => undefined)
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
