/**
 * Refresh with single flight: clients send the same refresh token from several places at once, and a provider that rotates
 * takes a second use for theft. The first asks the provider; the others, for 30 seconds, get the same answer.
 */
import { digest } from '../sealing/random.ts'
import { open, seal } from '../sealing/seal.ts'
import type { Authority } from './authority.ts'
import { OAuthError } from './errors.ts'
import { type Granted, grantFromRefresh } from './grant.ts'
import { issue, type TokenAnswer } from './issue.ts'
import type { RefreshToken } from './session.ts'

/** Seconds for which an answer is given again. */
const REPLAYED = 30
/** Most answers kept by a process; the oldest is forgotten first. */
const MOST = 1000

type Flights = Map<string, { answer: Promise<TokenAnswer>; until: number }>

const flightsOf = new WeakMap<Authority, Flights>()

/** Throws OAuthError: `invalid_grant` only where the provider or the replay guard said so. */
export async function renew(
  authority: Authority,
  presented: string,
  token: RefreshToken,
  scopes: string[],
): Promise<TokenAnswer> {
  const flights = flightsOf.get(authority) ?? new Map()
  flightsOf.set(authority, flights)
  const key = await digest(`${presented} ${scopes.join(' ')}`)
  const now = authority.ports.now()
  for (const [old, { until }] of flights) if (until <= now || flights.size > MOST) flights.delete(old)
  const flying = flights.get(key)
  if (flying !== undefined) return flying.answer
  const answer = authority.ports.replay.shared
    ? shared(authority, key, token, scopes)
    : ask(authority, token, scopes)
  flights.set(key, { answer, until: now + REPLAYED })
  // A failure is not an answer to give again.
  answer.catch(() => flights.delete(key))
  return answer
}

async function ask(authority: Authority, token: RefreshToken, scopes: string[]): Promise<TokenAnswer> {
  const { session } = token
  return issue(authority, session, await renewed(authority, token), scopes)
}

async function renewed(authority: Authority, token: RefreshToken): Promise<Granted> {
  const { refresh, organization, credential, until, session } = token
  if (refresh !== undefined && authority.provider !== undefined) {
    return grantFromRefresh(authority, authority.provider, { refresh, organization }, session.scopes)
  }
  if (credential === undefined) throw new OAuthError('invalid_grant', 'refresh_token is invalid or expired')
  // Credentials are asked about again, so that a key that was taken back ends here.
  const proof = 'fields' in credential ? await authority.prove(credential) : 'yes'
  if (proof === 'no')
    throw new OAuthError(
      'invalid_grant',
      `${authority.title} no longer takes these credentials: connect again`,
    )
  if (proof === 'unclear')
    throw new OAuthError('temporarily_unavailable', `${authority.title} could not be asked`, 'proof', 5)
  return {
    credential,
    ...(until !== undefined && { until }),
    ...(organization !== undefined && { organization }),
  }
}

/**
 * Over several processes with a shared guard: one of them asks, the others wait for its answer, and a use after that is a
 * theft or a bug, which ends the whole sign-in.
 */
async function shared(
  authority: Authority,
  key: string,
  token: RefreshToken,
  scopes: string[],
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
    await replay.put(`denied:${family}`, '1', settings.refreshTtl)
    throw new OAuthError('invalid_grant', 'refresh_token was used before: connect again', 'reuse')
  }
  const failed = `failed:${token.id}`
  const failures = (await replay.get(failed)) ?? '0'
  if (!(await replay.claim(`flight:${token.id}:${failures}`, settings.idpTimeout + 5)))
    return awaited(authority, key, async () => ((await replay.get(failed)) ?? '0') !== failures)
  const left = Math.ceil(began + settings.refreshTtl - ports.now())
  const answer = await ask(authority, token, scopes).catch(async (error: unknown) => {
    // A claim cannot be given back: the next try has a name of its own, and need not wait until this one expires.
    await replay.put(failed, String(Number(failures) + 1), left)
    throw error
  })
  const sealed = await seal(authority.ring, 'answer', { answer: { ...answer } }, ports.now(), REPLAYED)
  await replay.put(`answer:${key}`, sealed, REPLAYED)
  await replay.put(`used:${token.id}`, String(Math.floor(ports.now())), left)
  return answer
}

/** Seconds between two looks for the answer that another process is getting. */
const PAUSE = 0.25

async function awaited(
  authority: Authority,
  key: string,
  hasFailed: () => Promise<boolean>,
): Promise<TokenAnswer> {
  const { ports, settings } = authority
  for (const start = ports.now(); ports.now() < start + settings.idpTimeout; ) {
    await new Promise<void>((resolve) => ports.after(PAUSE, resolve))
    const answer = await recall(authority, key)
    if (answer !== undefined) return answer
    if (await hasFailed()) break
  }
  throw new OAuthError('temporarily_unavailable', 'The token is being refreshed elsewhere', 'flight', 5)
}

async function recall({ ring, ports }: Authority, key: string): Promise<TokenAnswer | undefined> {
  const sealed = await ports.replay.get(`answer:${key}`)
  const claims = sealed === undefined ? undefined : await open(ring, 'answer', sealed, ports.now())
  return claims?.answer as TokenAnswer | undefined
}
