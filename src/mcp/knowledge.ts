/** `search` and `fetch` in the shapes of ChatGPT's company knowledge: each is one declared list or get, and thus one GET. */
import { inFull } from '../answers/asked.ts'
import { weigh } from '../answers/weight.ts'
import type { Catalog, Knowledge } from '../connector/catalog.ts'
import type { Json } from '../json.ts'
import { checkArguments } from '../tools/check.ts'
import { closest } from '../tools/closest.ts'
import type { Tool } from '../tools/tool.ts'
import { insufficient } from './challenge.ts'
import { fetchOffer, openSources, searchOffer } from './knowledge-offers.ts'
import { document, jsonOf, results } from './knowledge-results.ts'
import { asContent, failed, mistake } from './outcome.ts'
import { type Answered, run, spelled } from './run.ts'
import type { Answer, Context, OwnTool } from './server.ts'

const TOOLS: Record<string, OwnTool> = { search, fetch: fetchRecord }

/** The tool of that name, where sources are declared and the deployment has not switched them off. */
export function knowledgeTool({ server, caller }: Context, name: string): OwnTool | undefined {
  const { catalog, settings, views } = server
  if (settings.knowledge === 'off' || catalog.knowledge.length === 0 || !Object.hasOwn(TOOLS, name))
    return undefined
  // Who cannot ask for scopes does not hear of what they would open.
  const isOpen = caller.insufficient !== undefined || openSources(catalog, views(caller).names).length > 0
  return isOpen ? TOOLS[name] : undefined
}

async function search(context: Context, given: Json | undefined): Promise<Answer> {
  const { catalog, views, whole } = context.server
  const open = openSources(catalog, views(context.caller).names)
  const checked = checkArguments(searchOffer(catalog, open), given)
  if (!checked.ok) return mistake(checked.problem, context)
  const asked = readQuery(String(checked.args.query), catalog, whole?.catalog ?? catalog, open)
  if (typeof asked === 'string') return mistake(`search was not called. ${asked}`, context)
  const { source, words } = asked
  const args = { [source.query]: words }
  const tell: Question['tell'] = (json, { budget }) => results(source, json, budget)
  return ask(context, { source, name: source.list, args, tell })
}

async function fetchRecord(context: Context, given: Json | undefined): Promise<Answer> {
  const { catalog, views } = context.server
  const open = openSources(catalog, views(context.caller).names)
  const checked = checkArguments(fetchOffer(catalog, open), given)
  if (!checked.ok) return mistake(checked.problem, context)
  const [, namespace, id = ''] = /^([^:]*):(.+)$/s.exec(String(checked.args.id)) ?? []
  const source = catalog.knowledge.find((each) => each.namespace === namespace)
  if (source === undefined) return mistake(`fetch was not called. ${UNKNOWN_ID} ${known(open)}`, context)
  const args = { [source.id]: id, ...inFull(context.server.tools.get(source.get)!) }
  const tell: Question['tell'] = (json, { shaped, budget }) => {
    const told = SHARES.map((share) => () => document(source, id, json, () => jsonOf(shaped(share)) ?? json))
    return firstWithin(budget, told)
  }
  return ask(context, { source, name: source.get, args, tell })
}

const UNKNOWN_ID = 'id is none that search gives: those begin with a name and a colon. Known are'

/** A record stands as text inside of JSON, where its quotes are escaped once more: at worst it weighs twice what it did. */
const SHARES = [0.75, 0.6, 0.45]

/** The first that is not too long, else the last; undefined where there is none. */
function firstWithin(budget: number, told: (() => object | undefined)[]): object | undefined {
  let found: object | undefined
  for (const each of told) {
    found = each()
    if (!found || weigh(JSON.stringify(found)) <= budget) break
  }
  return found
}

interface Question {
  source: Knowledge
  /** The source's tool that answers it. */
  name: string
  args: Record<string, Json>
  /** What is told of the answer's JSON; undefined where that is not there. */
  tell: (json: string, ran: Answered) => object | undefined
}

/** The one GET, and what is told of it. */
async function ask(context: Context, { source, name, args, tell }: Question): Promise<Answer> {
  const { server, caller } = context
  const tool = server.tools.get(name)!
  const beyond = insufficient(context, [tool])
  if (beyond) return beyond
  if (!server.views(caller).names.has(name))
    return mistake(`${source.namespace} is not open to this caller.`, context)
  const ran = await run(context, tool, args)
  if ('problem' in ran) return mistake(ran.problem, context)
  if ('failure' in ran) return failed(context, ran.failure)
  const json = jsonOf(ran.whole)
  const told = json === undefined ? undefined : tell(json, ran)
  return told === undefined ? shapeless(context, tool) : answer(context, told)
}

/** The document says what the answer holds, and it was another. */
function shapeless(context: Context, { name }: Tool): Answer {
  context.entry.failure = 'upstream_media_type'
  const { title } = context.server.catalog
  return failed(context, {
    code: 'upstream_media_type',
    message: `${title} answered ${spelled(context, name)} with something else than its document says`,
    hint: 'Call the tool itself to see it.',
  })
}

/** The same value twice, as OpenAI documents it: as a text, and structured where the revision knows that. */
function answer({ call }: Context, told: object): Answer {
  const json = JSON.stringify(told)
  const content = asContent(json)
  return { members: call.version >= '2025-06-18' ? [content, `,"structuredContent":${json}`] : [content] }
}

/**
 * The words, and the source to look in; or why there is none. A colon belongs to the words, unless a namespace stands before
 * it: any of `namespaces`, since what a part leaves out must not be looked for elsewhere in silence.
 */
function readQuery(
  query: string,
  { knowledge }: Catalog,
  { namespaces }: Catalog,
  open: Knowledge[],
): { source: Knowledge; words: string } | string {
  const [, prefix = '', rest = ''] = /^\s*([A-Za-z][\w-]{0,39})\s*:(.*)$/s.exec(query) ?? []
  const named = knowledge.find(({ namespace }) => isSame(namespace, prefix))
  if (named === undefined && prefix !== '') {
    const names = open.map(({ namespace }) => namespace)
    const near = closest(prefix, names)
    if (namespaces.some(({ name }) => isSame(name, prefix)))
      return `${prefix} cannot be searched. Known are ${known(open)}`
    if (near !== undefined)
      return `Nothing is called ${prefix}; did you mean ${near}? Known are ${known(open)}`
  }
  const words = (named ? rest : query).trim()
  return words === '' ? 'query has no words to find.' : { source: named ?? open[0] ?? knowledge[0]!, words }
}

function isSame(name: string, prefix: string): boolean {
  return name.toLowerCase() === prefix.toLowerCase()
}

function known(sources: Knowledge[]): string {
  return `${sources.map(({ namespace }) => `${namespace}:`).join(', ')}.`
}
