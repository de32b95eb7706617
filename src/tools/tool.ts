/** A tool as it is compiled: plain JSON that says everything needed to check, send and answer one call. */
import type { Json, Schema } from '../json.ts'

export interface Tool {
  /** Canonical name, `namespace.action`. */
  name: string
  namespace: string
  title: string
  description: string
  /** Scopes of which the caller needs all. */
  scopes: string[]
  inputSchema: Schema & { type: 'object'; properties: Record<string, Schema> }
  /** True where a record is also a resource, such as `flowtly://invoices/{invoiceId}`. */
  resource?: true
  /** `operationId` in the document, or `GET /path` where it has none. */
  operation: string
  /** Path template below the server's base URL, such as `/v1/invoices/{invoiceId}`; a query that is always sent may end it. */
  path: string
  /** True where `path` counts from the server's origin and not from its base URL. */
  atOrigin?: true
  parameters: Parameter[]
  /** Arguments that are sent unless the caller says otherwise, such as a page size. */
  defaults: Record<string, Json>
  /** Sent as `Accept`. */
  accept: string
  /** Media types of a successful answer, as documented. */
  produces: string[]
}

/** How one argument travels (OpenAPI 3.2, 4.12). */
export interface Parameter {
  /** The argument's name in `inputSchema`. */
  argument: string
  /** The parameter's own name on the wire. */
  name: string
  in: 'path' | 'query' | 'header' | 'cookie' | 'querystring'
  style: Style
  explode: boolean
  allowReserved: boolean
  allowEmptyValue: boolean
  /** What the value is serialised as, in place of a style. */
  content?: Content
  /** Members of an object whose own names a client would refuse. */
  members?: Members
}

/** By their safe names: a member's own name, where that is another, and its own members. */
export interface Members {
  [safe: string]: { name?: string; members?: Members }
}

export type Content = 'application/json' | 'application/x-www-form-urlencoded' | 'text/plain'

export type Style =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'tabDelimited'
  | 'deepObject'
  | 'cookie'

/** Arguments that were checked against the tool's schema, defaults filled in. */
export type Arguments = Record<string, Json>

/** One GET, decided; what is added later are the credential, the trace and our name. */
export interface Plan {
  /** Path and query below the server's base URL, percent-encoded. */
  target: string
  /** True where `target` counts from the server's origin. */
  atOrigin?: true
  headers: Record<string, string>
}
