/** A stand-in for a model's API on loopback: it asks for a tool call, reads the result, asks for the next, ends the turn. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Finished } from './home.ts'
import { type Call, fault, judge, type Outcome, type Row, type Target } from './row.ts'

// biome-ignore lint/suspicious/noExplicitAny: the bodies are the vendors' own, read here and there only.
export type Body = any
export type Use = { name: string; reply: string }

/** How one vendor's API writes it down. Replies are server-sent events. */
export type Dialect = {
  /** Names under which the request shows the server's tools to the model. */
  tools(body: Body): string[]
  /** The result of our call number `turn`, from 0, once a request carries it. */
  result(body: Body, turn: number): Outcome | undefined
  /** The next tool use on the way to its result; undefined when the request offers nothing to use. */
  use(body: Body, call: Call, turn: number): Use | undefined
  say(text: string): string
}
export type Stub = { origin: string; tools: Set<string>; used: string[]; results: Outcome[]; close(): void }

export async function openStub(dialect: Dialect, target: Target): Promise<Stub> {
  const calls: (Call | undefined)[] = [target]
  const server = createServer(async (request, response) => {
    const body = await json(request)
    // Clients also knock (HEAD /) and ask for settings: they get a plain 404 and live with it.
    if (request.method !== 'POST' || !body) return void response.writeHead(404).end()
    for (const name of dialect.tools(body)) stub.tools.add(name)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const result = calls[stub.results.length] && dialect.result(body, stub.results.length)
    if (result) {
      stub.results.push(result)
      calls.push(target.then?.(result))
    }
    const turn = stub.results.length
    const call = calls[turn]
    if (result && !call) await hold(response, target.idle)
    const use = call && dialect.use(body, call, turn)
    if (use) stub.used.push(use.name)
    response.end(use?.reply ?? dialect.say('Done.'))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const stub: Stub = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tools: new Set(),
    used: [],
    results: [],
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return stub
}

type Shown = Pick<Row, 'tools' | 'call' | 'ok' | 'remark' | 'result'>

/** The columns that rest on what the model was shown and on how the client ended. */
export function shown(stub: Stub, ran: Finished, target: Target): Shown {
  const [result] = stub.results
  const { call, ok, note } = judge(result, target.expect)
  const ended = ran.code === 0
  const columns = { tools: [...stub.tools].sort(), call, ok: ok && ended, result: result?.text }
  if (ran.late) return { ...columns, remark: 'ended at its time limit' }
  if (ended && result) return { ...columns, remark: note ?? way(stub.used) }
  if (ended && stub.tools.size) return { ...columns, remark: `no ${target.tool} among the tools` }
  return { ...columns, remark: fault(ran.err + ran.out, ended ? 'the model was shown no tool' : undefined) }
}

const way = (used: string[]): string =>
  `as ${used.at(-1)}, ${used.length > 1 ? `found by ${used[0]}` : 'listed directly'}`

/** Server-sent events, each under the name of its type if it has one. */
export const events = (list: { type?: string; [field: string]: unknown }[]): string =>
  list.map((each) => `${each.type ? `event: ${each.type}\n` : ''}data: ${JSON.stringify(each)}\n\n`).join('')

// A comment every few seconds, so that no client takes the silence for a broken connection.
async function hold(response: ServerResponse, seconds: number): Promise<void> {
  const until = Date.now() + seconds * 1000
  while (Date.now() < until && !response.destroyed) {
    response.write(': waiting\n\n')
    await new Promise((resolve) => setTimeout(resolve, Math.min(5000, until - Date.now())))
  }
}

async function json(request: AsyncIterable<Buffer>): Promise<Body> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  try {
    return JSON.parse(Buffer.concat(parts).toString())
  } catch {
    return undefined
  }
}
