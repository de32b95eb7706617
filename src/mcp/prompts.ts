/** `prompts/*`: texts that a declaration offers for a person to pick, filled in, after what it attaches to them. */
import type { Prompt } from '../connector/catalog.ts'
import { underscored } from '../connector/names.ts'
import { cut, isObject, type Json, type JsonObject, own, text } from '../json.ts'
import { toEmbedded } from '../tools/result.ts'
import type { Wire } from '../wire.ts'
import { insufficient } from './challenge.ts'
import { unread } from './resources.ts'
import { run } from './run.ts'
import { type Answer, type Context, invalid, page, paramsOf } from './server.ts'

export function listPrompts(context: Context): Answer {
  const prompts = offeredPrompts(context).map(({ name, title, description, arguments: args }) => ({
    name,
    title,
    description,
    arguments: args,
  }))
  return page(context, [`"prompts":${JSON.stringify(prompts)}`])
}

export async function getPrompt(context: Context): Promise<Answer> {
  const params = paramsOf(context.call)
  const { catalog, tools } = context.server
  const declared = catalog.prompts.find(({ name }) => name === params.name)
  const needed = declared?.tools.flatMap((name) => tools.get(name) ?? [])
  const beyond = needed && insufficient(context, needed)
  if (beyond) return beyond
  const prompt = offeredPrompts(context).find(({ name }) => name === params.name)
  if (!prompt) return invalid(`Unknown prompt ${JSON.stringify(cut(text(params.name) ?? '', 64))}`)
  const given = isObject(params.arguments) ? params.arguments : {}
  const missing = prompt.arguments.find(
    ({ name, required }) => required && text(own(given, name)) === undefined,
  )
  if (missing)
    return invalid(`The prompt ${prompt.name} needs the argument ${missing.name}: ${missing.description}`)
  const attached = await Promise.all(prompt.attach.map((each) => attach(context, each, given)))
  const refused = attached.find((each): each is Answer => !Array.isArray(each))
  if (refused) return refused
  const content = { type: 'text', text: fill(worded(prompt, context), given) }
  const contents: Wire[] = [...attached.filter(Array.isArray).flat(), [JSON.stringify(content)]]
  const messages = contents.flatMap((wire, at) => [
    `${at > 0 ? ',' : ''}{"role":"user","content":`,
    ...wire,
    '}',
  ])
  return { members: [`"description":${JSON.stringify(prompt.description)},"messages":[`, ...messages, ']'] }
}

/** Prompts all of whose tools this caller has, and one at least of their routes. */
export function offeredPrompts({ server, caller }: Context): Prompt[] {
  const { names } = server.views(caller)
  return server.catalog.prompts.filter(
    ({ tools, routes }) =>
      tools.every((tool) => names.has(tool)) &&
      (routes.length === 0 || routes.some(({ tool }) => names.has(tool))),
  )
}

/** The text and the routes that are open to this caller, with tools named as the caller's list names them. */
function worded({ text: words, routes }: Prompt, { server, caller }: Context): string {
  const { names, dotless } = server.views(caller)
  const lines = routes
    .filter(({ tool }) => names.has(tool))
    .map(({ tool, words: answers }) => `- ${tool}: ${answers}`)
  const whole = [words, ...lines].join('\n')
  return dotless
    ? whole.replace(/[\w-]+\.[\w-]+/g, (word) => (names.has(word) ? underscored(word) : word))
    : whole
}

/** What a tool answers, as contents of messages; or why there is none. */
async function attach(
  context: Context,
  each: Prompt['attach'][number],
  given: JsonObject,
): Promise<Wire[] | Answer> {
  const tool = context.server.tools.get(each.tool)!
  const ran = await run(context, tool, argumentsOf(each.arguments, given))
  if ('problem' in ran) return invalid(ran.problem)
  if ('failure' in ran) return unread(context, ran.failure)
  return toEmbedded(ran.shaped(), ran.uri, context.call.version >= '2025-03-26')
}

/** A text that is one placeholder alone is left out where nothing was given for it. */
function argumentsOf(declared: JsonObject, given: JsonObject): JsonObject {
  const filled = Object.entries(declared).map(([name, value]): [string, Json | undefined] => {
    const alone = /^\{(\w+)\}$/.exec(text(value) ?? '')?.[1]
    if (alone !== undefined) return [name, text(own(given, alone))]
    return [name, typeof value === 'string' ? fill(value, given) : value]
  })
  return Object.fromEntries(filled.filter((pair): pair is [string, Json] => pair[1] !== undefined))
}

function fill(words: string, given: JsonObject): string {
  return words.replace(/\{(\w+)\}/g, (_, name: string) => text(own(given, name)) ?? '')
}
