/** `POST /mcp`: verb, media type, size, message, method, answer; each step refuses or hands on. */
import type { Caller } from '../access/caller.ts'
import { EgressError } from '../errors.ts'
import { isObject, type Json } from '../json.ts'
import { collect, type LogEntry } from '../ports.ts'
import { toBytes, type Wire } from '../wire.ts'
import { type Call, classify } from './message.ts'
import { METHODS } from './methods.ts'
import {
  INTERNAL_ERROR,
  INVALID_PARAMS,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  PARSE_ERROR,
  type Refusal,
  refusal,
} from './refusal.ts'
import { type Answer, type McpServer, serverInfo } from './server.ts'
import { eventStream, wantsEvents } from './sse.ts'

/** Answers one HTTP request of a caller who passed the gate; `entry` is its line of the access log. */
export async function endpoint(
  request: Request,
  caller: Caller,
  server: McpServer,
  entry: LogEntry,
): Promise<Response> {
  if (request.method !== 'POST') {
    return refuse(refusal(405, INVALID_REQUEST, 'Only POST is answered here'), entry, {
      allow: 'POST, OPTIONS',
    })
  }
  if (!isJson(request.headers)) {
    return refuse(
      refusal(415, INVALID_REQUEST, 'Send application/json in UTF-8, without Content-Encoding'),
      entry,
    )
  }
  const bytes = await readBody(request, server.settings.maxBodyBytes)
  if (bytes === undefined) {
    return refuse(
      refusal(413, INVALID_REQUEST, `The body exceeds ${server.settings.maxBodyBytes} bytes`),
      entry,
    )
  }
  const body = parse(bytes)
  if (body === undefined) return refuse(unparsed(request.headers), entry)
  const inbound = classify(body, request.headers, server.settings.maxBatch)
  switch (inbound.kind) {
    case 'refused':
      return refuse(inbound.refusal, entry)
    case 'accepted':
      entry.rpc = inbound.method?.slice(0, 64)
      return new Response(null, { status: 202 })
    case 'call':
      return single(request, caller, inbound.call, server, entry)
    case 'batch':
      return batch(request, caller, inbound.items, server, entry)
  }
}

async function single(
  request: Request,
  caller: Caller,
  call: Call,
  server: McpServer,
  entry: LogEntry,
): Promise<Response> {
  entry.rpc = call.method.slice(0, 64)
  entry.version = call.version
  const answer = await dispatch(request, caller, call, server, entry)
  if ('response' in answer) return answer.response
  if ('refusal' in answer) return refuse({ ...answer.refusal, id: call.id }, entry)
  return reply([message(call, answer.members, server)], request.headers, false)
}

/** Carries out the requests of a batch side by side; each has its own answer, in the batch's order. */
async function batch(
  request: Request,
  caller: Caller,
  items: (Call | Refusal)[],
  server: McpServer,
  entry: LogEntry,
): Promise<Response> {
  entry.rpc = 'batch'
  entry.batch = items.length
  const messages = items.map(async (item): Promise<Wire> => {
    if ('code' in item) return [errorMessage(item)]
    const answer = await dispatch(request, caller, item, server, entry)
    if ('members' in answer) return message(item, answer.members, server)
    const why = 'refusal' in answer ? answer.refusal : refusal(400, INVALID_REQUEST, 'Not in a batch')
    return [errorMessage({ ...why, id: item.id })]
  })
  return reply(await Promise.all(messages), request.headers, true)
}

/** A bug of ours must not end the process, nor tell the client what it was. */
async function dispatch(
  request: Request,
  caller: Caller,
  call: Call,
  server: McpServer,
  entry: LogEntry,
): Promise<Answer> {
  const method = METHODS[call.era].get(call.method)
  if (!method) {
    const status = call.era === 'modern' ? 404 : 200
    return { refusal: refusal(status, METHOD_NOT_FOUND, `Method not found: ${call.method.slice(0, 64)}`) }
  }
  if (call.params !== undefined && !isObject(call.params)) {
    return { refusal: refusal(200, INVALID_PARAMS, 'params must be an object') }
  }
  try {
    const signal = call.era === 'modern' ? request.signal : undefined
    return await method({ server, caller, call, headers: request.headers, signal, entry })
  } catch (error) {
    entry.fault = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown'
    return { refusal: refusal(200, INTERNAL_ERROR, 'Internal error; the operator finds it in the log') }
  }
}

/** One response message; modern results say that they are complete and whose they are. */
function message({ era, id }: Call, members: Wire, { catalog }: McpServer): Wire {
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{`
  if (era === 'legacy') return [head, ...members, '}}']
  const info = JSON.stringify({ 'io.modelcontextprotocol/serverInfo': serverInfo(catalog) })
  return [head, ...members, `${members.length > 0 ? ',' : ''}"resultType":"complete","_meta":${info}}}`]
}

function errorMessage({ id, code, message, data }: Refusal): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    ...(id !== undefined && { id }),
    error: { code, message, ...(data !== undefined && { data }) },
  })
}

function refuse(why: Refusal, entry: LogEntry, headers: Record<string, string> = {}): Response {
  entry.code = why.code
  return json([errorMessage(why)], why.status, headers)
}

function reply(messages: Wire[], headers: Headers, asArray: boolean): Response {
  if (wantsEvents(headers)) return eventStream(messages)
  if (!asArray) return json(messages[0]!, 200)
  const joined = messages.flatMap((wire, at) => (at === 0 ? wire : [',', ...wire]))
  return json(['[', ...joined, ']'], 200)
}

function json(wire: Wire, status: number, headers: Record<string, string> = {}): Response {
  return new Response(toBytes(wire), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  })
}

function isJson(headers: Headers): boolean {
  const type = headers.get('content-type') ?? ''
  return /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type) && !headers.has('content-encoding')
}

async function readBody(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  const stated = request.headers.get('content-length')
  if (stated !== null)
    return Number(stated) <= maxBytes ? new Uint8Array(await request.arrayBuffer()) : undefined
  try {
    return request.body
      ? await collect(request.body as unknown as AsyncIterable<Uint8Array>, maxBytes)
      : new Uint8Array()
  } catch (error) {
    if (error instanceof EgressError) return undefined
    throw error
  }
}

function parse(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json
  } catch {
    return undefined
  }
}

/** Revisions before 2025-11-25 want an `id` in every error; JSON-RPC 2.0 (5) makes it null where it cannot be known. */
function unparsed(headers: Headers): Refusal {
  const version = headers.get('mcp-protocol-version')
  const why = refusal(400, PARSE_ERROR, 'The body is not JSON')
  return version !== null && version >= '2025-11-25' ? why : ({ ...why, id: null } as unknown as Refusal)
}
