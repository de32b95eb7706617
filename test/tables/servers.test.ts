/** Which version a document is of, and where it says that its API is, down to the URL that is asked. */
import { describe, expect, it } from 'vitest'
import { derive } from '../../src/connector/derive.ts'
import { openDocument, type Whereabouts } from '../../src/document/document.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { asked, documentOf, refusal, swaggerOf } from '../documents.ts'

const versionOf = (members: JsonObject) => openDocument(members).version

describe('a version', () => {
  it.each([
    ['3.0.0', { openapi: '3.0.0' }, '3.0'],
    ['3.0.4', { openapi: '3.0.4' }, '3.0'],
    ['3.0', { openapi: '3.0' }, '3.0'],
    ['3.0 as YAML has it', { openapi: 3 }, '3.0'],
    ['3.1.1', { openapi: '3.1.1' }, '3.1'],
    ['3.1 as YAML has it', { openapi: 3.1 }, '3.1'],
    ['a candidate', { openapi: '3.1.0-rc1' }, '3.1'],
    ['3.2.0', { openapi: '3.2.0' }, '3.2'],
    ['3.2 as YAML has it', { openapi: 3.2 }, '3.2'],
    ['2.0', { swagger: '2.0' }, '2.0'],
    ['2.0 as YAML has it', { swagger: 2 }, '2.0'],
    ['2.0 with a fix', { swagger: '2.0.1' }, '2.0'],
  ] as [string, JsonObject, string][])('%s', (_, members, version) => {
    expect(versionOf(members)).toBe(version)
  }) // biome-ignore format: one row a line

  it.each([
    ['1.2', { swagger: '1.2' }, 'its version is "1.2"; known are 2.0, 3.0, 3.1, 3.2'],
    ['one to come', { openapi: '3.3.0' }, 'its version is "3.3.0"; known are 2.0, 3.0, 3.1, 3.2'],
    ['ten', { openapi: '3.10' }, 'its version is "3.10"; known are 2.0, 3.0, 3.1, 3.2'],
    ['eleven', { openapi: '3.11.0' }, 'its version is "3.11.0"; known are 2.0, 3.0, 3.1, 3.2'],
    ['a number of others', { openapi: 4 }, 'its version is 4; known are 2.0, 3.0, 3.1, 3.2'],
    ['3 of Swagger', { swagger: '3.0' }, 'its version is "3.0"; known are 2.0, 3.0, 3.1, 3.2'],
    ['2 of OpenAPI', { openapi: '2.0' }, 'its version is "2.0"; known are 2.0, 3.0, 3.1, 3.2'],
    ['a word', { openapi: 'v3.1.0' }, 'its version is "v3.1.0"; known are 2.0, 3.0, 3.1, 3.2'],
    ['nothing', { openapi: '' }, 'its version is ""; known are 2.0, 3.0, 3.1, 3.2'],
    ['a list', { openapi: ['3.1.0'] }, 'its version is ["3.1.0"]; known are 2.0, 3.0, 3.1, 3.2'],
    ['none', { info: {} }, 'it has neither openapi nor swagger, which name its version'],
  ] as [string, JsonObject, string][])('is not %s', (_, members, message) => {
    expect(() => versionOf(members)).toThrow(message)
  }) // biome-ignore format: one row a line
})

const serverOf = (document: JsonObject, where: Whereabouts = {}) => openDocument(document, where).server
const AT = { location: 'https://docs.example/api/openapi.yaml' }

describe('the server', () => {
  const named = (url: Json, variables?: Json) => [{ url, ...(variables !== undefined && { variables }) }]
  it.each([
    ['one', named('https://a.example/v1'), {}, 'https://a.example/v1'],
    ['the first of two', [...named('https://a.example'), ...named('https://b.example')], {}, 'https://a.example/'],
    ['http', named('http://a.example:8080/v1'), {}, 'http://a.example:8080/v1'],
    ['capitals', named('HTTPS://A.Example/V1'), {}, 'https://a.example/V1'],
    ['space around it', named(' https://a.example/v1 '), {}, 'https://a.example/v1'],
    ['a port that goes without saying', named('https://a.example:443/v1'), {}, 'https://a.example/v1'],
    ['a relative path', named('/v1'), AT, 'https://docs.example/v1'],
    ['a path beside the document', named('v1'), AT, 'https://docs.example/api/v1'],
    ['a path above the document', named('../v1'), AT, 'https://docs.example/v1'],
    ['a relative path of a document from nowhere', named('/v1'), {}, undefined],
    ['another host by the document’s scheme', named('//a.example/v1'), AT, 'https://a.example/v1'],
    ['another host by a scheme that nobody knows', named('//a.example/v1'), {}, 'https://a.example/v1'],
    ['the first that could be asked', [...named('ws://a.example'), ...named('{base}/v1'), ...named('https://b.example')], {}, 'https://b.example/'],
    ['the first that is one', [null, 'https://a.example', {}, ...named(5), ...named('https://b.example')], {}, 'https://b.example/'],
    ['credentials', named('https://u:p@a.example'), {}, undefined],
    ['a password alone', named('https://:p@a.example'), {}, undefined],
    ['a query', named('https://a.example?x=1'), {}, undefined],
    ['an empty query', named('https://a.example/v1?'), {}, undefined],
    ['a fragment', named('https://a.example#x'), {}, undefined],
    ['an empty fragment', named('https://a.example/v1#'), {}, undefined],
    ['another scheme', named('ftp://a.example'), {}, undefined],
    ['a script', named('javascript:alert(1)'), AT, undefined],
    ['a file', named('file:///etc/passwd'), {}, undefined],
    ['no host', named('https://'), {}, undefined],
    ['no list', { url: 'https://a.example' }, {}, undefined],
    ['an empty list', [], {}, undefined],
    ['none', undefined, {}, undefined],
    ['a default', named('https://{region}.a.example', { region: { default: 'eu' } }), {}, 'https://eu.a.example/'],
    ['a default that is a number', named('https://a.example:{port}', { port: { default: 8443 } }), {}, 'https://a.example:8443/'],
    ['an empty default', named('https://a.example/{base}', { base: { default: '' } }), {}, 'https://a.example/'],
    ['a default before the first of its values', named('https://{region}.a.example', { region: { enum: ['us'], default: 'eu' } }), {}, 'https://eu.a.example/'],
    ['the first of its values', named('https://{region}.a.example', { region: { enum: ['us', 'eu'] } }), {}, 'https://us.a.example/'],
    ['several variables, and one twice', named('https://{a}.{b}.example/{a}', { a: { default: 'x' }, b: { default: 'y' } }), {}, 'https://x.y.example/x'],
    ['a variable that is the host', named('{host}/v1', { host: { default: 'https://a.example' } }), {}, 'https://a.example/v1'],
    ['a variable without a value', named('https://{region}.a.example', { region: {} }), {}, undefined],
    ['a variable that is none', named('https://{region}.a.example', { region: 'eu' }), {}, undefined],
    ['a variable with a value that is none', named('https://{region}.a.example', { region: { default: {} } }), {}, undefined],
    ['a variable that is not described', named('https://{region}.a.example'), {}, undefined],
    ['a variable that every object inherits', named('https://a.example/{constructor}', {}), {}, undefined],
    ['variables that are none', named('https://a.example/{x}', 'x'), {}, undefined],
    ['a default with another variable', named('https://a.example/{a}', { a: { default: '{b}' }, b: { default: 'x' } }), {}, undefined],
    ['an escaped brace', named('https://a.example/%7Bx'), {}, undefined],
  ] as [string, Json, Whereabouts, string | undefined][])('of %s', (_, servers, where, server) => {
    expect(serverOf(documentOf({}, { servers }), where)).toBe(server)
  }) // biome-ignore format: one row a line

  it.each([
    ['host and basePath', {}, {}, 'https://api.example.com/v1'],
    ['a host alone', { basePath: undefined }, {}, 'https://api.example.com/'],
    ['a basePath without a slash', { basePath: 'v1' }, {}, 'https://api.example.com/v1'],
    ['a basePath that is none', { basePath: 5 }, {}, 'https://api.example.com/'],
    ['a port', { host: 'api.example.com:8080' }, {}, 'https://api.example.com:8080/v1'],
    ['https, where both are', { schemes: ['http', 'https'] }, {}, 'https://api.example.com/v1'],
    ['http, where it is alone', { schemes: ['http'] }, {}, 'http://api.example.com/v1'],
    ['http, where the other is for sockets', { schemes: ['wss', 'http'] }, {}, 'http://api.example.com/v1'],
    ['https, where neither is', { schemes: ['wss'] }, {}, 'https://api.example.com/v1'],
    ['schemes that are none', { schemes: 'http' }, {}, 'https://api.example.com/v1'],
    ['no host', { host: undefined }, AT, 'https://docs.example/v1'],
    ['an empty host', { host: '' }, AT, 'https://docs.example/v1'],
    ['no host and no basePath', { host: undefined, basePath: undefined }, AT, 'https://docs.example/'],
    ['no host, of a document from nowhere', { host: undefined }, {}, undefined],
    ['a host that is none', { host: 5 }, {}, undefined],
    ['a host with a scheme', { host: 'http://api.example.com' }, {}, 'https://api.example.com/v1'],
    ['a host with a slash', { host: 'api.example.com/' }, {}, 'https://api.example.com/v1'],
    ['a host with a path', { host: 'api.example.com/shop' }, {}, 'https://api.example.com/shop/v1'],
    ['a host with credentials', { host: 'u:p@api.example.com' }, {}, undefined],
    ['a host with a query', { host: 'api.example.com?x=' }, {}, undefined],
    ['a host with a variable', { host: '{tenant}.example.com' }, {}, undefined],
    ['a host with a space', { host: 'api example com' }, {}, undefined],
    ['servers, which it has not', { host: undefined, basePath: undefined, servers: [{ url: 'https://a.example' }] }, {}, undefined],
  ] as [string, JsonObject, Whereabouts, string | undefined][])('of Swagger 2.0 with %s', (_, more, where, server) => {
    expect(serverOf(swaggerOf({}, more), where)).toBe(server)
  }) // biome-ignore format: one row a line

  it('of OpenAPI has no host', () => {
    expect(serverOf(documentOf({}, { servers: undefined as unknown as Json, host: 'api.example.com' }))).toBeUndefined()
  }) // biome-ignore format: one call
})

describe('what is asked', () => {
  const at = (url: string) => ({ servers: [{ url }] })
  const BASE = 'https://api.example.com/v1'
  /** The URL of a GET of `/things`, with servers on the document, on its path and on itself. */
  function urlOf(document: JsonObject, item: JsonObject, get: JsonObject, options: Whereabouts): string {
    const derived = derive(documentOf({ '/things': { ...item, get } }, document), options)
    return derived.skipped[0]?.reason ?? asked(derived)
  }

  it.each([
    ['the document’s', at(BASE), {}, {}, {}, `${BASE}/things`],
    ['the document’s with a slash', at(`${BASE}/`), {}, {}, {}, `${BASE}/things`],
    ['the document’s with several', at(`${BASE}//`), {}, {}, {}, `${BASE}/things`],
    ['the one that was chosen', at(BASE), {}, {}, { server: 'http://127.0.0.1:9/x' }, 'http://127.0.0.1:9/x/things'],
    ['the one that was chosen, where the document has none', { servers: [] }, {}, {}, { server: 'http://127.0.0.1:9/x' }, 'http://127.0.0.1:9/x/things'],
    ['one that counts from where the document is', at('/v2'), {}, {}, AT, 'https://docs.example/v2/things'],
    ['the path’s, inside the document’s', at(BASE), at(`${BASE}/beta`), {}, {}, `${BASE}/beta/things`],
    ['the operation’s, inside the document’s', at(BASE), {}, at(`${BASE}/beta/`), {}, `${BASE}/beta/things`],
    ['the operation’s before the path’s', at(BASE), at(`${BASE}/beta`), at(`${BASE}/alpha`), {}, `${BASE}/alpha/things`],
    ['the path’s, where the operation’s list is empty', at(BASE), at(`${BASE}/beta`), { servers: [] }, {}, `${BASE}/beta/things`],
    ['the document’s, where the operation says it again', at(BASE), {}, at(BASE), {}, `${BASE}/things`],
    ['one beside the document’s', at(BASE), {}, at('https://api.example.com/v2'), {}, 'https://api.example.com/v2/things'],
    ['one above the document’s', at(BASE), {}, at('https://api.example.com'), {}, 'https://api.example.com/things'],
    ['one whose name begins alike', at(BASE), {}, at('https://api.example.com/v10'), {}, 'https://api.example.com/v10/things'],
    ['one that counts from the document’s', at(BASE), {}, at('/v2'), {}, 'https://api.example.com/v2/things'],
    ['one of the other scheme, as the document’s', at(BASE), {}, at('http://api.example.com/v1/x'), {}, `${BASE}/x/things`],
    ['one with a variable', at(BASE), {}, { servers: [{ url: `${BASE}/{stage}`, variables: { stage: { default: 'beta' } } }] }, {}, `${BASE}/beta/things`],
    ['one inside the chosen one', at(BASE), {}, at('http://127.0.0.1:9/x/y'), { server: 'http://127.0.0.1:9/x' }, 'http://127.0.0.1:9/x/y/things'],
    ['one inside the document’s, on the chosen one', at(BASE), {}, at(`${BASE}/beta`), { server: 'http://127.0.0.1:9/x' }, 'http://127.0.0.1:9/x/beta/things'],
    ['one beside the document’s, on the chosen one', at(BASE), {}, at('https://api.example.com/v2'), { server: 'http://127.0.0.1:9/x' }, 'http://127.0.0.1:9/v2/things'],
    ['one that counts from the chosen one', at(BASE), {}, at('/v2'), { server: 'http://127.0.0.1:9/x' }, 'http://127.0.0.1:9/v2/things'],
    ['another host', at(BASE), {}, at('https://files.example.com'), {}, 'its own server https://files.example.com is another than https://api.example.com: give it a connector of its own'],
    ['another port', at(BASE), {}, at('https://api.example.com:8443'), {}, 'its own server https://api.example.com:8443 is another than https://api.example.com: give it a connector of its own'],
    ['another host than the chosen one', at(BASE), {}, at('https://files.example.com'), { server: 'http://127.0.0.1:9' }, 'its own server https://files.example.com is another than http://127.0.0.1:9: give it a connector of its own'],
    ['another host of the path', at(BASE), at('https://files.example.com/x'), {}, {}, 'its own server https://files.example.com is another than https://api.example.com: give it a connector of its own'],
    ['another scheme', at(BASE), {}, at('wss://api.example.com'), {}, 'its own server wss://api.example.com is no http(s) URL'],
    ['one with credentials', at(BASE), {}, at('https://u:p@api.example.com'), {}, 'its own server https://u:p@api.example.com is no http(s) URL'],
    ['one with a variable without a value', at(BASE), {}, at(`${BASE}/{stage}`), {}, `its own server ${BASE}/{stage} is no http(s) URL`],
  ] as [string, JsonObject, JsonObject, JsonObject, Whereabouts, string][])('is %s', (_, document, item, get, where, url) => {
    expect(urlOf(document, item, get, where)).toBe(url)
  }) // biome-ignore format: one row a line

  it.each([
    ['of a document without a server', 'https://api.example.com/v2', 'https://base.example/x/things'],
    ['that is relative', '/v2', 'https://base.example/x/v2/things'],
  ])('is on whatever base is given later, for a server %s', (_, url, expected) => {
    const derived = derive(documentOf({ '/things': { get: at(url) } }, { servers: [] }))
    expect([derived.catalog.server, asked(derived, 'https://base.example/x')]).toEqual(['', expected])
  })

  it('is the document’s, where servers on the way are none', () => {
    for (const servers of [null, 'https://b.example', {}, [null], [{}], [{ url: 5 }]] as Json[])
      expect(urlOf(at(BASE), { servers }, { servers }, {})).toBe(`${BASE}/things`)
  })

  it('of Swagger 2.0 is host, basePath and path', () => {
    expect(asked(derive(swaggerOf({ '/things': { get: {} } })))).toBe('https://api.example.com/v1/things')
  })

  it('is nothing at all of paths in a list', () => {
    expect(refusal(() => derive(documentOf([] as unknown as JsonObject)))).toEqual([
      '#/paths is not an object',
    ])
  })
})
