/** One declared tool and its operation, compiled: safe schema, parameters that can be sent, words for a model. */
import { describe } from '../document/limits.ts'
import type { DocumentParameter, Operation } from '../document/operations.ts'
import { DocumentError, type Resolve } from '../document/resolve.ts'
import { clientSchema } from '../document/schema.ts'
import { type Json, own, type Schema } from '../json.ts'
import type { Parameter, Style, Tool } from '../tools/tool.ts'
import type { NamespaceDeclaration, ToolDeclaration } from './declaration.ts'
import { argumentFault } from './names.ts'

type Shared = Omit<NamespaceDeclaration, 'tools'>

/** Styles by place (OpenAPI 3.1, 4.8.12.2). */
const STYLES: Record<DocumentParameter['in'], Style[]> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
}

/** Headers that OpenAPI says to ignore as parameters; the connector sets them itself. */
const OWN_HEADERS = new Set(['accept', 'content-type', 'authorization'])
/** Headers that decide where a message goes or ends; no argument may set one. */
const FRAMING =
  /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|cookie|forwarded|x-forwarded-.*)$/

/** Compiles one tool; the tool is whole even where there are faults, so that all of them can be told. */
export function compileTool(
  namespace: string,
  name: string,
  shared: Shared,
  declared: ToolDeclaration,
  operation: Operation,
  resolve: Resolve,
): { tool: Tool; faults: string[] } {
  const faults: string[] = []
  const description = (declared.description ?? operation.description ?? operation.summary ?? '').trim()
  if (description === '') faults.push('neither the declaration nor the document describes it')
  const offered = operation.parameters.filter((parameter) => isOffered(parameter, declared))
  faults.push(
    ...offered.flatMap(parameterFaults),
    ...templateFaults(operation, offered),
    ...declaredFaults(declared, operation),
  )
  const properties = offered.map(
    (parameter) => [parameter.name, argumentSchema(parameter, declared, resolve, faults)] as const,
  )
  const defaults = Object.entries(shared.defaults ?? {}).filter(([argument]) =>
    properties.some(([offer]) => offer === argument),
  )
  const required = offered.filter((parameter) => parameter.required).map((parameter) => parameter.name)
  const tool: Tool = {
    name,
    namespace,
    title: declared.title,
    description,
    scopes: shared.scope === undefined ? [] : [shared.scope],
    inputSchema: inputSchema(Object.fromEntries(properties), Object.fromEntries(defaults), required),
    operation: operation.id ?? `GET ${operation.path}`,
    path: operation.path,
    parameters: offered.map(toParameter),
    defaults: Object.fromEntries(defaults),
    accept: [
      'application/json',
      ...operation.produces.filter((type) => type !== 'application/json'),
      '*/*;q=0.1',
    ].join(', '),
    produces: operation.produces,
  }
  return { tool, faults }
}

function isOffered(parameter: DocumentParameter, { omit = [] }: ToolDeclaration): boolean {
  if (parameter.in === 'header' && OWN_HEADERS.has(parameter.name.toLowerCase())) return false
  return !omit.includes(parameter.name)
}

function parameterFaults(parameter: DocumentParameter): string[] {
  const { name, style, content } = parameter
  const faults = [argumentFault(name)]
  if (!STYLES[parameter.in].includes(style as Style))
    faults.push(`${name}: style ${style} does not exist in ${parameter.in}`)
  if (content !== undefined && content !== 'application/json')
    faults.push(`${name}: a value cannot be sent as ${content}`)
  if (parameter.in === 'header' && FRAMING.test(name.toLowerCase()))
    faults.push(`${name}: this header cannot be set by an argument`)
  return faults.filter((fault) => fault !== undefined)
}

function templateFaults({ path, parameters }: Operation, offered: DocumentParameter[]): string[] {
  const placed = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!)
  const inPath = offered.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name)
  const names = offered.map((parameter) => parameter.name)
  return [
    ...placed
      .filter((name) => !inPath.includes(name))
      .map((name) => `the path needs ${name}, which cannot be given`),
    ...inPath.filter((name) => !placed.includes(name)).map((name) => `${name} has no place in ${path}`),
    ...names
      .filter((name, at) => names.indexOf(name) !== at)
      .map((name) => `two parameters are called ${name}`),
    ...parameters
      .filter((parameter) => parameter.required && parameter.in !== 'path' && isLost(parameter, offered))
      .map((parameter) => `${parameter.name} is required and cannot be omitted`),
  ]
}

function isLost(parameter: DocumentParameter, offered: DocumentParameter[]): boolean {
  return (
    !offered.includes(parameter) &&
    !(parameter.in === 'header' && OWN_HEADERS.has(parameter.name.toLowerCase()))
  )
}

function declaredFaults(
  { arguments: words = {}, omit = [] }: ToolDeclaration,
  { parameters }: Operation,
): string[] {
  const names = [...Object.keys(words), ...omit]
  return names
    .filter((name) => !parameters.some((parameter) => parameter.name === name))
    .map((name) => `the operation has no parameter ${name}`)
}

function argumentSchema(
  parameter: DocumentParameter,
  declared: ToolDeclaration,
  resolve: Resolve,
  faults: string[],
): Schema {
  try {
    const schema = clientSchema(parameter.schema, resolve)
    const words = own(declared.arguments ?? {}, parameter.name) ?? parameter.description
    return { ...schema, description: words ?? '' }
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    faults.push(`${parameter.name}: ${error.message}`)
    return { type: 'string' }
  }
}

/** Limits and defaults are said in words too, once the connector's own defaults are known. */
function inputSchema(
  properties: Record<string, Schema>,
  defaults: Record<string, Json>,
  required: string[],
): Tool['inputSchema'] {
  const described = Object.entries(properties).map(([name, schema]) => {
    const preset = own(defaults, name)
    const whole: Schema = preset === undefined ? schema : { ...schema, default: preset }
    return [name, { ...whole, description: describe(whole, schema.description) }] as const
  })
  return {
    type: 'object',
    properties: Object.fromEntries(described),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}

function toParameter({
  name,
  in: place,
  style,
  explode,
  allowReserved,
  content,
}: DocumentParameter): Parameter {
  return {
    argument: name,
    name,
    in: place,
    style: style as Style,
    explode,
    allowReserved,
    json: content !== undefined,
  }
}
