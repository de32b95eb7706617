/** `lectern start` for Flowtly: on its real upstream, or on the embedded sandbox. */
import type { Catalog } from '../connector/catalog.ts'
import { type Running, serve } from '../node.ts'
import { sizeTable } from '../oauth/sizes.ts'
import { IdentityMissing } from '../sandbox/identity-issuer.ts'
import { demoKeys } from '../sandbox/keys.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { randomBytes } from '../sealing/random.ts'
import type { Settings } from '../settings.ts'
import { clientLines, everyAddress } from './clients.ts'
import { refuseAnotherFolder } from './connector.ts'
import { loadFlowtly } from './flowtly.ts'
import { demoKeyLines, openSandbox } from './sandbox.ts'
import { onSignal } from './signals.ts'

export interface FlowtlyFlags {
  sandbox?: boolean
  fault?: string | undefined
}

export async function startFlowtly({ sandbox, fault }: FlowtlyFlags, settings: Settings): Promise<void> {
  if (!sandbox) refuseAnotherFolder()
  const catalog = loadFlowtly()
  const embedded = sandbox ? await openSandbox(0, fault, { port: 0 }) : undefined
  const complete = { ...settings, ...(embedded && sandboxSettings(embedded, settings)) }
  const running = await serve(catalog, complete, { ownProcess: true }).catch(async (error: unknown) => {
    await embedded?.close()
    throw error
  })
  console.log(
    embedded
      ? firstSteps(catalog, running.url, embedded)
      : [servedAt(catalog, running, settings), ...signInLines(running)].join('\n'),
  )
  onSignal(async (signal) => {
    await running.close(signal === 'SIGTERM' ? settings.deadline : 0)
    await embedded?.close()
  })
}

/** The embedded upstream, its identity provider unless another one is set, and secrets for as long as the made-up data live. */
function sandboxSettings({ url, identity }: Sandbox, settings: Settings): Partial<Settings> {
  const own = (secrets: Uint8Array[]) => (secrets.length > 0 ? secrets : [randomBytes(32)])
  const shared = {
    upstreamUrl: url,
    sessionSecrets: own(settings.sessionSecrets),
    registrationSecrets: own(settings.registrationSecrets),
  }
  if (identity === undefined || settings.idpIssuer !== undefined) return shared
  const { issuer, clientId, clientSecret } = identity
  return { ...shared, idpIssuer: issuer, idpClientId: clientId, idpClientSecret: clientSecret }
}

/** The address that people add, and the one that is listened on where it is another. */
function servedAt({ title }: Catalog, { url, sizes }: Running, { publicUrl = url }: Settings): string {
  const listening = publicUrl === url ? '' : ` (listening on ${url})`
  const callback =
    sizes.length > 0 ? `\nIts redirect URI at the identity provider is ${publicUrl}/callback` : ''
  const everywhere = everyAddress(publicUrl)
  return `Lectern serves ${title} at ${publicUrl}/mcp${listening}${callback}${everywhere && `\n${everywhere.trimEnd()}`}`
}

/** What tokens will weigh with this provider, or that nobody can sign in. */
function signInLines({ sizes }: Running): string[] {
  if (sizes.length === 0)
    return ['Nobody can sign in: LECTERN_IDP_ISSUER and LECTERN_IDP_CLIENT_ID are not set. API keys open it.']
  return ['Sealed values will have these lengths, in characters:', '', sizeTable(sizes), '']
}

/** What to paste next: for signing in where that is there, and with a demo key. */
function firstSteps({ name, title }: Catalog, url: string, { url: upstream, identity }: Sandbox): string {
  const { key } = demoKeys[0]!
  const call =
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"invoices.list","arguments":{"status":"overdue"}}}'
  const signIn = identity
    ? `Add that URL to a client and sign in as one of two made-up people:

${clientLines(name, url, 'sign-in')}
Or without signing in, with a demo key:`
    : `${new IdentityMissing().message}

A demo key opens it:`
  return `Lectern serves ${title} at ${url}/mcp
on made-up data (upstream ${upstream}). ${signIn}

${demoKeyLines()}

  curl -s ${url}/mcp -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" -d '${call}'

Then ask: "Which invoices are overdue, and by how much?" Ctrl-C ends it.${identity ? ' Sign-ins end with it.' : ''}
`
}
