/** Who is calling: the one value that crosses from access to the protocol, and the gate that makes it. */
import type { OAuthPorts, Ports } from '../ports.ts'
import type { KeyRing } from '../sealing/ring.ts'
import type { Settings } from '../settings.ts'
import type { Namespaces } from './parts.ts'

export interface Caller {
  /** Granted scopes; `all` where the credential carries none of ours and the upstream decides. */
  scopes: ReadonlySet<string> | 'all'
  /** The credential as headers for the upstream; sent to its origin only. */
  headers: Record<string, string>
  /** The same as query parameters, for an upstream that wants it there. */
  query?: Record<string, string>
  /** The credentials themselves, so that an upstream error that repeats one can be masked. */
  secrets?: readonly string[]
  /** For the access log: ids of ours and of the organization, never a name or an address. */
  facts?: Record<string, string>
  /** 401 for an upstream that takes the credential no longer; absent where nothing could be done about it. */
  rejected?: () => Response
  /** 403 with one challenge for all that is needed (RFC 6750, 3.1); absent where scopes cannot be asked for. */
  insufficient?: (needed: readonly string[]) => Response
  /** True where the authorization says that the client refuses dots in tool names. */
  refusesDots?: boolean
  /** True where the authorization says that the client is one that answers from `search` and `fetch`: ChatGPT. */
  seeksKnowledge?: boolean
}

/** Decides from headers alone, before the body is read. */
export type Gate = (request: Request) => Caller | Response | Promise<Caller | Response>

/** True where the caller holds every scope in `needed`. */
export function isGranted(caller: Caller, needed: readonly string[]): boolean {
  const { scopes } = caller
  return scopes === 'all' || needed.every((scope) => scopes.has(scope))
}

/** What the gates of sign-in need beside the declaration. */
export interface Door {
  /** Origin of the deployment, and issuer of its own tokens. */
  issuer: string
  /** Absent where the tokens are somebody else's. */
  ring?: KeyRing
  /** Of all of the connector; `scopesAt` says which of them a part needs. */
  scopes: readonly string[]
  namespaces: Namespaces
  settings: Settings
  ports: Ports & OAuthPorts
}
