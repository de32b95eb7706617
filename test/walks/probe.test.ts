/** `lectern probe` as a person runs it: it tells a provider that keeps its codes single from one that does not. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { Person } from '../person.ts'
import { startProvider } from '../provider.ts'

const cli = new URL('../../dist/cli.js', import.meta.url).pathname

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

interface Run {
  env?: Record<string, string>
  port?: number
}

/** Runs it to its end, signing in wherever it asks to. */
async function run(options: Parameters<typeof startProvider>[0], { env: more, port }: Run = {}) {
  const provider = await startProvider(options)
  const env = {
    PATH: process.env.PATH,
    PORT: String(port ?? (await freePort())),
    LECTERN_LOG: 'off',
    LECTERN_IDP_ISSUER: provider.issuer,
    LECTERN_IDP_CLIENT_ID: provider.clientId,
    LECTERN_IDP_CLIENT_SECRET: provider.clientSecret,
    ...more,
  }
  const child = spawn(process.execPath, [cli, 'probe'], { env, stdio: 'pipe', timeout: 15_000 })
  let [printed, complained] = ['', '']
  child.stderr.on('data', (chunk) => {
    complained += chunk
  })
  const ended = once(child, 'close')
  for await (const chunk of child.stdout) {
    printed += chunk
    const address = /^ {2}(http\S+)\n/m.exec(printed)?.[1]
    if (address === undefined || printed.includes('opened')) continue
    printed += '(opened)\n'
    const person = new Person()
    // It may end before the browser is back: what it printed and its code are looked at, not the last page.
    await person
      .request(address)
      .then((step) => person.follow(step, 'none:'))
      .catch(() => undefined)
  }
  const [code] = (await ended) as [number | null]
  await provider.close()
  return { code, printed, complained }
}

it('finds a provider good whose codes are for one use', async () => {
  const { code, printed } = await run({})
  expect(printed).toMatch(/a code is for one use +yes: the second redemption was refused/)
  expect(printed).toMatch(/refresh tokens rotate +yes/)
  expect(code).toBe(0)
})

it('tells a provider that redeems a code twice, and what to set then', async () => {
  const { code, printed } = await run({ singleUse: false, rotate: false })
  expect(printed).toContain('NO: a code was redeemed twice')
  expect(printed).toContain('LECTERN_EXCHANGE=callback')
  expect(printed).toMatch(/refresh tokens rotate +no/)
  expect(code).toBe(1)
})

it('ends on a wrong client secret, and says that the provider refused it', async () => {
  const { code, printed, complained } = await run({}, { env: { LECTERN_IDP_CLIENT_SECRET: 'wrong' } })
  expect(printed).toContain('(opened)')
  expect(complained).toBe(
    'lectern: The identity provider did not complete the sign-in:\n  - the provider said invalid_client\n',
  )
  expect(code).toBe(2)
})

it('ends on a port that is taken, and says so', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  const { code, printed, complained } = await run({}, { port })
  taken.close()
  expect(complained).toMatch(
    new RegExp(`^lectern: [^\\n]+:\\n  - port ${port} on 127\\.0\\.0\\.1 is taken: [^\\n]+\\n$`),
  )
  expect([code, printed]).toEqual([2, ''])
})

it('ends on a provider that is not there, and says so', async () => {
  const { code, complained } = await run(
    {},
    { env: { LECTERN_IDP_ISSUER: `http://127.0.0.1:${await freePort()}` } },
  )
  expect(complained).toMatch(/^lectern: The identity provider cannot be reached now:\n {2}- [^\n]+\n$/)
  expect(code).toBe(2)
})
