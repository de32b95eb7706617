/** `lectern check`: whether a declaration holds in its document, whether the lock is fresh, and what a newer document would break. */
import { type Change, LEVELS } from '../drift/change.ts'
import { type Drift, drift } from '../drift/drift.ts'
import { lockEntry, staleness } from '../drift/lock.ts'
import { StartError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { documentName, readDocument } from '../node/document.ts'
import { readSettings, type Settings } from '../settings.ts'
import { visible } from '../tools/invisible.ts'
import type { Command } from './command.ts'
import {
  type Chosen,
  CONNECTOR_HELP,
  CONNECTOR_OPTIONS,
  compileNamed,
  lockedAs,
  type Named,
  nameConnector,
} from './connector.ts'
import { declaredNotes } from './declared-notes.ts'
import { readFlags } from './flags.ts'
import { count, date, print, printJson } from './print.ts'

const HELP = `Usage: lectern check [--live FILE-OR-URL [--strict]] [--json]
                     [--declaration FILE --openapi FILE-OR-URL] [--lock FILE] [--allow-private]

Says whether everything that the declaration names exists in the document, and whether connector.lock.json still tells
of both. With --live it compares the document with a newer one, operation by operation. Exit code 0 means that all
holds, 1 that it does not, 2 that nothing could be checked.
${CONNECTOR_HELP}
  --live FILE-OR-URL     the newer document: breaking changes are exit code 1
  --strict               with --live, any change is exit code 1
  --json                 prints {"connector":…,"faults":[…],"stale":[…],"changes":[…]}`

const OPTIONS = {
  ...CONNECTOR_OPTIONS,
  live: { type: 'string' },
  strict: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const

export interface Findings {
  connector: string
  /** What the declaration names, and the document (with `--live` the newer one) lacks. */
  faults: readonly string[]
  /** Where the lock differs. */
  stale: readonly string[]
  changes: readonly Drift[]
}

export const check: Command = {
  summary: 'tell whether a declaration holds in its document, and what a newer one would break',
  async run(args) {
    const { values } = readFlags('check', { args, options: OPTIONS })
    if (values.help) return console.log(HELP)
    if (values.strict && values.live === undefined)
      throw new StartError('--strict is for --live', ['name the newer document with --live FILE-OR-URL'])
    const settings = readSettings(process.env)
    // Documents are compared with each other, whatever the lock says.
    const flags = values.live === undefined ? values : { ...values, lock: undefined }
    const named = await nameConnector(flags, settings)
    const { declaration } = named
    if (declaration === undefined)
      throw new StartError('A document alone declares nothing to check', [
        'name a declaration with --declaration FILE',
      ])
    const declared = { ...named, declaration }
    const found =
      values.live === undefined
        ? await findHere(declared, values.lock !== undefined)
        : await findThere(declared, await newer(values.live, settings, values['allow-private'] ?? false))
    if (values.json) printJson(found.findings)
    else print(found.told)
    if (fails(found.findings, values.strict)) process.exitCode = 1
  },
}

type Declared<T extends Named> = T & { declaration: NonNullable<T['declaration']> }
type Found = { findings: Findings; told: string }

function fails({ faults, stale, changes }: Findings, strict: boolean): boolean {
  const counted = strict ? changes : changes.filter(({ level }) => level === 'breaking')
  return faults.length + stale.length + counted.length > 0
}

interface Newer {
  document: JsonObject
  name: string
}

async function newer(source: string, settings: Settings, allowPrivate: boolean): Promise<Newer> {
  return { document: await readDocument(source, settings, allowPrivate), name: documentName(source) }
}

/** Compiles; the faults are findings. Whatever else is thrown says that nothing could be checked. */
function compiled<T extends Named>(named: T): { chosen?: Chosen; faults: readonly string[] } {
  try {
    return { chosen: compileNamed(named), faults: [] }
  } catch (error) {
    if (error instanceof StartError) return { faults: error.faults }
    throw error
  }
}

/** The declaration in its document, and the lock beside both. */
async function findHere(named: Declared<Named>, lockIsNamed: boolean): Promise<Found> {
  const { declaration, lock, source, lockFile, bytes, document } = named
  const connector = line(String(declaration.name))
  const { chosen, faults } = compiled(named)
  if (chosen === undefined) return failed(connector, documentName(source), faults)
  const locked = lockedAs(lock, declaration)
  const { catalog } = chosen
  const all = `${connector}: ${count(catalog.tools.length, 'tool')}, and all that is named is in ${documentName(source)}`
  const total = [all, ...declaredNotes(chosen)].join('\n')
  const findings = { connector, faults, changes: [] }
  if (locked === undefined && lock === undefined && !lockIsNamed)
    return {
      findings: { ...findings, stale: [] },
      told: `${total}\nThere is no lock: lectern sync, with the same flags, writes one`,
    }
  const now = await lockEntry(
    { catalog, declaration, document, bytes },
    locked?.synced ?? '',
    locked?.document.source,
  )
  const stale = locked === undefined ? [`it does not know ${connector}`] : staleness(locked, now)
  const told =
    stale.length > 0
      ? section(`${line(lockFile)} is stale: lectern sync, with the same flags, mends it`, stale)
      : `${line(lockFile)} is fresh; last synced on ${date(locked!.synced)}`
  return { findings: { ...findings, stale }, told: `${total}\n${told}` }
}

/** The declaration in a newer document, beside the one that is served. */
async function findThere(named: Declared<Named>, { document, name }: Newer): Promise<Found> {
  const { declaration } = named
  const connector = line(String(declaration.name))
  const served = compiled(named)
  if (served.chosen === undefined) return failed(connector, documentName(named.source), served.faults)
  const { faults } = compiled({ ...named, document })
  const changes = drift(declaration, named.document, document)
  const told = [
    ...(faults.length === 0 ? [] : [section(`${connector} no longer compiles with ${name}`, faults)]),
    ...LEVELS.map((level) =>
      section(HEADINGS[level], changes.filter((each) => each.level === level).map(sentence)),
    ),
    ...(changes.length + faults.length === 0
      ? [`${connector}: ${name} changes nothing that a tool uses`]
      : []),
  ]
  return { findings: { connector, faults, stale: [], changes }, told: told.filter(Boolean).join('\n') }
}

const HEADINGS: Record<Change['level'], string> = {
  breaking: 'Breaking',
  additive: 'Additive',
  words: 'Words only',
}

function sentence({ tool, operation, told }: Drift): string {
  return tool === undefined ? told : `${tool} (${operation}): ${told}`
}

function failed(connector: string, name: string, faults: readonly string[]): Found {
  return {
    findings: { connector, faults, stale: [], changes: [] },
    told: section(`${connector} cannot be compiled with ${name}`, faults),
  }
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${title}:`, ...lines.map((each) => `  - ${line(each)}`)].join('\n')
}

/** Longest line of foreign words, in characters. */
const LONGEST = 400

function line(words: string): string {
  return visible(words, LONGEST)
}
