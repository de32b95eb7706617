/** A catalog out of a declaration, its document and the tools that were compiled. */
import type { OpenDocument } from '../document/document.ts'
import { SLASHES } from '../document/servers.ts'
import { isBaseUrl } from '../settings.ts'
import type { Tool } from '../tools/tool.ts'
import type { Catalog } from './catalog.ts'
import { compileCompletions } from './completions.ts'
import type { Declaration } from './declaration.ts'
import { exposed } from './exposed.ts'
import { compileKnowledge } from './knowledge.ts'
import { type Known, usable } from './known.ts'
import { compilePrompts } from './prompts.ts'

/** The catalog is whole even where there are faults, so that all of them can be told. */
export function assemble(
  declaration: Declaration,
  opened: OpenDocument,
  known: Known,
  tools: Tool[],
): { catalog: Catalog; faults: string[] } {
  const faults: string[] = []
  const server = serverOf(declaration, opened, faults)
  const ready = bareGet('ready', declaration.ready, known, faults)
  const proof = bareGet('access.signIn.proof', proofOf(declaration), known, faults)
  const { knowledge, faults: unusable } = compileKnowledge(declaration, opened, known, tools)
  faults.push(...unusable)
  const catalog: Catalog = {
    name: declaration.name,
    title: declaration.title,
    description: declaration.description,
    server,
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
    allowPrefixes: declaration.resources?.allowPrefixes ?? [],
    ...(declaration.offersSince !== undefined && { offersSince: declaration.offersSince }),
    tools,
    prompts: compilePrompts(declaration.prompts ?? {}),
    knowledge,
    discovery: declaration.discovery ?? false,
    completions: compileCompletions(declaration, tools),
    openapi: exposed(opened, known, server, tools),
  }
  return { catalog, faults }
}

function serverOf(
  { server: declared }: Declaration,
  { server: named }: OpenDocument,
  faults: string[],
): string {
  const server = declared ?? named
  if (server === undefined) faults.push('no usable server: the document names none, so declare one')
  else if (!isBaseUrl(server))
    faults.push(`no usable server: ${JSON.stringify(server)} is not a plain http(s) URL`)
  return (server ?? '').replace(SLASHES, '')
}

function proofOf({ access }: Declaration): string | undefined {
  return access?.type === 'oauth' && access.signIn?.type === 'credentials' ? access.signIn.proof : undefined
}

/** The path of a GET that can be sent without arguments; `member` of the declaration names it. */
function bareGet(
  member: string,
  name: string | undefined,
  known: Known,
  faults: string[],
): string | undefined {
  if (name === undefined) return undefined
  const operation = usable(name, known)
  if (typeof operation === 'string') faults.push(`${member}: ${operation}`)
  else if (operation.atOrigin) faults.push(`${member}: ${name} has a server of its own`)
  else if (operation.parameters.some(({ required }) => required))
    faults.push(`${member}: ${name} has required parameters`)
  else return operation.path
  return undefined
}
