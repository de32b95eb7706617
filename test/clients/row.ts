/** What is asked of every client (the target), what came of it (a row), and how a result is judged. */
import type { Choice } from './browser.ts'

export type Call = { tool: string; args: Record<string, unknown> }
export type Target = Call & {
  url: URL
  /** What is sent as a bearer; empty where a person signs in. */
  key: string
  /** Who sits before the client and signs in. */
  person?: Choice
  expect: string
  /** Seconds for which the model's last answer is held open. */
  idle: number
  /** The call that the model makes once it was shown this result; without it, it makes one only. */
  then?: (shown: Outcome) => Call | undefined
}
export type Row = {
  client: string
  version: string
  /** How the sign-in went, where a person did. */
  login?: string
  connected: string
  /** Names as the client shows them to the model, or to its caller. */
  tools: string[]
  call: string
  ok: boolean
  remark: string
  /** The result as the model, or the caller, received it; undefined when none arrived. */
  result?: string | undefined
}
/** A result as the request to the model carries it; `files` in Base64, under the media types that stand beside them. */
export type Outcome = { text: string; isError: boolean; files?: { type: string; data: string }[] }

/** The name under which each client is told to add the server. */
export const serverName = 'flowtly'

// The clients' own words around a result that they did not pass on whole: Codex, Claude Code, Gemini CLI.
const cuts: [RegExp, string][] = [
  [
    /…\d+ (tokens|chars) truncated…|^Warning: truncated output|^\[omitted \d+ text items/m,
    'cut in the middle',
  ],
  [/^<persisted-output>|^Error: result \([\d,]+ characters.*saved to/, 'saved to a file'],
  [/^Output too large\. Showing first/, 'cut and saved to a file'],
]

/** What the client did to a result that it found too long, where its words tell. */
export const cutBy = (text: string): string | undefined => cuts.find(([mark]) => mark.test(text))?.[1]

/** A result is good when it is no error, reached the reader uncut and holds the expected text. */
export function judge(
  outcome: Outcome | undefined,
  expect: string,
): { call: string; ok: boolean; note?: string } {
  if (!outcome) return { call: 'no result', ok: false }
  const { text, isError } = outcome
  if (isError) return { call: 'error', ok: false, note: line(text) }
  const cut = cutBy(text)
  if (cut) return { call: `${cut}, ${text.length} characters`, ok: false }
  // Clients that show the whole result object quote the text once more.
  const quoted = JSON.stringify(expect).slice(1, -1)
  if (!text.includes(expect) && !text.includes(quoted))
    return { call: `without ${expect}`, ok: false, note: line(text) }
  return { call: `${holdsJson(text) ? 'complete' : 'not JSON'}, ${text.length} characters`, ok: true }
}

// Clients wrap the JSON in words of their own ("Wall time: ... Output:", <untrusted_context>).
function holdsJson(text: string): boolean {
  try {
    JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1))
    return true
  } catch {
    return false
  }
}

/** The row of a client whose own list says whether it is connected; without that the call counts for nothing. */
export function listed(
  client: string,
  version: string,
  connected: boolean,
  row: Omit<Row, 'client' | 'version' | 'connected'>,
): Row {
  return { ...row, client, version, connected: connected ? 'yes' : 'no', ok: row.ok && connected }
}

/** The first words of a text, on one line. */
export function line(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > 160 ? `${flat.slice(0, 160)}…` : flat
}

/** What a client's log says went wrong: its first line with an error. */
export function fault(log: string, otherwise = log.slice(-160)): string {
  return line(log.split('\n').find((each) => /\berror\b|fatal|refused/i.test(each)) ?? otherwise)
}

export function table(rows: Row[]): string {
  const login = rows.some((row) => row.login !== undefined)
  const head = [
    '',
    'client',
    'version',
    ...(login ? ['login'] : []),
    'connected',
    'tools',
    'call result',
    'remark',
  ]
  const cells = rows.map((row) => [
    row.ok ? 'ok' : 'FAIL',
    row.client,
    row.version,
    ...(login ? [row.login ?? ''] : []),
    row.connected,
    String(row.tools.length),
    row.call,
    row.remark,
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((each) => each[column]!.length)))
  const print = (each: string[]) =>
    each
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()
  return [head, ...cells].map(print).join('\n')
}
