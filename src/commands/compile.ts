/** `lectern compile`: what becomes of an OpenAPI document, for a reader or (`--json`) for a program. */
import { type Derived, derive } from '../connector/derive.ts'
import { isDotless } from '../connector/names.ts'
import { StartError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { definitions } from '../mcp/view.ts'
import { readDocument } from '../node/document.ts'
import { readSettings } from '../settings.ts'
import type { Command } from './command.ts'
import { chooseConnector } from './connector.ts'
import { declaredOutcome } from './declared.ts'
import { DERIVED_HELP, DERIVED_OPTIONS, type DerivedFlags, deriveOptions } from './derived.ts'
import { readFlags } from './flags.ts'
import { print, printJson } from './print.ts'
import { report } from './report.ts'
import { severalFilesLine, withAllFiles } from './several-files.ts'

const HELP = `Usage: lectern compile FILE-OR-URL [--json] [--base-url URL] [--tool-names dotted|underscore] [--discovery]
                       [--answers-as-is] [--allow-private]
       lectern compile --declaration FILE --openapi FILE-OR-URL [--json] [--allow-private]

Says which tools an OpenAPI document becomes, and which of its GETs are skipped and why. The document is 3.0, 3.1,
3.2 or Swagger 2.0, in JSON or YAML; - reads the standard input. Exit code 0 means that it was read, even where no tool
came of it, and 2 that it cannot be used at all.
  --declaration FILE     the tools that FILE declares for the document, and which GETs it leaves out
  --openapi FILE-OR-URL  the document, as other commands take it
  --json                 prints {"operations":n,"tools":[...],"skipped":[...]}, the tools as tools/list has them
  --base-url URL         base URL of the API, in place of the document's first server
${DERIVED_HELP}
  --allow-private        the address may be private, and http`

const OPTIONS = {
  json: { type: 'boolean', default: false },
  declaration: { type: 'string' },
  openapi: { type: 'string' },
  ...DERIVED_OPTIONS,
  'allow-private': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const

export const compile: Command = {
  summary: 'tell which tools an OpenAPI document or a declaration becomes',
  async run(args) {
    const { values, positionals } = readFlags('compile', { args, options: OPTIONS, allowPositionals: true })
    if (values.help) return console.log(HELP)
    const source = onlyDocument([...positionals, ...(values.openapi === undefined ? [] : [values.openapi])])
    const { document, outcome, isTrusted } = await outcomeOf(source, values)
    const { catalog, operations, skipped } = outcome
    const tools = definitions(catalog.tools, isDotless(catalog, false))
    if (values.json) return printJson({ operations, tools, skipped })
    const told = [report(document, outcome, tools, isTrusted), severalFilesLine(document, source)]
    print(told.filter((each) => each !== undefined).join('\n\n'))
  },
}

function onlyDocument(named: string[]): string {
  const [source, ...more] = named
  if (source === undefined)
    throw new StartError('No document is named', [
      'name one: lectern compile FILE-OR-URL, or --openapi FILE-OR-URL beside --declaration',
    ])
  if (more.length > 0) throw new StartError(`${named.length} documents are named`, ['name one document only'])
  return source
}

interface CompileFlags extends DerivedFlags {
  declaration?: string | undefined
  'allow-private': boolean
}

interface Compiled {
  document: JsonObject
  outcome: Derived
  /** True where the base URL was chosen, or may be private. */
  isTrusted: boolean
}

async function outcomeOf(source: string, flags: CompileFlags): Promise<Compiled> {
  const settings = readSettings(process.env)
  const isPrivate = flags['allow-private']
  if (flags.declaration === undefined) {
    const options = deriveOptions(source, flags)
    const document = await readDocument(source, settings, isPrivate)
    const isTrusted = flags['base-url'] !== undefined || isPrivate
    return { document, outcome: withAllFiles(document, source, () => derive(document, options)), isTrusted }
  }
  const derived = Object.keys(DERIVED_OPTIONS).filter(
    (flag) => flags[flag as keyof DerivedFlags] !== undefined,
  )
  if (derived.length > 0)
    throw new StartError(`--${derived[0]} is for a document without a declaration`, [
      'declare `server`, `toolNames`, `discovery` and `answers` instead',
    ])
  const named = { declaration: flags.declaration, openapi: source, 'allow-private': isPrivate }
  const { document, catalog } = await chooseConnector(named, settings)
  return { document, outcome: declaredOutcome(catalog, document), isTrusted: true }
}
