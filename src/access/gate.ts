/** The gate of a connector, as its declaration says: sign-in, an API key, somebody else's token, or none. */
import type { Access } from './access.ts'
import type { Door, Gate } from './caller.ts'
import { createJwtGate } from './jwt.ts'
import { readKey } from './key.ts'
import { checkHeaders, createOpenGate } from './open.ts'
import { createTokenGate } from './token.ts'

/**
 * Without a `door`, sign-in is off, and only the keys that are taken beside it open. `headers` are the deployment's own
 * for the upstream. Throws StartError where they are not the declared ones.
 */
export function createGate(access: Access, door?: Door, headers: Record<string, string> = {}): Gate {
  checkHeaders(access, headers)
  switch (access.type) {
    case 'none':
      return createOpenGate(headers)
    case 'apiKey':
      return (request) => readKey(request, access, access.prefix)
    case 'oauth':
      return door
        ? createTokenGate(access, door)
        : (request) => readKey(request, access.apiKey ?? {}, access.apiKey?.prefix)
    case 'jwt':
      return createJwtGate(access, door!)
  }
}
