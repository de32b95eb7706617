/** `prompts/*`: texts that a declaration offers for a person to pick, with arguments filled in. */
import type { Prompt } from '../connector/catalog.ts'
import { cut, isObject, own, text } from '../json.ts'
import { insufficient } from './challenge.ts'
import { type Answer, type Context, invalid, page, paramsOf } from './server.ts'

export function listPrompts(context: Context): Answer {
  const prompts = offered(context).map(({ name, title, description, arguments: args }) => ({
    name,
    title,
    description,
    arguments: args,
  }))
  return page(context, [`"prompts":${JSON.stringify(prompts)}`])
}

export function getPrompt(context: Context): Answer {
  const params = paramsOf(context.call)
  const { catalog, tools } = context.server
  const declared = catalog.prompts.find(({ name }) => name === params.name)
  const needed = declared?.tools.flatMap((name) => tools.get(name) ?? [])
  const beyond = needed && insufficient(context, needed)
  if (beyond) return beyond
  const prompt = offered(context).find(({ name }) => name === params.name)
  if (!prompt) return invalid(`Unknown prompt ${JSON.stringify(cut(text(params.name) ?? '', 64))}`)
  const given = isObject(params.arguments) ? params.arguments : {}
  const missing = prompt.arguments.find(
    ({ name, required }) => required && text(own(given, name)) === undefined,
  )
  if (missing)
    return invalid(`The prompt ${prompt.name} needs the argument ${missing.name}: ${missing.description}`)
  const filled = prompt.text.replace(/\{(\w+)\}/g, (_, name: string) => text(own(given, name)) ?? '')
  const messages = [{ role: 'user', content: { type: 'text', text: filled } }]
  return { members: [JSON.stringify({ description: prompt.description, messages }).slice(1, -1)] }
}

/** Prompts all of whose tools this caller has. */
function offered({ server, caller }: Context): Prompt[] {
  const { names } = server.views(caller)
  return server.catalog.prompts.filter(({ tools }) => tools.every((tool) => names.has(tool)))
}
