/** A recording way to a server on loopback: requests pass unchanged, and each answer to a tools/call is kept as it was sent. */
import { createServer, type IncomingMessage, request as open } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Call } from './row.ts'

export type Block = {
  type: string
  text?: string
  data?: string
  mimeType?: string
  resource?: { uri: string; mimeType: string; blob?: string; text?: string }
}
/** What the server answered to one call. */
export type Sent = Call & {
  content: Block[]
  isError: boolean
  /** Where it answered no result. */
  error?: { code: number; message: string; data?: unknown }
}
export type Tap = { url: URL; sent: Sent[]; close(): void }

export async function openTap(target: string): Promise<Tap> {
  const to = new URL(target)
  const sent: Sent[] = []
  const server = createServer(async (incoming, outgoing) => {
    const body = await bytes(incoming)
    const headers = { ...incoming.headers, host: to.host }
    delete headers['accept-encoding']
    const { method, url: path } = incoming
    const onward = open({ host: to.hostname, port: to.port, method, path, headers }, async (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
      const call = calledBy(body)
      if (call) keep(sent, call, (await bytes(answer)).toString())
    })
    outgoing.on('close', () => onward.destroy())
    onward.on('error', () => outgoing.destroy())
    onward.end(body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = new URL(to.pathname, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url, sent, close }
}

function keep(sent: Sent[], call: Call, answer: string): void {
  const data = /^data: ?(\{.*)$/m.exec(answer)?.[1] ?? answer
  const { result, error } = JSON.parse(data)
  sent.push({ ...call, content: result?.content ?? [], isError: result?.isError === true, error })
}

function calledBy(body: Buffer): Call | undefined {
  if (!body.includes('"tools/call"')) return undefined
  const { method, params } = JSON.parse(body.toString())
  return method === 'tools/call' ? { tool: params.name, args: params.arguments ?? {} } : undefined
}

async function bytes(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part)
  return Buffer.concat(parts)
}
