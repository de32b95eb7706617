/** Codex: `mcp add` (which signs in by itself), `mcp list` (which does not connect), then two calls. */
import type { Client } from './client.ts'
import { openHome, program } from './home.ts'
import { line, type Row, serverName, type Target } from './row.ts'
import { type Dialect, openStub, shown } from './stub.ts'
import { codeMode, responses } from './stub-openai.ts'

const keyName = 'FLOWTLY_KEY'

export function codex(target: Target): Client {
  const client = program('@openai/codex', 'codex')
  const home = openHome(client, target)
  const env: Record<string, string> = target.key ? { [keyName]: target.key } : {}

  async function use(): Promise<Row[]> {
    const list = await home.run(['mcp', 'list'], env)
    const listed = new RegExp(`^${serverName}\\s.*enabled`, 'm').test(list.out)
    const named = { version: client.version, connected: listed ? 'not tried' : 'no' }
    const rows = [
      { client: 'Codex', ...named, ...(await call(responses, ['-m', 'unknown-model'])) },
      { client: 'Codex, code mode', ...named, ...(await call(codeMode, [])) },
    ]
    return listed ? rows : rows.map((row) => ({ ...row, ok: false, remark: line(list.err + list.out) }))
  }

  // The model's name decides how tools are presented: an unknown one gets a list, the default writes programs.
  async function call(dialect: Dialect, model: string[]) {
    const stub = await openStub(dialect, { ...target, idle: 0 })
    const provider = `{name="stub",base_url="${stub.origin}/v1",env_key="STUB_KEY",wire_api="responses"}`
    const settings = ['-c', 'model_provider=stub', '-c', `model_providers.stub=${provider}`, ...model]
    const asked = ['exec', '--skip-git-repo-check', ...settings, 'List three invoices.']
    try {
      return shown(stub, await home.run(asked, { ...env, STUB_KEY: 'stub' }), target)
    } finally {
      stub.close()
    }
  }

  return {
    home,
    use,
    login: () => home.run(['mcp', 'login', serverName], env),
    connect() {
      const key = target.key ? ['--bearer-token-env-var', keyName] : []
      return home.run(['mcp', 'add', serverName, '--url', target.url.href, ...key], env)
    },
  }
}
