/** One declared tool and its operation, compiled: safe schema, parameters that can be sent, words for a model. */
import { describe } from '../document/limits.ts'
import type { DocumentParameter } from '../document/operations.ts'
import { DocumentError, type Resolve } from '../document/resolve.ts'
import { clientSchema } from '../document/schema.ts'
import { type Json, own, type Schema } from '../json.ts'
import { reveal } from '../tools/invisible.ts'
import type { Parameter, Style, Tool } from '../tools/tool.ts'
import { readValue } from '../tools/value.ts'
import type { NamespaceDeclaration, ToolDeclaration } from './declaration.ts'
import { type Offer, offeredParameters, offerFaults } from './parameters.ts'

/** Everything that one tool is compiled from. */
export interface Source extends Offer {
  namespace: string
  name: string
  shared: Omit<NamespaceDeclaration, 'tools'>
}

/** Compiles one tool; the tool is whole even where there are faults, so that all of them can be told. */
export function compileTool(source: Source, resolve: Resolve): { tool: Tool; faults: string[] } {
  const { namespace, name, shared, declared, operation } = source
  const faults: string[] = []
  const description = (declared.description ?? operation.description ?? operation.summary ?? '').trim()
  if (description === '') faults.push('neither the declaration nor the document describes it')
  const offered = offeredParameters(source)
  faults.push(...offerFaults(source, offered))
  const properties = offered.map(
    (parameter) => [parameter.name, argumentSchema(parameter, declared, resolve, faults)] as const,
  )
  const defaults = Object.entries(shared.defaults ?? {}).filter(([argument]) =>
    properties.some(([offer]) => offer === argument),
  )
  for (const [argument, preset] of defaults) {
    const read = readValue(properties.find(([offer]) => offer === argument)![1], preset, argument)
    if (read.problems) faults.push(`defaults: ${read.problems.join('; ')}`)
  }
  const required = offered.filter((parameter) => parameter.required).map((parameter) => parameter.name)
  const tool: Tool = {
    name,
    namespace,
    title: reveal(declared.title),
    description: reveal(description),
    scopes: shared.scope === undefined ? [] : [shared.scope],
    inputSchema: inputSchema(Object.fromEntries(properties), Object.fromEntries(defaults), required),
    operation: declared.operation,
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

function argumentSchema(
  parameter: DocumentParameter,
  declared: ToolDeclaration,
  resolve: Resolve,
  faults: string[],
): Schema {
  try {
    const schema = closed(clientSchema(parameter.schema, resolve), parameter)
    const words = own(declared.arguments ?? {}, parameter.name) ?? parameter.description
    const description = reveal(words ?? schema.description ?? '')
    return description === '' ? schema : { ...schema, description }
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    faults.push(`${parameter.name}: ${error.message}`)
    return { type: 'string' }
  }
}

/** An exploded object names parameters by its members, so it takes those that the document lists, unless it says more. */
function closed(schema: Schema, { explode, style }: DocumentParameter): Schema {
  const naming = schema.type === 'object' && explode && style === 'form'
  return naming && schema.additionalProperties === undefined
    ? { ...schema, additionalProperties: false }
    : schema
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
    const description = describe(whole, schema.description)
    return [name, { ...whole, ...(description !== '' && { description }) }] as const
  })
  return {
    type: 'object',
    properties: Object.fromEntries(described),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}

/** `allowReserved` is for queries alone (OpenAPI 3.1, 4.8.12): elsewhere a reserved character would end the value. */
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
    allowReserved: allowReserved && place === 'query',
    json: content !== undefined,
  }
}
