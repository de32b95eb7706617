/** What public documents taught, one small document a lesson: what becomes of it, and what goes out for a call. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Derived, derive } from '../../src/connector/derive.ts'
import type { ListedTool } from '../../src/doctor/finding.ts'
import { lint } from '../../src/doctor/lint.ts'
import { parseDocument } from '../../src/document/parse.ts'
import { StartError } from '../../src/errors.ts'
import type { Json, Schema } from '../../src/json.ts'
import { definitions } from '../../src/mcp/view.ts'
import { plan } from '../../src/tools/plan.ts'
import type { Tool } from '../../src/tools/tool.ts'

const folder = join(import.meta.dirname, '../documents')
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
const compiled = new Map<string, Derived>()

function compile(lesson: string): Derived {
  const found = compiled.get(lesson) ?? derive(parseDocument(read(lesson), lesson))
  compiled.set(lesson, found)
  return found
}

const read = (lesson: string) => readFileSync(join(folder, `${lesson}.yaml`), 'utf8')

function toolOf(lesson: string, operation: string): Tool {
  const tool = compile(lesson).catalog.tools.find((each) => each.operation === `GET ${operation}`)
  if (!tool) throw new Error(`${lesson} has no tool for GET ${operation}`)
  return tool
}

/** The argument that is sent as, say, `query page[size]`, whatever it is called. */
function argumentOf(tool: Tool, wire: string): string {
  const found = tool.parameters.find((each) => `${each.in} ${each.name}` === wire)
  if (!found) throw new Error(`${tool.operation} has no ${wire}`)
  return found.argument
}

function sent(lesson: string, operation: string, values: Record<string, Json>) {
  const tool = toolOf(lesson, operation)
  const args = Object.entries(values).map(([wire, value]) => [argumentOf(tool, wire), value])
  const planned = plan(tool, Object.fromEntries(args))
  return planned.ok ? planned.plan : planned.problem
}

describe('a call goes out', () => {
  // biome-ignore format: a call a line
  const rows: [lesson: string, operation: string, values: Record<string, Json>, target: string][] = [
    ['swagger-2', '/boats', { 'query csv': ['a', 'b'], 'query ssv': ['a', 'b'], 'query pipes': [1, 2] }, '/boats?csv=a,b&ssv=a%20b&pipes=1%7C2'],
    ['swagger-2', '/boats', { 'query multi': ['a', 'b'], 'query plain': ['a', 'b'] }, '/boats?multi=a&multi=b&plain=a,b'],
    ['argument-names', '/boats', { 'query $filter': 'a', 'query page[size]': 5, 'query since[][gt]': 'b' }, '/boats?%24filter=a&page%5Bsize%5D=5&since%5B%5D%5Bgt%5D=b'],
    ['argument-names', '/boats', { 'query ids[]': [1, 2], 'query built': 'a', 'query built<': 'b', 'query built>': 'c' }, '/boats?ids%5B%5D=1&ids%5B%5D=2&built=a&built%3C=b&built%3E=c'],
    ['argument-names', '/boats', { 'query home port': 'a', 'query länge': 1, 'query {field}': 'b' }, '/boats?home%20port=a&l%C3%A4nge=1&%7Bfield%7D=b'],
    ['argument-names', '/boats', { 'query owner:id': 'a', 'query owner_id': 'b', 'query owner__id': 'c' }, '/boats?owner%3Aid=a&owner_id=b&owner__id=c'],
    ['one-name-twice', '/boats/{id}/logs', { 'path id': 7, 'query id': '8', 'query sort': 'a' }, '/boats/7/logs?id=8&sort=a'],
    ['path-fragments', '/boats/{id}#crew', { 'path id': 'a', 'query include': 'crew' }, '/boats/a?include=crew'],
    ['path-fragments', '/#Action=ListPorts', { 'query Action': 'ListPorts' }, '/?Action=ListPorts'],
    ['path-queries', '/rest?method=boats.list', { 'query page': 2 }, '/rest?method=boats.list&page=2'],
    ['path-queries', '/rest?method=boats.get&id={id}', { 'path id': 'a&b' }, '/rest?method=boats.get&id=a%26b'],
    ['path-templates', '/boats/{id}.json', { 'path id': 'a/b' }, '/boats/a%2Fb.json'],
    ['path-templates', '/boats/page-{id}', { 'path id': '2' }, '/boats/page-2'],
    ['path-templates', "/boats('{id}')/crew", { 'path id': "o'neil" }, "/boats('o%27neil')/crew"],
    ['path-templates', '/range/{id}...{to}', { 'path id': 'v1', 'path to': 'v2' }, '/range/v1...v2'],
    ['path-templates', '/twice/{id}/of/{id}', { 'path id': 'a' }, '/twice/a/of/a'],
    ['path-templates', '/ports/', {}, '/ports/'],
    ['path-templates', '//ports', {}, '//ports'],
    ['path-templates', '/', {}, '/'],
    ['path-undeclared', '/boats/{id}/crew/{member}', { 'path id': 1, 'path member': 'a' }, '/boats/1/crew/a'],
    ['path-undeclared', '/ports', {}, '/ports'],
    ['references-anywhere', '/docks', { 'query page': 2 }, '/docks?page=2'],
    ['recursion', '/boats', { 'query where': { and: [{ field: 'a' }] } }, '/boats?where=%7B%22and%22%3A%5B%7B%22field%22%3A%22a%22%7D%5D%7D'],
    ['recursion', '/boats', { 'query tree': { left: { name: 'a' } } }, '/boats?tree%5Bleft%5D%5Bname%5D=a'],
    ['composition', '/boats', { 'query tags': ['a', 'b'], 'query drive': { kind: 'sail' } }, '/boats?tags=a&tags=b&drive%5Bkind%5D=sail'],
    ['content', '/boats/{box}', { 'path box': [1, 2] }, '/boats/%5B1%2C2%5D'],
    ['styles', '/query', { 'query form': ['a', 'b'], 'query csv': ['a', 'b'], 'query pipe': ['a', 'b'], 'query space': ['a', 'b'] }, '/query?form=a&form=b&csv=a,b&pipe=a%7Cb&space=a%20b'],
    ['styles', '/query', { 'query deep': { x: 1, y: 2 }, 'query scalar': 3 }, '/query?deep%5Bx%5D=1&deep%5By%5D=2&scalar=3'],
    ['styles', '/path/{simple}/{label}/{matrix}/{deep}', { 'path simple': ['a', 'b'], 'path label': ['a', 'b'], 'path matrix': ['a', 'b'], 'path deep': 'c' }, '/path/a,b/.a.b/;matrix=a,b/c'],
    ['request-body', '/may', {}, '/may'],
  ]
  it.each(rows)('%s %s %j', (lesson, operation, values, target) => {
    expect(sent(lesson, operation, values)).toMatchObject({ target })
  })

  it('with cookies and headers in their places', () => {
    expect(sent('cookies', '/boats', { 'cookie view': 'a b', 'cookie theme': 2 })).toMatchObject({
      target: '/boats',
      headers: { cookie: 'view=a%20b; theme=2' },
    })
    expect(sent('one-name-twice', '/boats/{id}/logs', { 'path id': 1, 'header id': 'x' })).toMatchObject({
      headers: { id: 'x' },
    })
  })

  it('to the path of its own server, on the same host', () => {
    expect(sent('servers-by-operation', '/ports', {})).toMatchObject({ target: '/v2/ports', atOrigin: true })
    expect(sent('servers-by-operation', '/tides', {})).toMatchObject({ target: '/v3/tides', atOrigin: true })
    expect(sent('servers-by-operation', '/boats', {})).not.toHaveProperty('atOrigin')
  })
})

describe('an argument becomes', () => {
  // biome-ignore format: an argument a line
  const rows: [lesson: string, operation: string, wire: string, schema: Schema][] = [
    ['swagger-2', '/boats', 'query page', { type: 'integer', minimum: 1, default: 1 }],
    ['swagger-2', '/boats', 'query pipes', { type: 'array', items: { type: 'integer' } }],
    ['one-name-twice', '/boats/{id}/logs', 'path id', { type: 'integer', description: 'The boat.' }],
    ['one-name-twice', '/boats/{id}/logs', 'query limit', { type: 'integer', maximum: 50, description: 'From the operation (at most 50).' }],
    ['references-anywhere', '/ports', 'query page', { type: 'integer', minimum: 1, description: 'The page of ports (at least 1).' }],
    ['references-anywhere', '/ports', 'query state', { type: 'string', enum: ['open', 'shut'], default: 'open' }],
    ['references-anywhere', '/ports', 'query size', { type: 'integer', minimum: 1 }],
    ['references-dangling', '/schema', 'query state', { type: 'string', description: 'The state.' }],
    ['recursion', '/boats', 'query where', { type: 'object', properties: { field: { type: 'string' }, and: { type: 'array', items: { type: 'object' } }, not: { type: 'object' } } }],
    ['recursion', '/boats', 'query crew', { type: 'object', properties: { name: { type: 'string' }, captain: { type: 'object' }, mate: { type: 'object' } } }],
    ['recursion', '/boats', 'query fleet', { type: 'object', properties: { lead: { type: 'object', properties: { boat: { type: 'string' } } } } }],
    ['recursion', '/boats', 'query page', { type: 'integer' }],
    ['composition', '/boats', 'query state', { type: 'string', enum: ['moored', 'at sea'], default: 'moored' }],
    ['composition', '/boats', 'query length', { type: 'integer' }],
    ['composition', '/boats', 'query not', { type: 'string' }],
    ['enums', '/boats', 'query state', { type: 'string', enum: ['moored'] }],
    ['enums', '/boats', 'query berth', { type: 'string', enum: ['1', '2'] }],
    ['enums', '/boats', 'query rig', { type: 'array', items: { type: 'string', enum: ['sloop', 'ketch'] } }],
    ['enums', '/boats', 'query only', { type: 'string', enum: ['asc', 'desc'] }],
    ['types', '/boats', 'query count', { type: 'integer' }],
    ['types', '/boats', 'query since', { type: 'string' }],
    ['types', '/boats', 'query price', { type: 'number' }],
    ['types', '/boats', 'query text', { type: 'string' }],
    ['types', '/boats', 'query maybe', { type: 'string' }],
    ['types', '/boats', 'query untyped', { type: 'string', description: 'Anything.' }],
    ['types', '/boats', 'query empty', { type: 'string' }],
    ['types', '/boats', 'query anything', { type: 'string' }],
    ['types', '/boats', 'query list', { type: 'array', items: { type: 'string' } }],
    ['types', '/boats', 'query guessed', { type: 'array', items: { type: 'integer' } }],
    ['types', '/boats', 'query triple', { type: 'array', items: { type: 'integer' } }],
    ['types', '/boats', 'query bound', { type: 'number', exclusiveMinimum: 0 }],
    ['types', '/boats', 'query demand', { type: 'string' }],
    ['defaults', '/boats', 'query size', { type: 'integer', default: 20 }],
    ['defaults', '/boats', 'query year', { type: 'string', default: '2026' }],
    ['defaults', '/boats', 'query open', { type: 'boolean', default: false }],
    ['defaults', '/boats', 'query good', { type: 'integer', default: 1, description: 'The page (default 1).' }],
    ['patterns', '/boats', 'query plain', { type: 'string', pattern: String.raw`^[A-Z]{2}-\d+$` }],
    ['content', '/boats/{box}', 'query where', { type: 'object', properties: { state: { type: 'string' } } }],
    ['content', '/boats/{box}', 'query bare', { type: 'string' }],
    ['yaml-kinds', '/boats', 'query since', { type: 'string', format: 'date', default: '2026-01-31' }],
    ['yaml-kinds', '/boats', 'query land', { type: 'string', enum: ['NO', 'SE', 'yes', 'on'] }],
    ['yaml-kinds', '/boats', 'query page', { type: 'integer', minimum: 1 }],
  ]
  it.each(rows)('%s %s %s', (lesson, operation, wire, schema) => {
    const tool = toolOf(lesson, operation)
    expect(tool.inputSchema.properties[argumentOf(tool, wire)]).toMatchObject(schema)
  })

  it.each([
    ['defaults', 'query word', 'default'],
    ['defaults', 'query state', 'default'],
    ['defaults', 'query none', 'default'],
    ['enums', 'query none', 'enum'],
    ['enums', 'query nothing', 'enum'],
    ['patterns', 'query broken', 'pattern'],
    ['patterns', 'query inline', 'pattern'],
    ['types', 'query stray', 'items'],
    ['types', 'query stray', 'properties'],
    ['types', 'query bound', 'maximum'],
    ['composition', 'query not', 'not'],
  ])('%s %s has no %s', (lesson, wire, keyword) => {
    const tool = toolOf(lesson, '/boats')
    expect(tool.inputSchema.properties[argumentOf(tool, wire)]).not.toHaveProperty(keyword)
  })

  it.each([
    ['path-undeclared', '/optional/{id}', ['id']],
    ['path-undeclared', '/boats/{id}/crew/{member}', ['id', 'member']],
    ['yaml-kinds', '/boats', ['size']],
    ['cookies', '/boats', ['theme']],
  ])('%s %s requires %j', (lesson, operation, required) => {
    expect(toolOf(lesson, operation).inputSchema.required?.toSorted()).toEqual(required)
  })

  it('nothing, where the connector sends it by itself, or nobody could', () => {
    const offered = (lesson: string) => toolOf(lesson, '/boats').parameters.map(({ name }) => name)
    expect(offered('credentials')).toEqual(['X-Fleet', 'key'])
    expect(offered('argument-names')).not.toContain('')
    expect(toolOf('shapes', '/parameters-odd').parameters.map(({ name }) => name)).toEqual(['good'])
    expect(toolOf('content', '/boats/{box}').parameters.map(({ name }) => name)).not.toContain('note')
    expect(toolOf('path-undeclared', '/ports').parameters).toEqual([])
  })
})

describe('skipped', () => {
  it.each([
    ['swagger-2', '/boats/{id}/photo', /formData/],
    ['swagger-2', '/boats/search', /body/],
    ['references-dangling', '/dangling', /points nowhere/],
    ['references-dangling', '/remote', /outside the document/],
    ['references-dangling', '/file', /outside the document/],
    ['references-dangling', '/circle', /never ends/],
    ['content', '/required', /application\/xml/],
    ['request-body', '/must', /body/],
    ['servers-by-operation', '/photos', /files\.harbour\.example/],
    ['servers-by-operation', '/winds', /winds\.example/],
    ['path-oddities', '/../admin', /path/],
    ['shapes', '/string', /not an object/],
  ])('%s GET %s', (lesson, operation, reason) => {
    const { skipped } = compile(lesson)
    expect(skipped.find((each) => each.operation === `GET ${operation}`)?.reason).toMatch(reason)
  })

  it('and nothing else, where one spot is bad', () => {
    expect(compile('references-dangling').catalog.tools.map(({ operation }) => operation)).toEqual([
      'GET /boats',
      'GET /schema',
    ])
  })
})

describe('the API is at', () => {
  it.each([
    ['swagger-2', 'https://api.harbour.example/v1'],
    ['servers-variables', 'https://north.harbour.example:8443/v2'],
    ['servers-by-operation', 'https://api.harbour.example/v1'],
    ['servers-no-default', ''],
    ['servers-none', ''],
    ['servers-relative', ''],
  ])('%s: %s', (lesson, server) => {
    expect(compile(lesson).catalog.server).toBe(server)
  })

  it('the place of the document, where it says so', () => {
    const document = parseDocument(read('servers-relative'), 'servers-relative')
    const { catalog } = derive(document, { location: 'https://api.harbour.example/docs/openapi.yaml' })
    expect(catalog.server).toBe('https://api.harbour.example/api/v3')
  })
})

describe('names', () => {
  const named = (lesson: string) => definitions(compile(lesson).catalog.tools, true).map((each) => (each as ListedTool).name)

  it.each([
    ['operation-ids', 12],
    ['duplicate-ids', 3],
  ])('of %s are %i, each another once folded, short, and of plain letters', (lesson, count) => {
    const names = named(lesson)
    expect(new Set(names.map((name) => name.toLowerCase().replaceAll('-', '_'))).size).toBe(count)
    for (const name of names) expect(name).toMatch(/^[a-zA-Z][a-zA-Z0-9_]{2,39}$/)
  })

  it('do not hang on what stands beside them', () => {
    const document = parseDocument(read('operation-ids'), 'operation-ids')
    const { '/k': _, ...paths } = document.paths as Record<string, Json>
    const fewer = derive({ ...document, paths }).catalog.tools
    const kept = fewer.filter(({ name }) => compile('operation-ids').catalog.tools.some((tool) => tool.name === name))
    expect(kept.length).toBeGreaterThanOrEqual(fewer.length - 2)
  })
}) // biome-ignore format: as read

describe('words', () => {
  it('hold no markup and nothing invisible', () => {
    expect(toolOf('words', '/html').description).not.toMatch(/[<>]|&amp;/)
    expect(toolOf('words', '/html').description).toContain('boats & ships')
    expect(toolOf('words', '/invisible').description).not.toMatch(/[\u0000-\u001f\u200b\u202e]/)
  })

  it('are made where the document has none, or something else', () => {
    expect(toolOf('words', '/boats/{id}/crew').description).toMatch(/crew/i)
    expect(toolOf('words', '/wrong').description).toMatch(/wrong/i)
    expect(toolOf('shapes', '/deprecated').description).toMatch(/deprecated/i)
  })
})

describe('every document', () => {
  const taken = (file: string) => {
    const { catalog, skipped, operations } = compile(file.replace('.yaml', ''))
    expect(catalog.tools.length + skipped.length).toBeGreaterThanOrEqual(operations)
    const tools = definitions(catalog.tools, true) as ListedTool[]
    const findings = lint(tools, { server: 'lectern', countTokens: (text) => text.length / 3 })
    expect(findings.filter(({ severity }) => severity === 'refusal')).toEqual([])
  }
  it.each(files)('%s: each GET is a tool or skipped, and each tool is taken by every client', taken)

  it('is the same each time', () => {
    for (const file of files) {
      const again = derive(parseDocument(read(file.replace('.yaml', '')), file))
      expect(again).toEqual(compile(file.replace('.yaml', '')))
    }
  })
})

describe('six hundred parameters', () => {
  const wide = (required: number) => ({
    ...{ openapi: '3.0.3', info: { title: 'Harbour', version: '1' }, servers: [{ url: 'https://api.harbour.example' }] },
    paths: { '/boats': { get: { operationId: 'listBoats', summary: 'Boats.', responses: {}, parameters: parameters(required) } } },
  }) // biome-ignore format: a document
  const parameters = (required: number) =>
    Array.from({ length: 600 }, (_, at) => ({
      ...{ name: `p${at}`, in: 'query', required: at >= 600 - required, description: 'One of many. '.repeat(9) },
      schema: { type: 'string', enum: Array.from({ length: 40 }, (_, each) => `value ${each}`) },
    })) // biome-ignore format: a document

  it('stay below what ChatGPT takes; the required ones stay, and what was left out is said', () => {
    const { catalog, notes } = derive(wide(3))
    const [tool] = catalog.tools
    const { name, description, inputSchema } = tool!
    expect(JSON.stringify({ name, description, inputSchema }).length).toBeLessThan(15_000)
    expect(inputSchema.required).toEqual(['p597', 'p598', 'p599'])
    expect(Object.keys(inputSchema.properties)).toEqual(expect.arrayContaining(['p0', 'p597', 'p599']))
    expect(Object.keys(inputSchema.properties).length).toBe(
      tool!.parameters.length + Object.keys(tool!.answering!.asks).length,
    )
    expect(notes.join()).toMatch(/left out/)
  })
})

describe('a document that cannot be read', () => {
  it.each<[string, string, RegExp]>([
    ['JSON that breaks off', '{"openapi":"3.0.3",\n  "paths": {', /line \d+, column \d+/],
    ['YAML that breaks', 'openapi: 3.0.3\npaths:\n  /a: [\n', /line \d+, column \d+/],
    ['a key twice', 'openapi: 3.0.3\npaths: {}\npaths: {}\n', /line 3/],
    ['a tab for a space', 'openapi: 3.0.3\npaths:\n\t/a: {}\n', /line 3/],
    ['a page of HTML', '<!doctype html><html></html>', /HTML/],
    ['nothing', ' \n', /empty/],
    ['a list', '[1]', /not an object/],
    ['a few lines that stand for more than any memory holds', bomb(), /alias/],
  ])('%s', (_, text, told) => {
    const faults = () => {
      try {
        return parseDocument(text, 'harbour.yaml')
      } catch (error) {
        if (!(error instanceof StartError)) throw error
        return [error.message, ...error.faults].join('; ')
      }
    }
    expect(faults()).toMatch(told)
    expect(faults()).toMatch(/harbour\.yaml/)
  })
})

function bomb(): string {
  const lines = Array.from(
    { length: 12 },
    (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(', ')}]`,
  )
  return ['openapi: 3.0.3', 'a0: &a0 [x]', ...lines].join('\n')
}
