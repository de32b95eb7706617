/** Gemini CLI: `mcp add`, `/mcp auth`, `mcp list`, then one tools/call in headless mode with every tool approved. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client, Mode } from './client.ts'
import { type Finished, openHome, program } from './home.ts'
import { line, listed, type Row, serverName, type Target } from './row.ts'
import { openStub, type Stub, shown } from './stub.ts'
import { gemini as dialect } from './stub-gemini.ts'

// In a folder that nobody trusted, the server is listed as disabled.
const trusting = { GEMINI_API_KEY: 'stub', GEMINI_CLI_TRUST_WORKSPACE: 'true' }

export function gemini(target: Target): Client {
  const client = program('@google/gemini-cli', 'gemini')
  const home = openHome(client, target)
  chooseApiKey(home.path)
  // Before it opens the browser it asks whether it may. In headless mode a slash command ends as a fault (42),
  // whatever came of it, so its words count.
  async function login(): Promise<Finished> {
    const answer = { to: /\[Y\/n\]/, with: 'Y\n' }
    const ran = await home.run(['-p', `/mcp auth ${serverName}`], trusting, { answer })
    return { ...ran, code: /Successfully authenticated/.test(ran.out) ? 0 : ran.code || 1 }
  }

  const reaching = (stub: Stub) => ({ ...trusting, GOOGLE_GEMINI_BASE_URL: stub.origin })
  const asked = ['-m', 'gemini-2.5-flash', '--approval-mode', 'yolo', '-p', 'List three invoices.']
  const mode: Mode = {
    name: 'Gemini CLI',
    dialect,
    ask: (stub, limit) => home.run(asked, reaching(stub), { limit }),
  }

  async function use(): Promise<Row[]> {
    const stub = await openStub(dialect, { ...target, idle: 0 })
    try {
      const list = await home.run(['mcp', 'list'], reaching(stub))
      // It writes the list to stderr when stdout is no terminal.
      const lines = (list.out + list.err).split('\n')
      const said = lines.find((each) => each.includes(`${serverName}: `)) ?? list.err + list.out
      const connected = /✓.* - Connected/.test(said)
      const row = shown(stub, await mode.ask(stub, 60), target)
      const remark = connected ? row.remark : line(said)
      return [listed('Gemini CLI', client.version, connected, { ...row, remark })]
    } finally {
      stub.close()
    }
  }

  return {
    home,
    version: client.version,
    modes: [mode],
    login,
    use,
    async connect() {
      const header = target.key ? ['--header', `Authorization: Bearer ${target.key}`] : []
      const where = ['--scope', 'user', '--transport', 'http', ...header, serverName, target.url.href]
      const added = await home.run(['mcp', 'add', ...where], trusting)
      return target.person && added.code === 0 ? login() : added
    },
  }
}

// What a person chooses in its first dialogue. From the environment alone it takes a base URL for a gateway
// and then refuses that as an unknown way to sign in.
function chooseApiKey(home: string): void {
  mkdirSync(join(home, '.gemini'))
  const settings = { security: { auth: { selectedType: 'gemini-api-key' } } }
  writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify(settings))
}
