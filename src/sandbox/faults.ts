/** The ways in which the sandbox can be slow, rate-limited, broken or lying, one named row each. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { Problem } from './problem.ts'

/** One request under a fault. `turn` counts the requests since the fault was chosen, from 0. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  turn: number
  slowMs: number
  /** Answers as if there were no fault. */
  proceed(): void
}

type Fault = (exchange: Exchange) => void

const jsonType = { 'content-type': 'application/json' }
const hugeBytes = 50 * 1024 * 1024

export const faults = {
  /** Waits `slowMs` milliseconds, then answers; the wait alone does not keep the process alive. */
  slow: ({ slowMs, proceed }) => void setTimeout(proceed, slowMs).unref(),
  /** Sends headers and nothing after them. */
  stall({ response }) {
    response.writeHead(200, jsonType)
    response.flushHeaders()
  },
  'rate-limited': refuse(new Problem(429, 'At most 300 requests a minute', { 'retry-after': '1' })),
  unavailable: refuse(new Problem(503, 'Flowtly is being maintained')),
  'bad-gateway': refuse(new Problem(502, 'The ledger did not answer in time')),
  'not-found': refuse(new Problem(404, 'No record has this id')),
  unauthorized: refuse(
    new Problem(401, 'The token has expired', {
      'www-authenticate': 'Bearer realm="flowtly", error="invalid_token"',
    }),
  ),
  unprocessable: refuse(new Problem(422, 'must be an integer from 1 to 200', {}, 'pageSize')),
  /** Says more than it should: a stack trace, and the caller's credential. */
  error({ request, response }) {
    const { authorization } = request.headers
    const stack =
      'Error: connect ECONNREFUSED 10.0.4.17:5432\n    at Ledger.read (/srv/flowtly/ledger.js:88:13)'
    answer(
      500,
      jsonType,
      JSON.stringify({
        message: `Unhandled exception for ${authorization?.split(' ').at(-1)}`,
        stack,
        authorization,
      }),
    )({ response })
  },
  html: answer(
    200,
    { 'content-type': 'text/html' },
    '<!doctype html><title>Sign in</title><form>Sign in to Flowtly</form>',
  ),
  'html-error': answer(
    500,
    { 'content-type': 'text/html' },
    '<!doctype html><title>500</title><h1>Server Error</h1>',
  ),
  /** Promises more bytes than it sends, then hangs up. */
  truncated({ response }) {
    response.writeHead(200, { ...jsonType, 'content-length': '4096' })
    response.write('{"items":[{"id":"inv_0001', () => response.destroy())
  },
  'not-json': answer(200, jsonType, '{"items": [oops'),
  huge: ({ response }) => void Readable.from(hugeRows()).pipe(response.writeHead(200, jsonType)),
  'redirect-off': redirect(() => 'http://example.invalid/'),
  'redirect-loop': redirect((path) => path),
  /** Points at the same path once; what it points at answers. */
  'redirect-same'(exchange) {
    const { searchParams } = new URL(exchange.request.url ?? '/', 'http://sandbox.invalid')
    if (searchParams.has('redirected')) return exchange.proceed()
    redirect((path) => `${path}${path.includes('?') ? '&' : '?'}redirected=1`)(exchange)
  },
  'bad-gzip': answer(
    200,
    { ...jsonType, 'content-encoding': 'gzip' },
    '{"items":[],"page":1,"pageSize":50,"total":0}',
  ),
  /** Hangs up before it answers. */
  reset: ({ request }) => void request.socket.resetAndDestroy(),
  /** Fails the first try of each two. */
  flaky: (exchange) => (exchange.turn % 2 === 0 ? faults.unavailable(exchange) : exchange.proceed()),
  empty: answer(204, {}, ''),
  'array-root': answer(200, jsonType, '[{"id":"one"},{"id":"two"}]'),
  'scalar-root': answer(200, jsonType, '42'),
  latin1: answer(
    200,
    { 'content-type': 'application/json; charset=iso-8859-1' },
    Buffer.from('{"name":"Möwe"}', 'latin1'),
  ),
  'invalid-utf8': answer(200, jsonType, Buffer.from('{"name":"M\xf6we \xff"}', 'latin1')),
} satisfies Record<string, Fault>

export type FaultName = keyof typeof faults

export const faultNames = Object.keys(faults) as FaultName[]

function answer(status: number, headers: Record<string, string>, body: string | Buffer) {
  return ({ response }: Pick<Exchange, 'response'>) => void response.writeHead(status, headers).end(body)
}

function refuse({ status, headers, body }: Problem) {
  return answer(status, headers, body)
}

function redirect(target: (path: string) => string): Fault {
  return ({ request, response }) =>
    void response.writeHead(302, { location: target(request.url ?? '/') }).end()
}

/** A valid list of more than 50 MB, a chunk at a time. */
function* hugeRows(): Generator<string> {
  const row = `{"id":"inv_000001","notes":"${'x'.repeat(1000)}"}`
  const chunk = Array.from({ length: 64 }, () => row).join(',')
  yield '{"items":['
  for (let sent = 0; sent < hugeBytes; sent += chunk.length) yield sent === 0 ? chunk : `,${chunk}`
  yield '],"page":1,"pageSize":200,"total":50000}'
}
