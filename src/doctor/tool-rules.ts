/** The rules that look at a tool as a whole: its words, its size, its hints, what it promises to answer. */
import { isObject, type JsonObject } from '../json.ts'
import { fewSpots, type ListedTool, type Spot } from './finding.ts'
import type { Node } from './nodes.ts'
import { unsaid } from './unsaid.ts'

/** ChatGPT refuses a tool whose name, description and input schema come to more. */
const MOST_TOKENS = 5000
/** Claude Code cuts a description there. */
const MOST_DESCRIPTION_BYTES = 2048

/** Shorter than this, a description says nothing that the name does not. */
const LEAST_DESCRIPTION = 20
/** A title of more is a sentence, and a description that repeats it says as much. */
const LONGEST_LABEL = 40

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
  'description-thin': ({ tool }) =>
    spot(isThin(tool), '/description', `${JSON.stringify(words(tool))} says no more than the name`),
  'description-long': ({ tool }) => {
    const bytes = new TextEncoder().encode(words(tool)).byteLength
    return spot(bytes > MOST_DESCRIPTION_BYTES, '/description', `${bytes} bytes`)
  },
  'title-absent': ({ tool }) => spot(!tool.title && !hints(tool).title, '/title', 'no title'),
  'read-only-hint': ({ tool }) =>
    spot(hints(tool).readOnlyHint !== true, '/annotations', 'readOnlyHint is not true'),
  'effect-unsaid': ({ tool }) =>
    spot(
      hints(tool).readOnlyHint !== true && typeof hints(tool).destructiveHint !== 'boolean',
      '/annotations',
      'neither readOnlyHint: true nor destructiveHint',
    ),
  'read-only-unsaid': ({ tool }) =>
    spot(typeof hints(tool).readOnlyHint !== 'boolean', '/annotations', 'readOnlyHint is not said'),
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
  unsaid: ({ nodes }) => fewSpots(nodes, unsaidAt),
} satisfies Record<string, (seen: Seen) => Spot[]>

function spot(wrong: boolean, at: string, note: string): Spot[] {
  return wrong ? [{ at, note }] : []
}

function words({ description }: ListedTool): string {
  return typeof description === 'string' ? description.trim() : ''
}

/** Short, or the name or title once more; none at all is a rule of its own. */
function isThin(tool: ListedTool): boolean {
  const said = words(tool)
  if (said === '' || said.length < LEAST_DESCRIPTION) return said !== ''
  return [tool.name, tool.title, hints(tool).title].some(
    (each) => typeof each === 'string' && each.length < LONGEST_LABEL && letters(each) === letters(said),
  )
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
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
