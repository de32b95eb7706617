/** The rules that look at a tool as a whole: its words, its size, its hints, what it promises to answer. */
import { isObject, type JsonObject } from '../json.ts'
import type { ListedTool, Spot } from './finding.ts'
import type { Node } from './nodes.ts'
import { unsaid } from './unsaid.ts'

/** ChatGPT refuses a tool whose name, description and input schema come to more. */
const MOST_TOKENS = 5000
/** Claude Code cuts a description there. */
const MOST_DESCRIPTION_BYTES = 2048

/** A tool, and what was found out about it once for all rules. */
export interface Seen {
  tool: ListedTool
  nodes: Node[]
  tokens: number
}

export const TOOL_RULES = {
  tokens: ({ tokens }) =>
    spot(tokens >= MOST_TOKENS, '', `${tokens} tokens, where less than ${MOST_TOKENS} are taken`),
  'description-absent': ({ tool }) => spot(words(tool) === '', '/description', 'nothing says what it does'),
  'description-long': ({ tool }) => {
    const bytes = new TextEncoder().encode(words(tool)).byteLength
    return spot(bytes > MOST_DESCRIPTION_BYTES, '/description', `${bytes} bytes`)
  },
  'title-absent': ({ tool }) => spot(!tool.title && !hints(tool).title, '/title', 'no title'),
  'read-only-hint': ({ tool }) =>
    spot(hints(tool).readOnlyHint !== true, '/annotations', 'readOnlyHint is not true'),
  hints: ({ tool }) =>
    ['destructiveHint', 'openWorldHint'].flatMap((hint) =>
      spot(typeof hints(tool)[hint] !== 'boolean', '/annotations', `${hint} is not said`),
    ),
  'output-root': ({ tool: { outputSchema } }) =>
    spot(
      outputSchema !== undefined && !(isObject(outputSchema) && outputSchema.type === 'object'),
      '/outputSchema',
      'the root is not of type object',
    ),
  unsaid: ({ nodes }) => nodes.flatMap(unsaidAt),
} satisfies Record<string, (seen: Seen) => Spot[]>

function spot(wrong: boolean, at: string, note: string): Spot[] {
  return wrong ? [{ at, note }] : []
}

function words({ description }: ListedTool): string {
  return typeof description === 'string' ? description.trim() : ''
}

function hints({ annotations }: ListedTool): JsonObject {
  return isObject(annotations) ? annotations : {}
}

function unsaidAt({ schema, at, words }: Node): Spot[] {
  if (!isObject(schema)) return []
  return unsaid(schema, `${words}\n${schema.description ?? ''}`).map((keyword) => ({
    at,
    keyword,
    note: `${keyword} ${JSON.stringify(schema[keyword])}`,
  }))
}
