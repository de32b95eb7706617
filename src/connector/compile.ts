/** Compiles a document and a declaration into a catalog, or names every fault at once and refuses. */
import { type OpenDocument, openDocument } from '../document/document.ts'
import { DocumentError } from '../document/resolve.ts'
import { StartError } from '../errors.ts'
import type { Tool } from '../tools/tool.ts'
import { addressFaults } from './addresses.ts'
import { addAliases } from './aliases.ts'
import { assemble } from './assemble.ts'
import type { Catalog } from './catalog.ts'
import type { AnswerDeclaration, Declaration, NamespaceDeclaration } from './declaration.ts'
import { clashes, declarationFaults, hidden } from './faults.ts'
import { index, type Known, usable } from './known.ts'
import { mirrorArguments } from './mirrored.ts'
import { toolNameFault, underscored } from './names.ts'
import { ownPlaces } from './parameters.ts'
import { promptFaults } from './prompts.ts'
import { addressResources } from './resources.ts'
import { shapeFaults } from './shape.ts'
import { type Compiled, compileTool } from './tool.ts'
import { wellShaped } from './well-shaped.ts'

export interface CompileOptions {
  /** When the document was last taken in, as the lock says it (ISO 8601); `/health` tells it. */
  synced?: string | undefined
}

/** `document` is an OpenAPI or Swagger document as parsed JSON. Throws StartError. */
export function compile(
  declaration: Declaration,
  document: unknown,
  { synced }: CompileOptions = {},
): Catalog {
  const shape = shapeFaults(declaration)
  const declared = shape.length === 0 ? declaration : wellShaped(declaration)
  const refuse = (faults: string[]) =>
    new StartError(`The connector ${declaration?.name ?? '(without a name)'} cannot be compiled`, [
      ...shape,
      ...faults,
    ])
  try {
    const { server } = declared
    const opened = openDocument(document, server === undefined ? {} : { server })
    const { catalog, faults } = compileAll(declared, opened)
    if (shape.length + faults.length > 0) throw refuse(faults)
    return { ...catalog, ...(synced !== undefined && { synced }) }
  } catch (error) {
    if (error instanceof DocumentError)
      throw refuse([...declarationFaults(declared), `the document: ${error.message}`])
    if (error instanceof RangeError) throw refuse(['the document is nested too deeply'])
    throw error
  }
}

function compileAll(declaration: Declaration, opened: OpenDocument): { catalog: Catalog; faults: string[] } {
  const known = index(opened.operations)
  const outcomes = compileTools(declaration, opened, known)
  const tools = outcomes.flatMap(({ compiled }) => compiled?.tool ?? [])
  const added = [
    ...addAliases(declaration, tools),
    ...addressResources(declaration, tools),
    ...mirrorArguments(declaration, tools),
  ]
  const { catalog, faults } = assemble(declaration, opened, known, tools)
  const all = [
    ...outcomes.flatMap(declaredFaults),
    ...unknownDefaults(declaration, tools),
    ...clashes(tools),
    ...hidden(declaration, tools),
    ...added,
    ...declarationFaults(declaration),
    ...addressFaults(declaration, tools),
    ...promptFaults(declaration.prompts ?? {}, tools),
    ...faults,
  ]
  return { catalog, faults: all }
}

/** What became of one declared tool. */
export interface Outcome {
  name: string
  /** As the declaration names it. */
  operation: string
  omit: readonly string[]
  /** Absent where the document has no such GET; the faults then say so. */
  compiled?: Compiled
  faults: string[]
}

/** Every declared tool, in the order of the declaration. */
export function compileTools(declaration: Declaration, opened: OpenDocument, known: Known): Outcome[] {
  const own = ownPlaces(declaration.access, opened)
  const outcomes = Object.entries(declaration.namespaces).flatMap(
    ([namespace, { tools: actions, ...shared }]) =>
      Object.entries(actions).map(([action, declared]): Outcome => {
        const name = `${namespace}.${action}`
        const named = [toolNameFault(namespace, action)].filter((fault) => fault !== undefined)
        const operation = usable(declared.operation, known)
        const outcome = { name, operation: declared.operation, omit: declared.omit ?? [] }
        if (typeof operation === 'string') return { ...outcome, faults: [...named, operation] }
        const { resolve } = opened
        const answers = nearest(declaration.answers, shared.answers, declared.answers)
        const compiled = compileTool({ namespace, name, shared, declared, operation, answers, own, resolve })
        return { ...outcome, compiled, faults: [...named, ...compiled.faults] }
      }),
  )
  nameTools(
    outcomes.flatMap(({ compiled }) => compiled?.tool ?? []),
    known,
    declaration.toolNames === 'underscore' ? underscored : (name) => name,
  )
  return outcomes
}

/** From the outermost level to the innermost; false ends what stood before it. */
function nearest(...levels: (AnswerDeclaration | false | undefined)[]): AnswerDeclaration | false {
  return levels.reduce<AnswerDeclaration | false>(
    (outer, level) => (level === undefined ? outer : level && { ...(outer || {}), ...level }),
    {},
  )
}

/** A document that is declared for has an owner who can mend it: what had to be repaired is a fault, but for what is omitted. */
function declaredFaults({ name, faults, compiled, omit }: Outcome): string[] {
  const repairs = (compiled?.repairs ?? []).filter(
    ({ parameter }) => parameter === undefined || !omit.includes(parameter),
  )
  return [...faults, ...repairs.map(({ message }) => message)].map((fault) => `${name}: ${fault}`)
}

function unknownDefaults({ namespaces }: Declaration, tools: Tool[]): string[] {
  return Object.entries(namespaces).flatMap(
    ([namespace, { defaults = {} }]: [string, NamespaceDeclaration]) => {
      const offered = tools.filter((tool) => tool.namespace === namespace)
      const known = new Set(
        offered.flatMap((tool) => tool.parameters.flatMap(({ argument, name }) => [argument, name])),
      )
      return Object.keys(defaults)
        .filter((argument) => !known.has(argument))
        .map((argument) => `${namespace}: no tool has the argument ${argument}, which defaults name`)
    },
  )
}

/** A document speaks of its operations by `operationId`; a model knows them by the tool's name, as `listed`. */
function nameTools(tools: Tool[], known: Known, listed: (name: string) => string): void {
  const names = new Map<string, string>()
  for (const tool of tools)
    for (const { id } of known.get(tool.operation) ?? []) if (id) names.set(id, listed(tool.name))
  const rename = (words: string) => words.replace(/`(\w+)`/g, (code, id: string) => names.get(id) ?? code)
  for (const tool of tools) {
    tool.description = rename(tool.description)
    for (const schema of Object.values(tool.inputSchema.properties)) {
      if (schema.description !== undefined) schema.description = rename(schema.description)
    }
  }
}
