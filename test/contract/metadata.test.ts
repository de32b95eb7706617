/** The published documents of sign-in and its first challenge, as snapshots: clients decide by every member of them. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Login, startLogin } from '../login.ts'

let login: Login
beforeAll(async () => {
  login = await startLogin()
})
afterAll(() => login.close())

/** The port is another in each run. */
const pretty = (value: unknown) => `${JSON.stringify(value, null, 2).replaceAll(login.url, 'https://mcp.example.com')}\n`

it.each([
  ['oauth-protected-resource/mcp', 'protected-resource.json'],
  ['oauth-protected-resource', 'protected-resource-of-origin.json'],
  ['oauth-protected-resource/n/invoices,contracts/mcp', 'protected-resource-of-part.json'],
  ['oauth-authorization-server', 'authorization-server.json'],
  ['openid-configuration', 'openid-configuration.json'],
  ['jwks.json', 'jwks.json'],
])('%s', async (name, file) => {
  const answer = await fetch(`${login.url}/.well-known/${name}`)
  await expect(pretty(await answer.json())).toMatchFileSnapshot(`metadata/${file}`)
})

it('the challenge', async () => {
  const answer = await fetch(login.endpoint, { method: 'POST' })
  const shown = [...answer.headers].filter(([name]) => !['date', 'x-request-id', 'keep-alive', 'connection'].includes(name))
  await expect(pretty(Object.fromEntries(shown))).toMatchFileSnapshot('metadata/challenge.json')
})

it('the challenge of a part', async () => {
  const { status, headers } = await fetch(`${login.url}/n/invoices,contracts/mcp`, { method: 'POST' })
  const shown = { status, 'www-authenticate': headers.get('www-authenticate') }
  await expect(pretty(shown)).toMatchFileSnapshot('metadata/challenge-of-part.json')
})

it('a registration', async () => {
  const answer = await fetch(`${login.url}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Walk', redirect_uris: ['http://localhost:3118/callback'] }),
  })
  const { client_id, client_id_issued_at, ...rest } = (await answer.json()) as Record<string, unknown>
  expect(client_id).toMatch(/^[\w.-]{100,512}$/)
  expect(Math.abs(Number(client_id_issued_at) - Date.now() / 1000)).toBeLessThan(60)
  await expect(pretty(rest)).toMatchFileSnapshot('metadata/registration.json')
})
