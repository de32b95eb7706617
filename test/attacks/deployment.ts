/** Several processes that share an origin and their secrets, and nothing else, behind a front that takes them in turns. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { ProviderOptions } from '../provider.ts'
import { keep, openUpstream, settingsFor } from './stage.ts'

export const NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
const ENTRY = fileURLToPath(new URL('replica.ts', import.meta.url))

export interface Replica {
  /** Its own address, past the front. */
  url: string
  /** What it wrote to stdout and stderr. */
  output(): string
  /** Puts its clock forward by so many seconds from now on. */
  ahead(seconds: number): Promise<void>
  close(): Promise<void>
}

/** Starts one process. Rejects with what it wrote where it ends before it listens. */
export async function startReplica(env: Record<string, string>): Promise<Replica> {
  const options = {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'] as const,
  }
  const child = spawn(NODE, [ENTRY], { ...options, stdio: [...options.stdio] })
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
    async close() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** An origin that hands each request to the next of `targets`; they are added once they listen. */
export async function startFront() {
  const targets: string[] = []
  let turn = 0
  const server = createServer((request, response) => {
    const { hostname, port } = new URL(targets[turn++ % targets.length]!)
    const { method, url, headers } = request
    const onward = send({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Two processes of one origin. */
export async function openDeployment(env: Record<string, string> = {}, options: ProviderOptions = {}) {
  const { provider, sandbox } = await openUpstream(options)
  const front = keep(await startFront())
  const all = { ...settingsFor(provider, sandbox.url), LECTERN_PUBLIC_URL: front.url, ...env }
  const replicas = await Promise.all([startReplica(all), startReplica(all)])
  for (const replica of replicas) front.targets.push(keep(replica).url)
  const [one, two] = replicas as [Replica, Replica]
  return { issuer: front.url, one, two, provider, sandbox }
}

export type Deployment = Awaited<ReturnType<typeof openDeployment>>
