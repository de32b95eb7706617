/** One process of a deployment, started from source with settings from its environment; its clock can be put forward, its heap weighed. */
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { serve } from '../../src/node.ts'

const real = Date.now
let ahead = 0
Date.now = () => real() + ahead * 1000

process.on('message', (message: { ahead?: number; heap?: true }) => {
  if (message.ahead !== undefined) ahead = message.ahead
  if (message.heap) global.gc!()
  process.send!({ ahead, heap: process.memoryUsage().heapUsed })
})
process.on('disconnect', () => process.exit())

const running = await serve(loadFlowtly())
process.send!({ url: running.url })
