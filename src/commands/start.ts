/** `lectern start`: serves Flowtly, on its real upstream or on the embedded sandbox, or any document. */
import { parseArgs } from 'node:util'
import type { Catalog } from '../connector/catalog.ts'
import { StartError } from '../errors.ts'
import { type Running, serve } from '../node.ts'
import { sizeTable } from '../oauth/sizes.ts'
import { IdentityMissing } from '../sandbox/identity-issuer.ts'
import { demoKeys } from '../sandbox/keys.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { randomBytes } from '../sealing/random.ts'
import { readSettings, type Settings } from '../settings.ts'
import { clientLines } from './clients.ts'
import type { Command } from './command.ts'
import { loadFlowtly } from './flowtly.ts'
import { demoKeyLines, openSandbox } from './sandbox.ts'
import { onSignal } from './signals.ts'
import { startDocument } from './start-document.ts'

const HELP = `Usage: lectern start [--sandbox [--fault NAME]] [--port PORT] [--host HOST]
       lectern start --openapi FILE-OR-URL [--base-url URL] [--header-env NAME=ENV]... [--open]
                     [--allow-private] [--tool-names dotted|underscore] [--port PORT] [--host HOST]

Serves the Flowtly connector. Its upstream is LECTERN_UPSTREAM_URL, else the server that the document names.
With --sandbox it is an embedded Flowtly with made-up data, and nothing else is needed.

With --openapi it serves any OpenAPI document (3.0, 3.1, 3.2, Swagger 2.0; JSON or YAML; - reads the standard
input): each GET is a tool, and nobody signs in.
  --base-url URL         where the GETs go, in place of the document's first server
  --header-env NAME=ENV  sends the header NAME with every GET; its value is that of the environment variable ENV
  --open                 with --header-env, lets others than this machine read with those headers
  --allow-private        the document's address and the server that it names may be private, and http
  --tool-names FORM      dotted (pets.list) or underscore (pets_list), for every client

Settings come from the environment: lectern settings lists them.`

const OPTIONS = {
  sandbox: { type: 'boolean', default: false },
  fault: { type: 'string' },
  openapi: { type: 'string' },
  'base-url': { type: 'string' },
  'header-env': { type: 'string', multiple: true },
  open: { type: 'boolean' },
  'allow-private': { type: 'boolean' },
  'tool-names': { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

export const start: Command = {
  summary: 'serve a connector (--sandbox: on made-up data; --openapi: any document)',
  async run(args) {
    const { values } = parseArgs({ args, options: OPTIONS })
    if (values.help) return console.log(HELP)
    const settings = readSettings({ ...process.env, ...given({ PORT: values.port, HOST: values.host }) })
    const conflict = CONFLICTS.find(([, , isMet]) => isMet(values, settings))
    if (conflict !== undefined) throw new StartError(conflict[0], [conflict[1]])
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
    '--base-url, --header-env, --open, --allow-private and --tool-names are for a document of your own',
    'name it with --openapi',
    (flags) => flags.openapi === undefined && OF_DOCUMENTS.some((flag) => flags[flag] !== undefined),
  ],
]

const OF_DOCUMENTS = ['base-url', 'header-env', 'open', 'allow-private', 'tool-names'] as const

async function startFlowtly({ sandbox, fault }: Flags, settings: Settings): Promise<void> {
  const catalog = loadFlowtly()
  const embedded = sandbox ? await openSandbox(0, fault, { port: 0 }) : undefined
  const complete = { ...settings, ...(embedded && sandboxSettings(embedded, settings)) }
  const running = await serve(catalog, complete, { ownProcess: true }).catch(async (error: unknown) => {
    await embedded?.close()
    throw error
  })
  console.log(
    embedded
      ? firstSteps(catalog, running.url, embedded)
      : [servedAt(catalog, running, settings), ...signInLines(running)].join('\n'),
  )
  onSignal(async (signal) => {
    await running.close(signal === 'SIGTERM' ? settings.deadline : 0)
    await embedded?.close()
  })
}

/** The embedded upstream, its identity provider unless another one is set, and secrets for as long as the made-up data live. */
function sandboxSettings({ url, identity }: Sandbox, settings: Settings): Partial<Settings> {
  const own = (secrets: Uint8Array[]) => (secrets.length > 0 ? secrets : [randomBytes(32)])
  const shared = {
    upstreamUrl: url,
    sessionSecrets: own(settings.sessionSecrets),
    registrationSecrets: own(settings.registrationSecrets),
  }
  if (identity === undefined || settings.idpIssuer !== undefined) return shared
  const { issuer, clientId, clientSecret } = identity
  return { ...shared, idpIssuer: issuer, idpClientId: clientId, idpClientSecret: clientSecret }
}

function given(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
}

/** The address that people add, and the one that is listened on where it is another. */
function servedAt({ title }: Catalog, { url, sizes }: Running, { publicUrl = url }: Settings): string {
  const listening = publicUrl === url ? '' : ` (listening on ${url})`
  const callback =
    sizes.length > 0 ? `\nIts redirect URI at the identity provider is ${publicUrl}/callback` : ''
  return `Lectern serves ${title} at ${publicUrl}/mcp${listening}${callback}`
}

/** What tokens will weigh with this provider, or that nobody can sign in. */
function signInLines({ sizes }: Running): string[] {
  if (sizes.length === 0)
    return ['Nobody can sign in: LECTERN_IDP_ISSUER and LECTERN_IDP_CLIENT_ID are not set. API keys open it.']
  return ['Sealed values will have these lengths, in characters:', '', sizeTable(sizes), '']
}

/** What to paste next. */
function firstSteps({ name, title }: Catalog, url: string, { url: upstream, identity }: Sandbox): string {
  const { key } = demoKeys[0]!
  const call =
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"invoices.list","arguments":{"status":"overdue"}}}'
  return `Lectern serves ${title} at ${url}/mcp
on made-up data (upstream ${upstream}). Add that URL to a client and sign in as one of two made-up people:

${identity ? clientLines(name, url, true) : `${new IdentityMissing().message}\n`}
Or without signing in, with a demo key:

${demoKeyLines()}

  curl -s ${url}/mcp -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" -d '${call}'

Then ask: "Which invoices are overdue, and by how much?" Ctrl-C ends it. Sign-ins end with it.
`
}
