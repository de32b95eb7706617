/** What becomes of each client when its person declines, its token expires, the server forgets it, or somebody else signs in. */
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Choice, Visit } from './browser.ts'
import type { Client } from './client.ts'
import { clients } from './clients.ts'
import type { Finished } from './home.ts'
import type { Row, Target } from './row.ts'
import { refusals, type Serving, serveSandbox } from './serving.ts'

type Open = (url: URL, choice?: Partial<Choice>, target?: Partial<Target>) => Client
type Told = { ok: boolean; lines: string[]; log: Serving['log'] }

const target: Target = {
  url: new URL('http://127.0.0.1'),
  key: '',
  tool: 'invoices.list',
  args: { pageSize: 3 },
  expect: '"items"',
  idle: 0,
}
const anna: Choice = { who: 'anna', decision: 'approve', chromium: false }

const stories: Record<string, (open: Open) => Promise<Told>> = {
  boris: async (open) => {
    const server = await serveSandbox()
    const [theirs, ours] = await Promise.all([
      invoice(server.url, 'flowtly_demo_borealis'),
      invoice(server.url, 'flowtly_demo_aurora'),
    ])
    if (theirs === ours) throw new Error('the two organizations look the same')
    return withClient(server, open(server.url, { who: 'boris' }, { expect: theirs }), async (client) => {
      await client.connect()
      const rows = await client.use()
      const mixed = rows.some(({ result }) => result?.includes(ours))
      return { ok: works(rows) && !mixed, lines: [`reads ${theirs}, which is Borealis's: ${told(rows)}`] }
    })
  },

  declined: (open) => turnedBack(open, 'deny'),
  left: (open) => turnedBack(open, 'leave'),

  expired: async (open) => {
    const server = await serveSandbox({ ttl: 4 })
    return withClient(server, open(server.url), async (client) => {
      await client.connect()
      const lines: string[] = []
      let ok = true
      for (const turn of ['first', 'second']) {
        await pause(5000)
        const before = refreshes(server)
        const rows = await client.use()
        ok &&= works(rows) && refreshes(server) > before
        lines.push(`${turn} use after expiry, ${refreshes(server) - before} refreshes: ${told(rows)}`)
      }
      const visits = (await client.home.visits(1)).length
      lines.push(`the browser was opened ${visits} time(s)`)
      return { ok: ok && visits === 1, lines }
    })
  },

  restarted: (open) => restarted(open, {}),
  // As where the connector is deployed: no documents here (they could not be fetched), and nobody is let in unread.
  forgotten: (open) =>
    restarted(open, { LECTERN_CLIENT_DOCUMENTS: 'off', LECTERN_UNKNOWN_CLIENTS: 'refuse' }),
}

/** The server starts anew with other secrets: what it gave out before, client ids among it, is dead. */
async function restarted(open: Open, env: Record<string, string>): Promise<Told> {
  const first = await serveSandbox({ env })
  const client = open(first.url)
  try {
    await client.connect()
    const before = await client.use()
    const began = (await client.home.visits(1)).length
    await first.close()
    const second = await serveSandbox({ port: Number(first.url.port), env })
    return await withClient(second, client, async () => {
      const after = await client.use()
      const byItself = (await client.home.visits(began)).slice(began)
      const lines = [
        `before: ${told(before)}`,
        `after: ${told(after)}; opened the browser ${byItself.length} time(s) by itself ${ends(byItself)}`,
      ]
      const said = await client.login()
      const again = await client.use()
      const visits = (await client.home.visits(began)).slice(began + byItself.length)
      lines.push(`its login again: ${words(said)} ${ends(visits)}`, `then: ${told(again)}`)
      return { ok: works(before) && said.code === 0 && works(again), lines }
    })
  } finally {
    await first.close()
    client.home.close()
  }
}

const ends = (visits: Visit[]): string => visits.map(({ pages, end }) => `[${pages[0]} ... ${end}]`).join(' ')

/** The person turns back; the client says so, reads nothing, and signs in at the second try. */
async function turnedBack(open: Open, decision: Choice['decision']): Promise<Told> {
  const server = await serveSandbox()
  return withClient(server, open(server.url, { decision }), async (client) => {
    const said = await client.connect()
    const [visit] = await client.home.visits(1)
    const lines = [
      `the client (${said.late ? 'ended by us' : said.code}): ${words(said)}`,
      `the page: ${visit?.end}`,
    ]
    const tokens = server.log.filter(({ path, status }) => path === '/token' && status === 200).length
    client.home.decide(anna)
    const second = await client.login()
    const rows = await client.use()
    lines.push(`a second try: ${words(second)}`, `then: ${told(rows)}`)
    return { ok: tokens === 0 && visit !== undefined && second.code === 0 && works(rows), lines }
  })
}

async function withClient(
  server: Serving,
  client: Client,
  tell: (client: Client) => Promise<Omit<Told, 'log'>>,
): Promise<Told> {
  try {
    return { ...(await tell(client)), log: server.log }
  } finally {
    client.home.close()
    await server.close()
  }
}

/** Number of the first invoice that a demonstration key reads. */
async function invoice(url: URL, key: string): Promise<string> {
  const params = { name: 'invoices.list', arguments: { pageSize: 1 } }
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
  const answer = await fetch(url, { method: 'POST', headers, body })
  const found = /\\?"number\\?":\s*\\?"([^"\\]+)/.exec(await answer.text())?.[1]
  if (!found) throw new Error('no invoice')
  return found
}

const works = (rows: Row[]): boolean => rows.every(({ ok }) => ok)
const told = (rows: Row[]): string =>
  rows.map(({ call, ok, remark }) => (ok ? call : `${call} [${remark}]`)).join('; ')
const refreshes = ({ log }: Serving): number =>
  log.filter(({ grant, status }) => grant === 'refresh_token' && status === 200).length

/** The client's own words, without colours and addresses. */
function words({ out, err }: Finished): string {
  const plain = `${out}\n${err}`
    .replace(/\x1b\][^\x07]*\x07|\x1b\[[\d;?]*[a-zA-Z]/g, '')
    .replace(/https?:\S+/g, '<address>')
  const kept = plain
    .split(/[\r\n]+/)
    .map((each) => each.trim())
    .filter((each) => each.startsWith('{"error"') || (each && !/^[{}\]"[]/.test(each)))
  return kept.slice(-6).join(' | ').slice(-600)
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(clients).join(',') },
    story: { type: 'string', default: Object.keys(stories).join(',') },
  },
})
for (const story of values.story.split(',')) {
  for (const name of values.only.split(',')) {
    const open: Open = (url, choice, more) =>
      clients[name]!({ ...target, ...more, url, person: { ...anna, ...choice } })
    const { ok, lines, log } = await stories[story]!(open).catch(
      (error: unknown): Told => ({ ok: false, lines: [String(error)], log: [] }),
    )
    if (!ok) process.exitCode = 1
    console.log(`${ok ? 'ok  ' : 'FAIL'}  ${story}, ${name}`)
    for (const line of [...lines, `refused: ${refusals(log).join(', ') || 'nothing'}`])
      console.log(`        ${line}`)
  }
}
