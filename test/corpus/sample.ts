/** Calls of a tool, made from its own schema: whether each argument can be sent, and where to. */
import type { Json, Schema } from '../../src/json.ts'
import { plan } from '../../src/tools/plan.ts'
import type { Tool } from '../../src/tools/tool.ts'

/** Why a call cannot be sent below `server`, with the required arguments and at most one other; or undefined. */
export function whyStuck(tool: Tool, server: string): string | undefined {
  const { properties, required = [] } = tool.inputSchema
  const least = required.map((name) => [name, sample(properties[name]!)] as const)
  const others = Object.entries(properties).filter(([name]) => !required.includes(name))
  const calls = [least, ...others.map(([name, schema]) => [...least, [name, sample(schema)] as const])]
  return calls.map((args) => wrong(tool, Object.fromEntries(args), server)).find(Boolean)
}

function wrong(tool: Tool, args: Record<string, Json>, server: string): string | undefined {
  const planned = plan(tool, args)
  if (!planned.ok) return planned.problem
  const { target, atOrigin, headers } = planned.plan
  const base = new URL(server || 'https://document.invalid')
  const written = `${atOrigin ? base.origin : base.href.replace(/\/$/, '')}${target}`
  if (/[{}#\s]/.test(target)) return `the address is ${target}`
  if (!URL.canParse(written) || new URL(written).origin !== base.origin) return `the address is ${written}`
  const odd = Object.keys(headers).find((name) => !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name))
  return odd === undefined ? undefined : `the header is called ${JSON.stringify(odd)}`
}

/** A value of the schema's type; what a pattern or a length asks for is left to the upstream. */
function sample(schema: Schema): Json {
  if (schema.enum !== undefined) return schema.enum.find((value) => value !== '') ?? ''
  if (schema.anyOf !== undefined) return sample(schema.anyOf[0]!)
  const [type] = [schema.type ?? 'string'].flat()
  if (type === 'array') return [sample(schema.items ?? {})]
  if (type !== 'object') return SAMPLES[type!] ?? 'x'
  const members = Object.entries(schema.properties ?? { x: {} }).map(([name, member]) => [
    name,
    sample(member),
  ])
  return Object.fromEntries(members) as Json
}

const SAMPLES: Record<string, Json> = { integer: 1, number: 1, boolean: true, null: null }
