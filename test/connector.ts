/** A running connector for tests: the real server on a real socket, in front of the real sandbox. */
import { loadFlowtly } from '../src/commands/flowtly.ts'
import type { Catalog } from '../src/connector/catalog.ts'
import { serve } from '../src/node.ts'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import { readSettings } from '../src/settings.ts'

export const AURORA = 'flowtly_demo_aurora'
export const BOREALIS = 'flowtly_demo_borealis'

/** Which of the sandbox's APIs is the upstream, and the key that calls bring unless they say otherwise. */
interface Front {
  key: string
  api: 'flowtly' | 'pos'
}

/** `env` holds settings as variables; the log is off unless it says otherwise. */
export async function startConnector(
  env: Record<string, string> = {},
  catalog: Catalog = loadFlowtly(),
  { key, api }: Front = { key: AURORA, api: 'flowtly' },
) {
  const sandbox = await startSandbox()
  const upstream = api === 'pos' ? sandbox.posUrl : sandbox.url
  const settings = readSettings({ PORT: '0', LECTERN_LOG: 'off', LECTERN_UPSTREAM_URL: upstream, ...env })
  const running = await serve(catalog, settings)
  const endpoint = `${running.url}/mcp`
  let count = 0

  /** Posts `body`; a string or bytes are sent unchanged. */
  function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(endpoint, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    })
  }

  /** One handshake-era request; the parsed message. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not typed
  async function rpc(method: string, params?: object, headers: Record<string, string> = {}): Promise<any> {
    const answer = await post({ jsonrpc: '2.0', id: ++count, method, ...(params && { params }) }, headers)
    return answer.json()
  }

  /** One request of 2026-07-28 with everything it must carry, and the whole response. */
  function modern(
    method: string,
    params: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const name = params.name ?? params.uri
    const named = typeof name === 'string' ? { 'mcp-name': name } : {}
    const standard = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...named }
    const body = {
      jsonrpc: '2.0',
      id: ++count,
      method,
      params: { ...params, _meta: { ...ENVELOPE, ...(params._meta as object) } },
    }
    return post(body, { ...standard, ...headers })
  }

  return {
    url: running.url,
    endpoint,
    sandbox,
    post,
    rpc,
    modern,
    call: (name: string, args: object = {}, headers = {}) =>
      rpc('tools/call', { name, arguments: args }, headers),
    async close() {
      await running.close()
      await sandbox.close()
    },
  }
}

export type Connector = Awaited<ReturnType<typeof startConnector>>

export const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'walk', version: '1.0.0' },
}
