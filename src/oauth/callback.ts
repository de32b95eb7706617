/** `GET /callback`: the person comes back from the identity provider, in the browser that left, and goes on to the client. */
import { randomToken } from '../sealing/random.ts'
import { errorAddress, redirectError, START_AGAIN } from './answers.ts'
import type { Asked, Authority, Exchange } from './authority.ts'
import { OAuthError, PageError } from './errors.ts'
import { refuseRepeated } from './form.ts'
import { grantFromCode } from './grant.ts'
import { readCallback } from './idp-calls.ts'
import { checkReturningBrowser } from './same-browser.ts'
import { openAs, type State } from './session.ts'
import { answerWithCode } from './sign-in.ts'

export async function callback(authority: Authority, exchange: Exchange): Promise<Response> {
  const parameters = new URL(exchange.request.url).searchParams
  refuseRepeated(parameters)
  const { asked, browser, verifier } = await openState(authority, parameters.get('state') ?? '')
  await checkReturningBrowser(exchange.request, authority, browser)
  exchange.entry.client = asked.client.slice(0, 8)
  try {
    const code = await readCallback(authority.provider!, parameters)
    if (exchangeMode(authority) === 'token')
      return await answerWithCode(authority, asked, { provider: { code, verifier } })
    const granted = await grantFromCode(authority, authority.provider!, code, verifier)
    return await answerWithCode(authority, asked, { granted, id: randomToken(16) })
  } catch (error) {
    if (error instanceof PageError) throw error.withBack(backLink(authority, asked, error, exchange))
    if (!(error instanceof OAuthError)) throw error
    return redirectError(authority, asked, toClient(error), exchange)
  }
}

/** The client waits for an answer: the page that refuses the person leads on to it. */
function backLink(authority: Authority, asked: Asked, { message }: PageError, exchange: Exchange): string {
  return errorAddress(authority, asked, new OAuthError('access_denied', message), exchange)
}

/** Where the provider's code is redeemed: at /token, where the provider is the ledger of single use, or here. */
export function exchangeMode({
  settings,
  access,
}: Pick<Authority, 'settings' | 'access'>): 'token' | 'callback' {
  const declared = access.signIn.type === 'oauth' ? access.signIn.exchange : undefined
  return settings.exchange ?? declared ?? 'token'
}

async function openState(authority: Authority, sealed: string): Promise<State> {
  const state = await openAs(authority, 'state', sealed)
  if (state !== undefined) return state
  throw new PageError(400, 'This sign-in cannot be found', 'It began too long ago, or not here.', [
    START_AGAIN,
  ])
}

/** `invalid_grant` is no error of an authorization response (RFC 6749, 4.1.2.1). */
function toClient(error: OAuthError): OAuthError {
  return error.code === 'invalid_grant' ? new OAuthError('server_error', error.message, error.detail) : error
}
