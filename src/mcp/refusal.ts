/** JSON-RPC errors and the HTTP status that each era gives them (2026-07-28, streamable HTTP; protocol error codes). */
import type { Json } from '../json.ts'

export const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600
export const METHOD_NOT_FOUND = -32601
export const INVALID_PARAMS = -32602
export const INTERNAL_ERROR = -32603
/** Upstream failure, for connectors that declare `upstreamErrors: 'jsonrpc'` (handshake revisions only). */
export const UPSTREAM_FAILED = -32000
/** Handshake revisions only; 2026-07-28 says -32602. */
export const RESOURCE_NOT_FOUND = -32002
export const HEADER_MISMATCH = -32020
export const UNSUPPORTED_VERSION = -32022

/** A message that is not carried out. `status` is the HTTP status where it travels alone. */
export interface Refusal {
  status: number
  code: number
  message: string
  data?: Json
  /** Echoed where it could be read. */
  id?: RequestId | null
}

export type RequestId = string | number

export function refusal(status: number, code: number, message: string, data?: Json): Refusal {
  return { status, code, message, ...(data !== undefined && { data }) }
}
