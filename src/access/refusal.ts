/** 401 with a challenge (RFC 6750, 3), in the words of the protocol era that the request names. */

/** `error` is left out of the challenge where no credential was sent (RFC 6750, 3.1). */
export function unauthorized(request: Request, sent: boolean, message: string): Response {
  const challenge = [
    'Bearer realm="MCP"',
    ...(sent ? ['error="invalid_token"', `error_description="${message}"`] : []),
  ]
  const modern = (request.headers.get('mcp-protocol-version') ?? '') >= '2026-07-28'
  const body = modern
    ? { error: 'invalid_token', error_description: message }
    : { jsonrpc: '2.0', error: { code: -32001, message } }
  return Response.json(body, {
    status: 401,
    headers: { 'www-authenticate': challenge.join(', '), 'cache-control': 'no-store' },
  })
}
