/** `lectern sandbox`: only the embedded upstreams and a sign-in, for a connector that runs elsewhere (`wrangler dev`, say). */
import { StartError } from '../errors.ts'
import { type FaultName, faultNames } from '../sandbox/faults.ts'
import type { Identity, IdentityOptions } from '../sandbox/identity.ts'
import { IdentityMissing } from '../sandbox/identity-issuer.ts'
import { demoClientSecret, demoKeys } from '../sandbox/keys.ts'
import { posKeys } from '../sandbox/pos/keys.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox.ts'
import type { Command } from './command.ts'
import { readFlags } from './flags.ts'
import { onSignal } from './signals.ts'

const HELP = `Usage: lectern sandbox [--port 8788] [--identity-port 8789] [--fault NAME]

Serves the Flowtly REST API on loopback with made-up data, and an identity provider to sign in to it. Below /pos it serves
FlowPOS, a point of sale whose keys open it.
Faults of both: ${faultNames.join(', ')}.`

export const sandbox: Command = {
  summary: 'serve the embedded Flowtly API and its sign-in alone',
  async run(args) {
    const options = {
      port: { type: 'string', default: '8788' },
      'identity-port': { type: 'string' },
      fault: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    } as const
    const { values } = readFlags('sandbox', { args, options })
    if (values.help) return console.log(HELP)
    const port = Number(values.port)
    const identityPort = Number(values['identity-port'] ?? (port === 0 ? 0 : port + 1))
    const running = await openSandbox(port, values.fault, {
      port: identityPort,
      clientSecret: demoClientSecret,
    })
    const { url, posUrl, identity } = running
    console.log(`The Flowtly sandbox listens on ${url}\n\n${demoKeyLines()}\n\n${signInLines(url, identity)}`)
    console.log(`FlowPOS is at ${posUrl}\n\n${posKeyLines()}\n`)
    onSignal(() => running.close())
  },
}

/**
 * Starts the sandbox; `fault` is one of its named ways to misbehave. With `identity` it has a provider to sign in at, where
 * the package for it is installed; else `identity` of the sandbox is undefined. Throws StartError.
 */
export async function openSandbox(
  port: number,
  fault: string | undefined,
  identity?: IdentityOptions,
): Promise<Sandbox> {
  checkPort('--port', port)
  if (identity?.port !== undefined) checkPort('--identity-port', identity.port)
  if (fault !== undefined && !faultNames.includes(fault as FaultName)) {
    throw new StartError(`${fault} is no fault of the sandbox`, [`known are ${faultNames.join(', ')}`])
  }
  const options = { port, ...(fault !== undefined && { fault: fault as FaultName }) }
  try {
    return await start(options, identity)
  } catch (error) {
    const { code, port: taken } = error as NodeJS.ErrnoException & { port?: number }
    if (code !== 'EADDRINUSE') throw error
    const flag = taken === port ? '--port' : '--identity-port'
    throw new StartError('The sandbox cannot listen', [`port ${taken} is taken: choose another with ${flag}`])
  }
}

async function start(options: SandboxOptions, identity: IdentityOptions | undefined): Promise<Sandbox> {
  if (identity === undefined) return startSandbox(options)
  try {
    return await startSandbox({ ...options, identity })
  } catch (error) {
    if (error instanceof IdentityMissing) return startSandbox(options)
    throw error
  }
}

function checkPort(flag: string, port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return
  throw new StartError('The sandbox cannot listen', [`${flag} is not a whole number from 0 to 65535`])
}

export function demoKeyLines(): string {
  return demoKeys.map(({ key, organization }) => `  ${key.padEnd(24)} reads ${organization}`).join('\n')
}

function posKeyLines(): string {
  return posKeys
    .map(({ key, tenant, scopes }) => `  ${key.padEnd(24)} reads ${tenant} (${scopes.join(', ')})`)
    .join('\n')
}

/** Settings to paste, so that a connector which runs elsewhere signs people in here. */
function signInLines(upstream: string, identity: Identity | undefined): string {
  if (identity === undefined) return `${new IdentityMissing().message}\n`
  return `People sign in at its identity provider, of which Lectern is a client with these settings:

  LECTERN_UPSTREAM_URL=${upstream}
  LECTERN_IDP_ISSUER=${identity.issuer}
  LECTERN_IDP_CLIENT_ID=${identity.clientId}
  LECTERN_IDP_CLIENT_SECRET=${identity.clientSecret}
`
}
