/** The story of one sign-in: add the URL, be challenged, agree, sign in, ask; and how it ends. Read this first. */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { type Running, serve } from '../../src/node.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { readSettings } from '../../src/settings.ts'
import { newClient, Person, postForm, redeem, refresh, walkToCode } from '../person.ts'

let sandbox: Sandbox
let server: Running
let url: string

beforeAll(async () => {
  sandbox = await startSandbox({ identity: true })
  const { issuer, clientId, clientSecret } = sandbox.identity!
  const env = {
    PORT: '0',
    LECTERN_LOG: 'off',
    LECTERN_UPSTREAM_URL: sandbox.url,
    LECTERN_IDP_ISSUER: issuer,
    LECTERN_IDP_CLIENT_ID: clientId,
    LECTERN_IDP_CLIENT_SECRET: clientSecret,
  }
  server = await serve(loadFlowtly(), readSettings(env))
  url = server.url
})

afterAll(async () => {
  await server.close()
  await sandbox.close()
})

function call(token: string | undefined, name = 'taxGroups.list', at = '/mcp', more = {}): Promise<Response> {
  return fetch(url + at, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...more,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } }),
  })
}

async function signIn(options: { scope?: string; who?: number; redirect?: string } = {}) {
  const client = await newClient({ issuer: url, ...options })
  const { body } = await redeem(client, (await walkToCode(client, new Person(), options.who)).get('code')!)
  return { client, ...body } as {
    client: typeof client
    access_token: string
    refresh_token: string
    scope: string
  }
}

describe('a sign-in', () => {
  it('begins with a challenge that names where to go and everything to ask for', async () => {
    const answer = await call(undefined)
    expect(answer.status).toBe(401)
    const challenge = answer.headers.get('www-authenticate')!
    expect(challenge).not.toContain('error=')
    expect(challenge).toContain(`scope="${Object.keys(loadFlowtly().scopes).join(' ')}"`)
    const document = /resource_metadata="([^"]+)"/.exec(challenge)![1]!
    expect(await (await fetch(document)).json()).toMatchObject({
      resource: `${url}/mcp`,
      authorization_servers: [url],
    })
  })

  it('asks the person before the provider, and tells them what, where to and that nothing is written', async () => {
    const client = await newClient({ issuer: url, scope: 'invoices:read contacts:read' })
    const before = sandbox.identity!.requests.filter(({ path }) => path === '/authorize').length
    const { response, page } = await new Person().request(client.authorizeUrl)
    expect(response.status).toBe(200)
    expect(page).toContain('Sales and purchase invoices')
    expect(page).not.toContain('Bank accounts')
    expect(page).toContain('127.0.0.1:33999')
    expect(page).toMatch(/nothing can be (written|changed)|cannot (write|change)/i)
    expect(sandbox.identity!.requests.filter(({ path }) => path === '/authorize')).toHaveLength(before)
  })

  it.each([
    [0, 'inv_0'],
    [1, 'inv_5'],
  ])('of person %i reads one organization, through both addresses', async (who, invoice) => {
    const { access_token: token } = await signIn({ who })
    for (const at of ['/mcp', '/']) {
      const answer = await call(token, 'invoices.list', at)
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain(invoice)
    }
  })

  it('that was declined goes back with access_denied, state and iss', async () => {
    const client = await newClient({ issuer: url })
    const person = new Person()
    const page = await person.request(client.authorizeUrl)
    const back = await person.follow(await person.submit(page, { decision: 'deny' }), client.redirect)
    expect(Object.fromEntries(new URL(back.url).searchParams)).toMatchObject({
      error: 'access_denied',
      state: client.state,
      iss: url,
    })
  })

  it('asked for wrongly goes back to an https or loopback address, but opens no app unasked', async () => {
    for (const [redirect, status] of [
      ['http://localhost:3118/callback', 303],
      ['https://client.example.com/callback', 303],
      ['cursor://anysphere.cursor-mcp/oauth/callback', 400],
    ] as const) {
      const client = await newClient({ issuer: url, redirect })
      const { response, page } = await new Person().request(client.authorizeUrl.replace('S256', 'plain'))
      expect(response.status, redirect).toBe(status)
      const link = /class="button" href="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&')
      const back = new URL(response.headers.get('location') ?? link!)
      expect(back.href.startsWith(redirect)).toBe(true)
      expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'invalid_request', iss: url })
    }
  })

  it('grants what was asked for, lists only that, and challenges a call beyond with all of it', async () => {
    const { access_token: token, scope } = await signIn({ scope: 'settings:read openid profile' })
    expect(scope).toBe('settings:read')
    const listed = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    })
    const { result } = (await listed.json()) as { result: { tools: { name: string }[] } }
    expect(result.tools.map(({ name }) => name)).toEqual(['costGroups.list', 'taxGroups.list'])
    const beyond = await call(token, 'invoices.list')
    expect(beyond.status).toBe(403)
    const challenge = beyond.headers.get('www-authenticate')!
    expect(challenge).toContain('error="insufficient_scope"')
    expect(challenge).toContain('scope="invoices:read settings:read"')
    expect(challenge).toContain('resource_metadata="')
  })

  it('of a client that refuses dots lists names without', async () => {
    const client = await newClient({ issuer: url, redirect: 'cursor://anysphere.cursor-mcp/oauth/callback' })
    const { body } = await redeem(client, (await walkToCode(client)).get('code')!)
    const listed = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${body.access_token}`, 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    })
    const names = JSON.stringify(await listed.json()).match(/"name":"[^"]+"/g)!
    expect(names).toContain('"name":"invoices_list"')
    expect(names.filter((name) => name.includes('.'))).toEqual([])
  })
})

describe('after it', () => {
  it('a refresh brings new tokens, and asked again at once the same ones', async () => {
    const { client, refresh_token: token } = await signIn()
    const answers = await Promise.all([1, 2, 3].map(() => refresh(client, token)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(1)
    expect(answers[0]!.body.refresh_token).not.toBe(token)
    expect((await call(answers[0]!.body.access_token)).status).toBe(200)
  })

  it('a refresh may narrow, never widen', async () => {
    const { client, refresh_token: token } = await signIn({ scope: 'settings:read invoices:read' })
    const narrowed = await refresh(client, token, { scope: 'settings:read' })
    expect(narrowed.body.scope).toBe('settings:read')
    const widened = await refresh(client, narrowed.body.refresh_token, {
      scope: 'settings:read banking:read',
    })
    expect(widened.body.scope).toBe('settings:read')
  })

  it('revocation ends it here and at the provider', async () => {
    const { client, access_token: access, refresh_token: token } = await signIn()
    const ended = await postForm(`${url}/revoke`, { token, client_id: client.clientId })
    expect([ended.status, ended.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect((await refresh(client, token)).body.error).toBe('invalid_grant')
    expect((await call(access)).status).toBe(401)
    expect(sandbox.identity!.requests.at(-1)?.path).toBe('/revoke')
  })

  it('an upstream that takes the token no longer is an HTTP 401, so that the client refreshes', async () => {
    const { client, access_token: access, refresh_token: token } = await signIn()
    sandbox.fault = 'unauthorized'
    try {
      const answer = await call(access)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
    } finally {
      sandbox.fault = undefined
    }
    expect((await refresh(client, token)).status).toBe(200)
  })

  it('a replay guard out of reach is a reason to wait: nobody gets in unchecked, nobody is signed out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'replay-'))
    const { issuer, clientId, clientSecret } = sandbox.identity!
    const env = { PORT: '0', LECTERN_LOG: 'off', LECTERN_REPLAY_DIR: folder, LECTERN_OPENED_TOKENS: '0' }
    const idp = {
      LECTERN_IDP_ISSUER: issuer,
      LECTERN_IDP_CLIENT_ID: clientId,
      LECTERN_IDP_CLIENT_SECRET: clientSecret,
    }
    const guarded = await serve(
      loadFlowtly(),
      readSettings({ ...env, ...idp, LECTERN_UPSTREAM_URL: sandbox.url }),
    )
    try {
      const client = await newClient({ issuer: guarded.url })
      const { body } = await redeem(client, (await walkToCode(client)).get('code')!)
      const ask = () =>
        fetch(`${guarded.url}/mcp`, {
          method: 'POST',
          headers: { authorization: `Bearer ${body.access_token}` },
        })
      // 415: past the gate, where the body is asked about.
      expect((await ask()).status).toBe(415)
      await rename(folder, `${folder}-gone`)
      await writeFile(folder, 'no folder any more')
      const held = await ask()
      expect([held.status, held.headers.get('retry-after')]).toEqual([503, '5'])
      const waiting = await refresh(client, body.refresh_token)
      expect([waiting.status, waiting.body.error]).toEqual([503, 'temporarily_unavailable'])
      await rm(folder)
      await rename(`${folder}-gone`, folder)
      expect((await ask()).status).toBe(415)
      expect((await refresh(client, body.refresh_token)).status).toBe(200)
    } finally {
      await guarded.close()
      await rm(folder, { recursive: true })
    }
  })

  it('a prefix in one header lets nothing else through in another', async () => {
    const before = sandbox.requests.length
    const smuggled = { authorization: 'Bearer flowtly_ x', 'x-api-key': 'eyJhbGciOiJub25lIn0.another.token' }
    expect((await call(undefined, 'taxGroups.list', '/mcp', smuggled)).status).toBe(401)
    expect(sandbox.requests).toHaveLength(before)
  })

  it('the demo key goes on working beside it', async () => {
    expect((await call('flowtly_demo_aurora')).status).toBe(200)
    expect(
      (await call(undefined, 'taxGroups.list', '/mcp', { 'x-api-key': 'flowtly_demo_aurora' })).status,
    ).toBe(200)
  })
})
