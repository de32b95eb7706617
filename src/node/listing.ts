/** `tools/list` of a live MCP server at an address that a person typed: the handshake of 2025-06-18, then page after page. */
import { EgressError, StartError } from '../errors.ts'
import { isObject, type Json, type JsonObject, text } from '../json.ts'
import { visible } from '../tools/invisible.ts'
import { VERSION } from '../version.ts'
import { shownAddress } from './document-url.ts'
import { ask, connectionFault, Fault, send, type Talk } from './mcp-talk.ts'

const REVISION = '2025-06-18'
/** For all pages together; what a client takes is far below. */
const LIMITS = { seconds: 60, bytes: 16 * 1024 * 1024, pages: 100, levels: 200, tools: 10_000 } as const
const LONGEST_WORDS = 300

export interface Listing {
  /** `serverInfo`, as it says. */
  name?: string
  title?: string
  tools: (JsonObject & { name: string })[]
}

/** `headers` are sent to that origin only. Throws StartError, without credentials of the address. */
export async function listTools(address: string, headers: Record<string, string>): Promise<Listing> {
  const url = serverUrl(address)
  const signal = AbortSignal.timeout(LIMITS.seconds * 1000)
  const talk: Talk = { url, headers, signal, bytesLeft: LIMITS.bytes, id: 0 }
  try {
    const clientInfo = { name: 'lectern-doctor', version: VERSION }
    const greeting = await ask(talk, 'initialize', {
      protocolVersion: REVISION,
      capabilities: {},
      clientInfo,
    })
    talk.headers = { ...talk.headers, 'mcp-protocol-version': agreed(greeting) }
    await send(talk, { method: 'notifications/initialized' }).then(({ body }) => body?.cancel())
    const { name, title } = isObject(greeting.serverInfo) ? greeting.serverInfo : {}
    const tools = await pages(talk)
    return { tools, ...(text(name) && { name: text(name)! }), ...(text(title) && { title: text(title)! }) }
  } catch (error) {
    if (error instanceof Fault) throw refused(url, error.message)
    if (signal.aborted) throw refused(url, `it did not answer within ${LIMITS.seconds} s`)
    if (error instanceof EgressError) throw refused(url, `it lists more than ${LIMITS.bytes} bytes`)
    if (error instanceof TypeError && error.cause !== undefined) throw refused(url, connectionFault(error))
    throw error
  }
}

/** The revision that the server chose, which becomes a header. */
function agreed({ protocolVersion }: JsonObject): string {
  const revision = text(protocolVersion) ?? ''
  return /^[\w.-]{1,40}$/.test(revision) ? revision : REVISION
}

function refused(url: URL, fault: string): StartError {
  return new StartError(`${shownAddress(url.href)} cannot be examined`, [fault])
}

function serverUrl(address: string): URL {
  const subject = '--url cannot be used'
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address))
    throw new StartError(subject, ['write the whole address, such as https://mcp.example.com/mcp'])
  const url = new URL(address)
  if (url.username !== '' || url.password !== '')
    throw new StartError(subject, ['send a user and password by --header-env Authorization=NAME'])
  url.hash = ''
  return url
}

async function pages(talk: Talk): Promise<Listing['tools']> {
  const tools: Json[] = []
  const cursors = new Set<Json>()
  let cursor: Json | undefined
  do {
    const page = await ask(talk, 'tools/list', cursor === undefined ? {} : { cursor })
    if (!Array.isArray(page.tools)) throw new Fault('its tools/list holds no list of tools')
    for (const tool of page.tools) tools.push(tool)
    cursor = page.nextCursor ?? undefined
    if (cursor !== undefined && (cursors.has(cursor) || cursors.size === LIMITS.pages - 1))
      throw new Fault(
        cursors.has(cursor) ? 'its pages never end' : `its list has more than ${LIMITS.pages} pages`,
      )
    if (cursor !== undefined) cursors.add(cursor)
  } while (cursor !== undefined)
  if (tools.length > LIMITS.tools) throw new Fault(`it lists more than ${LIMITS.tools} tools`)
  return tools.map(checkTool)
}

function checkTool(tool: Json, at: number): Listing['tools'][number] {
  if (!isObject(tool) || typeof tool.name !== 'string')
    throw new Fault(`what it lists at place ${at + 1} is no tool: it has no name`)
  if (isDeep(tool))
    throw new Fault(`${visible(tool.name, LONGEST_WORDS)} is nested deeper than ${LIMITS.levels} levels`)
  return tool as JsonObject & { name: string }
}

/** Level by level: how deep a foreign server nests is its own choice. */
function isDeep(value: Json): boolean {
  let level: Json[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > LIMITS.levels) return true
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
  return false
}
