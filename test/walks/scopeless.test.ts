/** A connector that declares no scopes: none is published, asked for or answered, and everything else is as ever. */
import { describe, expect, it } from 'vitest'
import { flowtly } from '../../src/connectors/flowtly.ts'
import { call, deploy, toolsOf } from '../deployment.ts'
import { newClient, redeem, refresh, walkToCode } from '../person.ts'

const namespaces = Object.fromEntries(
  Object.entries(flowtly.namespaces).map(([name, { scope: _, ...rest }]) => [name, rest]),
)
const deployment = { declared: { scopes: {}, namespaces } }

const documents = ['oauth-protected-resource', 'oauth-authorization-server', 'openid-configuration']

it.each(documents.flatMap((name) => [name, `${name}/mcp`]))('%s lists none', async (name) => {
  const { issuer } = await deploy({}, deployment)
  const document = (await (await fetch(`${issuer}/.well-known/${name}`)).json()) as object
  // That it is the document at all, and not one without anything.
  expect(document).toHaveProperty(name.startsWith('oauth-pro') ? 'authorization_servers' : 'token_endpoint')
  expect(document).not.toHaveProperty('scopes_supported')
})

it('the challenge names none', async () => {
  const { issuer } = await deploy({}, deployment)
  const answer = await fetch(`${issuer}/mcp`, { method: 'POST' })
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
    401,
    `Bearer realm="MCP", resource_metadata="${issuer}/.well-known/oauth-protected-resource/mcp"`,
  ])
})

describe('a whole login', () => {
  it.each([
    ['that asks for none', undefined],
    ['that asks for some all the same', 'invoices:read offline_access'],
  ])('%s ends with a token that shows every tool, and no scope', async (_, scope) => {
    const { issuer, sandbox } = await deploy({}, deployment)
    const client = await newClient({ issuer, ...(scope !== undefined && { scope }) })
    const { status, body } = await redeem(client, (await walkToCode(client)).get('code')!)
    expect([status, Object.keys(body).sort()]).toEqual([
      200,
      ['access_token', 'expires_in', 'refresh_token', 'token_type'],
    ])
    expect(await toolsOf(issuer, body.access_token)).toHaveLength(
      Object.values(namespaces).flatMap(({ tools }) => Object.keys(tools)).length,
    )
    expect((await call(issuer, body.access_token, sandbox)).status).toBe(200)

    const renewed = await refresh(client, body.refresh_token, { scope })
    expect([renewed.status, renewed.body]).toEqual([
      200,
      expect.not.objectContaining({ scope: expect.anything() }),
    ])
    expect((await call(issuer, renewed.body.access_token, sandbox)).status).toBe(200)
  })
})
