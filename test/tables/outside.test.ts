/** Which reference of a document leads to another file: the first that its GETs need, and none that is data or of another method. */
import { describe, expect, it } from 'vitest'
import { firstOutside } from '../../src/document/outside.ts'
import type { JsonObject } from '../../src/json.ts'

const answer = (schema: object) => ({
  responses: { default: { content: { 'application/json': { schema } } } },
})
const get = (operation: object, rest: object = {}) =>
  ({ paths: { '/a': { get: operation } }, ...rest }) as JsonObject
const deep = (levels: number, end: object): object =>
  Array.from({ length: levels }).reduce((inner: object) => ({ items: inner }), end)

describe('the first reference to another file', () => {
  // biome-ignore format: a document a line
  it.each<[string, JsonObject, string | undefined]>([
    ['no document', {}, undefined],
    ['one file', get(answer({ $ref: '#/components/schemas/A' }), { components: { schemas: { A: { type: 'string' } } } }), undefined],
    ['all paths elsewhere', { paths: { $ref: './paths.yaml' } }, './paths.yaml'],
    ['a path elsewhere', { paths: { '/a': { $ref: 'paths/a.yaml' } } }, 'paths/a.yaml'],
    ['a path behind a part of this document', { paths: { '/a': { $ref: '#/x/a' } }, x: { a: { $ref: 'a.yaml' } } }, 'a.yaml'],
    ['the paths behind a part of this document', { paths: { $ref: '#/x' }, x: { '/a': { get: { $ref: 'a.yaml' } } } }, 'a.yaml'],
    ['an operation elsewhere', get({ $ref: 'a.yaml#/get' }), 'a.yaml#/get'],
    ['a parameter of the path', { paths: { '/a': { parameters: [{ $ref: 'https://a.example/p.json' }], get: {} } } }, 'https://a.example/p.json'],
    ['an answer', get(answer({ $ref: './schemas.yaml#/B' })), './schemas.yaml#/B'],
    ['behind references here', get(answer({ $ref: '#/components/schemas/A' }), { components: { schemas: { A: { properties: { b: { $ref: '#/components/schemas/B' } } }, B: { $ref: 'b.json' } } } }), 'b.json'],
    ['in the order of the document', { paths: { '/a': { get: { parameters: [{ schema: deep(50, { $ref: '1.json' }) }], ...answer({ $ref: '2.json' }) } }, '/b': { $ref: '3.json' } } } as JsonObject, '1.json'],
    ['a property that is called example', get(answer({ properties: { example: { $ref: 'e.json' }, enum: { $ref: 'f.json' } } })), 'e.json'],
    ['a property that is called $ref', get(answer({ properties: { $ref: { type: 'string' } } })), undefined],
    ['an example', get({ ...answer({ example: { $ref: 'e.json' }, enum: [{ $ref: 'e.json' }], 'x-a': { $ref: 'e.json' } }) }), undefined],
    ['a default', get({ parameters: [{ schema: { default: { $ref: 'e.json' } } }] }), undefined],
    ['a property and a header that are called default', get({ responses: { 200: { headers: { default: { $ref: 'h.json' } }, content: {} } } }), 'h.json'],
    ['another method', { paths: { '/a': { post: { requestBody: { $ref: 'b.json' } }, get: {} } } }, undefined],
    ['what no GET needs', get({}, { components: { schemas: { A: { $ref: 'a.json' } } } }), undefined],
    ['a place here that is not there', get({ $ref: '#/nowhere' }), undefined],
    ['an anchor', get(answer({ $ref: '#Id' })), undefined],
    ['a circle', get(answer({ $ref: '#/a' }), { a: { $ref: '#/b' }, b: { $ref: '#/a' } }), undefined],
  ])('%s', (_, document, expected) => {
    expect(firstOutside(document)).toBe(expected)
  })

  it('is found in a long list and below many levels', () => {
    const many = Array.from({ length: 300_000 }, (_, at) => ({ const: at }))
    expect(firstOutside(get(answer({ anyOf: [...many, { $ref: 'last.json' }] })))).toBe('last.json')
    expect(firstOutside(get(answer(deep(100_000, { $ref: 'deepest.json' }))))).toBe('deepest.json')
  })
})
