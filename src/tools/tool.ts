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
  /** URI template of its records where they are resources too, such as `flowtly://invoices/{invoiceId}`. */
  resource?: string
  /** `operationId` in the document. */
  operation: string
  /** Path template below the server's base URL, such as `/v1/invoices/{invoiceId}`. */
  path: string
  parameters: Parameter[]
  /** Arguments that are sent unless the caller says otherwise, such as a page size. */
  defaults: Record<string, Json>
  /** Sent as `Accept`. */
  accept: string
  /** Media types of a successful answer, as documented. */
  produces: string[]
}

/** How one argument travels (OpenAPI 3.1, 4.8.12). */
export interface Parameter {
  /** The argument's name in `inputSchema`. */
  argument: string
  /** The parameter's own name on the wire. */
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  style: Style
  explode: boolean
  allowReserved: boolean
  /** True where the value is sent as JSON text (`content: application/json`). */
  json: boolean
}

export type Style = 'simple' | 'label' | 'matrix' | 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject'

/** Arguments that were checked against the tool's schema, defaults filled in. */
export type Arguments = Record<string, Json>

/** One GET, decided; what is added later are the credential, the trace and our name. */
export interface Plan {
  /** Path and query below the server's base URL, percent-encoded. */
  target: string
  headers: Record<string, string>
}
