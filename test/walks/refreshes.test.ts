/** One refresh token, presented in several places at once: what two processes make of it, with a guard that they share and without. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { serve } from '../../src/node.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { readSettings } from '../../src/settings.ts'
import { newSecret, type Replica, type Switch, startReplica, startSwitch } from '../fleet.ts'
import { upstreamOf } from '../login.ts'
import { type Client, newClient, postForm, redeem, refresh, walkToCode } from '../person.ts'

let sandbox: Sandbox
let origin: Switch
let folder: string
let one: Replica
let other: Replica
const started: { close(): Promise<void> }[] = []

beforeAll(async () => {
  sandbox = await startSandbox({ identity: { accessTokenTtl: 3600 } })
  origin = await startSwitch()
  folder = await mkdtemp(join(tmpdir(), 'lectern-replay-'))
})
afterEach(() => {
  vi.useRealTimers()
  sandbox.identity!.fault = undefined
})
afterAll(async () => {
  for (const each of started) await each.close()
  await origin.close()
  await sandbox.close()
  await rm(folder, { recursive: true })
})

const secrets = { LECTERN_SESSION_SECRETS: newSecret(), LECTERN_REGISTRATION_SECRETS: newSecret() }

function environment(more: Record<string, string>): Record<string, string> {
  return {
    ...upstreamOf(sandbox),
    ...secrets,
    LECTERN_PUBLIC_URL: origin.url,
    LECTERN_REPLICAS: '2',
    LECTERN_IDP_TIMEOUT: '3',
    ...more,
  }
}

/** Two processes behind the switch. */
async function startTwo(more: Record<string, string> = {}): Promise<void> {
  const env = environment(more)
  const [first, second] = await Promise.all([startReplica(env), startReplica(env)])
  one = first
  other = second
  started.push({ close: one.kill }, { close: other.kill })
  origin.aim(one, other)
}

async function signIn(): Promise<{ client: Client; access: string; renewal: string }> {
  const client = await newClient({ issuer: origin.url })
  const { body } = await redeem(client, (await walkToCode(client)).get('code')!)
  return { client, access: body.access_token, renewal: body.refresh_token }
}

async function call(token: string): Promise<number> {
  const answer = await fetch(`${origin.url}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"taxGroups.list","arguments":{}}}',
  })
  await answer.text()
  return answer.status
}

/** Refreshes that the provider was asked for so far. */
function asked(): number {
  return sandbox.identity!.requests.filter(({ grant }) => grant === 'refresh_token').length
}

/** Both, at the same moment and in turn. */
function twenty(client: Client, renewal: string) {
  return Promise.all(Array.from({ length: 20 }, () => refresh(client, renewal)))
}

describe('two replicas without a shared guard, before a provider that rotates', () => {
  beforeAll(() => startTwo())

  it('the second one to ask is a thief to the provider: it is refused, and what the first one got is dead', async () => {
    const { client, renewal } = await signIn()
    origin.aim(one)
    const first = await refresh(client, renewal)
    origin.aim(other)
    const second = await refresh(client, renewal)
    origin.aim(one, other)
    expect([first.status, second.status, second.body.error]).toEqual([200, 400, 'invalid_grant'])
    expect(await call(first.body.access_token)).toBe(401)
    expect((await refresh(client, first.body.refresh_token)).body.error).toBe('invalid_grant')
  })

  it('twenty at once: each replica gives one answer at most, and where one is refused the other’s is dead', async () => {
    const { client, renewal } = await signIn()
    const answers = await twenty(client, renewal)
    const good = answers.filter(({ status }) => status === 200)
    const refused = answers.filter(({ status }) => status !== 200)
    expect(good.length).toBeGreaterThanOrEqual(10)
    for (const { status, body } of refused) expect([status, body.error]).toEqual([400, 'invalid_grant'])
    // Both are served only where the provider looks at both before it has marked either.
    const tokens = new Set(good.map(({ body }) => body.access_token as string))
    expect(tokens.size).toBe(refused.length > 0 ? 1 : 2)
    for (const token of tokens) expect(await call(token)).toBe(refused.length > 0 ? 401 : 200)
  })

  it('a client that stays with one replica gets the same answer however often it asks', async () => {
    const { client, renewal } = await signIn()
    origin.aim(one)
    const before = asked()
    const answers = await twenty(client, renewal)
    origin.aim(one, other)
    expect(asked()).toBe(before + 1)
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.refresh_token}`)).size).toBe(1)
    expect(await call(answers[0]!.body.access_token)).toBe(200)
  })

  it('what was revoked on one is ended on the other by the provider', async () => {
    const { client, access, renewal } = await signIn()
    origin.aim(one)
    await postForm(`${origin.url}/revoke`, { token: renewal, client_id: client.clientId })
    origin.aim(other)
    expect(await call(access)).toBe(401)
    expect((await refresh(client, renewal)).body.error).toBe('invalid_grant')
    origin.aim(one, other)
  })

  outages()
})

describe('two replicas that share a guard', () => {
  beforeAll(() => startTwo({ LECTERN_REPLAY_DIR: folder }))

  it('twenty refreshes at once get one answer, for which the provider was asked once', async () => {
    const { client, renewal } = await signIn()
    const before = asked()
    const answers = await twenty(client, renewal)
    expect(asked()).toBe(before + 1)
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    const [{ body }] = answers as [(typeof answers)[0]]
    expect(await call(body.access_token)).toBe(200)
    expect((await refresh(client, body.refresh_token)).status).toBe(200)
  })

  it('the other replica gives the answer again that the first one got', async () => {
    const { client, renewal } = await signIn()
    origin.aim(one)
    const first = await refresh(client, renewal)
    origin.aim(other)
    const again = await refresh(client, renewal)
    origin.aim(one, other)
    expect(again.body).toEqual(first.body)
  })

  it('what was revoked on one is ended on the other, the provider not asked', async () => {
    const { client, access, renewal } = await signIn()
    origin.aim(one)
    await postForm(`${origin.url}/revoke`, { token: renewal, client_id: client.clientId })
    origin.aim(other)
    const before = asked()
    expect(await call(access)).toBe(401)
    expect((await refresh(client, renewal)).body.error).toBe('invalid_grant')
    expect(asked()).toBe(before)
    origin.aim(one, other)
  })

  it('two scopes at once, on each one: one is answered, the other told within seconds to try again, and nothing is ended', async () => {
    const { client, renewal } = await signIn()
    const [before, start] = [asked(), Date.now()]
    const answers = await Promise.all(
      ['invoices:read', 'settings:read'].map((scope) => refresh(client, renewal, { scope })),
    )
    expect(Date.now() - start).toBeLessThan(5000)
    const [good, told] = answers.sort((a, b) => a.status - b.status)
    expect(good!.status).toBe(200)
    expect(['400 invalid_grant', '503 temporarily_unavailable']).toContain(
      `${told!.status} ${told!.body.error}`,
    )
    expect(asked()).toBe(before + 1)
    expect((await refresh(client, good!.body.refresh_token)).status).toBe(200)
  })

  it('the other one is not asked for other scopes a moment later: it says so, and nothing is ended', async () => {
    const { client, renewal } = await signIn()
    const before = asked()
    origin.aim(one)
    const first = await refresh(client, renewal, { scope: 'invoices:read' })
    origin.aim(other)
    const second = await refresh(client, renewal, { scope: 'settings:read' })
    origin.aim(one, other)
    expect([first.status, first.body.scope]).toEqual([200, 'invoices:read'])
    expect([second.status, second.body.error]).toEqual([400, 'invalid_grant'])
    expect(asked()).toBe(before + 1)
    const next = await refresh(client, first.body.refresh_token)
    expect(next.status).toBe(200)
    for (const _ of ['one', 'other']) expect(await call(next.body.access_token)).toBe(200)
  })

  outages()

  it('what lies in the folder is sealed: no token can be read there', async () => {
    const { client, renewal } = await signIn()
    const { body } = await refresh(client, renewal)
    const texts = await Promise.all(
      (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
    )
    expect(texts.length).toBeGreaterThan(3)
    for (const secret of [renewal, body.access_token, body.refresh_token])
      expect(texts.filter((text) => text.includes(secret))).toEqual([])
  })
})

/** The same with and without a guard. */
function outages(): void {
  it.each([
    ['down', '5'],
    ['rate_limited', '1'],
  ] as const)(
    'a provider that is %s: try again later, and the same token works then',
    async (fault, wait) => {
      const { client, renewal } = await signIn()
      sandbox.identity!.fault = fault
      for (const _ of ['one', 'other']) {
        const { status, body, headers } = await refresh(client, renewal)
        expect([status, body.error]).toEqual([503, 'temporarily_unavailable'])
        expect(headers.get('retry-after')).toBe(wait)
      }
      sandbox.identity!.fault = undefined
      const before = Date.now()
      const { status, body } = await refresh(client, renewal)
      expect(status).toBe(200)
      expect(Date.now() - before).toBeLessThan(2000)
      expect(await call(body.access_token)).toBe(200)
    },
  )

  it('twenty at once while it is down: nobody is told that the sign-in is over', async () => {
    const { client, renewal } = await signIn()
    sandbox.identity!.fault = 'down'
    const answers = await twenty(client, renewal)
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.error}`))).toEqual(
      new Set(['503 temporarily_unavailable']),
    )
    for (const { headers } of answers) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    sandbox.identity!.fault = undefined
    expect((await refresh(client, renewal)).status).toBe(200)
  })
}

describe('one process, before a provider that rotates', () => {
  const scopes = ['invoices:read', 'settings:read']

  beforeAll(async () => {
    const alone = await startReplica({ ...environment({}), LECTERN_REPLICAS: '1' })
    started.push({ close: alone.kill })
    origin.aim(alone)
  })

  it('one refresh token at once for two scopes: it is asked once, and each gets its own', async () => {
    const { client, renewal } = await signIn()
    const before = asked()
    const answers = await Promise.all(scopes.map((scope) => refresh(client, renewal, { scope })))
    expect(answers.map(({ status, body }) => [status, body.scope])).toEqual(
      scopes.map((scope) => [200, scope]),
    )
    expect(asked()).toBe(before + 1)
    // Of the one that may read invoices, tax groups are not.
    expect(await Promise.all(answers.map(({ body }) => call(body.access_token)))).toEqual([403, 200])
    expect((await refresh(client, answers[0]!.body.refresh_token)).status).toBe(200)
  })

  it('and so a moment later', async () => {
    const { client, renewal } = await signIn()
    const before = asked()
    for (const scope of [...scopes, undefined, scopes[0]]) {
      const { status, body } = await refresh(client, renewal, { scope })
      expect(status).toBe(200)
      if (scope !== undefined) expect(body.scope).toBe(scope)
      else for (const each of scopes) expect(body.scope.split(' ')).toContain(each)
    }
    expect(asked()).toBe(before + 1)
  })

  it('both of their refresh tokens can be used at once, and the sign-in lives', async () => {
    const { client, renewal } = await signIn()
    const [one, other] = await Promise.all(scopes.map((scope) => refresh(client, renewal, { scope })))
    const next = await Promise.all([one!, other!].map(({ body }) => refresh(client, body.refresh_token)))
    expect(next.map(({ status }) => status)).toEqual([200, 200])
    for (const { body } of next) expect(await call(body.access_token)).toBe(200)
  })
})

describe('a refresh token that is used again', () => {
  /** Two servers in this process, so that the clock can be set; they share the folder and nothing else. */
  beforeAll(async () => {
    const settings = readSettings(
      environment({ PORT: '0', LECTERN_LOG: 'off', LECTERN_REPLAY_DIR: folder, LECTERN_OPENED_TOKENS: '0' }),
    )
    const both = await Promise.all([serve(loadFlowtly(), settings), serve(loadFlowtly(), settings)])
    started.push(...both)
    origin.aim(...both)
  })

  /** Only `Date` is moved: sockets and timers go on. */
  function pass(seconds: number): void {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
  }

  it('within 30 seconds gets the same answer, on either', async () => {
    const { client, renewal } = await signIn()
    const first = await refresh(client, renewal)
    pass(25)
    for (const _ of ['one', 'other']) expect((await refresh(client, renewal)).body).toEqual(first.body)
    expect(await call(first.body.access_token)).toBe(200)
  })

  it('after that ends the whole sign-in, on both: its newest tokens too', async () => {
    const { client, renewal, access } = await signIn()
    const first = await refresh(client, renewal)
    pass(31)
    const before = asked()
    expect((await refresh(client, renewal)).body.error).toBe('invalid_grant')
    for (const _ of ['one', 'other']) {
      expect((await refresh(client, first.body.refresh_token)).body.error).toBe('invalid_grant')
      expect(await call(first.body.access_token)).toBe(401)
      expect(await call(access)).toBe(401)
    }
    expect(asked()).toBe(before)
  })

  it.each([
    [29, 200],
    [31, 400],
  ])('for other scopes after %i seconds: the sign-in it was of then answers %i', async (seconds, status) => {
    const { client, renewal } = await signIn()
    const first = await refresh(client, renewal, { scope: 'invoices:read' })
    pass(seconds)
    const again = await refresh(client, renewal, { scope: 'settings:read' })
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant'])
    expect((await refresh(client, first.body.refresh_token)).status).toBe(status)
  })

  it('but not the sign-ins of others', async () => {
    const stolen = await signIn()
    const innocent = await signIn()
    await refresh(stolen.client, stolen.renewal)
    pass(31)
    expect((await refresh(stolen.client, stolen.renewal)).body.error).toBe('invalid_grant')
    expect((await refresh(innocent.client, innocent.renewal)).status).toBe(200)
  })
})
