/** `lectern doctor`: which clients and directories take a connector, why not, and what to do about it. */
import { CLIENTS, type Client } from '../doctor/clients.ts'
import { DIRECTORIES } from '../doctor/directories.ts'
import { StartError } from '../errors.ts'
import { closest } from '../tools/closest.ts'
import type { Command } from './command.ts'
import { DERIVED_HELP, DERIVED_OPTIONS } from './derived.ts'
import { diagnose } from './diagnosis.ts'
import { diagnosisReport } from './doctor-report.ts'
import { findExamined, type SourceFlags } from './examined.ts'
import { readFlags } from './flags.ts'
import { print, printJson } from './print.ts'
import { createTokenCounter } from './tokens.ts'

const KNOWN = [...CLIENTS, ...DIRECTORIES]

const HELP = `Usage: lectern doctor [--declaration FILE] [--openapi FILE-OR-URL [--allow-private]
                      [--base-url URL] [--tool-names dotted|underscore] [--discovery] [--answers-as-is]]
                      [--url URL [--header-env NAME=ENV]...] [--client NAME]... [--server-name NAME] [--strict] [--json]

Tells which clients and directories take the tools of the Flowtly connector, what each refuses or loses, how to mend it,
and how many tokens the tools are. Exit code 0: nobody refuses anything; 1: somebody does; 2: it cannot be examined.
  --declaration FILE     a declared connector, with the document that --openapi names
  --openapi FILE-OR-URL  alone: a connector derived from this document, as lectern start --openapi serves it; - reads the
                         standard input. --base-url, --allow-private and what follows as for lectern compile
${DERIVED_HELP}
  --url URL              any MCP server: what it lists (initialize, then tools/list) to a caller with these headers
  --header-env NAME=ENV  sends the header NAME to that server; its value is that of the environment variable ENV
  --client NAME          looks at this one only; may be given again
  --server-name NAME     the name under which people add the connector: most clients put it before each tool's
  --strict               what a client loses counts too: exit code 1
  --json                 prints {"server","title","clients","findings","tokens","notes"}, and nothing else

Known are ${KNOWN.map(({ name }) => name).join(', ')}.`

const OPTIONS = {
  declaration: { type: 'string' },
  openapi: { type: 'string' },
  ...DERIVED_OPTIONS,
  'allow-private': { type: 'boolean' },
  url: { type: 'string' },
  'header-env': { type: 'string', multiple: true },
  client: { type: 'string', multiple: true },
  'server-name': { type: 'string' },
  strict: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const

export const doctor: Command = {
  summary: 'tell which clients take a connector, and why not',
  async run(args) {
    const { values } = readFlags('doctor', { args, options: OPTIONS })
    if (values.help) return console.log(HELP)
    const conflict = CONFLICTS.find(([, , isMet]) => isMet(values))
    if (conflict !== undefined) throw new StartError(conflict[0], [conflict[1]])
    const clients = chosen(values.client)
    const given = serverName(values['server-name'])
    const examined = await findExamined(values)
    const diagnosis = diagnose(examined, given ?? examined.name, clients, await createTokenCounter())
    const fails = diagnosis.findings.some(({ severity }) => severity === 'refusal' || values.strict)
    if (fails) process.exitCode = 1
    if (values.json) printJson(diagnosis)
    else print(diagnosisReport(diagnosis))
  },
}

const CONFLICTS: [subject: string, mend: string, isMet: (flags: SourceFlags) => boolean][] = [
  [
    '--url and --openapi are two connectors',
    'examine one after the other',
    ({ url, openapi, declaration }) => url !== undefined && (openapi ?? declaration) !== undefined,
  ],
  [
    '--base-url, --tool-names, --discovery and --answers-as-is are for a document without a declaration',
    'declare `server`, `toolNames`, `discovery` and `answers: false` instead',
    (flags) => flags.declaration !== undefined && OF_STRANGERS.some((flag) => flags[flag] !== undefined),
  ],
  [
    '--header-env is for a live server',
    'name it with --url',
    (flags) => flags['header-env'] !== undefined && flags.url === undefined,
  ],
  [
    '--base-url, --allow-private, --tool-names, --discovery and --answers-as-is are for a document of your own',
    'name it with --openapi',
    (flags) => flags.openapi === undefined && OF_DOCUMENTS.some((flag) => flags[flag] !== undefined),
  ],
]

const OF_STRANGERS = ['base-url', 'tool-names', 'discovery', 'answers-as-is'] as const
const OF_DOCUMENTS = [...OF_STRANGERS, 'allow-private'] as const

/** In the order of the tables. Throws StartError. */
function chosen(names: string[] | undefined): Client[] {
  if (names === undefined) return KNOWN
  const known = KNOWN.map(({ name }) => name)
  const faults = names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = closest(name, known)
      return `${name} is not known: ${near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`}`
    })
  if (faults.length > 0) throw new StartError('--client cannot be used', faults)
  return KNOWN.filter(({ name }) => names.includes(name))
}

function serverName(name: string | undefined): string | undefined {
  if (name === undefined || /^[\w-]{1,64}$/.test(name)) return name
  throw new StartError('--server-name cannot be used', ['clients take letters, digits, _ and -, at most 64'])
}
