/** API keys that the upstream issued and checks: read from headers, forwarded to it and to nowhere else. */
import type { KeyHeaders } from './access.ts'
import type { Caller } from './caller.ts'
import { forwarded } from './credential.ts'
import { unauthorized } from './refusal.ts'

/** Longest credential taken, in characters. */
const LONGEST = 4096

/** Only headers are looked at: a key in a query string would end up in logs and histories. */
export function readKey(request: Request, access: KeyHeaders, prefix = ''): Caller | Response {
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
  if (!key.startsWith(prefix))
    return unauthorized(request, true, `The API key does not begin with ${prefix}.`)
  return { scopes: 'all', headers: forwarded(access.forward, key), secrets: [key] }
}
