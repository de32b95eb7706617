/** Who is calling: the one value that crosses from access to the protocol, and the gate that makes it. */

export interface Caller {
  /** Granted scopes; `all` where the credential carries none of ours and the upstream decides. */
  scopes: ReadonlySet<string> | 'all'
  /** The credential as headers for the upstream; sent to its origin only. */
  headers: Record<string, string>
  /** The credential itself, so that an upstream error that repeats it can be masked. */
  secret?: string
  /** True where the authorization says that the client refuses dots in tool names. */
  refusesDots?: boolean
}

/** Decides from headers alone, before the body is read. */
export type Gate = (request: Request) => Caller | Response | Promise<Caller | Response>

/** True where the caller holds every scope in `needed`. */
export function isGranted(caller: Caller, needed: readonly string[]): boolean {
  const { scopes } = caller
  return scopes === 'all' || needed.every((scope) => scopes.has(scope))
}
