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

async function run(options: Parameters<typeof startProvider>[0]): Promise<{ code: number; printed: string }> {
  const port = await freePort()
  const provider = await startProvider(options)
  const env = {
    PATH: process.env.PATH,
    PORT: String(port),
    LECTERN_LOG: 'off',
    LECTERN_IDP_ISSUER: provider.issuer,
    LECTERN_IDP_CLIENT_ID: provider.clientId,
    LECTERN_IDP_CLIENT_SECRET: provider.clientSecret,
  }
  const child = spawn(process.execPath, [cli, 'probe'], { env, stdio: 'pipe' })
  let printed = ''
  child.stderr.on('data', (chunk) => {
    printed += chunk
  })
  const ended = once(child, 'close')
  for await (const chunk of child.stdout) {
    printed += chunk
    const address = /^ {2}(http\S+)\n/m.exec(printed)?.[1]
    if (address === undefined || printed.includes('opened')) continue
    printed += '(opened)\n'
    const person = new Person()
    await person.follow(await person.request(address), 'none:')
  }
  const [code] = await ended
  await provider.close()
  return { code: code as number, printed }
}

it('finds a provider good whose codes are for one use', async () => {
  const { code, printed } = await run({})
  expect(printed).toContain('a code is for one use           yes: the second redemption was refused')
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
