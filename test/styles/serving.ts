/** A real connector in front of the echo: each operation is a tool, compiled from an OpenAPI document made of them. */
import { compile } from '../../src/connector/compile.ts'
import { defineConnector } from '../../src/connector/declaration.ts'
import type { Content, Members, Parameter, Style } from '../../src/tools/tool.ts'
import { startConnector } from '../connector.ts'
import type { Definition, Shape, Value } from './decode.ts'
import { startEcho } from './echo.ts'

/** A parameter, and what the compiler makes of names that a client would refuse. */
export interface Offered extends Definition {
  argument?: string
  members?: Members
  /** The schema under safe names, where `members` renames. */
  safe?: Shape
}

export interface Operation {
  path: string
  parameters: Offered[]
}

const DEFAULT_STYLE = {
  path: 'simple',
  query: 'form',
  querystring: 'form',
  header: 'simple',
  cookie: 'form',
} as const

/** The parameter as the document says it; what is of 3.2 or 2.0 alone is said by its neighbour of 3.1. */
function documented(parameter: Offered): object {
  const { style, content, schema, safe } = parameter
  const shape = safe ?? schema ?? Object.values(content!)[0]!.schema
  return {
    name: parameter.argument ?? parameter.name,
    in: parameter.in === 'querystring' ? 'query' : parameter.in,
    ...(parameter.in === 'path' && { required: true }),
    ...(style !== undefined && { style: { cookie: 'form', tabDelimited: 'pipeDelimited' }[style] ?? style }),
    explode: parameter.explode ?? explodes(style ?? DEFAULT_STYLE[parameter.in]),
    allowReserved: parameter.allowReserved ?? false,
    ...(content ? { content: { 'application/json': { schema: shape } } } : { schema: shape }),
  }
}

const explodes = (style: string) => style === 'form' || style === 'cookie'

/** What the compiled parameter says of what 3.1 cannot say. */
function completed(
  compiled: Parameter,
  { name, in: place, style, content, allowEmptyValue, members }: Offered,
): Parameter {
  return {
    ...compiled,
    name,
    in: place,
    style: (style as Style | undefined) ?? compiled.style,
    ...(content && { content: Object.keys(content)[0] as Content }),
    ...(allowEmptyValue !== undefined && { allowEmptyValue }),
    ...(members && { members }),
  }
}

export function catalogOf(operations: Operation[]) {
  const connector = defineConnector({
    name: 'echo',
    title: 'Echo',
    description: 'Answers what it was sent.',
    access: { type: 'none' },
    namespaces: {
      echo: {
        title: 'Echo',
        description: 'One tool for each way to send an argument.',
        tools: Object.fromEntries(
          operations.map((_, at) => [`t${at}`, { operation: `t${at}`, title: `Tool ${at}` }]),
        ),
      },
    },
  })
  const catalog = compile(connector, {
    openapi: '3.1.0',
    info: { title: 'Echo', version: '1' },
    servers: [{ url: 'https://echo.example' }],
    paths: Object.fromEntries(
      operations.map(({ path, parameters }, at) => [
        `/${at}${safePath(path, parameters)}`,
        {
          get: {
            operationId: `t${at}`,
            description: 'Echoes.',
            parameters: parameters.map(documented),
            responses: { 200: { description: 'The head.', content: { 'application/json': {} } } },
          },
        },
      ]),
    ),
  })
  for (const [at, tool] of catalog.tools.entries()) {
    const { path, parameters } = operations[at]!
    tool.path = `/${at}${path}`
    tool.parameters = tool.parameters.map((compiled) =>
      completed(compiled, parameters.find(({ name, argument = name }) => argument === compiled.argument)!),
    )
  }
  return catalog
}

function safePath(path: string, parameters: Offered[]): string {
  return path.replace(/\{([^{}]+)\}/g, (_, name) => {
    const { argument = name } = parameters.find(
      (parameter) => parameter.in === 'path' && parameter.name === name,
    )!
    return `{${argument}}`
  })
}

/** What came of a call: the raw head that arrived, or why nothing was sent. */
export type Outcome = { head: string; problem?: undefined } | { head?: undefined; problem: string }

export async function startStyles(operations: Operation[]) {
  const echo = await startEcho()
  const connector = await startConnector({ LECTERN_UPSTREAM_URL: echo.url }, catalogOf(operations))

  async function call(at: number, args: Value): Promise<Outcome> {
    const { result } = await connector.call(`echo.t${at}`, args)
    const answer = JSON.parse(result.content[0].text)
    if (!result.isError) return { head: answer.head }
    if (answer.error !== 'invalid_arguments') throw new Error(`${answer.error}: ${answer.message}`)
    return { problem: answer.message }
  }

  /** Calls one tool with each of the arguments; what was refused was not sent, and what was sent arrived once. */
  async function callEach(at: number, all: Value[]): Promise<Outcome[]> {
    const before = echo.heads.length
    const outcomes = await Promise.all(all.map((args) => call(at, args)))
    const arrived = echo.heads.slice(before).sort()
    const answered = outcomes.flatMap(({ head }) => head ?? []).sort()
    if (JSON.stringify(arrived) !== JSON.stringify(answered)) throw new Error('not each was sent once')
    return outcomes
  }

  return {
    call: async (at: number, args: Value) => (await callEach(at, [args]))[0]!,
    callEach,
    template: (at: number) => `/${at}${operations[at]!.path}`,
    async close() {
      await connector.close()
      await echo.close()
    },
  }
}

export type Styles = Awaited<ReturnType<typeof startStyles>>
