/** `GET /callback`: the person comes back from the identity provider, in the browser that left, and goes on to the client. */
import { randomToken } from '../sealing/random.ts'
import { open } from '../sealing/seal.ts'
import { redirectError, START_AGAIN } from './answers.ts'
import type { Authority, Exchange, Transaction } from './authority.ts'
import { OAuthError, PageError } from './errors.ts'
import { refuseRepeated } from './form.ts'
import { grantFromCode } from './grant.ts'
import { readCallback } from './idp-calls.ts'
import { checkSameBrowser } from './same-browser.ts'
import { answerWithCode } from './sign-in.ts'

interface State extends Pick<Transaction, 'asked' | 'browser'> {
  /** PKCE verifier toward the provider. */
  verifier: string
}

export async function callback(authority: Authority, exchange: Exchange): Promise<Response> {
  const parameters = new URL(exchange.request.url).searchParams
  refuseRepeated(parameters)
  const { asked, browser, verifier } = await openState(authority, parameters.get('state') ?? '')
  await checkSameBrowser(exchange.request, authority, browser)
  exchange.entry.client = asked.client.slice(0, 8)
  try {
    const code = await readCallback(authority.provider!, parameters)
    if (exchangeMode(authority) === 'token')
      return await answerWithCode(authority, asked, { provider: { code, verifier } })
    const granted = await grantFromCode(authority, authority.provider!, code, verifier)
    return await answerWithCode(authority, asked, { granted, id: randomToken(16) })
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return redirectError(authority, asked, toClient(error), exchange)
  }
}

/** Where the provider's code is redeemed: at /token, where the provider is the ledger of single use, or here. */
export function exchangeMode({
  settings,
  access,
}: Pick<Authority, 'settings' | 'access'>): 'token' | 'callback' {
  const declared = access.signIn.type === 'oauth' ? access.signIn.exchange : undefined
  return settings.exchange ?? declared ?? 'token'
}

async function openState({ ring, ports }: Authority, state: string): Promise<State> {
  const claims = await open(ring, 'state', state, ports.now())
  if (claims !== undefined) return claims as unknown as State
  throw new PageError(400, 'This sign-in took too long', 'It began too long ago, or not here.', [START_AGAIN])
}

/** `invalid_grant` is no error of an authorization response (RFC 6749, 4.1.2.1). */
function toClient(error: OAuthError): OAuthError {
  return error.code === 'invalid_grant' ? new OAuthError('server_error', error.message, error.detail) : error
}
