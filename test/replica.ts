/** The program of one replica: serves the connector as its environment says, and lets what is under way end on SIGTERM. */
import { loadFlowtly } from '../src/commands/flowtly.ts'
import { onSignal } from '../src/commands/signals.ts'
import { serve } from '../src/node.ts'
import { readSettings } from '../src/settings.ts'

const settings = readSettings(process.env)
const running = await serve(loadFlowtly(), settings)
onSignal((signal) => running.close(signal === 'SIGTERM' ? settings.deadline : 0))
// Over the channel of `fork`, so that the standard output holds the log and nothing else.
process.send?.(running.url)
process.on('disconnect', () => process.exit(1))
