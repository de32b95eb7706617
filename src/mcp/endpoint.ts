/** `POST /mcp`: verb, media type, size, message, method, answer; each step refuses or hands on. */
import { cut, isObject } from '../json.ts'
import { batch } from './batch.ts'
import { isJson, parse, readBody } from './body.ts'
import { type Call, classify } from './message.ts'
import { methodOf } from './methods.ts'
import {
  INTERNAL_ERROR,
  INVALID_PARAMS,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  PARSE_ERROR,
  refusal,
} from './refusal.ts'
import { errorMessage, identified, message, refuse, reply } from './reply.ts'
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
  if (body === undefined)
    return refuse(identified(refusal(400, PARSE_ERROR, 'The body is not JSON'), request.headers), entry)
  const inbound = classify(body, request.headers, maxBatch)
  switch (inbound.kind) {
    case 'refused':
      return refuse(identified(inbound.refusal, request.headers), entry)
    case 'accepted':
      entry.rpc = inbound.method && cut(inbound.method, 64)
      return new Response(null, { status: 202 })
    case 'call':
      return single(exchange, inbound.call)
    case 'batch':
      return batch(exchange, inbound.items, dispatch)
  }
}

const NOT_JSON = 'Send application/json in UTF-8, without Content-Encoding'

async function single(exchange: Exchange, call: Call): Promise<Response> {
  const { request, server, entry } = exchange
  entry.rpc = cut(call.method, 64)
  entry.version = call.version
  const answer = await dispatch(exchange, call)
  if ('response' in answer) {
    entry.code = answer.refusal?.code
    return answer.response
  }
  if ('members' in answer) return reply([message(call, answer.members, server)], request.headers, false)
  const refused = { ...answer.refusal, id: call.id }
  entry.code = refused.code
  return refused.status === 200
    ? reply([[errorMessage(refused)]], request.headers, false)
    : refuse(refused, entry)
}

/** A bug of ours must not end the process, nor tell the client what it was. */
async function dispatch(exchange: Exchange, call: Call): Promise<Answer> {
  const method = methodOf(call.era, call.method, exchange.server)
  if (!method) {
    const status = call.era === 'modern' ? 404 : 200
    return { refusal: refusal(status, METHOD_NOT_FOUND, `Method not found: ${cut(call.method, 64)}`) }
  }
  if (call.params != null && !isObject(call.params)) {
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
