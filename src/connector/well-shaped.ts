/** What of a declaration has its shape, so that the faults behind a misspelt member are told along with it. */
import { isObject, type JsonObject, own } from '../json.ts'
import { answerMembers } from './answer-shape.ts'
import type { Declaration, NamespaceDeclaration } from './declaration.ts'
import { declarationShape, namespaceShape, toolShape } from './shape.ts'

type Shape = Record<string, { safeParse(given: unknown): { success: boolean } }>

/** Members of another shape are left out, a tool without an operation too, and what would only miss them. */
export function wellShaped(given: unknown): Declaration {
  const whole = isObject(given) ? given : {}
  const { prompts, ...members } = fitting<Declaration>(declarationShape.shape, whole)
  const parts = Object.entries(objectIn(whole, 'namespaces')).map(
    ([name, each]) => [name, part(each)] as const,
  )
  const isComplete = parts.every(([, { lost }]) => !lost)
  return {
    name: 'api',
    title: '',
    description: '',
    access: { type: 'none' },
    ...members,
    ...(isComplete && prompts && { prompts }),
    namespaces: Object.fromEntries(parts.map(([name, { namespace }]) => [name, namespace])),
  }
}

/** `lost` where a tool had to be left out: nothing is then said of arguments that no tool has. */
function part(given: unknown): { namespace: NamespaceDeclaration; lost: boolean } {
  const whole = isObject(given) ? given : {}
  const { defaults, knowledge, ...members } = fitting<NamespaceDeclaration>(namespaceShape.shape, whole)
  const all = Object.entries(objectIn(whole, 'tools'))
  const tools = all.flatMap(([action, each]) => {
    const { operation, ...more } = fitting<NamespaceDeclaration['tools'][string]>(
      toolShape.shape,
      isObject(each) ? each : {},
    )
    return operation === undefined ? [] : [[action, { title: '', ...more, operation }] as const]
  })
  const lost = tools.length < all.length
  const kept = lost ? {} : { ...(defaults && { defaults }), ...(knowledge && { knowledge }) }
  const namespace = { title: '', description: '', ...members, ...kept, tools: Object.fromEntries(tools) }
  return { namespace, lost }
}

/** Of `answers`, which each level has, those of its members that fit. */
function fitting<T>(shape: Shape, given: JsonObject): Partial<T> {
  const answers = own(given, 'answers')
  const whole = isObject(answers) ? { ...given, answers: membersThatFit(answerMembers, answers) } : given
  return membersThatFit(shape, whole) as Partial<T>
}

function membersThatFit(shape: Shape, given: JsonObject): JsonObject {
  const fits = ([name, value]: [string, unknown]) => own(shape, name)?.safeParse(value).success
  return Object.fromEntries(Object.entries(given).filter(fits))
}

function objectIn(given: JsonObject, member: string): JsonObject {
  const found = own(given, member)
  return isObject(found) ? found : {}
}
