/** Claude Code: `mcp add`, `mcp list`, then one tools/call in print mode with its default settings. */
import { openHome, program } from './home.ts'
import { line, listed, type Row, serverName, type Target } from './row.ts'
import { openStub, shown } from './stub.ts'
import { anthropic } from './stub-anthropic.ts'

export async function claude(target: Target): Promise<Row[]> {
  const client = program('@anthropic-ai/claude-code', 'claude')
  const home = openHome(client, target)
  const stub = await openStub(anthropic, target)
  const env = {
    ANTHROPIC_BASE_URL: stub.origin,
    ANTHROPIC_API_KEY: 'stub',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  }
  try {
    const header = `Authorization: Bearer ${target.key}`
    const where = ['--transport', 'http', serverName, target.url.href, '--header', header]
    const added = await home.run(['mcp', 'add', ...where], env)
    const list = await home.run(['mcp', 'list'], env)
    const said =
      list.out.split('\n').find((each) => each.startsWith(`${serverName}:`)) ?? list.err + added.err
    const connected = /✔ Connected/.test(said)
    // In print mode Claude Code asks for permission whatever the annotations say, so the server is allowed.
    const asked = ['-p', 'List three invoices.', '--allowedTools', `mcp__${serverName}`]
    const ran = await home.run(asked, env, 60 + target.idle)
    const row = shown(stub, ran, target)
    const idle = target.idle ? `; then idle for ${target.idle} s` : ''
    return [
      listed('Claude Code', client.version, connected, {
        ...row,
        remark: connected ? `${row.remark}${idle}` : line(said),
      }),
    ]
  } finally {
    stub.close()
    home.close()
  }
}
