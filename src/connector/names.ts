/** Names that every known client takes, and the two ways to write one. */

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
