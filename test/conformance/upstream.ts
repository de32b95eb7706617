/** The REST API behind the fixture connector: one route for each kind of answer that the suite looks for. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Answered {
  status?: number
  type: string
  body: string | Buffer
}

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  'base64',
)
const FILE = Buffer.from([0x00, 0x01, 0xfe, 0xff])

/** By path; a record's id is the last segment. */
const ROUTES: Record<string, (url: URL) => Answered> = {
  '/text': () => plain('This is a simple text response for testing.'),
  '/image': () => ({ type: 'image/png', body: PIXEL }),
  '/audio': () => ({ type: 'audio/wav', body: silence() }),
  '/file': () => ({ type: 'application/octet-stream', body: FILE }),
  '/parts': () => ({ type: 'multipart/mixed; boundary=part', body: parts() }),
  '/failure': () => ({
    status: 500,
    type: 'application/problem+json',
    body: JSON.stringify({ title: 'This tool intentionally returns an error for testing' }),
  }),
  '/records': ({ pathname }) => json({ id: pathname.split('/')[2], data: 'A record of the fixture.' }),
  '/documents': ({ searchParams }) => plain(`The document ${searchParams.get('uri')}.`),
  '/regions': ({ searchParams }) => json({ region: searchParams.get('region') }),
}

export async function startUpstream(): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://upstream')
    const route = request.method === 'GET' ? ROUTES[`/${url.pathname.split('/')[1]}`] : undefined
    const { status = 200, type, body } = route?.(url) ?? { ...plain('There is nothing here.'), status: 404 }
    response.writeHead(status, { 'content-type': type }).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

function plain(body: string): Answered {
  return { type: 'text/plain; charset=utf-8', body }
}

function json(value: object): Answered {
  return { type: 'application/json', body: JSON.stringify(value) }
}

/** Eight samples of nothing, as RIFF. */
function silence(): Buffer {
  const format = Buffer.from('10000000010001401f0000401f000001000800', 'hex')
  const body = Buffer.concat([
    Buffer.from('WAVEfmt '),
    format,
    Buffer.from('data\x08\0\0\0'),
    Buffer.alloc(8, 0x80),
  ])
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.length)
  return Buffer.concat([Buffer.from('RIFF'), length, body])
}

function parts(): Buffer {
  const each = [plain('Multiple content types test:'), ROUTES['/image']!, ROUTES['/file']!].map((part) =>
    typeof part === 'function' ? part(new URL('http://upstream')) : part,
  )
  const written = each.flatMap(({ type, body }) => [`--part\r\nContent-Type: ${type}\r\n\r\n`, body, '\r\n'])
  return Buffer.concat([...written, '--part--\r\n'].map((piece) => Buffer.from(piece)))
}
