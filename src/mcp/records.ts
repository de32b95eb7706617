/** Which tool reads the record that a URI names, and which URI a tool's record has. */
import type { Catalog } from '../connector/catalog.ts'
import { ownTemplate } from '../connector/resources.ts'
import type { Arguments, Tool } from '../tools/tool.ts'
import { createReader, expand } from '../tools/uri-template.ts'
import { createLookup } from './prefixes.ts'

export interface Records {
  /** The resource and the arguments that its URI holds. */
  find(uri: string): { tool: Tool; args: Arguments } | undefined
  /** What a URI names that no template fits, under a prefix that the connector allows. */
  beyond(uri: string): { tool: Tool; args: Arguments } | undefined
  /** The record's URI, also where it is no resource: files are embedded under it. */
  uriOf(tool: Tool, args: Arguments): string
}

export function createRecords(catalog: Catalog): Records {
  const { name, tools } = catalog
  const readers = tools
    .filter((tool) => tool.resource !== undefined)
    .map((tool) => ({ tool, read: createReader(tool.resource!) }))
  return {
    find(uri) {
      for (const { tool, read } of readers) {
        const args = read(uri)
        if (args) return { tool, args }
      }
      return undefined
    },
    beyond: createLookup(catalog),
    uriOf: (tool, args) => expand(tool.resource ?? ownTemplate(name, tool), args),
  }
}
