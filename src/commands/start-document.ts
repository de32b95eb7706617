/** `lectern start --openapi`: any document, served at once on the upstream that the operator names. */
import type { Catalog } from '../connector/catalog.ts'
import { type Derived, derive } from '../connector/derive.ts'
import { StartError } from '../errors.ts'
import { isLoopback } from '../guard.ts'
import type { JsonObject } from '../json.ts'
import { documentName, readDocument } from '../node/document.ts'
import { checkedLookup, isPublicHost, resolveLocally } from '../node/public.ts'
import { serve } from '../node.ts'
import { isBaseUrl, type Settings } from '../settings.ts'
import { clientLines } from './clients.ts'
import { type DerivedFlags, deriveOptions } from './derived.ts'
import { readHeaders } from './header-env.ts'
import { trusted, withoutServer } from './lacking.ts'
import { refuseWithoutTools, severalFilesLine, withAllFiles } from './several-files.ts'
import { onSignal } from './signals.ts'

export interface DocumentFlags extends DerivedFlags {
  /** A path, `-` or an http(s) URL. */
  source: string
  'header-env'?: string[] | undefined
  open?: boolean | undefined
  'allow-private'?: boolean | undefined
}

export async function startDocument(flags: DocumentFlags, settings: Settings): Promise<void> {
  const upstreamHeaders = readHeaders(flags['header-env'] ?? [], process.env, settings.upstreamHeaders)
  const headers = Object.keys(upstreamHeaders)
  const options = deriveOptions(flags.source, flags)
  const chosen = options.server ?? settings.upstreamUrl
  if (headers.length > 0 && !flags.open) refuseOthers(settings)
  const allowPrivate = flags['allow-private'] ?? false
  const document = await readDocument(flags.source, settings, allowPrivate)
  const completed = {
    ...options,
    access: { type: 'none' as const, ...(headers.length > 0 && { headers }) },
    ...(chosen !== undefined && { server: chosen }),
  }
  const derived = withAllFiles(document, flags.source, () => derive(document, completed))
  const { catalog } = derived
  refuseWithoutTools(derived, document, flags.source)
  if (chosen === undefined) await checkServer(document, catalog, headers, allowPrivate)
  const running = await serve(
    catalog,
    { ...settings, upstreamUrl: chosen, upstreamHeaders },
    {
      ownProcess: true,
      ...(chosen === undefined && { lookup: checkedLookup(resolveLocally, allowPrivate) }),
    },
  )
  const url = settings.publicUrl ?? running.url
  const note = severalFilesLine(document, flags.source)
  console.log(
    firstSteps(derived, { url, base: chosen ?? catalog.server, headers, source: flags.source, note }),
  )
  onSignal((signal) => running.close(signal === 'SIGTERM' ? settings.deadline : 0))
}

/** Without sign-in, whoever reaches the connector reads with the operator's credential. Throws StartError. */
function refuseOthers({ host, publicUrl }: Settings): void {
  const faults: string[] = []
  if (!isLoopback(host))
    faults.push(`HOST is ${host}: leave it at 127.0.0.1, which only this machine reaches`)
  if (publicUrl !== undefined && !isLoopback(new URL(publicUrl).hostname))
    faults.push('LECTERN_PUBLIC_URL is set, as for a proxy that lets others in: unset it')
  if (faults.length === 0) return
  throw new StartError('Everybody who reaches this address would read with the headers of --header-env', [
    ...faults,
    'to let others in by sign-in or with keys of their own, declare `access` (docs/declaration.md)',
    'to let them read with your headers, on a network where you know everybody, add --open',
  ])
}

/** A document may be a stranger's: what it names gets no credential, and is public. Throws StartError. */
async function checkServer(
  document: JsonObject,
  { server }: Catalog,
  headers: string[],
  allowPrivate: boolean,
): Promise<void> {
  if (!isBaseUrl(server))
    throw new StartError('The document does not say where its API is', [withoutServer(document)])
  if (headers.length > 0)
    throw new StartError(`The document says that the API is at ${server}`, [
      `${headers.join(', ')} would be sent there: ${trusted(server)}`,
    ])
  if (!allowPrivate && !(await isPublicHost(new URL(server))))
    throw new StartError(`The document says that the API is at ${server}`, [
      `it is not on the public internet: ${trusted(server)}`,
    ])
}

interface Served {
  url: string
  base: string
  headers: string[]
  source: string
  note: string | undefined
}

const FOUND = ' tools/list names three that find, describe and call them.'

/** What is served, what it sends along, and what to paste next. */
function firstSteps({ catalog, skipped }: Derived, { url, base, headers, source, note }: Served): string {
  const { name, title, tools, discovery } = catalog
  const left =
    skipped.length === 0
      ? ''
      : `; ${skipped.length} skipped, and \`lectern compile ${source === '-' ? source : documentName(source)}\` says why`
  const along = headers.length === 0 ? 'No credential is sent' : `Sent with every GET: ${headers.join(', ')}`
  return `Lectern serves ${title} at ${url}/mcp
Upstream: ${base}. Tools: ${tools.length}${left}.${discovery ? FOUND : ''}
${along}. Nobody signs in: whoever reaches that URL may call.${note === undefined ? '' : `\n${note}`}

${clientLines(name, url, 'open')}
Ctrl-C ends it.
`
}
