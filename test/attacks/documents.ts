/** A stranger's server: client metadata documents, key sets, and whatever else it answers; and a deployment that reads it. */
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { keep, openStage, type StageOptions } from './stage.ts'

export interface Publisher {
  origin: string
  /** What answers at a path; may be changed at any time. */
  routes: Record<string, RequestListener>
  /** Path of every request, in order. */
  asked: string[]
  /** Publishes JSON at a path and returns its address. */
  publish(path: string, body: (address: string) => object): string
}

export async function startPublisher(): Promise<Publisher> {
  const routes: Record<string, RequestListener> = {}
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    const route = routes[request.url!]
    if (route) route(request, response)
    else response.writeHead(404).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  keep({
    async close() {
      server.closeAllConnections()
      server.close()
    },
  })
  return {
    origin,
    routes,
    asked,
    publish(path, body) {
      const json = JSON.stringify(body(`${origin}${path}`))
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
      routes[path] = (_, response) => response.writeHead(200, headers).end(json)
      return `${origin}${path}`
    },
  }
}

/** A deployment whose operator lets the stranger's private address be read. */
export async function openReadingStage({ env = {}, provider = {} }: StageOptions = {}) {
  const publisher = await startPublisher()
  const all = { LECTERN_PRIVATE_CLIENT_ORIGINS: publisher.origin, ...env }
  return { publisher, ...(await openStage({ env: all, provider })) }
}

/** A key of a client, and the assertions that it signs. */
export async function createSigner(kid = 'one') {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  return {
    keySet: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }] },
    publicKey,
    /** As a client would, unless told otherwise; undefined takes a claim away. */
    assert: (client: string, audience: string, claims: object = {}, key: CryptoKey = privateKey) => {
      const now = Math.floor(Date.now() / 1000)
      const all = {
        iss: client,
        sub: client,
        aud: audience,
        iat: now,
        exp: now + 60,
        jti: crypto.randomUUID(),
        ...claims,
      }
      const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
      return new SignJWT(given).setProtectedHeader({ alg: 'ES256', kid }).sign(key)
    },
  }
}
