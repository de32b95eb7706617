/** A site beside ours, on a socket of its own: the application that people come back to, or a stranger's. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Site {
  origin: string
  /** Every address that was asked for, in order, but for icons. */
  visits: URL[]
  close(): void
}

/**
 * Answers every path with a page titled `title`, and `/bounce?to=` with a redirect. `localhost` and `127.0.0.1` are two
 * sites, whatever their ports; two ports of one are two origins of one site.
 */
export async function startSite(host: 'localhost' | '127.0.0.1', title: string): Promise<Site> {
  const visits: URL[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url!, `http://${host}`)
    if (url.pathname !== '/favicon.ico') visits.push(url)
    const to = url.pathname === '/bounce' ? url.searchParams.get('to') : null
    if (to !== null) response.writeHead(302, { location: to }).end()
    else response.setHeader('content-type', 'text/html').end(`<!doctype html><title>${title}</title><body>`)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    visits,
    close: () => void server.close().closeAllConnections(),
  }
}
