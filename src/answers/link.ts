/** The address of the next page (RFC 8288), and the arguments that write it. */
import { own } from '../json.ts'
import { decodedPart } from '../syntax.ts'
import type { Arguments, Tool } from '../tools/tool.ts'

/** Longest header that is read, in characters. */
const LONGEST_LINK = 8192
/** A target, or a parameter with its value, which may be quoted and hold anything then. */
const PARTS = /<([^>]*)>|;\s*([\w!#$&+.^`|~*-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g

/** The target of the link whose first `rel` names `next`. */
export function linkOf(header: string): string | undefined {
  let target: string | undefined
  let hasRel = false
  for (const [, address, name, quoted, plain] of header.slice(0, LONGEST_LINK).matchAll(PARTS)) {
    if (address !== undefined) {
      target = address
      hasRel = false
    } else if (target !== undefined && !hasRel && name!.toLowerCase() === 'rel') {
      hasRel = true
      if ((quoted ?? plain ?? '').toLowerCase().split(/\s+/).includes('next')) return target
    }
  }
  return undefined
}

/** What was asked, below the base URL. */
interface From {
  tool: Tool
  args: Arguments
  target: string
}

/** Undefined where the address asks for something that no argument can say, for another operation, or for the same again. */
export function argumentsOf(address: string, { tool, args, target }: From): Arguments | undefined {
  const base = 'https://upstream.invalid'
  if (!URL.canParse(address, base + target)) return undefined
  const asked = new URL(base + target)
  const next = new URL(address, asked)
  if (!next.pathname.endsWith(asked.pathname)) return undefined
  const before = valuesOf(asked)
  const changed: Arguments = {}
  for (const [name, values] of valuesOf(next)) {
    if (isWithheld(name, tool) || String(values) === String(before.get(name) ?? [])) continue
    const parameter = tool.parameters.find((each) => each.in === 'query' && each.name === name)
    if (!parameter || values.length !== 1 || parameter.content !== undefined) return undefined
    changed[parameter.argument] = values[0]!
  }
  const moves = Object.entries(changed).some(([name, value]) => String(own(args, name)) !== value)
  return moves ? changed : undefined
}

/** Some upstreams repeat the credential in it, which is added to the next call too, and is nobody's to see. */
function isWithheld(name: string, { withheld = [] }: Tool): boolean {
  return withheld.some((each) => each.toLowerCase() === `query ${name.toLowerCase()}`)
}

function valuesOf({ search }: URL): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const pair of search.slice(1).split('&').slice(0, 200)) {
    const [name = '', value = ''] = pair
      .split(/=(.*)/s)
      .map((part) => decodedPart(part.replaceAll('+', ' ')) ?? part)
    if (name !== '') found.set(name, [...(found.get(name) ?? []), value])
  }
  return found
}
