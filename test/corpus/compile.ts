/** The one place where the corpus meets the compiler: text in, the tools as MCP lists them out. */
import { type Derived, derive } from '../../src/connector/derive.ts'
import type { ListedTool } from '../../src/doctor/finding.ts'
import { parseDocument } from '../../src/document/parse.ts'
import { StartError } from '../../src/errors.ts'
import type { JsonObject } from '../../src/json.ts'
import { definitions } from '../../src/mcp/view.ts'
import { whyStuck } from './sample.ts'

export interface Compiled {
  document: JsonObject
  /** As `tools/list` has them. */
  tools: ListedTool[]
  /** Parameters that are arguments. */
  offered: number
  skipped: Derived['skipped']
  /** Tools of which a call cannot be sent. */
  stuck: string[]
  /** Why the document as a whole is of no use. */
  refused?: string
}

/** Throws what the compiler throws, but for a refusal of the whole document. */
export function compileDocument(text: string, name: string): Compiled {
  const document = parseDocument(text, name)
  try {
    const { catalog, skipped } = derive(document)
    const tools = definitions(catalog.tools, catalog.toolNames === 'underscore') as ListedTool[]
    const offered = catalog.tools.reduce((sum, { parameters }) => sum + parameters.length, 0)
    const stuck = catalog.tools.flatMap((tool) => {
      const why = whyStuck(tool, catalog.server)
      return why === undefined ? [] : [`${tool.operation}: ${why}`]
    })
    const none = tools.length === 0 && skipped.length === 0
    const found = { document, tools, offered, skipped, stuck }
    return { ...found, ...(none && { refused: 'no GET operation' }) }
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return { document, tools: [], offered: 0, skipped: [], stuck: [], refused: error.faults.join('; ') }
  }
}
