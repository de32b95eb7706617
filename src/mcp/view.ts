/** What a caller sees of the catalog, written once per distinct view and not per request. */
import { type Caller, isGranted } from '../access/caller.ts'
import type { Catalog } from '../connector/catalog.ts'
import { isDotless, underscored } from '../connector/names.ts'
import { surfaceHash } from '../connector/surface.ts'
import type { Settings } from '../settings.ts'
import type { Offer, Tool } from '../tools/tool.ts'
import { discoveryOffers } from './discovery-offers.ts'
import { type Bounds, forget } from './forget.ts'
import { knowledgeOffers } from './knowledge-offers.ts'

export interface View {
  /** Canonical names of the tools that this caller may call. */
  names: ReadonlySet<string>
  /** True where the list writes `invoices_list` for `invoices.list`. */
  dotless: boolean
  /** `"tools":[…]` as JSON bytes. */
  listing: Uint8Array
  /** For the model: what is here, by namespace; at most 2 KiB, since some clients cut there. */
  instructions: string
}

export type Views = (caller: Caller) => View

/**
 * Distinct views kept; scopes are few, so their number is reached only by callers who try. A list of ten thousand tools has
 * 12 MB, and who may call can ask for many parts of it.
 */
const BOUNDS: Bounds<View> = {
  most: 64,
  heaviest: 64 * 1024 * 1024,
  weightOf: ({ listing }) => listing.byteLength,
}
const MOST_INSTRUCTION_BYTES = 2048

const encoder = new TextEncoder()

/** Where views are kept, and what the names of one catalog's begin with among those of others. */
interface Shelf {
  views: Map<string, View>
  prefix: string
}

/** The setting `knowledge` says who sees `search` and `fetch`, where they are declared. */
export function createViews(
  catalog: Catalog,
  settings: Partial<Settings> = {},
  { views: kept, prefix }: Shelf = { views: new Map(), prefix: '' },
): Views {
  const { knowledge = 'auto', answerBudget } = settings
  const scopes = Object.keys(catalog.scopes).sort()
  return (caller) => {
    const dotless = isDotless(catalog, caller.refusesDots === true)
    const searches = knowledge === 'on' || (knowledge === 'auto' && caller.seeksKnowledge === true)
    const held =
      caller.scopes === 'all' ? '*' : scopes.filter((scope) => isGranted(caller, [scope])).join(' ')
    const key = `${prefix}${dotless ? '_' : '.'}${searches ? '?' : ''} ${held}`
    const known = kept.get(key)
    if (known) return known
    const view = makeView(catalog, caller, { dotless, searches, answerBudget })
    kept.set(key, view)
    forget(kept, BOUNDS)
    return view
  }
}

interface Seen {
  dotless: boolean
  searches: boolean
  answerBudget: number | undefined
}

function makeView(catalog: Catalog, caller: Caller, { dotless, searches, answerBudget }: Seen): View {
  const tools = catalog.tools.filter((tool) => isGranted(caller, tool.scopes))
  const names = new Set(tools.map((tool) => tool.name))
  const shown = [
    ...(catalog.discovery ? Object.values(discoveryOffers) : tools),
    ...(searches ? knowledgeOffers(catalog, names) : []),
  ]
  return {
    names,
    dotless,
    listing: encoder.encode(`"tools":${JSON.stringify(definitions(shown, dotless, answerBudget))}`),
    instructions: instructions(catalog, tools),
  }
}

/** The tools as `tools/list` has them; `dotless` writes `invoices_list` for `invoices.list`, `answerBudget` is the deployment's. */
export function definitions(tools: Offer[], dotless: boolean, answerBudget = 0): object[] {
  return tools.map((tool) => ({
    ...listed(tool, dotless ? underscored(tool.name) : tool.name),
    ...sizeHint(tool, answerBudget),
  }))
}

/** Claude Code puts longer texts into a file, unless the tool says before that it may answer so much, up to the second. */
const SHOWN_ANYHOW = 49_000
const MOST_SHOWN = 500_000

function sizeHint(tool: Offer & Partial<Tool>, answerBudget: number): object {
  const { operation, answering } = tool
  if (operation === undefined) return {}
  const budget = answering ? (answering.budget ?? answerBudget) : MOST_SHOWN
  return budget > SHOWN_ANYHOW
    ? { _meta: { 'anthropic/maxResultSizeChars': Math.min(budget, MOST_SHOWN) } }
    : {}
}

/** The hash of `tools/list` as a caller has it who holds every scope. */
export function surfaceOf({ tools, toolNames }: Catalog): Promise<string> {
  return surfaceHash(definitions(tools, toolNames === 'underscore'))
}

/** A tool as MCP lists it; each hint is said, since some clients take a missing one for a write. */
function listed({ title, description, inputSchema }: Offer, name: string): object {
  const hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }
  return { name, title, description, inputSchema, annotations: { title, ...hints } }
}

function instructions({ description, namespaces }: Catalog, tools: Tool[]): string {
  const open = namespaces.filter(({ name }) => tools.some((tool) => tool.namespace === name))
  const told = `${description}\n\nNamespaces:\n${open.map(({ name, description }) => `- ${name}: ${description}`).join('\n')}`
  if (encoder.encode(told).byteLength <= MOST_INSTRUCTION_BYTES) return told
  return shorten(`Namespaces: ${open.map(({ name }) => name).join(', ')}. ${description}`)
}

function shorten(words: string): string {
  const bytes = encoder.encode(words)
  if (bytes.byteLength <= MOST_INSTRUCTION_BYTES) return words
  return `${new TextDecoder().decode(bytes.subarray(0, MOST_INSTRUCTION_BYTES - 6)).replace(/\uFFFD$/, '')}…`
}
