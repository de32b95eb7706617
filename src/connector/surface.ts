/** The hash of what clients see: all of `tools/list`, its words and its order, in one value to compare deployments by. */
import { canonical, sha256 } from './canonical.ts'

const PREFIX = 'sha256-'
/** Characters of the digest that tell two surfaces apart where nobody means to deceive. */
const SHORT = 12

/** `definitions` are the tools as `tools/list` has them for a caller who holds every scope. */
export async function surfaceHash(definitions: readonly object[]): Promise<string> {
  return PREFIX + (await sha256(canonical(definitions)))
}

/** As `/health` tells it. */
export function shortHash(hash: string): string {
  return hash.slice(0, PREFIX.length + SHORT)
}
