/** Each setting of sign-in that holds a time, a size or a rule, reached for real: what happens there, and that it moves. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { StartError } from '../../src/errors.ts'
import { serve } from '../../src/node.ts'
import { readSettings } from '../../src/settings.ts'
import { call, connect, type Deployment, deploy, keep, signIn } from '../deployment.ts'
import { newSecret, startSwitch } from '../fleet.ts'
import { newClient, Person, redeem, refresh, register, type Step, walkToCode } from '../person.ts'
import { startProvider } from '../provider.ts'

afterEach(() => {
  vi.useRealTimers()
})

const hour = { accessTokenTtl: 3600 }

/** A server whose clock the test sets. */
async function deployBy(clock: { ahead: number }, env: Record<string, string>, options = hour) {
  return deploy(options, { env, clock })
}

describe('LECTERN_ACCESS_TTL', () => {
  it.each([
    ['as by default', {}, 900],
    ['shorter', { LECTERN_ACCESS_TTL: '120' }, 120],
    ['longer', { LECTERN_ACCESS_TTL: '1800' }, 1800],
  ])('%s is what the client is told, and when the token ends', async (_, env, ttl) => {
    const clock = { ahead: 0 }
    const { issuer, sandbox } = await deployBy(clock, env as Record<string, string>)
    const { client, body } = await signIn(issuer)
    expect(body.expires_in).toBe(ttl)
    expect((await call(issuer, body.access_token, sandbox)).status).toBe(200)
    clock.ahead = ttl - 3
    expect((await call(issuer, body.access_token, sandbox)).status).toBe(200)
    // It was opened a moment ago, and is over all the same.
    clock.ahead = ttl + 1
    expect((await call(issuer, body.access_token, sandbox)).status).toBe(401)
    const renewed = await refresh(client, body.refresh_token)
    expect(renewed.body.expires_in).toBe(ttl)
    expect((await call(issuer, renewed.body.access_token, sandbox)).status).toBe(200)
  })

  it('does not outlive the provider’s token', async () => {
    const { issuer } = await deploy({ accessTokenTtl: 100 }, { env: { LECTERN_ACCESS_TTL: '3600' } })
    const { expires_in: ttl } = (await signIn(issuer)).body
    expect(ttl).toBeLessThanOrEqual(100)
    expect(ttl).toBeGreaterThan(90)
  })
})

describe('LECTERN_SIGN_IN_TTL', () => {
  /** The page, answered after so long, and the way back from the provider, after so long again. */
  async function dawdle(ttl: string, [onPage, atProvider]: [number, number]) {
    const clock = { ahead: 0 }
    const { issuer } = await deployBy(clock, { LECTERN_SIGN_IN_TTL: ttl })
    const client = await newClient({ issuer })
    const person = new Person()
    const page = await person.request(client.authorizeUrl)
    clock.ahead += onPage
    const consented = await person.submit(page, { decision: 'approve' })
    const location = consented.response.headers.get('location')
    if (location === null) return consented
    const provided = await person.request(location)
    clock.ahead += atProvider
    return person.request(provided.response.headers.get('location')!)
  }

  it.each([
    ['30', [27, 27]],
    ['600', [597, 597]],
  ] as [string, [number, number]][])(
    'of %s is what a person has on our page, and again at the provider',
    async (ttl, times) => {
      const { response } = await dawdle(ttl, times)
      expect(response.status).toBe(303)
      expect(new URL(response.headers.get('location')!).searchParams.has('code')).toBe(true)
    },
  )

  it.each([
    ['30', [31, 0], 'This page is too old'],
    ['600', [601, 0], 'This page is too old'],
    ['30', [0, 31], 'This sign-in cannot be found'],
    ['600', [0, 601], 'This sign-in cannot be found'],
  ] as [string, [number, number], string][])(
    'of %s, over by a second (%j): %s',
    async (ttl, times, title) => {
      const { response, page } = await dawdle(ttl, times)
      expect(response.status).toBe(400)
      expect(page).toContain(`<h1>${title}</h1>`)
    },
  )
})

describe('LECTERN_NOT_BEFORE', () => {
  /** A process that signed people in, and the next one of the same secrets and origin, ten seconds later. */
  async function restart(notBefore: string) {
    const front = keep(await startSwitch())
    const provider = keep(await startProvider(hour))
    const env = {
      LECTERN_PUBLIC_URL: front.url,
      LECTERN_SESSION_SECRETS: newSecret(),
      LECTERN_REGISTRATION_SECRETS: newSecret(),
      LECTERN_UNKNOWN_CLIENTS: 'refuse',
    }
    const start = (more: Deployment) => connect(provider, { ...more, env: { ...env, ...more.env } })
    front.aim(await start({}))
    const held = await signIn(front.url)
    const waiting = await newClient({ issuer: front.url, clientId: held.client.clientId })
    const code = (await walkToCode(waiting)).get('code')!
    const person = new Person()
    const page = await person.request(waiting.authorizeUrl)
    const after = await start({ env: { LECTERN_NOT_BEFORE: notBefore }, clock: { ahead: 10 } })
    front.aim(after)
    return { issuer: front.url, sandbox: after.sandbox, held, waiting, code, person, page }
  }

  const soon = () => String(Math.floor(Date.now() / 1000) + 5)

  it('refuses the codes, tokens and pages of before', async () => {
    const { issuer, sandbox, held, waiting, code, person, page } = await restart(soon())
    const redeemed = await redeem(waiting, code)
    expect([redeemed.status, redeemed.body.error]).toEqual([400, 'invalid_grant'])
    expect((await call(issuer, held.body.access_token, sandbox)).status).toBe(401)
    const refreshed = await refresh(held.client, held.body.refresh_token)
    expect([refreshed.status, refreshed.body.error]).toEqual([400, 'invalid_grant'])
    const consented = await person.submit(page, { decision: 'approve' })
    expect([consented.response.status, consented.page.includes('This page is too old')]).toEqual([400, true])
  })

  it('leaves registrations as they were: the same client signs in anew', async () => {
    const { issuer, sandbox, waiting } = await restart(soon())
    const { status, body } = await redeem(waiting, (await walkToCode(waiting)).get('code')!)
    expect(status).toBe(200)
    expect((await call(issuer, body.access_token, sandbox)).status).toBe(200)
    expect((await refresh(waiting, body.refresh_token)).status).toBe(200)
  })

  it('of 0 or of a time before them refuses none', async () => {
    for (const notBefore of ['0', String(Math.floor(Date.now() / 1000) - 60)]) {
      const { issuer, sandbox, held, waiting, code, person, page } = await restart(notBefore)
      const { status, body } = await redeem(waiting, code)
      expect([status, body?.error_description]).toEqual([200, undefined])
      expect((await call(issuer, held.body.access_token, sandbox)).status).toBe(200)
      expect((await refresh(held.client, held.body.refresh_token)).status).toBe(200)
      expect((await person.submit(page, { decision: 'approve' })).response.status).toBe(303)
    }
  })
})

describe('LECTERN_MAX_FORM_BYTES', () => {
  /** The form, made longer by a parameter that nobody asked for. */
  function padded(form: Record<string, string>, bytes: number): string {
    const body = new URLSearchParams({ ...form, padding: '' }).toString()
    expect(body.length).toBeLessThan(bytes)
    return body.padEnd(bytes, 'x')
  }

  const post = async (url: string, body: string) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await fetch(url, { method: 'POST', headers, body })
    return [answer.status, await answer.text()] as const
  }

  const limits = [4096, 65_536]

  it.each(limits)('of %i bounds /token and /revoke', async (limit) => {
    const { issuer } = await deploy(
      {},
      limit === 65_536 ? {} : { env: { LECTERN_MAX_FORM_BYTES: String(limit) } },
    )
    const { client, body } = await signIn(issuer)
    const { clientId: client_id } = client
    const rows = [
      ['/token', { grant_type: 'refresh_token', refresh_token: body.refresh_token, client_id }],
      ['/revoke', { token: body.access_token, client_id }],
    ] as const
    for (const [path, form] of rows) {
      const [status, text] = await post(issuer + path, padded(form, limit + 1))
      expect([status, JSON.parse(text)], path).toEqual([
        400,
        {
          error: 'invalid_request',
          error_description: expect.stringContaining(`The body exceeds ${limit} bytes`),
        },
      ])
      expect((await post(issuer + path, padded(form, limit)))[0], path).toBe(200)
    }
  })

  it.each(limits)('of %i bounds /consent', async (limit) => {
    const { issuer } = await deploy(
      {},
      limit === 65_536 ? {} : { env: { LECTERN_MAX_FORM_BYTES: String(limit) } },
    )
    const person = new Person()
    const page = await person.request((await newClient({ issuer })).authorizeUrl)
    const transaction = /name="transaction" value="([^"]*)"/.exec(page.page)![1]!
    const form = { transaction, decision: 'approve' }
    const send = (bytes: number): Promise<Step> =>
      person.request(`${issuer}/consent`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
        body: padded(form, bytes),
      })
    const refused = await send(limit + 1)
    expect(refused.response.status).toBe(400)
    expect(refused.response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(refused.page).toContain(`The body exceeds ${limit} bytes`)
    expect((await send(limit)).response.status).toBe(303)
  })
})

it.each([2048, 8192])('LECTERN_MAX_REGISTRATION_BYTES of %i bounds /register', async (limit) => {
  const env = limit === 8192 ? {} : { LECTERN_MAX_REGISTRATION_BYTES: String(limit) }
  const { issuer } = await deploy({}, { env })
  const send = async (bytes: number) => {
    const metadata = { redirect_uris: ['http://localhost/cb'], padding: '' }
    const padding = 'x'.repeat(bytes - JSON.stringify(metadata).length)
    const answer = await fetch(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...metadata, padding }),
    })
    return [answer.status, ((await answer.json()) as { error_description?: string }).error_description]
  }
  expect(await send(limit)).toEqual([201, undefined])
  expect(await send(limit + 1)).toEqual([
    413,
    expect.stringContaining(`The registration exceeds ${limit} bytes`),
  ])
})

it('LECTERN_REPLAY_ENTRIES: where used codes alone fill the guard, the next one waits and no code is for two uses', async () => {
  const env = { LECTERN_EXCHANGE: 'callback', LECTERN_REPLAY_ENTRIES: '100' }
  const { issuer } = await deploy(hour, { env })
  const clientId = (await newClient({ issuer })).clientId
  const begin = async () => {
    const client = await newClient({ issuer, clientId })
    return { client, code: (await walkToCode(client)).get('code')! }
  }
  const all = await Promise.all(Array.from({ length: 100 }, begin))
  const statuses = await Promise.all(all.map(async ({ client, code }) => (await redeem(client, code)).status))
  expect(statuses).toEqual(Array(100).fill(200))

  const late = await begin()
  const { status, body, headers } = await redeem(late.client, late.code)
  expect([status, body.error, headers.get('retry-after')]).toEqual([503, 'temporarily_unavailable', '5'])
  // Nothing made room: what was used stays used.
  const [first] = all
  expect((await redeem(first!.client, first!.code)).status).not.toBe(200)

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 121_000 })
  const { client, code } = await begin()
  expect((await redeem(client, code)).status).toBe(200)
}, 60_000)

describe('LECTERN_REDIRECT_SCHEMES', () => {
  it('lets a scheme in that is not known here, and a whole login ends there', async () => {
    const redirect = 'acme-desk://oauth/callback'
    const { issuer } = await deploy({}, { env: { LECTERN_REDIRECT_SCHEMES: 'com.example.app, acme-desk' } })
    const client = await newClient({ issuer, redirect })
    expect((await redeem(client, (await walkToCode(client)).get('code')!)).status).toBe(200)
    const { redirect_uris: uris } = await register(issuer, { redirect_uris: ['com.example.app://oauth'] })
    expect(uris).toEqual(['com.example.app://oauth'])
  })

  it('without it, that scheme is refused, and one after a domain needs none', async () => {
    const { issuer } = await deploy()
    await expect(newClient({ issuer, redirect: 'acme-desk://oauth/callback' })).rejects.toThrow(
      /register: 400 .*invalid_redirect_uri.*acme-desk.*LECTERN_REDIRECT_SCHEMES/,
    )
    const client = await newClient({ issuer, redirect: 'com.example.app://oauth/callback' })
    expect((await walkToCode(client)).has('code')).toBe(true)
  })

  it.each(['mailto', 'intent', 'chrome-extension', 'ms-settings'])(
    '%s stops the start: no setting lets it in',
    async (scheme) => {
      expect(await faultsOf({ LECTERN_REDIRECT_SCHEMES: `acme-desk, ${scheme}` })).toEqual([
        `LECTERN_REDIRECT_SCHEMES: ${scheme}:// uses the scheme ${scheme}, which is never taken`,
      ])
    },
  )
})

describe('LECTERN_REPLICAS', () => {
  const secrets = { LECTERN_SESSION_SECRETS: newSecret(), LECTERN_REGISTRATION_SECRETS: newSecret() }

  it('of 2 needs secrets that both know, on loopback too', async () => {
    expect(await faultsOf({ LECTERN_REPLICAS: '2' })).toEqual([
      expect.stringMatching(/^LECTERN_SESSION_SECRETS is missing: .* the same for every replica$/),
      expect.stringMatching(/^LECTERN_REGISTRATION_SECRETS is missing: .* the same for every replica$/),
    ])
    expect(await faultsOf({ LECTERN_REPLICAS: '2', ...secrets, LECTERN_SESSION_SECRETS: '' })).toEqual([
      expect.stringMatching(/^LECTERN_SESSION_SECRETS is missing/),
    ])
    expect(await faultsOf({ LECTERN_REPLICAS: '2', ...secrets })).toEqual([])
  })

  it('of 1 makes some up there', async () => {
    expect(await faultsOf({ LECTERN_REPLICAS: '1' })).toEqual([])
  })

  it('of 2 needs a guard that they share where the callback redeems', async () => {
    const callback = { ...secrets, LECTERN_EXCHANGE: 'callback' }
    expect(await faultsOf({ ...callback, LECTERN_REPLICAS: '2' })).toEqual([
      expect.stringMatching(
        /^callback over 2 processes needs a replay guard that they share: LECTERN_REPLAY_DIR/,
      ),
    ])
    expect(await faultsOf(callback)).toEqual([])
  })
})

/** What stops the start; nothing where it starts. */
async function faultsOf(env: Record<string, string>): Promise<readonly string[]> {
  const known = { LECTERN_IDP_ISSUER: 'http://127.0.0.1:9', LECTERN_IDP_CLIENT_ID: 'lectern' }
  // A fixed origin, since without one it is known only when the port is.
  const settings = readSettings({
    PORT: '0',
    LECTERN_LOG: 'off',
    LECTERN_PUBLIC_URL: 'http://127.0.0.1:8787',
    ...known,
    ...env,
  })
  try {
    keep(await serve(loadFlowtly(), settings))
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(StartError)
    return (error as StartError).faults
  }
}
