/** The gate of a connector, as its declaration says: sign-in, an API key, somebody else's token, or none. */
import type { Access } from './access.ts'
import type { Door, Gate } from './caller.ts'
import { createJwtGate } from './jwt.ts'
import { readKey } from './key.ts'
import { createTokenGate } from './token.ts'

/** Without a `door`, sign-in is off, and only the keys that are taken beside it open. */
export function createGate(access: Access, door?: Door): Gate {
  switch (access.type) {
    case 'none':
      return () => ({ scopes: 'all', headers: {} })
    case 'apiKey':
      return (request) => readKey(request, access)
    case 'oauth':
      return door ? createTokenGate(access, door) : (request) => readKey(request, access.apiKey ?? {})
    case 'jwt':
      return createJwtGate(access, door!)
  }
}
