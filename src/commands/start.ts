/** `lectern start`: what may be typed, and which of it contradicts itself; Flowtly is served, or any document. */
import type { parseArgs } from 'node:util'
import { StartError } from '../errors.ts'
import { readSettings, type Settings } from '../settings.ts'
import { unknownSettings } from '../unknown-settings.ts'
import type { Command } from './command.ts'
import { DERIVED_HELP, DERIVED_OPTIONS } from './derived.ts'
import { readFlags } from './flags.ts'
import { variableOf } from './header-env.ts'
import { startDeclared } from './start-declared.ts'
import { startDocument } from './start-document.ts'
import { startFlowtly } from './start-flowtly.ts'

const HELP = `Usage: lectern start [--sandbox [--fault NAME]] [--port PORT] [--host HOST]
       lectern start --openapi FILE-OR-URL [--base-url URL] [--header-env NAME=ENV]... [--open]
                     [--allow-private] [--tool-names dotted|underscore] [--discovery] [--answers-as-is]
                     [--port PORT] [--host HOST]
       lectern start --declaration FILE --openapi FILE-OR-URL [--base-url URL] [--lock FILE] [--allow-private]
                     [--port PORT] [--host HOST]

Serves the Flowtly connector. Its upstream is LECTERN_UPSTREAM_URL, else the server that the document names.
With --sandbox it is an embedded Flowtly with made-up data, and nothing else is needed.

With --openapi it serves any OpenAPI document (3.0, 3.1, 3.2, Swagger 2.0; JSON or YAML; - reads the standard
input): each GET is a tool, and nobody signs in.
  --base-url URL         where the GETs go, in place of the document's first server
  --header-env NAME=ENV  sends the header NAME with every GET; its value is that of the environment variable ENV. It needs
                         --base-url (or LECTERN_UPSTREAM_URL): where a credential goes, no document says
  --open                 with --header-env, lets others than this machine read with those headers
  --allow-private        the document's address and the server that it names may be private, and http
${DERIVED_HELP}

With --declaration it serves the connector that FILE declares, as JSON or as a module that exports it: its own tools,
words and access.

  --port PORT            where it listens; 0 takes any free port (default PORT, else 8787)
  --host HOST            the address to listen on (default HOST, else 127.0.0.1, which only this machine reaches)

Settings come from the environment: lectern settings lists them.`

const OPTIONS = {
  sandbox: { type: 'boolean', default: false },
  fault: { type: 'string' },
  openapi: { type: 'string' },
  declaration: { type: 'string' },
  lock: { type: 'string' },
  ...DERIVED_OPTIONS,
  'header-env': { type: 'string', multiple: true },
  open: { type: 'boolean' },
  'allow-private': { type: 'boolean' },
  port: { type: 'string' },
  host: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

export const start: Command = {
  summary: 'serve a connector (--sandbox: on made-up data; --openapi: any document)',
  async run(args) {
    const { values } = readFlags('start', { args, options: OPTIONS })
    if (values.help) return console.log(HELP)
    const typed = given({ PORT: values.port, HOST: values.host })
    const called = given({ PORT: values.port && '--port', HOST: values.host && '--host' })
    // Before the rest is checked: what is missing there may be what is misspelt here.
    const unknown = unknownSettings(process.env, values['header-env']?.map(variableOf))
    if (unknown !== undefined) console.error(unknown)
    const settings = readSettings({ ...process.env, ...typed }, called)
    const conflict = CONFLICTS.find(([, , isMet]) => isMet(values, settings))
    if (conflict !== undefined) throw new StartError(conflict[0], [conflict[1]])
    if (values.declaration !== undefined) return startDeclared(values, settings)
    if (values.openapi !== undefined) return startDocument({ ...values, source: values.openapi }, settings)
    return startFlowtly(values, settings)
  },
}

/** Flags and settings that contradict one another: what that is, and what to do. */
const CONFLICTS: [subject: string, mend: string, isMet: (flags: Flags, settings: Settings) => boolean][] = [
  [
    '--sandbox and --openapi are two connectors',
    'start with one of them; lectern sandbox serves the made-up API alone, for --base-url',
    ({ sandbox, openapi }) => sandbox === true && openapi !== undefined,
  ],
  [
    '--fault is for the sandbox',
    'start with --sandbox',
    ({ fault, sandbox }) => fault !== undefined && !sandbox,
  ],
  [
    'There are two upstreams',
    'LECTERN_UPSTREAM_URL is set: start without --sandbox, or unset it',
    ({ sandbox }, { upstreamUrl }) => sandbox === true && upstreamUrl !== undefined,
  ],
  [
    'There are two upstreams',
    'LECTERN_UPSTREAM_URL is set: start without --base-url, or unset it',
    (flags, { upstreamUrl }) => flags['base-url'] !== undefined && upstreamUrl !== undefined,
  ],
  [
    '--header-env, --open, --tool-names, --discovery and --answers-as-is are for a document without a declaration',
    'declare `access`, `toolNames`, `discovery` and `answers: false` instead; LECTERN_UPSTREAM_HEADERS holds the headers that `access: none` declares',
    (flags) => flags.declaration !== undefined && OF_STRANGERS.some((flag) => flags[flag] !== undefined),
  ],
  [
    'A sandbox serves Flowtly alone',
    'leave out --sandbox, or --declaration',
    ({ declaration, sandbox }) => declaration !== undefined && sandbox === true,
  ],
  [
    '--lock is for a connector that is declared',
    'name it with --declaration and --openapi',
    ({ declaration, lock }) => lock !== undefined && declaration === undefined,
  ],
  [
    '--base-url, --header-env, --open, --allow-private, --tool-names, --discovery and --answers-as-is are for a document of your own',
    'name it with --openapi',
    (flags) => flags.openapi === undefined && OF_DOCUMENTS.some((flag) => flags[flag] !== undefined),
  ],
]

const OF_STRANGERS = ['header-env', 'open', 'tool-names', 'discovery', 'answers-as-is'] as const
const OF_DOCUMENTS = [...OF_STRANGERS, 'base-url', 'allow-private'] as const

function given(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
}
