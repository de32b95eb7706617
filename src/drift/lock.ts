/** `connector.lock.json`: which document each connector was last compiled from, and a digest of each operation that it exposes. */

import { sha256 } from '../connector/canonical.ts'
import type { Catalog } from '../connector/catalog.ts'
import type { Declaration } from '../connector/declaration.ts'
import { openDocument } from '../document/document.ts'
import { StartError } from '../errors.ts'
import { isObject, type JsonObject, own, text } from '../json.ts'
import { surfaceOf } from '../mcp/view.ts'
import { spelled, toolOperations, whereabouts } from './operation.ts'

export interface LockEntry {
  document: {
    /** `info.version`, as the document says it. */
    version: string
    /** Of the file's bytes, as `sha256sum` prints it. */
    sha256: string
    /** Address that it was last read from, without credentials. */
    source?: string
  }
  /** By tool, sorted. */
  operations: Record<string, LockedOperation>
  /** Of all of `tools/list`. */
  surface: string
  /** ISO 8601, UTC. */
  synced: string
}

export interface LockedOperation {
  operation: string
  /** Of method, path, parameters and answer. */
  shape: string
  /** Of what the document says about them. */
  words: string
}

/** By the connector's name. */
export type Lock = Record<string, LockEntry>

/** Characters of an operation's digest: enough that two differ, and a diff stays readable. */
const SHORT = 32

export interface LockedConnector {
  catalog: Catalog
  declaration: Declaration
  document: JsonObject
  /** As the document was published. */
  bytes: Uint8Array
}

/** The entry of a connector that compiles. */
export async function lockEntry(
  { catalog, declaration, document, bytes }: LockedConnector,
  synced: string,
  source: string | undefined,
): Promise<LockEntry> {
  const opened = openDocument(document, whereabouts(declaration))
  const operations = await Promise.all(
    toolOperations(declaration, opened).map(async ({ tool, operation, shape }) => {
      const words = typeof shape === 'string' ? { shape, words: '' } : spelled(shape)
      const [one, other] = await Promise.all([sha256(words.shape), sha256(words.words)])
      return [tool, { operation, shape: one.slice(0, SHORT), words: other.slice(0, SHORT) }] as const
    }),
  )
  return {
    document: {
      version: documentVersion(document),
      sha256: await sha256(bytes),
      ...(source !== undefined && { source }),
    },
    operations: inOrder(operations),
    surface: await surfaceOf(catalog),
    synced,
  }
}

/** As the document says it; empty where it does not. */
export function documentVersion({ info }: JsonObject): string {
  return isObject(info) ? (text(info.version) ?? '') : ''
}

/** Connectors and tools in one order, so that a diff shows what changed and nothing else. */
export function writeLock(lock: Lock): string {
  const connectors = inOrder(Object.entries(lock))
  return `${JSON.stringify({ lockVersion: 1, connectors }, null, 2)}\n`
}

function inOrder<T>(entries: (readonly [name: string, T])[]): Record<string, T> {
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/** `name` is what messages call the file. Throws StartError. */
export function readLock(json: string, name: string): Lock {
  const given = parsed(json)
  const connectors = isObject(given) && given.lockVersion === 1 ? given.connectors : undefined
  if (!isObject(connectors) || !Object.values(connectors).every(isEntry))
    throw new StartError(`${name} is no lock that this version of lectern wrote`, [
      'take it back from version control, or remove it and run lectern sync',
    ])
  return connectors as unknown as Lock
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function isEntry(entry: unknown): boolean {
  if (!isObject(entry) || !isObject(entry.document) || !isObject(entry.operations)) return false
  const { version, sha256: digest, source } = entry.document
  const words = [version, digest, entry.surface]
  const digests = Object.values(entry.operations).map(
    (each) => isObject(each) && text(each.shape) && text(each.words),
  )
  // What sync asks without being told is an address as sync writes one, and never a file of this machine.
  const isAddress = source === undefined || /^https?:\/\/[\x21-\x7e]+$/.test(text(source) ?? '')
  const isTime = TIME.test(text(entry.synced) ?? '')
  return isAddress && isTime && words.every((each) => typeof each === 'string') && digests.every(Boolean)
}

/** ISO 8601, UTC. */
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

/** When the connector of this name was last synced, as a parsed lock says it; undefined where it does not. */
export function syncedIn(lock: unknown, name: string): string | undefined {
  const connectors = isObject(lock) && isObject(lock.connectors) ? lock.connectors : {}
  const entry = own(connectors, name)
  const synced = isObject(entry) ? text(entry.synced) : undefined
  return synced !== undefined && TIME.test(synced) ? synced : undefined
}

/** Where the lock differs from the connector as it compiles now, a sentence each; empty where it is fresh. */
export function staleness(locked: LockEntry, now: LockEntry): string[] {
  const names = [...new Set([...Object.keys(locked.operations), ...Object.keys(now.operations)])].sort()
  const operations = names.flatMap((tool) => {
    const [old, next] = [own(locked.operations, tool), own(now.operations, tool)]
    if (old === undefined) return [`${tool} is not in it`]
    if (next === undefined) return [`${tool} is in it, and is no tool any more`]
    if (old.operation !== next.operation) return [`${tool} was ${old.operation}, and is ${next.operation}`]
    if (old.shape !== next.shape) return [`${tool}: ${next.operation} takes or answers something else`]
    return old.words === next.words ? [] : [`${tool}: the words about ${next.operation} changed`]
  })
  const document = locked.document.sha256 === now.document.sha256 ? [] : [documentChange(locked, now)]
  const surface = locked.surface === now.surface ? [] : ['tools/list reads otherwise than it did']
  return [...document, ...operations, ...surface]
}

function documentChange({ document: old }: LockEntry, { document: next }: LockEntry): string {
  const told = old.version === next.version ? `${next.version} in other bytes` : next.version
  return `the document was ${old.version}, and is ${told}`
}
