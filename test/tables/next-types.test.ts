/** The arguments that read on are of the type that the tool's schema names: Gemini CLI refuses a call that is not. */
import { expect, it } from 'vitest'
import { nextPage } from '../../src/answers/paging.ts'
import type { Json, Schema } from '../../src/json.ts'
import type { Paging } from '../../src/tools/answering.ts'
import type { Tool } from '../../src/tools/tool.ts'

const link: Paging = { kind: 'link' }
const cursor: Paging = { kind: 'cursor', cursor: 'after', next: ['next'] }
const to = (value: string) => `</things?after=${value}>; rel="next"`

it.each<[name: string, Paging, schema: Schema, header: string, text: string, after: Json | undefined]>([
  ['a page in a link', link, { type: 'integer' }, to('2'), '[]', 2],
  ['a number in a link', link, { type: 'number' }, to('2.5'), '[]', 2.5],
  ['a text of digits in a link', link, { type: 'string' }, to('2'), '[]', '2'],
  ['a word for a number', link, { type: 'integer' }, to('two'), '[]', undefined],
  ['a number with a leading zero', link, { type: 'integer' }, to('02'), '[]', undefined],
  ['nineteen digits in a link', link, { type: 'integer' }, to('1234567890123456789'), '[]', '1234567890123456789'],
  ['sixteen digits that a double would round', link, { type: 'integer' }, to('9007199254740993'), '[]', '9007199254740993'],
  ['where we are already', link, { type: 'integer' }, to('1'), '[]', undefined],
  ['a cursor that is a number', cursor, { type: 'integer' }, '', '{"next":7}', 7],
  ['a cursor that is written as a text', cursor, { type: 'integer' }, '', '{"next":"7"}', 7],
  ['a number for a cursor that is a text', cursor, { type: 'string' }, '', '{"next":7}', '7'],
  ['a cursor that does not move', cursor, { type: 'integer' }, '', '{"next":1}', undefined],
])('%s', (_, paging, schema, header, text, after) => {
  const tool = toolOf(paging, schema)
  const page = { tool, args: { after: 1 }, text, rows: 0, header: () => header, target: '/things?after=1' }
  expect(nextPage(page)?.after).toBe(after)
}) // biome-ignore format: a case a line

function toolOf(paging: Paging, schema: Schema): Tool {
  const parameter = { argument: 'after', name: 'after', in: 'query', style: 'form', explode: true }
  return {
    inputSchema: { type: 'object', properties: { after: schema } },
    parameters: [parameter],
    answering: { asks: {}, paging },
  } as unknown as Tool
}
