/** A connector before the second provider, which it knows by three settings; closed after the test that started it. */
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { afterEach } from 'vitest'
import type { OAuthAccess, ProviderSignIn } from '../src/access/access.ts'
import { createApp } from '../src/app.ts'
import type { Catalog } from '../src/connector/catalog.ts'
import { compile } from '../src/connector/compile.ts'
import type { Declaration } from '../src/connector/declaration.ts'
import { flowtly } from '../src/connectors/flowtly.ts'
import { openPorts, serve } from '../src/node.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'
import { readSettings, type Settings } from '../src/settings.ts'
import { newClient, redeem, walkToCode } from './person.ts'
import { type Provider, type ProviderOptions, startProvider } from './provider.ts'

const document = JSON.parse(readFileSync(new URL('../openapi/flowtly.json', import.meta.url), 'utf8'))

export interface Deployment {
  env?: Record<string, string>
  signIn?: Omit<ProviderSignIn, 'type'>
  access?: Partial<OAuthAccess>
  /** What is declared otherwise than Flowtly does. */
  declared?: Partial<Declaration>
  /** Seconds by which the server's clock is ahead; the provider and the API go on by the time of the machine. */
  clock?: { ahead: number }
}

const started: { close(): Promise<unknown> }[] = []

/** Closes it when the test is over. */
export function keep<T extends { close(): Promise<unknown> }>(running: T): T {
  started.push(running)
  return running
}

afterEach(async () => {
  for (const each of started.splice(0).reverse()) await each.close()
})

/** The provider, an API that takes its tokens, and the connector. */
export async function deploy(options: ProviderOptions = {}, deployment: Deployment = {}) {
  const provider = keep(await startProvider(options))
  return { provider, ...(await connect(provider, deployment)) }
}

export async function connect(provider: Provider, deployment: Deployment) {
  const { env = {}, signIn = {}, access = {}, declared = {}, clock } = deployment
  const sandbox = keep(await startSandbox({ tokens: provider }))
  const signInAt: OAuthAccess = { type: 'oauth', signIn: { type: 'oauth', ...signIn }, ...access }
  const settings = readSettings({
    PORT: '0',
    LECTERN_LOG: 'off',
    LECTERN_UPSTREAM_URL: sandbox.url,
    LECTERN_IDP_ISSUER: provider.issuer,
    LECTERN_IDP_CLIENT_ID: provider.clientId,
    LECTERN_IDP_CLIENT_SECRET: provider.clientSecret,
    ...env,
  })
  const catalog = compile({ ...flowtly, access: signInAt, ...declared }, document)
  const running = keep(
    await (clock === undefined ? serve(catalog, settings) : serveBy(clock, catalog, settings)),
  )
  return { issuer: settings.publicUrl ?? running.url, url: running.url, sandbox }
}

/** As `serve` does, with all but the clock as it is on Node. */
async function serveBy(clock: { ahead: number }, catalog: Catalog, settings: Settings) {
  const { ports, close } = await openPorts(settings)
  const now = () => Date.now() / 1000 + clock.ahead
  let app: ReturnType<typeof createApp> | undefined
  const server = createAdaptorServer({ fetch: (request: Request) => app!.fetch(request) }) as Server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  app = createApp(catalog, { ...settings, publicUrl: settings.publicUrl ?? url }, { ...ports, now })
  return {
    url,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await close()
    },
  }
}

export async function signIn(issuer: string) {
  const client = await newClient({ issuer })
  const { body } = await redeem(client, (await walkToCode(client)).get('code')!)
  return { client, body }
}

/** A tool call: its status, and what the upstream was sent for it. */
export async function call(issuer: string, token: string, sandbox: Sandbox) {
  const before = sandbox.requests.length
  const answer = await fetch(`${issuer}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"taxGroups.list","arguments":{}}}',
  })
  const text = await answer.text()
  return { status: answer.status, text, headers: sandbox.requests[before]?.headers ?? {} }
}

/** Names of the tools that a token shows. */
export async function toolsOf(issuer: string, token: string): Promise<string[]> {
  const answer = await fetch(`${issuer}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  })
  const { result } = (await answer.json()) as { result: { tools: { name: string }[] } }
  return result.tools.map(({ name }) => name)
}

/** What the provider was asked at its token endpoint. */
export function exchanges({ requests, endpoints }: Provider) {
  const { pathname } = new URL(endpoints.token)
  return requests.filter(({ path }) => path === pathname)
}
