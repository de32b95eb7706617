/** `lectern sync`: takes a connector's newer document in as it was published, writes the lock, and shows what changed for clients. */
import { existsSync } from 'node:fs'
import type { Catalog } from '../connector/catalog.ts'
import { compile } from '../connector/compile.ts'
import type { Declaration } from '../connector/declaration.ts'
import { lockEntry, writeLock } from '../drift/lock.ts'
import { StartError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { documentName, readPublished } from '../node/document.ts'
import { readSettings } from '../settings.ts'
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
import { FLOWTLY_DOCUMENT, IS_INSTALLED } from './flowtly.ts'
import { isoNow, print } from './print.ts'
import { replaceFile } from './replace.ts'
import { withAllFiles } from './several-files.ts'
import { type Synced, syncedWords } from './synced.ts'

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
    const target = await writable(values)
    const synced = await takeIn(target, positionals[0], values['allow-private'] ?? false)
    if (!values['dry-run']) await write(target, synced)
    print(syncedWords(synced, values['dry-run']))
  },
}

type Writable = Required<Target>

/** A declaration, and the file that is written. Throws StartError. */
async function writable(flags: ConnectorFlags): Promise<Writable> {
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
  if (source === FLOWTLY_DOCUMENT && IS_INSTALLED)
    throw new StartError(
      `The document of ${declaration.title} belongs to the installed package, and the next install writes it anew`,
      ['name a connector of your own with --declaration FILE --openapi FILE'],
    )
  return { ...found, declaration }
}

/** The newer document, compiled, beside what there was. Throws StartError where it cannot be taken. */
async function takeIn(
  { declaration, source: file, lockFile }: Writable,
  named: string | undefined,
  allowPrivate: boolean,
): Promise<Synced> {
  const settings = readSettings(process.env)
  const lock = openLock(lockFile, false) ?? {}
  const locked = lockedAs(lock, declaration)
  const remembered = locked?.document.source
  const source = named ?? remembered ?? file
  const before = existsSync(file) ? await readPublished(file, settings, allowPrivate) : undefined
  const after = source === file && before ? before : await readPublished(source, settings, allowPrivate)
  if (/\.json$/i.test(file)) checkJson(after.bytes, source, file)
  const catalog = compileOrRefuse(declaration, after.document, source)
  const entry = await lockEntry(
    { catalog, declaration, ...after },
    isoNow(),
    rememberable(source) ?? remembered,
  )
  return { declaration, source, before, after, catalog, lock, locked, entry }
}

async function write({ source: file, lockFile }: Writable, synced: Synced): Promise<void> {
  const { declaration, before, after, lock, entry } = synced
  const isSame = before !== undefined && Buffer.compare(before.bytes, after.bytes) === 0
  if (!isSame) await replaceFile(file, after.bytes)
  await replaceFile(lockFile, writeLock({ ...lock, [declaration.name]: entry }))
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
