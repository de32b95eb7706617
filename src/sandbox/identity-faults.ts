/** The ways in which the token endpoint of the identity provider can be slow, busy, down or unforgiving. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readForm } from './identity-sign-in.ts'

interface TokenExchange {
  request: IncomingMessage
  response: ServerResponse
  slowMs: number
  /** Takes down what the form held. */
  note(form: object): void
  /** Answers as if there were no fault. */
  proceed(): void
}

export type IdentityFault = 'down' | 'slow' | 'invalid_grant' | 'rate_limited'

export const identityFaults: Record<IdentityFault, (exchange: TokenExchange) => void> = {
  down: refuse(503, { 'content-type': 'text/html' }, '<!doctype html><title>503</title><h1>Back soon</h1>'),
  /** Waits `slowMs` milliseconds; the wait alone does not keep the process alive. */
  slow: ({ slowMs, proceed }) => void setTimeout(proceed, slowMs).unref(),
  invalid_grant: refuse(
    400,
    { 'content-type': 'application/json' },
    '{"error":"invalid_grant","error_description":"grant request is invalid"}',
  ),
  rate_limited: refuse(
    429,
    { 'content-type': 'application/json', 'retry-after': '1' },
    '{"error":"temporarily_unavailable","error_description":"too many requests"}',
  ),
}

function refuse(status: number, headers: Record<string, string>, body: string) {
  return ({ request, response, note }: TokenExchange) => {
    const refused = readForm(request).then((form) => {
      note(Object.fromEntries(form))
      response.writeHead(status, headers).end(body)
    })
    refused.catch(() => response.destroy())
  }
}
