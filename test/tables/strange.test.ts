/** Documents as strangers write them: loosely indented, immense, woven into themselves; each is read, soon, or told why not. */
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/document/parse.ts'
import { refusal } from '../documents.ts'

describe('YAML that is indented less than it should be', () => {
  it.each([
    ['a brace at the column of its key', 'openapi: 3.1.0\na:\n  b: {\n    c: 1,\n  }\n  d: 2', { b: { c: 1 }, d: 2 }],
    ['a bracket at the margin', 'openapi: 3.1.0\na:\n  b: [\n    1,\n    2\n]\n  ', { b: [1, 2] }],
    ['a list at the column of its key', 'openapi: 3.1.0\na:\n  b: [\n  1,\n  2]', { b: [1, 2] }],
    ['a quoted text that goes on', 'openapi: 3.1.0\na:\n  b: "one\n  two\n\n  three"\n  c: 1', { b: 'one two\nthree', c: 1 }],
    ['a quoted text with a rule', "openapi: 3.1.0\na:\n  b: 'one\n\n---\n\ntwo'", { b: 'one\n---\ntwo' }],
    ['several of them', `openapi: 3.1.0\na:\n${'  - {\n  b: 1\n  }\n'.repeat(40)}`, Array(40).fill({ b: 1 })],
  ] as [string, string, unknown][])('%s is what it is meant to be', (_, text, expected) => {
    expect(parseDocument(text).a).toEqual(expected)
  }) // biome-ignore format: one row a line

  it.each([
    ['what else is wrong', 'openapi: 3.1.0\na: [\n1 ]\nb:\n  c: {\n  d: @ }', /^line 6, column 6: /],
    ['a quote that nothing closes', `openapi: 3.1.0\na:\n  b: "open\n  c: d\n${'  e: f\n'.repeat(50)}`, /^line 4, column 3: deficient indentation$/],
    ['what there is too much of', `openapi: 3.1.0\na:\n${'  - {\n  }\n'.repeat(2000)}`, /^line 4, column 3: deficient indentation$/],
  ] as [string, string, RegExp][])('%s is told where it begins', (_, text, fault) => {
    const started = performance.now()
    expect(refusal(() => parseDocument(text))).toEqual([expect.stringMatching(fault)])
    expect(performance.now() - started).toBeLessThan(3000)
  }) // biome-ignore format: one row a line
})
