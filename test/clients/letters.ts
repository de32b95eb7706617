/** An upstream whose texts are longer in bytes than in characters: letters in Ukrainian, in one answer. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Catalog } from '../../src/connector/catalog.ts'
import { derive } from '../../src/connector/derive.ts'

const string = { type: 'string' }
const letter = { type: 'object', properties: { id: string, from: string, subject: string, text: string } }
const schema = { type: 'object', properties: { items: { type: 'array', items: letter } } }
const listLetters = {
  operationId: 'listLetters',
  summary: 'Letters that came in, the newest first.',
  parameters: [{ name: 'page', in: 'query', schema: { type: 'integer', minimum: 1, default: 1 } }],
  responses: { 200: { description: 'Letters', content: { 'application/json': { schema } } } },
}
const document = {
  openapi: '3.1.0',
  info: { title: 'Letters', version: '1.0.0' },
  paths: { '/letters': { get: listLetters } },
}

export const loadLetters = (): Catalog => derive(document).catalog

const sentences = [
  'Добрий день, «Маяк» чекає на рахунок за червень.',
  'Просимо надіслати його до п’ятниці.',
  'Договір підписано, дякуємо за співпрацю!',
]
const items = Array.from({ length: 240 }, (_, at) => ({
  id: `let_${String(240 - at).padStart(6, '0')}`,
  from: 'Олена Шевченко',
  subject: `Рахунок ${1000 + at}`,
  text: Array.from({ length: 8 }, (_, line) => sentences[(at + line) % sentences.length]).join(' '),
}))

export async function startLetters(): Promise<{ url: string; close(): void }> {
  const server = createServer(({ url = '' }, response) => {
    const isFirst = (new URL(url, 'http://letters.invalid').searchParams.get('page') ?? '1') === '1'
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ items: isFirst ? items : [] }))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}
