/** Which connector a command is about: the one that this package brings along, a declared one, or a document alone. */
import { existsSync, readFileSync } from 'node:fs'
import type { Catalog } from '../connector/catalog.ts'
import { compile } from '../connector/compile.ts'
import type { Declaration } from '../connector/declaration.ts'
import { derive } from '../connector/derive.ts'
import { flowtly } from '../connectors/flowtly.ts'
import { type Lock, type LockEntry, readLock } from '../drift/lock.ts'
import { StartError } from '../errors.ts'
import { type JsonObject, own } from '../json.ts'
import { documentLocation, documentName, readPublished } from '../node/document.ts'
import type { Settings } from '../settings.ts'
import { visible } from '../tools/invisible.ts'
import { readDeclaration } from './declaration.ts'
import { FLOWTLY_DOCUMENT, FLOWTLY_LOCK } from './flowtly.ts'
import { refuseWithoutTools, withAllFiles } from './several-files.ts'

/** The flags by which every command takes a connector. */
export const CONNECTOR_OPTIONS = {
  declaration: { type: 'string' },
  openapi: { type: 'string' },
  lock: { type: 'string' },
  'allow-private': { type: 'boolean' },
} as const

export const CONNECTOR_HELP = `  --declaration FILE     the connector: a declaration as JSON, or a module that exports one; else Flowtly
  --openapi FILE-OR-URL  the OpenAPI document that it declares for; - reads the standard input
  --lock FILE            its lock (default connector.lock.json)
  --allow-private        addresses may be private, and http`

export interface ConnectorFlags {
  declaration?: string | undefined
  openapi?: string | undefined
  lock?: string | undefined
  'allow-private'?: boolean | undefined
}

/** What the flags say of a connector, before its document is read. */
export interface Target {
  /** Absent where a document is all that was named. */
  declaration?: Declaration
  /** Path, `-` or URL of the document. */
  source: string
  /** Path of the lock. */
  lockFile: string
}

/** A connector that was named, before it is compiled. */
export interface Named extends Target {
  document: JsonObject
  /** The document as it was published. */
  bytes: Uint8Array
  /** What the lock says; undefined where there is none. */
  lock?: Lock
}

export interface Chosen extends Named {
  catalog: Catalog
}

const LOCK = 'connector.lock.json'

/** The one place where it is decided which connector is meant. Throws StartError where the flags do not tell. */
export async function findTarget({ declaration, openapi, lock }: ConnectorFlags): Promise<Target> {
  if (declaration === undefined && openapi === undefined) {
    refuseAnotherFolder()
    // Flowtly's lock lies beside its document, wherever the command runs.
    return { declaration: flowtly, source: FLOWTLY_DOCUMENT, lockFile: lock ?? FLOWTLY_LOCK }
  }
  if (openapi === undefined)
    throw new StartError('The document of the declaration is not named', [
      'name it with --openapi FILE-OR-URL',
    ])
  const declared = declaration === undefined ? {} : { declaration: await readDeclaration(declaration) }
  return { ...declared, source: openapi, lockFile: lock ?? LOCK }
}

/**
 * Who keeps a lock of another connector here means that one, and would take what is said of Flowtly for it. Throws
 * StartError.
 */
export function refuseAnotherFolder(): void {
  const lock = openLock(LOCK, false)
  if (lock === undefined || Object.hasOwn(lock, flowtly.name)) return
  const names = Object.keys(lock).map((name) => visible(name, LONGEST_NAME))
  const known = names.slice(0, MOST_NAMES).join(', ') || 'no connector'
  throw new StartError(`${LOCK} in this folder is of ${known}, and no connector is named`, [
    'name it with --declaration FILE --openapi FILE',
    `without them it would be ${flowtly.title}, which this package brings along: for that one, run it in another folder`,
  ])
}

const LONGEST_NAME = 40
const MOST_NAMES = 10

/** Reads and compiles what the flags name. Throws StartError with every fault. */
export async function chooseConnector(flags: ConnectorFlags, settings: Settings): Promise<Chosen> {
  return compileNamed(await nameConnector(flags, settings))
}

/** Reads what the flags name. Throws StartError where that cannot be read, or contradicts itself. */
export async function nameConnector(flags: ConnectorFlags, settings: Settings): Promise<Named> {
  const target = await findTarget(flags)
  const lock = openLock(target.lockFile, flags.lock !== undefined)
  const published = await readPublished(target.source, settings, flags['allow-private'] ?? false)
  return { ...target, ...published, ...(lock && { lock }) }
}

/** Throws StartError with every fault of the declaration in its document. */
export function compileNamed(named: Named): Chosen {
  const { declaration, document, source, lock } = named
  if (declaration === undefined) {
    const whereabouts = { called: documentName(source), ...documentLocation(source) }
    const derived = withAllFiles(document, source, () => derive(document, whereabouts))
    refuseWithoutTools(derived, document, source)
    return { ...named, catalog: derived.catalog }
  }
  const synced = lockedAs(lock, declaration)?.synced
  return {
    ...named,
    catalog: withAllFiles(document, source, () => compile(declaration, document, { synced })),
  }
}

/** What the lock says of the connector; a declaration that was not compiled may have any name. */
export function lockedAs(lock: Lock | undefined, { name }: Declaration): LockEntry | undefined {
  return own(lock ?? {}, String(name))
}

/** Undefined where there is none, unless it was named. */
export function openLock(file: string, isNamed: boolean): Lock | undefined {
  if (!existsSync(file) && !isNamed) return undefined
  try {
    return readLock(readFileSync(file, 'utf8'), file)
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`${file} cannot be read`, [(error as Error).message, 'lectern sync writes one'])
  }
}
