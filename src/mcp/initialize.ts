/** The handshake of revisions up to 2025-11-25 (lifecycle), and `ping`; nothing of it is remembered. */
import { type Answer, type Context, paramsOf } from './server.ts'
import { isServed, LATEST_LEGACY, LEGACY } from './versions.ts'

/** Echoes a revision that we know and offers the latest of this era otherwise; never a modern one, never an error. */
export function initialize({ server, caller, call, entry }: Context): Answer {
  const asked = paramsOf(call).protocolVersion
  const protocolVersion = typeof asked === 'string' && isServed(asked, LEGACY) ? asked : LATEST_LEGACY
  entry.version = protocolVersion
  const { name, title, version } = server.info
  const offers = protocolVersion >= (server.catalog.offersSince ?? protocolVersion)
  const members = {
    protocolVersion,
    capabilities: offers ? server.capabilities : { tools: {} },
    serverInfo: protocolVersion >= '2025-06-18' ? { name, title, version } : { name, version },
    instructions: server.views(caller).instructions,
  }
  return { members: [JSON.stringify(members).slice(1, -1)] }
}

export function ping(): Answer {
  return { members: [] }
}
