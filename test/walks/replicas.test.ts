/** One login over several processes that share secrets and nothing else: whichever is killed when, another goes on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Identity } from '../../src/sandbox/identity.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { newSecret, type Replica, type Switch, startReplica, startSwitch } from '../fleet.ts'
import { upstreamOf } from '../login.ts'
import { newClient, Person, postForm, redeem, refresh, register, walkToCode } from '../person.ts'

let sandbox: Sandbox
let origin: Switch
let env: Record<string, string>
let survivor: Replica
const others: Replica[] = []

beforeAll(async () => {
  sandbox = await startSandbox({ identity: {} })
  origin = await startSwitch()
  env = {
    ...upstreamOf(sandbox),
    LECTERN_PUBLIC_URL: origin.url,
    LECTERN_SESSION_SECRETS: newSecret(),
    LECTERN_REGISTRATION_SECRETS: newSecret(),
    LECTERN_UNKNOWN_CLIENTS: 'refuse',
    LECTERN_REPLICAS: '2',
  }
  survivor = await startReplica(env)
})
afterAll(async () => {
  for (const replica of [survivor, ...others]) await replica?.kill()
  await origin.close()
  await sandbox.close()
})

async function another(): Promise<Replica> {
  const replica = await startReplica(env)
  others.push(replica)
  return replica
}

/** The steps of a login, in order; each is one request to Lectern but for the provider's, which is none. */
const STEPS = [
  'registration',
  'metadata',
  'authorize',
  'consent',
  'provider',
  'callback',
  'token',
  'call',
  'refresh',
  'second call',
  'revoke',
] as const

/** Walks a login at the switch, a step at a time, asserting each; stops before each next one. */
async function* login(issuer: string): AsyncGenerator<(typeof STEPS)[number]> {
  const person = new Person()
  const redirect = 'http://127.0.0.1:33999/callback'
  const { client_id: clientId } = await register(issuer, { redirect_uris: [redirect], client_name: 'Walk' })
  yield 'registration'

  const metadata = await fetch(`${issuer}/.well-known/oauth-authorization-server`)
  expect(await metadata.json()).toMatchObject({ issuer, token_endpoint: `${issuer}/token` })
  yield 'metadata'

  const client = await newClient({ issuer, redirect, clientId })
  const page = await person.request(client.authorizeUrl)
  expect(page.page).toContain('name="transaction"')
  yield 'authorize'

  const consented = await person.submit(page, { decision: 'approve' })
  expect(consented.response.headers.get('location')).toContain(`${sandbox.identity!.issuer}/authorize?`)
  yield 'consent'

  const button = await person.follow(consented, `${issuer}/callback`)
  const back = await person.follow(await person.submit(button, { person: 'anna' }), `${issuer}/callback`)
  expect(new URL(back.url).searchParams.has('code')).toBe(true)
  yield 'provider'

  const came = await person.follow(await person.request(back.url), redirect)
  const answer = new URL(came.url).searchParams
  expect([answer.get('iss'), answer.get('state'), answer.has('code')]).toEqual([issuer, client.state, true])
  yield 'callback'

  const first = await redeem(client, answer.get('code')!)
  expect(first.body).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) })
  yield 'token'

  expect(await call(issuer, first.body.access_token)).toBe(200)
  yield 'call'

  const second = await refresh(client, first.body.refresh_token)
  expect(second.body).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) })
  yield 'refresh'

  expect(await call(issuer, second.body.access_token)).toBe(200)
  yield 'second call'

  const ended = await postForm(`${issuer}/revoke`, { token: second.body.refresh_token, client_id: clientId })
  expect(ended.status).toBe(200)
  expect((await refresh(client, second.body.refresh_token)).body.error).toBe('invalid_grant')
  expect(await call(issuer, second.body.access_token)).toBe(401)
  yield 'revoke'
}

/** Status of one tool call that reaches the upstream. */
async function call(issuer: string, token: string): Promise<number> {
  const answer = await fetch(`${issuer}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"taxGroups.list","arguments":{}}}',
  })
  if (answer.status === 200) expect(await answer.json()).toHaveProperty('result.content')
  else await answer.text()
  return answer.status
}

describe('a replica is killed', () => {
  it.each(STEPS.slice(0, -1).map((step, at) => [step, STEPS[at + 1]!]))(
    'between %s and %s, and the login ends on the other',
    async (last) => {
      const doomed = await another()
      const before = origin.sentTo(survivor)
      const steps: string[] = []
      origin.aim(doomed)
      for await (const step of login(origin.url)) {
        steps.push(step)
        if (step !== last) continue
        expect(origin.sentTo(survivor)).toBe(before)
        await doomed.kill()
        origin.aim(survivor)
      }
      expect(steps).toEqual(STEPS)
      expect(origin.sentTo(survivor)).toBeGreaterThan(before)
    },
  )

  it('after every single step, and each next one is served by a process that knows nothing of it', async () => {
    let serving = await another()
    origin.aim(serving)
    const steps: string[] = []
    for await (const step of login(origin.url)) {
      steps.push(step)
      await serving.kill()
      serving = await another()
      origin.aim(serving)
    }
    expect(steps).toEqual(STEPS)
  })

  it('while it waits for the provider, and the same code is redeemed on the other', async () => {
    const identity = sandbox.identity!
    const doomed = await another()
    origin.aim(doomed)
    const client = await newClient({ issuer: origin.url })
    const code = (await walkToCode(client)).get('code')!
    const before = exchanges(identity)
    try {
      // Longer than this test: what the provider was asked does not reach it.
      Object.assign(identity, { fault: 'slow', slowMs: 60_000 })
      const waiting = redeem(client, code).then(
        () => 'answered',
        () => 'lost',
      )
      await expect.poll(() => exchanges(identity)).toBe(before + 1)
      await doomed.kill()
      expect(await waiting).toBe('lost')
    } finally {
      identity.fault = undefined
    }
    origin.aim(survivor)
    expect((await redeem(client, code)).status).toBe(200)
  })
})

/** Token requests that the provider has seen. */
function exchanges({ requests }: Identity): number {
  return requests.filter(({ path }) => path === '/token').length
}
