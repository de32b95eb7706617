/** Drives the real MCP clients against one endpoint and prints a table: `node run.ts --url URL --key KEY`, or `--login`. */
import { parseArgs } from 'node:util'
import { type Client, tryOut } from './client.ts'
import { clients } from './clients.ts'
import { line, type Row, type Target, table } from './row.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    key: { type: 'string' },
    login: { type: 'boolean', default: false },
    as: { type: 'string', default: 'anna' },
    chromium: { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(clients).join(',') },
    tool: { type: 'string', default: 'invoices.list' },
    args: { type: 'string', default: '{"pageSize":3}' },
    expect: { type: 'string', default: '"items"' },
    idle: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
})
const chosen = values.only.split(',')
const unknown = chosen.filter((name) => !Object.hasOwn(clients, name))
if (!values.url || Boolean(values.key) === values.login || unknown.length) {
  console.error('usage: node run.ts --url URL (--key KEY | --login [--as anna|boris] [--chromium])')
  console.error('       [--only claude,codex,gemini,mcp-remote,inspector]')
  console.error('       [--tool NAME] [--args JSON] [--expect TEXT] [--idle SECONDS] [--json]')
  process.exit(2)
}
const target: Target = {
  url: new URL(values.url),
  key: values.key ?? '',
  ...(values.login && { person: { who: values.as, decision: 'approve', chromium: values.chromium } }),
  tool: values.tool,
  args: JSON.parse(values.args),
  expect: values.expect,
  idle: Number(values.idle),
}

// One after the other, so that the server's own log reads as a sequence of clients.
const rows: Row[] = []
for (const name of chosen) rows.push(...(await attempt(name)))
console.log(hide(values.json ? JSON.stringify(rows, null, 2) : table(rows)))
process.exitCode = rows.every((row) => row.ok) ? 0 : 1

async function attempt(name: string): Promise<Row[]> {
  let client: Client | undefined
  try {
    client = clients[name]!(target)
    return await tryOut(client, values.login)
  } catch (error) {
    // Most often: not installed. The other clients still get their turn.
    const remark = line(String(error))
    return [{ client: name, version: '?', connected: 'no', tools: [], call: 'no result', ok: false, remark }]
  } finally {
    client?.home.close()
  }
}

// Clients quote their configuration when something fails; the key stays out of terminals and CI logs.
function hide(text: string): string {
  return target.key ? text.replaceAll(target.key, '***') : text
}
