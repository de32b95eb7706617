/** A deployment under attack: the real server on a socket, an identity provider that approves at once, and the sandbox's API. */
import { randomBytes } from 'node:crypto'
import { afterAll } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { serve } from '../../src/node.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { createKeyRing, type KeyRing } from '../../src/sealing/ring.ts'
import { readSettings } from '../../src/settings.ts'
import { type Provider, type ProviderOptions, startProvider } from '../provider.ts'

export interface StageOptions {
  /** Settings as variables. */
  env?: Record<string, string>
  /** How the identity provider is particular. */
  provider?: ProviderOptions
}

export const randomSecret = (): string => randomBytes(32).toString('base64')

/** The same for every process of this file's deployments, as an operator would set them. */
export const SECRETS = {
  LECTERN_SESSION_SECRETS: randomSecret(),
  LECTERN_REGISTRATION_SECRETS: randomSecret(),
}

/** The keys of a deployment, for what only its operator could make. */
export function ringOf(
  issuer: string,
  { LECTERN_SESSION_SECRETS, LECTERN_REGISTRATION_SECRETS } = SECRETS,
): KeyRing {
  return createKeyRing(issuer, {
    session: [Buffer.from(LECTERN_SESSION_SECRETS, 'base64')],
    registration: [Buffer.from(LECTERN_REGISTRATION_SECRETS, 'base64')],
  })
}

/** Settings as in production: nobody who is unknown comes in, even on loopback. */
export function settingsFor(provider: Provider, upstream: string): Record<string, string> {
  return {
    ...SECRETS,
    PORT: '0',
    LECTERN_LOG: 'off',
    LECTERN_UNKNOWN_CLIENTS: 'refuse',
    LECTERN_UPSTREAM_URL: upstream,
    LECTERN_IDP_ISSUER: provider.issuer,
    LECTERN_IDP_CLIENT_ID: provider.clientId,
    LECTERN_IDP_CLIENT_SECRET: provider.clientSecret,
  }
}

const opened: { close(): Promise<unknown> }[] = []

/** Closes it when the file's tests are over. */
export function keep<T extends { close(): Promise<unknown> }>(running: T): T {
  opened.push(running)
  return running
}

afterAll(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

/** A provider, and the sandbox that takes its tokens. */
export async function openUpstream(options: ProviderOptions = {}) {
  const provider = keep(await startProvider(options))
  return { provider, sandbox: keep(await startSandbox({ tokens: provider })) }
}

export async function openStage({ env = {}, provider: options }: StageOptions = {}) {
  const { provider, sandbox } = await openUpstream(options)
  const settings = readSettings({ ...settingsFor(provider, sandbox.url), ...env })
  const running = keep(await serve(loadFlowtly(), settings))
  return { issuer: settings.publicUrl ?? running.url, url: running.url, provider, sandbox }
}

export type Stage = Awaited<ReturnType<typeof openStage>>

/** How often the provider was asked at one of its addresses. */
export function calls({ requests, endpoints }: Provider, at: keyof Provider['endpoints']): number {
  const { pathname } = new URL(endpoints[at])
  return requests.filter(({ path }) => path === pathname).length
}

/** Calls a tool with a bearer. */
export function callTool(url: string, bearer: string, name = 'taxGroups.list'): Promise<Response> {
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name, arguments: {} },
  })
  return fetch(`${url}/mcp`, { method: 'POST', headers, body })
}
