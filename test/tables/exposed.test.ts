/** The document that is shown holds what is exposed and what that reaches, in the version that it was written in, and no more. */
import { describe, expect, it } from 'vitest'
import { derive } from '../../src/connector/derive.ts'
import type { JsonObject } from '../../src/json.ts'
import { documentOf, oneGet, swaggerOf } from '../documents.ts'

const shown = (document: JsonObject) => derive(document).catalog.openapi
const answer = ($ref: string) => ({ responses: { 200: { $ref } } })
const SECRET = { description: 'Secret' }

describe('of Swagger 2.0', () => {
  it.each([
    ['host, basePath and scheme', swaggerOf({ '/a': { get: {} } }), { schemes: ['https'], host: 'api.example.com', basePath: '/v1' }],
    ['those that are asked', swaggerOf({ '/a': { get: {} } }, { host: 'api.example.com:81', schemes: ['http'], basePath: '/' }), { schemes: ['http'], host: 'api.example.com:81', basePath: '/' }],
    ['nothing, where there are none', swaggerOf({ '/a': { get: {} } }, { host: '' }), { schemes: undefined, host: undefined, basePath: undefined }],
    ['what it produces', swaggerOf({ '/a': { get: {} } }, { produces: ['a/b'] }), { swagger: '2.0', produces: ['a/b'] }],
    ['what an answer reaches', swaggerOf({ '/a': { get: answer('#/responses/R') } }, { responses: { R: { schema: { $ref: '#/definitions/D' } }, S: SECRET }, definitions: { D: { type: 'string' }, E: SECRET } }), { responses: { R: { schema: { $ref: '#/definitions/D' } } }, definitions: { D: { type: 'string' } } }],
    ['how it is signed in to', swaggerOf({ '/a': { get: {} } }, { securityDefinitions: { a: { type: 'basic' } } }), { securityDefinitions: { a: { type: 'basic' } } }],
    ['no components of today', swaggerOf({ '/a': { get: answer('#/components/responses/R') } }, { components: { responses: { R: SECRET } } }), { components: undefined }],
  ] as [string, JsonObject, Record<string, unknown>][])('are shown %s', (_, document, expected) => {
    const openapi = shown(document)
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, openapi[key]]))).toEqual(expected)
    expect(JSON.stringify(openapi)).not.toContain('Secret')
  }) // biome-ignore format: one row a line
})

describe('of today', () => {
  const components = { responses: { R: { content: { 'a/b': { schema: { $ref: '#/components/schemas/S' } } } }, T: SECRET }, schemas: { S: { type: 'string' }, U: SECRET, constructor: {} } } // biome-ignore format: one document
  it.each([
    ['what an answer reaches', answer('#/components/responses/R'), { responses: { R: components.responses.R }, schemas: { S: components.schemas.S } }],
    ['what a name that every object inherits names', { parameters: [{ name: 'q', in: 'query', schema: { $ref: '#/components/schemas/constructor' } }] }, { schemas: { constructor: {} } }],
    ['nothing that is nowhere', answer('#/components/responses/None'), {}],
    ['nothing of Swagger', answer('#/responses/T'), {}],
  ] as [string, JsonObject, JsonObject][])('is shown %s', (_, get, expected) => {
    expect(shown(oneGet(get, { components, responses: { T: SECRET } })).components).toEqual(expected)
  }) // biome-ignore format: one row a line

  it('are shown the members of the root that are for everyone', () => {
    const everyone = { jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base', security: [{ key: [] }], externalDocs: { url: 'https://a.example' } } // biome-ignore format: one document
    const others = { 'x-owner': SECRET, webhooks: { a: { get: SECRET } }, info: { title: 'T', version: '1', 'x-a': SECRET } } // biome-ignore format: one document
    const openapi = shown(oneGet({ 'x-b': SECRET }, { ...everyone, ...others }))
    expect(openapi).toMatchObject({
      openapi: '3.1.0',
      ...everyone,
      servers: [{ url: 'https://api.example.com/v1' }],
    })
    expect(JSON.stringify(openapi)).not.toContain('Secret')
  })

  it('are shown the tags that are used', () => {
    const tags = [{ name: 'a' }, { name: 'b', ...SECRET }, 'a', null]
    expect(shown(oneGet({ tags: ['a'] }, { tags })).tags).toEqual([{ name: 'a' }])
  })

  it('stands what is referred to in another operation in its place', () => {
    const parameter = { name: 'q', in: 'query', schema: { type: 'integer' } }
    const document = documentOf({ '/a': { get: { parameters: [{ $ref: '#/paths/~1b/post/parameters/0' }] } }, '/b': { post: { parameters: [parameter], ...SECRET } } }) // biome-ignore format: one document
    expect(shown(document).paths).toEqual({ '/a': { get: { parameters: [parameter] } } })
  })

  it('is shown nothing of a GET that is no tool', () => {
    const document = documentOf({
      '/a': { get: {} },
      '/b': { get: { requestBody: { required: true }, ...SECRET } },
    })
    expect(shown(document).paths).toEqual({ '/a': { get: {} } })
  })
})
