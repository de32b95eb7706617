/** A compiled connector: plain JSON, the same on every runtime. */
import type { Access } from '../access/access.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Tool } from '../tools/tool.ts'

export interface Catalog {
  name: string
  title: string
  description: string
  /** Base URL of the API without trailing slash. */
  server: string
  toolNames: 'dotted' | 'underscore' | 'auto'
  upstreamErrors: 'result' | 'jsonrpc'
  credentialOrigins: string[]
  access: Access
  scopes: Record<string, string>
  /** Path below `server` that `/ready` asks, where one is declared. */
  ready?: string
  /** Path below `server` whose 2xx proves credentials, where sign-in takes them. */
  proof?: string
  namespaces: { name: string; title: string; description: string }[]
  /** Openings of URIs that `resources/read` takes beyond the templates. */
  allowPrefixes: string[]
  /** First handshake revision whose `initialize` tells of more than tools. */
  offersSince?: string
  /** In the order of the declaration, which is the order of `tools/list`. */
  tools: Tool[]
  prompts: Prompt[]
  /** What `search` and `fetch` read, the default first; empty where nothing is declared, and there are no such tools. */
  knowledge: Knowledge[]
  /** True where three tools stand for all of `tools` in `tools/list`. */
  discovery: boolean
  /** Known values, by prompt or by resource template, and then by argument. */
  completions: Record<'prompts' | 'resources', Record<string, Record<string, string[]>>>
  /** The document cut down to what is exposed. */
  openapi: JsonObject
  /** When the document was last taken in, as the lock says it (ISO 8601); absent where there is no lock. */
  synced?: string
}

/** One namespace as a source of knowledge; `list` and `get` are names of tools, paths are dotted. */
export interface Knowledge {
  namespace: string
  /** The namespace's title. */
  title: string
  list: string
  query: string
  /** Path of the rows in the list's answer; `items` too where the answer is the list, which is framed so. */
  rows: string
  get: string
  id: string
  /** Path of the record in the other answer; empty where the answer is the record. */
  record: string
  idField: string
  /** Templates over a row or record, in which `{id}` is its id. */
  label: string
  url: string
  updated?: string
  date?: string
  /** Most results of one search. */
  results: number
}

export interface Prompt {
  name: string
  title: string
  description: string
  arguments: { name: string; description: string; required: boolean }[]
  /** `{argument}` stands for its value, or for nothing where it is absent. */
  text: string
  /** What a tool answers, put behind the text for callers who have that tool. */
  routes: { tool: string; words: string }[]
  /** What is read and put before the text. */
  attach: { tool: string; arguments: Record<string, Json> }[]
  /** Tools that the prompt counts on; a caller without one of them is not offered it. */
  tools: string[]
}
