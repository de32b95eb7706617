/** A connector that whoever reaches it may call; the deployment's own headers go along to the upstream. */
import { StartError } from '../errors.ts'
import type { Access } from './access.ts'
import type { Gate } from './caller.ts'

/** Shorter values, such as a tenant's number, would be found in innocent words. */
const SHORTEST_SECRET = 6

/** `given` are the headers by name, as `checkHeaders` has seen them. */
export function createOpenGate(given: Record<string, string>): Gate {
  const pairs = Object.entries(given)
  const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]))
  const secrets = pairs.flatMap(([, value]) => secretsIn(value))
  return () => ({ scopes: 'all', headers, ...(secrets.length > 0 && { secrets }) })
}

/** The whole value, and what follows a scheme such as `Bearer`. */
function secretsIn(value: string): string[] {
  const [, credential = ''] = /^[A-Za-z][\w-]* +(.+)$/.exec(value) ?? []
  return [value, credential].filter((secret) => secret.length >= SHORTEST_SECRET)
}

/** Declared and given, both or neither: a header that is not declared might be one that an argument sets. Throws StartError. */
export function checkHeaders(access: Access, given: Record<string, string>): void {
  const declared = access.type === 'none' ? (access.headers ?? []) : []
  const faults = [
    ...without(declared, Object.keys(given)).map(
      (name) => `${name} is declared, and the setting has no value for it`,
    ),
    ...without(Object.keys(given), declared).map(
      (name) => `${name} is set, and \`access.headers\` does not declare it`,
    ),
  ]
  if (faults.length > 0) throw new StartError('LECTERN_UPSTREAM_HEADERS does not fit the connector', faults)
}

/** Names of `some` that `others` has not in any case. */
function without(some: string[], others: string[]): string[] {
  const known = new Set(others.map((name) => name.toLowerCase()))
  return some.filter((name) => !known.has(name.toLowerCase()))
}
