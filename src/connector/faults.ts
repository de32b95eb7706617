/** What is wrong with a declaration by itself, or with its tools taken together. */
import { headersOf } from '../access/credential.ts'
import type { Tool } from '../tools/tool.ts'
import type { Declaration } from './declaration.ts'
import { folded } from './names.ts'
import { isFraming } from './parameters.ts'

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

/** What `tools/list` has in place of all others, where discovery is declared. */
const DISCOVERY = ['tools.find', 'tools.describe', 'tools.call'].map(folded)

/** What there is beside all others, where a namespace declares knowledge. */
const KNOWLEDGE = ['search', 'fetch']

/** A tool that a client could not tell from one of those, or an alias under which nobody would reach it. */
export function hidden({ discovery, namespaces }: Declaration, tools: Tool[]): string[] {
  const searches = Object.values(namespaces).some(({ knowledge }) => knowledge !== undefined)
  const ours = [...(discovery ? DISCOVERY : []), ...(searches ? KNOWLEDGE : [])]
  const isOurs = (name: string) => ours.includes(folded(name))
  return tools.flatMap(({ name, aliases = [] }) => [
    ...(isOurs(name) ? [`${name} is what discovery calls one of its own`] : []),
    ...aliases.filter(isOurs).map((alias) => `${name}: the alias ${alias} is a tool of Lectern’s own`),
  ])
}

/** Scopes that are not declared, origins that are none, headers that the key cannot travel in. */
export function declarationFaults({
  namespaces,
  scopes = {},
  access,
  credentialOrigins = [],
}: Declaration): string[] {
  const faults: string[] = []
  for (const [namespace, { scope }] of Object.entries(namespaces)) {
    if (scope !== undefined && !Object.hasOwn(scopes, scope))
      faults.push(`${namespace}: the scope ${scope} is not declared`)
  }
  for (const origin of credentialOrigins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      faults.push(`credentialOrigins: ${origin} is not an origin`)
  }
  for (const [member, header] of headersOf(access))
    if (isFraming(header)) faults.push(`access.${member}: a credential cannot travel in ${header}`)
  return faults
}
