/** One exchange with an MCP server: a JSON-RPC request by POST, its answer from JSON or from events; within a time and a size. */
import { fetch } from 'undici'
import { isObject, type JsonObject, text } from '../json.ts'
import { type Chunks, collect } from '../ports.ts'
import { visible } from '../tools/invisible.ts'
import { VERSION } from '../version.ts'
import { shownAddress } from './document-url.ts'
import { readEvents } from './event-stream.ts'

const LONGEST_WORDS = 300

/** One server, asked in turn: what it said of itself goes along with the next message. */
export interface Talk {
  url: URL
  headers: Record<string, string>
  signal: AbortSignal
  bytesLeft: number
  id: number
}

/** What the server did wrong, for a person. */
export class Fault extends Error {}

/** The result of one request. Throws Fault for every other answer. */
export async function ask(talk: Talk, method: string, params: JsonObject): Promise<JsonObject> {
  const id = ++talk.id
  const answer = await send(talk, { id, method, params })
  const session = answer.headers.get('mcp-session-id')
  if (session !== null) talk.headers = { ...talk.headers, 'mcp-session-id': session }
  const type = answer.headers.get('content-type') ?? ''
  const message = await messageOf(talk, answer.body as Chunks, type, id)
  if (message === undefined)
    throw new Fault(
      statusFault(answer.status, answer.headers.get('location')) ?? `it does not answer ${method}`,
    )
  if (isObject(message.result)) return message.result
  const { code, message: words } = isObject(message.error) ? message.error : {}
  const advice = answer.status === 401 || answer.status === 403 ? `; ${CREDENTIAL}` : ''
  // What is no number there may be of any length and depth.
  const told = typeof code === 'number' ? `${code} ` : ''
  throw new Fault(
    `it answers ${method} with the error ${told}${visible(text(words) ?? '', LONGEST_WORDS).replace(/\.$/, '')}${advice}`,
  )
}

/** The answer to `message` as HTTP has it; a redirect is not followed. */
export function send({ url, headers, signal }: Talk, message: JsonObject) {
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    signal,
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'user-agent': `lectern/${VERSION}`,
      ...headers,
    },
  })
}

/** The JSON-RPC answer to `id`, from JSON or from a stream of events; undefined where there is none. */
async function messageOf(
  talk: Talk,
  body: Chunks,
  type: string,
  id: number,
): Promise<JsonObject | undefined> {
  if (!type.startsWith('text/event-stream')) {
    const bytes = await collect(body, talk.bytesLeft)
    talk.bytesLeft -= bytes.byteLength
    return answerTo(new TextDecoder().decode(bytes), id)
  }
  for await (const data of readEvents(body, talk.bytesLeft)) {
    talk.bytesLeft -= data.length
    const message = answerTo(data, id)
    if (message !== undefined) return message
  }
  return undefined
}

/** An error may lack the id, where the server did not come to read it. */
function answerTo(words: string, id: number): JsonObject | undefined {
  try {
    const message: unknown = JSON.parse(words)
    if (!isObject(message) || message.jsonrpc !== '2.0') return undefined
    return message.id === id || isObject(message.error) ? message : undefined
  } catch {
    return undefined
  }
}

const CREDENTIAL = 'send a credential by --header-env Authorization=NAME'
const STATUSES: Record<number, string> = {
  401: `it wants a sign-in: ${CREDENTIAL}`,
  403: `it refuses: ${CREDENTIAL}`,
  404: 'nothing is there: check the address, which often ends in /mcp',
  405: 'it takes no POST there: check the address, which often ends in /mcp',
  429: 'it limits how often it is asked: try again later',
}

/** Undefined for an answer of 2xx that holds no message. */
function statusFault(status: number, location: string | null): string | undefined {
  if (status >= 300 && status < 400)
    return `it redirects, which is not followed: give ${visible(shownAddress(location ?? 'another address'), LONGEST_WORDS)} where you trust that`
  if (status < 300) return undefined
  return STATUSES[status] ?? `it answers ${status}, and that is no answer of MCP`
}

const CONNECTION_FAULTS: [words: RegExp, meaning: string][] = [
  [/ENOTFOUND|EAI_AGAIN/, 'no host of this name is known: check the spelling'],
  [/ECONNREFUSED/, 'nothing listens there: check host and port, and that the server runs'],
  [/WRONG_VERSION_NUMBER/i, 'it does not speak TLS: try http://'],
]

/** Why no answer came. */
export function connectionFault({ message, cause }: Error): string {
  const { code = '', message: words = message } = (cause ?? {}) as NodeJS.ErrnoException
  const known = CONNECTION_FAULTS.find(([pattern]) => pattern.test(`${code} ${words}`))
  return known?.[1] ?? `the connection failed: ${visible(`${code} ${words}`, LONGEST_WORDS)}`
}
