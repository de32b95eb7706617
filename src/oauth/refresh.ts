/**
 * Refresh with single flight: clients send the same refresh token from several places at once, and a provider that rotates
 * takes a second use for theft. The first asks the provider; the others, for 30 seconds, get the same answer.
 */
import { digest, randomToken } from '../sealing/random.ts'
import type { Authority } from './authority.ts'
import { OAuthError } from './errors.ts'
import { grantFromRefresh } from './grant.ts'
import { issue } from './issue.ts'
import { longest, REPLAYED, refreshTogether } from './refresh-together.ts'
import type { Granted, RefreshToken, TokenAnswer } from './session.ts'
import { within } from './within.ts'

/** Most answers kept by a process; the oldest is forgotten first. */
const MOST = 1000

/** What is under way or was answered a moment ago, by a digest of what was asked. */
type Flights<T> = Map<string, { answer: Promise<T>; until: number }>

/** The provider is asked once for a refresh token, whatever scopes it is presented with; those only narrow our answer. */
interface Kept {
  grants: Flights<Granted>
  answers: Flights<TokenAnswer>
}

const keptOf = new WeakMap<Authority, Kept>()

/** Throws OAuthError: `invalid_grant` only where the provider or the replay guard said so. */
export async function renew(
  authority: Authority,
  presented: string,
  token: RefreshToken,
  scopes: string[],
): Promise<TokenAnswer> {
  const kept = keptOf.get(authority) ?? { grants: new Map(), answers: new Map() }
  keptOf.set(authority, kept)
  const key = await digest(`${presented} ${scopes.join(' ')}`)
  return once(kept.answers, key, authority, async () => {
    const ask = async () => {
      const granted = await once(kept.grants, token.id, authority, async () => ({
        ...(await renewed(authority, token)),
        renewal: randomToken(16),
      }))
      return issue(authority, token.session, granted, scopes)
    }
    return authority.ports.replay.shared ? refreshTogether(authority, key, token, ask) : ask()
  })
}

/** The answer of the first for all who ask within 30 seconds; a failure is not an answer to give again. */
async function once<T>(
  flights: Flights<T>,
  key: string,
  { ports, settings }: Authority,
  run: () => Promise<T>,
): Promise<T> {
  const now = ports.now()
  for (const [old, { until }] of flights) if (until <= now || flights.size > MOST) flights.delete(old)
  const flying = flights.get(key)
  if (flying !== undefined) {
    const late = new OAuthError('temporarily_unavailable', 'The token is being refreshed', 'flight', 5)
    return within(ports, flying.until - now, late, flying.answer)
  }
  const flight = { answer: run(), until: now + longest(settings) }
  flights.set(key, flight)
  try {
    const answer = await flight.answer
    flight.until = ports.now() + REPLAYED
    return answer
  } catch (error) {
    flights.delete(key)
    throw error
  }
}

async function renewed(authority: Authority, token: RefreshToken): Promise<Granted> {
  const { refresh, organization, credential, until, session } = token
  if (refresh !== undefined && authority.provider !== undefined) {
    return grantFromRefresh(authority, authority.provider, { ...token, refresh }, session.scopes)
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
