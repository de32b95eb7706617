/** A running connector that people sign in to: the real server before the sandbox's API and its identity provider. */
import { loadFlowtly } from '../src/commands/flowtly.ts'
import type { Catalog } from '../src/connector/catalog.ts'
import { serve } from '../src/node.ts'
import type { IdentityOptions } from '../src/sandbox/identity.ts'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import { readSettings } from '../src/settings.ts'

/** `env` holds settings as variables, beside those that name the sandbox; the log is off unless it says otherwise. */
export async function startLogin(
  env: Record<string, string> = {},
  identity: IdentityOptions = {},
  catalog: Catalog = loadFlowtly(),
) {
  const sandbox = await startSandbox({ identity })
  const settings = readSettings({ PORT: '0', LECTERN_LOG: 'off', ...upstreamOf(sandbox), ...env })
  const running = await serve(catalog, settings).catch(async (error: unknown) => {
    await sandbox.close()
    throw error
  })
  return {
    url: running.url,
    endpoint: `${running.url}/mcp`,
    sandbox,
    identity: sandbox.identity!,
    async close() {
      await running.close()
      await sandbox.close()
    },
  }
}

export type Login = Awaited<ReturnType<typeof startLogin>>

/** The settings that name a sandbox as upstream and as the place to sign in. */
export function upstreamOf({
  url,
  identity,
}: Pick<Awaited<ReturnType<typeof startSandbox>>, 'url' | 'identity'>): Record<string, string> {
  const { issuer, clientId, clientSecret } = identity!
  return {
    LECTERN_UPSTREAM_URL: url,
    LECTERN_IDP_ISSUER: issuer,
    LECTERN_IDP_CLIENT_ID: clientId,
    LECTERN_IDP_CLIENT_SECRET: clientSecret,
  }
}
