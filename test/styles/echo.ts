/** An upstream that answers each request with its own head, byte for byte: the request line and every header line. */
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** One character a byte, without the blank line at the end. */
export type Head = string

/** Ten thousand characters of four bytes each, escaped, and room to spare. */
const LARGEST_HEAD = 1 << 20

export async function startEcho() {
  const heads: Head[] = []
  const unread = new WeakMap<Socket, string>()
  const server = createServer({ maxHeaderSize: LARGEST_HEAD, keepAliveTimeout: 60_000 })
  server.on('connection', (socket) => {
    unread.set(socket, '')
    socket.prependListener('data', (bytes: Buffer) => {
      unread.set(socket, unread.get(socket)! + bytes.toString('latin1'))
    })
  })
  server.on('request', (request, response) => {
    const text = unread.get(request.socket)!
    const end = text.indexOf('\r\n\r\n')
    const head = text.slice(0, end)
    unread.set(request.socket, text.slice(end + 4))
    heads.push(head)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ head }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Every head that arrived, oldest first. */
    heads,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export type Echo = Awaited<ReturnType<typeof startEcho>>
