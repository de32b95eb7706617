/** The audit as a page that a vendor can attach to a directory's submission: what was tried, what was seen, and what was not part of it. */
import { visible } from '../tools/invisible.ts'
import { CHECKS } from './rules.ts'
import type { Audit } from './tally.ts'

/** Which connector it was, of which document, and when. */
export interface Subject {
  connector: string
  title: string
  lectern: string
  node: string
  document: { version: string; sha256: string }
  surface: string
  date: string
}

export interface Report extends Subject, Audit {
  holds: boolean
}

export function reportOf(subject: Subject, audit: Audit): Report {
  return { holds: audit.checks.every(({ violations }) => violations === 0), ...subject, ...audit }
}

/** Markdown (GFM). */
export function markdown(report: Report): string {
  const { title, holds, calls, requests, destinations, tools, checks, violations } = report
  const verdict = holds
    ? `Nothing but GET to one origin left the connector, in ${calls} calls that sent ${requests} requests.`
    : 'The audit found violations: see below.'
  const rows = tools.map((each) => [
    code(each.tool),
    code(each.operation),
    code(`GET ${each.path}`),
    String(each.calls),
    String(each.requests),
    each.methods.map(cell).join(', ') || 'none',
  ])
  return [
    `# Read-only audit of ${cell(title)}`,
    `**${verdict}**`,
    table(['', ''], facts(report)),
    '## What held',
    table(
      ['Check', 'Result'],
      checks.map((each) => [
        CHECKS[each.check],
        each.violations === 0 ? 'holds' : `**${each.violations} violations**`,
      ]),
    ),
    ...(violations.length === 0 ? [] : ['## Violations', ...told(report)]),
    '## Tools',
    table(['Tool', 'Operation', 'Sends', 'Calls', 'Requests', 'Methods seen'], rows),
    '## How it was done',
    HOW,
    `Of the connections and requests that Node told of, ${destinations.upstream} were the upstream’s and ${destinations.elsewhere} were not.`,
    `Caller: ${cell(report.caller)}`,
    LIMITS,
    '',
  ].join('\n\n')
}

function facts({ connector, document, surface, lectern, node, date }: Report): string[][] {
  return [
    ['Connector', code(connector)],
    ['OpenAPI document', `version ${cell(document.version)}, SHA-256 ${code(document.sha256)}`],
    ['Surface (`tools/list`)', code(surface)],
    ['Lectern', `${cell(lectern)}, on Node ${cell(node)}`],
    ['Date', cell(date)],
  ]
}

function told({ violations, checks }: Report): string[] {
  const all = checks.reduce((sum, each) => sum + each.violations, 0)
  const rows = violations.map(({ check, call, told }) => [check, cell(call), cell(told)])
  const more = all > violations.length ? [`and ${all - violations.length} more.`] : []
  return [table(['Check', 'Call', 'What was seen'], rows), ...more]
}

const HOW = `The connector ran in one process, with the code that asks its real upstream, in front of a server on loopback that wrote
down each request as its bytes came. Each tool was called with its required arguments alone, with all, with each optional
one, with texts in every text argument that try to leave their place (\`../\`, \`%2e%2e\`, \`?\`, \`&\`, \`#\`, line breaks, other
hosts, 12,000 characters), and with an upstream that answers well, redirects to another origin, refuses, fails and hangs up.
Resources were read by hostile URIs, prompts filled with hostile values, \`search\` and \`fetch\` asked where the connector
has them, and the other methods too: all at \`/mcp\`, in MCP 2025-06-18. Meanwhile every connection and HTTP request of the
process was watched, by Node's own diagnostics.`

const LIMITS = `Not part of it: what another process does, name look-ups, redirects that stay on the upstream's origin, requests to an
identity provider at sign-in, other revisions of MCP, the addresses of parts (\`/n/…/mcp\`), and the runtime of Cloudflare
Workers.`

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** Longest text of a document or a request in a cell, in characters. */
const LONGEST = 300

/** Foreign text, as text: it neither ends its cell nor becomes markup. */
function cell(text: string): string {
  return visible(text, LONGEST)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|~!#]/g, '\\$&')
}

function code(text: string): string {
  return `\`${visible(text, LONGEST).replace(/`/g, "'").replace(/\s+/g, ' ').replaceAll('|', '\\|')}\``
}
