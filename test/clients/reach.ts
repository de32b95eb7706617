/** What of an answer reaches the model of each real client, row for row: `node reach.ts [--only CLIENTS] [--case CASES]`. */
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import type { Catalog } from '../../src/connector/catalog.ts'
import { serve } from '../../src/node.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { readSettings } from '../../src/settings.ts'
import { AURORA } from '../connector.ts'
import { CEDAR, loadFlowpos } from '../flowpos.ts'
import type { Client, Mode } from './client.ts'
import { clients } from './clients.ts'
import type { Finished } from './home.ts'
import { loadLetters, startLetters } from './letters.ts'
import { type Api, type Case, cases } from './reach-cases.ts'
import { arrival, idsIn, nextOf } from './reaching.ts'
import { type Call, fault, type Outcome, type Target } from './row.ts'
import { openStub } from './stub.ts'
import { openTap, type Sent, type Tap } from './tap.ts'

type Served = { tap: Tap; key: string; close(): Promise<void> }
type Reached = { ok: boolean; cells: string[]; around: string[]; shown: Outcome[]; sent: Sent[] }

/** Calls that are made for one list at most. */
const MOST_CALLS = 60

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'claude,codex,gemini' },
    case: { type: 'string', default: Object.keys(cases).join(';') },
    mode: { type: 'string', default: '' },
    budget: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

const [sandbox, letters] = await Promise.all([startSandbox(), startLetters()])
/** Where each API is, what opens it, and the connector in front of it. */
const apis: Record<Api, { base: string; key: string; load: () => Catalog }> = {
  flowtly: { base: sandbox.url, key: AURORA, load: loadFlowtly },
  pos: { base: sandbox.posUrl, key: CEDAR, load: loadFlowpos },
  letters: { base: letters.url, key: '', load: loadLetters },
}
const rows: string[][] = []
const kept: unknown[] = []
try {
  for (const name of values.only.split(',')) {
    for (const api of Object.keys(apis) as Api[]) await drive(name, api)
  }
} finally {
  letters.close()
  await sandbox.close()
}
console.log(
  values.json ? JSON.stringify(kept, null, 2) : markdown(rows.toSorted((a, b) => a[1]!.localeCompare(b[1]!))),
)

async function drive(name: string, api: Api): Promise<void> {
  const chosen = values.case.split(';').filter((each) => cases[each]!.api === api)
  if (chosen.length === 0) return
  const served = await serveApi(api)
  const target: Target = { url: served.tap.url, key: served.key, tool: '', args: {}, expect: '', idle: 0 }
  const client = clients[name]!(target)
  try {
    await client.connect()
    for (const mode of client.modes.filter((each) => each.name.includes(values.mode)))
      for (const each of chosen) await tell(client, mode, each, served, target)
  } finally {
    client.home.close()
    await served.close()
  }
}

async function tell(client: Client, mode: Mode, name: string, served: Served, target: Target): Promise<void> {
  const asked = cases[name]!
  sandbox.fault = asked.fault
  const { ok, cells, around, shown, sent } = await reach(mode, asked, served, target)
  sandbox.fault = undefined
  if (!ok) process.exitCode = 1
  rows.push([ok ? 'ok' : 'no', `${mode.name} ${client.version}`, name, ...cells])
  kept.push({ ok, client: mode.name, version: client.version, case: name, cells, around, shown, sent })
  console.error(rows.at(-1)!.join(' | '), JSON.stringify(around[0]))
}

async function reach(mode: Mode, asked: Case, { tap }: Served, target: Target): Promise<Reached> {
  tap.sent.length = 0
  const calls: Call[] = [{ tool: asked.tool, args: asked.args }]
  const then = (shown: Outcome) => {
    const next = asked.rows === undefined || calls.length === MOST_CALLS ? undefined : nextOf(shown)
    if (next) calls.push(next)
    return next
  }
  const stub = await openStub(mode.dialect, { ...target, ...asked, then })
  try {
    const ran = await mode.ask(stub, 180)
    const sent = [...tap.sent]
    return await judged(asked, calls, sent, stub.results, ran)
  } finally {
    stub.close()
  }
}

async function judged(
  asked: Case,
  calls: Call[],
  sent: Sent[],
  shown: Outcome[],
  ran: Finished,
): Promise<Reached> {
  const arrivals = shown.map((each, at) => arrival(sent[at], each))
  const asAsked = isDeepStrictEqual(
    calls.slice(0, sent.length),
    sent.map(({ tool, args }) => ({ tool, args })),
  )
  const found = asked.rows === undefined ? undefined : await rowsOf(asked.api, asked.rows, shown)
  const ended = ran.code === 0 && shown.length === calls.length && asAsked
  const worst = arrivals.find((each) => !each.ok) ?? arrivals[0]
  const how = worst?.how.join(' + ') ?? (ran.late ? 'ended at its time limit' : fault(ran.err + ran.out))
  const cells = [
    String(sent.length),
    String(most(sent, (text) => text.length)),
    String(most(sent, (text) => Buffer.byteLength(JSON.stringify(text)))),
    String(Math.max(0, ...shown.map(({ text }) => text.length))),
    asAsked ? how : `${how}; the arguments were changed`,
    found?.said ?? '',
  ]
  const around = [...new Set(arrivals.map((each) => brief(each.around)))]
  return { ok: ended && arrivals.every((each) => each.ok) && found?.ok !== false, cells, around, shown, sent }
}

/** The largest answer by some measure of its texts. */
function most(sent: Sent[], measure: (text: string) => number): number {
  const sizes = sent.map(({ content, error }) => {
    const texts = error ? [error.message] : content.flatMap(({ text }) => text ?? [])
    return texts.reduce((sum, text) => sum + measure(text), 0)
  })
  return Math.max(0, ...sizes)
}

function brief(text: string): string {
  return text.length > 400 ? `${text.slice(0, 200)} … ${text.slice(-200)}` : text
}

/** Good where the rows of all answers, one after the other, are the upstream's. */
async function rowsOf(api: Api, path: string, shown: Outcome[]): Promise<{ ok: boolean; said: string }> {
  const wanted = await walk(api, path)
  const ids = shown.flatMap(idsIn)
  const once = new Set(ids)
  const twice = ids.length - once.size
  const said = `${wanted.filter((id) => once.has(id)).length} of ${wanted.length}`
  return { ok: isDeepStrictEqual(ids, wanted), said: twice > 0 ? `${said}, ${twice} twice` : said }
}

type Listed = { items: { id: string }[]; nextCursor?: string | null }

/** Every id as the upstream itself lists them. */
async function walk(api: Api, path: string): Promise<string[]> {
  const ids: string[] = []
  const { base, key } = apis[api]
  for (let next = '&page=1', page = 2; ; page++) {
    const answer = await fetch(base + path + next, { headers: { authorization: `Bearer ${key}` } })
    const body = (await answer.json()) as Listed | Listed['items']
    const { items, nextCursor } = Array.isArray(body) ? { items: body } : body
    ids.push(...items.map(({ id }) => id))
    if (items.length === 0 || nextCursor === null) return ids
    next = nextCursor ? `&cursor=${nextCursor}` : `&page=${page}`
  }
}

async function serveApi(api: Api): Promise<Served> {
  const { base, key, load } = apis[api]
  const budget = values.budget === undefined ? {} : { LECTERN_ANSWER_BUDGET: values.budget }
  const settings = readSettings({ PORT: '0', LECTERN_LOG: 'off', LECTERN_UPSTREAM_URL: base, ...budget })
  const running = await serve(load(), settings)
  const tap = await openTap(`${running.url}/mcp`)
  const close = async () => {
    tap.close()
    await running.close()
  }
  return { tap, key, close }
}

function markdown(rows: string[][]): string {
  const head = ['', 'client', 'case', 'calls', 'answer', 'in bytes, quoted', 'shown', 'arrives', 'rows']
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
