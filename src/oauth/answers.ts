/** What leaves an endpoint: JSON for a client, a redirect with `iss` (RFC 9207), or a page for a person. */
import { problemPage } from '../pages/problem.ts'
import type { Asked, Authority, Exchange } from './authority.ts'
import { OAuthError, PageError, STATUSES } from './errors.ts'

/** Every answer of the authorization server: not stored, and its address is told to nobody (RFC 6749, 5.1). */
export const PRIVATE = { 'cache-control': 'no-store', pragma: 'no-cache', 'referrer-policy': 'no-referrer' }

export function json(body: object, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { ...PRIVATE, ...headers } })
}

/** An error as RFC 6749 (5.2) words it; the id finds the request in the operator's log. */
export function errorAnswer(error: OAuthError, { entry }: Exchange): Response {
  note(error.code, error.detail ?? error.message, entry)
  const status = STATUSES[error.code]
  const retry = error.retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(error.retryAfter)) }
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="token"' } : {}
  const description = `${error.message} (request ${entry.id})`
  return json({ error: error.code, error_description: ascii(description) }, status, {
    ...retry,
    ...challenge,
  })
}

export function errorPage(error: PageError | OAuthError, { entry }: Exchange): Response {
  const { message, detail } = error
  const reference = String(entry.id)
  const shown =
    error instanceof PageError
      ? { status: error.status, title: error.title, message, hints: error.hints }
      : { status: STATUSES[error.code], title: 'This sign-in cannot go on', message, hints: [START_AGAIN] }
  note(error instanceof OAuthError ? error.code : 'page', detail ?? message, entry)
  const back =
    error instanceof PageError && error.back !== undefined ? { back: { label: BACK, url: error.back } } : {}
  return problemPage({ ...shown, ...back, reference })
}

const BACK = 'Back to the application'

export const START_AGAIN = 'Go back to the application that sent you here, and connect again.'

/** Back to the client with its answer. */
export function redirectAnswer(...given: Parameters<typeof addressOf>): Response {
  return redirectTo(addressOf(...given))
}

/** The client's redirect URI with an answer; `iss` on success and on every error alike. */
function addressOf(
  { issuer }: Authority,
  { redirect, state }: Pick<Asked, 'redirect' | 'state'>,
  answer: Record<string, string>,
): string {
  const parameters = new URLSearchParams({ ...answer, ...(state !== undefined && { state }), iss: issuer })
  // Codex shows `+` as it stands; a literal one is `%2B` here.
  const query = String(parameters).replaceAll('+', '%20')
  // Appended to the letter: some clients compare the rest of the address with what they registered.
  return `${redirect}${redirect.includes('?') ? '&' : '?'}${query}`
}

/** The error of an authorization request whose client and redirect URI are good (RFC 6749, 4.1.2.1). */
export function redirectError(...given: Parameters<typeof errorAddress>): Response {
  return redirectTo(errorAddress(...given))
}

/** Where that error leads, for a page that lets the person go on themselves. */
export function errorAddress(
  authority: Authority,
  asked: Pick<Asked, 'redirect' | 'state'>,
  error: OAuthError,
  { entry }: Exchange,
): string {
  note(error.code, error.detail ?? error.message, entry)
  const description = ascii(`${error.message} (request ${entry.id})`)
  return addressOf(authority, asked, { error: error.code, error_description: description })
}

/** 303, so that a form's POST becomes a GET wherever it leads. */
export function redirectTo(location: string): Response {
  return new Response(null, { status: 303, headers: { ...PRIVATE, location } })
}

function note(code: string, detail: string, entry: Exchange['entry']): void {
  entry.error = code
  entry.detail = ascii(detail).slice(0, 200)
}

/** `error_description` is of printable ASCII without quotes and backslashes (RFC 6749, 5.2). */
function ascii(words: string): string {
  return words.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, "'")
}
