/** The upstream's own words about a failure (RFC 9457, or a JSON message), made fit for a model: cleaned, masked, cut. */
import { isObject, type Json, type JsonObject } from '../json.ts'
import type { Reply } from '../ports.ts'
import { visible } from './invisible.ts'
import { percentEncode } from './serialize.ts'

/** Longest text handed on, in characters. */
const LONGEST = 500
/** Bytes of an error body that are looked at. */
const MOST_BYTES = 64 * 1024

/** Members that hold words for a reader; whatever else a body has (stack, trace, headers) is never looked at. */
const WORDS = [
  'title',
  'detail',
  'message',
  'error_description',
  'error',
  'faultstring',
  'reason',
  'code',
] as const
/** Members in which some APIs put all of it, as Apigee does with `fault`. */
const WRAPPERS = ['error', 'fault', 'problem', 'failure'] as const
/** Members that hold a list of single faults, each again with words and the name of a field. */
const LISTS = ['errors', 'invalid-params', 'violations', 'details'] as const
const NAMES = ['name', 'field', 'parameter', 'param', 'pointer', 'path'] as const

/** Things that must not travel: credentials, what looks like one, and stack frames. */
const SECRETS = [
  /\b(?:bearer|basic) +["']?(?=[^\s"',;]*[\d._~+/=-])[^\s"',;]{6,}/gi,
  /(?:token|api[-_ ]?key|authorization|password|passwd|secret|credential)s?["']?(?: ?[:=] ?["']?(?:bearer |basic )?| ["'])[^\s"',;&]{4,}/gi,
  /:\/\/[^\s/@]+@/g,
  /\s+at [^\n]{1,200}:\d+:\d+\)?/g,
  /\beyJ[\w-]{8,}(\.[\w-]+){0,4}/g,
  /\b(?![\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b)[\w-]*[0-9][\w-]{31,}\b/gi,
]

/** One line of text without `secrets`, or '' where the body holds no words that could be handed on (an HTML page, for one). */
export function problemText(reply: Reply, secrets: readonly string[] = []): string {
  const type = reply.header('content-type') ?? ''
  const body = new TextDecoder().decode(reply.body.subarray(0, MOST_BYTES))
  if (/html|xml/i.test(type) || /^\s*</.test(body)) return ''
  const words = parse(body)
  const said = words === undefined ? (/^text\/plain/i.test(type) ? body : '') : gather(words)
  return clean(mask(said, secrets))
}

/** Without the secrets, however they are spelled; the longest first, since one may hold another. */
export function mask(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(Boolean)
    .flatMap(spellings)
    .sort((one, other) => other.length - one.length)
    .reduce((masked, secret) => masked.replaceAll(secret, '[removed]'), text)
}

/** As it is, as an address has it, and as JSON within a text does, where PHP escapes slashes too. */
function spellings(secret: string): string[] {
  const quoted = JSON.stringify(secret).slice(1, -1)
  return [secret, percentEncode(secret), quoted, quoted.replaceAll('/', '\\/')]
}

function parse(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json
  } catch {
    return undefined
  }
}

function gather(body: Json): string {
  if (typeof body === 'string') return body
  if (!isObject(body)) return ''
  const inner = WRAPPERS.map((member) => body[member]).find(isObject) ?? body
  const words = unique(WORDS.map((member) => inner[member]).filter(isWord))
  const faults = LISTS.flatMap((member) => (Array.isArray(inner[member]) ? inner[member] : [])).slice(0, 5)
  return unique([...words, ...faults.map(fault).filter(Boolean)]).join(': ')
}

function fault(item: Json): string {
  if (typeof item === 'string') return item
  if (!isObject(item)) return ''
  const name = NAMES.map((member) => item[member]).find(isWord)
  const words = unique(WORDS.map((member) => (item as JsonObject)[member]).filter(isWord)).join(': ')
  return name === undefined ? words : `${name} ${words}`
}

function isWord(value: Json | undefined): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

function unique(words: string[]): string[] {
  return words.filter((word, index) => !words.slice(0, index).some((earlier) => earlier.includes(word)))
}

/** Without a stack's lines, secrets and markup. */
function clean(words: string): string {
  const frameless = words
    .slice(0, LONGEST * 8)
    .split(/\n[ \t]*(?:at |File "|Traceback|Caused by|Stack trace|#\d+ |goroutine )/)[0]!
  const masked = SECRETS.reduce(
    (text, secret) => text.replace(secret, '[removed]'),
    frameless.slice(0, LONGEST * 4),
  )
  return visible(masked.replace(/<[^>]*>/g, ' '), LONGEST)
}
