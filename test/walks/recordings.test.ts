/** What the clients sent, recorded or described (test/recordings), replayed to the letter: each login ends with a token that works. */
import { createHash, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import {
  OAuthClientInformationFullSchema as RegisteredV2,
  OAuthTokensSchema as TokensV2,
} from '@modelcontextprotocol/core'
import {
  OAuthClientInformationFullSchema as RegisteredV1,
  OAuthTokensSchema as TokensV1,
} from '@modelcontextprotocol/sdk/shared/auth.js'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { EgressError } from '../../src/errors.ts'
import { createProviderFetch } from '../../src/node/fetch.ts'
import { createGet } from '../../src/node/get.ts'
import { after, type OAuthPorts } from '../../src/ports.ts'
import { createReplayGuard } from '../../src/replay.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { readSettings } from '../../src/settings.ts'
import { upstreamOf } from '../login.ts'
import { Person, postForm, walkToCode } from '../person.ts'

interface Sent {
  headers: Record<string, string>
  body: string
}

interface Recording {
  client: string
  register?: Sent
  /** Each time that the browser opened the address. */
  authorize?: { headers: Record<string, string>; url: string }[]
  token?: Sent
  /** Characters of the PKCE verifier. */
  verifierLength?: number
}

interface Described extends Required<Pick<Recording, 'client' | 'register'>> {
  /** What was particular about it. */
  from: string
  asks: { redirect_uri: string; scope?: string }[]
}

interface Document {
  client_id: string
  client_name: string
  redirect_uris: string[]
  token_endpoint_auth_method: string
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../recordings/${name}.json`, import.meta.url), 'utf8'))
const recordings: Recording[] = [
  'claude-code',
  'codex',
  'gemini-cli',
  'mcp-remote',
  'sdk',
  'conformance',
].flatMap(read)
const described: Described[] = read('described')
const documents: Document[] = read('documents')
const SCOPES = Object.keys(loadFlowtly().scopes).join(' ')

/** What strangers publish, by address; every address that was asked for is noted. */
const published = new Map<string, object>(documents.map((document) => [document.client_id, document]))
const fetched: string[] = []

let deployment: Awaited<ReturnType<typeof startDeployment>>
let keys: Awaited<ReturnType<typeof generateKeyPair>>
beforeAll(async () => {
  keys = await generateKeyPair('RS256')
  const key = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  published.set('https://chatgpt.com/oauth/jwks.json', { keys: [key] })
  deployment = await startDeployment()
})
afterAll(() => deployment.close())

/** As `serve` makes it, but for the documents of strangers, which come from the table. Unknown clients are not let in. */
async function startDeployment() {
  const sandbox = await startSandbox({ identity: {} })
  const settings = readSettings({ LECTERN_UNKNOWN_CLIENTS: 'refuse', ...upstreamOf(sandbox) })
  const now = () => Date.now() / 1000
  const egress = createGet(settings)
  const provider = createProviderFetch(settings)
  let app: ReturnType<typeof createApp> | undefined
  const options = {
    fetch: (request: Request) => app!.fetch(request),
    overrideGlobalObjects: false,
  }
  const server = createAdaptorServer(options) as Server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let count = 0
  app = createApp(
    loadFlowtly(),
    { ...settings, publicUrl: origin },
    {
      get: egress.get,
      now,
      random: Math.random,
      id: () => `request-${++count}`,
      after,
      log: () => {},
      oauth: { fetch: provider.fetch, getPublic, replay: createReplayGuard(now, 1000) },
    },
  )
  return {
    origin,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all([egress.close(), provider.close(), sandbox.close()])
    },
  }
}

const getPublic: OAuthPorts['getPublic'] = async ({ href }) => {
  fetched.push(href)
  const document = published.get(href)
  if (document === undefined) throw new EgressError('connect', 'nothing is published there')
  return {
    status: 200,
    header: (name) => (name === 'content-type' ? 'application/json' : undefined),
    body: new TextEncoder().encode(JSON.stringify(document)),
  }
}

/** PKCE with every character that a verifier may have (RFC 7636, 4.1). */
function newVerifier(length = 43) {
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'
  const verifier = Array.from({ length }, () => characters[randomInt(characters.length)]).join('')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** The recorded text with what is of this run, encoded as in a form. */
function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) =>
    new URLSearchParams({ v: values[name]! }).toString().slice(2),
  )
}

type Registered = Record<string, unknown> & { client_id: string; client_secret?: string }

/** Registers as recorded, and looks at the answer as clients do. */
async function register({ headers, body }: Sent): Promise<Registered> {
  const answer = await fetch(`${deployment.origin}/register`, { method: 'POST', headers, body })
  const text = await answer.text()
  expect(answer.status, text).toBe(201)
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(text).not.toContain('null')
  const registered = JSON.parse(text) as Registered
  for (const schema of [RegisteredV1, RegisteredV2])
    expect(registered).toMatchObject(schema.parse(registered))
  // Claude Code and RFC 7591 (3.2.1) hold the answer to be what was registered.
  const { token_endpoint_auth_method: method = 'none', scope, ...asked } = JSON.parse(body)
  expect(registered).toMatchObject({ ...asked, token_endpoint_auth_method: method, ...(scope && { scope }) })
  expect(registered.grant_types).toContain('refresh_token')
  expect(registered.client_id.length).toBeLessThanOrEqual(1500)
  expect('client_secret' in registered).toBe(method !== 'none')
  return registered
}

interface Ask {
  url: string
  /** Headers of the browser, each time that it opens the address. */
  headers?: Record<string, string>[]
  name: string
}

/** The consent page, each time the same, then sign-in, and back to where the client waits. */
async function signIn({ url, headers = [{}], name }: Ask) {
  const { searchParams: asked } = new URL(url)
  const redirect = asked.get('redirect_uri')!
  const person = new Person()
  for (const each of headers) {
    const { response, page } = await person.request(url, { headers: each })
    expect(response.status, page).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(page).toContain(name)
    expect(page).toContain('name="transaction"')
  }
  const answer = await walkToCode({ authorizeUrl: url, redirect }, person)
  expect(answer.get('error')).toBeNull()
  expect(answer.getAll('code')).toHaveLength(1)
  expect(answer.getAll('state')).toEqual(asked.getAll('state'))
  expect(answer.getAll('iss')).toEqual([deployment.origin])
  return answer.get('code')!
}

/** The tokens are such as clients read, and open the books. */
async function checkTokens(body: Record<string, string>): Promise<void> {
  for (const schema of [TokensV1, TokensV2]) expect(body).toMatchObject(schema.parse(body))
  expect(Object.values(body)).not.toContain(null)
  expect(body.scope).toBe(SCOPES)
  const answer = await fetch(`${deployment.origin}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${body.access_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'taxGroups.list', arguments: {} },
    }),
  })
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('items')
}

function refreshed(body: Record<string, string>, more: Record<string, string>) {
  const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token, ...more }
  return postForm(`${deployment.origin}/token`, form)
}

/** How the consent page names a client: by its registration, or by its document. */
function nameOf({ register, authorize }: Recording): string {
  if (register !== undefined) return JSON.parse(register.body).client_name
  const id = new URLSearchParams(authorize![0]!.url.split('?')[1]).get('client_id')
  return documents.find((document) => document.client_id === id)!.client_name
}

describe('recorded', () => {
  it('is everything that the recordings hold', () => {
    const all = <T>(pick: (recording: Recording) => T[] | undefined) =>
      recordings.flatMap((each) => pick(each) ?? [])
    expect(all(({ register }) => register && [register])).toHaveLength(10)
    expect(all(({ authorize }) => authorize)).toHaveLength(14)
    expect(all(({ token }) => token && [token])).toHaveLength(12)
  })

  it.each(recordings.map((recording) => [recording.client, recording] as const))(
    '%s',
    async (_, recording) => {
      const { origin } = deployment
      const pair = newVerifier(recording.verifierLength)
      const registered = recording.register && (await register(recording.register))
      if (recording.authorize === undefined) return
      const values = { origin, ...pair, client_id: registered?.client_id ?? 'unused' }
      const urls = new Set(recording.authorize.map(({ url }) => origin + fill(url, values)))
      expect(urls.size).toBe(1)
      const [url = ''] = urls
      const headers = recording.authorize.map((each) => each.headers)
      const code = await signIn({ url, headers, name: nameOf(recording) })
      if (recording.token === undefined) return

      const answer = await fetch(`${origin}/token`, {
        method: 'POST',
        headers: recording.token.headers,
        body: fill(recording.token.body, { ...values, code }),
      })
      const body = (await answer.json()) as Record<string, string>
      expect(answer.status, JSON.stringify(body)).toBe(200)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      await checkTokens(body)
      const clientId = new URL(url).searchParams.get('client_id')!
      const again = await refreshed(body, { client_id: clientId, resource: `${origin}/mcp` })
      expect(again.status).toBe(200)
      await checkTokens(again.body)
    },
  )
})

/** An authorization request as the SDKs write it. */
function authorizeUrl(clientId: string, challenge: string, more: Record<string, string>): string {
  const { origin } = deployment
  const query = {
    response_type: 'code',
    client_id: clientId,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'st-42',
    resource: `${origin}/mcp`,
    ...more,
  }
  return `${origin}/authorize?${new URLSearchParams(query)}`
}

const secretHeaders = ({ client_id: id, client_secret: secret = '' }: Registered) => ({
  authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`,
})

describe('described', () => {
  const asks = described.flatMap((each) =>
    each.asks.map((ask) => [each.client, ask.redirect_uri, ask.scope, each] as const),
  )

  it.each(asks)('%s, at %s, scope %s', async (_, redirect, scope, { register: sent }) => {
    const registered = await register(sent)
    const { verifier, challenge } = newVerifier()
    const url = authorizeUrl(registered.client_id, challenge, {
      redirect_uri: redirect,
      ...(scope !== undefined && { scope: scope.replace('{scopes}', SCOPES) }),
    })
    const code = await signIn({ url, name: registered.client_name as string })
    const basic = registered.token_endpoint_auth_method === 'client_secret_basic'
    const { status, body } = await postForm(
      `${deployment.origin}/token`,
      {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirect,
        resource: `${deployment.origin}/mcp`,
        ...(!basic && { client_id: registered.client_id, client_secret: registered.client_secret }),
      },
      basic ? secretHeaders(registered) : {},
    )
    expect(status, JSON.stringify(body)).toBe(200)
    await checkTokens(body)
  })
})

describe('documents', () => {
  const uris = documents.flatMap((document) =>
    document.redirect_uris.map((uri) => [document.client_id, uri, document] as const),
  )

  /** A client on the person's machine listens on whatever port is free. */
  const listening = (uri: string) =>
    uri.replace(/^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?\//, `http://$1:${randomInt(20_000, 60_000)}/`)

  async function assertion(clientId: string, more: Record<string, unknown> = {}) {
    const now = Math.floor(Date.now() / 1000)
    const claims = { jti: `${now}-${randomInt(2 ** 40)}`, iat: now, exp: now + 60, ...more }
    return new SignJWT({ iss: clientId, sub: clientId, aud: `${deployment.origin}/token`, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one', typ: 'JWT' })
      .sign(keys.privateKey)
  }

  const proof = async (clientId: string) => ({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertion(clientId),
  })

  it.each(uris)('%s, at %s', async (clientId, uri, document) => {
    const redirect = listening(uri)
    const { verifier, challenge } = newVerifier()
    const url = authorizeUrl(clientId, challenge, { redirect_uri: redirect, scope: SCOPES })
    const grant = async () => ({
      grant_type: 'authorization_code',
      code: await signIn({ url, name: document.client_name }),
      code_verifier: verifier,
      redirect_uri: redirect,
      client_id: clientId,
    })
    const proven = document.token_endpoint_auth_method === 'private_key_jwt'
    const token = `${deployment.origin}/token`
    if (proven) {
      const without = await postForm(token, await grant())
      expect([without.status, without.body.error]).toEqual([401, 'invalid_client'])
    }
    const { status, body } = await postForm(token, {
      ...(await grant()),
      ...(proven && (await proof(clientId))),
    })
    expect(status, JSON.stringify(body)).toBe(200)
    await checkTokens(body)
    expect(fetched).toContain(clientId)

    const unproven = await refreshed(body, { client_id: clientId })
    expect(unproven.status).toBe(proven ? 401 : 200)
    if (proven) {
      const again = await refreshed(body, { client_id: clientId, ...(await proof(clientId)) })
      expect(again.status).toBe(200)
      await checkTokens(again.body)
    }
  })

  it('are fetched once for several logins', async () => {
    const { client_id: id, client_name: name } = documents[0]!
    const { challenge } = newVerifier()
    for (const port of [3118, 49_152])
      await signIn({
        url: authorizeUrl(id, challenge, { redirect_uri: `http://localhost:${port}/callback` }),
        name,
      })
    expect(fetched.filter((address) => address === id)).toHaveLength(1)
  })

  it('that nobody publishes are told to the person, and to no redirect URI', async () => {
    const { challenge } = newVerifier()
    const url = authorizeUrl('https://nobody.example/client.json', challenge, {
      redirect_uri: 'http://localhost:3118/callback',
    })
    const { response, page } = await new Person().request(url)
    expect([response.status, response.headers.get('location')]).toEqual([400, null])
    expect(page).toContain('metadata document')
  })
})
