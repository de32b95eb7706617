/** Patterns of a document on texts of a caller: what is held against them, and what could hold the server up and is left. */
import { describe, expect, it } from 'vitest'
import { matches } from '../../src/tools/pattern.ts'

const A = 'a'.repeat(26)

describe('a pattern', () => {
  // biome-ignore format: a table
  it.each<[name: string, pattern: string, text: string, expected: boolean]>([
    ['is held against its text', '^[A-Z]{3}$', 'EUR', true],
    ['refuses what does not fit', '^[A-Z]{3}$', 'eur', false],
    ['may be a list of words', '^(asc|desc|none)$', 'up', false],
    ['may end in what is optional', '^\\d{4}-\\d{2}(-\\d{2})?$', '2026-1', false],
    ['may be unanchored', '[a-z]+', '123', false],
    ['may hold classes with brackets in them', '^[(*+)|\\]]{2}$', 'ab', false],
    ['may hold Unicode properties', '^\\p{L}{2}$', '12', false],
    ['may be found at one end of a choice', 'a$|^b', 'ba', true],
    ['beyond the longest text is not matched', '^[a-z]*$', 'a'.repeat(1001), false],
    ['that repeats a group is left', '^(a+)+$', `${A}!`, true],
    ['of many open repeats is left', '[ac]*[ab]*d', 'a'.repeat(1000), true],
    ['of many bounded repeats is left', 'a{0,99}a{0,99}a{0,99}a{0,99}a{0,9}b', 'a'.repeat(100), true],
    ['of many optional characters is left', `^${'[ab]?'.repeat(40)}$`, `${A}d`, true],
    ['of many choices is left', `^${'(a|[ab])'.repeat(40)}$`, `${A}d`, true],
    ['of nested choices is left', `^${'(a|[ab](a|[ab]))'.repeat(30)}$`, `${A}d`, true],
    ['of many lazy characters is left', `^${'[ab]??'.repeat(40)}$`, `${A}d`, true],
    ['that refers back is left', '^(a*)\\1$', 'ab', true],
    ['that ends too early is left', 'a)b', 'x', true],
    ['of more than 20,000 characters is left', `^${'a'.repeat(20_000)}$`, 'b', true],
  ])('%s', (_, pattern, text, expected) => {
    const started = performance.now()
    expect(matches(pattern, text)).toBe(expected)
    expect(performance.now() - started).toBeLessThan(200)
  })
})
