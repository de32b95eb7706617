/** Rows 13 and 29, over two processes that share only their secrets: a code is redeemed once, a stolen refresh token ends. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  type Client,
  newClient,
  Person,
  refresh as present,
  redeem as redeemAt,
  walkToCode,
} from '../person.ts'
import type { ProviderOptions } from '../provider.ts'
import { attack } from './attack.ts'
import { CLI, type Deployment, NODE, openDeployment, type Replica } from './deployment.ts'
import { calls, callTool, keep, openUpstream, settingsFor } from './stage.ts'

/** At one process, past the front; the resource stays the deployment's. */
const redeem = (at: Replica, client: Client, code: string) =>
  redeemAt({ ...client, issuer: at.url }, code, { resource: `${client.issuer}/mcp` })
const refresh = (at: Replica, { clientId }: Client, token: string) =>
  present({ issuer: at.url, clientId }, token)

function replayFolder(): { LECTERN_REPLAY_DIR: string; LECTERN_REPLICAS: string } {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-attack-'))
  keep({ close: async () => rmSync(folder, { recursive: true }) })
  return { LECTERN_REPLAY_DIR: folder, LECTERN_REPLICAS: '2' }
}

/** Twenty at once over both processes: the answers, the good one first. */
async function race({ one, two }: Deployment, client: Client, code: string) {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => redeem(at % 2 === 0 ? one : two, client, code)),
  )
  return answers.sort((a, b) => a.status - b.status)
}

attack(13, () => {
  it('twenty redemptions at once over two processes: the provider’s single-use code lets one through', async () => {
    const deployment = await openDeployment()
    const { issuer, one, two, provider } = deployment
    const client = await newClient({ issuer })
    const code = (await walkToCode(client)).get('code')!
    const [first, ...others] = await race(deployment, client, code)
    expect(first!.status).toBe(200)
    expect(others.map(({ status, body }) => [status, body.error])).toEqual(
      others.map(() => [400, 'invalid_grant']),
    )
    for (const at of [one, two]) expect((await redeem(at, client, code)).body.error).toBe('invalid_grant')
    // The provider takes the replay for theft, and what the first one got ends there.
    expect(calls(provider, 'token')).toBeGreaterThan(1)
    expect((await callTool(one.url, first!.body.access_token)).status).toBe(401)
  })

  it('used at one process, it is refused at the other', async () => {
    const { issuer, one, two } = await openDeployment()
    const client = await newClient({ issuer })
    const code = (await walkToCode(client)).get('code')!
    expect((await redeem(one, client, code)).status).toBe(200)
    expect((await redeem(two, client, code)).body.error).toBe('invalid_grant')
  })

  it('where the grant is in the code, the guard that both share lets one through, and ends what it got', async () => {
    const env = { LECTERN_EXCHANGE: 'callback', ...replayFolder() }
    // A provider that takes codes twice does not matter here.
    const deployment = await openDeployment(env, { singleUse: false })
    const { issuer, one, two, provider } = deployment
    const client = await newClient({ issuer })
    const code = (await walkToCode(client)).get('code')!
    const [first, ...others] = await race(deployment, client, code)
    expect(first!.status).toBe(200)
    expect(others.map(({ status, body }) => [status, body.error])).toEqual(
      others.map(() => [400, 'invalid_grant']),
    )
    expect(calls(provider, 'token')).toBe(1)
    for (const at of [one, two]) {
      expect((await callTool(at.url, first!.body.access_token)).status).toBe(401)
      expect((await refresh(at, client, first!.body.refresh_token)).body.error).toBe('invalid_grant')
    }
  })

  it('without such a guard, two processes do not start in that mode', async () => {
    const env = { LECTERN_EXCHANGE: 'callback', LECTERN_REPLICAS: '2' }
    await expect(openDeployment(env)).rejects.toThrow('callback over 2 processes needs a replay guard')
  })

  /** `lectern probe` as an operator runs it, with a person who signs in when it asks. */
  async function probe(options: ProviderOptions) {
    const { provider, sandbox } = await openUpstream(options)
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const PORT = String((holder.address() as AddressInfo).port)
    holder.close()
    const env = { PATH: process.env.PATH, ...settingsFor(provider, sandbox.url), PORT }
    const child = spawn(NODE, [CLI, 'probe'], { env })
    let printed = ''
    let opened = false
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      const address = /^ {2}(http\S+)\n/m.exec(printed)?.[1]
      if (address === undefined || opened) return
      opened = true
      const person = new Person()
      person.request(address).then((step) => person.follow(step, 'none:'))
    })
    const [code] = (await once(child, 'close')) as [number]
    return { code, printed }
  }

  it('before it is set up, a provider that redeems a code twice is found out', async () => {
    const strict = await probe({})
    expect([strict.code, strict.printed]).toEqual([
      0,
      expect.stringContaining('the second redemption was refused'),
    ])
    const lax = await probe({ singleUse: false })
    expect([lax.code, lax.printed]).toEqual([1, expect.stringContaining('NO: a code was redeemed twice')])
    expect(lax.printed).toContain('LECTERN_EXCHANGE=callback')
  })

  it('a code is over after a minute, at either', async () => {
    const { issuer, one, two, provider } = await openDeployment()
    const client = await newClient({ issuer })
    const code = (await walkToCode(client)).get('code')!
    for (const at of [one, two]) {
      await at.ahead(61)
      expect((await redeem(at, client, code)).body.error).toBe('invalid_grant')
    }
    expect(calls(provider, 'token')).toBe(0)
    await one.ahead(0)
    expect((await redeem(one, client, code)).status).toBe(200)
  })
})

attack(29, () => {
  async function signedIn(deployment: Deployment) {
    const client = await newClient({ issuer: deployment.issuer })
    const code = (await walkToCode(client)).get('code')!
    const { body } = await redeem(deployment.one, client, code)
    return { client, stolen: body.refresh_token as string, access: body.access_token as string }
  }

  it('with a provider that rotates, the second use fails at the other process, and ends the grant', async () => {
    const deployment = await openDeployment()
    const { one, two } = deployment
    const { client, stolen } = await signedIn(deployment)
    const first = await refresh(one, client, stolen)
    expect([first.status, first.body.refresh_token === stolen]).toEqual([200, false])
    expect((await refresh(two, client, stolen)).body.error).toBe('invalid_grant')
    expect((await refresh(two, client, first.body.refresh_token)).body.error).toBe('invalid_grant')
    expect((await callTool(one.url, first.body.access_token)).status).toBe(401)
  })

  it('used at both in one moment, at most one use is answered', async () => {
    const deployment = await openDeployment()
    const { client, stolen } = await signedIn(deployment)
    const answers = await Promise.all(
      [deployment.one, deployment.two].map((at) => refresh(at, client, stolen)),
    )
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    for (const { status, body } of answers) if (status !== 200) expect(body.error).toBe('invalid_grant')
  })

  it('at one process the same answer is given again for 30 seconds, and no longer', async () => {
    const deployment = await openDeployment()
    const { one, provider } = deployment
    const { client, stolen } = await signedIn(deployment)
    const first = await refresh(one, client, stolen)
    const before = calls(provider, 'token')
    await one.ahead(28)
    expect((await refresh(one, client, stolen)).body).toEqual(first.body)
    expect(calls(provider, 'token')).toBe(before)
    await one.ahead(31)
    expect((await refresh(one, client, stolen)).body.error).toBe('invalid_grant')
  })

  it('with one that does not rotate and a shared store, a use beyond that time ends the sign-in everywhere', async () => {
    const deployment = await openDeployment(replayFolder(), { rotate: false })
    const { one, two } = deployment
    const { client, stolen, access } = await signedIn(deployment)
    const first = await refresh(one, client, stolen)
    expect(first.status).toBe(200)
    expect((await refresh(two, client, stolen)).body).toEqual(first.body)
    await two.ahead(31)
    expect((await refresh(two, client, stolen)).body.error).toBe('invalid_grant')
    for (const at of [one, two])
      for (const token of [first.body.refresh_token, stolen])
        expect((await refresh(at, client, token)).body.error, 'the whole family').toBe('invalid_grant')
    for (const token of [access, first.body.access_token])
      expect((await callTool(two.url, token)).status).toBe(401)
  })

  it('used at both in one moment with a shared store, both get the one answer of one exchange', async () => {
    const deployment = await openDeployment(replayFolder(), { rotate: false })
    const { client, stolen } = await signedIn(deployment)
    const before = calls(deployment.provider, 'token')
    const answers = await Promise.all(
      [deployment.one, deployment.two].map((at) => refresh(at, client, stolen)),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(answers[0]!.body).toEqual(answers[1]!.body)
    expect(calls(deployment.provider, 'token')).toBe(before + 1)
  })

  it('with neither, the life of the sign-in is the cap, however often it is refreshed', async () => {
    const deployment = await openDeployment(
      { LECTERN_REFRESH_TTL: '300' },
      { rotate: false, accessTokenTtl: 3600 },
    )
    const { one, two } = deployment
    const { client, stolen } = await signedIn(deployment)
    await one.ahead(200)
    const later = await refresh(one, client, stolen)
    expect(later.status).toBe(200)
    expect(later.body.expires_in).toBeLessThanOrEqual(100)
    for (const at of [one, two]) {
      await at.ahead(301)
      for (const token of [stolen, later.body.refresh_token])
        expect((await refresh(at, client, token)).body.error).toBe('invalid_grant')
      expect((await callTool(at.url, later.body.access_token)).status).toBe(401)
    }
  })

  it('whoever steals it without the client’s name or secret gets nothing, and uses nothing up', async () => {
    const deployment = await openDeployment()
    const { one, issuer } = deployment
    const { client, stolen } = await signedIn(deployment)
    const before = calls(deployment.provider, 'token')
    const stranger = await newClient({ issuer, redirect: 'https://stranger.example/cb' })
    for (const clientId of [stranger.clientId, 'nobody', ''])
      expect([400, 401]).toContain((await refresh(one, { ...client, clientId }, stolen)).status)
    const elsewhere = await present({ issuer: one.url, clientId: client.clientId }, stolen, {
      resource: `${issuer}/other`,
    })
    expect(elsewhere.body.error).toBe('invalid_target')
    expect(calls(deployment.provider, 'token')).toBe(before)
    expect((await refresh(one, client, stolen)).status).toBe(200)
  })
})
