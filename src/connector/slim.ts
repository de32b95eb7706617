/** A tool small enough for the client that takes least: ChatGPT refuses one whose definition has 5,000 tokens. */
import { inside, type Schema } from '../json.ts'
import type { Tool } from '../tools/tool.ts'

/** Bytes of name, description and schema as JSON. A token is 2.2 bytes at the least that public documents show. */
const MOST_BYTES = 11_000
/** Claude Code cuts a description at 2 KiB. */
const MOST_DESCRIPTION_BYTES = 2000

type Slimming = (argument: Schema) => Schema

/** In this order, each only where those before it were not enough: words inside, then words, then options, then all that has no bounds. */
const STEPS: Slimming[] = [
  (schema) => within(schema, (inner) => shortened(inner, 120)),
  (schema) => shortened(fewer(schema, 100), 400),
  (schema) => within(schema, (inner) => shortened(inner, 0)),
  (schema) => shortened(fewer(schema, 40), 200),
  (schema) => within(schema, ({ type }) => outline(type)),
  (schema) => shortened(fewer(schema, 10), 100),
  (schema) => bare(fewer(schema, 0)),
]

/** `lost` are the optional arguments that are left out where nothing else was enough. */
export function slim(tool: Tool): { tool: Tool; lost: string[] } {
  let slimmed = { ...tool, description: cutBytes(tool.description, MOST_DESCRIPTION_BYTES) }
  for (const step of STEPS) {
    if (size(slimmed) <= MOST_BYTES) return { tool: slimmed, lost: [] }
    slimmed = withArguments(slimmed, (properties) => properties.map(([name, schema]) => [name, step(schema)]))
  }
  return fewest(slimmed)
}

/** The tool with arguments that Lectern adds, as far as there is room for them; what can be done without goes first. */
export function withOwn(
  tool: Tool,
  properties: Record<string, Schema>,
  accepts: Record<string, Schema>,
): Tool {
  const { inputSchema } = tool
  for (let added = Object.entries(properties); ; added = added.slice(1)) {
    const all = { ...inputSchema.properties, ...Object.fromEntries(added) }
    const whole = { ...tool, inputSchema: { ...inputSchema, properties: all } }
    if (added.length > 0 && size(whole) > MOST_BYTES) continue
    const names = added.map(([name]) => name)
    const full = Object.entries(accepts).filter(([name]) => names.includes(name))
    const more = full.length > 0 ? { accepts: { ...tool.accepts, ...Object.fromEntries(full) } } : {}
    return withAsks({ ...whole, ...more }, names)
  }
}

function withAsks(tool: Tool, kept: string[]): Tool {
  const { summary, ...answering } = tool.answering!
  const asks = Object.fromEntries(Object.entries(answering.asks).filter(([, name]) => kept.includes(name)))
  return {
    ...tool,
    answering: { ...answering, ...(summary && asks.fields !== undefined && { summary }), asks },
  }
}

/** The required arguments and as many of the others, in the document's order, as there is room for beside them. */
function fewest(tool: Tool): { tool: Tool; lost: string[] } {
  const { properties } = tool.inputSchema
  const required = new Set(tool.inputSchema.required)
  const lost = new Set<string>()
  const cost = (name: string) => bytes(JSON.stringify([name, properties[name]]))
  const fixed = [...required].reduce((sum, name) => sum + cost(name), 0)
  let left = MOST_BYTES - size(withArguments(tool, () => [])) - fixed - 100
  const fitting = withArguments(tool, (all) =>
    all.filter(([name]) => {
      if (required.has(name)) return true
      const fits = cost(name) <= left
      if (fits) left -= cost(name)
      else lost.add(name)
      return fits
    }),
  )
  if (lost.size === 0) return { tool: fitting, lost: [] }
  const description = `${fitting.description} (${lost.size} further arguments of the API are left out.)`
  return { tool: { ...withoutArguments(fitting, lost), description }, lost: [...lost] }
}

/** Nothing takes them, and no object with members of any name may write them. */
function withoutArguments(tool: Tool, lost: ReadonlySet<string>): Tool {
  const { parameters, accepts, withheld = [] } = tool
  const gone = parameters.filter(({ argument }) => lost.has(argument))
  const hidden = gone
    .filter((each) => /^(query|cookie)$/.test(each.in))
    .map((each) => `${each.in} ${each.name}`)
  return {
    ...tool,
    parameters: parameters.filter(({ argument }) => !lost.has(argument)),
    ...(accepts && {
      accepts: Object.fromEntries(Object.entries(accepts).filter(([argument]) => !lost.has(argument))),
    }),
    ...(hidden.length > 0 && { withheld: [...withheld, ...hidden] }),
  }
}

type Properties = [name: string, schema: Schema][]

function withArguments(tool: Tool, change: (properties: Properties) => Properties): Tool {
  const properties = Object.fromEntries(change(Object.entries(tool.inputSchema.properties)))
  return { ...tool, inputSchema: { ...tool.inputSchema, properties } }
}

function size({ name, description, inputSchema }: Tool): number {
  return bytes(JSON.stringify({ name, description, inputSchema }))
}

const encoder = new TextEncoder()

function bytes(text: string): number {
  return encoder.encode(text).byteLength
}

/** Every schema inside `schema`, but not itself. */
function within(schema: Schema, change: Slimming): Schema {
  return inside(schema, (inner) => change(within(inner, change)))
}

function outline(type: Schema['type']): Schema {
  return { ...(type && { type }), ...(type === 'array' && { items: { type: 'string' } }) }
}

/** Limits stand in brackets at the end, where some clients drop their keywords; they stay, and all that stays where `longest` is 0. */
const LIMITS = / ?\([^()]{1,150}\)\.?$/

function shortened({ description = '', ...schema }: Schema, longest: number): Schema {
  const [limits = ''] = LIMITS.exec(description) ?? []
  const words = description.slice(0, description.length - limits.length)
  const kept =
    longest === 0 ? limits.trim() : `${cutText(words, Math.max(longest - limits.length, 30))}${limits}`
  return kept === '' ? schema : { ...schema, description: kept }
}

/** Without what may be of any length; the members that it lists stay, since those are what it takes. */
function bare({
  title: _,
  description: _words,
  default: _preset,
  pattern: _pattern,
  ...schema
}: Schema): Schema {
  return schema
}

/** Of more than `most` options none is listed; the first of them show what they look like. */
function fewer(schema: Schema, most: number): Schema {
  const { enum: options, ...rest } = schema
  const inner = schema.items === undefined ? {} : { items: fewer(schema.items, most) }
  if (options === undefined || options.length <= most) return { ...schema, ...inner }
  const shown = options.slice(0, 5).map((option) => JSON.stringify(option))
  const told = `one of ${options.length} values, such as ${shown.join(', ')}`
  return { ...rest, ...inner, description: schema.description ? `${told}: ${schema.description}` : told }
}

/** At most `longest` characters, at the end of a sentence where there is one in the second half, else of a word. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text
  const start = text.slice(0, longest - 1)
  const sentence = Math.max(start.lastIndexOf('. '), start.lastIndexOf('.\n'))
  if (sentence > longest / 2) return start.slice(0, sentence + 1)
  const word = start.search(/\s\S*$/)
  return `${start
    .slice(0, word > longest / 2 ? word : undefined)
    .toWellFormed()
    .trimEnd()}…`
}

/** At most `most` bytes; a character that would not fit whole is not begun. */
function cutBytes(text: string, most: number): string {
  const encoded = encoder.encode(text)
  if (encoded.byteLength <= most) return text
  const start = new TextDecoder().decode(encoded.subarray(0, most - bytes('…')), { stream: true })
  return cutText(text, start.length + 1)
}
