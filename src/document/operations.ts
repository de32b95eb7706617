/** The operations of a document, with parameters merged from path and operation level; a bad spot costs one and no other. */
import { isObject, type Json, type JsonObject, text } from '../json.ts'
import { type Answers, answersOf } from './answers.ts'
import { type DocumentParameter, mergeParameters, type Repair } from './parameters.ts'
import { DocumentError, type Resolve } from './resolve.ts'
import { ownServer } from './servers.ts'
import type { Version } from './version.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const

export interface Operation extends Answers {
  id: string | undefined
  /** Lower case, as the document spells it. */
  method: (typeof METHODS)[number]
  /** As the document spells it: with the method, what tells operations apart. */
  key: string
  /** What is sent: below the server's base URL, without the fragment by which some documents tell operations apart. */
  path: string
  /** True where `path` counts from the server's origin: the operation has a server of its own. */
  atOrigin: boolean
  summary: string | undefined
  description: string | undefined
  tags: string[]
  deprecated: boolean
  parameters: DocumentParameter[]
  repairs: Repair[]
  /** Why it cannot be called, such as a reference that points nowhere; it then has no parameters. */
  fault?: string
}

/** `bases` are the base URL that was chosen and the document's own, where there is one. */
export function operations(
  root: JsonObject,
  version: Version,
  resolve: Resolve,
  bases: string[],
): Operation[] {
  const paths = isObject(root.paths) ? root.paths : {}
  return Object.entries(paths).flatMap(([path, node]) => {
    if (path.startsWith('x-')) return []
    const item = follow(node, resolve, 'the path item')
    // What stands behind such a reference is not known; a GET is the least that it could be.
    if (typeof item === 'string') return [broken(path, 'get', item)]
    return METHODS.flatMap((method) => {
      if (!Object.hasOwn(item, method)) return []
      const operation = follow(item[method]!, resolve, method)
      if (typeof operation === 'string') return [broken(path, method, operation)]
      return [read({ path, method, operation, item, root, version, resolve, bases })]
    })
  })
}

/** Operations behind a reference are not of the specification; documents of several files have them all the same. */
function follow(node: Json, resolve: Resolve, what: string): JsonObject | string {
  try {
    const found = resolve(node)
    return isObject(found) ? found : `${what} is not an object`
  } catch (error) {
    if (error instanceof DocumentError) return error.message
    throw error
  }
}

function broken(key: string, method: Operation['method'], fault: string): Operation {
  return { ...NOTHING, id: undefined, method, key, path: key, fault }
}

const NOTHING = {
  atOrigin: false,
  summary: undefined,
  description: undefined,
  tags: [],
  deprecated: false,
  parameters: [],
  produces: [],
  answerHeaders: [],
  repairs: [],
}

interface Place {
  path: string
  method: Operation['method']
  operation: JsonObject
  item: JsonObject
  root: JsonObject
  version: Version
  resolve: Resolve
  bases: string[]
}

function read(place: Place): Operation {
  const { path, method, operation, item, root, version, resolve, bases } = place
  const known = {
    ...NOTHING,
    id: text(operation.operationId),
    method,
    key: path,
    path: sendable(path),
    summary: text(operation.summary) ?? text(item.summary),
    description: text(operation.description) ?? text(item.description),
    tags: Array.isArray(operation.tags) ? operation.tags.filter((tag) => typeof tag === 'string') : [],
    deprecated: operation.deprecated === true,
  }
  try {
    const lists = [item.parameters, operation.parameters].map(resolve)
    const sent = withoutRepeats(known.path, lists, resolve)
    const { parameters, repairs } = mergeParameters(lists, sent, version, resolve)
    const { prefix, atOrigin } = ownServer([operation, item], bases)
    const body = bodyFault(operation, resolve)
    const path = prefix + sent
    return {
      ...known,
      path,
      atOrigin,
      parameters,
      repairs,
      ...answersOf(operation, root, version, resolve),
      ...(body !== undefined && { fault: body }),
    }
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    return { ...known, fault: error.message }
  }
}

/**
 * A fragment is never sent, and a path begins with a slash even where its key does not. Of URI templates (RFC 6570), which
 * some documents write, the query is what the parameters say anyway, and a variable is one without its operator, whose
 * character the parameter's style writes; but for the slash, which no style does.
 */
function sendable(path: string): string {
  const sent = path
    .replace(/\{[?&#][^{}]*\}/g, '')
    .replace(/\{\/([^{}*]+)\*?\}/g, '/{$1}')
    .replace(/\{[+.;]?([^{}*]+)\*?\}/g, '{$1}')
    .replace(/#.*$/s, '')
    .replace(/\{[^{}]*\}| /g, (part) => (part === ' ' ? '%20' : part))
  return sent.startsWith('/') ? sent : `/${sent}`
}

/** Some documents write into a path's query what its parameters say again: `/search?q={q}`. */
function withoutRepeats(path: string, lists: (Json | undefined)[], resolve: Resolve): string {
  const [place = '', query] = path.split(/\?(.*)/s)
  if (query === undefined) return path
  const nodes = lists.flatMap((list) => (Array.isArray(list) ? list : [])).map((node) => resolve(node))
  const inQuery = new Set(
    nodes.map((node) => (isObject(node) && node.in === 'query' ? node.name : undefined)),
  )
  const kept = query.split('&').filter((pair) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    return !/^\{[^{}]+\}$/.test(value) || !inQuery.has(name)
  })
  return kept.length > 0 ? `${place}?${kept.join('&')}` : place
}

function bodyFault(operation: JsonObject, resolve: Resolve): string | undefined {
  if (operation.requestBody === undefined) return undefined
  const body = resolve(operation.requestBody)
  return isObject(body) && body.required === true
    ? 'it needs a request body, and a GET is sent without one'
    : undefined
}
