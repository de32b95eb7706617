/**
 * `subscriptions/listen` (2026-07-28): nothing here ever changes while it is watched, so nothing is acknowledged and the
 * subscription completes at once. Clients that see no `listChanged` declared do not ask again.
 */
import { isObject } from '../json.ts'
import { INVALID_PARAMS, refusal } from './refusal.ts'
import { type Answer, type Context, paramsOf, serverInfo } from './server.ts'
import { eventStream } from './sse.ts'

export function listen({ server, call }: Context): Answer {
  if (!isObject(paramsOf(call).notifications)) {
    return { refusal: refusal(200, INVALID_PARAMS, 'params.notifications must be an object') }
  }
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
