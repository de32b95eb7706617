/** Rows 1 to 3: nobody gets a code without this person, in this browser, having said yes to this client. */
import { beforeAll, expect, it } from 'vitest'
import { startLogin } from '../login.ts'
import { type Client, newClient, Person, type Step, walkToCode } from '../person.ts'
import { attack } from './attack.ts'
import { asks, expectPage } from './pages.ts'
import { calls, keep, openStage, type Stage } from './stage.ts'

const ATTACKER = 'https://attacker.example/cb'

attack(1, () => {
  it('a browser whose session upstream is alive is asked all the same, and nothing goes upstream', async () => {
    const { issuer, provider } = await openStage()
    const victim = new Person()
    await walkToCode(await newClient({ issuer }), victim)
    const before = provider.requests.length
    const fresh = await newClient({ issuer, redirect: ATTACKER })
    const page = await victim.request(fresh.authorizeUrl)
    expectPage(page, 200)
    expect(asks(page)).toBe(true)
    expect(page.page).toContain('attacker.example')
    expect(provider.requests.length).toBe(before)
    // The premise: the provider itself would have let it through.
    const through = await victim.follow(await victim.submit(page, { decision: 'approve' }), ATTACKER)
    expect(new URL(through.url).searchParams.has('code')).toBe(true)
  })

  it('so is one at a real OpenID provider that remembers who signed in', async () => {
    const { url: issuer, identity } = keep(await startLogin({}, { remember: true }))
    const victim = new Person()
    await walkToCode(await newClient({ issuer }), victim)
    const before = identity.requests.length
    const fresh = await newClient({ issuer, redirect: ATTACKER })
    const page = await victim.request(fresh.authorizeUrl)
    expectPage(page, 200)
    expect(asks(page)).toBe(true)
    expect(identity.requests.length).toBe(before)
    const through = await victim.follow(await victim.submit(page, { decision: 'approve' }), ATTACKER)
    expect(new URL(through.url).searchParams.has('code')).toBe(true)
  })

  it('a request that wants nobody asked gets an error and no code', async () => {
    const { issuer, provider } = await openStage()
    const { authorizeUrl } = await newClient({ issuer, redirect: ATTACKER })
    for (const prompt of ['none', 'none login', 'consent none']) {
      const { response } = await new Person().request(`${authorizeUrl}&prompt=${encodeURIComponent(prompt)}`)
      const location = new URL(response.headers.get('location')!)
      expect(location.searchParams.get('error')).toBe('consent_required')
      expect(location.searchParams.has('code')).toBe(false)
    }
    expect(calls(provider, 'authorization')).toBe(0)
  })

  it('declining ends it without the provider', async () => {
    const { issuer, provider } = await openStage()
    const person = new Person()
    const page = await person.request((await newClient({ issuer, redirect: ATTACKER })).authorizeUrl)
    const { response } = await person.submit(page, { decision: 'deny' })
    const location = new URL(response.headers.get('location')!)
    expect([location.searchParams.get('error'), location.searchParams.has('code')]).toEqual([
      'access_denied',
      false,
    ])
    expect(calls(provider, 'authorization')).toBe(0)
  })
})

attack(2, () => {
  /** Where the approval of the attacker leads: the provider's address, with our state. */
  async function approved(issuer: string, attacker: Person): Promise<[Client, string]> {
    const client = await newClient({ issuer, redirect: ATTACKER })
    const page = await attacker.request(client.authorizeUrl)
    const { response } = await attacker.submit(page, { decision: 'approve' })
    return [client, response.headers.get('location')!]
  }

  it.each(['token', 'callback'])(
    'the provider’s address, opened in another browser (exchange: %s)',
    async (exchange) => {
      const { issuer, provider } = await openStage({ env: { LECTERN_EXCHANGE: exchange } })
      const attacker = new Person()
      const [, upstream] = await approved(issuer, attacker)
      expect(upstream).toContain(provider.endpoints.authorization)
      const withoutCookies = new Person()
      const withItsOwn = new Person()
      await walkToCode(await newClient({ issuer }), withItsOwn)
      const before = calls(provider, 'token')
      for (const victim of [withoutCookies, withItsOwn]) {
        const end = await victim.follow(await victim.request(upstream), ATTACKER)
        expect(end.url).toContain(`${issuer}/callback`)
        expectPage(end, 403)
        expect(end.page).not.toContain('attacker.example')
      }
      expect(calls(provider, 'token')).toBe(before)
      const own = await attacker.follow(await attacker.request(upstream), ATTACKER)
      expect(new URL(own.url).searchParams.has('code')).toBe(true)
    },
  )

  it('nor do forged cookies help', async () => {
    const { issuer, provider } = await openStage()
    const [, upstream] = await approved(issuer, new Person())
    const at = await new Person().request(upstream)
    const callback = at.response.headers.get('location')!
    const name = 'lectern-abcdef'
    for (const cookie of [
      `${name}=`,
      `${name}=${'A'.repeat(43)}`,
      `${name}=${'A'.repeat(44)}`,
      'lectern-=x',
      'lectern_memory=x',
    ])
      expectPage(await new Person().request(callback, { headers: { cookie } }), 403)
    expect(calls(provider, 'token')).toBe(0)
  })
})

attack(3, () => {
  let stage: Stage
  let attacker: Person
  let form: Step
  beforeAll(async () => {
    stage = await openStage()
    attacker = new Person()
    form = await attacker.request(
      (await newClient({ issuer: stage.issuer, redirect: ATTACKER })).authorizeUrl,
    )
  })

  const SAME = { 'sec-fetch-site': 'same-origin' }
  const transactionOf = ({ page }: Step) => /name="transaction" value="([^"]+)"/.exec(page)![1]!

  /** Posts the attacker's form from the browser of `person`; headers are exactly those given. */
  function post(person: Person, headers: Record<string, string>): Promise<Step> {
    const body = new URLSearchParams({ transaction: transactionOf(form), decision: 'approve' })
    return person.request(`${stage.issuer}/consent`, { method: 'POST', headers, body })
  }

  it('the form of another browser is refused, whatever the headers say', async () => {
    const withItsOwn = new Person()
    await withItsOwn.request((await newClient({ issuer: stage.issuer })).authorizeUrl)
    for (const victim of [new Person(), withItsOwn])
      for (const headers of [
        {},
        SAME,
        { origin: 'null' },
        { ...SAME, origin: stage.issuer },
        { 'sec-fetch-site': 'cross-site' },
      ])
        expectPage(await post(victim, headers as Record<string, string>), 403)
    expect(calls(stage.provider, 'authorization')).toBe(0)
  })

  it.each([
    ['a cross-site form', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling’s form', { 'sec-fetch-site': 'same-site' }],
    ['a form typed into the address bar', { 'sec-fetch-site': 'none' }],
    ['an unknown site', { 'sec-fetch-site': 'whatever' }],
    ['a foreign Origin', { origin: 'https://attacker.example' }],
    ['a foreign Origin that claims the same site', { ...SAME, origin: 'https://attacker.example' }],
    ['a null Origin, cross-site', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['our Origin, cross-site', { origin: 'ISSUER', 'sec-fetch-site': 'cross-site' }],
    ['an Origin that begins like ours', { ...SAME, origin: 'ISSUER.attacker.example' }],
    ['an Origin of another port', { ...SAME, origin: 'http://127.0.0.1:1' }],
  ])('%s is refused with the right cookie', async (_, headers) => {
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('ISSUER', stage.issuer)]),
    )
    expectPage(await post(attacker, sent), 403)
    expect(calls(stage.provider, 'authorization')).toBe(0)
  })

  it('a GET, a JSON body and a made-up transaction approve nothing', async () => {
    const fields = { transaction: transactionOf(form), decision: 'approve' }
    const got = await attacker.request(`${stage.issuer}/consent?${new URLSearchParams(fields)}`, {
      headers: SAME,
    })
    expect([got.response.status, got.response.headers.get('location')]).toEqual([405, null])
    const json = {
      method: 'POST',
      headers: { ...SAME, 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    }
    expectPage(await attacker.request(`${stage.issuer}/consent`, json), 400)
    const made = { method: 'POST', headers: SAME, body: new URLSearchParams({ ...fields, transaction: 'x' }) }
    expectPage(await attacker.request(`${stage.issuer}/consent`, made), 400)
    expect(calls(stage.provider, 'authorization')).toBe(0)
  })

  it('the same form in its own browser and from its own page is taken', async () => {
    const { response } = await attacker.submit(form, { decision: 'approve' })
    expect(response.headers.get('location')).toContain(stage.provider.endpoints.authorization)
  })

  it('the cookie goes with no foreign form, and no sibling can set it', async () => {
    const { url } = await openStage({ env: { LECTERN_PUBLIC_URL: 'https://mcp.example.com' } })
    const { authorizeUrl } = await newClient({ issuer: url, resource: undefined })
    const { response } = await new Person().request(authorizeUrl)
    const [cookie = ''] = response.headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-lectern-[\w-]{6}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
  })
})
