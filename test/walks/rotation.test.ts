/** Secrets are rotated: what a previous generation sealed goes on, what a removed one sealed ends, and no call fails under load. */
import { decodeProtectedHeader } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { newSecret, type Replica, type Switch, startReplica, startSwitch } from '../fleet.ts'
import { upstreamOf } from '../login.ts'
import { type Client, newClient, Person, redeem, refresh, register, walkToCode } from '../person.ts'

let sandbox: Sandbox
let origin: Switch
let replicas: Replica[] = []

beforeAll(async () => {
  sandbox = await startSandbox({ identity: {} })
  origin = await startSwitch()
})
afterEach(async () => {
  for (const replica of replicas.splice(0)) await replica.kill()
})
afterAll(async () => {
  await origin.close()
  await sandbox.close()
})

interface Rings {
  session: string[]
  registration: string[]
}

function start({ session, registration }: Rings): Promise<Replica> {
  return startReplica({
    ...upstreamOf(sandbox),
    LECTERN_PUBLIC_URL: origin.url,
    LECTERN_SESSION_SECRETS: session.join(','),
    LECTERN_REGISTRATION_SECRETS: registration.join(','),
    LECTERN_UNKNOWN_CLIENTS: 'refuse',
    LECTERN_REPLICAS: '2',
  })
}

/** Every replica is replaced by one with these rings, one at a time, as a rolling restart does it; their exit codes. */
async function roll(rings: Rings): Promise<Promise<number | null>[]> {
  const drained: Promise<number | null>[] = []
  for (const [at, old] of replicas.entries()) {
    replicas[at] = await start(rings)
    origin.aim(...replicas)
    drained.push(old.drain())
  }
  return drained
}

/** One tool call that reaches the upstream. */
async function call(token: string): Promise<Response> {
  return fetch(`${origin.url}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"taxGroups.list","arguments":{}}}',
  })
}

/** What a sign-in holds at each of its stages, sealed by the newest generation of now. */
async function sealEverything(client?: Client) {
  const issuer = origin.url
  const own = { issuer, ...(client && { clientId: client.clientId }) }
  const first = await newClient(own)
  const tokens = (await redeem(first, (await walkToCode(first)).get('code')!)).body
  const second = await newClient({ ...own, clientId: first.clientId })
  const code = (await walkToCode(second)).get('code')!
  const asked = new Person()
  const page = await asked.request((await newClient({ ...own, clientId: first.clientId })).authorizeUrl)
  const sent = new Person()
  const consented = await sent.submit(await sent.request(first.authorizeUrl), { decision: 'approve' })
  const button = await sent.follow(consented, `${issuer}/callback`)
  const back = await sent.follow(await sent.submit(button, { person: 'anna' }), `${issuer}/callback`)
  return {
    client: first,
    access: tokens.access_token as string,
    refresh: tokens.refresh_token as string,
    redeem: () => redeem(second, code),
    consent: () => asked.submit(page, { decision: 'approve' }),
    callback: () => sent.request(back.url),
  }
}

/** Goes on with each; `ends` says what happened to it. */
async function outcomes(held: Awaited<ReturnType<typeof sealEverything>>) {
  const access = await call(held.access)
  await access.text()
  const refreshed = await refresh(held.client, held.refresh)
  const redeemed = await held.redeem()
  const { response: consent } = await held.consent()
  const { response: callback } = await held.callback()
  const challenge = /error="(\w+)"/.exec(access.headers.get('www-authenticate') ?? '')?.[1]
  return {
    access: challenge === undefined ? access.status : `${access.status} ${challenge}`,
    refresh: refreshed.status === 200 ? 200 : `${refreshed.status} ${refreshed.body.error}`,
    code: redeemed.status === 200 ? 200 : `${redeemed.status} ${redeemed.body.error}`,
    consent: consent.status,
    callback: callback.status,
  }
}

const GOES_ON = { access: 200, refresh: 200, code: 200, consent: 303, callback: 303 }

describe('two lineages', () => {
  const [oldSession, newSession, oldRegistration, newRegistration] = Array.from({ length: 4 }, newSecret)
  const rings = {
    old: { session: [oldSession!], registration: [oldRegistration!] },
    both: { session: [newSession!, oldSession!], registration: [oldRegistration!] },
    newSession: { session: [newSession!], registration: [oldRegistration!] },
    bothRegistrations: { session: [newSession!], registration: [newRegistration!, oldRegistration!] },
    new: { session: [newSession!], registration: [newRegistration!] },
  }

  it('a new session secret ends nothing while the previous one stays in the ring', async () => {
    replicas = [await start(rings.old)]
    origin.aim(...replicas)
    const held = await sealEverything()
    await roll(rings.both)
    expect(await outcomes(held)).toEqual(GOES_ON)
    const fresh = await sealEverything(held.client)
    expect(kid(fresh.access)).not.toBe(kid(held.access))
  })

  it('a session secret that is removed ends what it sealed and nothing else', async () => {
    replicas = [await start(rings.old)]
    origin.aim(...replicas)
    const held = await sealEverything()
    await roll(rings.both)
    const fresh = await sealEverything(held.client)
    await roll(rings.newSession)
    expect(await outcomes(held)).toEqual({
      access: '401 invalid_token',
      refresh: '400 invalid_grant',
      code: '400 invalid_grant',
      consent: 400,
      callback: 400,
    })
    expect(await outcomes(fresh)).toEqual(GOES_ON)
    // The registration is older than either and lives on: the client signs in again under the same id.
    expect(await outcomes(await sealEverything(held.client))).toEqual(GOES_ON)
  })

  it('a registration secret that is removed ends the registrations that it signed and nothing else', async () => {
    replicas = [await start(rings.newSession)]
    origin.aim(...replicas)
    const held = await sealEverything()
    const secretive = await register(origin.url, {
      redirect_uris: ['http://127.0.0.1:33999/callback'],
      token_endpoint_auth_method: 'client_secret_post',
    })
    const withSecret = async () => {
      const client = await newClient({ issuer: origin.url, clientId: secretive.client_id })
      const code = (await walkToCode(client)).get('code')!
      return (await redeem(client, code, { client_secret: secretive.client_secret })).status
    }

    await roll(rings.bothRegistrations)
    expect(await withSecret()).toBe(200)
    expect(await outcomes(await sealEverything(held.client))).toEqual(GOES_ON)
    const fresh = await sealEverything()
    expect(kid(fresh.client.clientId)).not.toBe(kid(held.client.clientId))

    await roll(rings.new)
    const page = await new Person().request(held.client.authorizeUrl)
    expect([page.response.status, page.response.headers.get('location')]).toEqual([400, null])
    expect(page.page).toContain('This application is not known')
    // 401 invalid_client is what makes a client register again; its sessions were sealed by the other lineage.
    expect(await outcomes(held)).toEqual({
      ...GOES_ON,
      refresh: '401 invalid_client',
      code: '401 invalid_client',
    })
    expect(await outcomes(fresh)).toEqual(GOES_ON)
  })

  it('the order matters: a token of a new secret that one replica does not know yet fails there', async () => {
    replicas = [await start(rings.both), await start(rings.old)]
    origin.aim(replicas[0]!)
    const { access } = await sealEverything()
    origin.aim(replicas[1]!)
    expect((await call(access)).status).toBe(401)
  })
})

function kid(sealed: string): string {
  return decodeProtectedHeader(sealed).kid!
}

/** A client that never rests: it calls, lists and refreshes by turns, and notes what failed. */
class Busy {
  readonly failures: string[] = []
  /** Answers of `/mcp`, and of `/token`. */
  calls = 0
  refreshes = 0
  /** When the last refresh began that has ended. */
  renewed = 0
  access = ''
  private renewal = ''
  private stopped = false
  private readonly client: Client
  constructor(client: Client) {
    this.client = client
  }

  async signIn(): Promise<void> {
    this.take(await redeem(this.client, (await walkToCode(this.client)).get('code')!))
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      await this.attempt('call', () => this.callOnce())
      await this.attempt('call', () => this.callOnce())
      await this.attempt('refresh', () => this.refreshOnce())
    }
  }

  stop(): void {
    this.stopped = true
  }

  private async attempt(what: string, run: () => Promise<void>): Promise<void> {
    await run().catch((error: Error) => this.failures.push(`${what}: ${error.message} ${error.cause ?? ''}`))
  }

  private async callOnce(): Promise<void> {
    const answer = await call(this.access)
    const body = await answer.text()
    if (answer.status !== 200 || !body.includes('"content"')) throw new Error(`${answer.status} ${body}`)
    this.calls++
  }

  private async refreshOnce(): Promise<void> {
    const began = Date.now()
    this.take(await refresh(this.client, this.renewal))
    this.renewed = began
    this.refreshes++
  }

  private take({ status, body }: Awaited<ReturnType<typeof redeem>>): void {
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
    this.access = body.access_token
    this.renewal = body.refresh_token
  }
}

describe('under load', () => {
  const CLIENTS = 32

  it('32 clients call and refresh while the secrets of both lineages are rotated, and none of it fails', async () => {
    const [oldSession = '', newSession = '', oldRegistration = '', newRegistration = ''] = Array.from(
      { length: 4 },
      newSecret,
    )
    const first = { session: [oldSession], registration: [oldRegistration] }
    replicas = [await start(first), await start(first)]
    origin.aim(...replicas)
    const lost = origin.lost
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, async () => new Busy(await newClient({ issuer: origin.url }))),
    )
    await Promise.all(clients.map((client) => client.signIn()))
    const before = kid(clients[0]!.access)
    const running = clients.map((client) => client.run())
    const settled = async () => {
      const now = Date.now()
      const oldest = () => Math.min(...clients.map(({ renewed }) => renewed))
      await expect.poll(oldest, { timeout: 10_000 }).toBeGreaterThan(now)
    }

    // 1. Every replica can open what the new secrets will seal, and none seals under them.
    const both = { session: [oldSession, newSession], registration: [oldRegistration, newRegistration] }
    const drained = await roll(both)
    await settled()
    expect(new Set(clients.map(({ access }) => kid(access)))).toEqual(new Set([before]))
    // 2. Every replica seals under the new ones, and opens what the old ones sealed.
    const turned = { session: both.session.toReversed(), registration: both.registration.toReversed() }
    drained.push(...(await roll(turned)))
    await settled()
    expect(clients.map(({ access }) => kid(access))).not.toContain(before)
    // 3. The old session secret goes once nothing that it sealed is alive. Registrations live for years, and so does theirs.
    drained.push(...(await roll({ ...turned, session: [newSession] })))
    await settled()

    for (const client of clients) client.stop()
    await Promise.all(running)
    expect(clients.flatMap(({ failures }) => failures)).toEqual([])
    expect(origin.lost).toBe(lost)
    expect(await Promise.all(drained)).toEqual([0, 0, 0, 0, 0, 0])
    const total = clients.reduce((sum, { calls, refreshes }) => sum + calls + refreshes, 0)
    expect(total).toBeGreaterThan(CLIENTS * 10)
  }, 60_000)
})
