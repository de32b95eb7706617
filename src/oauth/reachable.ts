/** The replay guard as the endpoints see it: out of reach, or full, it is a reason to wait and not an end. */
import type { ReplayGuard } from '../ports.ts'
import { OAuthError } from './errors.ts'

/** Rejections become OAuthError `temporarily_unavailable`. */
export function reachable(replay: ReplayGuard): ReplayGuard {
  const told = (error: Error): never => {
    throw new OAuthError(
      'temporarily_unavailable',
      'Try again in a moment',
      `replay guard: ${error.message}`,
      5,
    )
  }
  return {
    shared: replay.shared,
    claim: (key, ttl) => replay.claim(key, ttl).catch(told),
    put: (key, value, ttl) => replay.put(key, value, ttl).catch(told),
    get: (key) => replay.get(key).catch(told),
  }
}
