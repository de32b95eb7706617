/** One tool and its operation, compiled: safe schema, parameters that can be sent, words for a model. */
import { described } from '../document/limits.ts'
import { listed } from '../document/listed.ts'
import type { Operation } from '../document/operations.ts'
import type { DocumentParameter, Repair } from '../document/parameters.ts'
import { plainText } from '../document/plain-text.ts'
import { DocumentError, type Resolve } from '../document/resolve.ts'
import { type Budget, clientSchema, toolBudget } from '../document/schema.ts'
import { type Json, own, type Schema } from '../json.ts'
import { reveal } from '../tools/invisible.ts'
import type { Content, Members, Parameter, Style, Tool } from '../tools/tool.ts'
import { isBounded, readValue } from '../tools/value.ts'
import { type AnswerSource, compileAnswering } from './answering.ts'
import { argumentNames, safeMembers } from './arguments.ts'
import type { NamespaceDeclaration, ToolDeclaration } from './declaration.ts'
import { contentOf, fixedPlaces, offer, withheld } from './parameters.ts'
import { revealed, visibleValues } from './revealed.ts'
import { slim, withOwn } from './slim.ts'

/** Everything that one tool is compiled from. */
export interface Source extends AnswerSource {
  namespace: string
  name: string
  shared: Omit<NamespaceDeclaration, 'tools'>
  declared: ToolDeclaration
  /** What no argument sets, such as `header authorization`. */
  own: ReadonlySet<string>
}

export interface Compiled {
  /** Whole even where there are faults, so that all of them can be told. */
  tool: Tool
  /** Why it cannot be offered. */
  faults: string[]
  /** What the document says wrongly or leaves open, and the tool can do without. */
  repairs: Repair[]
}

export function compileTool(source: Source): Compiled {
  const { namespace, name, shared, declared, operation } = source
  const taken = new Set([...source.own, ...fixedPlaces(operation)])
  const { parameters, faults, repairs } = offer(operation, taken, declared.omit ?? [])
  const description = (
    declared.description ?? plainText(operation.description ?? operation.summary ?? '')
  ).trim()
  if (description === '') faults.push('neither the declaration nor the document describes it')
  const names = argumentNames(parameters)
  faults.push(...unknownNames(declared, operation, names))
  const budget = toolBudget()
  const compiled = parameters.map((parameter) =>
    argument(parameter, names.get(parameter)!, source, { repairs, budget }),
  )
  const defaults = presets(shared.defaults ?? {}, compiled, faults)
  const hidden = withheld(operation, taken, parameters)
  const tool: Tool = {
    name,
    namespace,
    title: reveal(declared.title),
    description: reveal(description),
    scopes: shared.scope === undefined ? [] : [shared.scope],
    inputSchema: inputSchema(compiled, defaults),
    operation: declared.operation,
    path: operation.path,
    ...(operation.atOrigin && { atOrigin: true as const }),
    parameters: compiled.map(({ parameter }) => parameter),
    ...(hidden.length > 0 && { withheld: hidden }),
    ...acceptsOf(compiled),
    defaults,
    accept: accept(operation.produces),
    produces: operation.produces,
  }
  const { tool: slimmed, lost } = slim(tool)
  if (lost.length > 0)
    repairs.push({ message: `too many arguments for one tool; left out are ${lost.join(', ')}` })
  const { answering, properties, accepts, faults: others } = compileAnswering(slimmed, source)
  faults.push(...others)
  const whole = answering ? withOwn({ ...slimmed, answering }, properties, accepts) : slimmed
  return { tool: whole, faults, repairs }
}

/** Media types that are asked for by name; a header of more is one that no server takes. */
const MOST_TYPES = 20

function accept(produces: string[]): string {
  const others = produces.filter((type) => type !== 'application/json').slice(0, MOST_TYPES)
  return ['application/json', ...others, '*/*;q=0.1'].join(', ')
}

interface Argument {
  parameter: Parameter
  schema: Schema
  /** What the description says besides the words that are there. */
  notes: string[]
  required: boolean
  /** What it takes in full, where `schema` tells less. */
  accepts?: Schema
}

/** What the arguments of one tool share. */
interface Shared {
  repairs: Repair[]
  budget: Budget
}

function argument(
  parameter: DocumentParameter,
  name: string,
  { declared, resolve }: Source,
  shared: Shared,
): Argument {
  const content = parameter.content === undefined ? undefined : contentOf(parameter.content)
  const read = closed(readSchema(parameter, content, resolve, shared), parameter)
  const { schema: whole, members } = safeMembers(read)
  const words = declared.arguments ?? {}
  const stated = own(words, name) ?? own(words, parameter.name) ?? parameter.description ?? whole.description
  const worded = { ...whole, ...(stated !== undefined && { description: stated }) }
  const schema = visibleValues(listed(worded))
  const renamed = name === parameter.name ? [] : [`sent as ${parameter.name}`]
  return {
    parameter: toParameter(parameter, name, content, members),
    schema,
    notes: [
      ...renamed,
      ...(SHOWN.test(parameter.unit ?? '') ? [`unit: ${parameter.unit}`] : []),
      ...sample(parameter.example, schema),
      ...(parameter.deprecated ? ['deprecated'] : []),
    ],
    required: parameter.required,
    ...(JSON.stringify(schema) !== JSON.stringify(worded) && { accepts: whole }),
  }
}

/** A schema that cannot be read leaves text, as which anything can be sent. */
function readSchema(
  { name, schema }: DocumentParameter,
  content: Content | undefined,
  resolve: Resolve,
  { repairs, budget }: Shared,
): Schema {
  try {
    // Where JSON is asked for and nothing said of it, it is an object: filters are.
    if (schema === undefined && content === 'application/json') return { type: 'object' }
    return clientSchema(schema, resolve, content === 'application/json', budget)
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    repairs.push({ parameter: name, message: `${name}: ${error.message}` })
    return { type: 'string' }
  }
}

function acceptsOf(compiled: Argument[]): Pick<Tool, 'accepts'> {
  const pairs = compiled.flatMap(({ parameter, accepts }) =>
    accepts ? [[parameter.argument, accepts] as const] : [],
  )
  return pairs.length > 0 ? { accepts: Object.fromEntries(pairs) } : {}
}

/** An exploded object names parameters by its members, so it takes those that the document lists, unless it says more. */
function closed(schema: Schema, { explode, style, content }: DocumentParameter): Schema {
  const naming =
    schema.type === 'object' && explode && /^(form|cookie|matrix)$/.test(style) && content === undefined
  const listed = Object.keys(schema.properties ?? {}).length > 0
  return naming && listed && schema.additionalProperties === undefined
    ? { ...schema, additionalProperties: false }
    : schema
}

/** One line of words that is worth showing, of at most 40 characters. */
const SHOWN = /^(?=.{1,40}$)\S+( \S+)*$/

/** An example is worth its words where nothing else shows what a text, a list or an object looks like, such as an id. */
function sample(example: Json | undefined, schema: Schema): string[] {
  const told = ['enum', 'default', 'format', 'maxLength'].some(
    (keyword) => keyword in schema || keyword in (schema.items ?? {}),
  )
  if (told || !/^(string|array|object)$/.test(String(schema.type)) || example == null) return []
  const isFitting = typeof example === (schema.type === 'string' ? 'string' : 'object')
  const shown = typeof example === 'string' ? example : JSON.stringify(example)
  const isShown =
    isFitting && SHOWN.test(shown) && isBounded(example) && !readValue(schema, example, '').problems
  return isShown ? [`such as ${shown}`] : []
}

/** The namespace's defaults that this tool has an argument for, under that argument's name. */
function presets(shared: Record<string, Json>, compiled: Argument[], faults: string[]): Record<string, Json> {
  const found = Object.entries(shared).flatMap(([name, preset]) => {
    const at = compiled.find(({ parameter }) => parameter.argument === name || parameter.name === name)
    return at === undefined ? [] : [{ at, name, preset }]
  })
  for (const { at, name, preset } of found) {
    const read = readValue(at.accepts ?? at.schema, preset, name)
    if (read.problems) faults.push(`defaults: ${read.problems.join('; ')}`)
  }
  return Object.fromEntries(found.map(({ at, preset }) => [at.parameter.argument, preset]))
}

/** Limits and defaults are said in words too, once the connector's own defaults are known. */
function inputSchema(compiled: Argument[], defaults: Record<string, Json>): Tool['inputSchema'] {
  const properties = compiled.map(({ parameter, schema, notes }) => {
    const preset = own(defaults, parameter.argument)
    const whole: Schema = preset === undefined ? schema : { ...schema, default: preset }
    return [parameter.argument, revealed(described(whole, notes))] as const
  })
  const required = compiled.filter((each) => each.required).map(({ parameter }) => parameter.argument)
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}

function unknownNames(
  { arguments: words = {}, omit = [] }: ToolDeclaration,
  { parameters }: Operation,
  names: ReadonlyMap<DocumentParameter, string>,
): string[] {
  const known = new Set([...parameters.map(({ name }) => name), ...names.values()])
  const unknown = [...Object.keys(words), ...omit].filter((name) => !known.has(name))
  return unknown.map((name) => `the operation has no parameter ${name}`)
}

/** `allowReserved` is for queries alone (OpenAPI 3.1, 4.8.12): elsewhere a reserved character would end the value. */
function toParameter(
  parameter: DocumentParameter,
  argument: string,
  content: Content | undefined,
  members: Members,
): Parameter {
  const { name, in: place, style, explode, allowReserved, allowEmptyValue } = parameter
  return {
    argument,
    name,
    in: place,
    style: style as Style,
    explode,
    allowReserved: allowReserved && place === 'query',
    allowEmptyValue,
    ...(content !== undefined && { content }),
    ...(Object.keys(members).length > 0 && { members }),
  }
}
