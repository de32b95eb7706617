/** Prompts as they are declared: checked against the tools that they count on and attach, and made plain. */
import { type Json, own } from '../json.ts'
import type { Tool } from '../tools/tool.ts'
import type { Prompt } from './catalog.ts'
import { listedFor } from './completions.ts'
import type { AttachmentDeclaration, PromptArgument, PromptDeclaration } from './declaration.ts'

/** Attachments of one prompt: each is a GET of its own, and all must fit into one answer. */
const MOST_ATTACHMENTS = 4

type Prompts = Record<string, PromptDeclaration>

/** `tools` names what is attached too, so that one list says what a caller must hold. */
export function compilePrompts(prompts: Prompts): Prompt[] {
  return Object.entries(prompts).map(([name, declared]) => ({
    name,
    title: declared.title,
    description: declared.description,
    text: declared.text,
    arguments: Object.entries(declared.arguments ?? {}).map(
      ([argument, { description, required = false }]) => ({
        name: argument,
        description,
        required,
      }),
    ),
    attach: (declared.attach ?? []).map(({ tool, arguments: given = {} }) => ({ tool, arguments: given })),
    tools: [...new Set([...declared.tools, ...(declared.attach ?? []).map(({ tool }) => tool)])],
    routes: Object.entries(declared.routes ?? {}).map(([tool, words]) => ({ tool, words })),
  }))
}

/** Placeholders without an argument, tools that do not exist, and attachments that could never be read. */
export function promptFaults(prompts: Prompts, tools: Tool[]): string[] {
  return Object.entries(prompts).flatMap(
    ([name, { arguments: args = {}, text, tools: needed, routes = {}, attach = [] }]) => {
      const faults = [
        ...strangers(text, args),
        ...unlisted(args, tools),
        ...[...needed, ...Object.keys(routes)]
          .filter((tool) => !tools.some((each) => each.name === tool))
          .map((tool) => `there is no tool ${tool}`),
        ...attach.flatMap((each) => attachmentFaults(each, args, tools)),
        ...(attach.length > MOST_ATTACHMENTS ? [`at most ${MOST_ATTACHMENTS} attachments fit`] : []),
      ]
      return faults.map((fault) => `prompt ${name}: ${fault}`)
    },
  )
}

/** Values that are to come from an argument that is not there, or of which the document lists none. */
function unlisted(args: Record<string, PromptArgument>, tools: Tool[]): string[] {
  return Object.entries(args).flatMap(([name, { values }]) =>
    values === undefined || Array.isArray(values) || listedFor(values, tools) !== undefined
      ? []
      : [`${name}: the document lists no values for ${values.argument} of ${values.tool}`],
  )
}

/** Placeholders of a text that no argument fills. */
function strangers(words: string, args: object): string[] {
  return [...words.matchAll(/\{(\w+)\}/g)]
    .filter(([, argument]) => !Object.hasOwn(args, argument!))
    .map(([placeholder]) => `${placeholder} is no argument of it`)
}

function attachmentFaults(
  { tool: name, arguments: given = {} }: AttachmentDeclaration,
  args: NonNullable<PromptDeclaration['arguments']>,
  tools: Tool[],
): string[] {
  const tool = tools.find((each) => each.name === name)
  if (!tool) return [`there is no tool ${name} to attach`]
  const { properties, required = [] } = tool.inputSchema
  const isSure = (argument: string) =>
    isFilled(own(given, argument), args) || own(tool.defaults, argument) !== undefined
  return [
    ...Object.values(given).flatMap((value) => (typeof value === 'string' ? strangers(value, args) : [])),
    ...Object.keys(given)
      .filter((argument) => !Object.hasOwn(properties, argument))
      .map((argument) => `${name}, which it attaches, has no argument ${argument}`),
    ...required
      .filter((argument) => !isSure(argument))
      .map((argument) => `${name}, which it attaches, needs ${argument}, which may be absent`),
  ]
}

/** True where the value is there whatever a person fills in. */
function isFilled(value: Json | undefined, args: NonNullable<PromptDeclaration['arguments']>): boolean {
  const alone = typeof value === 'string' ? /^\{(\w+)\}$/.exec(value)?.[1] : undefined
  return value !== undefined && (alone === undefined || own(args, alone)?.required === true)
}
