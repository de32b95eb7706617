/** The gate of a connector: an API key that the upstream issued and will check, or none. */
import type { Caller, Gate } from './caller.ts'
import { unauthorized } from './refusal.ts'

export type Access = ApiKeyAccess | { type: 'none' }

/** A key that the upstream itself issued and checks: it is forwarded there and to nowhere else. */
export interface ApiKeyAccess {
  type: 'apiKey'
  /** A further header that the key may arrive in, besides `Authorization: Bearer` and `X-API-Key`. */
  header?: string
  /** How the key travels upstream; default `Authorization: Bearer <key>`. */
  forward?: { header: string; scheme?: string }
}

/** Longest credential taken, in characters. */
const LONGEST = 4096

export function createGate(access: Access): Gate {
  return access.type === 'none'
    ? () => ({ scopes: 'all', headers: {} })
    : (request) => readKey(request, access)
}

/** Only headers are looked at: a key in a query string would end up in logs and histories. */
function readKey(request: Request, access: ApiKeyAccess): Caller | Response {
  const authorization = request.headers.get('authorization')
  const bearer = /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1]
  const others = ['x-api-key', ...(access.header === undefined ? [] : [access.header])]
  const key = bearer ?? others.map((name) => request.headers.get(name)).find((value) => value)
  if (key === undefined || key === null) {
    const names = ['Authorization: Bearer <key>', ...others.map((name) => `${name}: <key>`)].join(' or ')
    return unauthorized(request, authorization !== null, `Send the API key in a header: ${names}.`)
  }
  if (key.length > LONGEST || !/^[\x21-\x7e]+$/.test(key)) {
    return unauthorized(
      request,
      true,
      `The API key is not one word of at most ${LONGEST} printable ASCII characters.`,
    )
  }
  const { header, scheme } = access.forward ?? { header: 'authorization', scheme: 'Bearer' }
  const value = scheme === undefined ? key : `${scheme} ${key}`
  return { scopes: 'all', headers: { [header.toLowerCase()]: value }, secret: key }
}
