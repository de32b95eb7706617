/** A tool as it is compiled: plain JSON that says everything needed to check, send and answer one call. */
import { type Json, own, type Schema } from '../json.ts'
import type { Answering } from './answering.ts'

export interface Tool {
  /** Canonical name, `namespace.action`. */
  name: string
  namespace: string
  /** Further names that `tools/call` takes, in either form; they are not listed. */
  aliases?: string[]
  title: string
  description: string
  /** Scopes of which the caller needs all. */
  scopes: string[]
  inputSchema: Schema & { type: 'object'; properties: Record<string, Schema> }
  /** URI template of its records where they are resources too, such as `flowtly://invoices/{invoiceId}`. */
  resource?: string
  /** `operationId` in the document, or `GET /path` where it has none. */
  operation: string
  /** Path template below the server's base URL, such as `/v1/invoices/{invoiceId}`; a query that is always sent may end it. */
  path: string
  /** True where `path` counts from the server's origin and not from its base URL. */
  atOrigin?: true
  parameters: Parameter[]
  /** What an argument takes in full, where `inputSchema` tells it otherwise for clients that refuse it so. */
  accepts?: Record<string, Schema>
  /** Names that no argument may write, such as `query key`, since the document has them and the tool does not offer them. */
  withheld?: string[]
  /** Arguments that are sent unless the caller says otherwise, such as a page size. */
  defaults: Record<string, Json>
  /** Sent as `Accept`. */
  accept: string
  /** Media types of a successful answer, as documented. */
  produces: string[]
  /** How its answers are made to fit; absent where they are handed on as they are. */
  answering?: Answering
}

/** What a client is told of a tool, and what its arguments are held against. */
export type Offer = Pick<Tool, 'name' | 'title' | 'description' | 'inputSchema' | 'accepts' | 'defaults'>

/** What an argument of the tool takes, or undefined where there is none of that name. */
export function schemaOf({ inputSchema, accepts = {} }: Offer, argument: string): Schema | undefined {
  return own(accepts, argument) ?? own(inputSchema.properties, argument)
}

/** How one argument travels (OpenAPI 3.2.0, 4.12). */
export interface Parameter {
  /** The argument's name in `inputSchema`. */
  argument: string
  /** The parameter's own name on the wire. */
  name: string
  /** `querystring` (3.2) is the whole query, written as its `content`. */
  in: 'path' | 'query' | 'querystring' | 'header' | 'cookie'
  style: Style
  explode: boolean
  /** True where reserved characters stay as they are; for queries alone. */
  allowReserved: boolean
  /** True where `name=` may stand for an empty list; for queries of style form alone. */
  allowEmptyValue?: boolean
  /** Media type in which the value is written; the text then travels as a string would. */
  content?: Content
  /** Members of an object, or of the objects in a list, that are called otherwise on the wire. */
  members?: Members
}

/** `cookie` is of OpenAPI 3.2, `tabDelimited` is what Swagger 2.0 calls `collectionFormat: tsv`. */
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

export type Content = 'application/json' | 'application/x-www-form-urlencoded' | 'text/plain'

/** Stands for every member of a map that is not listed by name; no safe name is written so. */
export const ANY_MEMBER = '*'

/** By a name that every client takes: the member's own name where it is another, and what is renamed inside it. */
export interface Members {
  [safe: string]: { name?: string; members?: Members }
}

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
