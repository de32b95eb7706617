/** The program as a person starts it: what it prints, what it logs, a taken port, wrong settings, Ctrl-C. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { AURORA } from '../connector.ts'

const cli = new URL('../../dist/cli.js', import.meta.url).pathname
const started: ChildProcessWithoutNullStreams[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

function lectern(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [cli, ...args], { env: { PATH: process.env.PATH, ...env } })
  started.push(child)
  const printed = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    printed.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    printed.err += chunk
  })
  return { child, printed, ended: once(child, 'close').then(([code]) => code as number | null) }
}

async function startSandboxed(env: Record<string, string> = {}, args: string[] = []) {
  const running = lectern(['start', '--sandbox', ...args], { PORT: '0', ...env })
  await expect.poll(() => running.printed.out, { timeout: 5000 }).toContain('Ctrl-C ends it.')
  return { ...running, url: /serves Flowtly at (\S+)/.exec(running.printed.out)![1]! }
}

function call(url: string, body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${AURORA}`, 'content-type': 'application/json' }
  return fetch(url, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }) })
}

describe('start --sandbox', () => {
  it('prints within 5 s what to paste next, and the curl line works', async () => {
    const before = Date.now()
    const { printed, url } = await startSandboxed()
    expect(Date.now() - before).toBeLessThan(5000)
    expect(printed.out).toContain(
      `claude mcp add --transport http flowtly ${url} && claude mcp login flowtly`,
    )
    const curl = /^ {2}(curl .*)$/m.exec(printed.out)![1]!
    const shell = spawn('sh', ['-c', curl])
    let answer = ''
    shell.stdout.on('data', (chunk) => {
      answer += chunk
    })
    await once(shell, 'close')
    expect(JSON.parse(JSON.parse(answer).result.content[0].text).items.length).toBeGreaterThan(0)
  })

  it('ends at once and cleanly on Ctrl-C, with a call under way', async () => {
    const { child, ended, url } = await startSandboxed({}, ['--fault', 'stall'])
    const hanging = call(url, { method: 'tools/call', params: { name: 'invoices.list' } })
    hanging.catch(() => {})
    await pause(300)
    const before = Date.now()
    child.kill('SIGINT')
    expect(await ended).toBe(0)
    expect(Date.now() - before).toBeLessThan(1000)
    await expect(hanging).rejects.toThrow()
  })

  it('lets a call under way end on SIGTERM, and takes no new one', async () => {
    const { child, ended, url } = await startSandboxed({}, ['--fault', 'slow'])
    const slow = call(url, { method: 'tools/call', params: { name: 'taxGroups.list' } })
    await pause(300)
    child.kill('SIGTERM')
    await pause(200)
    await expect(call(url, { method: 'ping' })).rejects.toThrow()
    expect(await (await slow).json()).toHaveProperty('result')
    expect(await ended).toBe(0)
  })

  it('ends without waiting on a second signal', async () => {
    const { child, ended, url } = await startSandboxed({}, ['--fault', 'stall'])
    call(url, { method: 'tools/call', params: { name: 'taxGroups.list' } }).catch(() => {})
    await pause(300)
    child.kill('SIGTERM')
    await pause(200)
    child.kill('SIGTERM')
    expect(await ended).toBe(1)
  })

  it('logs one JSON line a request, without argument values or the key', async () => {
    const { printed, url } = await startSandboxed()
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${AURORA}`, 'content-type': 'application/json', traceparent },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'counterparties.list', arguments: { q: 'confidential' } },
      }),
    })
    await answer.text()
    const id = answer.headers.get('x-request-id')!
    await expect.poll(() => printed.out).toContain(id)
    const line = printed.out.split('\n').find((each) => each.includes(id))!
    expect(JSON.parse(line)).toMatchObject({
      id,
      method: 'POST',
      path: '/mcp',
      rpc: 'tools/call',
      version: '2025-03-26',
      tool: 'counterparties.list',
      status: 200,
      upstreamStatus: 200,
      upstreamTries: 1,
      trace: '0af7651916cd43dd8448eb211c80319c',
    })
    expect(line).not.toMatch(/confidential|flowtly_demo/)
    await call(url, {
      method: 'tools/call',
      params: { name: 'invoices.get', arguments: { invoiceId: 'inv_999999' } },
    })
    await expect.poll(() => printed.out).toContain('"failure":"upstream_status"')
    await fetch(`${url}/Bearer%20${AURORA}`)
    await expect.poll(() => printed.out).toContain('"path":"other"')
    expect(printed.out.split('Ctrl-C')[1]).not.toContain(AURORA)
  })
})

describe('what cannot start', () => {
  it('a taken port is one clear line and exit code 2', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as { port: number }
    const { printed, ended } = lectern(['start', '--sandbox', '--port', String(port)])
    expect(await ended).toBe(2)
    expect(printed.err).toBe(
      `lectern: The server cannot listen:\n  - port ${port} on 127.0.0.1 is taken: end what listens there, or choose another by PORT (start: or --port)\n`,
    )
    holder.close()
  })

  it('a port that is none is told by the name that was typed', async () => {
    const typed = lectern(['start', '--port', 'abc'], { LECTERN_LOG: 'loud' })
    expect(await typed.ended).toBe(2)
    expect(typed.printed.err).toMatch(/- --port is not a whole number.*\n {2}- LECTERN_LOG /)
    const set = lectern(['start'], { PORT: 'abc' })
    expect(await set.ended).toBe(2)
    expect(set.printed.err).toContain('- PORT is not a whole number')
  })

  it('a slip in a command or an option is told with the nearest', async () => {
    const rows: [string[], string][] = [
      [['strt'], 'lectern: strt is no command:\n  - did you mean start?\n'],
      [['start', '--baseurl', 'x'], "lectern: Unknown option '--baseurl':\n  - did you mean --base-url?\n  - lectern start --help lists what it takes\n"],
      [['start', 'openapi.json'], "lectern: Unexpected argument 'openapi.json':\n  - lectern start --help lists what it takes\n"],
    ] // biome-ignore format: one row a line
    for (const [args, words] of rows) {
      const { printed, ended } = lectern(args)
      expect([await ended, printed.err]).toEqual([2, words])
    }
  })

  it('wrong settings are told all at once', async () => {
    const { printed, ended } = lectern(['start'], { PORT: 'x', LECTERN_DEADLINE: '-1', LECTERN_LOG: 'loud' })
    expect(await ended).toBe(2)
    for (const variable of ['PORT', 'LECTERN_DEADLINE', 'LECTERN_LOG'])
      expect(printed.err).toContain(`- ${variable} `)
  })

  it('a sandbox and an upstream of one’s own exclude one another', async () => {
    const { printed, ended } = lectern(['start', '--sandbox'], {
      LECTERN_UPSTREAM_URL: 'https://api.example.com',
    })
    expect(await ended).toBe(2)
    expect(printed.err).toContain('LECTERN_UPSTREAM_URL is set')
  })

  it('a fault without a sandbox, and a port that is none, are told', async () => {
    for (const args of [
      ['start', '--fault', 'slow'],
      ['sandbox', '--port', 'abc'],
    ]) {
      const { printed, ended } = lectern(args)
      expect(await ended).toBe(2)
      expect(printed.err).toMatch(/^lectern: /)
    }
  })

  it.each([[['nonsense']], [['start', '--nonsense']], [['sandbox', '--fault', 'nonsense']]])(
    '%j is told and ends with 2',
    async (args) => {
      const { printed, ended } = lectern(args)
      expect(await ended).toBe(2)
      expect(printed.err).toMatch(/^lectern: .*nonsense/)
    },
  )
})

describe('the other commands', () => {
  it.each([
    [['--version'], /^\d+\.\d+\.\d+\n$/],
    [['--help'], /Usage: lectern <command>/],
    [['start', '--help'], /--sandbox/],
    [['settings'], /\| `PORT` \| `8787` \|/],
    [['document'], /"openapi": "3\.1\.0"/],
  ])('%j', async (args, words) => {
    const { printed, ended } = lectern(args)
    expect(await ended).toBe(0)
    expect(printed.out).toMatch(words)
  })
})
