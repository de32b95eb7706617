/** Rows 4, 5 and 7: a remembered consent is used by the person alone and for the same alone, and no page refuses its own copy. */
import { beforeAll, expect, it } from 'vitest'
import { digest } from '../../src/sealing/random.ts'
import { seal } from '../../src/sealing/seal.ts'
import { type Client, newClient, Person, redeem, register, type Step } from '../person.ts'
import { attack } from './attack.ts'
import { openReadingStage } from './documents.ts'
import { asks, expectPage, withParameters } from './pages.ts'
import { openStage, ringOf, type Stage } from './stage.ts'

const REDIRECT = 'https://desk.example/cb'
const MEMORY = { LECTERN_CONSENT_MEMORY: '86400' }
const OWN = { 'sec-fetch-site': 'none' }

/** Approves a request and has the browser remember it. */
async function remembered(client: Client, person = new Person()): Promise<Person> {
  const page = await person.request(client.authorizeUrl, { headers: OWN })
  expect(asks(page)).toBe(true)
  await person.submit(page, { decision: 'approve', remember: 'yes' })
  return person
}

const skips = ({ response }: Step, { provider }: Stage): boolean =>
  response.headers.get('location')?.startsWith(provider.endpoints.authorization) === true

attack(4, () => {
  it('only a navigation of the person’s own skips the page', async () => {
    const stage = await openStage({ env: MEMORY })
    const client = await newClient({ issuer: stage.issuer, redirect: REDIRECT })
    const person = await remembered(client)
    for (const site of ['none', 'same-origin'])
      expect(
        skips(await person.request(client.authorizeUrl, { headers: { 'sec-fetch-site': site } }), stage),
      ).toBe(true)
    for (const site of ['cross-site', 'same-site', '', 'None', 'none, cross-site', undefined]) {
      const headers: Record<string, string> = site === undefined ? {} : { 'sec-fetch-site': site }
      const page = await person.request(client.authorizeUrl, { headers })
      expectPage(page, 200)
      expect(asks(page), `Sec-Fetch-Site: ${site}`).toBe(true)
    }
  })

  it('as it comes, every request is asked, and nothing is offered to be remembered', async () => {
    const stage = await openStage()
    const client = await newClient({ issuer: stage.issuer, redirect: REDIRECT })
    const person = await remembered(client)
    expect([...person.jar.get(stage.issuer)!.keys()].filter((name) => name.includes('memory'))).toEqual([])
    const page = await person.request(client.authorizeUrl, { headers: OWN })
    expect([asks(page), page.page.includes('name="remember"')]).toEqual([true, false])
  })

  it('a client whose id is public, being an address, is asked every time', async () => {
    const { publisher, issuer } = await openReadingStage({ env: MEMORY })
    const clientId = publisher.publish('/desk.json', (client_id) => ({
      client_id,
      client_name: 'Desk',
      redirect_uris: [REDIRECT],
    }))
    const client = await newClient({ issuer, clientId, redirect: REDIRECT, scope: 'invoices:read' })
    const person = await remembered(client)
    for (const site of ['none', 'same-origin', 'cross-site']) {
      const page = await person.request(client.authorizeUrl, { headers: { 'sec-fetch-site': site } })
      expect([asks(page), page.page.includes('name="remember"')]).toEqual([true, false])
    }
    const parts = [1, await digest(clientId, 22), REDIRECT, '/mcp', 'none', 'document', 'invoices:read']
    const now = Date.now() / 1000
    const kept = { [await digest(JSON.stringify(parts), 16)]: Math.floor(now) + 600 }
    const cookie = `lectern_memory=${await seal(ringOf(issuer), 'memory', { kept }, now, 600)}`
    expect(asks(await new Person().request(client.authorizeUrl, { headers: { ...OWN, cookie } }))).toBe(true)
  })

  it('a cookie that an earlier configuration left behind skips nothing', async () => {
    const before = await openStage({ env: MEMORY })
    const env = { LECTERN_PUBLIC_URL: before.issuer }
    const after = await openStage({ env })
    const client = await newClient({ issuer: before.issuer, redirect: REDIRECT })
    const cookies = (await remembered(client)).jar.get(before.issuer)!
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...OWN, cookie }
    expect(skips(await new Person().request(client.authorizeUrl, { headers }), before)).toBe(true)
    const there = client.authorizeUrl.replace(before.issuer, after.url)
    expect(asks(await new Person().request(there, { headers }))).toBe(true)
  })
})

attack(5, () => {
  let stage: Stage
  let client: Client
  let person: Person
  beforeAll(async () => {
    stage = await openStage({ env: MEMORY })
    const metadata = { redirect_uris: [REDIRECT, `${REDIRECT}/other`], client_name: 'Desk' }
    const { client_id: clientId } = await register(stage.issuer, metadata)
    client = await newClient({
      issuer: stage.issuer,
      redirect: REDIRECT,
      clientId,
      scope: 'invoices:read projects:read',
    })
    person = await remembered(client)
  })

  const ask = (url: string) => person.request(url, { headers: OWN })

  it('the very same is not asked again', async () => {
    expect(skips(await ask(client.authorizeUrl), stage)).toBe(true)
    expect(
      skips(await ask(withParameters(client.authorizeUrl, { scope: 'projects:read invoices:read' })), stage),
    ).toBe(true)
  })

  it.each([
    ['a further scope', { scope: 'invoices:read projects:read banking:read' }],
    ['another scope', { scope: 'banking:read' }],
    ['fewer scopes', { scope: 'invoices:read' }],
    ['all scopes, by naming none', { scope: undefined }],
    ['all scopes, by naming unknown ones', { scope: 'everything' }],
    ['another redirect URI of the client', { redirect_uri: `${REDIRECT}/other` }],
  ])('%s is asked', async (_, changed) => {
    const page = await ask(withParameters(client.authorizeUrl, changed))
    expectPage(page, 200)
    expect(asks(page)).toBe(true)
  })

  it('another client of the same name and address is asked', async () => {
    const twin = await register(stage.issuer, { redirect_uris: [REDIRECT], client_name: 'Desk' })
    expect(twin.client_id).not.toBe(client.clientId)
    expect(asks(await ask(withParameters(client.authorizeUrl, { client_id: twin.client_id })))).toBe(true)
  })

  it('so is one that registered to prove itself in another way', async () => {
    const metadata = {
      redirect_uris: [REDIRECT],
      client_name: 'Desk',
      token_endpoint_auth_method: 'client_secret_basic',
    }
    const { client_id } = await register(stage.issuer, metadata)
    expect(asks(await ask(withParameters(client.authorizeUrl, { client_id })))).toBe(true)
  })

  it('a resource that is not ours skips nothing', async () => {
    const { response } = await ask(withParameters(client.authorizeUrl, { resource: `${stage.issuer}/other` }))
    expect(new URL(response.headers.get('location')!).searchParams.get('error')).toBe('invalid_target')
  })

  /** A cookie as this deployment would have sealed it for a consent with these parts, in its own order. */
  async function cookieFor(parts: unknown[], from = 0, ttl = 600): Promise<string> {
    const now = Date.now() / 1000 + from
    const kept = { [await digest(JSON.stringify(parts), 16)]: Math.floor(now) + ttl }
    return `lectern_memory=${await seal(ringOf(stage.issuer), 'memory', { kept }, now, ttl)}`
  }

  it('what was agreed to under another policy, resource or kind is asked again, and what is over too', async () => {
    const id = await digest(client.clientId, 22)
    const scopes = ['invoices:read', 'projects:read']
    const agreed = [1, id, REDIRECT, '/mcp', 'none', 'registered', ...scopes]
    const asked = async (cookie: string) =>
      asks(await new Person().request(client.authorizeUrl, { headers: { ...OWN, cookie } }))
    expect(await asked(await cookieFor(agreed))).toBe(false)
    const others = [
      [2, ...agreed.slice(1)],
      [0, ...agreed.slice(1)],
      agreed.with(3, '/mcp/other'),
      agreed.with(5, 'document'),
      agreed.with(4, 'private_key_jwt'),
    ]
    for (const other of others) expect(await asked(await cookieFor(other)), JSON.stringify(other)).toBe(true)
    expect(await asked(await cookieFor(agreed, -601))).toBe(true)
  })
})

attack(7, () => {
  it('a page fetched twice at once leaves two forms that both work, to the end', async () => {
    const { issuer, provider } = await openStage()
    const client = await newClient({ issuer, redirect: REDIRECT })
    const person = new Person()
    const pages = await Promise.all([1, 2, 3].map(() => person.request(client.authorizeUrl)))
    for (const page of pages) {
      const answer = await person.submit(page, { decision: 'approve' })
      expect(answer.response.headers.get('location')).toContain(provider.endpoints.authorization)
      const end = await person.follow(answer, REDIRECT)
      expect((await redeem(client, new URL(end.url).searchParams.get('code')!)).status).toBe(200)
    }
  })

  it('so does one that is fetched again by a browser that is known, and one that is sent twice', async () => {
    const { issuer, provider } = await openStage()
    const client = await newClient({ issuer, redirect: REDIRECT })
    const person = new Person()
    const first = await person.request(client.authorizeUrl)
    const [second, third] = await Promise.all([1, 2].map(() => person.request(client.authorizeUrl)))
    for (const page of [third!, first, second!, first]) {
      const { response } = await person.submit(page, { decision: 'approve' })
      expect(response.headers.get('location')).toContain(provider.endpoints.authorization)
    }
  })

  it('whatever a prefetch asks for beforehand does no harm', async () => {
    const { issuer, provider } = await openStage()
    const client = await newClient({ issuer, redirect: REDIRECT })
    const person = new Person()
    await person.request(client.authorizeUrl, {
      headers: { 'sec-purpose': 'prefetch', 'sec-fetch-site': 'cross-site' },
    })
    await person.request(client.authorizeUrl, { method: 'HEAD' })
    const page = await person.request(client.authorizeUrl)
    await new Person().request(client.authorizeUrl)
    const { response } = await person.submit(page, { decision: 'approve' })
    expect(response.headers.get('location')).toContain(provider.endpoints.authorization)
  })
})
