/** A document's paths and their GETs: what is sent, what is behind references, and what a bad spot costs, which is no other. */
import { describe, expect, it } from 'vitest'
import { openDocument } from '../../src/document/document.ts'
import type { Operation } from '../../src/document/operations.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import {
  documentOf,
  inPath,
  oneGet,
  operationOf,
  query,
  sent,
  swaggerOf,
  toolOf,
  withParameters,
} from '../documents.ts'

describe('a path', () => {
  const rows: [string, Json[], string, string][] = [
    ['/things/{id}', [inPath('id')], '/things/{id}', '/things/v'],
    ['/things/{a}-{b}', [inPath('a'), inPath('b')], '/things/{a}-{b}', '/things/v-v'],
    ['/things/{id}', [], '/things/{id}', '/things/v'],
    ['/things/{id}', [{ name: 'id', in: 'path' }], '/things/{id}', '/things/v'],
    ['/things/{id}', [query('id')], '/things/{id}', '/things/v'],
    ['/things', [inPath('id')], '/things', '/things'],
    ['/things/{ID}', [inPath('id')], '/things/{ID}', '/things/v'],
    ['/things/{a b}', [inPath('a b')], '/things/{a b}', '/things/v'],
    ['/{a}/{a}', [inPath('a')], '/{a}/{a}', '/v/v'],
    ['things', [], '/things', '/things'],
    ['', [], '/', '/'],
    ['/things#list', [], '/things', '/things'],
    ['/things?kind=a', [], '/things?kind=a', '/things?kind=a'],
    ['/things?kind={kind}', [inPath('kind')], '/things?kind={kind}', '/things?kind=v'],
    ['/things?kind=a#list', [query('of', { required: true })], '/things?kind=a', '/things?kind=a&of=v'],
    ['/things{?kind,of*}', [query('kind', { required: true })], '/things', '/things?kind=v'],
    ['/things{?kind}{&of}', [], '/things', '/things'],
    ['/things/{+id}', [inPath('id')], '/things/{id}', '/things/v'],
    ['/things/{id*}', [inPath('id')], '/things/{id}', '/things/v'],
    ['/things/{+id*}', [inPath('id')], '/things/{id}', '/things/v'],
    ['/things{/id}', [inPath('id')], '/things/{id}', '/things/v'],
    ['/things{/id*}', [inPath('id')], '/things/{id}', '/things/v'],
    ['/things{.kind}', [inPath('kind', { style: 'label' })], '/things{kind}', '/things.v'],
    ['/things{;kind*}', [inPath('kind', { style: 'matrix' })], '/things{kind}', '/things;kind=v'],
    ['/things{#part}', [], '/things', '/things'],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s with %j is sent as %s', (path, parameters, template, expected) => {
    const tool = withParameters(parameters, path)
    const given = Object.fromEntries(tool.inputSchema.required?.map((name) => [name, 'v']) ?? [])
    expect([tool.path, sent(tool, given)]).toEqual([template, expected])
  })

  it('without a value for its variable is not sent', () => {
    expect(sent(withParameters([], '/things/{id}'))).toBe('things.get was not called. id is required')
  })

  it('gets its missing variables first', () => {
    expect(Object.keys(withParameters([query('q')], '/{a}/{b}').inputSchema.properties)).toEqual([
      'a',
      'b',
      'q',
    ])
  })
})

describe('an operation', () => {
  const GET = { operationId: 'a' }
  const rows: [string, JsonObject, string[]][] = [
    ['of each method', { '/a': { get: {}, put: {}, post: {}, delete: {}, options: {}, head: {}, patch: {}, trace: {}, query: {} } }, ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']],
    ['of capital letters, which is none', { '/a': { GET: {} } }, []],
    ['on an extension, which is none', { 'x-a': { get: {} } }, []],
    ['that is null', { '/a': { get: null } }, ['get: get is not an object']],
    ['that is a list', { '/a': { get: [], post: 5 } }, ['get: get is not an object', 'post: post is not an object']],
    ['of a path that is null', { '/a': null }, ['get: the path item is not an object']],
    ['of a path that is text', { '/a': 'get' }, ['get: the path item is not an object']],
    ['behind a reference', { '/a': { $ref: '#/components/pathItems/A' } }, ['get', 'delete']],
    ['beside a reference', { '/a': { $ref: '#/components/pathItems/A', post: {} } }, ['get', 'post', 'delete']],
    ['behind a reference that points nowhere', { '/a': { $ref: '#/components/pathItems/B' } }, ['get: $ref #/components/pathItems/B points nowhere']],
    ['behind a reference to elsewhere', { '/a': { $ref: 'a.yaml' } }, ['get: $ref a.yaml points outside the document']],
    ['behind a reference to another path', { '/a': { $ref: '#/paths/~1b' }, '/b': { get: {} } }, ['get', 'get']],
    ['behind a circle', { '/a': { $ref: '#/paths/~1a' } }, ['get: $ref #/paths/~1a never ends']],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, paths, expected) => {
    const components = { pathItems: { A: { get: GET, delete: {} } } }
    const { operations } = openDocument(documentOf(paths, { components }))
    expect(operations.map(({ method, fault }) => (fault === undefined ? method : `${method}: ${fault}`))).toEqual(expected) // biome-ignore format: one call
  })

  it.each([
    ['its words before those of its path', { summary: 'a', description: 'b' }, { summary: 'c', description: 'd' }, { summary: 'a', description: 'b' }],
    ['the words of its path', {}, { summary: 'c', description: 'd' }, { summary: 'c', description: 'd' }],
    ['no words that are none', { summary: 5, description: {} }, { summary: [] }, { summary: undefined, description: undefined }],
    ['its tags that are text', { tags: ['a', 5, null, 'b'] }, { tags: ['c'] }, { tags: ['a', 'b'] }],
    ['no tags that are none', { tags: 'a' }, {}, { tags: [] }],
    ['an id that is text', { operationId: 'a' }, {}, { id: 'a' }],
    ['no id that is none', { operationId: 5 }, {}, { id: undefined }],
    ['what is deprecated', { deprecated: true }, {}, { deprecated: true }],
    ['what only says so', { deprecated: 'true' }, {}, { deprecated: false }],
  ] as [string, JsonObject, JsonObject, Partial<Operation>][])('has %s', (_, get, item, expected) => {
    expect(operationOf(documentOf({ '/a': { ...item, get } }))).toMatchObject(expected)
  }) // biome-ignore format: one row a line

  it('that is at fault keeps its words', () => {
    const get = { operationId: 'a', summary: 'A', requestBody: { required: true } }
    expect(operationOf(oneGet(get))).toMatchObject({ id: 'a', summary: 'A', path: '/things' })
  })

  it.each([
    ['that is required', { required: true }, 'it needs a request body, and a GET is sent without one'],
    ['that is not', { required: false }, undefined],
    ['that does not say', {}, undefined],
    ['that says so behind a reference', { $ref: '#/components/requestBodies/B' }, 'it needs a request body, and a GET is sent without one'],
    ['that is nowhere', { $ref: '#/none' }, '$ref #/none points nowhere'],
    ['that is none', null, undefined],
  ] as [string, Json, string | undefined][])('with a body %s', (_, requestBody, fault) => {
    const components = { requestBodies: { B: { required: true } } }
    expect(operationOf(oneGet({ requestBody }, { components })).fault).toBe(fault)
  }) // biome-ignore format: one row a line
})

describe('what an operation answers', () => {
  const content = (...types: string[]) => ({ content: Object.fromEntries(types.map((type) => [type, {}])) })
  it.each([
    ['its success', { 200: content('application/json'), 404: content('text/html') }, ['application/json']],
    ['every success, each type once', { 200: content('application/json', 'text/csv'), 206: content('text/csv', 'text/plain') }, ['application/json', 'text/csv', 'text/plain']],
    ['any success', { '2XX': content('a/b'), '2xx': content('c/d'), default: content('e/f') }, ['a/b', 'c/d']],
    ['no status that only looks like one', { 20: content('a/b'), 2000: content('a/b'), '2X0': content('a/b') }, []],
    ['in small letters', { 200: content('Application/JSON') }, ['application/json']],
    ['with a parameter', { 200: content('text/plain; charset=utf-8') }, ['text/plain; charset=utf-8']],
    ['any type', { 200: content('*/*', 'image/*') }, ['*/*', 'image/*']],
    ['no type that is none', { 200: content('json', 'a/b c', 'a/b\r\nX: y', 'a/b, c/d', `a/${'b'.repeat(81)}`, 'application/json') }, ['application/json']],
    ['a reference', { 200: { $ref: '#/components/responses/R' } }, ['a/b']],
    ['nothing, where a reference points nowhere', { 200: { $ref: '#/none' }, 201: content('c/d') }, ['c/d']],
    ['nothing without a body', { 204: { description: 'None.' } }, []],
    ['nothing that is none', 'OK', []],
  ] as [string, Json, string[]][])('is %s', (_, responses, produces) => {
    const components = { responses: { R: content('a/b') } }
    const operation = operationOf(oneGet({ responses }, { components }))
    expect([operation.fault, operation.produces]).toEqual([undefined, produces])
  }) // biome-ignore format: one row a line

  it.each([
    ['its own', { produces: ['text/csv'] }, { produces: ['a/b'] }, ['text/csv']],
    ['the document’s', {}, { produces: ['a/b', 'A/B', 5, 'none'] }, ['a/b']],
    ['none of its own', { produces: [] }, { produces: ['a/b'] }, []],
    ['nothing', {}, {}, []],
    ['nothing that is no list', { produces: 'a/b' }, {}, []],
  ] as [string, JsonObject, JsonObject, string[]][])('in Swagger 2.0 is %s', (_, get, more, produces) => {
    expect(operationOf(swaggerOf({ '/a': { get } }, more)).produces).toEqual(produces)
  }) // biome-ignore format: one row a line

  it('is asked for, and JSON before all', () => {
    const accept = (...types: string[]) => toolOf(oneGet({ responses: { 200: content(...types) } })).accept
    expect(accept('text/csv', 'application/json')).toBe('application/json, text/csv, */*;q=0.1')
    expect(accept()).toBe('application/json, */*;q=0.1')
  })
})
