/** The built program as a person starts it, its output kept; and an upstream that remembers what it was asked. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'

const cli = new URL('../dist/cli.js', import.meta.url).pathname
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

export interface Program {
  child: ChildProcessWithoutNullStreams
  printed: { out: string; err: string }
  /** Exit code; null where a signal ended it. */
  ended: Promise<number | null>
}

/** Ends with the test. `input` is what it reads, `cwd` the folder where it runs. */
export function lectern(
  args: string[],
  env: Record<string, string> = {},
  input = '',
  cwd: string = process.cwd(),
): Program {
  const child = spawn(process.execPath, [cli, ...args], { cwd, env: { PATH: process.env.PATH, ...env } })
  ends.push(() => child.kill('SIGKILL'))
  const printed = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    printed.out += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    printed.err += chunk
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return { child, printed, ended: once(child, 'close').then(([code]) => code as number | null) }
}

/** Runs it to its end. */
export async function run(args: string[], env?: Record<string, string>, input?: string, cwd?: string) {
  const { printed, ended } = lectern(args, env, input, cwd)
  const code = await ended
  return { code, ...printed }
}

export interface Asked {
  url: string
  method: string
  headers: Record<string, string | string[] | undefined>
}

/** A server on loopback that ends with the test. */
export async function startUpstream(routes: Record<string, RequestListener>) {
  const asked: Asked[] = []
  const server = createServer((request, answer) => {
    const { url = '', method = '', headers } = request
    asked.push({ url, method, headers })
    const route = routes[url.split('?')[0]!]
    route ? route(request, answer) : answer.writeHead(404).end('{"message":"nothing here"}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** Three GETs, of which the last cannot be called, and a POST. */
export function pets(servers: object[] = []): object {
  const ok = { 200: { description: 'OK', content: { 'application/json': { schema: {} } } } }
  const parameter = (name: string, place: string) => ({
    name,
    in: place,
    required: place === 'path',
    schema: { type: 'string' },
    description: `The ${name} that is meant.`,
  })
  return {
    openapi: '3.1.0',
    info: { title: 'Pet shop', version: '1.2.3' },
    servers,
    paths: {
      '/pets': {
        get: {
          operationId: 'listPets',
          summary: 'List pets',
          description: 'The pets that are for sale.',
          tags: ['pets'],
          parameters: [parameter('kind', 'query'), parameter('X-Shop-Key', 'header')],
          responses: ok,
        },
        post: { operationId: 'addPet', responses: ok },
      },
      '/pets/{petId}': {
        get: {
          operationId: 'getPet',
          summary: 'Get a pet',
          description: 'One pet by its id.',
          tags: ['pets'],
          parameters: [parameter('petId', 'path')],
          responses: ok,
        },
      },
      '/lost': {
        get: {
          operationId: 'listLost',
          summary: 'List lost pets',
          description: 'The pets that are looked for.',
          tags: ['pets'],
          parameters: [{ $ref: 'https://elsewhere.example/parameters.json' }],
          responses: ok,
        },
      },
    },
  }
}
