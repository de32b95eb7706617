/** What the twelve questions cost, as `npm run tokens` prints it: each is answered alike on every side, and README and docs/costs.md say the same. */
import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { AURORA, startConnector } from '../connector.ts'
import type { Cost } from './ask.ts'
import { type Measures, measure, NEEDED, throughFlowtly } from './measure.ts'
import { questions } from './questions.ts'
import { pageOf } from './rows.ts'
import { listedLine, pageTable, questionTable } from './table.ts'

let measures: Measures
beforeAll(async () => {
  measures = await measure()
}, 20_000)

describe.each(questions.map((question, at) => ({ question, at })))('$question.asked', ({ question, at }) => {
  const sides = (): Cost[] => {
    const { through, byDefault, best } = measures.rows[at]!
    return [through, byDefault, best]
  }

  it('is answered alike on every side, from as many rows of every call', () => {
    const [through, ...lectern] = sides()
    expect(through!.rows).toHaveLength(question.steps.length)
    for (const { answer, rows } of lectern)
      expect({ answer, rows }).toEqual({ answer: through!.answer, rows: through!.rows })
  })

  it('has an answer, and rows in every call', () => {
    const [{ answer, rows } = expect.fail()] = sides()
    expect(rows.filter((count) => count === 0)).toEqual([])
    expect(emptyParts(answer)).toEqual([])
  })

  it('costs no more than passed through, and less with the fields that it needs', () => {
    const [through = Number.NaN, byDefault, best] = sides().map(({ tokens }) => tokens)
    expect(byDefault).toBeLessThanOrEqual(through)
    expect(best).toBeLessThan(through)
  })
})

/** Where an answer says nothing; two sides that say nothing would be alike. */
function emptyParts(value: unknown, at = 'answer'): string[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [at] : []
  const parts = Object.entries(value)
  return parts.length === 0 ? [at] : parts.flatMap(([name, part]) => emptyParts(part, `${at}.${name}`))
}

describe('passed through', () => {
  it('an answer is what the upstream wrote, and no tool has an argument that the document has not', async () => {
    const connector = await startConnector({}, throughFlowtly())
    const path = '/v1/invoices?direction=sale&pageSize=200&page=1'
    const headers = { authorization: `Bearer ${AURORA}` }
    const written = await (await fetch(connector.sandbox.url + path, { headers })).text()
    const { result } = await connector.call('invoices.list', { direction: 'sale', pageSize: 200 })
    const listed = await connector.rpc('tools/list')
    await connector.close()
    expect(result.content).toEqual([{ type: 'text', text: written }])
    expect(JSON.stringify(listed)).not.toMatch(/"(fields|format|skip)":\{"/)
  })
})

describe('an answer that cannot be computed', () => {
  const [overdue] = questions
  const row = { number: '1', 'counterparty.name': 'A', dueOn: '2026-06-01', currency: 'EUR' }

  it.each([
    ['for a missing column', { ...row, outstandingAmount: '1.00', dueOn: undefined }, 'dueOn'],
    ['for a missing amount', row, 'the amount'],
  ])('fails %s', (_, { dueOn, ...rest }, missing) => {
    const found = { ...rest, ...(dueOn && { dueOn }) }
    expect(() => overdue!.answerOf([found])).toThrow(`the rows do not say ${missing}`)
  })
})

describe('rows', () => {
  it.each([
    ['of JSON', ['{"items":[{"a":1.50,"b":{"c":null,"d":"x"},"e":[1]}],"total":1}'], [{ a: '1.5', 'b.c': '', 'b.d': 'x', e: '[1]' }], { total: 1 }],
    ['of a record', ['{"a":"x","_lectern":{"cut":["b"]}}'], [{ a: 'x' }], { _lectern: { cut: ['b'] } }],
    ['of CSV', ['a,b.c\n1.50,"x ""y"",\nz"\n"",\n'], [{ a: '1.50', 'b.c': 'x "y",\nz' }, { a: '', 'b.c': '' }], {}],
    ['of CSV with something beside it', ['a\n1\n', '{"total":2}'], [{ a: '1' }], { total: 2 }],
  ])('%s', (_, texts, rows, beside) => expect(pageOf(texts)).toEqual({ rows, beside }))
}) // biome-ignore format: a text a line

describe('a page of invoices', () => {
  it.each([
    ['the fields of a question', { fields: NEEDED }],
    ['CSV', { format: 'csv' }],
  ])('costs less than half with %s', (_, args) => {
    const [through, ...ways] = measures.page
    const way = ways.find((each) => isDeepStrictEqual(each.arguments, args))
    expect(way!.tokens).toBeLessThan(through!.tokens / 2)
  })
})

describe('docs/costs.md', () => {
  const page = readFileSync(new URL('../../docs/costs.md', import.meta.url), 'utf8')

  it('shows what the questions cost', () => expect(page).toContain(questionTable(measures.rows)))
  it('shows what a page of invoices costs', () => expect(page).toContain(pageTable(measures.page)))
  it('says what the arguments cost', () => expect(page).toContain(listedLine(measures.listed)))

  it('says that two answers are beyond what Claude Code takes of one, and none of Lectern’s is', () => {
    const beyond = (way: 'through' | 'byDefault' | 'best') =>
      measures.rows.filter((row) => row[way].largest > 25_000).length
    expect([beyond('through'), beyond('byDefault'), beyond('best')]).toEqual([2, 0, 0])
  })
})

describe('README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const table = () => questionTable(measures.rows)

  it('shows what the questions cost', () => expect(readme).toContain(table()))

  it('says what all of them cost', () => {
    const [, , through, byDefault, , best] = table().split('\n').at(-1)!.split(' | ')
    const words = readme.replaceAll(/\s+/g, ' ')
    expect(words).toContain(`cost ${through} tokens as the API answers [cost ${byDefault}]`)
    expect(words).toContain(`and ${best} by a model that names its fields`)
  })
})
