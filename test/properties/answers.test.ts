/** Any rows, any budget: an answer is valid JSON, within its budget, whole rows in their order; and its calls reach each row once. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answering } from '../../src/tools/answering.ts'
import type { Arguments } from '../../src/tools/tool.ts'
import { answered, LIST, weightOf } from '../answers.ts'

/** Numbers that no double holds, texts that are hard to cut. */
const digits = fc.constantFrom(
  '12.10',
  '0.00',
  '1234567890123456789',
  '1e400',
  '-0',
  '1E+2',
  '0.30000000000000001',
)
const nasty = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '\\',
    '"',
    '\\"',
    'a\\\\',
    '\u202e',
    '😀'.repeat(9),
    '\\ud83d',
    '\n',
    '],{"items":[1]',
    '_lectern',
  ),
)
const text = nasty.map((value) => JSON.stringify(value.toWellFormed()))
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(text, digits, fc.constantFrom('true', 'false', 'null', '{}', '[]')),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map((pairs) => `{${pairs.map((pair) => pair.join(':')).join(',')}}`),
  ),
})) // biome-ignore format: a kind a line
const row = fc.tuple(value, value).map(([a, b]) => `{"id":${a},"name":${b},"more":[${a}]}`)
const rows = fc.array(fc.oneof({ weight: 5, arbitrary: row }, value), { maxLength: 60 })
const budgets = fc.integer({ min: 1000, max: 6000 })

/** What the model sees of `body`. */
function shaped(body: string, answering: Answering, args: Arguments, budget: number): string[] {
  return answered(body, { answering, args, budget })
}

/** The body without what a person cannot see, as it is embedded. */
function visible(body: string): string {
  return shaped(body, { asks: {} }, {}, 1e9)[0]!
}

describe('a list', () => {
  it('is cut between rows, and its calls reach every row once', () => {
    fc.assert(
      fc.property(rows, value, budgets, (all, beside, budget) => {
        const body = `{"before":${beside},"items":[${all.join(',')}],"after":1}`
        const seen = all.map((each) => visible(`{"x":${each}}`).slice(5, -1))
        let at = 0
        for (let args: Arguments = {}, calls = 0; ; calls++) {
          const [answer] = shaped(body, LIST, args, budget)
          const note = readNote(answer!, budget)
          const shown = note.shown ?? seen.length - at
          if (!note.cut) expect(answer).toContain(`"items":[${seen.slice(at, at + shown).join(',')}]`)
          expect(note.shown === undefined || note.of === seen.length).toBe(true)
          at += shown
          if (!note.next) break
          expect(note.next.tool).toBe('things_list')
          expect(note.next.arguments.skip).toBe(at)
          expect(shown).toBeGreaterThan(0)
          expect(calls).toBeLessThan(70)
          args = note.next.arguments
        }
        expect(at).toBe(seen.length)
      }),
      { numRuns: 400 },
    )
  })

  it('shows as many rows as there is room for', () => {
    fc.assert(
      fc.property(rows, budgets, (all, budget) => {
        const [answer] = shaped(`[${all.join(',')}]`, LIST, {}, budget)
        const { shown, cut } = readNote(answer!, budget)
        if (shown === undefined || cut) return
        const [one] = shaped(`{"x":${all[shown]}}`, { asks: {} }, {}, 1e9)
        // The note may be a digit longer for one row more.
        expect(weightOf(answer!) + weightOf(one!) - 8 + 3).toBeGreaterThan(budget)
      }),
      { numRuns: 300 },
    )
  })

  it('is one call where nothing is to be cut, in the very text of the upstream', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const body = `{"items":[${all.join(',')}],"total":12.10}`
        expect(shaped(body, LIST, {}, 1e6)).toEqual([visible(body)])
      }),
    )
  })

  it.each(['csv', 'markdown'])('as %s fits, says so beside it, and reaches every row', (format) => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), budgets, (all, budget) => {
        let at = 0
        for (let args: Arguments = { format }, calls = 0; calls < 60; calls++) {
          const texts = shaped(`[${all.join(',')}]`, LIST, args, budget)
          expect(weightOf(texts)).toBeLessThanOrEqual(budget)
          const said = texts.length === 1 && !texts[0]!.startsWith('{"') ? undefined : texts.at(-1)!
          const note = said === undefined ? {} : readNote(said, budget)
          at += note.shown ?? all.length - at
          if (!note.next) break
          args = note.next.arguments
        }
        expect(at).toBe(all.length)
      }),
      { numRuns: 300 },
    )
  })
})

describe('anything', () => {
  it('is valid JSON within its budget, whatever is asked', () => {
    const asked = fc.record({ fields: fc.array(fc.constantFrom('id', 'name', 'name.id', 'more'), { minLength: 1 }), skip: fc.nat(5) }, { requiredKeys: [] }) // biome-ignore format: one call
    const kinds = fc.constantFrom<Answering>(LIST, { asks: LIST.asks }, { rows: [], record: true, asks: { fields: 'fields' } }, { rows: ['a', 'b'], asks: LIST.asks }) // biome-ignore format: a kind a word
    const large = fc.oneof(value, fc.array(value, { minLength: 40, maxLength: 200 }).map((all) => `[${all.join(',')}]`), text.map((each) => `{"a":${JSON.stringify(each.repeat(200))},"b":{"c":[${each},1e400]}}`)) // biome-ignore format: a kind a call
    fc.assert(
      fc.property(large, kinds, asked, budgets, (body, answering, args, budget) => {
        const texts = shaped(body, answering, args as Arguments, budget)
        expect(texts).toHaveLength(1)
        readNote(texts[0]!, budget)
      }),
      { numRuns: 1000 },
    )
  })
})

interface Told {
  shown?: number
  of?: number
  cut?: string[]
  next?: { tool: string; arguments: Arguments }
}

function readNote(answer: string, budget: number): Told {
  expect(weightOf(answer)).toBeLessThanOrEqual(budget)
  return (JSON.parse(answer) as { _lectern?: Told })._lectern ?? {}
}
