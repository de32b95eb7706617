/** An operation as a tool uses it: what is sent, what comes back, and apart from both the words about it. */
import { canonical } from '../connector/canonical.ts'
import type { Declaration, ToolDeclaration } from '../connector/declaration.ts'
import { index, usable } from '../connector/known.ts'
import { contentOf, fixedPlaces, offer, ownPlaces } from '../connector/parameters.ts'
import type { OpenDocument, Whereabouts } from '../document/document.ts'
import type { Operation } from '../document/operations.ts'
import type { DocumentParameter } from '../document/parameters.ts'
import { DocumentError, type Resolve, readable } from '../document/resolve.ts'
import { clientSchema } from '../document/schema.ts'
import { inside, isObject, type Json, type JsonObject, type Schema } from '../json.ts'
import { type Fields, fieldsOf, fieldsOfAny } from './fields.ts'

export interface OperationShape {
  method: string
  path: string
  atOrigin: boolean
  /** By place and name, those that the tool offers. */
  parameters: ParameterShape[]
  /** Media types of a successful answer, sorted. */
  media: string[]
  answer: Fields
  words: JsonObject
}

export interface ParameterShape {
  name: string
  in: string
  required: boolean
  style: string
  explode: boolean
  content: string | undefined
  /** Without words. */
  schema: Schema
}

export interface ToolOperation {
  tool: string
  /** As the declaration names it. */
  operation: string
  /** Its shape, or why there is none. */
  shape: OperationShape | string
}

/** Where a document that is declared for counts its paths from. */
export function whereabouts({ server }: Declaration): Whereabouts {
  return server === undefined ? {} : { server }
}

/** The operation of every declared tool, in the order of the declaration. */
export function toolOperations(declaration: Declaration, opened: OpenDocument): ToolOperation[] {
  const known = index(opened.operations)
  const own = ownPlaces(declaration.access, opened)
  return Object.entries(declaration.namespaces).flatMap(([namespace, { tools }]) =>
    Object.entries(tools).map(([action, declared]) => {
      const found = usable(declared.operation, known)
      const shape = typeof found === 'string' ? found : shapeOf(found, declared, own, opened)
      return { tool: `${namespace}.${action}`, operation: declared.operation, shape }
    }),
  )
}

function shapeOf(
  operation: Operation,
  declared: ToolDeclaration,
  own: ReadonlySet<string>,
  { root, resolve }: OpenDocument,
): OperationShape {
  const taken = new Set([...own, ...fixedPlaces(operation)])
  const offered = offer(operation, taken, declared.omit ?? []).parameters
  const parameters = offered.map((parameter) => parameterShape(parameter, resolve))
  const answer = fieldsOfAny(answers(operation, root, resolve), resolve)
  const { method, path, atOrigin, summary, description, deprecated, produces } = operation
  const words = {
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    deprecated,
    parameters: offered.map((parameter) => parameterWords(parameter, resolve)),
    answer: fieldWords(answer),
  }
  return {
    method,
    path,
    atOrigin,
    parameters: parameters.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)),
    media: [...produces].sort(),
    answer,
    words,
  }
}

export function keyOf({ in: place, name }: Pick<ParameterShape, 'in' | 'name'>): string {
  return `${place} ${name}`
}

function parameterShape(parameter: DocumentParameter, resolve: Resolve): ParameterShape {
  const { name, in: place, required, style, explode, content } = parameter
  return {
    name,
    in: place,
    required,
    style,
    explode,
    content,
    schema: wordless(schemaOf(parameter, resolve)),
  }
}

/** As the tool reads it: what cannot be read is text. */
function schemaOf({ schema, content }: DocumentParameter, resolve: Resolve): Schema {
  const isJson = content !== undefined && contentOf(content) === 'application/json'
  if (schema === undefined && isJson) return { type: 'object' }
  try {
    return clientSchema(schema, resolve, isJson)
  } catch (error) {
    if (error instanceof DocumentError) return { type: 'string' }
    throw error
  }
}

function wordless({ title: _, description: _words, ...schema }: Schema): Schema {
  return inside(schema, wordless)
}

function parameterWords(parameter: DocumentParameter, resolve: Resolve): JsonObject {
  const { description, deprecated, example, schema } = parameter
  return {
    parameter: keyOf(parameter),
    ...(description !== undefined && { description }),
    ...(example !== undefined && { example }),
    deprecated,
    fields: fieldWords(fieldsOf(schema, resolve)),
  }
}

function fieldWords(fields: Fields): Json[] {
  return [...fields].filter(([, { words }]) => words !== '').map(([path, { words }]) => [path, words])
}

/** Schemas of the 2xx answers in JSON; of the default answer where no 2xx is described. */
function answers({ key, method }: Operation, root: JsonObject, resolve: Resolve): Json[] {
  const item = readable((root.paths as JsonObject)[key] ?? null, resolve)
  const operation = isObject(item) ? readable(item[method] ?? null, resolve) : undefined
  const responses = isObject(operation) && isObject(operation.responses) ? operation.responses : {}
  const good = Object.keys(responses).filter((status) => /^2(\d\d|XX)$/i.test(status))
  const told = good.length > 0 ? good : Object.hasOwn(responses, 'default') ? ['default'] : []
  return told.flatMap((status) => schemasOf(readable(responses[status]!, resolve), resolve))
}

function schemasOf(response: Json | undefined, resolve: Resolve): Json[] {
  if (!isObject(response)) return []
  if (response.schema !== undefined) return [response.schema]
  const kinds = Object.entries(isObject(response.content) ? response.content : {})
  return kinds.flatMap(([type, node]) => {
    const media = contentOf(type) === 'application/json' ? readable(node, resolve) : undefined
    return isObject(media) && media.schema !== undefined ? [media.schema] : []
  })
}

/** An operation in one spelling: `shape` is what is sent and answered, `words` what is said about it. */
export function spelled({
  words,
  answer,
  parameters,
  ...sent
}: OperationShape): Record<'shape' | 'words', string> {
  const answered = [...answer]
    .map(([path, { words: _, ...field }]) => [path, field] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  const asked = parameters.map((each) => ({ ...each, schema: unordered(each.schema) }))
  return {
    shape: canonical({ ...sent, parameters: asked, answer: answered }),
    words: canonical(wordsUnordered(words)),
  }
}

/** Lists that mean sets, in one order. */
function unordered(schema: Schema): Schema {
  const { required, enum: options, anyOf } = schema
  const inSet = <T>(items: T[]) =>
    items
      .map((item) => [canonical(item), item] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, item]) => item)
  return inside(
    {
      ...schema,
      ...(required && { required: inSet(required) }),
      ...(options && { enum: inSet(options) }),
      ...(anyOf && { anyOf: inSet(anyOf.map(unordered)) }),
    },
    unordered,
  )
}

function wordsUnordered(words: JsonObject): JsonObject {
  const inOrder = (node: Json | undefined) =>
    (Array.isArray(node) ? node.map((each) => (isObject(each) ? wordsUnordered(each) : each)) : [])
      .map((each) => canonical(each))
      .sort()
  return Object.fromEntries(
    Object.entries(words).map(([name, node]) => [name, Array.isArray(node) ? inOrder(node) : node]),
  )
}
