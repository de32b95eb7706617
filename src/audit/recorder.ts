/** An upstream on loopback that writes down every request as its bytes came, and answers as it was told. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface Recorded {
  method: string
  /** As it stands in the request line. */
  target: string
  headers: [name: string, value: string][]
  /** Request line and headers, a character a byte. */
  head: string
  /** Bytes that follow the headers. */
  bodyBytes: number
}

/** A whole HTTP response, or nothing, where the connection ends without one. */
export type Response = string | undefined

export interface Recorder {
  origin: string
  /** What came since it was asked last. */
  take(): Recorded[]
  answer(response: Response): void
  close(): Promise<void>
}

/** Bytes of one request; a longer one is written down as far as it goes, and the connection ends. */
const MOST = 4 * 1024 * 1024

export async function startRecorder(): Promise<Recorder> {
  let kept: Recorded[] = []
  let response: Response
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    listen(socket, (request) => {
      kept.push(request)
      if (response === undefined) socket.destroy()
      else socket.write(response, 'latin1')
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = kept
      kept = []
      return taken
    },
    answer(next) {
      response = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** A connection carries requests one after the other; `tell` gets each once its body is whole. */
function listen(socket: Socket, tell: (request: Recorded) => void): void {
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
    for (let next = nextRequest(text); next !== undefined; next = nextRequest(text)) {
      text = text.slice(next.length)
      tell(next.request)
    }
    if (text.length > MOST) socket.destroy()
  })
  // What never became a request is written down too: nothing that left goes unseen.
  socket.on('close', () => {
    if (text !== '') tell(read(text, 0))
  })
}

const END = '\r\n\r\n'

function nextRequest(text: string): { request: Recorded; length: number } | undefined {
  const end = text.indexOf(END)
  if (end < 0) return undefined
  const start = end + END.length
  const request = read(text.slice(0, end), 0)
  const body = bodyLength(request, text.slice(start))
  if (body === undefined || text.length < start + body) return undefined
  return { request: { ...request, bodyBytes: body }, length: start + body }
}

/** Undefined while the last chunk is still to come. */
function bodyLength({ headers }: Recorded, rest: string): number | undefined {
  const value = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
  if (value('transfer-encoding') === undefined) return Number(value('content-length') ?? 0) || 0
  const end = /(?:^|\r\n)0\r\n\r\n/.exec(rest)
  return end ? end.index + end[0].length : undefined
}

function read(head: string, bodyBytes: number): Recorded {
  const [line = '', ...lines] = head.split('\r\n')
  const [method = '', target = ''] = line.split(' ')
  const headers = lines.map((each): [string, string] => {
    const at = each.indexOf(':')
    return [each.slice(0, at), each.slice(at + 1).trim()]
  })
  return { method, target, headers, head, bodyBytes }
}
