/** A shop whose API has only keys, on a socket, and the connector that people sign in to with them. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { compile } from '../../src/connector/compile.ts'
import { defineConnector } from '../../src/connector/declaration.ts'
import { serve } from '../../src/node.ts'
import { readSettings } from '../../src/settings.ts'

export const SHOP = { number: '4711', key: 'ks_9f2c71d0b4' }

const declaration = defineConnector({
  name: 'kash',
  title: 'Kash',
  description: 'Receipts of one shop.',
  access: {
    type: 'oauth',
    signIn: {
      type: 'credentials',
      help: 'You find both in Kash under Settings, Interfaces.',
      fields: {
        shop: { title: 'Shop number', secret: false, in: 'header', name: 'X-Shop' },
        key: { title: 'API key', help: 'Starts with ks_.', in: 'header', name: 'Authorization', scheme: 'Bearer' },
      },
      proof: 'listReceipts',
    },
    organization: { from: 'field', name: 'shop' },
  },
  scopes: { 'receipts:read': 'Receipts and daily sums of your shop' },
  namespaces: {
    receipts: {
      title: 'Receipts',
      description: 'Receipts.',
      scope: 'receipts:read',
      tools: { list: { operation: 'listReceipts', title: 'List receipts' } },
    },
  },
}) // biome-ignore format: a field a line

const document = {
  openapi: '3.1.0',
  info: { title: 'Kash', version: '1' },
  paths: { '/receipts': { get: { operationId: 'listReceipts', summary: 'Receipts of the day' } } },
}

/** `env` holds settings as variables. */
export async function startShop(env: Record<string, string> = {}) {
  const state = { isDown: false }
  const upstream = createServer(({ headers, method }, response) => {
    const isOwner = headers['x-shop'] === SHOP.number && headers.authorization === `Bearer ${SHOP.key}`
    const status = method !== 'GET' ? 405 : state.isDown ? 500 : isOwner ? 200 : 401
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(status === 200 ? '[{"total":"12.50"}]' : '{}')
  })
  await once(upstream.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const settings = { PORT: '0', LECTERN_LOG: 'off', LECTERN_RETRIES: '0', ...env }
  const running = await serve(compile({ ...declaration, server: url }, document), readSettings(settings))
  return {
    url: running.url,
    /** Whether its API fails; may be changed at any time. */
    upstream: state,
    async close() {
      await running.close()
      upstream.close().closeAllConnections()
    },
  }
}
