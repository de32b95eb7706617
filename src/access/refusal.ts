/** Refusals at the door, with a challenge (RFC 6750, 3; RFC 9728, 5.1), in the words of the protocol era that the request names. */

/** What a client needs to know to sign in. */
export interface Challenge {
  /** Address of the protected resource metadata. */
  metadata?: string | undefined
  /** All scopes that are worth asking for, separated by spaces. */
  scope?: string | undefined
}

/** 401. `error` is left out of the challenge where no credential was sent (RFC 6750, 3.1). */
export function unauthorized(
  request: Request,
  sent: boolean,
  message: string,
  { metadata, scope }: Challenge = {},
): Response {
  const challenge = bearer({
    ...(sent && { error: 'invalid_token', error_description: message }),
    scope,
    resource_metadata: metadata,
  })
  return refuse(request, 401, 'invalid_token', message, { 'www-authenticate': challenge })
}

/** 403 for a token that is fine but opens too little. `needed` is all that the next token must hold, in one challenge. */
export function insufficientScope(
  request: Request,
  needed: readonly string[],
  { metadata }: Challenge = {},
): Response {
  const scope = needed.join(' ')
  const message = `This needs the scope ${scope}`
  const challenge = bearer({
    error: 'insufficient_scope',
    error_description: message,
    scope,
    resource_metadata: metadata,
  })
  return refuse(request, 403, 'insufficient_scope', message, { 'www-authenticate': challenge })
}

/** 403 that no further scope would mend. */
export function denied(request: Request, message: string): Response {
  return refuse(request, 403, 'access_denied', message)
}

/** 503 where nothing can be said of the token now. `retryAfter` in seconds. */
export function unavailable(request: Request, message: string, retryAfter: number): Response {
  return refuse(request, 503, 'temporarily_unavailable', message, { 'retry-after': String(retryAfter) })
}

/** `WWW-Authenticate` with each parameter that has a value; `realm` first, as some clients read no other order. */
function bearer(parameters: Record<string, string | undefined>): string {
  const all = Object.entries({ realm: 'MCP', ...parameters })
  return `Bearer ${all.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${quoted(value)}`])).join(', ')}`
}

/** A quoted string (RFC 9110, 5.6.4) in which nothing needs escaping: many clients read it without knowing how. */
function quoted(value: string): string {
  return `"${value.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?')}"`
}

function refuse(
  request: Request,
  status: number,
  error: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  const modern = (request.headers.get('mcp-protocol-version') ?? '') >= '2026-07-28'
  const body = modern
    ? { error, error_description: message }
    : { jsonrpc: '2.0', error: { code: -32001, message } }
  return Response.json(body, { status, headers: { ...headers, 'cache-control': 'no-store' } })
}
