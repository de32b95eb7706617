/** The text of an OpenAPI document that a person named: a file, the standard input, or an address. */
import { createReadStream } from 'node:fs'
import { parseDocument } from '../document/parse.ts'
import { EgressError, StartError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { type Chunks, collect } from '../ports.ts'
import type { Settings } from '../settings.ts'
import { visible } from '../tools/invisible.ts'
import { type Fetching, fetchDocument, shownAddress, tooLarge } from './document-url.ts'

const STANDARD_INPUT = '-'
const LONGEST_NAME = 300

export type Reading = Pick<Settings, 'maxDocumentBytes'> & Fetching

/**
 * Reads and parses `source`: a path, `-`, or an http(s) URL. `allowPrivate` lets addresses that are not public be asked, and
 * http. Nothing that the document refers to is read. Throws StartError.
 */
export async function readDocument(
  source: string,
  settings: Reading,
  allowPrivate: boolean,
): Promise<JsonObject> {
  return (await readPublished(source, settings, allowPrivate)).document
}

/** The same with the bytes as they were published. */
export async function readPublished(
  source: string,
  settings: Reading,
  allowPrivate: boolean,
): Promise<{ document: JsonObject; bytes: Uint8Array }> {
  const name = documentName(source)
  const bytes = await bytesOf(source, name, settings, allowPrivate)
  return { document: parseDocument(decode(bytes, name), name), bytes }
}

/** What messages call it: without credentials, and fit for a terminal. */
export function documentName(source: string): string {
  if (source === STANDARD_INPUT) return 'The standard input'
  return visible(isAddress(source) ? shownAddress(source) : source, LONGEST_NAME)
}

/** The URL that a relative server in the document counts from; a file has none. */
export function documentLocation(source: string): { location?: string } {
  if (!isAddress(source) || !URL.canParse(source)) return {}
  const { origin, pathname } = new URL(source)
  return { location: origin + pathname }
}

function isAddress(source: string): boolean {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(source)
}

function bytesOf(
  source: string,
  name: string,
  settings: Reading,
  allowPrivate: boolean,
): Promise<Uint8Array> {
  if (isAddress(source)) return fetchDocument(source, settings, { allowPrivate })
  const stream = source === STANDARD_INPUT ? process.stdin : createReadStream(source)
  return collect(stream as Chunks, settings.maxDocumentBytes).catch((error: Error) => {
    throw unreadable(name, fileFault(error, source, settings))
  })
}

const FILE_FAULTS: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a directory: name the document in it',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
}

function fileFault(error: Error, source: string, settings: Reading): string {
  if (error instanceof EgressError) return tooLarge(settings)
  const { code = '' } = error as NodeJS.ErrnoException
  const fault = FILE_FAULTS[code] ?? `the system says ${code || error.message}`
  const isHost = code === 'ENOENT' && /^[\w-]+(\.[\w-]+)+(:\d+)?\//.test(source)
  return isHost ? `${fault}: an address begins with https://` : fault
}

function unreadable(name: string, fault: string): StartError {
  return new StartError(`${name} cannot be read`, [fault])
}

/** UTF-8, with or without a byte order mark. Throws StartError for any other encoding. */
function decode(bytes: Uint8Array, name: string): string {
  const [first, second] = bytes
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (isUtf16) throw unreadable(name, 'it is UTF-16: save it as UTF-8')
  const text = utf8(bytes)
  if (text === undefined) throw unreadable(name, 'it is not text in UTF-8')
  return text
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
