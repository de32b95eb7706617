/** Parameters as four versions write them: merged, with the defaults of their style, and what cannot be used is left out or told. */
import { describe, expect, it } from 'vitest'
import type { DocumentParameter } from '../../src/document/parameters.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { documentOf, inPath, oneGet, operationOf, query, sent, swaggerOf, toolOf } from '../documents.ts'

const parametersOf = (parameters: Json, more: JsonObject = {}) =>
  operationOf(oneGet({ parameters }, more)).parameters
/** Of a GET of Swagger 2.0. */
const oldOf = (parameter: JsonObject) =>
  operationOf(swaggerOf({ '/things': { get: { parameters: [parameter] } } }))
const brief = ({ in: place, name }: DocumentParameter) => `${place} ${name}`

describe('parameters of path and operation', () => {
  const rows: [string, Json, Json, string[]][] = [
    ['are together', [query('a')], [query('b')], ['query a false', 'query b false']],
    ['are overridden by place and name', [query('a')], [query('a', { required: true })], ['query a true']],
    ['are apart in other places', [query('a')], [{ name: 'a', in: 'header', required: true }], ['query a false', 'header a true']],
    ['are apart by other letters', [query('a')], [query('A', { required: true })], ['query a false', 'query A true']],
    ['may stand twice in one list, of which the last counts', [query('a'), query('a', { required: true })], [], ['query a true']],
    ['may be no list', query('a'), 'a', []],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, parameters, own, expected) => {
    const { parameters: merged } = operationOf(
      documentOf({ '/things': { parameters, get: { parameters: own } } }),
    )
    expect(merged.map((each) => `${brief(each)} ${each.required}`)).toEqual(expected)
  })
})

describe('a parameter', () => {
  const whole = { description: undefined, deprecated: false, allowReserved: false, allowEmptyValue: false, schema: undefined, example: undefined, content: undefined } // biome-ignore format: one parameter
  it('has every member, whatever the document says', () => {
    expect(parametersOf([query('a')])).toEqual([{ ...whole, name: 'a', in: 'query', required: false, style: 'form', explode: true }]) // biome-ignore format: one call
    const given = { description: 'Words.', deprecated: true, allowReserved: true, allowEmptyValue: true, required: true, style: 'pipeDelimited', explode: true, schema: { type: 'string' }, example: 5 } // biome-ignore format: one parameter
    expect(parametersOf([query('a', given)])).toEqual([{ ...whole, name: 'a', in: 'query', ...given }])
    const wrong = { description: 5, deprecated: 'yes', allowReserved: 1, allowEmptyValue: 'true', required: 'true', style: 5, explode: 'false' } // biome-ignore format: one parameter
    expect(parametersOf([query('a', wrong)])).toEqual(parametersOf([query('a')]))
  })

  it.each([
    ['path', undefined, 'simple', false],
    ['query', undefined, 'form', true],
    ['header', undefined, 'simple', false],
    ['cookie', undefined, 'form', true],
    ['querystring', undefined, 'form', true],
    ['path', 'label', 'label', false],
    ['path', 'matrix', 'matrix', false],
    ['query', 'spaceDelimited', 'spaceDelimited', false],
    ['query', 'pipeDelimited', 'pipeDelimited', false],
    ['query', 'deepObject', 'deepObject', false],
    ['cookie', 'cookie', 'cookie', true],
    ['query', 'simple', 'form', true, 'x: style simple does not exist in query'],
    ['query', 'Form', 'form', true, 'x: style Form does not exist in query'],
    ['header', 'form', 'simple', false, 'x: style form does not exist in header'],
    ['path', 'form', 'simple', false, 'x: style form does not exist in path'],
    ['cookie', 'deepObject', 'form', true, 'x: style deepObject does not exist in cookie'],
    ['query', '', 'form', true, 'x: style  does not exist in query'],
  ])('in %s with style %s has style %s, exploded: %s', (place, style, expected, explode, ...notes) => {
    const parameter = { name: 'x', in: place, ...(style !== undefined && { style }) }
    const operation = operationOf(oneGet({ parameters: [parameter] }, {}, place === 'path' ? '/{x}' : '/things'))
    expect(operation.parameters[0]).toMatchObject({ style: expected, explode })
    expect(operation.repairs).toEqual(notes.map((message) => ({ parameter: 'x', message })))
    const stated = { ...parameter, explode: !explode }
    expect(parametersOf([stated]).concat(operationOf(oneGet({ parameters: [stated] }, {}, '/{x}')).parameters)).toContainEqual(expect.objectContaining({ explode: !explode })) // biome-ignore format: one call
  }) // biome-ignore format: one row a line

  it.each([
    ['JSON', { content: { 'application/json': { schema: { type: 'integer' } } } }, 'application/json', { type: 'integer' }],
    ['the first of several', { content: { 'text/plain': {}, 'application/json': {} } }, 'text/plain', undefined],
    ['one without a schema', { content: { 'application/json': {} }, schema: { type: 'integer' } }, 'application/json', undefined],
    ['one that is a reference', { content: { 'application/json': { $ref: '#/components/mediaTypes/M' } } }, 'application/json', { type: 'boolean' }],
    ['one that is none', { content: { 'application/json': null }, schema: { type: 'integer' } }, 'application/json', { type: 'integer' }],
    ['none', { content: {}, schema: { type: 'integer' } }, undefined, { type: 'integer' }],
    ['what is no object', { content: 'application/json', schema: { type: 'integer' } }, undefined, { type: 'integer' }],
  ] as [string, JsonObject, string | undefined, Json | undefined][])('with content of %s', (_, more, content, schema) => {
    const mediaTypes = { M: { schema: { type: 'boolean' } } }
    expect(parametersOf([query('a', more)], { components: { mediaTypes } })[0]).toMatchObject({ content, schema })
  }) // biome-ignore format: one row a line

  it.each([
    ['an example', { example: 'a' }, 'a'],
    ['the first of several', { examples: { one: { value: 'a' }, two: { value: 'b' } } }, 'a'],
    ['one of 3.2', { examples: { one: { dataValue: 'a', serializedValue: 'b' } } }, 'a'],
    ['one of the content', { content: { 'application/json': { example: 'a' } } }, 'a'],
    ['one of its own before the content’s', { example: 'a', content: { 'application/json': { example: 'b' } } }, 'a'],
    ['one of the schema', { schema: { type: 'string', example: 'a' } }, 'a'],
    ['the first of the schema’s', { schema: { type: 'string', examples: ['a', 'b'] } }, 'a'],
    ['one of a schema elsewhere', { schema: { $ref: '#/components/schemas/S' } }, undefined],
    ['a reference, which is not worth following', { examples: { one: { $ref: '#/components/examples/E' } } }, undefined],
    ['one that is none', { examples: { one: 'a' } }, undefined],
    ['several that are none', { examples: ['a'] }, undefined],
  ] as [string, JsonObject, Json | undefined][])('shows %s', (_, more, example) => {
    expect(parametersOf([query('a', more)])[0]!.example).toBe(example)
  }) // biome-ignore format: one row a line

  const components = { parameters: { A: query('a'), B: { $ref: '#/components/parameters/A' }, C: { $ref: '#/components/parameters/C' }, 'a/b~c': query('e'), '~1': query('f') } } // biome-ignore format: one document
  it.each([
    ['a reference', '#/components/parameters/A', ['query a'], undefined],
    ['a reference to one', '#/components/parameters/B', ['query a'], undefined],
    ['a reference to a name with a slash', '#/components/parameters/a~1b~0c', ['query e'], undefined],
    ['a reference to a name that looks escaped', '#/components/parameters/~01', ['query f'], undefined],
    ['a reference to itself', '#/components/parameters/C', [], '$ref #/components/parameters/C never ends'],
    ['a reference that points nowhere', '#/components/parameters/D', [], '$ref #/components/parameters/D points nowhere'],
    ['a reference to the web', 'https://a.example/p.json', [], '$ref https://a.example/p.json points outside the document'],
    ['a reference into a list', '#/paths/~1others/parameters/0', ['query o'], undefined],
  ] as [string, string, string[], string | undefined][])('may be %s', (_, $ref, names, fault) => {
    const document = documentOf({ '/things': { get: { parameters: [{ $ref }] } }, '/others': { parameters: [query('o')] } }, { components }) // biome-ignore format: one document
    const operation = operationOf(document)
    expect([operation.parameters.map(brief), operation.fault]).toEqual([names, fault])
  }) // biome-ignore format: one row a line

  it.each([
    ['no name', { in: 'query' }, 'a parameter without a name is in "query", where a GET has none, and is left out'],
    ['an empty name', { name: '', in: 'query' }, 'a parameter without a name is in "query", where a GET has none, and is left out'],
    ['a name that is none', { name: 5, in: 'query' }, 'a parameter without a name is in "query", where a GET has none, and is left out'],
    ['no place', { name: 'a' }, 'the parameter a is in no place, where a GET has none, and is left out'],
    ['a place that is none', { name: 'a', in: ['query'] }, 'the parameter a is in ["query"], where a GET has none, and is left out'],
    ['another place', { name: 'a', in: 'Query' }, 'the parameter a is in "Query", where a GET has none, and is left out'],
    ['nothing', {}, 'a parameter without a name is in no place, where a GET has none, and is left out'],
  ] as [string, JsonObject, string][])('with %s is left out, or costs the GET where it is required', (_, parameter, message) => {
    const { parameters, repairs } = operationOf(oneGet({ parameters: [parameter, query('b')] }))
    expect([parameters.map(brief), repairs]).toEqual([['query b'], [{ message }]])
    const { fault } = operationOf(oneGet({ parameters: [{ ...parameter, required: true }] }))
    expect(fault).toBe(message.replace('is left out', 'required'))
  }) // biome-ignore format: one row a line

  it('that only says that it is required is not', () => {
    const { fault } = operationOf(oneGet({ parameters: [{ name: 'a', in: 'body', required: 'true' }] }))
    expect(fault).toBeUndefined()
  })

  it.each([null, 5, 'a', [], true])('that is %j is left out', (parameter) => {
    const { parameters, repairs } = operationOf(oneGet({ parameters: [parameter] }))
    expect([parameters, repairs]).toEqual([[], [{ message: 'a parameter that is no object is left out' }]])
  })
})

describe('a parameter of Swagger 2.0', () => {
  const list = { type: 'array', items: { type: 'string' } }
  it.each([
    ['csv', 'form', false, '/things?a=x,y'],
    ['ssv', 'spaceDelimited', false, '/things?a=x%20y'],
    ['tsv', 'tabDelimited', false, '/things?a=x%09y'],
    ['pipes', 'pipeDelimited', false, '/things?a=x%7Cy'],
    ['multi', 'form', true, '/things?a=x&a=y'],
    [undefined, 'form', false, '/things?a=x,y'],
    ['CSV', 'form', false, '/things?a=x,y'],
    ['constructor', 'form', false, '/things?a=x,y'],
    ['__proto__', 'form', false, '/things?a=x,y'],
  ])('of collectionFormat %s has style %s, exploded: %s', (collectionFormat, style, explode, expected) => {
    const parameter = query('a', { ...list, ...(collectionFormat !== undefined && { collectionFormat }) })
    expect(oldOf(parameter).parameters[0]).toMatchObject({ style, explode })
    const tool = toolOf(swaggerOf({ '/things': { get: { parameters: [parameter] } } }))
    expect(sent(tool, { a: ['x', 'y'] })).toBe(expected)
  })

  it.each([
    ['path', 'csv', 'simple', false],
    ['path', 'multi', 'simple', true],
    ['path', 'pipes', 'simple', false, 'a: collectionFormat pipes cannot be sent in path'],
    ['header', 'tsv', 'simple', false, 'a: collectionFormat tsv cannot be sent in header'],
    ['query', 'CSV', 'form', false, 'a: collectionFormat CSV cannot be sent in query'],
  ])('in %s of collectionFormat %s has style %s, exploded: %s', (place, collectionFormat, style, explode, ...notes) => {
    const get = { parameters: [{ name: 'a', in: place, required: true, ...list, collectionFormat }] }
    const { parameters, repairs } = operationOf(swaggerOf({ [place === 'path' ? '/{a}' : '/things']: { get } }))
    expect(parameters[0]).toMatchObject({ style, explode })
    expect(repairs).toEqual(notes.map((message) => ({ parameter: 'a', message })))
  }) // biome-ignore format: one row a line

  it('has its schema beside it, and nothing else in it', () => {
    const schema = {
      type: 'array', format: 'int32', items: { type: 'integer' }, default: [1], enum: [1], minimum: 1, maximum: 2, exclusiveMinimum: true, exclusiveMaximum: true,
      multipleOf: 1, minLength: 1, maxLength: 2, pattern: 'a', minItems: 1, maxItems: 2, uniqueItems: true,
    } // biome-ignore format: one schema
    const parameter = query('a', { ...schema, required: true, description: 'Words.', collectionFormat: 'csv', 'x-a': 1, schema: { type: 'boolean' } }) // biome-ignore format: one parameter
    expect(oldOf(parameter).parameters[0]!.schema).toEqual(schema)
  })

  it('is sent as it says, end to end', () => {
    const get = { parameters: [inPath('id', { type: 'integer' }), query('kind', { type: 'string', enum: ['a', 'b'], default: 'a' }), query('since', { type: 'string', format: 'date' }), query('of', { type: 'array', items: { type: 'integer', maximum: 9 } })] } // biome-ignore format: one document
    const tool = toolOf(swaggerOf({ '/things/{id}': { get } }))
    expect(tool.inputSchema).toEqual({
      type: 'object',
      properties: {
        id: { type: 'integer' },
        kind: { type: 'string', enum: ['a', 'b'], default: 'a', description: 'Default "a".' },
        since: { type: 'string', format: 'date', description: 'YYYY-MM-DD.' },
        of: { type: 'array', items: { type: 'integer', maximum: 9 }, description: 'Each at most 9.' },
      },
      required: ['id'],
      additionalProperties: false,
    })
    expect(sent(tool, { id: 5, kind: 'b', since: '2026-01-02', of: [1, 2] })).toBe('/things/5?kind=b&since=2026-01-02&of=1,2') // biome-ignore format: one call
  })

  it.each([
    ['body', 'the parameter b is in "body", where a GET has none, and'],
    ['formData', 'the parameter b is in "formData", where a GET has none, and'],
  ])('in %s costs the GET only where it is required', (place, message) => {
    const { fault, repairs } = oldOf({ name: 'b', in: place, type: 'string' })
    expect([fault, repairs]).toEqual([undefined, [{ message: `${message} is left out` }]])
    expect(oldOf({ name: 'b', in: place, type: 'string', required: true }).fault).toBe(`${message} required`)
  })

  it('of today has no type beside it', () => {
    expect(parametersOf([query('a', { type: 'integer' })])[0]!.schema).toBeUndefined()
  })
})
