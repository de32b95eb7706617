/** Classifies a parsed body once: which era, which revision, which method, or why not (2026-07-28, versioning and streamable HTTP). */
import { cut, isObject, type Json, type JsonObject } from '../json.ts'
import { disagreement, incompleteness } from './headers.ts'
import {
  HEADER_MISMATCH,
  INVALID_PARAMS,
  INVALID_REQUEST,
  type Refusal,
  type RequestId,
  refusal,
  UNSUPPORTED_VERSION,
} from './refusal.ts'
import { ASSUMED, type Era, isModern, isServed, LEGACY, MODERN } from './versions.ts'

/** One request to carry out. */
export interface Call {
  era: Era
  version: string
  id: RequestId
  method: string
  /** Not yet checked: an unknown method is told before ill-formed parameters. */
  params: Json | undefined
}

export type Inbound =
  | { kind: 'call'; call: Call }
  | { kind: 'batch'; items: (Call | Refusal)[] }
  /** A notification, or a response to a request that we never sent: taken note of, never answered. */
  | { kind: 'accepted'; method?: string }
  | { kind: 'refused'; refusal: Refusal }

const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion'
const CAPABILITIES_KEY = 'io.modelcontextprotocol/clientCapabilities'

/** `maxBatch` bounds the messages of one 2025-03-26 batch. */
export function classify(body: Json, headers: Headers, maxBatch: number): Inbound {
  if (Array.isArray(body)) return classifyBatch(body, headers, maxBatch)
  const shape = shapeOf(body)
  if (shape === undefined)
    return refused(refusal(400, INVALID_REQUEST, 'Not a JSON-RPC 2.0 message'), idOf(body))
  const message = body as JsonObject
  const stated = headers.get('mcp-protocol-version')
  if (shape !== 'request' && stated !== null && !isModern(stated) && !isServed(stated, LEGACY)) {
    return refused(unserved(stated))
  }
  if (shape !== 'request')
    return { kind: 'accepted', ...(shape === 'notification' && { method: message.method as string }) }
  const call = { id: message.id as RequestId, method: message.method as string, params: message.params }
  const found = isModernRequest(call, headers) ? modern(call, headers) : legacy(call, headers)
  return 'code' in found ? refused(found, call.id) : { kind: 'call', call: found }
}

type Request = Pick<Call, 'id' | 'method' | 'params'>

/** A valid id; a larger whole number would come back with other digits. */
function idOf(body: Json): RequestId | undefined {
  const id = isObject(body) ? body.id : undefined
  return typeof id === 'string' || Number.isSafeInteger(id) ? (id as RequestId) : undefined
}

function shapeOf(body: Json): 'request' | 'notification' | 'response' | undefined {
  if (!isObject(body) || body.jsonrpc !== '2.0') return undefined
  if (typeof body.method === 'string') {
    if (!('id' in body)) return 'notification'
    return idOf(body) === undefined ? undefined : 'request'
  }
  return !('method' in body) && 'id' in body && ('result' in body || 'error' in body) ? 'response' : undefined
}

/** The body claims an era; a header that names a modern revision without such a claim is a claim left incomplete. */
function isModernRequest({ method, params }: Request, headers: Headers): boolean {
  const claim = metaOf(params)[VERSION_KEY]
  if (method === 'initialize')
    return isModern(typeof claim === 'string' ? claim : null) && isEnvelope(metaOf(params))
  return claim !== undefined || isModern(headers.get('mcp-protocol-version'))
}

function modern(request: Request, headers: Headers): Call | Refusal {
  const { id, method, params } = request
  const meta = metaOf(params)
  const missing = [VERSION_KEY, CAPABILITIES_KEY].find((key) => meta[key] === undefined)
  if (missing !== undefined) return refusal(400, INVALID_PARAMS, `params._meta lacks ${missing}`)
  if (!isEnvelope(meta))
    return refusal(
      400,
      INVALID_PARAMS,
      `params._meta: ${VERSION_KEY} must be a string, ${CAPABILITIES_KEY} an object`,
    )
  const version = meta[VERSION_KEY] as string
  const wrong = disagreement(headers, version, method)
  if (wrong) return wrong
  if (!isServed(version, MODERN)) {
    const data = { supported: [...MODERN], requested: cut(version, 40) }
    return refusal(400, UNSUPPORTED_VERSION, `Protocol version ${cut(version, 40)} is not supported`, data)
  }
  return (
    incompleteness(headers, method, params as JsonObject) ?? { era: 'modern', version, id, method, params }
  )
}

function legacy({ id, method, params }: Request, headers: Headers): Call | Refusal {
  const version = headers.get('mcp-protocol-version') ?? ASSUMED
  if (method === 'initialize') {
    if (!isModern(version)) return { era: 'legacy', version: ASSUMED, id, method, params }
    return refusal(
      400,
      HEADER_MISMATCH,
      `initialize belongs to revisions before ${MODERN[0]}, which the header names`,
    )
  }
  return isServed(version, LEGACY) ? { era: 'legacy', version, id, method, params } : unserved(version)
}

function unserved(version: string): Refusal {
  const data = { supported: [...MODERN, ...LEGACY], requested: cut(version, 40) }
  return refusal(400, INVALID_REQUEST, `MCP-Protocol-Version ${cut(version, 40)} is not supported`, data)
}

/** Batches came with 2025-03-26 and went with 2025-06-18; nothing modern may hide in one. */
function classifyBatch(body: Json[], headers: Headers, maxBatch: number): Inbound {
  const version = headers.get('mcp-protocol-version') ?? ASSUMED
  if (body.length === 0) return refused(refusal(400, INVALID_REQUEST, 'The batch is empty'))
  if (body.length > maxBatch)
    return refused(refusal(400, INVALID_REQUEST, `A batch holds at most ${maxBatch} messages`))
  if (!isServed(version, LEGACY)) return refused(isModern(version) ? noBatch(version) : unserved(version))
  if (version >= '2025-06-18') return refused(noBatch(version))
  const shapes = body.map(shapeOf)
  if (shapes.includes(undefined))
    return refused(
      refusal(400, INVALID_REQUEST, 'The batch holds something that is not a JSON-RPC 2.0 message'),
    )
  const messages = body as JsonObject[]
  if (messages.some(({ params }) => VERSION_KEY in metaOf(params))) {
    return refused(refusal(400, INVALID_REQUEST, `A message of ${MODERN[0]} cannot be part of a batch`))
  }
  const items = messages
    .filter((_, at) => shapes[at] === 'request')
    .map((message): Call | Refusal => {
      const { id, method, params } = message as unknown as Request
      if (method === 'initialize')
        return { ...refusal(400, INVALID_REQUEST, 'initialize cannot be part of a batch'), id }
      return { era: 'legacy', version, id, method, params }
    })
  return items.length === 0 ? { kind: 'accepted' } : { kind: 'batch', items }
}

function noBatch(version: string): Refusal {
  return refusal(400, INVALID_REQUEST, `Revision ${version} has no batches`)
}

function refused(why: Refusal, id?: RequestId): Inbound {
  return { kind: 'refused', refusal: id === undefined ? why : { ...why, id } }
}

function metaOf(params: Json | undefined): JsonObject {
  return isObject(params) && isObject(params._meta) ? params._meta : {}
}

function isEnvelope(meta: JsonObject): boolean {
  return typeof meta[VERSION_KEY] === 'string' && isObject(meta[CAPABILITIES_KEY])
}
