/** A template and its values make a URI, the URI gives the values back, and no URI fits two templates that may stand together. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReader, expand, overlap, templateFault, variablesOf } from '../../src/tools/uri-template.ts'

describe('a template', () => {
  it.each([
    ['ledger://invoices/{id}', { id: 'inv_1' }, 'ledger://invoices/inv_1'],
    ['ledger://invoices/{id}', { id: 'a/b?c#d e' }, 'ledger://invoices/a%2Fb%3Fc%23d%20e'],
    ['ledger://invoices/{id}', { id: "ż!'()*" }, 'ledger://invoices/%C5%BC%21%27%28%29%2A'],
    ['ledger://invoices/{id}', { id: 7 }, 'ledger://invoices/7'],
    ['ledger://invoices/{id}', { id: true }, 'ledger://invoices/true'],
    ['ledger://{year}/file-{id}.pdf', { year: '2026', id: '1' }, 'ledger://2026/file-1.pdf'],
    ['urn:ledger:{invoice-id}', { 'invoice-id': '1' }, 'urn:ledger:1'],
    ['ledger://chart', {}, 'ledger://chart'],
    ['ledger://{constructor}', {}, 'ledger://'],
  ])('%s with %j is %s', (template, values, uri) => {
    expect(expand(template, values)).toBe(uri)
  })

  it.each([
    ['ledger://invoices/{id}', 'ledger://invoices/a%2Fb', { id: 'a/b' }],
    ['ledger://invoices/{id}', 'ledger://invoices/a:b', { id: 'a:b' }],
    ['ledger://invoices/{id}', 'ledger://invoices/', undefined],
    ['ledger://invoices/{id}', 'ledger://invoices/a/b', undefined],
    ['ledger://invoices/{id}', 'ledger://invoices/a?b', undefined],
    ['ledger://invoices/{id}', 'ledger://invoices/a#1', undefined],
    ['ledger://invoices/{id}', 'ledger://invoices/%zz', undefined],
    ['ledger://invoices/{id}', 'LEDGER://invoices/a', undefined],
    ['ledger://invoices/{id}', 'xledger://invoices/a', undefined],
    ['ledger://a.b/{id}', 'ledger://aXb/1', undefined],
    ['ledger://chart', 'ledger://chart', {}],
    ['ledger://chart', 'ledger://chart/', undefined],
    ['ledger://{a}/{b}', 'ledger://1/2', { a: '1', b: '2' }],
  ])('%s reads %s as %j', (template, uri, values) => {
    expect(createReader(template)(uri)).toEqual(values)
  })

  it('gives every value back', () => {
    const read = createReader('ledger://{a}/x-{b}.y')
    const value = fc.string({ minLength: 1, unit: 'grapheme' })
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(read(expand('ledger://{a}/x-{b}.y', { a, b }))).toEqual({ a, b })
      }),
    )
  })
})

describe('a template that cannot be one', () => {
  it.each([
    ['ledger://invoices/{id}', undefined],
    ['ledger://a/{x}?page={y}', undefined],
    ['urn:ledger:{id}', undefined],
    ['ledger://x/{+id}', 'holds an expression beyond {argument} (RFC 6570, level 1)'],
    ['ledger://x/{a,b}', 'holds an expression beyond {argument} (RFC 6570, level 1)'],
    ['ledger://x/{id', 'holds an expression beyond {argument} (RFC 6570, level 1)'],
    ['ledger://x/{}', 'holds an expression beyond {argument} (RFC 6570, level 1)'],
    ['invoices/{id}', 'is not a URI with a scheme of its own and without fragment'],
    ['{scheme}://x', 'is not a URI with a scheme of its own and without fragment'],
    ['led{x}ger://x', 'is not a URI with a scheme of its own and without fragment'],
    ['ledger://x y', 'is not a URI with a scheme of its own and without fragment'],
    ['ledger://x/%zz', 'is not a URI with a scheme of its own and without fragment'],
    ['ledger://x#{id}', 'is not a URI with a scheme of its own and without fragment'],
    ['http://[x/{id}', 'is not a URI with a scheme of its own and without fragment'],
    ['ledger://{a}/{a}', 'holds a twice'],
    ['ledger://{a}{b}', 'needs a / or ? between two variables'],
    ['ledger://{a}-{b}', 'needs a / or ? between two variables'],
  ])('%s: %s', (template, fault) => {
    expect(templateFault(template)).toBe(fault)
  })
})

describe('one URI for two', () => {
  it.each([
    ['a://x/{id}', 'a://x/{key}', true],
    ['a://x/{id}', 'a://x/list', true],
    ['a://x/{id}', 'a://x/', false],
    ['a://x/{id}', 'a://y/{id}', false],
    ['a://x/{id}', 'a://x/{id}/y', false],
    ['a://x/{id}.pdf', 'a://x/{id}.txt', false],
    ['a://x/{id}-1', 'a://x/b-{id}', true],
    ['a://x/{a}/{b}', 'a://x/{a}/y', true],
    ['a://x/{a}/z', 'a://x/y/{b}', true],
    ['a://x/{a}/zz', 'a://x/y/z', false],
    ['a://x', 'a://x', true],
  ])('%s and %s: %s', (one, other, expected) => {
    expect([overlap(one, other), overlap(other, one)]).toEqual([expected, expected])
  })

  it('is found wherever a URI of one is read by the other', () => {
    const piece = fc.constantFrom('a', 'b', '/', '-', '{v}')
    const template = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => {
      let count = 0
      return `s://x/${pieces.join('').replace(/\{v\}/g, () => `{v${count++}}`)}`
    })
    const sound = template.filter((each) => templateFault(each) === undefined)
    fc.assert(
      fc.property(sound, sound, fc.constantFrom('a', 'b', 'ab', '-', 'a-b'), (one, other, value) => {
        const uri = expand(one, Object.fromEntries(variablesOf(one).map((name) => [name, value])))
        if (createReader(other)(uri) !== undefined) expect(overlap(one, other)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
