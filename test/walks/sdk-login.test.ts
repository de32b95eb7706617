/** The official SDK's clients, first and second version, through their whole OAuth flow: nothing of theirs is replaced. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { createCertificate } from '../certificate.ts'
import { type Login, startLogin, upstreamOf } from '../login.ts'
import { walkToCode } from '../person.ts'

/** Seconds that the identity provider's access tokens live, and ours with them. */
const TTL = 4
/** An opened token is not kept, so that a sign-in that was ended is so at the next call. */
const env = { LECTERN_OPENED_TOKENS: '0' }

let login: Login
/** As on a public origin: a client that is not known is not let in. */
let strict: Login
beforeAll(async () => {
  login = await startLogin(env, { accessTokenTtl: TTL })
  strict = await startLogin({ LECTERN_UNKNOWN_CLIENTS: 'refuse' })
})
afterAll(() => Promise.all([login.close(), strict.close()]))

/** What the walks use of either version's client. */
interface Walker {
  getServerVersion(): { name: string } | undefined
  listTools(): Promise<{ tools: { name: string }[] }>
  callTool(call: { name: string; arguments: object }): Promise<{ content: { text: string }[] }>
  close(): Promise<void>
}

interface Tokens {
  access_token: string
  refresh_token?: string
  scope?: string
  expires_in?: number
}

interface ApplicationOptions {
  /** Members of the client's metadata, beside its name and redirect URI. */
  metadata?: Record<string, unknown>
  /** Address of its metadata document, where it has one. */
  documentUrl?: string
  /** A `client_id` that it has from before. */
  clientId?: string
  /** Scopes that it asks for, instead of those that it is told of. */
  scope?: string
}

/** An application around an SDK client: it keeps what the SDK gives it to keep, and opens the browser when told to. */
class Application {
  readonly redirectUrl = 'http://localhost:3118/callback'
  readonly clientMetadata: Record<string, unknown>
  readonly clientMetadataUrl?: string
  /** `METHOD path status` of each request that the SDK made. */
  readonly sent: string[] = []
  /** Address to open, and what was asked there. */
  asked: URL | undefined
  stored: {
    client?: Record<string, unknown> | undefined
    tokens?: Tokens | undefined
    verifier?: string
    discovery?: unknown
  } = {}
  readonly #scope: string | undefined
  /** As `invalidateCredentials` was told. */
  readonly dropped: string[] = []

  constructor({ metadata = {}, documentUrl, clientId, scope }: ApplicationOptions = {}) {
    this.clientMetadata = { client_name: 'Walk', redirect_uris: [this.redirectUrl], ...metadata }
    this.clientMetadata.grant_types ??= ['authorization_code', 'refresh_token']
    if (documentUrl !== undefined) this.clientMetadataUrl = documentUrl
    if (clientId !== undefined) this.stored.client = { client_id: clientId }
    this.#scope = scope
  }

  state = () => 'st-42'
  clientInformation = () => this.stored.client
  saveClientInformation = (client: Record<string, unknown>) => {
    this.stored.client = client
  }
  tokens = () => this.stored.tokens
  saveTokens = (tokens: Tokens) => {
    this.stored.tokens = tokens
  }
  codeVerifier = () => this.stored.verifier!
  saveCodeVerifier = (verifier: string) => {
    this.stored.verifier = verifier
  }
  discoveryState = () => this.stored.discovery
  saveDiscoveryState = (discovery: unknown) => {
    this.stored.discovery = discovery
  }

  redirectToAuthorization = (url: URL) => {
    if (this.#scope !== undefined && this.asked === undefined) url.searchParams.set('scope', this.#scope)
    this.asked = url
  }

  invalidateCredentials = (what: string) => {
    this.dropped.push(what)
    if (what === 'all' || what === 'client') this.stored.client = undefined
    if (what === 'all' || what === 'tokens') this.stored.tokens = undefined
  }

  fetch = async (url: string | URL, init?: RequestInit): Promise<Response> => {
    const answer = await fetch(url, init)
    this.sent.push(`${init?.method ?? 'GET'} ${new URL(url).pathname} ${answer.status}`)
    return answer
  }

  /** The person looks at the page, allows and signs in; what the browser brings back. */
  signIn = () => walkToCode({ authorizeUrl: this.asked!.href, redirect: this.redirectUrl })
}

interface Attempt {
  connect(): Promise<Walker>
  finish(answer: URLSearchParams): Promise<void>
}

const info = { name: 'walk', version: '1.0.0' }

const versions: Record<string, (url: URL, application: Application) => Attempt> = {
  'v1, 2025-11-25'(url, application) {
    const transport = new TransportV1(url, { authProvider: application as never, fetch: application.fetch })
    const client = new ClientV1(info)
    return {
      connect: () => client.connect(transport as never).then(() => client as unknown as Walker),
      finish: (answer) => transport.finishAuth(answer.get('code')!),
    }
  },
  'v2, 2025-11-25': (url, application) => attemptV2(url, application, new ClientV2(info)),
  'v2, 2026-07-28': (url, application) =>
    attemptV2(url, application, new ClientV2(info, { versionNegotiation: { mode: 'auto' } })),
}

function attemptV2(url: URL, application: Application, client: ClientV2): Attempt {
  const transport = new TransportV2(url, { authProvider: application as never, fetch: application.fetch })
  return {
    connect: () => client.connect(transport).then(() => client as unknown as Walker),
    finish: (answer) => transport.finishAuth(answer),
  }
}

/** Connects; where the SDK asks for a sign-in, the person signs in and it connects again. */
async function connect(
  url: string,
  application: Application,
  open: (typeof versions)[string],
): Promise<Walker> {
  const attempt = open(new URL(url), application)
  try {
    return await attempt.connect()
  } catch (error) {
    expect(String(error)).toContain('Unauthorized')
    await attempt.finish(await application.signIn())
    return open(new URL(url), application).connect()
  }
}

const rows = async (client: Walker) => {
  const { content } = await client.callTool({ name: 'taxGroups.list', arguments: {} })
  return JSON.parse(content[0]!.text).items.length as number
}

const walks = Object.entries(versions).flatMap(([version, open]) =>
  [
    ['/mcp', 'the full address', Object.keys(loadFlowtly().scopes), loadFlowtly().tools.length],
    ['', 'the bare origin', Object.keys(loadFlowtly().scopes), loadFlowtly().tools.length],
    ['/n/invoices,taxGroups/mcp', 'a part', ['invoices:read', 'settings:read'], 3],
  ].map(
    ([path, words, scopes, tools]) =>
      [
        `${version}, ${words}`,
        open,
        path as string,
        (scopes as string[]).join(' '),
        tools as number,
      ] as const,
  ),
)

describe.concurrent.each(walks)('SDK %s', (_, open, path, scope, tools) => {
  it('discovers, registers, signs in, calls, refreshes, and signs in again after the sign-in was ended', {
    timeout: 40_000,
  }, async ({ expect }) => {
    const application = new Application()
    const url = `${login.url}${path}`
    let client = await connect(url, application, open)
    expect(application.sent.slice(0, 4)).toEqual([
      `POST ${path || '/'} 401`,
      `GET /.well-known/oauth-protected-resource${path} 200`,
      'GET /.well-known/oauth-authorization-server 200',
      'POST /register 201',
    ])
    const { searchParams: asked } = application.asked!
    expect(asked.get('resource')).toBe(url)
    expect(asked.get('scope')).toBe(scope)
    expect(application.stored.tokens).toMatchObject({ token_type: 'Bearer', scope: asked.get('scope') })
    expect(application.stored.tokens!.expires_in).toBeLessThanOrEqual(TTL)

    expect(client.getServerVersion()?.name).toBe('flowtly')
    expect((await client.listTools()).tools).toHaveLength(tools)
    expect(await rows(client)).toBeGreaterThan(0)

    const before = application.stored.tokens!
    await pause(TTL * 1000 + 200)
    application.sent.length = 0
    expect(await rows(client)).toBeGreaterThan(0)
    expect(application.sent).toContain('POST /token 200')
    expect(application.sent.join()).not.toContain('register')
    expect(application.stored.tokens!.access_token).not.toBe(before.access_token)
    expect(application.stored.tokens!.refresh_token).not.toBe(before.refresh_token)
    await client.close()

    await revoke(application)
    application.sent.length = 0
    application.asked = undefined
    client = await connect(url, application, open)
    expect(application.sent).toContain('POST /token 400')
    expect(application.sent.join()).not.toContain('register')
    expect(application.dropped).toEqual(['tokens'])
    expect(application.asked).toBeDefined()
    expect(await rows(client)).toBeGreaterThan(0)
    await client.close()
  })
})

/** As an application does whose person says "sign out". */
async function revoke({ stored }: Application): Promise<void> {
  const body = new URLSearchParams({
    token: stored.tokens!.refresh_token!,
    client_id: stored.client!.client_id as string,
  })
  const { status } = await fetch(`${login.url}/revoke`, { method: 'POST', body })
  expect(status).toBe(200)
}

describe.concurrent.each(Object.entries(versions))('SDK %s', (version, open) => {
  it.each(['client_secret_basic', 'client_secret_post'])(
    'is given a secret where it registers for %s',
    async (method) => {
      const application = new Application({ metadata: { token_endpoint_auth_method: method } })
      const client = await connect(login.endpoint, application, open)
      expect(application.stored.client).toMatchObject({ token_endpoint_auth_method: method })
      expect(application.stored.client!.client_secret).toMatch(/^[\w-]{43}$/)
      expect(await rows(client)).toBeGreaterThan(0)
      await client.close()
    },
  )

  it('registers again where its registration cannot be read any more', async () => {
    const application = new Application()
    await (await connect(strict.endpoint, application, open)).close()
    await forget(application, strict)
    expect(application.sent).toContain('POST /token 401')
    expect(application.sent).toContain('POST /register 201')
    expect(application.stored.client!.client_id).not.toBe('of.another.deployment')
  })

  it('goes on with a registration that cannot be read, where such clients are let in', async () => {
    const application = new Application()
    await (await connect(login.endpoint, application, open)).close()
    await forget(application, login)
    expect(application.sent).toContain('POST /token 400')
    expect(application.sent.join()).not.toContain('register')
    expect(application.asked!.searchParams.get('client_id')).toBe('of.another.deployment')
  })

  /** The deployment that the application registered with is another one now: nothing that it holds is of use. */
  async function forget(application: Application, { endpoint }: Login): Promise<void> {
    application.stored.client = { ...application.stored.client, client_id: 'of.another.deployment' }
    application.stored.tokens = { ...application.stored.tokens!, access_token: 'of-another' }
    application.sent.length = 0
    const client = await connect(endpoint, application, open)
    expect(await rows(client)).toBeGreaterThan(0)
    await client.close()
  }

  it('is told by 403 which scopes a call needs', async () => {
    const application = new Application({ scope: 'invoices:read' })
    const client = await connect(login.endpoint, application, open)
    expect(application.stored.tokens!.scope).toBe('invoices:read')
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
      'invoices.list',
      'invoices.get',
    ])

    const granted = application.asked!.href
    application.sent.length = 0
    const refused = await rows(client).catch(String)
    expect(application.sent).toContain('POST /mcp 403')
    // Only the second version asks for more: the first refreshes, which brings no further scope.
    if (version.startsWith('v1')) {
      expect(refused).toContain('403')
      expect(application.asked!.href).toBe(granted)
    } else {
      expect(refused).toContain('Unauthorized')
      expect(application.asked!.searchParams.get('scope')!.split(' ').sort()).toEqual([
        'invoices:read',
        'settings:read',
      ])
      await open(new URL(login.endpoint), application).finish(await application.signIn())
      expect(application.stored.tokens!.scope).toBe('invoices:read settings:read')
      const wider = await connect(login.endpoint, application, open)
      expect(await rows(wider)).toBeGreaterThan(0)
      await wider.close()
    }
    await client.close()
  })
})

describe('step-up', () => {
  it('is one challenge that names every scope: what is held, and what the call needs', async () => {
    const application = new Application({ scope: 'invoices:read banking:read' })
    await (await connect(login.endpoint, application, versions['v1, 2025-11-25']!)).close()
    const answer = await fetch(login.endpoint, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${application.stored.tokens!.access_token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'taxGroups.list', arguments: {} },
      }),
    })
    expect(answer.status).toBe(403)
    const challenge = answer.headers.get('www-authenticate')!
    expect(challenge.match(/Bearer /g)).toHaveLength(1)
    expect(challenge).toContain('error="insufficient_scope"')
    expect(challenge).toContain(', scope="invoices:read banking:read settings:read"')
    expect(challenge).toContain(`resource_metadata="${login.url}/.well-known/oauth-protected-resource/mcp"`)
  })
})

describe('a client metadata document', () => {
  const closing: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  /** Serves the document of a client at `/client.json`, and counts how often it is fetched. */
  async function publish(secure?: { cert: string; key: string }) {
    const page = { url: '', fetched: 0 }
    const answer: RequestListener = (request, response) => {
      if (request.url !== '/client.json') return void response.writeHead(404).end()
      page.fetched++
      const document = {
        client_id: page.url,
        client_name: 'Walk by document',
        redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
    }
    const server = secure ? createSecureServer(secure, answer) : createServer(answer)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const origin = `${secure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`
    page.url = `${origin}/client.json`
    closing.push(() => server.close())
    return { page, origin }
  }

  it.each(Object.entries(versions))('over http, known to %s from before', async (_, open) => {
    const { page, origin } = await publish()
    const own = await startLogin({ LECTERN_PRIVATE_CLIENT_ORIGINS: origin })
    closing.push(() => own.close())
    const application = new Application({ clientId: page.url })
    const client = await connect(own.endpoint, application, open)
    expect(application.asked!.searchParams.get('client_id')).toBe(page.url)
    expect(await rows(client)).toBeGreaterThan(0)
    expect(page.fetched).toBe(1)
    expect(application.sent.join()).not.toContain('register')
    await client.close()
  })

  it.each(Object.entries(versions))(
    'over https, which %s prefers to registering because the metadata offer it',
    { timeout: 30_000 },
    async (_, open) => {
      const secure = createCertificate()
      const { page, origin } = await publish(secure)
      const sandbox = await startSandbox({ identity: {} })
      closing.push(() => sandbox.close())
      const url = await startProcess(secure.cert, {
        ...upstreamOf(sandbox),
        LECTERN_PRIVATE_CLIENT_ORIGINS: origin,
      })
      const application = new Application({ documentUrl: page.url })
      const client = await connect(url, application, open)
      expect(application.stored.client).toMatchObject({ client_id: page.url })
      expect(application.sent.join()).not.toContain('register')
      expect(page.fetched).toBe(1)
      expect(await rows(client)).toBeGreaterThan(0)
      await client.close()
    },
  )

  /** The program in a process of its own: which authorities it trusts is settled when it starts. */
  async function startProcess(cert: string, settings: Record<string, string>): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'lectern-'))
    closing.push(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'authority.pem')
    writeFileSync(file, cert)
    const cli = new URL('../../dist/cli.js', import.meta.url).pathname
    const own = { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: file, PORT: '0', LECTERN_LOG: 'off' }
    const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [cli, 'start'], {
      env: { ...own, ...settings },
    })
    closing.push(() => child.kill('SIGKILL'))
    let printed = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        printed += chunk
      })
    }
    await expect.poll(() => printed, { timeout: 10_000 }).toContain('serves Flowtly at')
    return /serves Flowtly at (\S+)/.exec(printed)![1]!
  }
})
