/** Every connection that this process opens and every HTTP request that it makes, as Node itself tells of them. */
import { createHook } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

export interface Watch {
  /** `host:port` of everything that was asked for, with how often, since the watch began. */
  destinations(): Map<string, number>
  stop(): void
}

// biome-ignore lint/suspicious/noExplicitAny: what a channel carries is the publisher's
type Message = any
type Tell = (destination: string) => void

/** By channel: where a message says that something is sent. */
const CHANNELS: Record<string, (message: Message, tell: Tell) => void> = {
  'net.client.socket': ({ socket }, tell) => watchSocket(socket, tell),
  'undici:client:beforeConnect': ({ connectParams: { hostname, port, protocol } }, tell) =>
    tell(`${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`),
  'undici:client:connected': ({ socket }, tell) => tell(`${socket.remoteAddress}:${socket.remotePort}`),
  'undici:request:create': ({ request }, tell) => tell(hostOf(String(request.origin))),
  'http.client.request.start': ({ request }, tell) =>
    tell(hostOf(`${request.protocol}//${request.getHeader('host')}`)),
}

/** Connections as the runtime's own handles name them: TLS over a socket of its own opens no channel on Node 20. */
const HANDLES = ['TCPCONNECTWRAP', 'PIPECONNECTWRAP']

export function startWatch(): Watch {
  const seen = new Map<string, number>()
  const handles: Message[] = []
  const tell: Tell = (destination) => void seen.set(destination, (seen.get(destination) ?? 0) + 1)
  const listeners = Object.entries(CHANNELS).map(([name, read]) => {
    const listener = (message: unknown) => read(message, tell)
    subscribe(name, listener)
    return [name, listener] as const
  })
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (HANDLES.includes(type)) handles.push(resource)
    },
  }).enable()
  return {
    destinations() {
      // Where a handle leads is written on it only after it was made.
      for (const { address, port } of handles.splice(0)) tell(`${address ?? 'a path'}:${port ?? 0}`)
      return new Map(seen)
    },
    stop() {
      hook.disable()
      for (const [name, listener] of listeners) unsubscribe(name, listener)
    },
  }
}

function watchSocket(socket: Socket, tell: Tell): void {
  socket.once('lookup', (error: Error | null, _address, _family, host: string) => {
    if (error) tell(`${host}:?`)
  })
  socket.once('connectionAttempt', (ip: string, port: number) => tell(`${ip}:${port}`))
}

function hostOf(origin: string): string {
  if (!URL.canParse(origin)) return origin
  const { hostname, port, protocol } = new URL(origin)
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`
}
