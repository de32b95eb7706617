/** What to paste next: how each client adds a connector. */

/** `signIn`: each client is also told to sign in. `name` and `url` are words to a shell. */
export function clientLines(name: string, url: string, signIn: boolean): string {
  return `Claude Code:
  claude mcp add --transport http ${name} ${url}/mcp${signIn ? ` && claude mcp login ${name}` : ''}
Codex:
  codex mcp add ${name} --url ${url}/mcp
Gemini CLI:
  gemini mcp add --scope user --transport http ${name} ${url}/mcp${signIn ? `    (then /mcp auth ${name})` : ''}
${everyAddress(url)}`
}

/** Addresses that are listened on, and that nobody can be sent to. */
const WILDCARDS = ['0.0.0.0', '[::]']

/** What to put in place of a wildcard, on a line of its own; else nothing. */
export function everyAddress(url: string): string {
  const wildcard = WILDCARDS.find((each) => new URL(url).hostname === each)
  if (wildcard === undefined) return ''
  return `${wildcard} stands for every address of this machine: write its name in place of that, or set LECTERN_PUBLIC_URL.\n`
}
