/** Replicas behind one origin: real processes that share what their environment says, and a switch in front of them. */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Replica {
  /** Origin that it listens on, behind the switch. */
  url: string
  /** What it wrote, to the standard output and the standard error. */
  printed: { out: string; err: string }
  /** At once, with everything that is under way. */
  kill(): Promise<void>
  /** SIGTERM: takes nothing new, ends what is under way; its exit code. */
  drain(): Promise<number | null>
}

const program = new URL('replica.ts', import.meta.url)

/** One process of `test/replica.ts` with these settings and no others. Throws with what it said where it does not start. */
export async function startReplica(env: Record<string, string>): Promise<Replica> {
  const child = fork(program, {
    env: { PORT: '0', LECTERN_LOG: 'off', ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const printed = { out: '', err: '' }
  child.stdout!.on('data', (chunk) => {
    printed.out += chunk
  })
  child.stderr!.on('data', (chunk) => {
    printed.err += chunk
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const end = (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal)
    return ended
  }
  const ready = once(child, 'message').then(([url]) => url as string)
  const url = await Promise.race([ready, ended])
  if (typeof url !== 'string') throw new Error(`the replica did not start: ${printed.err}`)
  return {
    url,
    printed,
    kill: async () => void (await end('SIGKILL')),
    drain: () => end('SIGTERM'),
  }
}

export interface Switch {
  /** The one origin. */
  url: string
  /** Whom the next requests go to, in turn; nobody: the connection is cut. What is under way stays where it is. */
  aim(...targets: { url: string }[]): void
  /** Requests that were sent on to this target so far. */
  sentTo(target: { url: string }): number
  /** Requests whose connection to the replica was lost before it had answered. */
  readonly lost: number
  close(): Promise<void>
}

/** Sends each request on to the next of its targets, over connections that it keeps, and retries nothing. */
export async function startSwitch(): Promise<Switch> {
  const agent = new Agent({ keepAlive: true })
  const sent = new Map<string, number>()
  let targets: { url: string }[] = []
  let turn = 0
  let lost = 0
  const server = createServer((incoming, outgoing) => {
    const target = targets[turn++ % targets.length]
    if (target === undefined) return void incoming.destroy()
    sent.set(target.url, (sent.get(target.url) ?? 0) + 1)
    const { method, headers } = incoming
    const onward = request(target.url + incoming.url, { method, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.rawHeaders)
      answer.pipe(outgoing)
    })
    onward.on('error', () => {
      lost++
      outgoing.destroy()
    })
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) onward.destroy()
    })
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    aim(...given) {
      targets = given
    },
    sentTo: ({ url }) => sent.get(url) ?? 0,
    get lost() {
      return lost
    },
    async close() {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A secret as `openssl rand -base64 32` makes it. */
export const newSecret = () => randomBytes(32).toString('base64')
