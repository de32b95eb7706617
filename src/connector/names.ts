/** Names that every known client takes, the two ways to write one, and who is given which. */
import type { Catalog } from './catalog.ts'

/** With the longest prefix that a client adds (`mcp__claude_ai_<connector>__`) a name of 40 still fits into 64. */
export const LONGEST_TOOL = 40
const TOOL_PART = /^[a-zA-Z][a-zA-Z0-9_-]*$/

/** Why a client would refuse the tool name, or undefined. */
export function toolNameFault(namespace: string, action: string): string | undefined {
  const name = `${namespace}.${action}`
  if (name.length > LONGEST_TOOL)
    return `the name is longer than ${LONGEST_TOOL} characters, which some clients refuse`
  if (!TOOL_PART.test(namespace) || !TOOL_PART.test(action)) {
    return `the name holds characters that some clients refuse: use letters, digits, _ and -`
  }
  return undefined
}

/** `invoices.list` as `invoices_list`: the form for clients that refuse dots. */
export function underscored(name: string): string {
  return name.replaceAll('.', '_')
}

/** What clients fold names to before they compare them; two tools that meet here hide one another. */
export function folded(name: string): string {
  return name.replace(/[.-]/g, '_').toLowerCase()
}

/** What a client says of itself as it signs in. */
export interface Introduction {
  name?: string
  /** Redirect URIs. */
  redirects: readonly string[]
}

/** Clients whose models cannot call a tool with a dot in its name, by the name that they register under. */
const DOTLESS = /^(cursor|github copilot|copilot)/i
/** The same, by where they return to: on claude.ai one such name costs the whole list, and OpenAI's API answers 400. */
const DOTLESS_REDIRECTS = ['cursor:', 'https://claude.ai/', 'https://claude.com/', 'https://chatgpt.com/']

export function refusesDots({ name = '', redirects }: Introduction): boolean {
  return (
    DOTLESS.test(name) || redirects.some((uri) => DOTLESS_REDIRECTS.some((start) => uri.startsWith(start)))
  )
}

/** Any client may take ChatGPT's name; its answers, only it gets. */
export function seeksKnowledge({ redirects }: Introduction): boolean {
  return redirects.some((uri) => uri.startsWith('https://chatgpt.com/'))
}

/** True where names are written without dots; `refusing` is what is known of the client. */
export function isDotless({ toolNames }: Pick<Catalog, 'toolNames'>, refusing: boolean): boolean {
  return toolNames === 'underscore' || (toolNames === 'auto' && refusing)
}
