/** mcp-remote: the stdio proxy that desktop clients start, driven line by line as such a client would. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Client } from './client.ts'
import { end, type Finished, openHome, program } from './home.ts'
import { fault, judge, line, type Outcome, type Row, type Target } from './row.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are whatever the server under test sends.
type Answer = any
/** `limit` in seconds. */
type Ask = (method: string, params?: object, limit?: number) => Promise<Answer>
type Conversation = { ask: Ask; tell: (method: string) => void }

export function mcpRemote(target: Target): Client {
  const client = program('mcp-remote', 'mcp-remote')
  const home = openHome(client, target)
  // Without a key it is started as a person would: http on loopback needs no leave.
  const header = target.key ? ['--allow-http', '--header', `Authorization: Bearer ${target.key}`] : []

  /** Starts the proxy, as a desktop client does, and ends it when `talk` is through. */
  async function session<T>(
    limit: number,
    talk: (hello: Answer, proxy: Conversation) => Promise<T>,
  ): Promise<T> {
    const child = home.start([target.url.href, ...header])
    try {
      const proxy = conversation(child)
      const hello = await proxy.ask('initialize', about, limit)
      proxy.tell('notifications/initialized')
      return await talk(hello, proxy)
    } finally {
      if (child.pid) end(child.pid)
    }
  }

  /** The first start signs in, and answers when that is done. */
  async function login(): Promise<Finished> {
    const done = { code: 0, out: '', err: '', late: false }
    return session(60, async () => done).catch((error) => ({ ...done, code: 1, err: String(error) }))
  }

  async function use(): Promise<Row[]> {
    const row = { client: 'mcp-remote', version: client.version, connected: 'no', tools: [] as string[] }
    try {
      return await session(20, async (hello, { ask }) => {
        row.connected = 'yes'
        row.tools = (await ask('tools/list')).tools.map((each: { name: string }) => each.name)
        const outcome = shown(await ask('tools/call', { name: target.tool, arguments: target.args }))
        const { call, ok, note } = judge(outcome, target.expect)
        const remark = note ?? `as ${target.tool}, revision ${hello.protocolVersion}`
        return [{ ...row, call, ok, remark, result: outcome.text }]
      })
    } catch (error) {
      return [{ ...row, call: 'no result', ok: false, remark: line(String(error)) }]
    }
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

const about = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'lectern', version: '0' },
}

const shown = (result: Answer): Outcome => ({
  text: result.content.map((each: { text?: string }) => each.text ?? '').join('\n'),
  isError: result.isError === true,
})

/** JSON-RPC over newline-delimited stdio; every question has a time limit of its own. */
function conversation(child: ChildProcessWithoutNullStreams): Conversation {
  const waiting = new Map<number, (message: Answer) => void>()
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (log += text))
  createInterface({ input: child.stdout }).on('line', (text) => {
    const message = JSON.parse(text)
    waiting.get(message.id)?.(message)
  })
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const ask: Ask = (method, params = {}, limit = 20) =>
    new Promise((resolve, reject) => {
      const id = waiting.size + 1
      const fail = () => reject(new Error(`no answer to ${method}: ${fault(log)}`))
      const timer = setTimeout(fail, limit * 1000)
      child.once('exit', fail)
      waiting.set(id, (message) => {
        clearTimeout(timer)
        if (message.error) reject(new Error(JSON.stringify(message.error)))
        else resolve(message.result)
      })
      send({ id, method, params })
    })
  // A proxy that died closes the pipe; the failed question tells more than EPIPE would.
  child.stdin.on('error', () => undefined)
  return { ask, tell: (method) => send({ method }) }
}
