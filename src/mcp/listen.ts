/**
 * `subscriptions/listen` (2026-07-28): nothing here ever changes while it is watched, so nothing is acknowledged and the
 * subscription completes at once. Clients that see no `listChanged` declared do not ask again.
 */
import { isObject } from '../json.ts'
import { type Answer, type Context, invalid, paramsOf } from './server.ts'
import { eventStream } from './sse.ts'

export function listen({ server, call }: Context): Answer {
  if (!isObject(paramsOf(call).notifications)) {
    return invalid('params.notifications must be an object')
  }
  const subscription = { 'io.modelcontextprotocol/subscriptionId': call.id }
  const acknowledged = {
    jsonrpc: '2.0',
    method: 'notifications/subscriptions/acknowledged',
    params: { notifications: {}, _meta: subscription },
  }
  const meta = { ...subscription, 'io.modelcontextprotocol/serverInfo': server.info }
  const completed = { jsonrpc: '2.0', id: call.id, result: { resultType: 'complete', _meta: meta } }
  return { response: eventStream([[JSON.stringify(acknowledged)], [JSON.stringify(completed)]]) }
}
