/** A person with a browser, by fetch: keeps cookies, follows redirects, fills in forms; and a client that asks to sign in. */
import { createHash, randomBytes } from 'node:crypto'

export interface Step {
  url: string
  response: Response
  /** Body, where the response is a page. */
  page: string
}

/** Cookies by origin. Redirects are followed by hand, so that each step can be looked at. */
export class Person {
  readonly jar = new Map<string, Map<string, string>>()

  /** One request, its cookies kept. */
  async request(url: string, init: RequestInit = {}): Promise<Step> {
    const { origin } = new URL(url)
    const cookies = this.jar.get(origin) ?? new Map<string, string>()
    this.jar.set(origin, cookies)
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = new Headers(init.headers)
    if (cookie) headers.set('cookie', cookie)
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]!.split(/=(.*)/s)
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return { url, response, page: await response.text() }
  }

  /** Follows redirects until a page, or until one leads to `stop`, which is not visited. */
  async follow(step: Step, stop: string): Promise<Step> {
    let at = step
    for (let hops = 0; hops < 20; hops++) {
      const location = at.response.headers.get('location')
      if (location === null) return at
      const url = new URL(location, at.url).href
      if (url.startsWith(stop)) return { ...at, url }
      at = await this.request(url)
    }
    throw new Error(`too many redirects at ${at.url}`)
  }

  /** Sends the form of a page, with the button or fields in `given`; the headers are those of a browser on that page. */
  submit(
    { url, page }: Step,
    given: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Step> {
    const form = /<form[^>]*?(?:action="([^"]*)")?[^>]*>([\s\S]*?)<\/form>/.exec(page)
    if (!form) throw new Error(`no form at ${url}: ${page.slice(0, 300)}`)
    const hidden = [...form[2]!.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)![1]!,
      /value="([^"]*)"/.exec(input)![1]!,
    ])
    const action = /<form[^>]*action="([^"]*)"/.exec(page)?.[1] ?? url
    return this.request(new URL(action, url).href, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', origin: new URL(url).origin, ...headers },
      body: new URLSearchParams({ ...Object.fromEntries(hidden), ...given }),
    })
  }
}

/** What a public client sends and keeps; `issuer` is Lectern's. */
export interface ClientOptions {
  issuer: string
  redirect?: string
  resource?: string | undefined
  scope?: string
  clientId?: string
}

/** Registers a public client and makes an authorization request of it. */
export async function newClient({
  issuer,
  redirect = 'http://127.0.0.1:33999/callback',
  ...rest
}: ClientOptions) {
  const clientId =
    rest.clientId ?? (await register(issuer, { redirect_uris: [redirect], client_name: 'Walk' })).client_id
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(8).toString('base64url')
  const url = new URL(`${issuer}/authorize`)
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirect,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state,
    scope: rest.scope,
    resource: 'resource' in rest ? rest.resource : `${issuer}/mcp`,
  }
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value)
  return { clientId, redirect, verifier, state, issuer, authorizeUrl: url.href }
}

export type Client = Awaited<ReturnType<typeof newClient>>

// biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
export async function register(issuer: string, metadata: object): Promise<any> {
  const answer = await fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token_endpoint_auth_method: 'none', ...metadata }),
  })
  if (answer.status !== 201) throw new Error(`register: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** Walks from the authorization request to the client's redirect URI, allowing, and signing in as `who` (the button's value). */
export async function walkToCode(
  client: Pick<Client, 'authorizeUrl' | 'redirect'>,
  person = new Person(),
  who = 0,
): Promise<URLSearchParams> {
  const consent = await person.request(client.authorizeUrl)
  let step = await person.follow(consent, client.redirect)
  if (step.page.includes('name="transaction"')) {
    step = await person.follow(await person.submit(step, { decision: 'approve' }), client.redirect)
  }
  if (!step.url.startsWith(client.redirect)) {
    const buttons = [...step.page.matchAll(/<button[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g)]
    const [, name, value] = buttons[who] ?? []
    if (name === undefined) throw new Error(`nobody to sign in as at ${step.url}: ${step.page.slice(0, 400)}`)
    step = await person.follow(await person.submit(step, { [name]: value! }), client.redirect)
  }
  if (!step.url.startsWith(client.redirect))
    throw new Error(`ended at ${step.url}: ${step.response.status} ${step.page}`)
  return new URL(step.url).searchParams
}

/** Posts a form to `/token`. */
export async function postForm(
  url: string,
  form: Record<string, string | undefined>,
  headers: Record<string, string> = {},
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
): Promise<{ status: number; headers: Headers; body: any }> {
  const given = Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(given) })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined }
}

export function redeem(
  { issuer, clientId, redirect, verifier }: Client,
  code: string,
  more: Record<string, string | undefined> = {},
) {
  return postForm(`${issuer}/token`, {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: redirect,
    client_id: clientId,
    resource: `${issuer}/mcp`,
    ...more,
  })
}

export function refresh(
  { issuer, clientId }: Pick<Client, 'issuer' | 'clientId'>,
  token: string,
  more: Record<string, string | undefined> = {},
) {
  return postForm(`${issuer}/token`, {
    grant_type: 'refresh_token',
    refresh_token: token,
    client_id: clientId,
    ...more,
  })
}
