/** What is published about sign-in, at every address where clients look, and the challenge that leads there. */
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import {
  OAuthMetadataSchema as OAuthV2,
  OpenIdProviderDiscoveryMetadataSchema as OpenIdV2,
  OAuthProtectedResourceMetadataSchema as ResourceV2,
} from '@modelcontextprotocol/core'
import {
  OAuthMetadataSchema as OAuthV1,
  OpenIdProviderDiscoveryMetadataSchema as OpenIdV1,
  OAuthProtectedResourceMetadataSchema as ResourceV1,
} from '@modelcontextprotocol/sdk/shared/auth.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { type Login, startLogin } from '../login.ts'
import { newClient, redeem, walkToCode } from '../person.ts'

const PUBLIC = 'https://mcp.example.com'
const secret = (letter: string) => Buffer.from(`${letter}0123456789abcdefghijklmnopqrstuv`).toString('base64')

let login: Login
/** As behind a proxy: bound to every address, reached under a name. */
let exposed: Login
beforeAll(async () => {
  login = await startLogin()
  exposed = await startLogin({
    HOST: '0.0.0.0',
    LECTERN_PUBLIC_URL: PUBLIC,
    LECTERN_SESSION_SECRETS: secret('s'),
    LECTERN_REGISTRATION_SECRETS: secret('r'),
  })
})
afterAll(() => Promise.all([login.close(), exposed.close()]))

const RESOURCE = '/.well-known/oauth-protected-resource'
const SERVER = '/.well-known/oauth-authorization-server'
const OPENID = '/.well-known/openid-configuration'

/** Address and the resource, or the kind of document, that it is about. */
const addresses: [address: string, about: string][] = [
  [RESOURCE, ''],
  [`${RESOURCE}/`, ''],
  [`${RESOURCE}/mcp`, '/mcp'],
  [`/mcp${RESOURCE}`, '/mcp'],
  [SERVER, 'server'],
  [`${SERVER}/mcp`, 'server'],
  [`/mcp${SERVER}`, 'server'],
  [OPENID, 'openid'],
  [`${OPENID}/mcp`, 'openid'],
  [`/mcp${OPENID}`, 'openid'],
]

const schemas: Record<string, { parse(document: unknown): unknown }[]> = {
  server: [OAuthV1, OAuthV2],
  openid: [OAuthV1, OAuthV2, OpenIdV1, OpenIdV2],
}

/** A request as fetch does not let one write it: with any Host. */
async function raw(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers }, async (answer) =>
      resolve({ status: answer.statusCode!, body: await text(answer) }),
    )
    asked.on('error', reject).end()
  })
}

const ofExposed = (path: string) => new URL(path, exposed.url.replace('0.0.0.0', '127.0.0.1')).href

describe.each(addresses)('%s', (address, about) => {
  it('answers everybody with a document that both SDKs read', async () => {
    const answer = await fetch(login.url + address)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    const body = await answer.text()
    expect(body).not.toContain('null')
    for (const schema of schemas[about] ?? [ResourceV1, ResourceV2])
      expect(JSON.parse(body)).toMatchObject(schema.parse(JSON.parse(body)) as object)
  })

  it('names the one issuer, to the letter', async () => {
    const document = (await (await fetch(login.url + address)).json()) as Record<string, unknown>
    if (about in schemas) {
      expect(document.issuer).toBe(login.url)
      for (const [name, path] of Object.entries(ENDPOINTS)) expect(document[name]).toBe(login.url + path)
    } else {
      expect(document.resource).toBe(login.url + about)
      expect(document.authorization_servers).toEqual([login.url])
    }
  })

  it('lets a browser ask before it sends the version of the protocol', async () => {
    const answer = await fetch(login.url + address, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://inspector.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'mcp-protocol-version',
      },
    })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-allow-methods')).toContain('GET')
    expect(answer.headers.get('access-control-allow-headers')).toMatch(/\bmcp-protocol-version\b/i)
  })

  it('answers HEAD, and a page of any origin', async () => {
    const origin = { origin: 'https://inspector.example' }
    const head = await fetch(login.url + address, { method: 'HEAD', headers: origin })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const page = await fetch(login.url + address, {
      headers: { ...origin, 'mcp-protocol-version': '2025-11-25' },
    })
    expect([page.status, page.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  })

  it('says the same whatever the Host is, and what stands before it claims', async () => {
    const own = await raw(ofExposed(address), { host: 'mcp.example.com' })
    expect(own.status).toBe(200)
    expect(own.body).toContain(`"${PUBLIC}`)
    expect(own.body).not.toContain('127.0.0.1')
    for (const headers of [
      { host: 'evil.example' },
      { host: 'mcp.example.com', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
      { host: 'mcp.example.com:8443', forwarded: 'host=evil.example;proto=http' },
      { host: 'evil.example', 'x-forwarded-prefix': '/evil', 'x-original-url': '/evil' },
    ])
      expect(await raw(ofExposed(address), headers)).toEqual(own)
  })

  it('is refused to a foreign Host where it is bound to loopback (DNS rebinding)', async () => {
    const { status, body } = await raw(login.url + address, { host: 'evil.example' })
    expect(status).toBe(403)
    expect(body).not.toContain('issuer')
  })
})

const ENDPOINTS = {
  authorization_endpoint: '/authorize',
  token_endpoint: '/token',
  registration_endpoint: '/register',
  revocation_endpoint: '/revoke',
}

it('the documents are the same at each of their addresses', async () => {
  const first = new Map<string, string>()
  for (const [address, about] of addresses) {
    const body = await (await fetch(login.url + address)).text()
    expect(body, address).toBe(first.get(about) ?? body)
    first.set(about, body)
  }
})

it('offers what clients decide by', async () => {
  const document = (await (await fetch(login.url + SERVER)).json()) as Record<string, unknown>
  expect(document).toMatchObject({
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    scopes_supported: Object.keys(loadFlowtly().scopes),
  })
  for (const method of ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'])
    expect(document.token_endpoint_auth_methods_supported).toContain(method)
  const { scopes_supported: scopes } = (await (await fetch(login.url + RESOURCE)).json()) as {
    scopes_supported: string[]
  }
  expect(scopes).toEqual(Object.keys(loadFlowtly().scopes))
})

it('serves the empty set of keys that the OpenID document names', async () => {
  const { jwks_uri: address } = (await (await fetch(login.url + OPENID)).json()) as { jwks_uri: string }
  const answer = await fetch(address)
  expect([answer.status, await answer.json()]).toEqual([200, { keys: [] }])
})

describe('browsers', () => {
  const preflight = (path: string, method: string) =>
    fetch(login.url + path, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://inspector.example',
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type,mcp-protocol-version',
      },
    })

  it.each(['/register', '/token', '/revoke'])('may call %s from any page, without cookies', async (path) => {
    const asked = await preflight(path, 'POST')
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
    for (const name of ['authorization', 'content-type', 'mcp-protocol-version'])
      expect(asked.headers.get('access-control-allow-headers')!.toLowerCase()).toContain(name)
    const refused = await fetch(login.url + path, {
      method: 'POST',
      headers: { origin: 'https://inspector.example' },
    })
    expect(refused.status).toBe(400)
    for (const { headers } of [asked, refused]) {
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-allow-credentials')).toBeNull()
    }
  })

  it.each([
    ['/authorize', 'GET'],
    ['/consent', 'POST'],
    ['/callback', 'GET'],
  ])('may read nothing of %s', async (path, method) => {
    const answers = [await preflight(path, method), await fetch(login.url + path, { method })]
    for (const { status, headers } of answers) {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

describe.each([
  ['/mcp', '/mcp'],
  ['/mcp/', '/mcp'],
  ['/', ''],
])('the challenge of %s', (path, about) => {
  const scopes = Object.keys(loadFlowtly().scopes).join(' ')
  const ask = (method: string, headers: Record<string, string> = {}, query = '') => {
    const body = method === 'POST' ? JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }) : null
    return fetch(login.url + path + query, {
      method,
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })
  }
  const metadata = () => `resource_metadata="${login.url}${RESOURCE}${about}"`

  it.each(['POST', 'GET', 'HEAD', 'DELETE'])('%s without a token is 401 and no error', async (method) => {
    const answer = await ask(method)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer realm="MCP", scope="${scopes}", ${metadata()}`,
    )
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('leads to the document of this very address', async () => {
    const challenge = (await ask('POST')).headers.get('www-authenticate')!
    const address = /resource_metadata="([^"]+)"/.exec(challenge)![1]!
    const { resource } = (await (await fetch(address)).json()) as { resource: string }
    expect(resource).toBe(login.url + about)
  })

  it.each([
    ['a token of nobody', { authorization: 'Bearer abc' }],
    ['an empty token', { authorization: 'Bearer ' }],
  ])('%s is told to be invalid', async (_, headers) => {
    const answer = await ask('POST', headers)
    expect(answer.status).toBe(401)
    const challenge = answer.headers.get('www-authenticate')!
    expect(challenge).toContain('error="invalid_token"')
    expect(challenge).toContain(metadata())
    expect(challenge.match(/Bearer /g)).toHaveLength(1)
  })

  it.each([
    ['Basic', 'Basic YTpi'],
    ['DPoP', 'DPoP abc'],
    ['one that only begins like it', 'Bearertoken abc'],
    ['no scheme at all', 'abc'],
  ])('another scheme (%s) is as no token: how to begin, and no error', async (_, authorization) => {
    const answer = await ask('POST', { authorization })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer realm="MCP", scope="${scopes}", ${metadata()}`,
    )
  })

  it('a token in the address is as none', async () => {
    const { access_token: token } = (await signIn()).body
    const answer = await ask('POST', {}, `?access_token=${token}`)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).not.toContain('error')
    expect((await ask('POST', { authorization: `Bearer ${token}` })).status).toBe(200)
  })

  it('says the same whatever the Host is', async () => {
    const challenge = `Bearer realm="MCP", scope="${scopes}", resource_metadata="${PUBLIC}${RESOURCE}${about}"`
    for (const host of ['mcp.example.com', 'evil.example']) {
      const headers = { host, 'x-forwarded-host': 'evil.example' }
      const found = await new Promise<string | undefined>((resolve, reject) => {
        const asked = request(ofExposed(path), { headers }, (answer) => {
          answer.resume()
          resolve(answer.headers['www-authenticate'])
        })
        asked.on('error', reject).end()
      })
      expect(found).toBe(challenge)
    }
  })

  it('does not come before the preflight of a page that may call', async () => {
    const headers = { origin: login.url, 'access-control-request-method': 'POST' }
    expect((await ask('OPTIONS', headers)).status).toBe(204)
  })
})

/** A sign-in for the resource that is named, or for none. */
async function signIn(resource?: string) {
  const client = await newClient({ issuer: login.url, resource })
  const answer = await walkToCode(client)
  return redeem(client, answer.get('code')!, { resource })
}

describe('a token', () => {
  it.each([
    ['the full address', () => `${login.url}/mcp`],
    ['the bare origin', () => login.url],
    ['the bare origin with a slash', () => `${login.url}/`],
    ['none', () => undefined],
  ])('for %s is good at /mcp and at the bare origin', async (_, resource) => {
    const { status, body } = await signIn(resource())
    expect(status).toBe(200)
    for (const path of ['/mcp', '/mcp/', '/', '']) {
      const answer = await fetch(login.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${body.access_token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      })
      expect(answer.status, path).toBe(200)
      const { result } = (await answer.json()) as { result: { tools: object[] } }
      expect(result.tools).toHaveLength(loadFlowtly().tools.length)
    }
  })
})
