/** What reaches a tool by another way than its name: `search` and `fetch`, discovery, and URIs under allowed prefixes. */
import { type Address, addressesOf } from '../connector/addresses.ts'
import type { Catalog, Knowledge } from '../connector/catalog.ts'
import type { Json } from '../json.ts'
import { discoveryOffers } from '../mcp/discovery-offers.ts'
import type { Tool } from '../tools/tool.ts'
import type { Call } from './call.ts'
import { argumentsFor, HOSTILE, shown } from './values.ts'

export function* indirectCalls(catalog: Catalog): Generator<Call> {
  for (const source of catalog.knowledge) yield* knowledgeCalls(source, catalog)
  if (catalog.discovery) for (const tool of catalog.tools) yield* discoveryCalls(tool)
  const addresses = catalog.allowPrefixes.length > 0 ? addressesOf(catalog.tools) : []
  for (const opening of openingsOf(catalog))
    for (const address of addresses) yield* addressCalls(opening, address)
}

function* knowledgeCalls({ namespace, list, get, id }: Knowledge, { tools }: Catalog): Generator<Call> {
  const named = (wanted: string) => tools.filter(({ name }) => name === wanted)
  const known = named(get).map((tool) => argumentsFor(tool, [id])[id])[0]
  for (const words of ['audit', ...HOSTILE])
    yield toolCall('search', { query: `${namespace}: ${words}` }, named(list))
  for (const value of [String(known ?? 'audit'), ...HOSTILE])
    yield toolCall('fetch', { id: `${namespace}:${value}` }, named(get))
}

function* discoveryCalls(tool: Tool): Generator<Call> {
  const { find, describe, call } = discoveryOffers
  const least = argumentsFor(tool, tool.inputSchema.required ?? [])
  yield toolCall(find.name, { query: tool.title }, [])
  yield toolCall(describe.name, { tool: tool.name }, [])
  yield toolCall(call.name, { tool: tool.name, arguments: least }, [tool])
}

function toolCall(name: string, args: Record<string, Json>, may: readonly Tool[]): Call {
  return {
    label: `${name} ${shown(JSON.stringify(args))}`,
    method: 'tools/call',
    params: { name, arguments: args },
    may,
  }
}

/** A prefix of the connector's own scheme may name a namespace, which every path of it begins with. */
function openingsOf({ name, allowPrefixes }: Catalog): Set<string> {
  const own = `${name}://`
  return new Set(allowPrefixes.map((prefix) => (prefix.startsWith(own) ? own : prefix)))
}

function* addressCalls(opening: string, { path, tool }: Address): Generator<Call> {
  const read = (uri: string): Call => ({
    label: `resources/read ${shown(uri)}`,
    method: 'resources/read',
    params: { uri },
    may: [tool],
  })
  const filled = (written: (name: string) => string) =>
    opening + path.replace(/\{([^{}]+)\}/g, (_, name: string) => written(name))
  const values = argumentsFor(tool, Object.keys(tool.inputSchema.properties))
  const good = filled((name) => encodeURIComponent(String(values[name] ?? 'a')))
  yield read(good)
  const hostile = path.includes('{') ? HOSTILE : []
  for (const text of hostile) {
    yield read(filled(() => text))
    yield read(filled(() => encodeURIComponent(text)))
  }
  for (const text of HOSTILE) yield read(good + text)
}
