/** `POST /revoke` (RFC 7009): ends the sign-in at the provider, and here as far as a server without a store can. */
import { deny } from '../access/denied.ts'
import { PRIVATE } from './answers.ts'
import type { Authority, Exchange } from './authority.ts'
import { authenticateClient } from './client-authentication.ts'
import { OAuthError } from './errors.ts'
import { readForm, required } from './form.ts'
import { revoke as revokeAtProvider } from './idp-calls.ts'
import { openAs, type Session } from './session.ts'
import { refuseUnknownClient } from './token.ts'

/** 200 for a token that is not ours, is over, or is another client's (RFC 7009, 2.2): there is nothing to end. */
export async function revoke(authority: Authority, exchange: Exchange): Promise<Response> {
  const { request, entry } = exchange
  const form = await readForm(request, authority.settings.maxFormBytes)
  const presented = required(form, 'token')
  await refuseUnknownClient(authority, request, form)
  const held = await openHeld(authority, presented)
  if (held === undefined || !(await isOwn(authority, exchange, form, held.session))) return done()
  entry.session = held.session.family.slice(0, 8)
  entry.client = held.session.client.slice(0, 8)
  await deny(authority.ports.replay, held.session.family, authority.settings.refreshTtl)
  if (authority.provider !== undefined && held.upstream !== undefined) {
    await revokeAtProvider(authority.provider, held.upstream, held.hint).catch(noteRefusal(entry))
  }
  return done()
}

/** Some providers end no tokens of one kind (`unsupported_token_type`): what could be ended here is, and 503 alone is worth another try. */
function noteRefusal(entry: Exchange['entry']): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof OAuthError) || error.code === 'temporarily_unavailable') throw error
    entry.detail = error.detail
  }
}

interface Held {
  session: Pick<Session, 'client' | 'authentication' | 'jwksUri' | 'family'>
  /** The provider's own token inside. */
  upstream: string | undefined
  hint: 'access_token' | 'refresh_token'
}

/** Whichever kind it is; the client's hint is not needed. */
async function openHeld(authority: Authority, presented: string): Promise<Held | undefined> {
  const [refresh, access] = await Promise.all([
    openAs(authority, 'refresh', presented),
    openAs(authority, 'access', presented),
  ])
  if (refresh !== undefined) {
    return refresh.refresh === undefined
      ? { session: refresh.session, upstream: tokenOf(refresh.credential), hint: 'access_token' }
      : { session: refresh.session, upstream: refresh.refresh, hint: 'refresh_token' }
  }
  if (access === undefined) return undefined
  const { client, family, credential, authentication = 'none', jwksUri } = access
  return {
    session: { client, family, authentication, ...(jwksUri !== undefined && { jwksUri }) },
    upstream: tokenOf(credential),
    hint: 'access_token',
  }
}

function tokenOf(credential: object | undefined): string | undefined {
  return credential !== undefined && 'token' in credential ? String(credential.token) : undefined
}

async function isOwn(
  authority: Authority,
  { request }: Exchange,
  form: URLSearchParams,
  session: Held['session'],
): Promise<boolean> {
  try {
    await authenticateClient(authority, { request, form }, session)
    return true
  } catch (error) {
    if (error instanceof OAuthError && error.code === 'invalid_grant') return false
    throw error
  }
}

function done(): Response {
  return new Response(null, { status: 200, headers: PRIVATE })
}
