/** What a connector declares: which operations become which tools, in whose words, behind which credential. */
import type { Access } from '../access/access.ts'
import type { Json } from '../json.ts'

export interface Declaration {
  /** Short machine name, also the URI scheme of its resources: `^[a-z][a-z0-9-]{1,15}$`. */
  name: string
  /** The product's name, as messages and lists show it. */
  title: string
  /** What can be asked here, in a sentence or two; opens the instructions that clients give to the model. */
  description: string
  /** Base URL of the API, where the document's first server is not the one. */
  server?: string
  /**
   * How `tools/list` writes names: `dotted` (`invoices.list`), `underscore` (`invoices_list`), or `auto` (default): dotted,
   * and underscored for callers known to come from a client that refuses dots. `tools/call` takes either form always.
   */
  toolNames?: 'dotted' | 'underscore' | 'auto'
  /** How a failed upstream GET is told to handshake revisions: a tool result (default), or a JSON-RPC error -32000. */
  upstreamErrors?: 'result' | 'jsonrpc'
  /**
   * First handshake revision whose `initialize` tells of resources, prompts and completion beside tools; by default all do.
   * For a product that documents an older handshake to the letter. They are answered all the same: nothing remembers a handshake.
   */
  offersSince?: '2024-11-05' | '2025-03-26' | '2025-06-18' | '2025-11-25' | '2026-07-28'
  /** Browser origins that may call with credentials. */
  credentialOrigins?: string[]
  access: Access
  /** Each scope and what it lets people read, in plain words. */
  scopes?: Record<string, string>
  /** `operationId` of a GET without required parameters that `/ready` asks. */
  ready?: string
  /** How answers are made to fit: budget, fields, formats, paging. False hands them on as they are. */
  answers?: AnswerDeclaration | false
  namespaces: Record<string, NamespaceDeclaration>
  resources?: ResourcesDeclaration
  /** Texts that a person picks in the client, by name. */
  prompts?: Record<string, PromptDeclaration>
  /** True where `tools/list` has three tools that find, describe and call the declared ones, for an API of hundreds. */
  discovery?: boolean
}

export interface ResourcesDeclaration {
  /**
   * Openings of URIs that `resources/read` takes beyond the templates, for lookups across namespaces: the connector's own
   * scheme (`flowtly://`, or one namespace of it, `flowtly://counterparties/`), or a part of the product's web pages
   * (`https://workspace.flowtly.eu/`), so that a copied link is read as the record that it shows. Each ends in a slash.
   *
   * Behind its scheme or web prefix a URI spells one declared tool, whether it is a resource or not:
   * - `invoices` and `invoices/inv_000123`: a namespace's `list`, and its `get` with the values of the path;
   * - `contracts/con_000012/paymentScheduleLines`: any other action, behind the values of its path;
   * - `counterparties/cp_000017/invoices`: from a record to another namespace, whose list takes the id under the same name;
   * - and a query of further arguments, `invoices?status=overdue&page=2`, where a name that comes again makes a list.
   *
   * It is read by that tool's GET, after the same checks of arguments and scopes as a call. Case is ignored in scheme, host
   * and namespace of the own scheme; segments are decoded once, and what is empty, made of dots, or holds a separator, a
   * control or a further percent-encoding is not found, as is a URI with a user, another port or a fragment.
   */
  allowPrefixes: string[]
}

export interface NamespaceDeclaration {
  title: string
  description: string
  /** Scope that opens every tool of the namespace. */
  scope?: string
  /** Arguments sent by default by every tool of the namespace that has them, such as a page size. */
  defaults?: Record<string, Json>
  /** Instead of the connector's, member by member. */
  answers?: AnswerDeclaration | false
  /** By action: `list` in `invoices` is the tool `invoices.list`. */
  tools: Record<string, ToolDeclaration>
  /** Where its records are found and cited by `search` and `fetch`; the first namespace that has it is searched by default. */
  knowledge?: KnowledgeDeclaration
}

/** Two tools of a namespace as one source of knowledge: what finds its records, what reads one, and how one is cited. */
export interface KnowledgeDeclaration {
  /** Action that lists, and its argument that takes free text. */
  list: string
  query: string
  /** Where the rows are in its answer, as a dotted path; needed where the document does not say it by one list alone. */
  rows?: string
  /** Action that reads one record, and its argument that takes the id. */
  get: string
  id: string
  /** Where the record is in that answer, as a dotted path; default the whole of it. */
  record?: string
  /** Member of a row that is its id; default `id`. */
  idField?: string
  /** Of a row and of a record alike: `{number} {counterparty.name}`, each variable a dotted path. */
  title: string
  /** Page of the vendor's application that shows the record, `https://app.example.com/invoices/{id}`; `{id}` is its id. */
  url: string
  /** Members that say when the record last changed, and of which day it is; told as metadata. */
  updated?: string
  date?: string
  /** Most results of one search; default 20. */
  results?: number
}

export interface ToolDeclaration {
  /** `operationId` in the document. */
  operation: string
  title: string
  /** Further names under which `tools/call` takes it, such as one that it had before; none is listed. */
  aliases?: string[]
  /** Written for a model: what it returns, when to use it. Where absent, the operation's description or summary. */
  description?: string
  /** Argument descriptions that replace the document's. */
  arguments?: Record<string, string>
  /** Parameters that the tool does not offer. */
  omit?: string[]
  /**
   * Where a record is also a resource: true for an address by the path's parameters (`flowtly://invoices/{invoiceId}`), or a
   * URI template of its own with arguments as variables; without any it is a resource that is listed by itself.
   */
  resource?: boolean | { uri: string }
  /**
   * Arguments that clients of 2026-07-28 repeat as the header `Mcp-Param-<name>`, so that a proxy can route by them without
   * reading the body; proxies log headers, so never what is secret or personal.
   */
  headers?: Record<string, string>
  /** Instead of the namespace's, member by member. */
  answers?: AnswerDeclaration | false
}

export interface AnswerDeclaration {
  /** Most characters of an answer's text, 1,000 or more, instead of the deployment's `LECTERN_ANSWER_BUDGET`. */
  budget?: number
  /**
   * Dotted path of the list whose items are the rows, empty for the root; false where the answer is one record. Needed only
   * where the document does not show it.
   */
  rows?: string | false
  /** Dotted path of the number of rows on all pages. */
  total?: string
  /** How the upstream pages, where its document does not show it; false where it does not. */
  paging?: PagingDeclaration | false
  /** Fields of each row that are shown unless the caller asks for others, as dotted paths. */
  summary?: string[]
  /** False leaves out the argument `fields`. */
  fields?: false
  /** False leaves out the formats that Lectern makes (CSV, Markdown). */
  formats?: false
}

/** Members name the tool's arguments; `next`, `stated` and `more` are dotted paths in the answer. */
export type PagingDeclaration =
  /** `first` is 0 or 1, the number of the first page; `size` the argument that sets the rows of a page, `stated` where the answer says it. */
  | {
      kind: 'page'
      page: string
      first: number
      size?: string
      stated?: string
      more?: string
      next?: string
    }
  /** `first` is the offset of the first row, 0 unless said. */
  | {
      kind: 'offset'
      offset: string
      first?: number
      size?: string
      stated?: string
      more?: string
      next?: string
    }
  | { kind: 'cursor'; cursor: string; next: string; more?: string }
  /** The header `Link` (RFC 8288), or an address in the answer. */
  | { kind: 'link'; next?: string }

export interface PromptDeclaration {
  title: string
  description: string
  /** By name. */
  arguments?: Record<string, PromptArgument>
  /** What the model is told; `{argument}` is replaced by its value. */
  text: string
  /** Tools that the text counts on. */
  tools: string[]
  /**
   * By tool, which questions it answers, in a few words: lines that follow the text, for callers who have that tool. A prompt
   * with routes is offered to those who have one of them.
   */
  routes?: Record<string, string>
  /** What is read and put before the text, each by the one GET of a tool. */
  attach?: AttachmentDeclaration[]
}

export interface PromptArgument {
  description: string
  /** False unless said. */
  required?: boolean
  /** What a client may offer while a person types. */
  values?: string[] | ValuesOf
}

/** Values that the document lists for an argument of a tool, or for each item of it. */
export interface ValuesOf {
  tool: string
  argument: string
}

export interface AttachmentDeclaration {
  tool: string
  /** `{argument}` in a text is the prompt's; a text that is nothing else is left out where that is absent. */
  arguments?: Record<string, Json>
}

/** What declares the tool of this name. */
export function declarationOf(
  { namespaces }: Declaration,
  { name, namespace }: { name: string; namespace: string },
): ToolDeclaration {
  return namespaces[namespace]!.tools[name.slice(namespace.length + 1)]!
}

/** Types a declaration; it is checked against its document when it is compiled. */
export function defineConnector(declaration: Declaration): Declaration {
  return declaration
}
