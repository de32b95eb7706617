/** Who may reach the door at all: Host on loopback, Origin everywhere, and what CORS tells a browser. */
import type { Catalog } from './connector/catalog.ts'
import type { Settings } from './settings.ts'

export interface Guard {
  /** 403 for a foreign Host: a name that an attacker's DNS points at loopback (DNS rebinding). */
  checkHost(request: Request): Response | undefined
  /** 403 for an Origin that is not listed; an absent one is no browser and passes. */
  checkOrigin(request: Request): Response | undefined
  /** CORS headers of an answer to a listed Origin; credentials only where the connector lists it. */
  allow(request: Request): Record<string, string>
  preflight(request: Request): Response
}

const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i

const ALLOWED_HEADERS = [
  'Authorization', 'Content-Type', 'Accept', 'X-API-Key', 'MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name',
  'Mcp-Session-Id', 'Last-Event-ID', 'Traceparent',
] // biome-ignore format: one list, read as one

/** True for a host name or address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}

export function createGuard(catalog: Catalog, settings: Settings): Guard {
  const local = isLoopback(settings.host)
  const { publicUrl, allowedOrigins } = settings
  const own = publicUrl === undefined ? [] : [publicUrl]
  const credentialed = new Set(catalog.credentialOrigins)
  const listed = new Set([...own, ...allowedOrigins, ...credentialed])
  const keyHeader =
    catalog.access.type === 'apiKey' && catalog.access.header !== undefined ? [catalog.access.header] : []
  const allowedHeaders = [...ALLOWED_HEADERS, ...keyHeader].join(', ')
  const isListed = (origin: string) => listed.has(origin) || (local && isLoopback(hostOf(origin)))

  function allow(request: Request): Record<string, string> {
    const origin = request.headers.get('origin')
    if (origin === null || !isListed(origin)) return { vary: 'Origin' }
    return {
      vary: 'Origin',
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'WWW-Authenticate, X-Request-Id',
      ...(credentialed.has(origin) && { 'access-control-allow-credentials': 'true' }),
    }
  }

  return {
    checkHost(request) {
      const host = request.headers.get('host') ?? new URL(request.url).host
      if (!local || isLoopback(hostOf(`http://${host}`)) || own.some((url) => new URL(url).host === host))
        return undefined
      return forbidden(
        `The Host ${host.slice(0, 100)} is not this server; set LECTERN_PUBLIC_URL to the origin it is reached by.`,
      )
    },
    checkOrigin(request) {
      const origin = request.headers.get('origin')
      if (origin === null || isListed(origin)) return undefined
      return forbidden(
        `The Origin ${origin.slice(0, 100)} is not allowed; list it in LECTERN_ALLOWED_ORIGINS.`,
      )
    },
    allow,
    preflight: (request) =>
      new Response(null, {
        status: 204,
        headers: {
          ...allow(request),
          'access-control-allow-methods': 'POST, OPTIONS',
          'access-control-allow-headers': allowedHeaders,
          'access-control-max-age': '7200',
        },
      }),
  }
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : ''
}

function forbidden(message: string): Response {
  return Response.json({ jsonrpc: '2.0', error: { code: -32600, message } }, { status: 403 })
}
