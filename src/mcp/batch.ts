/** A batch of 2025-03-26: a few requests at a time, and one allowance of bytes for all their answers. */
import { byteLength, type Wire } from '../wire.ts'
import type { Call } from './message.ts'
import { INTERNAL_ERROR, INVALID_REQUEST, type Refusal, refusal } from './refusal.ts'
import { errorMessage, message, reply } from './reply.ts'
import type { Answer, Exchange } from './server.ts'

/** Requests carried out at once, so that one client cannot take every connection to the upstream. */
const WIDTH = 4

/** Each item has its own answer, in the batch's order. */
export async function batch(
  exchange: Exchange,
  items: (Call | Refusal)[],
  dispatch: (exchange: Exchange, call: Call) => Promise<Answer>,
): Promise<Response> {
  const { request, server, entry } = exchange
  entry.rpc = 'batch'
  entry.batch = items.length
  const messages: Wire[] = []
  let next = 0
  let left = server.settings.maxResponseBytes
  async function work(): Promise<void> {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at]!
      messages[at] =
        left > 0 ? await answer(item) : [errorMessage({ ...TOO_LARGE, ...('id' in item && { id: item.id }) })]
      left -= byteLength(messages[at]!)
    }
  }
  async function answer(item: Call | Refusal): Promise<Wire> {
    if ('code' in item) return [errorMessage(item)]
    const found = await dispatch(exchange, item)
    if ('members' in found) return message(item, found.members, server)
    const why = found.refusal ?? refusal(400, INVALID_REQUEST, 'Not in a batch')
    return [errorMessage({ ...why, id: item.id })]
  }
  await Promise.all(Array.from({ length: WIDTH }, work))
  return reply(messages, request.headers, true)
}

const TOO_LARGE = refusal(
  200,
  INTERNAL_ERROR,
  'The answers of this batch are too large together: send this one alone',
)
