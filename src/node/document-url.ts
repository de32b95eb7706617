/** The GET of an OpenAPI document at an address that a person typed: https, a public host unless they say so, no other host. */

import { isIP } from 'node:net'
import { EgressError, StartError } from '../errors.ts'
import type { Reply } from '../ports.ts'
import type { Settings } from '../settings.ts'
import { decodedPart } from '../syntax.ts'
import { VERSION } from '../version.ts'
import { checkedLookup, getAlone, isPublicAddress, type Resolve, resolveLocally } from './public.ts'

export type Fetching = Pick<
  Settings,
  'maxDocumentBytes' | 'documentTimeout' | 'maxRedirects' | 'connectTimeout' | 'idleTimeout'
>

export interface Reach {
  /** Lets addresses that are not public be asked, and http. */
  allowPrivate: boolean
  resolve?: Resolve
}

const ACCEPT = 'application/vnd.oai.openapi+json, application/json, application/yaml, */*;q=0.5'
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** The decoded body. Throws StartError, which names the address without its credentials. */
export async function fetchDocument(address: string, settings: Fetching, reach: Reach): Promise<Uint8Array> {
  if (!URL.canParse(address)) throw unreadable(address, 'it is no URL: check the spelling')
  const given = new URL(address)
  const signal = AbortSignal.timeout(settings.documentTimeout * 1000)
  let at = given
  for (let hops = 0; ; hops++) {
    const fault = addressFault(at, reach)
    if (fault !== undefined) throw unreadable(at.href, fault)
    const reply = await ask(at, { ...settings, signal }, headersFor(given), reach)
    const location = REDIRECTS.has(reply.status) ? reply.header('location') : undefined
    if (location === undefined) return bodyOf(reply, at)
    if (hops === settings.maxRedirects)
      throw unreadable(address, `it redirected more than ${hops} times: LECTERN_MAX_REDIRECTS allows more`)
    at = redirected(at, location, given)
  }
}

/** Credentials are sent, since people paste such addresses; a redirect is followed on this host only. */
function headersFor({ username, password }: URL): Record<string, string> {
  const headers = { accept: ACCEPT, 'user-agent': `lectern/${VERSION}` }
  if (username === '' && password === '') return headers
  const pair = Buffer.from(`${decodedPart(username) ?? username}:${decodedPart(password) ?? password}`)
  return { ...headers, authorization: `Basic ${pair.toString('base64')}` }
}

/** Why nothing is asked at `url`, judged by its text; what its host resolves to is judged when it is connected to. */
function addressFault({ protocol, hostname }: URL, { allowPrivate }: Reach): string | undefined {
  if (protocol === 'file:') return 'write the path without file://'
  if (!/^https?:$/.test(protocol)) return 'only files and http(s) addresses are read'
  if (allowPrivate) return undefined
  const literal = hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && !isPublicAddress(literal)) return PRIVATE
  return protocol === 'https:' ? undefined : PLAIN
}

const PRIVATE = 'its host is not on the public internet: where it is meant to be asked, add --allow-private'
const PLAIN =
  'over http it could be read and changed on its way: write https, or add --allow-private for a host that you trust'

async function ask(
  url: URL,
  settings: Fetching & { signal: AbortSignal },
  headers: Record<string, string>,
  { allowPrivate, resolve = resolveLocally }: Reach,
): Promise<Reply> {
  const options = { headers, signal: settings.signal, maxBytes: settings.maxDocumentBytes }
  try {
    return await getAlone(url, options, settings, checkedLookup(resolve, allowPrivate))
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    throw unreadable(url.href, egressFault(error, settings))
  }
}

function egressFault({ code, message }: EgressError, settings: Fetching): string {
  switch (code) {
    case 'refused':
      return PRIVATE
    case 'too_large':
      return tooLarge(settings)
    case 'aborted':
      return `it did not arrive within ${settings.documentTimeout} s: LECTERN_DOCUMENT_TIMEOUT allows more`
    case 'idle':
      return `the server fell silent for ${settings.idleTimeout} s: LECTERN_IDLE_TIMEOUT allows more`
    case 'encoding':
      return 'its body cannot be decoded'
    case 'connect':
    case 'closed':
      return (
        CONNECTION_FAULTS.find(([words]) => words.test(message))?.[1] ?? `the connection failed: ${message}`
      )
  }
}

/** What undici, OpenSSL and the system say, and what it means to a person. */
const CONNECTION_FAULTS: [words: RegExp, meaning: string][] = [
  [/ENOTFOUND|EAI_AGAIN/, 'no host of this name is known: check the spelling'],
  [/ECONNREFUSED/, 'nothing listens there: check host and port, and that the server runs'],
  [/WRONG_VERSION_NUMBER/i, 'it does not speak TLS: try http:// with --allow-private'],
  [
    /UND_ERR_CONNECT_TIMEOUT/,
    'it does not answer: check host and port, or LECTERN_CONNECT_TIMEOUT allows more',
  ],
  [/EHOSTUNREACH|ENETUNREACH/, 'no network leads there: check host and port'],
]

/** Of the decoded body: what travels may be far less. */
export function tooLarge({ maxDocumentBytes }: Pick<Settings, 'maxDocumentBytes'>): string {
  return `it has more than ${maxDocumentBytes} bytes: LECTERN_MAX_DOCUMENT_BYTES allows more`
}

/** Where a redirect leads. Throws StartError where that is another host: which hosts are asked, the person decides. */
function redirected(from: URL, location: string, given: URL): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined
  if (next === undefined) throw unreadable(from.href, 'it redirects to what is no URL')
  if (next.host !== from.host) {
    // Where the person's own query may hold a token, so may the next.
    const shown = given.search === '' ? plain(next).href : shownAddress(next.href)
    throw unreadable(
      from.href,
      `it redirects to another host: give ${shown.slice(0, 2000)} where you trust that`,
    )
  }
  if (from.protocol === 'https:' && next.protocol !== 'https:')
    throw unreadable(from.href, 'it redirects from https to http, which is not followed')
  return next
}

/** What to do about a status; a family stands for those not named. */
const STATUSES: Record<string, string> = {
  401: 'it wants a sign-in: download it, and name the file',
  403: 'it wants a sign-in: download it, and name the file',
  404: 'nothing is there: check the address',
  410: 'nothing is there any more: check the address',
  429: 'the server limits how often it is asked: try again later',
  '4xx': 'check the address',
  '5xx': 'the server has trouble: try again later',
}

function bodyOf({ status, body, header }: Reply, url: URL): Uint8Array {
  const isPage = /html/i.test(header('content-type') ?? '') && /^\s*</.test(start(body))
  if (status >= 200 && status < 300 && !isPage) return body
  if (status === 200) throw unreadable(url.href, WEB_PAGE)
  const advice = STATUSES[status] ?? STATUSES[`${Math.floor(status / 100)}xx`] ?? 'that is no document'
  throw unreadable(url.href, `the server answered ${status}: ${advice}`)
}

/** What code hosts and documentation sites show at the address that people copy. */
const WEB_PAGE =
  'it is a web page: give the address of the JSON or YAML that it shows or loads, often openapi.json (on GitHub, the one behind "Raw")'

function start(body: Uint8Array): string {
  return new TextDecoder().decode(body.subarray(0, 100))
}

function unreadable(address: string, fault: string): StartError {
  return new StartError(`${shownAddress(address)} cannot be read`, [fault])
}

function plain(url: URL): URL {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  shown.hash = ''
  return shown
}

/** An address without user, password and query, each of which may be a secret. */
export function shownAddress(address: string): string {
  if (!URL.canParse(address)) return address.replace(/\/\/[^/]*@/, '//').replace(/\?.*$/s, '?…')
  const { host, pathname, protocol, search } = new URL(address)
  return `${protocol}//${host}${pathname}${search === '' ? '' : '?…'}`
}
