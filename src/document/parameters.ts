/** An operation's parameters with the defaults of their style filled in (OpenAPI 3.2, 4.12; Swagger 2.0, Parameter Object). */
import { isObject, type Json, type JsonObject, own, text } from '../json.ts'
import { plainText } from './plain-text.ts'
import { DocumentError, type Resolve, readable } from './resolve.ts'
import type { Version } from './version.ts'

export interface DocumentParameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie' | 'querystring'
  required: boolean
  description: string | undefined
  deprecated: boolean
  style: string
  explode: boolean
  allowReserved: boolean
  allowEmptyValue: boolean
  schema: Json | undefined
  /** What a number counts, as `x-unit` says: OpenAPI has no word of its own for it. */
  unit?: string | undefined
  /** A value that the document shows. */
  example: Json | undefined
  /** Media type, where the value is sent serialised as one. */
  content: string | undefined
}

export interface Parameters {
  parameters: DocumentParameter[]
  /** What was read otherwise than it stands there. */
  repairs: Repair[]
}

/** How something was read that the document says wrongly or not at all; `parameter` where it is of one. */
export interface Repair {
  parameter?: string
  message: string
}

/** Styles by place; the first is the default (OpenAPI 3.2, 4.12.2). `tabDelimited` is Swagger 2.0's `tsv`. */
const STYLES: Record<DocumentParameter['in'], readonly string[]> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject', 'tabDelimited'],
  header: ['simple'],
  cookie: ['form', 'cookie'],
  querystring: ['form'],
}

/** What a whole query is, where the document does not say (OpenAPI 3.2, 4.12.2.2). */
const FORM = 'application/x-www-form-urlencoded'

/** Swagger 2.0's collection formats in the words of OpenAPI 3. */
const COLLECTIONS: Record<string, { style?: string; explode: boolean }> = {
  csv: { explode: false },
  ssv: { style: 'spaceDelimited', explode: false },
  tsv: { style: 'tabDelimited', explode: false },
  pipes: { style: 'pipeDelimited', explode: false },
  multi: { explode: true },
}

/** Keywords that Swagger 2.0 writes on the parameter itself. */
const SWAGGER_SCHEMA =
  /^(type|format|items|default|enum|minimum|maximum|exclusiveMinimum|exclusiveMaximum|multipleOf|minLength|maxLength|pattern|minItems|maxItems|uniqueItems)$/

/** Later lists override earlier ones by place and name. `path` is the template whose variables must all have one. */
export function mergeParameters(
  lists: (Json | undefined)[],
  path: string,
  version: Version,
  resolve: Resolve,
): Parameters {
  const merged = new Map<string, DocumentParameter>()
  const repairs: Repair[] = []
  if (lists.some((list) => list !== undefined && list !== null && !Array.isArray(list)))
    repairs.push({ message: 'parameters is no list, and is left out' })
  for (const entry of lists.flatMap((list) => (Array.isArray(list) ? list : []))) {
    const node = resolve(entry)
    const unusable = misplaced(node)
    if (unusable !== undefined) repairs.push({ message: unusable })
    else {
      const parameter = read(node as JsonObject, version, resolve, repairs)
      merged.set(`${parameter.in} ${parameter.name}`, parameter)
    }
  }
  return { parameters: placed([...merged.values()], path, repairs), repairs }
}

/** Why a parameter is no part of a GET; throws DocumentError where the GET cannot do without it. */
function misplaced(node: Json | undefined): string | undefined {
  if (!isObject(node)) return 'a parameter that is no object is left out'
  const { name, in: place, required } = node
  const named = typeof name === 'string' && name !== ''
  if (named && typeof place === 'string' && Object.hasOwn(STYLES, place)) return undefined
  const what = named ? `the parameter ${name}` : 'a parameter without a name'
  const where = place === undefined ? 'in no place' : `in ${JSON.stringify(place)}`
  if (required === true) throw new DocumentError(`${what} is ${where}, where a GET has none, and required`)
  return `${what} is ${where}, where a GET has none, and is left out`
}

function read(node: JsonObject, version: Version, resolve: Resolve, repairs: Repair[]): DocumentParameter {
  const name = node.name as string
  const place = node.in as DocumentParameter['in']
  const [stated, media] = isObject(node.content) ? (Object.entries(node.content)[0] ?? []) : []
  const content = stated ?? (place === 'querystring' ? FORM : undefined)
  const body = stated === undefined ? undefined : resolve(media)
  const schema = isObject(body) ? body.schema : version === '2.0' ? swaggerSchema(node) : node.schema
  return {
    name,
    in: place,
    required: place === 'path' || node.required === true,
    description: typeof node.description === 'string' ? plainText(node.description) : undefined,
    deprecated: node.deprecated === true || schemaOf(schema, resolve).deprecated === true,
    ...(version === '2.0' ? collection : styled)(node, place, repairs),
    allowReserved: node.allowReserved === true,
    allowEmptyValue: node.allowEmptyValue === true,
    schema,
    unit: text(node['x-unit'] ?? schemaOf(schema, resolve)['x-unit']),
    example: exampleOf(node, resolve) ?? exampleOf(body, resolve) ?? schemaExample(schema, resolve),
    content,
  }
}

function styled(node: JsonObject, place: DocumentParameter['in'], repairs: Repair[]) {
  const known = STYLES[place]
  const stated = text(node.style)
  const style = stated !== undefined && known.includes(stated) ? stated : known[0]!
  if (stated !== undefined && style !== stated)
    repairs.push({
      parameter: String(node.name),
      message: `${node.name}: style ${stated} does not exist in ${place}`,
    })
  const explode = typeof node.explode === 'boolean' ? node.explode : style === 'form' || style === 'cookie'
  return { style, explode }
}

function collection(node: JsonObject, place: DocumentParameter['in'], repairs: Repair[]) {
  const known = STYLES[place]
  const stated = node.collectionFormat === undefined ? 'csv' : spelled(node.collectionFormat)
  const format = own(COLLECTIONS, stated)
  const { style = known[0]!, explode } = format ?? COLLECTIONS.csv!
  const sendable = known.includes(style)
  if (format === undefined || !sendable)
    repairs.push({
      parameter: String(node.name),
      message: `${node.name}: collectionFormat ${stated} cannot be sent in ${place}`,
    })
  return { style: sendable ? style : known[0]!, explode }
}

/** An object may say of itself that it is no text. */
function spelled(value: Json): string {
  return text(value) ?? JSON.stringify(value)
}

function swaggerSchema(node: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(node).filter(([keyword]) => SWAGGER_SCHEMA.test(keyword)))
}

/** Of a parameter or its content: one, or several by name. */
function exampleOf(node: Json | undefined, resolve: Resolve): Json | undefined {
  const { example, examples } = isObject(node) ? node : {}
  if (example !== undefined) return example
  const [first] = isObject(examples) ? Object.values(examples) : []
  if (first === undefined || (isObject(first) && typeof first.$ref === 'string')) return undefined
  const shown = resolve(first)
  return isObject(shown) ? (shown.value ?? shown.dataValue) : undefined
}

/** What stands on the schema itself; nothing where it cannot be read. */
function schemaOf(schema: Json | undefined, resolve: Resolve): JsonObject {
  const read = schema === undefined ? undefined : readable(schema, resolve)
  return isObject(read) ? read : {}
}

/** Of a schema: one (OpenAPI 3.0), or a list (JSON Schema 2020-12, 9.5). */
function schemaExample(schema: Json | undefined, resolve: Resolve): Json | undefined {
  const { example, examples } = schemaOf(schema, resolve)
  return example ?? (Array.isArray(examples) ? examples[0] : undefined)
}

/** Every variable of the template has a parameter, and every parameter in the path has a place there. */
function placed(parameters: DocumentParameter[], path: string, repairs: Repair[]): DocumentParameter[] {
  const variables = [...new Set([...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!))]
  const kept = parameters.filter((parameter) => parameter.in !== 'path' || variables.includes(parameter.name))
  for (const lost of parameters.filter((parameter) => !kept.includes(parameter)))
    repairs.push({ parameter: lost.name, message: `${lost.name} has no place in ${path}` })
  const missing = variables.filter((name) => !kept.some((each) => each.in === 'path' && each.name === name))
  for (const name of missing) repairs.push({ message: `the path needs ${name}, which is not described` })
  return [...missing.map(assumed), ...kept]
}

function assumed(name: string): DocumentParameter {
  return {
    name,
    in: 'path',
    required: true,
    description: undefined,
    deprecated: false,
    style: 'simple',
    explode: false,
    allowReserved: false,
    allowEmptyValue: false,
    schema: { type: 'string' },
    example: undefined,
    content: undefined,
  }
}
