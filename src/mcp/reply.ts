/** Answers as JSON-RPC 2.0 on HTTP; results arrive as JSON already written and are only framed. */
import type { LogEntry } from '../ports.ts'
import { toBytes, type Wire } from '../wire.ts'
import type { Call } from './message.ts'
import type { Refusal } from './refusal.ts'
import type { McpServer } from './server.ts'
import { eventStream, wantsEvents } from './sse.ts'

/** One response message; modern results say that they are complete and whose they are. */
export function message({ era, id }: Call, members: Wire, { info }: McpServer): Wire {
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{`
  if (era === 'legacy') return [head, ...members, '}}']
  const meta = JSON.stringify({ 'io.modelcontextprotocol/serverInfo': info })
  return [head, ...members, `${members.length > 0 ? ',' : ''}"resultType":"complete","_meta":${meta}}}`]
}

export function errorMessage({ id, code, message, data }: Refusal): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    ...(id !== undefined && { id }),
    error: { code, message, ...(data !== undefined && { data }) },
  })
}

/** A refusal that travels alone; its code goes into the log. */
export function refuse(why: Refusal, entry: LogEntry, headers: Record<string, string> = {}): Response {
  entry.code = why.code
  return json([errorMessage(why)], why.status, headers)
}

/** JSON, or events where the client takes nothing else. */
export function reply(messages: Wire[], headers: Headers, asArray: boolean): Response {
  if (wantsEvents(headers)) return eventStream(messages)
  if (!asArray) return json(messages[0]!, 200)
  const joined = messages.flatMap((wire, at) => (at === 0 ? wire : [',', ...wire]))
  return json(['[', ...joined, ']'], 200)
}

function json(wire: Wire, status: number, headers: Record<string, string> = {}): Response {
  return new Response(toBytes(wire), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  })
}

/**
 * A refused message whose id could not be read: null in JSON-RPC 2.0 (5) and so in older revisions, absent since
 * 2025-11-25. What is refused before a message is looked at (401, 405, ...) answers no message and has no id at all.
 */
export function identified(why: Refusal, headers: Headers): Refusal {
  const version = headers.get('mcp-protocol-version')
  if (why.id !== undefined || (version !== null && version >= '2025-11-25')) return why
  return { ...why, id: null }
}
