/** The step between the authorization request and its answer: a person is chosen, which is also the consent. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import { collect } from '../ports.ts'
import { errorPage, pageHeaders, signInPage } from './identity-page.ts'
import { personOf } from './people.ts'

const cookie = 'flowtly_demo_person'

/**
 * Shows the page and takes its form. Everyone is asked every time: with two people to try, being signed in as the first
 * one for ever would only confuse. With `remember` the last choice stands, until an authorization request brings a
 * `prompt`; it is a cookie with a name in it, since here everyone may be everyone.
 */
export async function signIn(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  { remember, path }: { remember: boolean; path: string },
): Promise<void> {
  try {
    const { params } = await provider.interactionDetails(request, response)
    if (request.method === 'POST') {
      const chosen = (await readForm(request)).get('person') ?? undefined
      const person = personOf(chosen)
      if (chosen !== '' && person === undefined)
        return show(response, 400, errorPage('This person is unknown'))
      if (remember && person)
        response.setHeader('set-cookie', `${cookie}=${person.id}; Path=${path}/; HttpOnly; SameSite=Lax`)
      return await finish(provider, request, response, person?.id)
    }
    const known = remember && !asksAnew(params.prompt) ? personOf(remembered(request))?.id : undefined
    if (known) return await finish(provider, request, response, known)
    show(response, 200, signInPage())
  } catch (error) {
    // 400 where the package's cookie is missing, or older than the page may be.
    const { statusCode = 500 } = error as { statusCode?: number }
    show(response, statusCode, errorPage('This sign-in is unknown or has expired'))
  }
}

/**
 * `offline_access` is granted only where consent is asked for (OpenID Connect Core, 11), and our page is that consent: so
 * every request asks for it. One that brings a `prompt` of its own asks for `login` too, which `signIn` reads.
 */
export function withConsent(query: string): string {
  const parameters = new URLSearchParams(query)
  const prompt = parameters.get('prompt')
  if (prompt !== 'none') parameters.set('prompt', prompt === null ? 'consent' : 'login consent')
  return parameters.toString()
}

/** At most the first 16 KiB of a form. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(new TextDecoder().decode(await collect(request, 16_384, 'cut')))
}

function asksAnew(prompt: unknown): boolean {
  return String(prompt).includes('login')
}

function remembered({ headers }: IncomingMessage): string | undefined {
  return new RegExp(`(?:^|; )${cookie}=(\\w+)`).exec(headers.cookie ?? '')?.[1]
}

/** Hands the choice over; without a person it is a refusal. */
async function finish(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  accountId: string | undefined,
): Promise<void> {
  const result =
    accountId === undefined
      ? { error: 'access_denied', error_description: 'The person did not want to sign in' }
      : { login: { accountId, remember: false }, consent: {} }
  const next = await provider.interactionResult(request, response, result)
  response.writeHead(303, { location: next, 'cache-control': 'no-store' }).end()
}

function show(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, pageHeaders).end(body)
}
