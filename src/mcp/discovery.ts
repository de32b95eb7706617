/** Discovery for large APIs: finding and describing declared tools runs none, calling one is `tools/call` of that tool. */
import { underscored } from '../connector/names.ts'
import { isObject, type Json, text } from '../json.ts'
import { checkArguments, objectOf } from '../tools/check.ts'
import { visible } from '../tools/invisible.ts'
import { createRanking, type Ranking } from '../tools/ranking.ts'
import type { Offer } from '../tools/tool.ts'
import { callDeclared, declaredTool } from './call.ts'
import { discoveryOffers } from './discovery-offers.ts'
import { asContent, mistake } from './outcome.ts'
import { spelled } from './run.ts'
import type { Answer, Context, McpServer, OwnTool } from './server.ts'
import { definitions } from './view.ts'

const BY_ACTION: Record<keyof typeof discoveryOffers, OwnTool> = { find, describe, call }

/** By either form of the name. */
const TOOLS = new Map(
  Object.values(discoveryOffers).flatMap(({ name }) => {
    const own = BY_ACTION[name.slice(name.indexOf('.') + 1) as keyof typeof discoveryOffers]
    return [name, underscored(name)].map((each) => [each, own] as const)
  }),
)

/** The tool of that name, where the connector declares discovery; it goes before a declared one of the same name. */
export function discoveryTool({ server }: Context, name: string): OwnTool | undefined {
  return server.catalog.discovery ? TOOLS.get(name) : undefined
}

const MOST_HITS = 20
/** Of a hit: characters of its description, and arguments that are named. */
const LONGEST_WORDS = 200
const MOST_ARGUMENTS = 12

/** Made at the first question, and not for a connector that is never asked one; parts are ranked with the whole. */
const rankings = new WeakMap<McpServer, Ranking>()

/** Under the name by which the caller has it. */
function check(context: Context, offer: Offer, given: Json | undefined) {
  return checkArguments(offer, given, spelled(context, offer.name))
}

function find(context: Context, given: Json | undefined): Answer {
  const checked = check(context, discoveryOffers.find, given)
  if (!checked.ok) return mistake(checked.problem, context)
  const { server, caller } = context
  const { whole = server } = server
  const ranking = rankings.get(whole) ?? createRanking(whole.catalog.tools)
  rankings.set(whole, ranking)
  const { names, dotless } = server.views(caller)
  const hits = ranking.find(String(checked.args.query), MOST_HITS, ({ name }) => names.has(name))
  return answer({ tools: hits.map((tool) => hit(tool, dotless)) })
}

function hit({ name, title, description, inputSchema }: Offer, dotless: boolean): object {
  const { properties, required = [] } = inputSchema
  const named = Object.keys(properties)
    .sort((one, other) => Number(required.includes(other)) - Number(required.includes(one)))
    .slice(0, MOST_ARGUMENTS)
  return {
    name: dotless ? underscored(name) : name,
    title,
    description: visible(description, LONGEST_WORDS),
    arguments: named.map((argument) => (required.includes(argument) ? `${argument}*` : argument)),
  }
}

function describe(context: Context, given: Json | undefined): Answer {
  const checked = check(context, discoveryOffers.describe, given)
  if (!checked.ok) return mistake(checked.problem, context)
  const tool = declaredTool(context, String(checked.args.tool), true)
  if ('answer' in tool) return tool.answer
  const { views, settings } = context.server
  const [definition] = definitions([tool], views(context.caller).dotless, settings.answerBudget)
  return answer(definition!)
}

/** Its arguments are the other tool's, so they go there as they came: what is wrong with them is told there. */
function call(context: Context, given: Json | undefined): Answer | Promise<Answer> {
  const object = objectOf(given)
  const { arguments: args, ...rest } = isObject(object) ? object : { arguments: undefined }
  const checked = check(context, discoveryOffers.call, isObject(object) ? rest : object)
  if (!checked.ok) return mistake(checked.problem, context)
  return callDeclared(context, text(checked.args.tool)!, args, true)
}

function answer(told: object): Answer {
  return { members: [asContent(JSON.stringify(told))] }
}
