/** The grants of /token, a row each: what is presented is opened and checked in full before anything is used up. */
import { deny, isDenied } from '../access/denied.ts'
import { resourcePath } from '../access/resources.ts'
import { digest, isSame } from '../sealing/random.ts'
import type { Authority, Exchange } from './authority.ts'
import { authenticateClient } from './client-authentication.ts'
import { OAuthError } from './errors.ts'
import { parameter, required } from './form.ts'
import { grantFromCode } from './grant.ts'
import { issue } from './issue.ts'
import { renew } from './refresh.ts'
import { type Code, type Granted, openAs, type Session, type TokenAnswer } from './session.ts'

export type Grant = (authority: Authority, exchange: Exchange, form: URLSearchParams) => Promise<TokenAnswer>

export const grants: Record<string, Grant> = {
  authorization_code: async (authority, exchange, form) => {
    const code = await openAs(authority, 'code', required(form, 'code'))
    if (code === undefined) throw new OAuthError('invalid_grant', 'code is invalid or expired')
    await checkSession(authority, exchange, form, code.session)
    await checkCode(code, form)
    return issue(authority, code.session, await redeemCode(authority, code))
  },
  refresh_token: async (authority, exchange, form) => {
    const presented = required(form, 'refresh_token')
    const token = await openAs(authority, 'refresh', presented)
    if (token === undefined) throw new OAuthError('invalid_grant', 'refresh_token is invalid or expired')
    await checkSession(authority, exchange, form, token.session)
    return renew(authority, presented, token, narrowed(token.session, parameter(form, 'scope')))
  },
}

/** Who presents it must be who got it, for the resource that it was made for. */
async function checkSession(
  authority: Authority,
  { request, entry }: Exchange,
  form: URLSearchParams,
  session: Session,
): Promise<void> {
  entry.session = session.family.slice(0, 8)
  entry.client = session.client.slice(0, 8)
  await authenticateClient(authority, { request, form }, session)
  const resources = form.getAll('resource').filter(Boolean)
  if (resources.length > 0 && resourcePath(authority, resources) !== session.resource) {
    throw new OAuthError('invalid_target', 'resource is not the one that was agreed to')
  }
  if (await isDenied(authority.ports.replay, session.family))
    throw new OAuthError('invalid_grant', 'The connection was ended')
}

/** RFC 7636 (4.6), and the redirect URI where it is repeated (OAuth 2.1 leaves it out). */
async function checkCode({ challenge, redirect }: Code, form: URLSearchParams): Promise<void> {
  const verifier = required(form, 'code_verifier')
  if (!/^[\w.~-]{43,128}$/.test(verifier) || !isSame(await digest(verifier), challenge)) {
    throw new OAuthError('invalid_grant', 'code is invalid or expired', 'code_verifier differs')
  }
  if ((parameter(form, 'redirect_uri') ?? redirect) !== redirect) {
    throw new OAuthError('invalid_grant', 'code is invalid or expired', 'redirect_uri differs')
  }
}

/** Seconds for which a used code is known: it is refused by itself after that. */
const REMEMBERED = 120

/** The provider is the ledger of its own codes; for those that carry a grant already it is the replay guard. */
async function redeemCode(authority: Authority, { provider, granted, id, session }: Code): Promise<Granted> {
  if (provider !== undefined)
    return grantFromCode(authority, authority.provider!, provider.code, provider.verifier)
  const { replay } = authority.ports
  if (granted !== undefined && id !== undefined && (await replay.claim(`code:${id}`, REMEMBERED)))
    return granted
  // A second use means that somebody else has it: what the first one got ends too (RFC 6749, 4.1.2).
  await deny(replay, session.family, authority.settings.refreshTtl)
  throw new OAuthError('invalid_grant', 'code is invalid or expired', 'used before')
}

/** A refresh may ask for fewer scopes, never for more (RFC 6749, 6); what is not known is dropped. */
function narrowed({ scopes }: Session, asked: string | undefined): string[] {
  if (asked === undefined) return scopes
  const wanted = new Set(asked.split(' '))
  const fewer = scopes.filter((scope) => wanted.has(scope))
  return fewer.length > 0 ? fewer : scopes
}
