/** What is wrong with a declaration by itself, or with its tools taken together. */
import type { Tool } from '../tools/tool.ts'
import type { Declaration, PromptDeclaration } from './declaration.ts'
import { folded } from './names.ts'

/** Two tools that a client would take for one, the second of which could never be called. */
export function clashes(tools: Tool[]): string[] {
  const seen = new Map<string, string>()
  return tools.flatMap(({ name }) => {
    const earlier = seen.get(folded(name))
    seen.set(folded(name), name)
    return earlier === undefined
      ? []
      : [`${name} and ${earlier} are one name to clients that write dots as underscores`]
  })
}

/** Names, scopes, origins and headers that cannot be used. */
export function declarationFaults({
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

/** Placeholders without an argument, and tools that do not exist. */
export function promptFaults(prompts: Record<string, PromptDeclaration>, tools: Tool[]): string[] {
  return Object.entries(prompts).flatMap(([name, { arguments: args = {}, text: words, tools: needed }]) => [
    ...[...words.matchAll(/\{(\w+)\}/g)]
      .filter(([, argument]) => !Object.hasOwn(args, argument!))
      .map(([placeholder]) => `prompt ${name}: ${placeholder} is no argument of it`),
    ...needed
      .filter((tool) => !tools.some((each) => each.name === tool))
      .map((tool) => `prompt ${name}: there is no tool ${tool}`),
  ])
}
