/** Arguments that clients repeat as `Mcp-Param-*` headers (2026-07-28, streamable HTTP, custom headers from tool parameters). */

import { own, type Schema } from '../json.ts'
import { TOKEN } from '../syntax.ts'
import type { Tool } from '../tools/tool.ts'
import { type Declaration, declarationOf } from './declaration.ts'

/** `number` is left out by the revision: its text has more than one form. */
const MIRRORED = ['string', 'integer', 'boolean']

/** Writes `x-mcp-header` into the schemas of arguments that are declared so; a client drops a tool that has it wrong. */
export function mirrorArguments(declaration: Declaration, tools: Tool[]): string[] {
  return tools.flatMap((tool) => {
    const { name, inputSchema } = tool
    const { headers = {} } = declarationOf(declaration, tool)
    const faults: string[] = []
    const taken = new Set<string>()
    for (const [argument, header] of Object.entries(headers)) {
      const schema = own(inputSchema.properties, argument)
      const fault = headerFault(schema, header, taken)
      taken.add(header.toLowerCase())
      if (fault === undefined) schema!['x-mcp-header'] = header
      else faults.push(`${name}: headers: ${argument} ${fault}`)
    }
    return faults
  })
}

/** The headers that `tools` ask for, each once, so that a browser may send them. */
export function mirroredHeaders(tools: Tool[]): string[] {
  const names = tools.flatMap(({ inputSchema }) =>
    Object.values(inputSchema.properties).flatMap((schema) => schema['x-mcp-header'] ?? []),
  )
  return [...new Set(names)].map((name) => `Mcp-Param-${name}`)
}

function headerFault(schema: Schema | undefined, header: string, taken: Set<string>): string | undefined {
  if (schema === undefined) return 'is no argument of the tool'
  if (!MIRRORED.includes(String(schema.type)))
    return `is no ${MIRRORED.join(', ')}, which alone may be repeated`
  if (!TOKEN.test(header)) return `cannot be repeated as Mcp-Param-${JSON.stringify(header)}`
  return taken.has(header.toLowerCase())
    ? `would be repeated as Mcp-Param-${header}, as another is`
    : undefined
}
