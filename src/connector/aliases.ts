/** Further names of tools: what they were called before, or what another server of the same data calls them. */
import type { Tool } from '../tools/tool.ts'
import { type Declaration, declarationOf } from './declaration.ts'
import { folded } from './names.ts'

/** Writes `aliases` into the tools that have some; an alias that is another tool, however it is spelled, is a fault. */
export function addAliases(declaration: Declaration, tools: Tool[]): string[] {
  const taken = new Map(tools.map(({ name }) => [folded(name), name]))
  return tools.flatMap((tool) => {
    const { aliases = [] } = declarationOf(declaration, tool)
    if (aliases.length > 0) tool.aliases = aliases
    return aliases.flatMap((alias) => {
      const owner = taken.get(folded(alias)) ?? tool.name
      taken.set(folded(alias), owner)
      return owner === tool.name ? [] : [`${tool.name}: the alias ${alias} is a name of ${owner}`]
    })
  })
}
