/** `lectern probe`: two sign-ins at the configured identity provider, and what they tell about it. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createEntrance } from '../door.ts'
import { StartError } from '../errors.ts'
import { listenError, openPorts } from '../node.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Provider } from '../oauth/idp.ts'
import { authorizationUrl, readCallback } from '../oauth/idp-calls.ts'
import { type Finding, findingTable, probe as probeProvider, type Returned } from '../oauth/probe.ts'
import { readSettings } from '../settings.ts'
import type { Command } from './command.ts'
import { readFlags } from './flags.ts'
import { loadFlowtly } from './flowtly.ts'

const HELP = `Usage: lectern probe

Asks the identity provider of the settings whether it keeps codes single, rotates and issues refresh tokens, and how long its
values are. It listens where the connector would (stop that first), prints an address to open, and needs you to sign in twice,
at most. Nothing is kept; exit code 1 means that something needs another setting.`

export const probe: Command = {
  summary: 'sign in twice at the identity provider, and tell what it is like',
  async run(args) {
    const { values } = readFlags('probe', { args, options: { help: { type: 'boolean', short: 'h' } } })
    if (values.help) return console.log(HELP)
    const settings = readSettings(process.env)
    const publicUrl = settings.publicUrl ?? `http://${settings.host}:${settings.port}`
    const catalog = loadFlowtly()
    const { ports, close } = await openPorts(settings)
    let returns: Returns | undefined
    try {
      const { authority } = createEntrance(catalog, { ...settings, ...ALONE, publicUrl }, ports)
      const provider = authority?.provider
      if (provider === undefined)
        throw new StartError('There is no provider to probe', [
          'set LECTERN_IDP_ISSUER and LECTERN_IDP_CLIENT_ID',
        ])
      returns = await listen(settings.host, settings.port)
      const findings = await signInTwice(provider, Object.keys(catalog.scopes), returns)
      console.log(findingTable(findings))
      if (findings.some(({ good }) => !good)) process.exitCode = 1
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      throw new StartError(error.message, [error.detail ?? error.code])
    } finally {
      await returns?.close()
      await close()
    }
  },
}

/** Nothing is sealed here, and nothing is shared. */
const ALONE = {
  sessionSecrets: [randomBytes(32)],
  registrationSecrets: [randomBytes(32)],
  replicas: 1,
}

/** Prints the address of the first sign-in; who comes back from it is sent to the second. */
async function signInTwice(provider: Provider, scopes: string[], returns: Returns): Promise<Finding[]> {
  const [one, other] = [newSignIn(), newSignIn()]
  const url = ({ state, verifier }: SignIn) => authorizationUrl(provider, state, verifier, scopes)
  const back = async ({ state, verifier }: SignIn, next: string | undefined): Promise<Returned> => {
    const parameters = await returns.next(state, next)
    return { code: await readCallback(provider, parameters), verifier }
  }
  const [address, next] = [await url(one), await url(other)]
  // Both are awaited before anybody can come back.
  const [first, second] = [back(one, next), back(other, undefined)]
  console.log(`Open this address and sign in:\n\n  ${address}\n`)
  return probeProvider(provider, scopes, await first, () => second)
}

interface SignIn {
  state: string
  verifier: string
}

function newSignIn(): SignIn {
  return { state: secret(), verifier: secret() }
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

type Returns = Awaited<ReturnType<typeof listen>>

/** Waits for the provider's redirects; each is answered by a redirect to `next`, or a word of thanks. */
async function listen(host: string, port: number) {
  const waiting = new Map<string, { next: string | undefined; came(parameters: URLSearchParams): void }>()
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://probe')
    const wanted = url.pathname === '/callback' ? waiting.get(url.searchParams.get('state') ?? '') : undefined
    if (wanted === undefined) return response.writeHead(404).end('Nothing is here.')
    wanted.came(url.searchParams)
    if (wanted.next === undefined) return response.end('Thank you. The findings are in the terminal.')
    return response.writeHead(303, { location: wanted.next }).end()
  })
  server.listen(port, host)
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw listenError(error, host, port)
  })
  return {
    next: (state: string, next: string | undefined) =>
      new Promise<URLSearchParams>((came) => waiting.set(state, { next, came })),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}
