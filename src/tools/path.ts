/** Path templates (OpenAPI 3.2.0, 4.8.2): filled so that each value stays in its segment and can be told from its neighbours. */
import type { Json } from '../json.ts'
import { Inexpressible, LAYOUTS, type Pair, percentEncode, write } from './serialize.ts'
import type { Parameter } from './tool.ts'

/** What stands in place of a template's `{name}`. */
export interface Filling {
  parameter: Parameter
  text: string
  /** True where the document lists the values, such as `.json`: a reader looks for those. */
  listed: boolean
}

/** The value as a path writes it, and the names that it wrote. RFC 6570 (3.2.7): `;name` where a value is empty. */
export function pathText(parameter: Parameter, value: Json): { text: string; names: string[] } {
  const { opening, exploded } = LAYOUTS[parameter.style]
  const pairs = write(parameter, value, percentEncode)
  const text = pairs.map(written).join(exploded)
  if (pairs.length === 0 || opening + text === '')
    throw new Inexpressible('must not be empty: it is part of the address')
  return {
    text: opening + text,
    names: pairs.flatMap(([name]) => (name === undefined ? [] : [percentEncode(name)])),
  }
}

function written([name, text]: Pair): string {
  if (name === undefined) return text
  return text === '' ? percentEncode(name) : `${percentEncode(name)}=${text}`
}

/** The path with every `{name}` filled, and those of the query that may end it. */
export function fillPath(template: string, fillings: ReadonlyMap<string, Filling>): string {
  const [path = '', ...query] = template.split(/\?(?![^{}]*\})/)
  const segments = path
    .split(/\/(?![^{}]*\})/)
    .map((segment) => fillSegment(segment.split(/\{([^{}]+)\}/), fillings))
  const search = query.join('?').replace(/\{([^{}]+)\}/g, (_, name: string) => fillings.get(name)!.text)
  return query.length > 0 ? `${segments.join('/')}?${search}` : segments.join('/')
}

/** What URL parsers fold (WHATWG URL, 4.2): `%2e` counts as a dot. */
const DOTS = /^(\.|%2e){1,2}$/i

/** `parts` are literals, and every second one a name. */
function fillSegment(parts: string[], fillings: ReadonlyMap<string, Filling>): string {
  const filled = parts.map((part, at) => (at % 2 === 0 ? part : fillings.get(part)!.text)).join('')
  const who = parts.filter((_, at) => at % 2 === 1).map((name) => fillings.get(name)!.parameter.argument)
  const subject = who.join(' and ')
  if (DOTS.test(filled)) {
    const problem = `would make the path segment ${JSON.stringify(filled)}, which leads out of its place in the address`
    throw new Inexpressible(`${subject === '' ? 'the path' : subject} ${problem}; give another value`)
  }
  if (who.length > 1 && !isClear(parts, fillings))
    throw new Inexpressible(
      `${subject} stand side by side in the address, where these values could be read in several ways; give other values`,
    )
  return filled
}

/**
 * True where the values of one segment can be read in one way only. A matrix value begins with a semicolon, which no
 * other value holds, and is told by its name; the others are told by what stands between them.
 */
function isClear(segment: string[], fillings: ReadonlyMap<string, Filling>): boolean {
  const parts = withListed(segment, fillings)
  let run = ''
  let separators: string[] = []
  for (let at = 1; at < parts.length; at += 2) {
    const { parameter, text } = fillings.get(parts[at]!)!
    const before = parts[at - 1]!
    if (at === 1 || parameter.style === 'matrix') {
      if (!isOneCut(run, separators)) return false
      run = text.slice(LAYOUTS[parameter.style].opening.length)
      separators = []
    } else {
      run += before + text
      separators.push(before + LAYOUTS[parameter.style].opening)
    }
  }
  return isOneCut(run, separators)
}

/** Listed values count as literals: what stands around them is told by them. */
function withListed(segment: string[], fillings: ReadonlyMap<string, Filling>): string[] {
  const parts = [segment[0]!]
  for (let at = 1; at < segment.length; at += 2) {
    const { listed, text } = fillings.get(segment[at]!)!
    const after = segment[at + 1]!
    if (listed) parts.push(parts.pop()! + text + after)
    else parts.push(segment[at]!, after)
  }
  return parts
}

/** True where the first place that each separator can have is also its last. */
function isOneCut(text: string, separators: string[]): boolean {
  let from = 0
  const first = separators.map((separator) => {
    const at = text.indexOf(separator, from)
    from = at + separator.length
    return at
  })
  let to = text.length
  const last = separators.toReversed().map((separator) => {
    to = text.lastIndexOf(separator, to - separator.length)
    return to
  })
  return first.every((at, index) => at === last[separators.length - 1 - index])
}
