/** `POST /token` (RFC 6749, 3.2): the steps that every grant shares, then the grant. */
import { json } from './answers.ts'
import type { Authority, Exchange } from './authority.ts'
import { isKnownClientId } from './client.ts'
import { presentedClientId } from './client-authentication.ts'
import { OAuthError } from './errors.ts'
import { readForm, required } from './form.ts'
import { grants } from './grants.ts'

export async function token(authority: Authority, exchange: Exchange): Promise<Response> {
  const form = await readForm(exchange.request, authority.settings.maxFormBytes)
  const name = required(form, 'grant_type')
  const grant = Object.hasOwn(grants, name) ? grants[name] : undefined
  if (grant === undefined) {
    throw new OAuthError('unsupported_grant_type', `grant_type must be ${Object.keys(grants).join(' or ')}`)
  }
  exchange.entry.grant = name
  await refuseUnknownClient(authority, exchange.request, form)
  return json(await grant(authority, exchange, form))
}

/** 401 `invalid_client` is what makes a client with a dead registration register again. */
export async function refuseUnknownClient(
  authority: Authority,
  request: Request,
  form: URLSearchParams,
): Promise<void> {
  const id = presentedClientId(request, form)
  if (id === undefined) throw new OAuthError('invalid_client', 'client_id is missing, or two differ')
  if (!(await isKnownClientId(authority, id))) {
    throw new OAuthError('invalid_client', 'The client is not registered here (any more): register again')
  }
}
