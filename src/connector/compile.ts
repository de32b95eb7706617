/** Compiles a document and a declaration into a catalog, or names every fault at once and refuses. */
import { type Operation, operations } from '../document/operations.ts'
import { DocumentError, type Resolve, resolver } from '../document/resolve.ts'
import { StartError } from '../errors.ts'
import { isObject, type JsonObject, text } from '../json.ts'
import type { Tool } from '../tools/tool.ts'
import type { Catalog, Prompt } from './catalog.ts'
import type { Declaration, PromptDeclaration } from './declaration.ts'
import { exposed } from './exposed.ts'
import { folded, toolNameFault } from './names.ts'
import { compileTool } from './tool.ts'

/** `document` is an OpenAPI 3.1 document as parsed JSON. Throws StartError. */
export function compile(declaration: Declaration, document: unknown): Catalog {
  const faults: string[] = []
  const root = isObject(document) ? document : {}
  if (!text(root.openapi)?.startsWith('3.1')) faults.push('the document is not OpenAPI 3.1')
  const resolve = resolver(root)
  const known = index(root, resolve, faults)
  const tools = compileTools(declaration, known, resolve, faults)
  nameTools(tools)
  faults.push(
    ...clashes(tools),
    ...declarationFaults(declaration),
    ...promptFaults(declaration.prompts ?? {}, tools),
  )
  const server = declaration.server ?? firstServer(root)
  if (!URL.canParse(server))
    faults.push('neither the document nor the declaration names a server with an absolute URL')
  const ready = declaration.ready === undefined ? undefined : readyPath(declaration.ready, known, faults)
  if (faults.length > 0) throw new StartError(`The connector ${declaration.name} cannot be compiled`, faults)
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
    namespaces: Object.entries(declaration.namespaces).map(([name, { title, description }]) => ({
      name,
      title,
      description,
    })),
    tools,
    prompts: Object.entries(declaration.prompts ?? {}).map(compilePrompt),
    openapi: exposed(
      root,
      tools.map((tool) => tool.path),
    ),
  }
}

type Known = Map<string, Operation>

function index(document: JsonObject, resolve: Resolve, faults: string[]): Known {
  try {
    const named = operations(document, resolve).filter((operation) => operation.id !== undefined)
    return new Map(named.map((operation) => [operation.id!, operation]))
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    faults.push(error.message)
    return new Map()
  }
}

function compileTools(declaration: Declaration, known: Known, resolve: Resolve, faults: string[]): Tool[] {
  const tools: Tool[] = []
  for (const [namespace, { tools: actions, ...shared }] of Object.entries(declaration.namespaces)) {
    for (const [action, declared] of Object.entries(actions)) {
      const name = `${namespace}.${action}`
      const operation = known.get(declared.operation)
      const fault = toolNameFault(namespace, action)
      if (fault !== undefined) faults.push(fault)
      if (operation === undefined) faults.push(`${name}: the document has no operation ${declared.operation}`)
      else if (operation.method !== 'get')
        faults.push(
          `${name}: ${declared.operation} is ${operation.method.toUpperCase()}, and only GET is ever sent`,
        )
      else {
        const compiled = compileTool(namespace, name, shared, declared, operation, resolve)
        faults.push(...compiled.faults.map((each) => `${name}: ${each}`))
        tools.push(compiled.tool)
      }
    }
  }
  return tools
}

/** A document speaks of its operations by `operationId`; a model knows them by the tool's name. */
function nameTools(tools: Tool[]): void {
  const names = new Map(tools.map((tool) => [tool.operation, tool.name]))
  const rename = (words: string) => words.replace(/`(\w+)`/g, (code, id: string) => names.get(id) ?? code)
  for (const tool of tools) {
    tool.description = rename(tool.description)
    for (const schema of Object.values(tool.inputSchema.properties))
      schema.description = rename(schema.description ?? '')
  }
}

/** Two tools that a client would take for one, the second of which could never be called. */
function clashes(tools: Tool[]): string[] {
  const seen = new Map<string, string>()
  return tools.flatMap(({ name }) => {
    const earlier = seen.get(folded(name))
    seen.set(folded(name), name)
    return earlier === undefined
      ? []
      : [`${name} and ${earlier} are one name to clients that write dots as underscores`]
  })
}

function declarationFaults({
  name,
  namespaces,
  scopes = {},
  access,
  credentialOrigins = [],
}: Declaration): string[] {
  const faults: string[] = []
  if (!/^[a-z][a-z0-9-]{1,15}$/.test(name))
    faults.push(`the name ${JSON.stringify(name)} does not match ^[a-z][a-z0-9-]{1,15}$`)
  for (const [namespace, { scope }] of Object.entries(namespaces)) {
    if (scope !== undefined && !Object.hasOwn(scopes, scope))
      faults.push(`${namespace}: the scope ${scope} is not declared`)
  }
  for (const origin of credentialOrigins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      faults.push(`credentialOrigins: ${origin} is not an origin`)
  }
  const headers = access.type === 'apiKey' ? [access.header, access.forward?.header] : []
  for (const header of headers) {
    if (header !== undefined && !/^[\w-]+$/.test(header))
      faults.push(`access: ${JSON.stringify(header)} is not a header name`)
  }
  return faults
}

function compilePrompt([name, { arguments: args = {}, ...prompt }]: [string, PromptDeclaration]): Prompt {
  const list = Object.entries(args).map(([argument, { description, required = false }]) => ({
    name: argument,
    description,
    required,
  }))
  return { name, ...prompt, arguments: list }
}

function promptFaults(prompts: Record<string, PromptDeclaration>, tools: Tool[]): string[] {
  return Object.entries(prompts).flatMap(([name, { arguments: args = {}, text: words, tools: needed }]) => [
    ...[...words.matchAll(/\{(\w+)\}/g)]
      .filter(([, argument]) => !Object.hasOwn(args, argument!))
      .map(([placeholder]) => `prompt ${name}: ${placeholder} is no argument of it`),
    ...needed
      .filter((tool) => !tools.some((each) => each.name === tool))
      .map((tool) => `prompt ${name}: there is no tool ${tool}`),
  ])
}

function firstServer(document: JsonObject): string {
  const [server] = Array.isArray(document.servers) ? document.servers : []
  return (isObject(server) && text(server.url)) || ''
}

function readyPath(id: string, known: Known, faults: string[]): string | undefined {
  const operation = known.get(id)
  const usable = operation?.method === 'get' && operation.parameters.every((parameter) => !parameter.required)
  if (!usable) faults.push(`ready: ${id} is not a GET without required parameters`)
  return operation?.path
}
