/** Rows 20 and 21: an answer of the provider is taken in the browser, for the request and from the issuer that it belongs to. */
import { beforeAll, expect, it } from 'vitest'
import { open, seal } from '../../src/sealing/seal.ts'
import { type Client, newClient, Person, redeem } from '../person.ts'
import { attack } from './attack.ts'
import { openDeployment } from './deployment.ts'
import { expectPage, withParameters } from './pages.ts'
import { calls, openStage, ringOf, type Stage } from './stage.ts'

interface Begun {
  client: Client
  person: Person
  /** Where the approval leads: the provider, with our state. */
  upstream: string
}

async function begin(issuer: string, client?: Client): Promise<Begun> {
  const asked = client ?? (await newClient({ issuer }))
  const person = new Person()
  const { response } = await person.submit(await person.request(asked.authorizeUrl), { decision: 'approve' })
  return { client: asked, person, upstream: response.headers.get('location')! }
}

/** The provider's answer: the address of our callback. */
async function answered({ person, upstream }: Pick<Begun, 'person' | 'upstream'>): Promise<string> {
  return (await person.request(upstream)).response.headers.get('location')!
}

/** Ends at the client; the parameters of its redirect URI. */
async function finish({ person, client }: Begun, callback: string): Promise<URLSearchParams> {
  const end = await person.follow(await person.request(callback), client.redirect)
  expect(end.url).toContain(client.redirect)
  return new URL(end.url).searchParams
}

attack(20, () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })

  it('the attacker’s callback, opened by a victim, is refused', async () => {
    const attacker = await begin(stage.issuer)
    const callback = await answered(attacker)
    const withItsOwn = await begin(stage.issuer)
    for (const victim of [new Person(), withItsOwn.person]) {
      const step = await victim.request(callback)
      expectPage(step, 403)
      expect(step.page).not.toContain(attacker.client.redirect)
    }
    expect(calls(stage.provider, 'token')).toBe(0)
    expect((await finish(attacker, callback)).get('code')).not.toBeNull()
  })

  it('the victim’s state with the attacker’s code gives no tokens: the verifier is the victim’s', async () => {
    const [attacker, victim] = [await begin(stage.issuer), await begin(stage.issuer)]
    const injected = new URL(await answered(attacker)).searchParams.get('code')!
    const callback = withParameters(await answered(victim), { code: injected })
    const code = (await finish(victim, callback)).get('code')!
    const { status, body } = await redeem(victim.client, code)
    expect([status, body.error]).toEqual([400, 'invalid_grant'])
  })

  it.each(['token', 'callback'])(
    'an ID token with another nonce, or none, is refused (exchange: %s)',
    async (exchange) => {
      const { issuer } = await openStage({ env: { LECTERN_EXCHANGE: exchange } })
      for (const nonce of ['another', undefined]) {
        const begun = await begin(issuer)
        const upstream = withParameters(begun.upstream, { nonce })
        const answer = await finish(begun, await answered({ ...begun, upstream }))
        const end =
          exchange === 'callback'
            ? Object.fromEntries(answer)
            : (await redeem(begun.client, answer.get('code')!)).body
        expect(end.error).toBe('server_error')
        expect(end).not.toHaveProperty('access_token')
      }
      const begun = await begin(issuer)
      const answer = await finish(begun, await answered(begun))
      expect((await redeem(begun.client, answer.get('code')!)).status).toBe(200)
    },
  )

  it('a state is over after ten minutes', async () => {
    const { issuer, one, two, provider } = await openDeployment()
    const begun = await begin(issuer)
    const callback = await answered(begun)
    const state = new URL(callback).searchParams.get('state')!
    const claims = (await open(ringOf(issuer), 'state', state, Date.now() / 1000))!
    expect(Number(claims.exp) - Number(claims.iat)).toBe(600)
    for (const at of [one, two]) await at.ahead(601)
    expectPage(await begun.person.request(callback), 400)
    expect(calls(provider, 'token')).toBe(0)
    for (const at of [one, two]) await at.ahead(590)
    expect((await begun.person.request(callback)).response.headers.get('location')).toContain(
      begun.client.redirect,
    )
  })

  it('a state that was changed, made up or left out is refused before anything else', async () => {
    const begun = await begin(stage.issuer)
    const callback = await answered(begun)
    const state = new URL(callback).searchParams.get('state')!
    const before = calls(stage.provider, 'token')
    const claims = (await open(ringOf(stage.issuer), 'state', state, Date.now() / 1000))!
    const elsewhere = await seal(ringOf('https://other.example'), 'state', claims, Date.now() / 1000, 600)
    for (const wrong of [`${state}x`, state.slice(1), state.toLowerCase(), 'x', '', undefined, elsewhere])
      expectPage(await begun.person.request(withParameters(callback, { state: wrong })), 400)
    expectPage(await begun.person.request(`${callback}&state=${state}`), 400)
    expectPage(await begun.person.request(`${callback}&code=x`), 400)
    expect(calls(stage.provider, 'token')).toBe(before)
  })

  it('the state tells the provider nothing of the request', async () => {
    const { upstream, client } = await begin(stage.issuer)
    const told = decodeURIComponent(upstream)
    for (const value of [client.clientId, client.state, client.verifier, client.redirect])
      expect(told).not.toContain(value)
  })
})

attack(21, () => {
  it('iss is on every answer, on success and on every error, to the letter of the metadata', async () => {
    const { issuer, provider } = await openStage()
    const metadata = (await (
      await fetch(`${issuer}/.well-known/oauth-authorization-server`)
    ).json()) as Record<string, unknown>
    expect(metadata).toMatchObject({ issuer, authorization_response_iss_parameter_supported: true })
    const client = await newClient({ issuer, redirect: 'https://desk.example/cb?a=b' })
    const errors = new Map<string, string>()
    const note = (what: string, location: string | null) => {
      const { searchParams } = new URL(location!)
      expect(searchParams.getAll('iss'), what).toEqual([issuer])
      expect(searchParams.get('state'), what).toBe(what === 'a long state' ? null : client.state)
      expect(location, what).toMatch(/^https:\/\/desk\.example\/cb\?a=b&/)
      errors.set(what, searchParams.get('error') ?? 'none')
    }
    const ask = async (changed: Record<string, string | undefined>) =>
      (await new Person().request(withParameters(client.authorizeUrl, changed))).response.headers.get(
        'location',
      )
    note('PKCE', await ask({ code_challenge: undefined }))
    note('response type', await ask({ response_type: 'token' }))
    note('resource', await ask({ resource: 'https://other.example/' }))
    note('prompt', await ask({ prompt: 'none' }))
    note('a long state', await ask({ state: 'x'.repeat(1025) }))
    const person = new Person()
    const declined = await person.submit(await person.request(client.authorizeUrl), { decision: 'deny' })
    note('declined', declined.response.headers.get('location'))
    const begun = await begin(issuer, client)
    const state = new URL(begun.upstream).searchParams.get('state')!
    for (const error of [
      'access_denied',
      'temporarily_unavailable',
      'server_error',
      'login_required',
      'odd',
    ]) {
      const query = new URLSearchParams({ state, error, iss: provider.issuer })
      note(
        error,
        (await begun.person.request(`${issuer}/callback?${query}`)).response.headers.get('location'),
      )
    }
    note('success', (await begun.person.request(await answered(begun))).response.headers.get('location'))
    expect(Object.fromEntries(errors)).toEqual({
      PKCE: 'invalid_request',
      'response type': 'unsupported_response_type',
      resource: 'invalid_target',
      prompt: 'consent_required',
      'a long state': 'invalid_request',
      declined: 'access_denied',
      access_denied: 'access_denied',
      temporarily_unavailable: 'temporarily_unavailable',
      server_error: 'server_error',
      login_required: 'server_error',
      odd: 'server_error',
      success: 'none',
    })
  })

  it('so it is where the provider fails in the callback', async () => {
    const { issuer, provider } = await openStage({ env: { LECTERN_EXCHANGE: 'callback' } })
    const begun = await begin(issuer)
    const answer = await finish(begun, withParameters(await answered(begun), { code: 'unknown' }))
    expect([answer.get('error'), answer.get('iss'), answer.has('code')]).toEqual([
      'server_error',
      issuer,
      false,
    ])
    expect(calls(provider, 'token')).toBe(1)
  })

  const WRONG = ['https://evil.example', '', 'ISSUER/', 'ISSUERx', undefined]

  it.each(WRONG)(
    'the provider’s answer with iss %j is refused where it says that it sends one',
    async (iss) => {
      const { issuer, provider } = await openStage()
      const begun = await begin(issuer)
      const callback = withParameters(await answered(begun), { iss: iss?.replace('ISSUER', provider.issuer) })
      const answer = await finish(begun, callback)
      expect([answer.get('error'), answer.has('code'), answer.get('iss')]).toEqual([
        'server_error',
        false,
        issuer,
      ])
      const error = withParameters(callback, { code: undefined, error: 'access_denied' })
      expect((await finish(begun, error)).get('error')).toBe('server_error')
      expect(calls(provider, 'token')).toBe(0)
    },
  )

  it('a wrong one is refused where it does not, and none is taken', async () => {
    const { issuer, provider } = await openStage({ provider: { iss: false } })
    const wrong = await begin(issuer)
    const answer = await finish(wrong, withParameters(await answered(wrong), { iss: 'https://evil.example' }))
    expect([answer.get('error'), answer.has('code')]).toEqual(['server_error', false])
    expect(calls(provider, 'token')).toBe(0)
    const none = await begin(issuer)
    expect((await finish(none, await answered(none))).has('code')).toBe(true)
  })

  it('two answers of a provider in one are refused', async () => {
    const { issuer, provider } = await openStage()
    const begun = await begin(issuer)
    const callback = await answered(begun)
    expectPage(
      await begun.person.request(`${callback}&iss=${encodeURIComponent('https://evil.example')}`),
      400,
    )
    expect((await finish(begun, `${callback}&error=access_denied`)).has('code')).toBe(false)
    expect((await finish(begun, withParameters(callback, { response: 'eyJ' }))).has('code')).toBe(false)
    expect(calls(provider, 'token')).toBe(0)
  })

  it('metadata of a provider that claims another issuer is not believed', async () => {
    const honest = await openStage()
    const { issuer } = await openStage({
      env: { LECTERN_IDP_ISSUER: honest.provider.issuer.replace('127.0.0.1', 'localhost') },
    })
    const { authorizeUrl } = await newClient({ issuer, redirect: 'https://desk.example/cb' })
    const { response } = await new Person().request(authorizeUrl)
    const location = new URL(response.headers.get('location')!)
    expect([location.origin, location.searchParams.get('error')]).toEqual([
      'https://desk.example',
      'server_error',
    ])
  })
})
