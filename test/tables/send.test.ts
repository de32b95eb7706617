/** One call is one GET under one deadline: retried where that helps, followed only on its origin, dropped with its caller. */
import { describe, expect, it } from 'vitest'
import { type EgressCode, EgressError } from '../../src/errors.ts'
import type { GetOptions, Ports, Reply } from '../../src/ports.ts'
import { type Sending, send } from '../../src/tools/send.ts'

type Answer = number | EgressCode | [status: number, headers: Record<string, string>] | 'hang'

const START = Date.parse('2026-11-20T12:00:00Z') / 1000
const LIMITS = { deadline: 10, retries: 2, maxRedirects: 3, maxResponseBytes: 1000 }

interface Asked {
  url: string
  headers: Record<string, string>
}

/** Ports that answer from a list, in a time that passes only while the core waits. */
function scripted(answers: Answer[]) {
  const asked: Asked[] = []
  const waits: number[] = []
  const timers = new Set<{ at: number; run: () => void }>()
  let now = START
  const ports: Ports = {
    get: (url, options) => {
      asked.push({ url: url.href, headers: options.headers })
      return answer(answers.shift() ?? 200, options)
    },
    now: () => now,
    random: () => 0.5,
    id: () => 'id',
    log: () => {},
    after(seconds, run) {
      const timer = { at: now + seconds, run }
      timers.add(timer)
      if (timers.size > 1) waits.push(seconds)
      return () => timers.delete(timer)
    },
  }
  /** Lets time jump to the next timer. */
  function pass(): boolean {
    const [next] = [...timers].sort((a, b) => a.at - b.at)
    if (!next) return false
    now = next.at
    timers.delete(next)
    next.run()
    return true
  }
  return { ports, asked, waits, pass, timers }
}

function answer(given: Answer, { signal }: GetOptions): Promise<Reply> {
  if (signal.aborted) return Promise.reject(new EgressError('aborted', 'before'))
  if (given === 'hang') {
    return new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(new EgressError('aborted', 'during'))),
    )
  }
  if (typeof given === 'string') return Promise.reject(new EgressError(given, 'scripted'))
  const [status, headers] = Array.isArray(given) ? given : [given, {}]
  return Promise.resolve({ status, header: (name) => headers[name], body: new Uint8Array() })
}

/** Sends, with time passing whenever nothing else can happen. */
async function run(
  answers: Answer[],
  sending: Sending = { headers: {} },
  limits = LIMITS,
  target = '/v1/a?b=1',
) {
  const script = scripted(answers)
  const upstream = { title: 'Flowtly', base: new URL('https://api.example.com/base/'), limits }
  let done = false
  const sent = send({ target, headers: { accept: 'a/b' } }, upstream, sending, script.ports).finally(() => {
    done = true
  })
  sent.catch(() => {})
  while (!done) {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    if (!done && !script.pass()) break
  }
  const result = await sent
  return { ...script, result, outcome: result.ok ? result.reply.status : result.failure.code }
}

const at = (location: string, status = 302): Answer => [status, { location }]

describe('tries', () => {
  const rows: [string, Answer[], number | string, number][] = [
    ['200', [200], 200, 1],
    ['204', [204], 204, 1],
    ['429, then 200', [429, 200], 200, 2],
    ['502, then 200', [502, 200], 200, 2],
    ['503, 504, then 200', [503, 504, 200], 200, 3],
    ['503 for good', [503, 503, 503, 200], 'upstream_status', 3],
    ['no connection, then 200', ['connect', 200], 200, 2],
    ['a lost connection, then 200', ['closed', 200], 200, 2],
    ['no connection for good', ['connect', 'connect', 'connect'], 'upstream_unreachable', 3],
    ['500', [500, 200], 'upstream_status', 1],
    ['404', [404, 200], 'upstream_status', 1],
    ['401', [401, 200], 'upstream_status', 1],
    ['304', [304, 200], 'upstream_status', 1],
    ['silence', ['idle', 200], 'upstream_timeout', 1],
    ['too much', ['too_large', 200], 'upstream_too_large', 1],
    ['not to be decoded', ['encoding', 200], 'upstream_not_json', 1],
    ['two seconds asked for', [[429, { 'retry-after': '2' }], 200], 200, 2],
    ['a date within the deadline', [[503, { 'retry-after': 'Fri, 20 Nov 2026 12:00:05 GMT' }], 200], 200, 2],
    ['a date in the past', [[503, { 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' }], 200], 200, 2],
    ['nonsense asked for', [[503, { 'retry-after': 'soon' }], 200], 200, 2],
    ['a minute asked for', [[429, { 'retry-after': '60' }], 200], 'upstream_status', 1],
    ['a date beyond the deadline', [[503, { 'retry-after': 'Fri, 20 Nov 2026 12:01:00 GMT' }], 200], 'upstream_status', 1],
    ['just the deadline asked for', [[429, { 'retry-after': '10' }], 200], 'upstream_status', 1],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', async (_, answers, outcome, tries) => {
    const seen = await run(answers)
    expect([seen.outcome, seen.asked.length, seen.result.facts.tries]).toEqual([outcome, tries, tries])
    expect(seen.timers.size).toBe(0)
  })

  it('wait longer each time, and as long as asked', async () => {
    expect((await run([503, 503, 503])).waits).toEqual([0.2, 0.4])
    expect((await run([[429, { 'retry-after': '2' }], 200])).waits).toEqual([2])
  })

  it('tell how long to wait, and how often it was tried', async () => {
    const { result } = await run([[429, { 'retry-after': '60' }]])
    expect(result).toMatchObject({
      failure: { retryAfter: 60, status: 429, message: 'Flowtly answered 429' },
    })
    expect(result).toMatchObject({ failure: { hint: expect.stringContaining('in 60 s') } })
    expect((await run([503, 503, 503])).result).toMatchObject({
      failure: { message: 'Flowtly answered 503 after 3 tries' },
    })
  })

  it('are none where none are allowed', async () => {
    expect((await run([503, 200], { headers: {} }, { ...LIMITS, retries: 0 })).asked).toHaveLength(1)
  })

  it('do not hide a bug of ours', async () => {
    const script = scripted([])
    const ports = { ...script.ports, get: () => Promise.reject(new TypeError('bug')) }
    const upstream = { title: 'Flowtly', base: new URL('https://api.example.com'), limits: LIMITS }
    await expect(send({ target: '/', headers: {} }, upstream, { headers: {} }, ports)).rejects.toThrow(
      TypeError,
    )
    expect(script.timers.size).toBe(0)
  })
})

describe('redirects', () => {
  const HOME = 'https://api.example.com'
  const rows: [string, Answer[], number | string, string[]][] = [
    ['absolute, same origin', [at(`${HOME}/other?x=1`, 301), 200], 200, [`${HOME}/other?x=1`]],
    ['from the root', [at('/other', 307), 200], 200, [`${HOME}/other`]],
    ['relative', [at('b?c=2', 308), 200], 200, [`${HOME}/base/v1/b?c=2`]],
    ['default port spelled out', [at('https://api.example.com:443/x', 303), 200], 200, [`${HOME}/x`]],
    ['three', [at('/1'), at('/2'), at('/3'), 200], 200, [`${HOME}/1`, `${HOME}/2`, `${HOME}/3`]],
    ['a circle', [at('/1'), at('/1'), at('/1'), at('/1'), 200], 'upstream_redirect', [`${HOME}/1`, `${HOME}/1`, `${HOME}/1`]],
    ['another host', [at('https://evil.example/'), 200], 'upstream_redirect', []],
    ['another port', [at('https://api.example.com:8443/'), 200], 'upstream_redirect', []],
    ['another scheme', [at('http://api.example.com/'), 200], 'upstream_redirect', []],
    ['a host without scheme', [at('//evil.example/'), 200], 'upstream_redirect', []],
    ['backslashes', [at('\\\\evil.example/'), 200], 'upstream_redirect', []],
    ['userinfo', [at('https://api.example.com@evil.example/'), 200], 'upstream_redirect', []],
    ['data', [at('data:text/plain,x'), 200], 'upstream_redirect', []],
    ['no URL', [at('https://['), 200], 'upstream_redirect', []],
    ['off the origin at last', [at('/1'), at('https://evil.example/'), 200], 'upstream_redirect', [`${HOME}/1`]],
    ['nowhere', [302, 200], 'upstream_status', []],
    ['300 with a place', [at('/1', 300), 200], 'upstream_status', []],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', async (_, answers, outcome, followed) => {
    const seen = await run(answers)
    expect([seen.outcome, seen.asked.slice(1).map(({ url }) => url)]).toEqual([outcome, followed])
  })

  it('do not repeat where they led', async () => {
    expect(JSON.stringify((await run([at('https://evil.example/?secret=1')])).result)).not.toContain('evil')
  })
})

describe('one origin', () => {
  it('keeps the base path, and the credential wins over an argument', async () => {
    const { asked } = await run([200], { headers: { authorization: 'Bearer k', accept: 'ours' } })
    expect(asked).toEqual([
      {
        url: 'https://api.example.com/base/v1/a?b=1',
        headers: { accept: 'ours', authorization: 'Bearer k' },
      },
    ])
  })

  it.each(['@evil.example/', '.evil.example/', ':8443/', '//evil.example/', '/../../admin'])(
    'is not left by the target %s',
    async (target) => {
      const upstream = { title: 'Flowtly', base: new URL('https://api.example.com'), limits: LIMITS }
      const script = scripted([200])
      const sent = send({ target, headers: {} }, upstream, { headers: {} }, script.ports)
      const stays = new URL(`${upstream.base.origin}${target}`).origin === upstream.base.origin
      if (stays) expect(await sent).toMatchObject({ ok: true })
      else await expect(sent).rejects.toThrow('the target leaves the origin')
      expect(
        script.asked
          .map(({ url }) => new URL(url).origin)
          .filter((origin) => origin !== upstream.base.origin),
      ).toEqual([])
    },
  )
})

describe('a credential in the query', () => {
  const HOME = 'https://api.example.com'
  const rows: [string, Record<string, string>, string, Answer[], string[]][] = [
    ['is added', { key: 'k1' }, '/v1/a', [200], ['/base/v1/a?key=k1']],
    ['follows the arguments', { key: 'k1' }, '/v1/a?b=1', [200], ['/base/v1/a?b=1&key=k1']],
    ['wins over an argument', { key: 'k1' }, '/v1/a?key=mine&b=1&key=2', [200], ['/base/v1/a?b=1&key=k1']],
    ['wins over one that is spelled otherwise', { 'k y': 'k1' }, '/v1/a?k+y=1&k%20y=2&%6b%20y=3', [200], ['/base/v1/a?k%20y=k1']],
    ['leaves what only looks alike', { key: 'k1' }, '/v1/a?keys=1&Key=2&k=key', [200], ['/base/v1/a?keys=1&Key=2&k=key&key=k1']],
    ['is escaped', { 'a&b': 'x&y=z#?/%+\u00e9' }, '/v1/a', [200], ['/base/v1/a?a%26b=x%26y%3Dz%23%3F%2F%25%2B%C3%A9']],
    ['has several parts', { shop: '7', key: 'k1' }, '/v1/a', [200], ['/base/v1/a?shop=7&key=k1']],
    ['is sent at each try', { key: 'k1' }, '/v1/a', [503, 200], ['/base/v1/a?key=k1', '/base/v1/a?key=k1']],
    ['follows a redirect', { key: 'k1' }, '/v1/a', [at('/b?c=1'), 200], ['/base/v1/a?key=k1', '/b?c=1&key=k1']],
    ['is not doubled by a redirect that repeats it', { key: 'k1' }, '/v1/a', [at('/b?key=k1'), 200], ['/base/v1/a?key=k1', '/b?key=k1']],
    ['is not sent to another origin', { key: 'k1' }, '/v1/a', [at('https://evil.example/'), 200], ['/base/v1/a?key=k1']],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', async (_, query, target, answers, expected) => {
    const { asked } = await run(answers, { headers: {}, query }, LIMITS, target)
    expect(asked.map(({ url }) => url)).toEqual(expected.map((path) => HOME + path))
  })

  it('leaves the address alone where there is none', async () => {
    const { asked } = await run([200], { headers: {}, query: {} }, LIMITS, '/v1/a?b=1&&c')
    expect(asked[0]!.url).toBe(`${HOME}/base/v1/a?b=1&&c`)
  })

  it('is masked in what the upstream says and in what is logged, as it is and escaped', async () => {
    const query = { shop: '42', key: 's3/cret', other: 's3/cret-longer' }
    const told = 'No key s3/cret, s3%2Fcret or s3/cret-longer in shop 42, nor K3Y or T0KEN'
    const script = scripted([])
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    const get: Ports['get'] = async () => ({
      status: 400,
      header: (name) => headers[name],
      body: new TextEncoder().encode(JSON.stringify({ message: told })),
    })
    const upstream = { title: 'Flowtly', base: new URL(HOME), limits: LIMITS }
    const sending: Sending = { headers: {}, query, secrets: ['K3Y', 'T0KEN'] }
    const refused = await send({ target: '/', headers: {} }, upstream, sending, { ...script.ports, get })
    const masked = 'No key [removed], [removed] or [removed] in shop 42, nor [removed] or [removed]'
    expect(refused).toMatchObject({ failure: { message: `Flowtly answered 400: ${masked}` } })
    const fail: Ports['get'] = (url) => Promise.reject(new EgressError('idle', `lost ${url}`))
    const lost = await send({ target: '/', headers: {} }, upstream, sending, { ...script.ports, get: fail })
    expect(lost.facts.cause).toBe(`lost ${HOME}/?shop=42&key=[removed]&other=[removed]`)
  })
})

describe('the end', () => {
  it('comes with the deadline', async () => {
    const { result, asked } = await run(['hang', 200])
    expect(result).toMatchObject({
      failure: { code: 'upstream_timeout', message: 'Flowtly did not answer within 10 s' },
    })
    expect(asked).toHaveLength(1)
  })

  it('comes with the deadline in a later try', async () => {
    expect((await run([503, 'hang'])).outcome).toBe('upstream_timeout')
  })

  it.each([
    ['before', [200], 0, 'cancelled', 0],
    ['during a try', ['hang', 200], 1, 'cancelled', 1],
    ['during a pause', [503, 200], 1, 'cancelled', 1],
  ] as [string, Answer[], number, string, number][])(
    'comes when the caller leaves %s',
    async (_, answers, asking, outcome, tries) => {
      const caller = new AbortController()
      const script = scripted(answers)
      const upstream = { title: 'Flowtly', base: new URL('https://api.example.com'), limits: LIMITS }
      if (asking === 0) caller.abort()
      const sent = send(
        { target: '/', headers: {} },
        upstream,
        { headers: {}, signal: caller.signal },
        script.ports,
      )
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
      caller.abort()
      const result = await sent
      expect([result.ok || result.failure.code, script.asked.length]).toEqual([outcome, tries])
      expect(script.timers.size).toBe(0)
    },
  )
})
