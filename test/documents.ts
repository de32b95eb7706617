/** Small documents, what they compile to, and the one GET that a call of it becomes. */
import { type Derived, type DeriveOptions, derive } from '../src/connector/derive.ts'
import { openDocument } from '../src/document/document.ts'
import type { Operation } from '../src/document/operations.ts'
import { StartError } from '../src/errors.ts'
import type { Json, JsonObject } from '../src/json.ts'
import { checkArguments } from '../src/tools/check.ts'
import { plan } from '../src/tools/plan.ts'
import { target } from '../src/tools/send.ts'
import type { Tool } from '../src/tools/tool.ts'

const INFO = { title: 'Things', version: '1' }

/** Of today's version, with a server. */
export function documentOf(paths: JsonObject, more: JsonObject = {}): JsonObject {
  return { openapi: '3.1.0', info: INFO, servers: [{ url: 'https://api.example.com/v1' }], paths, ...more }
}

export function swaggerOf(paths: JsonObject, more: JsonObject = {}): JsonObject {
  return { swagger: '2.0', info: INFO, host: 'api.example.com', basePath: '/v1', paths, ...more }
}

/** A document of one GET, at `/things` unless said otherwise. */
export function oneGet(get: JsonObject, more: JsonObject = {}, path = '/things'): JsonObject {
  return documentOf({ [path]: { get } }, more)
}

export const query = (name: string, more: JsonObject = {}): JsonObject => ({ name, in: 'query', ...more })
export const inPath = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  in: 'path',
  required: true,
  ...more,
})

/** The first operation, as the document is read. */
export function operationOf(document: JsonObject): Operation {
  return openDocument(document).operations[0]!
}

/** Without the arguments that shape answers, for tables that look at the document's own. */
export function deriveBare(document: unknown, options: DeriveOptions = {}): Derived {
  return derive(document, { answers: false, ...options })
}

/** The first tool; a document that has none fails the test with the reasons. */
export function toolOf(document: JsonObject, options: DeriveOptions = {}): Tool {
  const { catalog, skipped } = deriveBare(document, options)
  const [tool] = catalog.tools
  if (tool === undefined) throw new Error(`no tool: ${JSON.stringify(skipped)}`)
  return tool
}

/** The tool of a GET with these parameters. */
export function withParameters(parameters: Json[], path = '/things'): Tool {
  return toolOf(oneGet({ parameters }, {}, path))
}

/** What a call sends, headers but `accept` behind the path; or what the model is told instead. */
export function sent(tool: Tool, given: JsonObject = {}): string {
  const checked = checkArguments(tool, given)
  if (!checked.ok) return checked.problem
  const planned = plan(tool, checked.args)
  if (!planned.ok) return planned.problem
  const { accept: _, ...headers } = planned.plan.headers
  return [planned.plan.target, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join(
    ' ',
  )
}

/** The whole URL that a call without arguments asks, of the first tool. */
export function asked({ catalog }: Pick<Derived, 'catalog'>, base = catalog.server): string {
  const planned = plan(catalog.tools[0]!, {})
  if (!planned.ok) return planned.problem
  const from = planned.plan.atOrigin ? new URL(base).origin : base
  return target(new URL(from), planned.plan.target).href
}

/** Why a document is of no use at all. */
export function refusal(make: () => unknown): readonly string[] {
  try {
    make()
    return []
  } catch (error) {
    if (error instanceof StartError) return error.faults
    throw error
  }
}
