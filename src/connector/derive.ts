/** A connector for a document that nobody has declared anything for: every GET becomes a tool, or says why not. */
import type { Access } from '../access/access.ts'
import { type OpenDocument, openDocument } from '../document/document.ts'
import type { Operation } from '../document/operations.ts'
import { plainText } from '../document/plain-text.ts'
import { DocumentError } from '../document/resolve.ts'
import { StartError } from '../errors.ts'
import { isObject, type Json, type JsonObject, own, text } from '../json.ts'
import { reveal } from '../tools/invisible.ts'
import { assemble } from './assemble.ts'
import type { Catalog } from './catalog.ts'
import { compileTools, type Outcome } from './compile.ts'
import type { Declaration, NamespaceDeclaration } from './declaration.ts'
import { deriveNames } from './derived-names.ts'
import { actionWords, LONGEST_TITLE, namespaceTitle, titleOf } from './derived-words.ts'
import { index, nameOf } from './known.ts'
import { cutText } from './slim.ts'
import { safeName } from './words.ts'

export interface Derived {
  catalog: Catalog
  /** GET operations of the document: each is a tool, or is among the skipped. */
  operations: number
  /** Operations of any other method, which are never asked. */
  others: number
  skipped: { operation: string; reason: string }[]
  /** What the document says wrongly or leaves open, and how it was read. */
  notes: string[]
}

export interface DeriveOptions {
  /** What messages call the document, such as its file; default `The document`. */
  called?: string
  /** Machine name, as of a declaration; default from the document's title. */
  name?: string
  title?: string
  /** Base URL of the API; default the document's first server that can be asked. */
  server?: string
  /** URL that the document came from: a relative server counts from it. */
  location?: string
  /** Default none: everybody who reaches the connector may call. */
  access?: Access
  /** Default underscore: several clients refuse dots, and there is no sign-in that would tell which client calls. */
  toolNames?: Catalog['toolNames']
  /** How answers are made to fit; false hands them on as they are. */
  answers?: Declaration['answers']
  /** True where three tools stand for all in `tools/list`; default false. */
  discovery?: boolean
}

/** `document` is an OpenAPI or Swagger document as parsed JSON. Throws StartError where it is of no use as a whole. */
export function derive(document: unknown, options: DeriveOptions = {}): Derived {
  const { called = 'The document' } = options
  const refuse = (fault: string) => new StartError(`${called} cannot be compiled`, [fault])
  try {
    const opened = openDocument(document, options)
    const gets = opened.operations.filter(({ method }) => method === 'get')
    const declaration = declare(opened, gets, options)
    const known = index(opened.operations)
    const outcomes = compileTools(declaration, opened, known)
    const tools = outcomes.flatMap(({ compiled, faults }) =>
      compiled && faults.length === 0 ? [compiled.tool] : [],
    )
    return {
      // A document without a server is of use too: whoever serves it says where the API is.
      catalog: assemble(declaration, opened, known, tools).catalog,
      operations: gets.length,
      others: opened.operations.length - gets.length,
      skipped: outcomes.filter(({ faults }) => faults.length > 0).map(reasonOf),
      notes: outcomes.flatMap(notesOf),
    }
  } catch (error) {
    if (error instanceof DocumentError) throw refuse(error.message)
    if (error instanceof RangeError) throw refuse('it is nested too deeply')
    throw error
  }
}

function reasonOf({ operation, faults }: Outcome): Derived['skipped'][number] {
  return { operation, reason: faults.join('; ') }
}

function notesOf({ operation, compiled, faults }: Outcome): string[] {
  return faults.length > 0 ? [] : (compiled?.repairs ?? []).map(({ message }) => `${operation}: ${message}`)
}

/** What a vendor would write by hand, in the document's own words. */
function declare({ root }: OpenDocument, gets: Operation[], options: DeriveOptions): Declaration {
  const info = isObject(root.info) ? root.info : {}
  const title = options.title ?? (shown(text(info.title), 60) || 'API')
  const server = options.server === undefined ? {} : { server: options.server }
  return {
    name: options.name ?? machineName(title),
    title,
    description: shown(text(info.description), 600) || `${title}: everything here reads.`,
    ...server,
    toolNames: options.toolNames ?? 'underscore',
    discovery: options.discovery ?? false,
    access: options.access ?? { type: 'none' },
    ...(options.answers !== undefined && { answers: options.answers }),
    namespaces: namespaces(root, gets),
  }
}

/** `^[a-z][a-z0-9-]{1,15}$`, as a declaration's name has to be: the first words of the title that fit. */
function machineName(title: string): string {
  const [first = '', ...words] = safeName(title.replace(/['’]s\b/g, ''))
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  let name = first.slice(0, 16)
  for (const word of words) {
    if (name.length + word.length >= 16) break
    name = `${name}-${word}`
  }
  return /^[a-z][a-z0-9-]+$/.test(name) ? name : 'api'
}

function namespaces(root: JsonObject, gets: Operation[]): Record<string, NamespaceDeclaration> {
  const declared: Record<string, NamespaceDeclaration> = {}
  const words = tagWords(root)
  for (const [operation, { namespace, action }] of deriveNames(gets)) {
    const [tag] = operation.tags
    const place = own(declared, namespace) ?? { ...namespaceWords(words, namespace, tag), tools: {} }
    declared[namespace] = place
    place.tools[action] = {
      operation: nameOf(operation),
      title: titleOf(operation, namespace, action),
      description: actionWords(operation, namespace, action),
    }
  }
  return declared
}

/** What the document says of its tags, by their names. */
function tagWords({ tags }: JsonObject): Map<Json | undefined, string | undefined> {
  const described = (Array.isArray(tags) ? tags : []).filter(isObject)
  return new Map(described.toReversed().map(({ name, description }) => [name, text(description)]))
}

function namespaceWords(words: ReturnType<typeof tagWords>, namespace: string, tag: string | undefined) {
  const title = namespaceTitle(shown(tag, LONGEST_TITLE)) || namespaceTitle(namespace)
  return { title, description: shown(words.get(tag), 160) || `${title}.` }
}

/** Words of the document for the instructions that a model gets: plain, short, and nothing in them unseen. */
function shown(words: string | undefined, longest: number): string {
  return cutText(reveal(plainText(words ?? '')), longest)
}
