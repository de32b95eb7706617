/** What a client may offer while a person types: the known values of prompts' arguments and of templates' variables. */
import { own, type Schema } from '../json.ts'
import type { Tool } from '../tools/tool.ts'
import { variablesOf } from '../tools/uri-template.ts'
import type { Catalog } from './catalog.ts'
import type { Declaration, ValuesOf } from './declaration.ts'

/** Only what has values is in the tables; where both are empty, completion is not offered at all. */
export function compileCompletions({ prompts = {} }: Declaration, tools: Tool[]): Catalog['completions'] {
  const byPrompt = Object.entries(prompts).map(([name, { arguments: args = {} }]) =>
    row(
      name,
      Object.entries(args).map(([argument, { values }]) => [
        argument,
        values === undefined || Array.isArray(values) ? values : listedFor(values, tools),
      ]),
    ),
  )
  const byTemplate = tools.map(({ resource = '', inputSchema: { properties } }) =>
    row(
      resource,
      variablesOf(resource).map((variable) => [variable, optionsOf(own(properties, variable) ?? {})]),
    ),
  )
  return { prompts: table(byPrompt), resources: table(byTemplate) }
}

/** The values that a tool's argument is known to take, or each of several; undefined where nothing lists them. */
export function listedFor({ tool: name, argument }: ValuesOf, tools: readonly Tool[]): string[] | undefined {
  const tool = tools.find((each) => each.name === name)
  const schema = (tool && own(tool.inputSchema.properties, argument)) ?? {}
  return optionsOf(schema.items ?? schema)
}

type Row = readonly [string, Record<string, string[]>]

function row(name: string, values: [string, string[] | undefined][]): Row {
  return [
    name,
    Object.fromEntries(values.filter((each): each is [string, string[]] => each[1] !== undefined)),
  ]
}

function table(rows: Row[]): Record<string, Record<string, string[]>> {
  return Object.fromEntries(rows.filter(([, values]) => Object.keys(values).length > 0))
}

function optionsOf({ type, enum: values }: Schema): string[] | undefined {
  return values?.map(String) ?? (type === 'boolean' ? ['true', 'false'] : undefined)
}
