/** Codex: `mcp add` with the key in a variable, `mcp list` (which does not connect), then two calls. */
import { type Home, openHome, program } from './home.ts'
import { line, type Row, serverName, type Target } from './row.ts'
import { type Dialect, openStub, shown } from './stub.ts'
import { codeMode, responses } from './stub-openai.ts'

const keyName = 'FLOWTLY_KEY'

export async function codex(target: Target): Promise<Row[]> {
  const client = program('@openai/codex', 'codex')
  const home = openHome(client, target)
  const env = { [keyName]: target.key }
  try {
    const where = ['--url', target.url.href, '--bearer-token-env-var', keyName]
    const added = await home.run(['mcp', 'add', serverName, ...where], env)
    const list = await home.run(['mcp', 'list'], env)
    const listed = new RegExp(`^${serverName}\\s.*enabled`, 'm').test(list.out)
    const named = { version: client.version, connected: listed ? 'not tried' : 'no' }
    const rows = [
      { client: 'Codex', ...named, ...(await call(home, target, responses, ['-m', 'unknown-model'])) },
      { client: 'Codex, code mode', ...named, ...(await call(home, target, codeMode, [])) },
    ]
    return listed ? rows : rows.map((row) => ({ ...row, ok: false, remark: line(added.err + list.err) }))
  } finally {
    home.close()
  }
}

// The model's name decides how tools are presented: an unknown one gets a list, the default writes programs.
async function call(home: Home, target: Target, dialect: Dialect, model: string[]) {
  const stub = await openStub(dialect, { ...target, idle: 0 })
  const provider = `{name="stub",base_url="${stub.origin}/v1",env_key="STUB_KEY",wire_api="responses"}`
  const settings = ['-c', 'model_provider=stub', '-c', `model_providers.stub=${provider}`, ...model]
  try {
    const env = { [keyName]: target.key, STUB_KEY: 'stub' }
    const ran = await home.run(['exec', '--skip-git-repo-check', ...settings, 'List three invoices.'], env)
    return shown(stub, ran, target)
  } finally {
    stub.close()
  }
}
