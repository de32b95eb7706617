/** From checked arguments to the one GET; values are placed here and nowhere else. */

import { type Json, own } from '../json.ts'
import { decodedPart } from '../syntax.ts'
import { type Claims, claim } from './claims.ts'
import { contentText } from './content.ts'
import { cookiePairs, headerValue } from './header.ts'
import { renamed } from './members.ts'
import { type Filling, fillPath, pathText } from './path.ts'
import { queryPairs } from './query.ts'
import { Inexpressible, percentEncode } from './serialize.ts'
import { type Arguments, type Parameter, type Plan, schemaOf, type Tool } from './tool.ts'

export type Planned = { ok: true; plan: Plan } | { ok: false; problem: string }

/** Places every argument. A problem names the argument that cannot be sent, why, and what to do. */
export function plan(tool: Tool, args: Arguments): Planned {
  const places: Places = { path: new Map(), query: [], cookies: [], headers: new Map(), claims: new Map() }
  let subject = ''
  try {
    for (const parameter of tool.parameters) {
      const value = own(args, parameter.argument)
      if (value === undefined) continue
      subject = `${parameter.argument} `
      place(parameter, value, places, tool)
    }
    subject = ''
    const unfilled = tool.parameters.find(({ in: where, name }) => where === 'path' && !places.path.has(name))
    if (unfilled) return { ok: false, problem: `${unfilled.argument} is required` }
    return { ok: true, plan: planned(tool, places) }
  } catch (error) {
    if (error instanceof Inexpressible) return { ok: false, problem: subject + error.message }
    throw error
  }
}

function planned(tool: Tool, { path, query, whole, cookies, headers }: Places): Plan {
  if (whole && query.length > 0)
    throw new Inexpressible('one argument is the whole query: it cannot be sent beside others of the query')
  const filled = fillPath(tool.path, path)
  const search = whole || query.join('&')
  if (cookies.length > 0) headers.set('cookie', cookies.join('; '))
  return {
    target: search === '' ? filled : `${filled}${filled.includes('?') ? '&' : '?'}${search}`,
    ...(tool.atOrigin && { atOrigin: true as const }),
    headers: { accept: tool.accept, ...Object.fromEntries(headers) },
  }
}

interface Places {
  path: Map<string, Filling>
  query: string[]
  cookies: string[]
  headers: Map<string, string>
  /** What a parameter that is the whole query wrote. */
  whole?: string
  claims: Claims
}

function place(parameter: Parameter, given: Json, places: Places, tool: Tool): void {
  const { content, members, argument } = parameter
  const schema = schemaOf(tool, argument) ?? {}
  const value =
    content === undefined ? renamed(given, members) : contentText(content, given, parameter, schema)
  const names = PLACES[parameter.in](parameter, value, places, schema.enum !== undefined)
  for (const name of new Set(names)) claim(name, parameter, places.claims, tool)
}

/** Puts a value in its place and tells the names that it wrote there, spelled as they are sent. */
const PLACES: Record<
  Parameter['in'],
  (parameter: Parameter, value: Json, places: Places, listed: boolean) => string[]
> = {
  path(parameter, value, { path }, listed) {
    const { text, names } = pathText(parameter, value)
    path.set(parameter.name, { parameter, text, listed })
    return names
  },
  query(parameter, value, { query }) {
    const pairs = queryPairs(parameter, value)
    query.push(...pairs.map(([name, text]) => `${name}=${text}`))
    return pairs.map(([name]) => name)
  },
  querystring({ content }, value, places) {
    const text = String(value)
    places.whole = content === 'application/x-www-form-urlencoded' ? text : percentEncode(text)
    return []
  },
  cookie(parameter, value, { cookies }) {
    const pairs = cookiePairs(parameter, value)
    cookies.push(...pairs.map(([name, text]) => `${name}=${text}`))
    return pairs.map(([name]) => name)
  },
  header(parameter, value, { headers }) {
    const line = headerValue(parameter, value)
    if (line === undefined) return []
    const name = parameter.name.toLowerCase()
    headers.set(name, line)
    return [name]
  },
}

/** `url` with the pairs of a credential, in place of any that an argument or a redirect gave the same name. */
export function credentialed(url: URL, credential: Record<string, string>): URL {
  const entries = Object.entries(credential)
  if (entries.length === 0) return url
  const names = new Set(entries.map(([name]) => percentEncode(name)))
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !names.has(spelledAlike(pair.split('=')[0]!)))
  const added = entries.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
  const next = new URL(url)
  next.search = [...kept, ...added].join('&')
  return next
}

/** A query's name in our own spelling, however it was escaped. */
function spelledAlike(name: string): string {
  const plain = decodedPart(name.replaceAll('+', ' '))
  return plain === undefined ? name : percentEncode(plain)
}
