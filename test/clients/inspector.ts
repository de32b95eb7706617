/** The MCP Inspector's command line: tools/list and tools/call, each a connection of its own; the first one signs in. */
import type { Client } from './client.ts'
import { openHome, program } from './home.ts'
import { judge, line, type Row, type Target } from './row.ts'

export function inspector(target: Target): Client {
  const client = program('@modelcontextprotocol/inspector', 'mcp-inspector')
  const home = openHome(client, target)
  const header = target.key ? ['--header', `Authorization: Bearer ${target.key}`] : []
  const where = ['--cli', target.url.href, '--transport', 'http', ...header]
  // Without a keychain, which this home has not, it would forget the token at once.
  const env = { MCP_INSPECTOR_SECRET_STORE: 'file' }
  const ask = (...method: string[]) => home.run([...where, '--method', ...method], env)
  // It signs in only where somebody can be asked.
  const login = () => home.run([...where, '--method', 'tools/list'], env, { terminal: true })

  async function use(): Promise<Row[]> {
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
        // On stderr it counts what it finds doubtful about the schemas, and says where it keeps secrets.
        remark: note ?? (line(said(list.err) + said(called.err)) || `as ${target.tool}`),
        result: outcome?.text,
      },
    ]
  }

  const ready = { code: 0, out: '', err: '', late: false }
  return {
    home,
    version: client.version,
    modes: [],
    login,
    use,
    connect: async () => (target.person ? login() : ready),
  }
}

const said = (text: string): string => text.replace(/^\[mcp-inspector\].*\n/gm, '')
const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
