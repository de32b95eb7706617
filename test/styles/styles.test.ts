/**
 * Every parameter style through the real server, to a real upstream: what it read from the raw bytes is what the caller
 * gave, or nothing was sent and the refusal names the argument.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Definition, decode, type Shape } from './decode.ts'
import { type Operation, type Styles, startStyles } from './serving.ts'
import { type Kind, REFUSALS, TEXTS, VALUES } from './values.ts'

const SHAPES: Record<'primitive' | 'array' | 'object', { schema: Shape; kinds: Kind[] }> = {
  primitive: { schema: { type: 'string' }, kinds: ['lone'] },
  array: { schema: { type: 'array', items: { type: 'string' } }, kinds: ['list', 'single'] },
  object: { schema: { type: 'object', additionalProperties: { type: 'string' } }, kinds: ['member', 'name'] },
}

const STYLES: [Definition['in'], string, more?: Partial<Definition>][] = [
  ['path', 'simple'],
  ['path', 'label'],
  ['path', 'matrix'],
  ['query', 'form'],
  ['query', 'form', { allowReserved: true }],
  ['query', 'spaceDelimited'],
  ['query', 'pipeDelimited'],
  ['query', 'tabDelimited'],
  ['query', 'deepObject'],
  ['header', 'simple'],
  ['cookie', 'form'],
  ['cookie', 'cookie'],
]

interface Row {
  title: string
  definition: Definition & { style: string; explode: boolean }
  kinds: Kind[]
}

const rows: Row[] = STYLES.flatMap(([place, style, more]) =>
  [false, true].flatMap((explode) =>
    Object.entries(SHAPES).map(([shape, { schema, kinds }]) => ({
      title: `${place} ${style}${more ? ' allowReserved' : ''} explode ${explode} ${shape}`,
      definition: { name: 'p', in: place, style, explode, schema, ...more },
      kinds,
    })),
  ),
)
const operations: Operation[] = rows.map(({ definition }) => ({
  path: definition.in === 'path' ? '/in/{p}/tail' : '/in',
  parameters: [definition],
}))

let styles: Styles
beforeAll(async () => {
  styles = await startStyles(operations)
})
afterAll(() => styles.close())

describe('every style, place and kind of value', { timeout: 30_000 }, () => {
  it.each(rows.map((row, at) => ({ ...row, at })))('$title', async ({ definition, kinds, at }) => {
    const cases = kinds.flatMap((kind) =>
      TEXTS.map((text) => ({ definition, kind, text, value: VALUES[kind](text) })),
    )
    const outcomes = await styles.callEach(
      at,
      cases.map(({ value }) => ({ p: value })),
    )
    for (const [index, { value, ...given }] of cases.entries()) {
      const { head, problem } = outcomes[index]!
      const refusals = REFUSALS.filter(([, applies]) => applies(given))
      const shown = `${given.kind} ${JSON.stringify(given.text.slice(0, 40))}: ${problem ?? head}`
      if (refusals.length > 0) {
        expect(problem, shown).toMatch(/ p(\[\d\]|\.\S+)? /)
        expect(
          refusals.some(([, , words]) => words.test(problem!)),
          shown,
        ).toBe(true)
      } else {
        expect(problem, shown).toBeUndefined()
        expect(decode(head!, styles.template(at), [definition]), shown).toEqual({ p: value })
      }
    }
  })
})
