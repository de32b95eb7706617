/** Every method by era; what is not in the table does not exist there. */
import { discover } from './discover.ts'
import { initialize, ping } from './initialize.ts'
import { listen } from './listen.ts'
import type { Method } from './server.ts'
import { callTool, listTools } from './tools.ts'
import type { Era } from './versions.ts'

export const METHODS: Record<Era, ReadonlyMap<string, Method>> = {
  legacy: new Map<string, Method>([
    ['initialize', initialize],
    ['ping', ping],
    ['tools/list', listTools],
    ['tools/call', callTool],
  ]),
  modern: new Map<string, Method>([
    ['server/discover', discover],
    ['tools/list', listTools],
    ['tools/call', callTool],
    ['subscriptions/listen', listen],
  ]),
}
