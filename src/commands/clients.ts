/** What to paste next: how each client adds a connector. */

/** `signIn`: each client is also told to sign in. `name` and `url` are words to a shell. */
export function clientLines(name: string, url: string, signIn: boolean): string {
  return `Claude Code:
  claude mcp add --transport http ${name} ${url}/mcp${signIn ? ` && claude mcp login ${name}` : ''}
Codex:
  codex mcp add ${name} --url ${url}/mcp
Gemini CLI:
  gemini mcp add --scope user --transport http ${name} ${url}/mcp${signIn ? `    (then /mcp auth ${name})` : ''}
`
}
