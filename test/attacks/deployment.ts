/** Several processes that share an origin and their secrets, and nothing else, behind a switch that takes them in turns. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startSwitch } from '../fleet.ts'
import type { ProviderOptions } from '../provider.ts'
import { keep, openUpstream, settingsFor } from './stage.ts'

export const NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
export const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const ENTRY = fileURLToPath(new URL('replica.ts', import.meta.url))

export interface Replica {
  /** Its own address, past the front. */
  url: string
  /** What it wrote to stdout and stderr. */
  output(): string
  /** Puts its clock forward by so many seconds from now on. */
  ahead(seconds: number): Promise<void>
  /** Bytes that it holds, swept. */
  heap(): Promise<number>
  close(): Promise<void>
}

/** Starts one process. Rejects with what it wrote where it ends before it listens. */
export async function startReplica(env: Record<string, string>): Promise<Replica> {
  const options = {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'] as const,
  }
  const child = spawn(NODE, ['--expose-gc', ENTRY], { ...options, stdio: [...options.stdio] })
  let written = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text
    })
  const ended = once(child, 'close')
  const first = await Promise.race([once(child, 'message'), ended.then(() => undefined)])
  if (first === undefined) throw new Error(written)
  return {
    url: (first[0] as { url: string }).url,
    output: () => written,
    async ahead(seconds) {
      child.send({ ahead: seconds })
      await once(child, 'message')
    },
    async heap() {
      child.send({ heap: true })
      const [{ heap }] = (await once(child, 'message')) as [{ heap: number }]
      return heap
    },
    async close() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Two processes of one origin. */
export async function openDeployment(env: Record<string, string> = {}, options: ProviderOptions = {}) {
  const { provider, sandbox } = await openUpstream(options)
  const front = keep(await startSwitch())
  const all = { ...settingsFor(provider, sandbox.url), LECTERN_PUBLIC_URL: front.url, ...env }
  const replicas = await Promise.all([startReplica(all), startReplica(all)])
  front.aim(...replicas.map(keep))
  const [one, two] = replicas as [Replica, Replica]
  return { issuer: front.url, one, two, provider, sandbox }
}

export type Deployment = Awaited<ReturnType<typeof openDeployment>>
