/** Gemini CLI: `mcp add`, `mcp list`, then one tools/call in headless mode with every tool approved. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openHome, program } from './home.ts'
import { line, listed, type Row, serverName, type Target } from './row.ts'
import { openStub, shown } from './stub.ts'
import { gemini as dialect } from './stub-gemini.ts'

export async function gemini(target: Target): Promise<Row[]> {
  const client = program('@google/gemini-cli', 'gemini')
  const home = openHome(client, target)
  const stub = await openStub(dialect, { ...target, idle: 0 })
  const env = {
    GEMINI_API_KEY: 'stub',
    GOOGLE_GEMINI_BASE_URL: stub.origin,
    // In a folder that nobody trusted, the server is listed as disabled.
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
  }
  try {
    chooseApiKey(home.path)
    const header = `Authorization: Bearer ${target.key}`
    const where = ['--scope', 'user', '--transport', 'http', '--header', header, serverName, target.url.href]
    const added = await home.run(['mcp', 'add', ...where], env)
    const list = await home.run(['mcp', 'list'], env)
    // It writes the list to stderr when stdout is no terminal.
    const lines = (list.out + list.err).split('\n')
    const said = lines.find((each) => each.includes(`${serverName}: `)) ?? list.err + added.err
    const connected = /✓.* - Connected/.test(said)
    const asked = ['-m', 'gemini-2.5-flash', '--approval-mode', 'yolo', '-p', 'List three invoices.']
    const ran = await home.run(asked, env)
    const row = shown(stub, ran, target)
    return [
      listed('Gemini CLI', client.version, connected, {
        ...row,
        remark: connected ? row.remark : line(said),
      }),
    ]
  } finally {
    stub.close()
    home.close()
  }
}

// What a person chooses in its first dialogue. From the environment alone it takes a base URL for a gateway
// and then refuses that as an unknown way to sign in.
function chooseApiKey(home: string): void {
  mkdirSync(join(home, '.gemini'))
  const settings = { security: { auth: { selectedType: 'gemini-api-key' } } }
  writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify(settings))
}
