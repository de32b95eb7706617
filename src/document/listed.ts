/** A schema as it is listed: what any known client refuses, a list, a tool or a call for, is told in another way. */
import { inside, type Json, type Schema } from '../json.ts'
import { phrase } from './limits.ts'

/** Of several types, what tells a model most comes first. */
const RANKED = ['object', 'array', 'string', 'number', 'integer', 'boolean']

type Retelling = (schema: Schema) => Schema

/** In this order; each leaves alone what it is not about. */
const RETELLINGS: Retelling[] = [oneType, textOptions, plainPattern]

/** At every depth. What it loses is still checked, and is told in words where a model could need it. */
export function listed(schema: Schema): Schema {
  return inside(
    RETELLINGS.reduce((all, retell) => retell(all), schema),
    listed,
  )
}

/** Gemini takes no list of types, and most clients show a model no choice of branches. */
function oneType(schema: Schema): Schema {
  const { type: _, anyOf, ...words } = schema
  if (anyOf === undefined) return schema
  const rank = (branch: Schema) => RANKED.indexOf(branch.type as string)
  const [first, ...others] = anyOf.toSorted((one, other) => rank(one) - rank(other))
  const either = `or ${others.map(phrase).join(', or ')}`
  return withNote({ ...first, ...words, description: words.description ?? first!.description ?? '' }, either)
}

/** Gemini takes options of texts alone, and none that is empty; both are the same on the wire, or left out. */
function textOptions(schema: Schema): Schema {
  const { enum: options, ...rest } = schema
  if (options === undefined) return schema
  if (schema.type === 'boolean') return options.length > 1 ? rest : withNote(rest, `only ${options[0]}`)
  const told = options.filter((option) => option !== '').map((option) => String(option))
  if (told.length === 0) return rest
  const { default: preset, description, title } = rest
  const words = { ...(title !== undefined && { title }), ...(description !== undefined && { description }) }
  const known = preset !== undefined && preset !== '' ? { default: String(preset) as Json } : {}
  return schema.type === 'string'
    ? { ...schema, enum: told }
    : { ...words, ...known, enum: told, type: 'string' }
}

/** What ECMA-262 takes and OpenAI's compiler does not: it answers 400, for the whole list. */
const UNPORTABLE = /\(\?<?[=!]|\(\?<|\\[pP]\{|\\u\{|\\[^\W\d_AbBdDsSwWZafnrtvxu]|\[\^?\]/

function plainPattern(schema: Schema): Schema {
  const { pattern, ...rest } = schema
  const portable = pattern === undefined || !UNPORTABLE.test(pattern.replaceAll('\\\\', ''))
  return portable ? schema : withNote(rest, `matching ${pattern}`)
}

function withNote(schema: Schema, note: string): Schema {
  const said = (schema.description ?? '').replace(/\.$/, '')
  return { ...schema, description: said === '' ? note : `${said} (${note})` }
}
