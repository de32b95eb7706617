/** `lectern start --declaration`: a declared connector, served without a program of one's own. */
import type { Catalog } from '../connector/catalog.ts'
import { type Running, serve } from '../node.ts'
import { sizeTable } from '../oauth/sizes.ts'
import type { Settings } from '../settings.ts'
import { clientLines, type Entry } from './clients.ts'
import { type ConnectorFlags, chooseConnector } from './connector.ts'
import { declaredNotes } from './declared-notes.ts'
import { checkBase } from './derived.ts'
import { onSignal } from './signals.ts'

export interface DeclaredFlags extends ConnectorFlags {
  'base-url'?: string | undefined
}

export async function startDeclared(flags: DeclaredFlags, settings: Settings): Promise<void> {
  const chosen = checkBase(flags['base-url']) ?? settings.upstreamUrl
  const connector = await chooseConnector(flags, settings)
  const { catalog } = connector
  const running = await serve(catalog, { ...settings, upstreamUrl: chosen }, { ownProcess: true })
  const url = settings.publicUrl ?? running.url
  const notes = [...declaredNotes(connector), ...unlisted(catalog, settings, running.sizes.length > 0)]
  console.log(firstSteps(catalog, running, url, chosen ?? catalog.server))
  if (notes.length > 0) console.log(`${notes.join('\n')}\n`)
  onSignal((signal) => running.close(signal === 'SIGTERM' ? settings.deadline : 0))
}

function firstSteps(catalog: Catalog, { url: listening, sizes }: Running, url: string, base: string): string {
  const { name, title, tools } = catalog
  const at = listening === url ? '' : ` (listening on ${listening})`
  return `Lectern serves ${title} at ${url}/mcp${at}
Upstream: ${base}. Tools: ${tools.length}.
${entrance(catalog, sizes.length > 0, url)}

${sizes.length > 0 ? `${sizeTable(sizes)}\n\n` : ''}${clientLines(name, url, entry(catalog, sizes.length > 0))}
Ctrl-C ends it.
`
}

/** Only a sign-in tells that it is ChatGPT who asks. */
function unlisted({ knowledge }: Catalog, settings: Settings, isSignIn: boolean): string[] {
  if (knowledge.length === 0 || settings.knowledge !== 'auto' || isSignIn) return []
  return [
    'Note: search and fetch are not listed, since only a sign-in tells ChatGPT apart: LECTERN_KNOWLEDGE=on lists them to everybody',
  ]
}

/** With `jwt` the client signs in at the declared issuer, which our metadata name. */
function entry({ access }: Catalog, isSignIn: boolean): Entry {
  if (isSignIn || access.type === 'jwt') return 'sign-in'
  return access.type === 'none' ? 'open' : 'key'
}

/** Who may call, as the declaration has it. */
function entrance({ access }: Catalog, isSignIn: boolean, url: string): string {
  if (isSignIn)
    return access.type === 'oauth' && access.signIn.type === 'oauth'
      ? `People sign in; the redirect URI at the identity provider is ${url}/callback.`
      : 'People sign in with keys of their own.'
  const words = {
    none: 'Nobody signs in: whoever reaches that URL may call.',
    apiKey: 'API keys of the upstream open it.',
    jwt: 'Tokens of the declared issuer open it.',
    oauth: 'Nobody can sign in: LECTERN_IDP_ISSUER and LECTERN_IDP_CLIENT_ID are not set. API keys open it.',
  }
  return words[access.type]
}
