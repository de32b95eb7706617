/** Servers of parts, each made when it is first called; few are kept, since a stranger may ask for every one of them. */
import { partOf } from '../connector/part.ts'
import { type Bounds, forget } from './forget.ts'
import { createServer, type McpServer } from './server.ts'
import { createViews, type View } from './view.ts'

/** Servers kept, by how many tools they have: each is a few entries in the tables of every server that has it. */
const BOUNDS: Bounds<McpServer> = {
  most: 64,
  heaviest: 50_000,
  weightOf: ({ catalog }) => catalog.tools.length,
}

/** The server of the namespaces in `names`, which are declared ones in their order. */
export function createParts(whole: McpServer): (names: readonly string[]) => McpServer {
  const kept = new Map<string, McpServer>()
  const views = new Map<string, View>()
  const { settings, ports } = whole
  return (names) => {
    const key = names.join(',')
    const known = kept.get(key)
    const server = known ?? createPart(key)
    // What was called last is kept for longest.
    kept.delete(key)
    kept.set(key, server)
    if (!known) forget(kept, BOUNDS)
    return server
  }

  function createPart(key: string): McpServer {
    const catalog = partOf(whole.catalog, key.split(','))
    const own = createViews(catalog, settings, { views, prefix: `${key}/` })
    return { ...createServer(catalog, settings, ports), views: own, whole }
  }
}
