/** Text becomes a document as JSON or YAML 1.2 mean it, or a message that says where it breaks; nothing in it can take memory or time. */
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/document/parse.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { refusal } from '../documents.ts'

/** Lines of a document. */
const lines = (...each: string[]) => each.join('\n')

describe('text', () => {
  const rows: [string, string, Json][] = [
    ['JSON', '{"openapi":"3.1.0","paths":{}}', { openapi: '3.1.0', paths: {} }],
    ['JSON behind a byte order mark', '\uFEFF{"a":1}', { a: 1 }],
    ['JSON behind white space', ' \r\n\t{"a":1}', { a: 1 }],
    ['JSON with tabs', '{\n\t"a": 1\n}', { a: 1 }],
    ['JSON with a comma too many', '{"a":[1,2,],}', { a: [1, 2] }],
    ['JSON with tabs and a comma too many', '{\n\t"a": 1,\n}', { a: 1 }],
    ['JSON with a comment of YAML', '{"a": 1 # one\n}', { a: 1 }],
    ['JSON that says a key twice, the last of which counts', '{"a":1,"a":2}', { a: 2 }],
    ['JSON behind a byte order mark that says a key twice', '\uFEFF{"a":1,"a":2}', { a: 2 }],
    ['JSON with escapes', '{"a":"\\u00e9\\n\\/"}', { a: 'é\n/' }],
    ['YAML', lines('openapi: 3.1.0', 'paths:', '  /a:', '    get: {tags: [x, "y"]}'), { openapi: '3.1.0', paths: { '/a': { get: { tags: ['x', 'y'] } } } }],
    ['YAML behind a byte order mark', '\uFEFFa: 1', { a: 1 }],
    ['YAML with line ends of Windows', 'a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['YAML between its marks', lines('%YAML 1.2', '---', 'a: 1', '...', ''), { a: 1 }],
    ['YAML that opens with a brace', '{a: 1, b: [x]}', { a: 1, b: ['x'] }],
    ['YAML with comments', lines('# one', 'a: 1 # two'), { a: 1 }],
    ['YAML over several lines', lines('a: |', '  one', '  two', 'b: >-', '  one', '  two'), { a: 'one\ntwo\n', b: 'one two' }],
    ['a version that is a number', lines('openapi: 3.1', 'swagger: 2.0'), { openapi: 3.1, swagger: 2 }],
    ['dates as text', lines('a: 2026-01-02', 'b: 2026-01-02T10:00:00Z'), { a: '2026-01-02', b: '2026-01-02T10:00:00Z' }],
    ['words of YAML 1.1 as text', lines('a: yes', 'b: No', 'c: on', 'd: OFF', 'e: y'), { a: 'yes', b: 'No', c: 'on', d: 'OFF', e: 'y' }],
    ['true and false', lines('a: true', 'b: False', 'c: TRUE'), { a: true, b: false, c: true }],
    ['nothing', lines('a: null', 'b: ~', 'c:', 'd: ""'), { a: null, b: null, c: null, d: '' }],
    ['numbers', lines('a: 010', 'b: 0o10', 'c: 0x1f', 'd: 1e3', 'e: -.5', 'f: "1"'), { a: 10, b: 8, c: 31, d: 1000, e: -0.5, f: '1' }],
    ['numbers of YAML 1.1 as text', lines('a: 1_000', 'b: 12:30', 'c: 0b11'), { a: '1_000', b: '12:30', c: '0b11' }],
    ['keys that are numbers', lines('200: a', '404: b'), { 200: 'a', 404: 'b' }],
    ['a key that is nothing', '? \n: 1', { null: 1 }],
    ['an alias', lines('a: &x {b: 1}', 'c: *x'), { a: { b: 1 }, c: { b: 1 } }],
    ['a merge key', lines('a: &x {b: 1, c: 1}', 'd:', '  <<: *x', '  c: 2'), { a: { b: 1, c: 1 }, d: { b: 1, c: 2 } }],
    ['a merge key of two', lines('a: &x {b: 1}', 'c: &y {b: 2, d: 2}', 'e:', '  <<: [*x, *y]'), { a: { b: 1 }, c: { b: 2, d: 2 }, e: { b: 1, d: 2 } }],
    ['a merge key in JSON, which is a key', '{"<<":{"a":1}}', { '<<': { a: 1 } }],
    ['nesting of 255', `a: ${'['.repeat(254)}${']'.repeat(254)}`, { a: JSON.parse(`${'['.repeat(254)}${']'.repeat(254)}`) as Json }],
  ] // biome-ignore format: one row a line
  it.each(rows)('of %s', (_, source, expected) => {
    expect(parseDocument(source)).toEqual(expected)
  })

  it.each([
    ['JSON', '{"__proto__":{"paths":1},"constructor":2}'],
    ['YAML', lines('__proto__:', '  paths: 1', 'constructor: 2')],
    ['a merge key', lines('x: &x {"__proto__": {paths: 1}, constructor: 2}', 'y:', '  <<: *x')],
  ])('of %s may have keys like an object’s own, which are keys', (kind, source) => {
    const document = parseDocument(source)
    const found = (kind === 'a merge key' ? document.y : document) as JsonObject
    expect(Object.entries(found)).toEqual([['__proto__', { paths: 1 }], ['constructor', 2]]) // biome-ignore format: one call
    expect([Object.getPrototypeOf(found) === Object.prototype, found.paths]).toEqual([true, undefined])
  })
})

describe('what is wrong is told', () => {
  const OBJECT = 'it is not an object: an OpenAPI document opens with openapi or swagger'
  const PAGE =
    'it is a page of HTML or XML, not JSON or YAML: name the document that this page loads, often openapi.json'
  const rows: [string, string, string][] = [
    ['nothing', '', 'it is empty'],
    ['a byte order mark', '\uFEFF', 'it is empty'],
    ['white space', ' \n\t\n', 'it is empty'],
    ['a comment', '# Nothing here.', 'expected a document, but the input is empty'],
    ['a page', '<!DOCTYPE html>\n<html></html>', PAGE],
    ['a page without a doctype', '\n <HTML>', PAGE],
    ['XML', '<?xml version="1.0"?><a/>', PAGE],
    ['a list of JSON', '[{"openapi":"3.1.0"}]', OBJECT],
    ['a list of YAML', '- openapi: 3.1.0', OBJECT],
    ['text', 'Not found', OBJECT],
    ['text in quotes', '"{}"', OBJECT],
    ['null', 'null', OBJECT],
    ['two documents', lines('a: 1', '---', 'b: 2'), 'expected a single document in the stream, but found more'],
    ['truncated JSON', '{"a": {\n  "b": 1', 'line 2, column 9: it ends too soon: a } or ] is missing'],
    ['JSON that ends inside a text', '{"a": "x', 'line 1, column 9: it ends inside a text: a " is missing'],
    ['JSON without a comma', '{"a": 1\n "b": 2}', 'line 2, column 5: a comma (or a colon, ] or }) is missing before this'],
    ['JSON with two commas', '{"a": 1,, "b": 2}', 'line 1, column 9: this comma is one too many, or a value is missing before it'],
    ['JSON that goes on', '{"a": 1} }', 'line 1, column 10: it goes on after its last }'],
    ['JSON with an escape that is none', '{"a": "\\q"}', 'line 1, column 9: the \\ before this begins no escape that JSON knows'],
    ['a truncated list of YAML', 'a: [1', 'line 1, column 6: unexpected end of the stream within a flow collection'],
    ['truncated text', 'a: 1\nb: "x', 'line 2, column 6: unexpected end of the stream within a double quoted scalar'],
    ['a tab that indents', 'a:\n\tb: 1', 'line 2, column 1: tab characters must not be used in indentation'],
    ['a key twice', 'a: 1\nb: 2\na: 3', 'line 3, column 1: duplicated mapping key'],
    ['a key twice, in JSON with a comma too many', '{"a": 1,\n "a": 2,}', 'line 2, column 3: this key is there twice'],
    ['a colon in text', 'a: b: c', 'line 1, column 5: bad indentation of a mapping entry'],
    ['an indent that does not fit', 'a: 1\n  b: 2', 'line 2, column 4: bad indentation of a mapping entry'],
    ['an escape that is none', 'a: "\\q"', 'line 1, column 6: unknown escape sequence'],
    ['an alias of nothing', 'a: *b', 'line 1, column 5: unidentified alias "b"'],
    ['a type that could be code', 'a: !!js/function "x"', 'line 1, column 4: unknown scalar tag !<tag:yaml.org,2002:js/function>'],
    ['an include', 'a: !include b.yaml', 'line 1, column 4: unknown scalar tag !<!include>'],
    ['bytes', 'a: !!binary aGk=', 'line 1, column 4: unknown scalar tag !<tag:yaml.org,2002:binary>'],
    ['a key that is a list', '? [a, b]\n: 1', 'line 1, column 1: object-based map does not support complex keys'],
    ['a merge of what is no mapping', 'a:\n  <<: 5', 'line 2, column 3: cannot merge mappings; the provided source object is unacceptable'],
    ['nesting of 257', `a: ${'['.repeat(257)}`, 'line 1, column 259: nesting exceeded maxDepth (256)'],
    ['nesting without end', '['.repeat(1_000_000), 'line 1, column 256: nesting exceeded maxDepth (256)'],
    ['braces without end', '{"a":'.repeat(100_000), 'line 1, column 1272: nesting exceeded maxDepth (256)'],
  ] // biome-ignore format: one row a line
  it.each(rows)('of %s', (_, source, fault) => {
    expect(refusal(() => parseDocument(source))).toEqual([fault])
  })

  it('with the name of the document', () => {
    expect(() => parseDocument('', 'shop.yaml')).toThrow('shop.yaml cannot be read:\n  - it is empty')
    expect(() => parseDocument('')).toThrow('The document cannot be read:\n  - it is empty')
  })
})

describe('aliases', () => {
  /** Each line stands for ten of the line before it. */
  const bomb = (count: number) => lines('a0: &a0 [x]', ...Array.from({ length: count }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`)) // biome-ignore format: one call
  const unfolded = ['its aliases unfold to more than 10000000 values']
  it.each([
    ['of one another', bomb(8), unfolded],
    ['of one another, many times more than any memory', bomb(100), unfolded],
    [
      'of a long text',
      lines(`a: &a "${'x'.repeat(1_000_000)}"`, `b: [${Array(400).fill('*a').join(', ')}]`),
      unfolded,
    ],
    ['of themselves', lines('a: &a', '  b: *a'), unfolded],
    ['of themselves in a list', 'a: &a [*a, *a]', unfolded],
    ['of one another that are few', bomb(4), []],
  ])('%s are counted as they are read', (_, source, fault) => {
    expect(refusal(() => parseDocument(source))).toEqual(fault)
  })
})
