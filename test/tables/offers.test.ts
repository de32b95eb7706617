/** What a declaration says of resources, prompts and headers is held against its tools; every fault is named at the start. */
import { describe, expect, it } from 'vitest'
import { compile } from '../../src/connector/compile.ts'
import type { Declaration, PromptDeclaration, ToolDeclaration } from '../../src/connector/declaration.ts'
import { StartError } from '../../src/errors.ts'
import type { JsonObject, Schema } from '../../src/json.ts'
import { strayParameter } from '../../src/mcp/headers.ts'
import type { Tool } from '../../src/tools/tool.ts'

const parameter = (
  name: string,
  place: string,
  required: boolean,
  schema: JsonObject = { type: 'string' },
) => ({
  name,
  in: place,
  required,
  description: 'Words.',
  schema,
})
const document = {
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  servers: [{ url: 'https://api.example.com/' }],
  paths: {
    '/things/{id}': {
      get: {
        operationId: 'getThing',
        summary: 'A thing.',
        parameters: [
          parameter('id', 'path', true),
          parameter('kind', 'query', false, { type: 'string', enum: ['small', 'large', null] }),
          parameter('tags', 'query', false, { type: 'array', items: { type: 'string' } }),
          parameter('open', 'query', false, { type: 'boolean' }),
          parameter('count', 'query', false, { type: 'integer' }),
          parameter('weight', 'query', false, { type: 'number' }),
        ],
      },
    },
    '/parts': {
      get: { operationId: 'getPart', summary: 'A part.', parameters: [parameter('part', 'query', true)] },
    },
  },
}

interface Offered {
  get?: Partial<ToolDeclaration>
  part?: Partial<ToolDeclaration>
  prompt?: Partial<PromptDeclaration>
  defaults?: JsonObject
}

function compiled({ get = {}, part = {}, prompt, defaults = {} }: Offered) {
  const declaration: Declaration = {
    name: 'things',
    title: 'Things',
    description: 'Things.',
    access: { type: 'none' },
    namespaces: {
      things: {
        title: 'Things',
        description: 'Things.',
        defaults: defaults as never,
        tools: {
          get: { operation: 'getThing', title: 'Get a thing', ...get },
          part: { operation: 'getPart', title: 'Get a part', ...part },
        },
      },
    },
    ...(prompt && { prompts: { p: { title: 'P', description: 'P', text: 'x', tools: [], ...prompt } } }),
  }
  return compile(declaration, document)
}

function faultsOf(offered: Offered): readonly string[] {
  try {
    compiled(offered)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(StartError)
    return (error as StartError).faults
  }
}

const at = (uri: string) => ({ resource: { uri } })

describe('a fault', () => {
  const who = { arguments: { who: { description: 'Who', required: true }, may: { description: 'May' } } }
  const attach = (tool: string, given?: JsonObject) => ({
    ...who,
    attach: [{ tool, ...(given && { arguments: given }) }],
  })
  const rows: [string, Offered, string][] = [
    ['an expression', { get: at('things://{+id}') }, 'things.get: resource things://{+id} holds an expression beyond {argument} (RFC 6570, level 1)'],
    ['no URI', { get: at('things/{id}') }, 'things.get: resource things/{id} is not a URI with a scheme of its own and without fragment'],
    ['a variable that is no argument', { get: at('things://{id}/{x}') }, 'things.get: resource things://{id}/{x}: {x} is no argument of the tool'],
    ['a variable of Object', { get: at('things://{id}/{constructor}') }, 'things.get: resource things://{id}/{constructor}: {constructor} is no argument of the tool'],
    ['a list', { get: at('things://{id}/{tags}') }, 'things.get: resource things://{id}/{tags}: {tags} is more than one value'],
    ['an argument that is required', { get: at('things://all') }, 'things.get: resource things://all lacks {id}, which is required'],
    ['the same beside the path', { part: { resource: true } }, 'things.part: resource things://things lacks {part}, which is required'],
    ['one address', { get: at('things://{id}'), part: at('things://{part}') }, 'things.part and things.get are resources of one address'],
    ['one URI', { get: at('things://x/{id}'), part: at('things://{part}/list') }, 'things.part and things.get are resources of one address'],
    ['a header on no argument', { get: { headers: { x: 'X' } } }, 'things.get: headers: x is no argument of the tool'],
    ['a header on a list', { get: { headers: { tags: 'Tags' } } }, 'things.get: headers: tags is no string, integer, boolean, which alone may be repeated'],
    ['a header on a number', { get: { headers: { weight: 'Weight' } } }, 'things.get: headers: weight is no string, integer, boolean, which alone may be repeated'],
    ['a header with a space', { get: { headers: { id: 'a b' } } }, 'things.get: headers: id cannot be repeated as Mcp-Param-"a b"'],
    ['a header with a line break', { get: { headers: { id: 'a\r\nb' } } }, 'things.get: headers: id cannot be repeated as Mcp-Param-"a\\r\\nb"'],
    ['one header twice', { get: { headers: { id: 'Id', kind: 'ID' } } }, 'things.get: headers: kind would be repeated as Mcp-Param-ID, as another is'],
    ['an attached tool', { prompt: attach('things.lost') }, 'prompt p: there is no tool things.lost to attach'],
    ['an attached argument', { prompt: attach('things.part', { part: '1', x: '2' }) }, 'prompt p: things.part, which it attaches, has no argument x'],
    ['an attached placeholder', { prompt: attach('things.part', { part: 'of {whom}' }) }, 'prompt p: {whom} is no argument of it'],
    ['an attached value that is missing', { prompt: attach('things.part') }, 'prompt p: things.part, which it attaches, needs part, which may be absent'],
    ['an attached value that may be absent', { prompt: attach('things.part', { part: '{may}' }) }, 'prompt p: things.part, which it attaches, needs part, which may be absent'],
    ['five attachments', { prompt: { ...who, attach: Array(5).fill({ tool: 'things.part', arguments: { part: '{who}' } }) } }, 'prompt p: at most 4 attachments fit'],
    ['a route to no tool', { prompt: { routes: { 'things.lost': 'nothing' } } }, 'prompt p: there is no tool things.lost'],
    ['values of no argument', { prompt: { arguments: { a: { description: 'A', values: { tool: 'things.get', argument: 'x' } } } } }, 'prompt p: a: the document lists no values for x of things.get'],
    ['values of no tool', { prompt: { arguments: { a: { description: 'A', values: { tool: 'constructor', argument: 'kind' } } } } }, 'prompt p: a: the document lists no values for kind of constructor'],
    ['values of an argument that has none', { prompt: { arguments: { a: { description: 'A', values: { tool: 'things.get', argument: 'id' } } } } }, 'prompt p: a: the document lists no values for id of things.get'],
    ['no value at all', { prompt: { arguments: { a: { description: 'A', values: [] } } } }, 'prompts.p.arguments.a.values must not be empty'],
    ['a misspelt member', { get: { resource: { uri: 'a:{id}', url: 'c:d' } as never } }, 'namespaces.things.tools.get.resource.url is unknown; did you mean uri?'],
  ] // biome-ignore format: one row a line
  it.each(rows)('of %s', (_, offered, fault) => {
    expect(faultsOf(offered)).toEqual([fault])
  })
})

describe('what is sound', () => {
  it('may complete a prompt by what the document lists for a tool', () => {
    const values = (argument: string) => ({ description: 'A', values: { tool: 'things.get', argument } })
    const { completions } = compiled({ prompt: { arguments: { a: values('kind'), b: values('open') } } })
    expect(completions.prompts).toEqual({ p: { a: ['small', 'large'], b: ['true', 'false'] } })
  })

  it('may leave a required argument to a default, and reach beyond the path', () => {
    const { tools } = compiled({
      part: at('parts:all'),
      get: at('things://{id}/{kind}'),
      defaults: { part: 'a' },
    })
    expect(tools.map(({ resource }) => resource)).toEqual(['things://{id}/{kind}', 'parts:all'])
  })

  it('is written into the schema and into the tables of values', () => {
    const { tools, completions, prompts } = compiled({
      get: { ...at('things://{id}/{kind}/{open}'), headers: { id: 'Id', open: 'Open', count: 'Count' } },
      prompt: {
        arguments: {
          who: { description: 'Who', required: true, values: ['ann', 'bob'] },
          may: { description: 'May' },
        },
        attach: [{ tool: 'things.part', arguments: { part: '{who}' } }],
      },
    })
    const { id, kind, open, count } = tools[0]!.inputSchema.properties
    expect([id, kind, open, count].map((schema) => schema!['x-mcp-header'])).toEqual([
      'Id',
      undefined,
      'Open',
      'Count',
    ])
    expect(completions).toEqual({
      prompts: { p: { who: ['ann', 'bob'] } },
      resources: { 'things://{id}/{kind}/{open}': { kind: ['small', 'large'], open: ['true', 'false'] } },
    })
    expect(prompts[0]!.tools).toEqual(['things.part'])
  })
})

it('an argument too deep to be written is no text of a header', () => {
  const deep = JSON.parse(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)
  const schema: Schema = { type: 'string', 'x-mcp-header': 'A' }
  const tool = { inputSchema: { properties: { a: schema } } } as unknown as Tool
  expect(strayParameter(new Headers({ 'mcp-param-a': 'x' }), tool, deep)).toMatchObject({ status: 400 })
})
