/** Compiles a document and a declaration into a catalog, or names every fault at once and refuses. */
import { type Operation, operations } from '../document/operations.ts'
import { type Resolve, resolver } from '../document/resolve.ts'
import { StartError } from '../errors.ts'
import { isObject, type JsonObject, text } from '../json.ts'
import { isBaseUrl } from '../settings.ts'
import { closest } from '../tools/closest.ts'
import type { Tool } from '../tools/tool.ts'
import type { Catalog } from './catalog.ts'
import { compileCompletions } from './completions.ts'
import type { Declaration } from './declaration.ts'
import { exposed } from './exposed.ts'
import { clashes, declarationFaults } from './faults.ts'
import { mirrorArguments } from './mirrored.ts'
import { toolNameFault } from './names.ts'
import { ownPlaces } from './parameters.ts'
import { compilePrompts, promptFaults } from './prompts.ts'
import { addressResources } from './resources.ts'
import { shapeFaults } from './shape.ts'
import { compileTool } from './tool.ts'

/** `document` is an OpenAPI 3.1 document as parsed JSON. Throws StartError. */
export function compile(declaration: Declaration, document: unknown): Catalog {
  const shape = shapeFaults(declaration)
  try {
    return compileAll(declaration, document, [...shape])
  } catch (error) {
    // What has not the shape of a declaration can only be looked into so far.
    if (error instanceof TypeError && shape.length > 0) throw refused(declaration, shape)
    if (error instanceof RangeError) throw refused(declaration, ['the document is nested too deeply'])
    throw error
  }
}

function refused(declaration: Declaration | undefined, faults: string[]): StartError {
  return new StartError(`The connector ${declaration?.name} cannot be compiled`, faults)
}

function compileAll(declaration: Declaration, document: unknown, faults: string[]): Catalog {
  const root = isObject(document) ? document : {}
  if (!text(root.openapi)?.startsWith('3.1')) faults.push('the document is not OpenAPI 3.1')
  const resolve = resolver(root)
  const known = index(root, resolve)
  const tools = compileTools(declaration, known, resolve, faults)
  nameTools(tools)
  faults.push(
    ...clashes(tools),
    ...addressResources(declaration, tools),
    ...mirrorArguments(declaration, tools),
    ...declarationFaults(declaration),
    ...promptFaults(declaration.prompts ?? {}, tools),
  )
  const server = declaration.server ?? firstServer(root)
  if (!isBaseUrl(server))
    faults.push(`no usable server: ${JSON.stringify(server)} is not a plain http(s) URL`)
  const ready = bareGet('ready', declaration.ready, known, faults)
  const proof = bareGet('access.signIn.proof', proofOf(declaration), known, faults)
  if (faults.length > 0) throw refused(declaration, faults)
  return {
    name: declaration.name,
    title: declaration.title,
    description: declaration.description,
    server: server.replace(/\/$/, ''),
    toolNames: declaration.toolNames ?? 'auto',
    upstreamErrors: declaration.upstreamErrors ?? 'result',
    credentialOrigins: declaration.credentialOrigins ?? [],
    access: declaration.access,
    scopes: declaration.scopes ?? {},
    ...(ready !== undefined && { ready }),
    ...(proof !== undefined && { proof }),
    namespaces: Object.entries(declaration.namespaces).map(([name, { title, description }]) => ({
      name,
      title,
      description,
    })),
    tools,
    prompts: compilePrompts(declaration.prompts ?? {}),
    completions: compileCompletions(declaration, tools),
    openapi: exposed(root, server, tools, resolve),
  }
}

/** By `operationId`; more than one where the document gives an id twice. */
type Known = Map<string, Operation[]>

function index(document: JsonObject, resolve: Resolve): Known {
  const known: Known = new Map()
  for (const operation of operations(document, resolve)) {
    if (operation.id !== undefined) known.set(operation.id, [...(known.get(operation.id) ?? []), operation])
  }
  return known
}

function compileTools(declaration: Declaration, known: Known, resolve: Resolve, faults: string[]): Tool[] {
  const tools: Tool[] = []
  const own = ownPlaces(declaration.access)
  for (const [namespace, { tools: actions, ...shared }] of Object.entries(declaration.namespaces)) {
    const offered = new Set<string>()
    for (const [action, declared] of Object.entries(actions)) {
      const name = `${namespace}.${action}`
      const operation = usable(declared.operation, known)
      faults.push(...[toolNameFault(namespace, action)].filter((fault) => fault !== undefined))
      if (typeof operation === 'string') {
        faults.push(`${name}: ${operation}`)
        continue
      }
      const compiled = compileTool({ namespace, name, shared, declared, operation, own }, resolve)
      faults.push(...compiled.faults.map((each) => `${name}: ${each}`))
      for (const argument of Object.keys(compiled.tool.inputSchema.properties)) offered.add(argument)
      tools.push(compiled.tool)
    }
    const unknown = Object.keys(shared.defaults ?? {}).filter((argument) => !offered.has(argument))
    faults.push(
      ...unknown.map((argument) => `${namespace}: no tool has the argument ${argument}, which defaults name`),
    )
  }
  return tools
}

/** Begins with a slash and holds nothing that a URL parser would fold, end the path at, or drop. */
const PATH = /^(?!.*\/\.{1,2}(\/|$))\/[^\\?#\s\x00-\x20]*$/

/** The operation, or why it cannot become a tool. */
function usable(id: string, known: Known): Operation | string {
  const [operation, second] = known.get(id) ?? []
  if (operation === undefined) {
    const near = closest(id, [...known.keys()])
    return `the document has no operation ${id}${near === undefined ? '' : `; did you mean ${near}?`}`
  }
  if (second !== undefined) return `the document has two operations ${id}`
  if (operation.fault !== undefined) return operation.fault
  if (operation.method !== 'get')
    return `${id} is ${operation.method.toUpperCase()}, and only GET is ever sent`
  return PATH.test(operation.path)
    ? operation
    : `the path ${JSON.stringify(operation.path)} is not one that can be sent`
}

/** A document speaks of its operations by `operationId`; a model knows them by the tool's name. */
function nameTools(tools: Tool[]): void {
  const names = new Map(tools.map((tool) => [tool.operation, tool.name]))
  const rename = (words: string) => words.replace(/`(\w+)`/g, (code, id: string) => names.get(id) ?? code)
  for (const tool of tools) {
    tool.description = rename(tool.description)
    for (const schema of Object.values(tool.inputSchema.properties)) {
      if (schema.description !== undefined) schema.description = rename(schema.description)
    }
  }
}

function firstServer(document: JsonObject): string {
  const [server] = Array.isArray(document.servers) ? document.servers : []
  return (isObject(server) && text(server.url)) || ''
}

function proofOf({ access }: Declaration): string | undefined {
  return access?.type === 'oauth' && access.signIn?.type === 'credentials' ? access.signIn.proof : undefined
}

/** The path of a GET that can be sent without arguments; `member` of the declaration names it. */
function bareGet(member: string, id: string | undefined, known: Known, faults: string[]): string | undefined {
  if (id === undefined) return undefined
  const operation = usable(id, known)
  if (typeof operation !== 'string' && operation.parameters.every((parameter) => !parameter.required))
    return operation.path
  faults.push(`${member}: ${typeof operation === 'string' ? operation : `${id} has required parameters`}`)
  return undefined
}
