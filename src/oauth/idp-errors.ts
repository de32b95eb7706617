/** What a failed exchange with the identity provider is to our client: its own fault, ours, or worth another try. */
import * as oauth from 'oauth4webapi'
import { OAuthError } from './errors.ts'

/** Seconds after which a client may try again where the provider does not say. */
const AGAIN = 5

/** Throws `temporarily_unavailable` for a status that says so, before anything reads the body. */
export function refuseUnavailable({ status, headers }: Response): void {
  if (status < 500 && status !== 429) return
  const seconds = Number(headers.get('retry-after') ?? AGAIN)
  throw unavailable(`status ${status}`, seconds >= 0 && seconds <= 300 ? seconds : AGAIN)
}

/** The provider's words stay out of it: an error code of it goes into the log, a description goes nowhere. */
export function providerError(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error
  if (error instanceof oauth.ResponseBodyError) return refused(error.error)
  if (error instanceof oauth.AuthorizationResponseError) return denied(error.error)
  if (error instanceof oauth.WWWAuthenticateChallengeError)
    return refused(`challenge, status ${error.status}`)
  if (error instanceof oauth.OperationProcessingError) {
    return wrong(`${error.code ?? ''} ${error.message}`)
  }
  if (error instanceof oauth.UnsupportedOperationError) return wrong(error.message)
  const { name = '', code, cause } = error as { name?: string; code?: string; cause?: { code?: string } }
  return unavailable(`${name} ${code ?? cause?.code ?? ''}`.trim(), AGAIN)
}

/** `invalid_grant` only on the provider's own word: a client takes it for the end of the connection. */
function refused(code: string): OAuthError {
  if (code === 'invalid_grant') {
    return new OAuthError(
      'invalid_grant',
      'The identity provider no longer takes this grant: connect again',
      code,
    )
  }
  const again = code === 'temporarily_unavailable' || code === 'slow_down'
  return again ? unavailable(code, AGAIN) : wrong(`the provider said ${code}`)
}

function denied(code: string): OAuthError {
  if (code === 'access_denied') return new OAuthError('access_denied', 'The sign-in was declined', code)
  return code === 'temporarily_unavailable' ? unavailable(code, AGAIN) : wrong(`the provider said ${code}`)
}

function wrong(detail: string): OAuthError {
  return new OAuthError('server_error', 'The identity provider did not complete the sign-in', detail)
}

function unavailable(detail: string, seconds: number): OAuthError {
  return new OAuthError(
    'temporarily_unavailable',
    'The identity provider cannot be reached now',
    detail,
    seconds,
  )
}
