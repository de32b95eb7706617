/** Row 26: a flood of registrations costs little, stores nothing, and is held back. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newClient, Person, register, walkToCode } from '../person.ts'
import { attack } from './attack.ts'
import { openDeployment } from './deployment.ts'
import { asks } from './pages.ts'
import { ask } from './raw.ts'
import { keep, openStage } from './stage.ts'

const GOOD = 'https://desk.example/cb'
const JSON_TYPE = { 'content-type': 'application/json' }

attack(26, () => {
  async function registering(issuer: string, body: string, headers: Record<string, string> = JSON_TYPE) {
    const answer = await fetch(`${issuer}/register`, { method: 'POST', headers, body })
    return {
      status: answer.status,
      headers: answer.headers,
      body: (await answer.json()) as Record<string, unknown>,
    }
  }
  const metadata = (changed: object) =>
    JSON.stringify({ redirect_uris: [GOOD], client_name: 'Desk', ...changed })

  it('nothing is stored: what one process registered, another that never heard of it knows', async () => {
    // The one place that a process writes to.
    const folder = mkdtempSync(join(tmpdir(), 'lectern-attack-'))
    keep({ close: async () => rmSync(folder, { recursive: true }) })
    const { issuer, one, two } = await openDeployment({ LECTERN_REPLAY_DIR: folder })
    const ids = new Set<string>()
    for (let count = 0; count < 300; count++) {
      const { client_id } = await register(one.url, { redirect_uris: [`${GOOD}/${count}`] })
      ids.add(client_id)
    }
    expect(ids.size).toBe(300)
    const [first, last] = [[...ids][0]!, [...ids].at(-1)!]
    for (const [clientId, redirect] of [
      [first, `${GOOD}/0`],
      [last, `${GOOD}/299`],
    ] as const) {
      const { authorizeUrl } = await newClient({ issuer, clientId, redirect })
      expect(asks(await new Person().request(authorizeUrl.replace(issuer, two.url)))).toBe(true)
    }
    expect(readdirSync(folder)).toEqual([])
  })

  it('a registration does not grow the process', async () => {
    const { one } = await openDeployment({ LECTERN_REGISTRATION_RATE: '1000000' })
    const flood = async () => {
      for (let round = 0; round < 20; round++)
        await Promise.all(
          Array.from({ length: 20 }, (_, at) =>
            register(one.url, { redirect_uris: [`${GOOD}/${'x'.repeat(700)}${round * 20 + at}`] }),
          ),
        )
      return one.heap()
    }
    const weights = [await flood()]
    for (let times = 0; times < 6; times++) weights.push(await flood())
    // The heap settles for a while. But what is kept grows every time, by four hundred addresses and ids of 1,700 characters.
    const growth = weights.slice(1).map((weight, at) => weight - weights[at]!)
    expect(Math.min(...growth), growth.join(' ')).toBeLessThan(200_000)
  }, 60_000)

  it('a body of 8 KB is read and no more, however it comes', async () => {
    const { issuer } = await openStage()
    const fill = (bytes: number) =>
      metadata({ padding: 'x'.repeat(bytes - metadata({ padding: '' }).length) })
    expect((await registering(issuer, fill(8192))).status).toBe(201)
    const { status, body } = await registering(issuer, fill(8193))
    expect([status, body.error]).toEqual([413, 'invalid_client_metadata'])
    const port = new URL(issuer).port
    const chunked = await ask(port, '/register', {
      method: 'POST',
      headers: { ...JSON_TYPE, 'transfer-encoding': 'chunked' },
      body: fill(9000),
    })
    expect(chunked.status).toBe(413)
    const huge = await registering(issuer, fill(5_000_000)).catch(() => ({ status: 413 }))
    expect(huge.status).toBe(413)
    await expect.poll(async () => (await fetch(`${issuer}/health`).catch(() => undefined))?.status).toBe(200)
  })

  it('ten redirect URIs of 2,048 characters are the most, and a client id of 1,500', async () => {
    const { issuer } = await openStage()
    const uris = (count: number) => Array.from({ length: count }, (_, at) => `${GOOD}/${at}`)
    expect((await registering(issuer, metadata({ redirect_uris: uris(10) }))).status).toBe(201)
    expect((await registering(issuer, metadata({ redirect_uris: uris(11) }))).body.error).toBe(
      'invalid_redirect_uri',
    )
    const long = (length: number) => `${GOOD}/${'x'.repeat(length - GOOD.length - 1)}`
    const tooLong = await registering(issuer, metadata({ redirect_uris: [long(2049)] }))
    expect([tooLong.status, tooLong.body.error]).toEqual([400, 'invalid_redirect_uri'])
    for (let length = 600; length < 2048; length += 40) {
      const { status, body } = await registering(issuer, metadata({ redirect_uris: [long(length)] }))
      if (status === 201) expect(String(body.client_id).length).toBeLessThanOrEqual(1500)
      else expect([status, body.error]).toEqual([400, 'invalid_client_metadata'])
    }
    const most = await registering(
      issuer,
      metadata({ redirect_uris: uris(10).map((uri) => uri + 'x'.repeat(600)) }),
    )
    expect(most.status).toBe(400)
  })

  it.each([
    ['brackets', '['.repeat(8000)],
    ['braces', `${'{"a":'.repeat(1600)}1`],
    ['closed brackets', '['.repeat(4000) + ']'.repeat(4000)],
    ['a nested member', metadata({}).replace('}', `,"contacts":${'['.repeat(3500)}${']'.repeat(3500)}}`)],
    ['a prototype', '{"__proto__":{"redirect_uris":["https://evil.example/"]},"client_name":"x"}'],
    ['a number of many digits', `{"redirect_uris":${'9'.repeat(8000)}}`],
    ['an array of names', metadata({ client_name: Array.from({ length: 2000 }, () => 'x') })],
    ['no JSON', 'redirect_uris=https%3A%2F%2Fevil.example'],
    ['nothing', ''],
    ['null', 'null'],
    ['bytes', '\ud800'],
  ])('%s end in a registration or a refusal, and never in a fault', async (_, body) => {
    const { issuer } = await openStage()
    const before = performance.now()
    const { status, body: told } = await registering(issuer, body)
    expect([201, 400, 413]).toContain(status)
    if (status === 201) expect(told.redirect_uris).toEqual([GOOD])
    expect(performance.now() - before).toBeLessThan(1000)
  })

  it('a form that another site can send without asking is no registration', async () => {
    const { issuer } = await openStage()
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/json',
    ])
      expect((await registering(issuer, metadata({}), { 'content-type': type })).status, type).toBe(400)
  })

  it('beyond the limit it is 429 with Retry-After, and those who are registered go on', async () => {
    const { issuer } = await openStage({ env: { LECTERN_REGISTRATION_RATE: '20' } })
    const client = await newClient({ issuer })
    const answers = await Promise.all(Array.from({ length: 60 }, () => registering(issuer, metadata({}))))
    const refused = answers.filter(({ status }) => status === 429)
    expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(20)
    expect(refused.length).toBeGreaterThanOrEqual(40)
    for (const { headers, body } of refused) {
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d?$/)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(body.error).toBe('temporarily_unavailable')
    }
    expect((await walkToCode(client)).has('code')).toBe(true)
  })
})
