/** Row 31: everything rests on secrets that are drawn by chance, long enough, and the same for all processes. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { beforeAll, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { serve } from '../../src/node.ts'
import { readSettings } from '../../src/settings.ts'
import { newClient, redeem, refresh, register, walkToCode } from '../person.ts'
import { attack } from './attack.ts'
import { CLI, NODE, openDeployment, type Replica, startReplica } from './deployment.ts'
import { callTool, keep, openUpstream, randomSecret, settingsFor } from './stage.ts'

const GOOD = 'https://desk.example/cb'

/** `lectern start` with settings from the environment, to its end. */
async function start(env: Record<string, string | undefined>) {
  const child = spawn(NODE, [CLI, 'start'], { env: { PATH: process.env.PATH, PORT: '0', ...env } })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      if (printed.includes('Lectern serves')) child.kill('SIGKILL')
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, printed }
}

attack(31, () => {
  let env: Record<string, string>
  beforeAll(async () => {
    const { provider, sandbox } = await openUpstream()
    env = settingsFor(provider, sandbox.url)
  })

  const WEAK = [
    'secret', 'changeme', 'correct horse battery staple', 'a'.repeat(64), 'A'.repeat(44), '0'.repeat(64), 'abcd'.repeat(16), '='.repeat(44), '0123456789',
    'a phrase that somebody thought up, and that is quite long', 'pässwörd'.repeat(8),
  ] // biome-ignore format: one line of words

  const NAMES = ['LECTERN_SESSION_SECRETS', 'LECTERN_REGISTRATION_SECRETS']
  const PUBLIC = { LECTERN_PUBLIC_URL: 'https://mcp.example.com' }
  const listening = async (given: Record<string, string | undefined>) =>
    (await serve(loadFlowtly(), readSettings({ ...env, ...given }))).close()

  it.each(NAMES)('a weak %s does not start, wherever it stands in the list', async (variable) => {
    const random = (bytes: number, encoding: 'base64' | 'hex' | 'base64url') =>
      randomBytes(bytes).toString(encoding)
    const short = [
      random(16, 'hex'),
      random(31, 'hex'),
      random(31, 'base64'),
      random(31, 'base64url'),
      random(1, 'hex'),
    ]
    for (const weak of [...WEAK, ...short])
      for (const value of [
        weak,
        `${randomSecret()},${weak}`,
        `${weak.replaceAll(/[ ,]/g, '_')},${randomSecret()}`,
      ])
        for (const origin of [{}, PUBLIC]) {
          const refused = await listening({ ...origin, [variable]: value }).catch(
            ({ message }: Error) => message,
          )
          expect(refused, value).toContain(`${variable} item`)
          expect(refused?.includes(weak) && weak !== 'secret', 'and is not repeated').toBe(false)
        }
  })

  it('so an operator is told, and the program ends', async () => {
    const { code, printed } = await start({
      ...env,
      LECTERN_SESSION_SECRETS: 'correct-horse',
      LECTERN_REGISTRATION_SECRETS: 'changeme',
    })
    expect(code).toBe(2)
    for (const name of NAMES) expect(printed).toContain(`${name} item 1 is not 32 or more random bytes`)
    expect(printed).not.toMatch(/horse|changeme/)
    const bare = await start({
      ...env,
      ...PUBLIC,
      LECTERN_SESSION_SECRETS: '',
      LECTERN_REGISTRATION_SECRETS: '',
    })
    expect(bare.code).toBe(2)
    for (const name of NAMES) expect(bare.printed).toContain(`${name} is missing`)
  })

  it('32 random bytes in any encoding do', async () => {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      const secret = randomBytes(32).toString(encoding)
      await listening({
        ...PUBLIC,
        LECTERN_SESSION_SECRETS: secret,
        LECTERN_REGISTRATION_SECRETS: `${secret}, ${randomSecret()}`,
      })
    }
  })

  it.each([[[NAMES[0]!]], [[NAMES[1]!]], [NAMES]])(
    'in production it does not start without %j',
    async (missing) => {
      for (const empty of [undefined, '', ' ', ',']) {
        const without = Object.fromEntries(missing.map((name) => [name, empty]))
        const refused = await listening({ ...PUBLIC, ...without }).catch(({ message }: Error) => message)
        for (const name of missing) expect(refused).toContain(`${name} is missing`)
      }
    },
  )

  it('on loopback a random one stands in, says so, and is of that process alone', async () => {
    const none = { LECTERN_SESSION_SECRETS: '', LECTERN_REGISTRATION_SECRETS: '' }
    const bare = { ...env, ...none, LECTERN_LOG: 'json' }
    const one = keep(await startReplica(bare))
    const port = new URL(one.url).port
    await expect.poll(() => one.output()).toContain('sign-ins end with this process')
    const { client_id } = await register(one.url, { redirect_uris: [GOOD] })
    const { body } = await redeem(...(await codeAt(one)))
    await one.close()
    const two = keep(await startReplica({ ...bare, PORT: port }))
    expect(two.url).toBe(one.url)
    expect((await callTool(two.url, body.access_token)).status).toBe(401)
    expect((await refresh({ issuer: two.url, clientId: client_id }, body.refresh_token)).body.error).toBe(
      'invalid_client',
    )
  })

  async function codeAt({ url }: Replica): Promise<Parameters<typeof redeem>> {
    const client = await newClient({ issuer: url })
    return [client, (await walkToCode(client)).get('code')!]
  }

  it('two processes with the same secrets are one server: each step of a sign-in at the other', async () => {
    const { issuer, one, two } = await openDeployment()
    const client = await newClient({ issuer })
    const code = (await walkToCode(client)).get('code')!
    const at = (replica: Replica) => ({ ...client, issuer: replica.url })
    const { status, body } = await redeem(at(one), code, { resource: `${issuer}/mcp` })
    expect(status).toBe(200)
    for (const replica of [one, two])
      expect((await callTool(replica.url, body.access_token)).status).toBe(200)
    const renewed = await refresh(at(two), body.refresh_token)
    expect(renewed.status).toBe(200)
    expect((await callTool(one.url, renewed.body.access_token)).status).toBe(200)
    for (const replica of [one, two]) expect(replica.output()).not.toContain('sign-ins end with this process')
  })

  it('and two with others are two', async () => {
    const one = keep(await startReplica({ ...env, LECTERN_PUBLIC_URL: 'http://127.0.0.1:8787' }))
    const other = { LECTERN_SESSION_SECRETS: randomSecret(), LECTERN_REGISTRATION_SECRETS: randomSecret() }
    const two = keep(await startReplica({ ...env, ...other, LECTERN_PUBLIC_URL: 'http://127.0.0.1:8787' }))
    const { client_id } = await register(one.url, { redirect_uris: [GOOD] })
    const client = { issuer: two.url, clientId: client_id }
    expect((await refresh(client, 'x')).body.error).toBe('invalid_client')
    expect((await refresh({ ...client, issuer: one.url }, 'x')).body.error).toBe('invalid_grant')
  })
})
