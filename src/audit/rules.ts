/** What must hold for each request that reaches the upstream, as a table; each rule tells what it found otherwise. */
import { decodedPart } from '../syntax.ts'
import type { Tool } from '../tools/tool.ts'
import type { Recorded } from './recorder.ts'
import { PLANTED } from './values.ts'

/** The call that was under way, and where its requests belong. */
export interface Expected {
  /** Base URL of the upstream. */
  base: URL
  may: readonly Tool[]
  /** Credential of this call; absent where it has none of its own. */
  credential?: string | undefined
}

/** What the report says of each check, in the order in which it does. */
export const CHECKS = {
  method: 'Every request is a GET',
  body: 'No request has a body',
  origin: 'Every request goes to the one origin of the upstream',
  path: 'Every path below the base URL is that of the called tool’s operation, its variables filled in',
  place: 'No value leaves its place: none becomes another parameter, header, fragment or request',
  credential: 'No request carries the credential of another call',
  redirect: 'No redirect is followed off the origin, and nothing is sent where it points',
  sockets: 'No connection is opened to anywhere but the upstream',
  asked: 'Every tool reached the upstream, so that all of this was seen of it',
} as const

export type Check = keyof typeof CHECKS

type Rule = (request: Recorded, expected: Expected) => string | undefined

const RULES: Partial<Record<Check, Rule>> = {
  method: ({ method }) => (method === 'GET' ? undefined : `${method.slice(0, 40)} was sent`),
  body: ({ bodyBytes, headers }) => {
    const announced = headers.find(([name]) => /^(content-length|transfer-encoding)$/i.test(name))
    if (bodyBytes > 0) return `${bodyBytes} bytes of body were sent`
    return announced && announced[1] !== '0' ? `${announced.join(': ')} was sent` : undefined
  },
  origin: ({ target, headers }, { base }) => {
    const hosts = headers.filter(([name]) => name.toLowerCase() === 'host').map(([, value]) => value)
    if (!target.startsWith('/')) return `the target is ${target.slice(0, 100)}`
    return hosts.join() === base.host ? undefined : `Host is ${hosts.join(' and ')}`
  },
  path: ({ target }, { base, may }) => {
    const [path = ''] = target.split('?')
    if (path.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part))) return `the path is ${path}`
    if (may.some((tool) => templateOf(tool, base).test(target))) return undefined
    return `${path.slice(0, 200)} is none of ${may.map(({ path }) => path).join(', ') || 'nothing'}`
  },
  place: ({ target, headers, head }) => {
    const pairs = target.split('?').slice(1).join('?').split('&')
    const named = pairs.find((pair) => nameOf(pair).trim() === PLANTED)
    if (named !== undefined) return `the query has a pair ${named.slice(0, 100)}`
    if (headers.some(([name]) => name.trim() === PLANTED)) return `a header ${PLANTED} was sent`
    if (target.includes('#')) return 'the target has a fragment'
    return /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(head) ? 'the head has control characters' : undefined
  },
  credential: ({ head }, { credential }) => {
    const others = (head.match(CREDENTIAL) ?? []).filter((each) => !credential?.endsWith(each))
    if (others.length > 0) return `it carries ${others[0]}, which is of another call`
    const carries = credential === undefined || head.includes(credential)
    return carries ? undefined : 'it does not carry the credential of its call'
  },
}

/** A pair's name, as an upstream reads it. */
function nameOf(pair: string): string {
  const name = pair.split('=')[0]!
  return decodedPart(name) ?? name
}

/** The credential of the call of that number. */
export function credentialOf(call: number): string {
  return `lectern_audit_${String(call).padStart(7, '0')}`
}

const CREDENTIAL = /lectern_audit_\d{7}/g

/** Every rule that the request breaks, and how. */
export function violations(request: Recorded, expected: Expected): { check: Check; told: string }[] {
  return Object.entries(RULES).flatMap(([check, rule]) => {
    const told = rule(request, expected)
    return told === undefined ? [] : [{ check: check as Check, told }]
  })
}

const templates = new WeakMap<Tool, RegExp>()

/** Fits each target of the tool's operation: its path with a value of one segment in each variable, and then a query. */
function templateOf(tool: Tool, base: URL): RegExp {
  const known = templates.get(tool)
  if (known) return known
  const variable = 'lecternvariable'
  const root = tool.atOrigin ? '' : base.pathname.replace(/\/$/, '')
  const url = new URL(root + tool.path.replace(/\{[^{}]+\}/g, variable), base.origin)
  const [path, query] = [url.pathname, url.search].map((part) =>
    part
      .split(variable)
      .map(escaped)
      .join(part === url.search ? '[^&#]*' : '[^/?#]+'),
  )
  const made = new RegExp(query === '' ? `^${path}(\\?|$)` : `^${path}${query}(&|$)`)
  templates.set(tool, made)
  return made
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
