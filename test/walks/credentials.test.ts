/** Sign-in for an API that has only keys: our page takes them, one GET proves them, and the tokens carry them sealed. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { CredentialField } from '../../src/access/access.ts'
import { compile } from '../../src/connector/compile.ts'
import { defineConnector } from '../../src/connector/declaration.ts'
import { serve } from '../../src/node.ts'
import { readSettings } from '../../src/settings.ts'
import { newSecret, startSwitch } from '../fleet.ts'
import { type Client, newClient, Person, redeem, refresh, type Step } from '../person.ts'

/** Of every character that a query, a header or a page could misread. */
const KEY = 'ks_9f2c/71+d0=b4&x%20#<i>"\\\'~'
const SHOP = '4711'
const WRONG = 'ks_wrong/+&<b>"'

const started: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of started.splice(0).reverse()) await each.close()
})

const places = {
  /** The shop in the query, the key in a header after a scheme. */
  apart: {
    shop: { title: 'Shop number', secret: false, in: 'query', name: 'shop_id' },
    key: { title: 'API key', help: 'Starts with ks_.', in: 'header', name: 'Authorization', scheme: 'Key' },
  },
  /** The key in a header of its own. */
  bare: {
    shop: { title: 'Shop number', secret: false, in: 'query', name: 'shop_id' },
    key: { title: 'API key', in: 'header', name: 'X-Shop-Key' },
  },
  query: {
    shop: { title: 'Shop number', secret: false, in: 'query', name: 'shop_id' },
    key: { title: 'API key', in: 'query', name: 'key' },
  },
} satisfies Record<string, Record<string, CredentialField>>

type Places = keyof typeof places

function connector(server: string, fields: Places) {
  const declaration = defineConnector({
    name: 'kash',
    title: 'Kash',
    description: 'Receipts of one shop.',
    server,
    access: {
      type: 'oauth',
      signIn: {
        type: 'credentials',
        help: 'You find both in Kash under Settings.',
        fields: places[fields],
        proof: 'getShop',
      },
      organization: { from: 'field', name: 'shop' },
    },
    scopes: { 'receipts:read': 'Receipts of your shop' },
    namespaces: {
      receipts: {
        title: 'Receipts',
        description: 'Receipts.',
        scope: 'receipts:read',
        tools: { list: { operation: 'listReceipts', title: 'List receipts' } },
      },
    },
  })
  const parameters = [{ name: 'q', in: 'query', schema: { type: 'string' }, description: 'Text to look for' }]
  return compile(declaration, {
    openapi: '3.1.0',
    info: { title: 'Kash', version: '1' },
    paths: {
      '/shop': { get: { operationId: 'getShop', summary: 'The shop itself' } },
      '/receipts': { get: { operationId: 'listReceipts', summary: 'Receipts of the day', parameters } },
    },
  })
}

/** How the upstream answers whoever asks; `right` to those who hold the key. */
type Mood = 'right' | 'taken back' | 'down' | 'busy' | 'talkative' | 'dumping'

/** The API of a shop: it knows one key, and notes what it was sent. */
async function startUpstream(fields: Places) {
  const requests: { method: string; path: string; headers: IncomingMessage['headers'] }[] = []
  const upstream = { requests, mood: 'right' as Mood, url: '', close: async () => {} }
  const server = createServer(({ method = '', url = '', headers }, response) => {
    requests.push({ method, path: url, headers })
    const query = new URL(url, 'http://x').searchParams
    const key = {
      apart: headers.authorization?.replace(/^Key /, ''),
      bare: headers['x-shop-key'],
      query: query.get('key'),
    }[fields]
    const isOwner = query.get('shop_id') === SHOP && key === KEY
    const answers: Record<Mood, () => [number, unknown]> = {
      right: () => (isOwner ? [200, [{ total: '12.50' }]] : [401, { message: `no shop for ${key}` }]),
      'taken back': () => [401, { message: `the key ${key} was withdrawn` }],
      down: () => [500, {}],
      busy: () => [429, {}],
      talkative: () => [400, { message: `bad request: ${url} by ${key}` }],
      dumping: () => {
        const dump = JSON.stringify(headers)
        return [400, { message: `bad request: ${dump} ${dump.replaceAll('/', '\\/')}` }]
      },
    }
    const [status, body] = answers[upstream.mood]()
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  upstream.close = async () => void server.close().closeAllConnections()
  started.push(upstream)
  return upstream
}

async function start(fields: Places = 'apart', env: Record<string, string> = {}) {
  const upstream = await startUpstream(fields)
  return { upstream, issuer: await connect(upstream.url, fields, env) }
}

async function connect(upstream: string, fields: Places, env: Record<string, string> = {}): Promise<string> {
  const base = { PORT: '0', LECTERN_LOG: 'off', LECTERN_RETRIES: '0', LECTERN_OPENED_TOKENS: '0' }
  const running = await serve(connector(upstream, fields), readSettings({ ...base, ...env }))
  started.push(running)
  return running.url
}

/** The consent page, filled in and sent. */
async function fillIn(client: Client, key: string, shop = SHOP): Promise<{ person: Person; step: Step }> {
  const person = new Person()
  const page = await person.request(client.authorizeUrl)
  return { person, step: await sendIn(person, page, client, key, shop) }
}

async function sendIn(person: Person, page: Step, client: Client, key: string, shop = SHOP): Promise<Step> {
  const sent = await person.submit(page, { decision: 'approve', field_shop: shop, field_key: key })
  return person.follow(sent, client.redirect)
}

function codeOf({ url }: Step): string {
  return new URL(url).searchParams.get('code')!
}

async function signIn(issuer: string) {
  const client = await newClient({ issuer })
  const { step } = await fillIn(client, KEY)
  const { body } = await redeem(client, codeOf(step))
  return { client, body, code: codeOf(step) }
}

async function call(issuer: string, token: string, args: object = {}) {
  const answer = await fetch(`${issuer}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'receipts.list', arguments: args },
    }),
  })
  return { status: answer.status, text: await answer.text() }
}

describe('the page', () => {
  it('asks for what is declared, and hides what is secret', async () => {
    const { issuer } = await start()
    const { page } = await new Person().request((await newClient({ issuer })).authorizeUrl)
    expect(page).toContain('You find both in Kash under Settings.')
    expect(page).toMatch(/<label[^>]*>Shop number<\/label>\s*<input[^>]*name="field_shop"[^>]*type="text"/)
    expect(page).toMatch(/name="field_key"[^>]*type="password"/)
    expect(page).toContain('Starts with ks_.')
  })

  it('comes again with the fault for a wrong key; the shop stays, the key is nowhere, and the form still works', async () => {
    const { issuer, upstream } = await start()
    const client = await newClient({ issuer })
    const { person, step } = await fillIn(client, WRONG)
    expect(step.url).toBe(`${issuer}/consent`)
    expect(step.page).toContain('Kash does not accept this. Check what you entered.')
    expect(step.page).toContain(`value="${SHOP}"`)
    for (const shown of spellings(WRONG)) {
      expect(step.page).not.toContain(shown)
      expect(JSON.stringify([...step.response.headers])).not.toContain(shown)
    }
    // The upstream's own words repeat the key, and are not shown either.
    expect(step.page).not.toContain('no shop for')
    expect(upstream.requests).toHaveLength(1)

    const again = await sendIn(person, step, client, KEY)
    expect((await redeem(client, codeOf(again))).status).toBe(200)
  })

  it.each([
    ['nothing', ''],
    ['two words', 'ks one'],
    ['a line break', 'ks_1\r\nx-other: 1'],
    ['another script', 'ključ'],
    ['1,025 characters', 'k'.repeat(1025)],
  ])('refuses %s without asking the upstream', async (_, key) => {
    const { issuer, upstream } = await start()
    const { step } = await fillIn(await newClient({ issuer }), key)
    expect(step.page).toContain('API key is missing, or is not one word of plain characters.')
    expect(upstream.requests).toEqual([])
  })

  it.each(['down', 'busy'] as const)(
    'says to try again while the upstream is %s, and works then',
    async (mood) => {
      const { issuer, upstream } = await start()
      upstream.mood = mood
      const client = await newClient({ issuer })
      const { person, step } = await fillIn(client, KEY)
      expect(step.page).toContain('Kash could not be asked just now. Try again in a minute.')
      for (const shown of spellings(KEY)) expect(step.page).not.toContain(shown)
      upstream.mood = 'right'
      const again = await sendIn(person, step, client, KEY)
      expect((await redeem(client, codeOf(again))).status).toBe(200)
    },
  )

  it('is no oracle for whoever guesses keys: beyond the rate the upstream is not asked, and refreshes go on', async () => {
    const { issuer, upstream } = await start('apart', { LECTERN_PROOF_RATE: '3' })
    const { client, body } = await signIn(issuer)
    for (const guess of ['ks_1', 'ks_2', 'ks_3', 'ks_4', 'ks_5']) await fillIn(client, guess)
    const { step } = await fillIn(client, KEY)
    expect(step.page).toContain('Too many people try at this moment.')
    expect(upstream.requests).toHaveLength(3)
    expect((await refresh(client, body.refresh_token)).status).toBe(200)
  })

  it('asks the upstream once, also where a tool call would try again', async () => {
    const { issuer, upstream } = await start('apart', { LECTERN_RETRIES: '2' })
    upstream.mood = 'busy'
    await fillIn(await newClient({ issuer }), KEY)
    expect(upstream.requests).toHaveLength(1)
  })

  it('says so too where nothing listens', async () => {
    const { issuer, upstream } = await start()
    await upstream.close()
    const { step } = await fillIn(await newClient({ issuer }), KEY)
    expect(step.page).toContain('Kash could not be asked just now.')
  })

  it('takes no key from an address, and none from another site or browser', async () => {
    const { issuer, upstream } = await start()
    const client = await newClient({ issuer })
    const person = new Person()
    const page = await person.request(`${client.authorizeUrl}&field_shop=${SHOP}&field_key=stolen`)
    expect(page.page).not.toContain('stolen')
    const fields = { decision: 'approve', field_shop: SHOP, field_key: KEY }
    const foreign = await person.submit(page, fields, { 'sec-fetch-site': 'cross-site' })
    const other = await new Person().submit(page, fields)
    expect([foreign.response.status, other.response.status]).toEqual([403, 403])
    expect(upstream.requests).toEqual([])
  })

  it('declined, nothing is proven', async () => {
    const { issuer, upstream } = await start()
    const client = await newClient({ issuer })
    const person = new Person()
    const page = await person.request(client.authorizeUrl)
    const step = await person.follow(await person.submit(page, { decision: 'deny' }), client.redirect)
    expect(new URL(step.url).searchParams.get('error')).toBe('access_denied')
    expect(upstream.requests).toEqual([])
  })
})

/** A value as it is, as a page writes it, and as an address does. */
function spellings(value: string): string[] {
  const page = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return [value, page, page.replaceAll('"', '&quot;').replaceAll("'", '&#39;'), encodeURIComponent(value)]
}

describe('the upstream', () => {
  const rows: [Places, Record<string, string>, Record<string, string>][] = [
    ['apart', { shop_id: SHOP }, { authorization: `Key ${KEY}` }],
    ['bare', { shop_id: SHOP }, { 'x-shop-key': KEY }],
    ['query', { shop_id: SHOP, key: KEY }, {}],
  ]
  it.each(rows)(
    'sees the credentials where they are declared (%s), and nothing of ours',
    async (fields, query, headers) => {
      const { issuer, upstream } = await start(fields)
      const { body } = await signIn(issuer)
      const { status, text } = await call(issuer, body.access_token, { q: 'tea & milk' })
      expect([status, text.includes('12.50')]).toEqual([200, true])
      const [proof, sent] = upstream.requests
      expect([proof!.method, new URL(proof!.path, issuer).pathname]).toEqual(['GET', '/shop'])
      expect([sent!.method, new URL(sent!.path, issuer).pathname]).toEqual(['GET', '/receipts'])
      expect(queryOf(proof!.path)).toEqual(query)
      expect(queryOf(sent!.path)).toEqual({ ...query, q: 'tea & milk' })
      for (const each of [proof!, sent!]) {
        expect(each.headers).toMatchObject(headers)
        expect(JSON.stringify(each)).not.toContain(body.access_token)
        if (!('authorization' in headers)) expect(each.headers).not.toHaveProperty('authorization')
      }
    },
  )

  it.each(['apart', 'bare', 'query'] as const)(
    'that repeats the key in an error does not get it through to the model (%s)',
    async (fields) => {
      const { issuer, upstream } = await start(fields)
      const { body } = await signIn(issuer)
      upstream.mood = 'talkative'
      const message = await failure(issuer, body.access_token)
      expect(message).toContain('bad request')
      expect(message).toContain('[removed]')
      for (const shown of spellings(KEY)) expect(message).not.toContain(shown)
      expect(message).not.toContain('71+d0')
    },
  )

  it('nor where it quotes the headers as JSON within its own', async () => {
    const { issuer, upstream } = await start()
    const { body } = await signIn(issuer)
    upstream.mood = 'dumping'
    const message = await failure(issuer, body.access_token)
    expect(message).toContain('bad request')
    expect(message).not.toContain('71+d0')
  })
})

/** What the model is told of a call that fails. */
async function failure(issuer: string, token: string): Promise<string> {
  const { text } = await call(issuer, token)
  return JSON.parse(JSON.parse(text).result.content[0].text).message
}

function queryOf(path: string): Record<string, string> {
  return Object.fromEntries(new URL(path, 'http://x').searchParams)
}

describe('a refresh', () => {
  it('proves the credentials again, and brings tokens that work', async () => {
    const { issuer, upstream } = await start()
    const { client, body } = await signIn(issuer)
    const before = upstream.requests.length
    const renewed = await refresh(client, body.refresh_token)
    expect(renewed.body.refresh_token).not.toBe(body.refresh_token)
    expect(upstream.requests.slice(before).map(({ path }) => new URL(path, issuer).pathname)).toEqual([
      '/shop',
    ])
    expect((await call(issuer, renewed.body.access_token)).status).toBe(200)
  })

  it('with a key that was taken back ends the connection, and so does a call', async () => {
    const { issuer, upstream } = await start()
    const { client, body } = await signIn(issuer)
    upstream.mood = 'taken back'
    const { status, body: refused } = await refresh(client, body.refresh_token)
    expect([status, refused.error]).toEqual([400, 'invalid_grant'])
    expect(refused.error_description).toMatch(/^Kash no longer takes these credentials: connect again/)
    expect((await call(issuer, body.access_token)).status).toBe(401)
  })

  it.each(['down', 'busy'] as const)(
    'while the upstream is %s is for later, and works then',
    async (mood) => {
      const { issuer, upstream } = await start()
      const { client, body } = await signIn(issuer)
      upstream.mood = mood
      const { status, body: refused, headers } = await refresh(client, body.refresh_token)
      expect([status, refused.error]).toEqual([503, 'temporarily_unavailable'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      upstream.mood = 'right'
      expect((await refresh(client, body.refresh_token)).status).toBe(200)
    },
  )
})

describe('a code that carries credentials', () => {
  it('is good for one use: the second is refused, and ends what the first one got', async () => {
    const { issuer } = await start()
    const { client, body, code } = await signIn(issuer)
    expect((await call(issuer, body.access_token)).status).toBe(200)
    const second = await redeem(client, code)
    expect([second.status, second.body.error]).toEqual([400, 'invalid_grant'])
    expect((await call(issuer, body.access_token)).status).toBe(401)
    expect((await refresh(client, body.refresh_token)).body.error).toBe('invalid_grant')
  })

  it('twenty at once: one gets tokens', async () => {
    const { issuer } = await start()
    const client = await newClient({ issuer })
    const code = codeOf((await fillIn(client, KEY)).step)
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(client, code)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(400)])
  })

  it('is sealed, as are the tokens: the key cannot be read in any part of them', async () => {
    const { issuer } = await start()
    const { body, code } = await signIn(issuer)
    for (const sealed of [code, body.access_token, body.refresh_token] as string[]) {
      const parts = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
      for (const text of [sealed, ...parts]) {
        expect(text).not.toContain(KEY)
        expect(text).not.toContain(KEY.slice(0, 8))
      }
    }
  })
})

describe('the log', () => {
  it('holds neither key nor code nor token, of what went well and what did not', async () => {
    const written: string[] = []
    const spy = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((chunk) => written.push(String(chunk)) > 0)
    try {
      const { issuer, upstream } = await start('query', { LECTERN_LOG: 'json' })
      const { client, body, code } = await signIn(issuer)
      await fillIn(client, WRONG)
      await call(issuer, body.access_token)
      const renewed = await refresh(client, body.refresh_token)
      for (const mood of ['talkative', 'dumping', 'down', 'taken back'] as const) {
        upstream.mood = mood
        await call(issuer, body.access_token)
        await refresh(client, renewed.body.refresh_token)
        await fillIn(client, KEY)
      }
      await upstream.close()
      await call(issuer, body.access_token)
      await redeem(client, code)
      const log = written.join('')
      expect(log.match(/"path":"\/consent"/g)).toHaveLength(6)
      expect(log).toContain(`"organization":"${SHOP}"`)
      const { access_token, refresh_token } = body
      for (const secret of [...spellings(KEY), ...spellings(WRONG), code, access_token, refresh_token])
        expect(log).not.toContain(secret)
      expect(log).not.toMatch(/71\+d0|eyJ/)
    } finally {
      spy.mockRestore()
    }
  })
})

describe('over several processes', () => {
  const env = {
    LECTERN_REPLICAS: '2',
    LECTERN_SESSION_SECRETS: newSecret(),
    LECTERN_REGISTRATION_SECRETS: newSecret(),
  }

  it('does not start without a guard that they share, and says what to set', async () => {
    const upstream = await startUpstream('apart')
    await expect(connect(upstream.url, 'apart', env)).rejects.toThrow(
      /credentials over 2 processes needs a replay guard that they share: LECTERN_REPLAY_DIR/,
    )
  })

  it('with one, a code is good for one use on all of them together', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lectern-replay-'))
    started.push({ close: () => rm(folder, { recursive: true }) })
    const origin = await startSwitch()
    started.push(origin)
    const upstream = await startUpstream('apart')
    const all = { ...env, LECTERN_REPLAY_DIR: folder, LECTERN_PUBLIC_URL: origin.url }
    const both = [
      { url: await connect(upstream.url, 'apart', all) },
      { url: await connect(upstream.url, 'apart', all) },
    ]
    origin.aim(...both)
    const client = await newClient({ issuer: origin.url })
    const code = codeOf((await fillIn(client, KEY)).step)
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(client, code)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(400)])
    // The others were thieves or bugs, so what the first one got ends on both.
    const { body } = answers.find(({ status }) => status === 200)!
    for (const { url } of both) expect((await call(url, body.access_token)).status).toBe(401)
  })
})
