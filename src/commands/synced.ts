/** What `lectern sync` tells: what clients see otherwise, and what was taken in. */
import type { Catalog } from '../connector/catalog.ts'
import { compile } from '../connector/compile.ts'
import type { Declaration } from '../connector/declaration.ts'
import { type Drift, drift } from '../drift/drift.ts'
import { type Lock, type LockEntry, staleness } from '../drift/lock.ts'
import { compareTools, toolLine } from '../drift/tools.ts'
import { StartError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { documentName } from '../node/document.ts'
import { visible } from '../tools/invisible.ts'
import { date } from './print.ts'

interface Published {
  document: JsonObject
  bytes: Uint8Array
}

/** A newer document, compiled, beside what there was. */
export interface Synced {
  declaration: Declaration
  /** Where the newer document came from. */
  source: string
  /** Undefined where there was none. */
  before: Published | undefined
  after: Published
  catalog: Catalog
  /** All of it, as it was. */
  lock: Lock
  locked: LockEntry | undefined
  entry: LockEntry
}

export function syncedWords(synced: Synced, dryRun: boolean): string {
  return [...changes(synced), ending(synced, dryRun)].join('\n')
}

/** What clients see otherwise; where the lock is all that can be compared with, what that says otherwise. */
function changes({ declaration, before, after, catalog, locked, entry }: Synced): string[] {
  const old = before && compiledBefore(declaration, before.document)
  const tools = old ? compareTools(old.tools, catalog.tools).map(toolLine) : []
  const drifted =
    old && before
      ? drift(declaration, before.document, after.document).filter(({ level }) => level !== 'words')
      : []
  const stale = locked && old && tools.length + drifted.length === 0 ? staleness(locked, entry) : []
  return [
    ...section('Tools', old ? tools : catalog.tools.map(({ name }) => `+ ${name}`)),
    ...section('Operations', drifted.map(driftLine)),
    ...section('Since the lock was written', stale),
  ]
}

/** Undefined where the document that is there does not compile: there is nothing to compare with then. */
function compiledBefore(declaration: Declaration, document: JsonObject): Catalog | undefined {
  try {
    return compile(declaration, document)
  } catch (error) {
    if (error instanceof StartError) return undefined
    throw error
  }
}

function driftLine({ tool, level, told }: Drift): string {
  return `${level}: ${tool === undefined ? told : `${tool}: ${told}`}`
}

/** Longest line of foreign words, in characters. */
const LONGEST = 400

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((each) => `  ${visible(each, LONGEST)}`)]
}

function ending({ entry, locked, source }: Synced, dryRun: boolean): string {
  const nothing = locked && staleness(locked, entry).length === 0 ? 'Nothing changed. ' : ''
  const last = locked ? `; before that on ${date(locked.synced)}` : ''
  const { version, sha256: digest } = entry.document
  const what = `${visible(version, LONGEST)} (sha256 ${digest.slice(0, 12)}…) from ${documentName(source)}`
  return dryRun
    ? `${nothing}Nothing was written: --dry-run. It would take in ${what}`
    : `${nothing}Last synced on ${date(entry.synced)}${last}: ${what}`
}
