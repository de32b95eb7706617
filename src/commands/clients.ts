/** What to paste next: how each client adds a connector. */

/** How a client gets in: its person signs in, it sends a key that the person has, or whoever comes is let in. */
export type Entry = 'sign-in' | 'key' | 'open'

/** `name` and `url` are words to a shell. */
export function clientLines(name: string, url: string, entry: Entry): string {
  const variable = `${name.toUpperCase().replaceAll('-', '_')}_KEY`
  const [claude, codex, gemini] = AFTER[entry](name, variable)
  const first =
    entry === 'key'
      ? `First put the key where no history keeps it: read -rs ${variable} && export ${variable}\n\n`
      : ''
  return `${first}Claude Code:
  claude mcp add --transport http ${name} ${url}/mcp${claude}
Codex:
  codex mcp add ${name} --url ${url}/mcp${codex}
Gemini CLI:
  gemini mcp add --scope user --transport http ${name} ${url}/mcp${gemini}
${everyAddress(url)}`
}

/** What follows the address for Claude Code, Codex and Gemini CLI. */
const AFTER: Record<Entry, (name: string, variable: string) => [string, string, string]> = {
  open: () => ['', '', ''],
  'sign-in': (name) => [` && claude mcp login ${name}`, '', `    (then /mcp auth ${name})`],
  key: (_, variable) => {
    const header = ` --header "Authorization: Bearer $${variable}"`
    return [header, ` --bearer-token-env-var ${variable}`, header]
  },
}

/** Addresses that are listened on, and that nobody can be sent to. */
const WILDCARDS = ['0.0.0.0', '[::]']

/** What to put in place of a wildcard, on a line of its own; else nothing. */
export function everyAddress(url: string): string {
  const wildcard = WILDCARDS.find((each) => new URL(url).hostname === each)
  if (wildcard === undefined) return ''
  return `${wildcard} stands for every address of this machine: write its name in place of that, or set LECTERN_PUBLIC_URL.\n`
}
