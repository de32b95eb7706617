/** Claude Code: `mcp add`, `mcp login`, `mcp list`, then one tools/call in print mode with its default settings. */
import type { Client, Mode } from './client.ts'
import { openHome, program } from './home.ts'
import { line, listed, type Row, serverName, type Target } from './row.ts'
import { openStub, type Stub, shown } from './stub.ts'
import { anthropic } from './stub-anthropic.ts'

export function claude(target: Target): Client {
  const { version, ...client } = program('@anthropic-ai/claude-code', 'claude')
  const home = openHome({ version, ...client }, target)
  const quiet = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' }
  // Without a terminal it says that it has none, and ends.
  const login = () => home.run(['mcp', 'login', serverName], quiet, { terminal: true })

  const reaching = (stub: Stub) => ({ ...quiet, ANTHROPIC_BASE_URL: stub.origin, ANTHROPIC_API_KEY: 'stub' })
  const mode: Mode = {
    name: 'Claude Code',
    dialect: anthropic,
    // In print mode Claude Code asks for permission whatever the annotations say, so the server is allowed.
    ask: (stub, limit) =>
      home.run(['-p', 'List three invoices.', '--allowedTools', `mcp__${serverName}`], reaching(stub), {
        limit,
      }),
  }

  async function use(): Promise<Row[]> {
    const stub = await openStub(anthropic, target)
    try {
      const list = await home.run(['mcp', 'list'], reaching(stub))
      const said =
        list.out.split('\n').find((each) => each.startsWith(`${serverName}:`)) ?? list.err + list.out
      const connected = /✔ Connected/.test(said)
      const row = shown(stub, await mode.ask(stub, 60 + target.idle), target)
      const idle = target.idle ? `; then idle for ${target.idle} s` : ''
      const remark = connected ? `${row.remark}${idle}` : line(said)
      return [listed('Claude Code', version, connected, { ...row, remark })]
    } finally {
      stub.close()
    }
  }

  return {
    home,
    version,
    modes: [mode],
    login,
    use,
    async connect() {
      const header = ['--header', `Authorization: Bearer ${target.key}`]
      const where = ['--transport', 'http', serverName, target.url.href, ...(target.key ? header : [])]
      const added = await home.run(['mcp', 'add', ...where], quiet)
      return target.person && added.code === 0 ? login() : added
    },
  }
}
