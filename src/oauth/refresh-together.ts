/** Refresh over several processes that share a replay guard: one asks the provider, the others get its answer. */
import { deny } from '../access/denied.ts'
import type { Settings } from '../settings.ts'
import type { Authority } from './authority.ts'
import { OAuthError } from './errors.ts'
import { openAs, type RefreshToken, sealAs, type TokenAnswer } from './session.ts'

/** Seconds for which an answer is given again. */
export const REPLAYED = 30

/** Seconds that a refresh takes at the most: discovery, the exchange and userinfo, or a GET that proves credentials. */
export function longest({ idpTimeout, deadline }: Settings): number {
  return 3 * idpTimeout + deadline
}

/**
 * Over several processes with a shared guard: one of them asks, the others wait for its answer, and a use after that is a
 * theft or a bug, which ends the whole sign-in.
 */
export async function refreshTogether(
  authority: Authority,
  key: string,
  token: RefreshToken,
  ask: () => Promise<TokenAnswer>,
): Promise<TokenAnswer> {
  const { ports, settings } = authority
  const { replay } = ports
  const { family, began } = token.session
  const used = await replay.get(`used:${token.id}`)
  if (used !== undefined) {
    const answer = await recall(authority, key)
    if (answer !== undefined) return answer
    // Within the time of its answer it is the same client, asking for other scopes at once.
    if (Number(used) + REPLAYED > ports.now())
      throw new OAuthError('invalid_grant', 'refresh_token was used a moment ago, for other scopes')
    await deny(replay, family, settings.refreshTtl)
    throw new OAuthError('invalid_grant', 'refresh_token was used before: connect again', 'reuse')
  }
  const failed = `failed:${token.id}`
  const failures = (await replay.get(failed)) ?? '0'
  if (!(await replay.claim(`flight:${token.id}:${failures}`, longest(settings))))
    return awaited(authority, key, async () => {
      // Used, and no answer under this key: it was for other scopes.
      if ((await replay.get(`used:${token.id}`)) !== undefined) return true
      return ((await replay.get(failed)) ?? '0') !== failures
    })
  const left = Math.ceil(began + settings.refreshTtl - ports.now())
  const answer = await ask().catch(async (error: unknown) => {
    // A claim cannot be given back: the next try has a name of its own, and need not wait until this one expires.
    await replay.put(failed, String(Number(failures) + 1), left)
    throw error
  })
  const sealed = await sealAs(authority, 'answer', { answer }, REPLAYED)
  // The provider's old refresh token may be used up by now: a store that fails here must not cost the sign-in.
  await Promise.allSettled([
    replay.put(`answer:${key}`, sealed, REPLAYED),
    replay.put(`used:${token.id}`, String(Math.floor(ports.now())), left),
  ])
  return answer
}

/** Seconds between two looks for the answer that another process is getting. */
const PAUSE = 0.25

async function awaited(
  authority: Authority,
  key: string,
  hasEnded: () => Promise<boolean>,
): Promise<TokenAnswer> {
  const { ports, settings } = authority
  let ended = false
  for (const start = ports.now(); ports.now() < start + longest(settings); ) {
    await new Promise<void>((resolve) => ports.after(PAUSE, resolve))
    const answer = await recall(authority, key)
    if (answer !== undefined) return answer
    // The answer may be written a moment after the mark: one more look.
    if (ended) break
    ended = await hasEnded()
  }
  throw new OAuthError('temporarily_unavailable', 'The token is being refreshed elsewhere', 'flight', 5)
}

async function recall(authority: Authority, key: string): Promise<TokenAnswer | undefined> {
  const sealed = await authority.ports.replay.get(`answer:${key}`)
  return sealed === undefined ? undefined : (await openAs(authority, 'answer', sealed))?.answer
}
