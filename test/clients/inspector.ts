/** The MCP Inspector's command line: tools/list and tools/call, each a connection of its own. */
import { openHome, program } from './home.ts'
import { judge, line, type Row, type Target } from './row.ts'

export async function inspector(target: Target): Promise<Row[]> {
  const client = program('@modelcontextprotocol/inspector', 'mcp-inspector')
  const home = openHome(client, target)
  const header = `Authorization: Bearer ${target.key}`
  const ask = (...method: string[]) =>
    home.run(['--cli', target.url.href, '--transport', 'http', '--header', header, '--method', ...method])
  try {
    const list = await ask('tools/list')
    const tools: { name: string }[] = list.code === 0 ? JSON.parse(list.out).tools : []
    const pairs = Object.entries(target.args).flatMap(([name, value]) => [
      '--tool-arg',
      `${name}=${written(value)}`,
    ])
    const called = await ask('tools/call', '--tool-name', target.tool, ...pairs)
    const outcome = called.out
      ? { text: called.out, isError: called.code !== 0 || JSON.parse(called.out).isError === true }
      : undefined
    const { call, ok, note } = judge(outcome, target.expect)
    return [
      {
        client: 'Inspector CLI',
        version: client.version,
        connected: list.code === 0 ? 'yes' : 'no',
        tools: tools.map(({ name }) => name),
        call,
        ok: ok && list.code === 0,
        // On stderr it counts what it finds doubtful about the schemas.
        remark: note ?? (line(list.err + called.err) || `as ${target.tool}`),
        result: outcome?.text,
      },
    ]
  } finally {
    home.close()
  }
}

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
