/** From checked arguments to the one GET; values are placed here and nowhere else. */
import { type Json, own } from '../json.ts'
import { ambiguity, headerValue, pairs, pathSegment, percentEncode } from './serialize.ts'
import type { Arguments, Parameter, Plan, Tool } from './tool.ts'

export type Planned = { ok: true; plan: Plan } | { ok: false; problem: string }

/** Places every argument. A problem names the argument that cannot be sent and why. */
export function plan(tool: Tool, args: Arguments): Planned {
  const filled = new Map<string, string>()
  const query: string[] = []
  const cookies: string[] = []
  const headers: Record<string, string> = { accept: tool.accept }
  for (const parameter of tool.parameters) {
    const value = own(args, parameter.argument)
    if (value === undefined) continue
    const problem = place(parameter, value, { filled, query, cookies, headers })
    if (problem !== undefined) return { ok: false, problem: `${parameter.argument} ${problem}` }
  }
  const unfilled = tool.parameters.find(({ in: where, name }) => where === 'path' && !filled.has(name))
  if (unfilled) return { ok: false, problem: `${unfilled.argument} is required` }
  const path = tool.path.replace(/\{([^{}]+)\}/g, (_, name: string) => filled.get(name) ?? '')
  const climbing = path
    .split('?')[0]!
    .split('/')
    .find((segment) => /^(\.|%2e){1,2}$/i.test(segment))
  if (climbing !== undefined) return { ok: false, problem: 'the path would climb out of its place' }
  if (cookies.length > 0) headers.cookie = cookies.join('; ')
  const target = query.length > 0 ? `${path}${path.includes('?') ? '&' : '?'}${query.join('&')}` : path
  return { ok: true, plan: { target, headers, ...(tool.atOrigin && { atOrigin: true }) } }
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
  try {
    return percentEncode(decodeURIComponent(name.replaceAll('+', ' ')))
  } catch {
    return name
  }
}

interface Places {
  filled: Map<string, string>
  query: string[]
  cookies: string[]
  headers: Record<string, string>
}

/** Puts one value in its place, or says why it cannot go there. */
function place(parameter: Parameter, value: Json, places: Places): string | undefined {
  const unclear = ambiguity(parameter, value)
  if (unclear !== undefined) return unclear
  switch (parameter.in) {
    case 'path': {
      const segment = pathSegment(parameter, value)
      if (/^(;[^=]*=)?$/.test(segment)) return 'must not be empty: it is part of the address'
      if (value === '.' || value === '..')
        return `must not be ${JSON.stringify(value)}: it is part of the address`
      places.filled.set(parameter.name, segment)
      return undefined
    }
    case 'query':
    case 'querystring':
      places.query.push(...pairs(parameter, value))
      return undefined
    case 'cookie':
      places.cookies.push(...pairs(parameter, value))
      return undefined
    case 'header': {
      const header = headerValue(parameter, value)
      if (!/^[\x20-\x7e]*$/.test(header)) return 'must be printable ASCII: it is sent as a header'
      places.headers[parameter.name.toLowerCase()] = header.trim()
    }
  }
  return undefined
}
