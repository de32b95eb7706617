/** Servers of parts, each made when it is first called; few are kept, since a stranger may ask for every one of them. */
import { partOf } from '../connector/part.ts'
import { createServer, type McpServer } from './server.ts'
import { createViews, type View } from './view.ts'

/** Servers kept, the one that was called last for longest; and the views of all of them together, which weigh more. */
const MOST_SERVERS = 64
/** Tools of all of them: each is a few entries in the tables of every server that has it. */
const MOST_TOOLS = 50_000

/** The server of the namespaces in `names`, which are declared ones in their order. */
export function createParts(whole: McpServer): (names: readonly string[]) => McpServer {
  const kept = new Map<string, McpServer>()
  const views = new Map<string, View>()
  const { settings, ports } = whole
  return (names) => {
    const key = names.join(',')
    const known = kept.get(key)
    const server = known ?? createPart(key)
    kept.delete(key)
    kept.set(key, server)
    if (!known) forget()
    return server
  }

  /** The newest stays, however large it is. */
  function forget(): void {
    let tools = [...kept.values()].reduce((sum, { catalog }) => sum + catalog.tools.length, 0)
    for (const [key, { catalog }] of kept) {
      if (kept.size === 1 || (kept.size <= MOST_SERVERS && tools <= MOST_TOOLS)) return
      kept.delete(key)
      tools -= catalog.tools.length
    }
  }

  function createPart(key: string): McpServer {
    const catalog = partOf(whole.catalog, key.split(','))
    const own = createViews(catalog, settings, { views, prefix: `${key}/` })
    return { ...createServer(catalog, settings, ports), views: own, whole }
  }
}
