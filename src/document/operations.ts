/** The operations of an OpenAPI 3.1 document, with parameters merged from path and operation level. */
import { isObject, type Json, type JsonObject, text } from '../json.ts'
import { DocumentError, type Resolve } from './resolve.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const

export interface Operation {
  id: string | undefined
  /** Lower case, as the document spells it. */
  method: (typeof METHODS)[number]
  path: string
  summary: string | undefined
  description: string | undefined
  parameters: DocumentParameter[]
  /** Media types of the 2xx answers, in the document's order. */
  produces: string[]
  /** Why it cannot be read, such as a reference that points nowhere; it then has no parameters. */
  fault?: string
}

/** A parameter with the defaults of its style filled in (OpenAPI 3.1, 4.8.12). */
export interface DocumentParameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required: boolean
  description: string | undefined
  style: string
  explode: boolean
  allowReserved: boolean
  schema: Json | undefined
  /** Media type, where the value is sent serialised as one. */
  content: string | undefined
}

const STYLE_OF = { path: 'simple', query: 'form', header: 'simple', cookie: 'form' } as const

/** Lists every operation, whatever its method. A bad spot costs the operation that needs it, and no other. */
export function operations(document: JsonObject, resolve: Resolve): Operation[] {
  const paths = isObject(document.paths) ? document.paths : {}
  return Object.entries(paths).flatMap(([path, node]) => {
    const item = reachable(node, resolve)
    if (!isObject(item)) return []
    return METHODS.flatMap((method) => {
      const operation = item[method]
      return isObject(operation) ? [read(path, method, operation, item, resolve)] : []
    })
  })
}

/** A path item behind a reference that cannot be followed has no operations that could be told. */
function reachable(node: Json, resolve: Resolve): Json | undefined {
  try {
    return resolve(node)
  } catch (error) {
    if (error instanceof DocumentError) return undefined
    throw error
  }
}

function read(
  path: string,
  method: Operation['method'],
  node: JsonObject,
  item: JsonObject,
  resolve: Resolve,
): Operation {
  const id = text(node.operationId)
  const known = { id, method, path, summary: text(node.summary), description: text(node.description) }
  try {
    return {
      ...known,
      parameters: readParameters([item.parameters, node.parameters], resolve),
      produces: mediaTypes(node, resolve),
    }
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    return { ...known, parameters: [], produces: [], fault: error.message }
  }
}

/** Later lists override earlier ones by place and name. */
function readParameters(lists: (Json | undefined)[], resolve: Resolve): DocumentParameter[] {
  const merged = new Map<string, DocumentParameter>()
  for (const entry of lists.flatMap((list) => (Array.isArray(list) ? list : []))) {
    const parameter = readParameter(resolve(entry), resolve)
    merged.set(`${parameter.in} ${parameter.name}`, parameter)
  }
  return [...merged.values()]
}

function readParameter(node: Json | undefined, resolve: Resolve): DocumentParameter {
  if (!isObject(node) || typeof node.name !== 'string') throw new DocumentError('a parameter has no name')
  const place = node.in as DocumentParameter['in']
  if (!Object.hasOwn(STYLE_OF, place)) {
    throw new DocumentError(`the parameter ${node.name} is in ${place}, where a GET has none`)
  }
  const style = text(node.style) ?? STYLE_OF[place]
  const [content, media] = isObject(node.content) ? (Object.entries(node.content)[0] ?? []) : []
  const body = resolve(media)
  return {
    name: node.name,
    in: place,
    required: place === 'path' || node.required === true,
    description: text(node.description),
    style,
    explode: typeof node.explode === 'boolean' ? node.explode : style === 'form',
    allowReserved: node.allowReserved === true,
    schema: content === undefined ? node.schema : isObject(body) ? body.schema : undefined,
    content,
  }
}

function mediaTypes(operation: JsonObject, resolve: Resolve): string[] {
  const responses = isObject(operation.responses) ? operation.responses : {}
  const types = Object.entries(responses)
    .filter(([status]) => /^2(\d\d|XX)$/i.test(status))
    .flatMap(([, node]) => {
      const response = resolve(node)
      return isObject(response) && isObject(response.content) ? Object.keys(response.content) : []
    })
  return [...new Set(types.map((type) => type.toLowerCase()))]
}
