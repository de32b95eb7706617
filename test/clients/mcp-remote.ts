/** mcp-remote: the stdio proxy that desktop clients start, driven line by line as such a client would. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { end, openHome, program } from './home.ts'
import { fault, judge, line, type Outcome, type Row, type Target } from './row.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are whatever the server under test sends.
type Answer = any
type Ask = (method: string, params?: object) => Promise<Answer>

export async function mcpRemote(target: Target): Promise<Row[]> {
  const client = program('mcp-remote', 'mcp-remote')
  const home = openHome(client, target)
  const row = { client: 'mcp-remote', version: client.version, connected: 'no', tools: [] as string[] }
  const child = home.start([
    target.url.href,
    '--allow-http',
    '--header',
    `Authorization: Bearer ${target.key}`,
  ])
  try {
    const { ask, tell } = conversation(child)
    const about = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'lectern', version: '0' },
    }
    const hello = await ask('initialize', about)
    row.connected = 'yes'
    tell('notifications/initialized')
    row.tools = (await ask('tools/list')).tools.map((each: { name: string }) => each.name)
    const outcome = shown(await ask('tools/call', { name: target.tool, arguments: target.args }))
    const { call, ok, note } = judge(outcome, target.expect)
    const remark = note ?? `as ${target.tool}, revision ${hello.protocolVersion}`
    return [{ ...row, call, ok, remark, result: outcome.text }]
  } catch (error) {
    return [{ ...row, call: 'no result', ok: false, remark: line(String(error)) }]
  } finally {
    if (child.pid) end(child.pid)
    home.close()
  }
}

const shown = (result: Answer): Outcome => ({
  text: result.content.map((each: { text?: string }) => each.text ?? '').join('\n'),
  isError: result.isError === true,
})

/** JSON-RPC over newline-delimited stdio; every question has a time limit of its own. */
function conversation(child: ChildProcessWithoutNullStreams): { ask: Ask; tell: (method: string) => void } {
  const waiting = new Map<number, (message: Answer) => void>()
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (log += text))
  createInterface({ input: child.stdout }).on('line', (text) => {
    const message = JSON.parse(text)
    waiting.get(message.id)?.(message)
  })
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const ask: Ask = (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = waiting.size + 1
      const fail = () => reject(new Error(`no answer to ${method}: ${fault(log)}`))
      const timer = setTimeout(fail, 20_000)
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
