/**
 * `subscriptions/listen` (2026-07-28): nothing here ever changes while it is watched, so nothing is acknowledged and the
 * subscription completes at once. Clients that see no `listChanged` declared do not ask again.
 */
import { type Answer, type Context, serverInfo } from './server.ts'
import { eventStream } from './sse.ts'

export function listen({ server, call }: Context): Answer {
  const subscription = { 'io.modelcontextprotocol/subscriptionId': call.id }
  const acknowledged = {
    jsonrpc: '2.0',
    method: 'notifications/subscriptions/acknowledged',
    params: { notifications: {}, _meta: subscription },
  }
  const meta = { ...subscription, 'io.modelcontextprotocol/serverInfo': serverInfo(server.catalog) }
  const completed = { jsonrpc: '2.0', id: call.id, result: { resultType: 'complete', _meta: meta } }
  return { response: eventStream([[JSON.stringify(acknowledged)], [JSON.stringify(completed)]]) }
}
