/** What `resources/read` takes beyond the templates: a URI under a declared prefix, which names one tool and its arguments. */
import { addressesOf } from '../connector/addresses.ts'
import type { Catalog } from '../connector/catalog.ts'
import { decodedPart } from '../syntax.ts'
import type { Arguments, Tool } from '../tools/tool.ts'
import { URI } from '../tools/uri-template.ts'

/** Characters of a URI that is looked at, and arguments in its query. */
const LONGEST = 2000
const MOST_PAIRS = 50

const PARTS = /^([^:]*):\/\/([^/?]*)(\/[^?]*)?(\?.*)?$/

/** A URI as it is compared: `origin` in lower case, and each segment decoded once. */
interface Place {
  origin: string
  segments: string[]
  query: string | undefined
}

/** The tool that a URI under one of the prefixes names, and the arguments that it spells; undefined for every other URI. */
export function createLookup({ name, allowPrefixes, namespaces, tools }: Catalog) {
  if (allowPrefixes.length === 0) return () => undefined
  const own = `${name}:`
  // A namespace stands where a URI has its host, whose case some URL parsers fold.
  const spelled = new Map(namespaces.map((each) => [each.name.toLowerCase(), each.name]))
  const addresses = addressesOf(tools).map(({ path, tool }) => ({ steps: path.split('/'), tool }))
  const prefixes = allowPrefixes.map((prefix) => placeOf(prefix.replace(/\/+$/, ''), own, spelled)!)
  return (uri: string): { tool: Tool; args: Arguments } | undefined => {
    const place = placeOf(uri, own, spelled)
    const prefix = place && prefixes.find((each) => isUnder(place, each))
    if (!place || !prefix) return undefined
    const segments = place.origin === own ? place.segments : place.segments.slice(prefix.segments.length)
    for (const { steps, tool } of addresses) {
      const values = valuesOf(steps, segments)
      const args = values && withQuery(values, place.query)
      if (values) return args && { tool, args }
    }
    return undefined
  }
}

/** In the connector's own scheme all of it is path; elsewhere the host is a part of the prefix. */
function placeOf(uri: string, own: string, spelled: ReadonlyMap<string, string>): Place | undefined {
  const isBare = uri === `${own}//` || uri === own
  if (isBare) return { origin: own, segments: [], query: undefined }
  const [, scheme = '', authority = '', path = '', query] =
    uri.length <= LONGEST && URI.test(uri) ? (PARTS.exec(uri) ?? []) : []
  const isOwn = `${scheme.toLowerCase()}:` === own
  const written = isOwn ? [authority, ...path.split('/').slice(1)] : path.split('/').slice(1)
  const segments = written.map(segment)
  if (scheme === '' || !segments.every((each) => each !== undefined)) return undefined
  if (!isOwn) return { origin: `${scheme}://${authority}`.toLowerCase(), segments, query }
  const [first = '', ...rest] = segments
  return { origin: own, segments: [spelled.get(first.toLowerCase()) ?? first, ...rest], query }
}

/** What a server behind us could take for another place: separators, dots, controls, and what is encoded once more. */
const LEADS_AWAY = /^$|^\.+(?:;|$)|[/\\?#\x00-\x1f\x7f-\x9f]|%[0-9a-f]{2}/i

/** One segment, decoded once; undefined where it is broken or leads away, also in letters that only look so (NFKC). */
function segment(written: string): string | undefined {
  const decoded = decodedPart(written)
  return decoded === undefined || LEADS_AWAY.test(decoded) || LEADS_AWAY.test(decoded.normalize('NFKC'))
    ? undefined
    : decoded
}

function isUnder({ origin, segments }: Place, prefix: Place): boolean {
  return origin === prefix.origin && prefix.segments.every((each, at) => each === segments[at])
}

/** The values of a path's variables; undefined where the segments are of another path. */
function valuesOf(steps: string[], segments: string[]): Map<string, string> | undefined {
  if (steps.length !== segments.length) return undefined
  const values = new Map<string, string>()
  for (const [at, step] of steps.entries()) {
    const variable = /^\{(.+)\}$/.exec(step)?.[1]
    if (variable !== undefined) values.set(variable, segments[at]!)
    else if (step !== segments[at]) return undefined
  }
  return values
}

/** Further arguments, each pair decoded once; a name that comes again makes a list, and what the path says is said. */
function withQuery(values: ReadonlyMap<string, string>, query: string | undefined): Arguments | undefined {
  const args = new Map<string, string | string[]>(values)
  const pairs = query?.slice(1).split('&', MOST_PAIRS + 1) ?? []
  if (pairs.length > MOST_PAIRS) return undefined
  for (const pair of pairs) {
    const [name, value] = (/^([^=]+)=(.*)$/s.exec(pair) ?? []).slice(1).map(decodedPart)
    if (name === undefined || value === undefined || values.has(name)) return undefined
    const earlier = args.get(name)
    args.set(name, earlier === undefined ? value : [earlier, value].flat())
  }
  return Object.fromEntries(args)
}
