/** `lectern sandbox`: only the embedded Flowtly API, for a connector that runs elsewhere (`wrangler dev`, say). */
import { parseArgs } from 'node:util'
import { StartError } from '../errors.ts'
import { type FaultName, faultNames } from '../sandbox/faults.ts'
import { demoKeys } from '../sandbox/keys.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import type { Command } from './command.ts'
import { onSignal } from './signals.ts'

const HELP = `Usage: lectern sandbox [--port 8788] [--fault NAME]

Serves the Flowtly REST API on loopback with made-up data.
Faults: ${faultNames.join(', ')}.`

export const sandbox: Command = {
  summary: 'serve the embedded Flowtly API alone',
  async run(args) {
    const options = {
      port: { type: 'string', default: '8788' },
      fault: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    } as const
    const { values } = parseArgs({ args, options })
    if (values.help) return console.log(HELP)
    const running = await openSandbox(Number(values.port), values.fault)
    console.log(`The Flowtly sandbox listens on ${running.url}\n\n${demoKeyLines()}`)
    onSignal(() => running.close())
  },
}

/** Starts the sandbox; `fault` is one of its named ways to misbehave. Throws StartError. */
export async function openSandbox(port: number, fault: string | undefined): Promise<Sandbox> {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new StartError('The sandbox cannot listen', ['--port is not a whole number from 0 to 65535'])
  }
  if (fault !== undefined && !faultNames.includes(fault as FaultName)) {
    throw new StartError(`${fault} is no fault of the sandbox`, [`known are ${faultNames.join(', ')}`])
  }
  try {
    return await startSandbox({ port, ...(fault !== undefined && { fault: fault as FaultName }) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new StartError('The sandbox cannot listen', [`port ${port} is taken: choose another with --port`])
  }
}

export function demoKeyLines(): string {
  return demoKeys.map(({ key, organization }) => `  ${key.padEnd(24)} reads ${organization}`).join('\n')
}
