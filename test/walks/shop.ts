/** A declared shop in a folder of its own, as a vendor would keep it: declaration, document, and newer documents to come. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { oneGet } from '../documents.ts'

export const DECLARATION = {
  name: 'shop',
  title: 'Shop',
  description: 'Orders of one shop.',
  access: { type: 'apiKey' },
  namespaces: {
    orders: {
      title: 'Orders',
      description: 'Orders and their lines.',
      tools: {
        list: {
          operation: 'listOrders',
          title: 'List orders',
          description: 'Orders, newest first, with totals.',
        },
        get: {
          operation: 'getOrder',
          title: 'Get an order',
          description: 'One order by its id.',
          resource: true,
        },
      },
    },
  },
}

const ok = { 200: { description: 'OK', content: { 'application/json': { schema: { type: 'object' } } } } }

const row = { type: 'object', properties: { id: { type: 'string' }, total: { type: 'number' } } }
const rows = { 'application/json': { schema: { type: 'array', items: row } } }

/** A document of one list, and nothing that declares it. */
export const LISTED = oneGet(
  {
    operationId: 'listOrders',
    summary: 'Orders',
    responses: { 200: { description: 'OK', content: rows } },
  },
  {},
  '/orders',
)

export const query = (name: string, more: object = {}) => ({
  name,
  in: 'query',
  schema: { type: 'string' },
  ...more,
})

/** `state` alone, where nothing else is said. */
export function shopDocument(
  version = '1.0.0',
  parameters: object[] = [query('state')],
  server = 'https://shop.example/v1',
) {
  return {
    openapi: '3.1.0',
    info: { title: 'Shop', version },
    servers: [{ url: server }],
    paths: {
      '/orders': { get: { operationId: 'listOrders', summary: 'Orders', parameters, responses: ok } },
      '/orders/{orderId}': {
        get: {
          operationId: 'getOrder',
          summary: 'An order',
          parameters: [{ name: 'orderId', in: 'path', required: true, schema: { type: 'string' } }],
          responses: ok,
        },
      },
    } as Record<string, object>,
  }
}

export async function openShop() {
  const folder = await mkdtemp(join(tmpdir(), 'shop-'))
  const at = (file: string) => join(folder, file)
  const write = async (file: string, content: unknown) => {
    await mkdir(dirname(at(file)), { recursive: true })
    await writeFile(at(file), typeof content === 'string' ? content : JSON.stringify(content))
  }
  await write('shop.json', DECLARATION)
  await write('openapi.json', shopDocument())
  return {
    at,
    write,
    read: (file: string) => readFile(at(file), 'utf8'),
    /** The flags that name it. */
    flags: [
      '--declaration',
      at('shop.json'),
      '--openapi',
      at('openapi.json'),
      '--lock',
      at('connector.lock.json'),
    ],
    close: () => rm(folder, { recursive: true }),
  }
}
