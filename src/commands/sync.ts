/** `lectern sync`: takes a connector's newer document in as it was published, writes the lock, and shows what changed for clients. */
import { existsSync } from 'node:fs'
import type { Catalog } from '../connector/catalog.ts'
import { compile } from '../connector/compile.ts'
import type { Declaration } from '../connector/declaration.ts'
import { type Drift, drift } from '../drift/drift.ts'
import { type LockEntry, lockEntry, staleness, writeLock } from '../drift/lock.ts'
import { compareTools, toolLine } from '../drift/tools.ts'
import { StartError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { documentName, readPublished } from '../node/document.ts'
import { readSettings, type Settings } from '../settings.ts'
import { visible } from '../tools/invisible.ts'
import { date } from './check.ts'
import type { Command } from './command.ts'
import {
  CONNECTOR_HELP,
  CONNECTOR_OPTIONS,
  type ConnectorFlags,
  findTarget,
  lockedAs,
  openLock,
  type Target,
} from './connector.ts'
import { readFlags } from './flags.ts'
import { print } from './print.ts'
import { replaceFile } from './replace.ts'
import { withAllFiles } from './several-files.ts'

const HELP = `Usage: lectern sync [FILE-OR-URL] [--dry-run]
                    [--declaration FILE --openapi FILE] [--lock FILE] [--allow-private]

Reads the newer document, compiles the declaration with it, writes it to the file that --openapi names (as it was
published, in one step) and the lock beside it, and shows what changes for clients. Without an argument it asks the
address that the lock remembers, else it reads the file itself again, for a declaration that changed. Where the
declaration does not compile with the newer document, nothing is written, and exit code 2 says so.
${CONNECTOR_HELP}
  --dry-run              writes nothing`

const OPTIONS = {
  ...CONNECTOR_OPTIONS,
  'dry-run': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const

export const sync: Command = {
  summary: 'take a newer OpenAPI document in, and write connector.lock.json',
  async run(args) {
    const { values, positionals } = readFlags('sync', { args, options: OPTIONS, allowPositionals: true })
    if (values.help) return console.log(HELP)
    if (positionals.length > 1)
      throw new StartError(`${positionals.length} documents are named`, ['name one document only'])
    const settings = readSettings(process.env)
    const { declaration, source: file, lockFile } = await target(values)
    const lock = openLock(lockFile, false) ?? {}
    const locked = lockedAs(lock, declaration)
    const allowPrivate = values['allow-private'] ?? false
    const source = positionals[0] ?? locked?.document.source ?? file
    const before = existsSync(file) ? await readPublished(file, settings, allowPrivate) : undefined
    const after = source === file && before ? before : await published(source, settings, allowPrivate)
    if (/\.json$/i.test(file)) checkJson(after.bytes, source, file)
    const catalog = compileOrRefuse(declaration, after.document, source)
    const entry = await lockEntry(
      { catalog, declaration, ...after },
      now(),
      rememberable(source) ?? locked?.document.source,
    )
    const told = changes({
      declaration,
      before: before?.document,
      after: after.document,
      catalog,
      locked,
      entry,
    })
    if (!values['dry-run']) {
      if (before === undefined || !same(before.bytes, after.bytes)) await replaceFile(file, after.bytes)
      await replaceFile(lockFile, writeLock({ ...lock, [declaration.name]: entry }))
    }
    print([...told, ending({ entry, locked, source, dryRun: values['dry-run'] })].join('\n'))
  },
}

/** A declaration, and the file that is written. Throws StartError. */
async function target(flags: ConnectorFlags): Promise<Required<Target>> {
  const found = await findTarget(flags)
  const { declaration, source } = found
  if (declaration === undefined)
    throw new StartError('A connector is a declaration and a document', [
      'name both: --declaration FILE --openapi FILE',
    ])
  if (source === '-' || /^[a-z][a-z\d+.-]+:\/\//i.test(source))
    throw new StartError('--openapi names no file that could be written', [
      'name the file; the address that it comes from stands after sync',
    ])
  return { ...found, declaration }
}

function published(source: string, settings: Settings, allowPrivate: boolean) {
  return readPublished(source, settings, allowPrivate)
}

/** What reads a .json file expects JSON; the document's own form is never changed. */
function checkJson(bytes: Uint8Array, source: string, file: string): void {
  try {
    JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  } catch {
    throw new StartError(`${documentName(source)} is not plain JSON, and ${documentName(file)} is named so`, [
      'nothing was written: name a .yaml file with --openapi, or the address of the document’s JSON',
    ])
  }
}

function compileOrRefuse(declaration: Declaration, document: JsonObject, source: string): Catalog {
  try {
    return withAllFiles(document, source, () => compile(declaration, document))
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    const subject = `Nothing was written: ${String(declaration.name)} cannot be compiled with ${documentName(source)}`
    throw new StartError(subject, error.faults)
  }
}

/** An address that can be asked again, without user and password; one with a query, which may be a secret, is not kept. */
function rememberable(source: string): string | undefined {
  if (!/^https?:\/\//i.test(source) || !URL.canParse(source)) return undefined
  const { origin, pathname, search } = new URL(source)
  return search === '' ? origin + pathname : undefined
}

/** Of this moment, to the second. */
function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}

interface Synced {
  declaration: Declaration
  before: JsonObject | undefined
  after: JsonObject
  catalog: Catalog
  locked: LockEntry | undefined
  entry: LockEntry
}

/** What clients see otherwise; where the lock is all that can be compared with, what that says otherwise. */
function changes({ declaration, before, after, catalog, locked, entry }: Synced): string[] {
  const old = before && compiledBefore(declaration, before)
  const tools = old ? compareTools(old.tools, catalog.tools).map(toolLine) : []
  const drifted =
    old && before ? drift(declaration, before, after).filter(({ level }) => level !== 'words') : []
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

function ending({
  entry,
  locked,
  source,
  dryRun,
}: {
  entry: LockEntry
  locked: LockEntry | undefined
  source: string
  dryRun: boolean
}): string {
  const nothing = locked && staleness(locked, entry).length === 0 ? 'Nothing changed. ' : ''
  const last = locked ? `; before that on ${date(locked.synced)}` : ''
  const { version, sha256: digest } = entry.document
  const what = `${visible(version, LONGEST)} (sha256 ${digest.slice(0, 12)}…) from ${documentName(source)}`
  return dryRun
    ? `${nothing}Nothing was written: --dry-run. It would take in ${what}`
    : `${nothing}Last synced on ${date(entry.synced)}${last}: ${what}`
}
