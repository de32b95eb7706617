/** Who may reach the door at all: Host on loopback, Origin everywhere, and what CORS tells a browser. */
import { arrivingHeaders } from './access/credential.ts'
import type { Catalog } from './connector/catalog.ts'
import { mirroredHeaders } from './connector/mirrored.ts'
import { cut } from './json.ts'
import type { Settings } from './settings.ts'

export interface Guard {
  /** 403 for a foreign Host: a name that an attacker's DNS points at loopback (DNS rebinding). */
  checkHost(request: Request): Response | undefined
  /** 403 for an Origin that is not listed; an absent one is no browser and passes. */
  checkOrigin(request: Request): Response | undefined
  /** CORS headers of an answer to a listed Origin; credentials only where the connector lists it. */
  allow(request: Request): Record<string, string>
  /** CORS headers of what is for everybody; where that is this machine alone, no page from elsewhere is among them. */
  share(request: Request): Record<string, string>
  preflight(request: Request): Response
}

const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/i

const ALLOWED_HEADERS = [
  'Authorization', 'Content-Type', 'Accept', 'X-API-Key', 'MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name',
  'Mcp-Session-Id', 'Last-Event-ID', 'Traceparent',
] // biome-ignore format: one list, read as one
const EXPOSED_HEADERS = 'WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version, Retry-After, X-Request-Id'

export function createGuard(catalog: Catalog, settings: Settings): Guard {
  const local = isLoopback(settings.host)
  const own = settings.publicUrl === undefined ? undefined : new URL(settings.publicUrl)
  const credentialed = new Set(catalog.credentialOrigins)
  const listed = new Set([...settings.allowedOrigins, ...credentialed, ...(own ? [own.origin] : [])])
  const preflight = preflightHeaders(catalog)
  const isListed = (origin: string) => listed.has(origin) || (local && isLocalPage(origin))

  function allow(request: Request): Record<string, string> {
    const origin = request.headers.get('origin')
    if (origin === null || !isListed(origin)) return { vary: 'Origin' }
    return {
      vary: 'Origin',
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED_HEADERS,
      ...(credentialed.has(origin) && { 'access-control-allow-credentials': 'true' }),
    }
  }

  const isPrivate = local && (own === undefined || LOOPBACK.test(own.hostname))
  return {
    checkHost(request) {
      const host = request.headers.get('host') ?? new URL(request.url).host
      if (!local || LOOPBACK.test(hostname(`http://${host}`)) || isHostOf(own, host)) return undefined
      const mend = 'set LECTERN_PUBLIC_URL to the origin it is reached by'
      return forbidden(`The Host ${cut(host, 100)} is not this server; ${mend}.`)
    },
    checkOrigin(request) {
      const origin = request.headers.get('origin')
      if (origin === null || isListed(origin)) return undefined
      return forbidden(`The Origin ${cut(origin, 100)} is not allowed; list it in LECTERN_ALLOWED_ORIGINS.`)
    },
    allow,
    share: (request) => (isPrivate ? allow(request) : { 'access-control-allow-origin': '*' }),
    preflight: (request) => new Response(null, { status: 204, headers: { ...allow(request), ...preflight } }),
  }
}

/** True for a host name or address that only this machine reaches, however it is spelled (`127.1`, `::1`). */
export function isLoopback(host: string): boolean {
  if (!/^[\w.:[\]-]+$/.test(host)) return false
  return LOOPBACK.test(hostname(`http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}`))
}

function isLocalPage(origin: string): boolean {
  return /^https?:/.test(origin) && LOOPBACK.test(hostname(origin))
}

function isHostOf(own: URL | undefined, host: string): boolean {
  const url = own && `${own.protocol}//${host}`
  return url !== undefined && URL.canParse(url) && new URL(url).host === own?.host
}

function hostname(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}

function preflightHeaders({ access, tools }: Catalog): Record<string, string> {
  const named = [...ALLOWED_HEADERS, ...arrivingHeaders(access), ...mirroredHeaders(tools)]
  return {
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': named.join(', '),
    'access-control-max-age': '7200',
  }
}

function forbidden(message: string): Response {
  return Response.json({ jsonrpc: '2.0', error: { code: -32600, message } }, { status: 403 })
}
