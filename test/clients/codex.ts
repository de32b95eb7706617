/** Codex: `mcp add` (which signs in by itself), `mcp list` (which does not connect), then two calls. */
import type { Client, Mode } from './client.ts'
import { openHome, program } from './home.ts'
import { line, type Row, serverName, type Target } from './row.ts'
import { type Dialect, openStub, shown } from './stub.ts'
import { codeMode, inBlocks, inOne, responses, searching } from './stub-openai.ts'

const keyName = 'FLOWTLY_KEY'

export function codex(target: Target): Client {
  const client = program('@openai/codex', 'codex')
  const home = openHome(client, target)
  const env: Record<string, string> = target.key ? { [keyName]: target.key } : {}

  // The model's name decides how tools are presented: an unknown one gets a list, the default writes programs.
  const unknown = mode('Codex, unknown model', responses, ['-m', 'unknown-model'])
  const writing = mode('Codex, code mode', codeMode(inOne), [])
  const modes = [
    unknown,
    mode('Codex, gpt-5.5', searching, ['-m', 'gpt-5.5']),
    writing,
    mode('Codex, code mode, each block', codeMode(inBlocks), []),
  ]

  async function use(): Promise<Row[]> {
    const list = await home.run(['mcp', 'list'], env)
    const listed = new RegExp(`^${serverName}\\s.*enabled`, 'm').test(list.out)
    const named = { version: client.version, connected: listed ? 'not tried' : 'no' }
    const rows: Row[] = []
    for (const mode of [unknown, writing]) rows.push({ client: mode.name, ...named, ...(await call(mode)) })
    return listed ? rows : rows.map((row) => ({ ...row, ok: false, remark: line(list.err + list.out) }))
  }

  async function call(mode: Mode) {
    const stub = await openStub(mode.dialect, { ...target, idle: 0 })
    try {
      return shown(stub, await mode.ask(stub, 60), target)
    } finally {
      stub.close()
    }
  }

  function mode(name: string, dialect: Dialect, model: string[]): Mode {
    return {
      name,
      dialect,
      ask: (stub, limit) => {
        const provider = `{name="stub",base_url="${stub.origin}/v1",env_key="STUB_KEY",wire_api="responses"}`
        const settings = ['-c', 'model_provider=stub', '-c', `model_providers.stub=${provider}`, ...model]
        const asked = ['exec', '--skip-git-repo-check', ...settings, 'List three invoices.']
        return home.run(asked, { ...env, STUB_KEY: 'stub' }, { limit })
      },
    }
  }

  return {
    home,
    version: client.version,
    modes,
    use,
    login: () => home.run(['mcp', 'login', serverName], env),
    connect() {
      const key = target.key ? ['--bearer-token-env-var', keyName] : []
      return home.run(['mcp', 'add', serverName, '--url', target.url.href, ...key], env)
    },
  }
}
