/** What the doctor reads and what it finds: a tool as MCP lists it, and one spot that one client does not take. */
import type { Json } from '../json.ts'

/** A tool of `tools/list`, from any server: nothing below the name is sure to have the type that it should. */
export interface ListedTool {
  name: string
  title?: Json
  description?: Json
  inputSchema?: Json
  outputSchema?: Json
  annotations?: Json
}

/** A refusal costs the tool, or the whole list; a loss costs what the model would have known. */
export type Severity = 'refusal' | 'loss'

export interface Finding {
  /** A client's name in the table of clients. */
  client: string
  /** Empty where the connector as a whole is meant. */
  tool: string
  /** A rule's name in the table of rules. */
  rule: string
  /** JSON pointer into the tool's definition. */
  at: string
  severity: Severity
  /** What stands there, for a person. */
  note: string
}

/** One place that a rule points at. */
export interface Spot {
  at: string
  note: string
  /** The keyword that a client would have to keep, where only those that drop it lose something. */
  keyword?: string
}

/** Of a tool that breaks one rule a hundred thousand times: each client would be told of each place. */
const MOST_SPOTS = 100

/** What `find` says of each item, until that is enough. */
export function fewSpots<T>(items: readonly T[], find: (item: T) => readonly Spot[]): Spot[] {
  const found: Spot[] = []
  for (const item of items) {
    found.push(...find(item).slice(0, MOST_SPOTS + 1))
    if (found.length > MOST_SPOTS) break
  }
  const [more] = found.slice(MOST_SPOTS)
  return more === undefined ? found : [...found.slice(0, MOST_SPOTS), { ...more, note: 'and further places' }]
}
