/** Rows 16 and 17, over processes that share their secrets: a token is for one server, one resource and one purpose. */
import { CompactEncrypt, CompactSign, decodeProtectedHeader } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { type Purpose, purposes } from '../../src/sealing/purposes.ts'
import type { KeyRing } from '../../src/sealing/ring.ts'
import { open, seal } from '../../src/sealing/seal.ts'
import { type Client, newClient, Person, postForm, redeem, refresh, walkToCode } from '../person.ts'
import { attack } from './attack.ts'
import { type Deployment, openDeployment, type Replica, startReplica } from './deployment.ts'
import { asks, expectPage, withParameters } from './pages.ts'
import { calls, callTool, keep, openUpstream, ringOf, settingsFor } from './stage.ts'

const REDIRECT = 'http://127.0.0.1:33999/callback'

interface Held {
  client: Client
  /** What each purpose sealed, by its name. */
  sealed: Partial<Record<Purpose, string>>
  person: Person
}

/** Everything that one sign-in puts into the hands of others, and a second code that is not used yet. */
async function collect(issuer: string): Promise<Held> {
  const client = await newClient({ issuer, redirect: REDIRECT })
  const person = new Person()
  const page = await person.request(client.authorizeUrl)
  const consent = /name="transaction" value="([^"]+)"/.exec(page.page)![1]!
  const upstream = await person.submit(page, { decision: 'approve', remember: 'yes' })
  const state = new URL(upstream.response.headers.get('location')!).searchParams.get('state')!
  const memory = person.jar.get(issuer)!.get('lectern_memory')!
  const end = await person.follow(upstream, REDIRECT)
  const { body } = await redeem(client, new URL(end.url).searchParams.get('code')!)
  const code = (await walkToCode(client)).get('code')!
  const { access_token: access, refresh_token } = body
  return {
    client,
    person,
    sealed: { client: client.clientId, consent, state, memory, code, access, refresh: refresh_token },
  }
}

const MEMORY = { LECTERN_CONSENT_MEMORY: '86400' }

attack(16, () => {
  let one: Replica
  let two: Replica
  let held: Held
  beforeAll(async () => {
    const { provider, sandbox } = await openUpstream()
    const env = { ...settingsFor(provider, sandbox.url), ...MEMORY }
    ;[one, two] = (await Promise.all([startReplica(env), startReplica(env)])).map(keep) as [Replica, Replica]
    held = await collect(one.url)
  })

  it('with the same secrets, a server of another name opens nothing', async () => {
    const { sealed } = held
    for (const [purpose, value] of Object.entries(sealed) as [Purpose, string][]) {
      const now = Date.now() / 1000
      expect(await open(ringOf(one.url), purpose, value, now), purpose).toBeDefined()
      expect(await open(ringOf(two.url), purpose, value, now), purpose).toBeUndefined()
    }
  })

  it('nor takes any of it at any of its doors', async () => {
    const { sealed, client } = held
    const there = await newClient({ issuer: two.url, redirect: REDIRECT })
    expect((await callTool(two.url, sealed.access!)).status).toBe(401)
    for (const clientId of [there.clientId, client.clientId]) {
      const at = { ...client, issuer: two.url, clientId }
      const error = clientId === there.clientId ? 'invalid_grant' : 'invalid_client'
      for (const resource of [undefined, `${two.url}/mcp`, `${one.url}/mcp`]) {
        expect((await redeem(at, sealed.code!, { resource })).body.error).toBe(error)
        expect((await refresh(at, sealed.refresh!, { resource })).body.error).toBe(error)
      }
    }
    expectPage(
      await held.person.request(withParameters(there.authorizeUrl, { client_id: client.clientId })),
      400,
    )
    expectPage(await held.person.request(`${two.url}/callback?code=x&state=${sealed.state}`), 400)
    const form = {
      method: 'POST',
      body: new URLSearchParams({ transaction: sealed.consent!, decision: 'approve' }),
    }
    expectPage(await held.person.request(`${two.url}/consent`, form), 400)
    const headers = { 'sec-fetch-site': 'none', cookie: `lectern_memory=${sealed.memory}` }
    expect(asks(await new Person().request(there.authorizeUrl, { headers }))).toBe(true)
    // At its own server each still opens.
    expect((await callTool(one.url, sealed.access!)).status).toBe(200)
    expect((await redeem(client, sealed.code!)).status).toBe(200)
  })

  it('a token of the right key for another resource is refused too', async () => {
    const claims = (await open(ringOf(one.url), 'access', held.sealed.access!, Date.now() / 1000))!
    const sealedFor = (resource: unknown) =>
      seal(ringOf(one.url), 'access', { ...claims, resource } as never, Date.now() / 1000, 60)
    expect((await callTool(one.url, await sealedFor('/mcp'))).status).toBe(200)
    for (const resource of [
      '/other',
      '/mcp/other',
      '/mcp/',
      '/',
      '',
      '/MCP',
      `${one.url}/mcp`,
      null,
      ['/mcp'],
      undefined,
    ])
      expect((await callTool(one.url, await sealedFor(resource))).status, String(resource)).toBe(401)
  })

  it('a resource of another is invalid_target at authorize, at token and at refresh', async () => {
    const { url } = one
    const port = new URL(url).port
    // biome-ignore format: addresses next to one another
    const foreign = [
      `${two.url}/mcp`, two.url, 'https://other.example/mcp', `${url}/other`, `${url}/mcp/other`, `${url}/MCP`, `${url}/mcp//`, `${url}/mcp?a=b`, `${url}/mcp#a`, `${url}/%6dcp`,
      `http://user@127.0.0.1:${port}/mcp`, `https://127.0.0.1:${port}/mcp`, `http://localhost:${port}/mcp`, `http://127.0.0.1.evil.example:${port}/mcp`, `${url}.evil.example/mcp`, '/mcp', 'mcp', 'urn:mcp', '*',
    ]
    const client = await newClient({ issuer: url, redirect: REDIRECT })
    const code = (await walkToCode(client)).get('code')!
    for (const resource of foreign) {
      const { response } = await new Person().request(withParameters(client.authorizeUrl, { resource }))
      const answer = new URL(response.headers.get('location')!).searchParams
      expect([answer.get('error'), answer.has('code')], resource).toEqual(['invalid_target', false])
      expect((await redeem(client, code, { resource })).body.error, resource).toBe('invalid_target')
      expect((await refresh(held.client, held.sealed.refresh!, { resource })).body.error, resource).toBe(
        'invalid_target',
      )
    }
    const doubled = `${client.authorizeUrl}&resource=${encodeURIComponent(`${two.url}/mcp`)}`
    const { response } = await new Person().request(doubled)
    expect(new URL(response.headers.get('location')!).searchParams.get('error')).toBe('invalid_target')
    const both = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: client.clientId,
      code_verifier: client.verifier,
    })
    for (const resource of [`${url}/mcp`, `${two.url}/mcp`]) both.append('resource', resource)
    const refused = await fetch(`${url}/token`, { method: 'POST', body: both })
    expect(await refused.json()).toMatchObject({ error: 'invalid_target' })
    expect((await redeem(client, code)).status).toBe(200)
  })
})

attack(17, () => {
  let deployment: Deployment
  let held: Held
  beforeAll(async () => {
    deployment = await openDeployment(MEMORY, { rotate: false })
    held = await collect(deployment.issuer)
    const now = Date.now() / 1000
    const ring = ringOf(deployment.issuer)
    held.sealed.answer = await seal(ring, 'answer', { answer: { access_token: 'x' } }, now, 60)
    held.sealed.secret = await seal(ring, 'secret', { r: [REDIRECT] }, now, 60)
  })

  /** True where the second process took the value at this door; the first had it made. */
  const doors: Record<string, { opensTo: Purpose; isOpen(value: string): Promise<boolean> }> = {
    'client_id of /authorize': {
      opensTo: 'client',
      isOpen: async (value) =>
        asks(await new Person().request(withParameters(held.client.authorizeUrl, { client_id: value }))),
    },
    'client_id of /token': {
      opensTo: 'client',
      isOpen: async (value) => {
        const { body } = await refresh({ ...at2(), clientId: value }, 'x')
        return body.error === 'invalid_grant'
      },
    },
    'transaction of /consent': {
      opensTo: 'consent',
      isOpen: async (value) => {
        const form = {
          method: 'POST',
          body: new URLSearchParams({ transaction: value, decision: 'approve' }),
        }
        return (await held.person.request(`${deployment.issuer}/consent`, form)).response.status === 303
      },
    },
    'state of /callback': {
      opensTo: 'state',
      isOpen: async (value) => {
        const query = new URLSearchParams({
          state: value,
          error: 'access_denied',
          iss: deployment.provider.issuer,
        })
        return (await held.person.request(`${deployment.issuer}/callback?${query}`)).response.status === 303
      },
    },
    'cookie of remembered consents': {
      opensTo: 'memory',
      isOpen: async (value) => {
        const headers = { 'sec-fetch-site': 'none', cookie: `lectern_memory=${value}` }
        return (await new Person().request(held.client.authorizeUrl, { headers })).response.status === 303
      },
    },
    'bearer of /mcp': {
      opensTo: 'access',
      isOpen: async (value) => (await callTool(deployment.two.url, value)).status === 200,
    },
    'refresh_token of /token': {
      opensTo: 'refresh',
      isOpen: async (value) => (await refresh(at2(), value)).status === 200,
    },
    'code of /token': {
      opensTo: 'code',
      isOpen: async (value) => (await redeem(at2(), value, { resource: undefined })).status === 200,
    },
  }
  const at2 = () => ({ ...held.client, issuer: deployment.two.url })

  it.each(Object.keys(doors))(
    '%s opens to what was made for it at another process, and to nothing else',
    async (door) => {
      const { opensTo, isOpen } = doors[door]!
      expect(Object.keys(held.sealed).sort()).toEqual(Object.keys(purposes).sort())
      for (const [purpose, value] of Object.entries(held.sealed))
        if (purpose !== opensTo) expect(await isOpen(value), purpose).toBe(false)
      expect(await isOpen(held.sealed[opensTo]!), opensTo).toBe(true)
    },
  )

  it('/revoke ends nothing but what an access or a refresh token names', async () => {
    const { refresh: refreshToken, access, ...others } = held.sealed
    for (const token of Object.values(others))
      expect(
        (await postForm(`${deployment.two.url}/revoke`, { token, client_id: held.client.clientId })).status,
      ).toBe(200)
    expect(calls(deployment.provider, 'revocation')).toBe(0)
    expect((await callTool(deployment.two.url, access!)).status).toBe(200)
    expect((await refresh(at2(), refreshToken!)).status).toBe(200)
  })

  it('no two purposes share a key or a type, and the header is part of what is sealed', async () => {
    const names = Object.keys(purposes) as Purpose[]
    const types = names.map((purpose) => decodeProtectedHeader(held.sealed[purpose]!).typ)
    expect(new Set(types).size).toBe(names.length)
    const ring = ringOf(deployment.issuer)
    const now = Date.now() / 1000
    for (const from of names)
      for (const to of names.filter((name) => name !== from && purposes[name].form === purposes[from].form)) {
        // The very same value with the header of the other purpose: what it authenticates is not the same.
        const [, ...rest] = held.sealed[from]!.split('.')
        const [header] = held.sealed[to]!.split('.')
        expect(await open(ring, to, [header, ...rest].join('.'), now), `${from} as ${to}`).toBeUndefined()
        expect(await open(ring, from, [header, ...rest].join('.'), now), `${from} as ${to}`).toBeUndefined()
        // Right in every part but the key.
        expect(await open(ring, to, await sealedUnder(ring, from, to), now), `key of ${from}`).toBeUndefined()
        expect(await open(ring, to, await sealedUnder(ring, to, to), now), to).toEqual({ r: [] })
      }
  })
})

/** Claims with the header of one purpose under the key of another. */
async function sealedUnder(ring: KeyRing, from: Purpose, to: Purpose): Promise<string> {
  const { kid, key } = await ring.newest(from)
  const { form, typ } = purposes[to]
  const bytes = new TextEncoder().encode('{"r":[]}')
  if (form === 'signed')
    return new CompactSign(bytes).setProtectedHeader({ alg: 'HS256', kid, typ }).sign(key)
  const alg = form === 'direct' ? 'dir' : 'A256KW'
  return new CompactEncrypt(bytes).setProtectedHeader({ alg, enc: 'A256GCM', kid, typ }).encrypt(key)
}
