/** The connector and its parts: which server answers at a path, and what is said where no part has that address. */
import { readPart } from './access/parts.ts'
import type { Catalog } from './connector/catalog.ts'
import { namespacesOf } from './connector/part.ts'
import { createParts } from './mcp/parts.ts'
import { createServer, type McpServer } from './mcp/server.ts'
import type { LogEntry, Ports } from './ports.ts'
import type { Settings } from './settings.ts'

/** What makes the server for a request, once its caller is let in; or the answer where there is none. */
export type Address = (request: Request, entry: LogEntry) => (() => McpServer) | Response

export function createAddresses(
  catalog: Catalog,
  settings: Settings,
  ports: Ports,
): { whole: Address; part: Address } {
  const server = createServer(catalog, settings, ports)
  const serverOf = createParts(server)
  const namespaces = namespacesOf(catalog)
  const [first = ''] = namespaces.keys()
  return {
    whole: () => () => server,
    part(request, entry) {
      // As it was sent: the router decodes, and an address that is spelled in two ways would be two audiences.
      const reading = readPart(new URL(request.url).pathname, namespaces)
      if (reading === undefined || !('names' in reading)) {
        const { fault, path } = reading ?? { fault: 'Nothing is here' }
        return refuse(fault, path, settings.publicUrl ?? '', `/n/${first}/mcp`)
      }
      // Made of declared names alone, so that it may stand in the log.
      entry.path = reading.path
      return () => serverOf(reading.names)
    },
  }
}

function refuse(fault: string, path: string | undefined, origin: string, example: string): Response {
  const told =
    path === undefined
      ? { error: `${fault}. The address of a part looks like ${example}; that of everything is /mcp.` }
      : { error: `${fault}: ${path}`, address: `${origin}${path}` }
  return Response.json(told, { status: 404, headers: { 'cache-control': 'no-store' } })
}
