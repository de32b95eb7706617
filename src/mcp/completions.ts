/** `completion/complete`: known values of an argument that begin as a person has typed; nothing is asked of the upstream. */
import { cut, isObject, type JsonObject, own, text } from '../json.ts'
import { variablesOf } from '../tools/uri-template.ts'
import { offeredPrompts } from './prompts.ts'
import { type Answer, type Context, invalid, paramsOf } from './server.ts'

/** Most values of one answer (2026-07-28, completion). */
const MOST_VALUES = 100

export function complete(context: Context): Answer {
  const { ref, argument } = paramsOf(context.call)
  const name = isObject(argument) ? text(argument.name) : undefined
  const typed = isObject(argument) ? text(argument.value) : undefined
  if (!isObject(ref) || name === undefined || typed === undefined)
    return invalid(
      'params.ref must name a prompt or a resource, params.argument its argument and what was typed',
    )
  const found = Object.hasOwn(REFERENCES, text(ref.type) ?? '')
    ? REFERENCES[ref.type as string]!(ref, context)
    : undefined
  // By one of its texts: the whole may be too deep to be written.
  if (!found) return invalid(`Unknown reference ${shown(text(ref.name) ?? text(ref.uri) ?? '')}`)
  if (!found.names.includes(name)) return invalid(`It has no argument ${shown(name)}`)
  const begins = typed.toLowerCase()
  const values = (own(found.values ?? {}, name) ?? []).filter((each) => each.toLowerCase().startsWith(begins))
  const completion = {
    values: values.slice(0, MOST_VALUES),
    total: values.length,
    hasMore: values.length > MOST_VALUES,
  }
  return { members: [`"completion":${JSON.stringify(completion)}`] }
}

function shown(name: string): string {
  return JSON.stringify(cut(name, 64))
}

interface Completable {
  /** Its arguments, with or without known values. */
  names: string[]
  values: Record<string, string[]> | undefined
}

/** By the reference's type; undefined where this caller has no such thing. */
const REFERENCES: Record<string, (ref: JsonObject, context: Context) => Completable | undefined> = {
  'ref/prompt'(ref, context) {
    const prompt = offeredPrompts(context).find(({ name }) => name === ref.name)
    const { prompts } = context.server.catalog.completions
    return prompt && { names: prompt.arguments.map(({ name }) => name), values: own(prompts, prompt.name) }
  },
  'ref/resource'({ uri }, { server, caller }) {
    const { tools, completions } = server.catalog
    const named = tools.find(({ resource }) => resource !== undefined && resource === uri)
    const tool = named ?? server.records.find(text(uri) ?? '')?.tool
    if (!tool || !server.views(caller).names.has(tool.name)) return undefined
    return { names: variablesOf(tool.resource!), values: own(completions.resources, tool.resource!) }
  },
}
