/** `POST /mcp`: verb, media type, size, message, method, answer; each step refuses or hands on. */
import { isObject } from '../json.ts'
import type { Wire } from '../wire.ts'
import { isJson, parse, readBody } from './body.ts'
import { type Call, classify } from './message.ts'
import { methodOf } from './methods.ts'
import {
  INTERNAL_ERROR,
  INVALID_PARAMS,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  type Refusal,
  refusal,
} from './refusal.ts'
import { errorMessage, message, refuse, reply, unparsed } from './reply.ts'
import type { Answer, Exchange } from './server.ts'

/** Answers one HTTP request. */
export async function endpoint(exchange: Exchange): Promise<Response> {
  const { request, server, entry } = exchange
  const { maxBodyBytes, maxBatch } = server.settings
  if (request.method !== 'POST') {
    return refuse(refusal(405, INVALID_REQUEST, 'Only POST is answered here'), entry, {
      allow: 'POST, OPTIONS',
    })
  }
  if (!isJson(request.headers)) return refuse(refusal(415, INVALID_REQUEST, NOT_JSON), entry)
  const bytes = await readBody(request, maxBodyBytes)
  if (!bytes) return refuse(refusal(413, INVALID_REQUEST, `The body exceeds ${maxBodyBytes} bytes`), entry)
  const body = parse(bytes)
  if (body === undefined) return refuse(unparsed(request.headers), entry)
  const inbound = classify(body, request.headers, maxBatch)
  switch (inbound.kind) {
    case 'refused':
      return refuse(inbound.refusal, entry)
    case 'accepted':
      entry.rpc = inbound.method?.slice(0, 64)
      return new Response(null, { status: 202 })
    case 'call':
      return single(exchange, inbound.call)
    case 'batch':
      return batch(exchange, inbound.items)
  }
}

const NOT_JSON = 'Send application/json in UTF-8, without Content-Encoding'

async function single(exchange: Exchange, call: Call): Promise<Response> {
  const { request, server, entry } = exchange
  entry.rpc = call.method.slice(0, 64)
  entry.version = call.version
  const answer = await dispatch(exchange, call)
  if ('response' in answer) return answer.response
  if ('refusal' in answer) return refuse({ ...answer.refusal, id: call.id }, entry)
  return reply([message(call, answer.members, server)], request.headers, false)
}

/** Carries out the requests of a batch side by side; each has its own answer, in the batch's order. */
async function batch(exchange: Exchange, items: (Call | Refusal)[]): Promise<Response> {
  const { request, server, entry } = exchange
  entry.rpc = 'batch'
  entry.batch = items.length
  const messages = items.map(async (item): Promise<Wire> => {
    if ('code' in item) return [errorMessage(item)]
    const answer = await dispatch(exchange, item)
    if ('members' in answer) return message(item, answer.members, server)
    const why = 'refusal' in answer ? answer.refusal : refusal(400, INVALID_REQUEST, 'Not in a batch')
    return [errorMessage({ ...why, id: item.id })]
  })
  return reply(await Promise.all(messages), request.headers, true)
}

/** A bug of ours must not end the process, nor tell the client what it was. */
async function dispatch(exchange: Exchange, call: Call): Promise<Answer> {
  const method = methodOf(call.era, call.method, exchange.server)
  if (!method) {
    const status = call.era === 'modern' ? 404 : 200
    return { refusal: refusal(status, METHOD_NOT_FOUND, `Method not found: ${call.method.slice(0, 64)}`) }
  }
  if (call.params !== undefined && !isObject(call.params)) {
    return { refusal: refusal(200, INVALID_PARAMS, 'params must be an object') }
  }
  try {
    return await method({ ...exchange, call })
  } catch (error) {
    exchange.entry.fault =
      error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown'
    return { refusal: refusal(200, INTERNAL_ERROR, 'Internal error; the operator finds it in the log') }
  }
}
