/** How long a client may keep what it read: every way in which an upstream spells it, well and badly. */
import { describe, expect, it } from 'vitest'
import { freshness, LONGEST_FRESH } from '../../src/tools/freshness.ts'

const of = (headers: Record<string, string>) => freshness((name) => headers[name])

describe('Cache-Control', () => {
  const rows: [string, string | undefined, number][] = [
    ['absent', undefined, 0],
    ['empty', '', 0],
    ['a lifetime', 'max-age=60', 60],
    ['in capitals', 'Max-Age=60', 60],
    ['for one person', 'private, max-age=60', 60],
    ['for all', 'public, max-age=60', 60],
    ['behind other directives', 'must-revalidate,stale-while-revalidate=30 ,\tmax-age=60', 60],
    ['quoted, as recipients must take it', 'max-age="60"', 60],
    ['with leading noughts', 'max-age=0060', 60],
    ['none at all', 'max-age=0', 0],
    ['of shared caches only', 's-maxage=60', 0],
    ['of shared caches beside ours', 's-maxage=600, max-age=60', 60],
    ['not to be stored', 'no-store, max-age=60', 0],
    ['not to be stored, said later', 'max-age=60, No-Store', 0],
    ['to be asked for again', 'no-cache, max-age=60', 0],
    ['to be asked for again in part', 'no-cache="Set-Cookie", max-age=60', 0],
    ['private in part', 'private="X-Name, max-age=900", max-age=60', 60],
    ['a lifetime inside a quoted text', 'private="max-age=60"', 0],
    ['the same twice', 'max-age=60, max-age=60', 60],
    ['one thing and another', 'max-age=60, max-age=600', 0],
    ['negative', 'max-age=-60', 0],
    ['signed', 'max-age=+60', 0],
    ['with a fraction', 'max-age=60.5', 0],
    ['with an exponent', 'max-age=6e1', 0],
    ['in hexadecimal', 'max-age=0x3c', 0],
    ['without a value', 'max-age', 0],
    ['with an empty value', 'max-age=', 0],
    ['with space around the sign', 'max-age = 60', 0],
    ['between semicolons', 'private; max-age=60', 0],
    ['in digits of another script', 'max-age=٦٠', 0],
    ['a quote that does not end', 'max-age=60, private="X', 0],
    ['a quote that an escape keeps open', 'private="X\\", max-age=60', 0],
    ['empty list members', ', ,max-age=60,,', 60],
    ['beyond the bound', 'max-age=31536000', LONGEST_FRESH],
    ['beyond what a number holds', `max-age=${'9'.repeat(400)}`, LONGEST_FRESH],
    ['longer than anybody writes', `max-age=60, ${'x,'.repeat(500)}`, 0],
    ['a name of Object', 'constructor, __proto__=1, max-age=60', 60],
    ['a name that only ends so', 'x-max-age=60', 0],
  ]
  it.each(rows)('%s', (_, value, expected) => {
    expect(of(value === undefined ? {} : { 'cache-control': value })).toBe(expected)
  })
})

describe('beside it', () => {
  const rows: [string, Record<string, string>, number][] = [
    ['an age is taken off', { age: '20' }, 40],
    ['an age beyond the lifetime leaves nothing', { age: '61' }, 0],
    ['an age that no number holds leaves nothing', { age: '9'.repeat(400) }, 0],
    ['of several ages the first counts', { age: '20, 50' }, 40],
    ['an age that is none is not looked at', { age: '-20' }, 60],
    ['an empty age is none', { age: '' }, 60],
    ['a reply that varies by everything is never fresh', { vary: 'Accept, *' }, 0],
    ['one that varies by the caller is', { vary: 'Authorization, Accept-Encoding' }, 60],
    ['a date that has passed yields to the lifetime', { expires: 'Thu, 01 Jan 1970 00:00:00 GMT' }, 60],
  ]
  it.each(rows)('%s', (_, headers, expected) => {
    expect(of({ 'cache-control': 'max-age=60', ...headers })).toBe(expected)
  })

  it('an age is taken off the lifetime before the bound', () => {
    expect(of({ 'cache-control': 'max-age=31536000', age: '86400' })).toBe(LONGEST_FRESH)
    expect(of({ 'cache-control': 'max-age=7200', age: '7100' })).toBe(100)
  })

  it('two numbers that none holds leave nothing', () => {
    const many = '9'.repeat(400)
    expect(of({ 'cache-control': `max-age=${many}`, age: many })).toBe(0)
  })
})

it('a long header of one quote costs no more than reading it', () => {
  const started = performance.now()
  expect(of({ 'cache-control': `private="${'\\'.repeat(980)}` })).toBe(0)
  expect(of({ 'cache-control': ' '.repeat(1000) })).toBe(0)
  expect(performance.now() - started).toBeLessThan(50)
})
