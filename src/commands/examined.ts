/** What the doctor examines: the tools of a connector as each client sees them, or those that a live server lists. */
import type { Catalog } from '../connector/catalog.ts'
import { derive } from '../connector/derive.ts'
import { isDotless, refusesDots, seeksKnowledge } from '../connector/names.ts'
import type { Client } from '../doctor/clients.ts'
import type { ListedTool } from '../doctor/finding.ts'
import { StartError } from '../errors.ts'
import { discoveryOffers } from '../mcp/discovery-offers.ts'
import { knowledgeOffers } from '../mcp/knowledge-offers.ts'
import { definitions } from '../mcp/view.ts'
import { readDocument } from '../node/document.ts'
import { shownAddress } from '../node/document-url.ts'
import { listTools } from '../node/listing.ts'
import { readSettings } from '../settings.ts'
import { visible } from '../tools/invisible.ts'
import { chooseConnector } from './connector.ts'
import { type DerivedFlags, deriveOptions } from './derived.ts'
import { readHeaders } from './header-env.ts'
import { refuseWithoutTools, withAllFiles } from './several-files.ts'

export interface Examined {
  title: string
  /** Under which a person would add it. */
  name: string
  /** The tools, in one order for all; `undefined` is a caller of whom nothing is known, such as one with a key. */
  listFor(client: Client | undefined): ListedTool[]
  discovery?: boolean
}

export interface SourceFlags extends DerivedFlags {
  url?: string | undefined
  'header-env'?: string[] | undefined
  declaration?: string | undefined
  openapi?: string | undefined
  'allow-private'?: boolean | undefined
}

/** The one place where it is decided what is examined. Throws StartError. */
export async function findExamined(flags: SourceFlags): Promise<Examined> {
  if (flags.url !== undefined) return ofServer(flags.url, flags['header-env'] ?? [])
  if (flags.declaration === undefined && flags.openapi !== undefined)
    return ofCatalog(await derived(flags.openapi, flags))
  return ofCatalog((await chooseConnector(flags, readSettings(process.env))).catalog)
}

/** Names are written as the server writes them: by what the client says of itself where people sign in. */
export function ofCatalog(catalog: Catalog): Examined {
  const isSignedIn = catalog.access.type === 'oauth'
  const names = new Set(catalog.tools.map(({ name }) => name))
  const offers = catalog.discovery ? Object.values(discoveryOffers) : catalog.tools
  const all = [...offers, ...knowledgeOffers(catalog, names)]
  // One list for all who see it alike, so that a tool is looked at once.
  const lists = [offers, all].map((shown) => [false, true].map((dotless) => definitions(shown, dotless)))
  return {
    title: catalog.title,
    name: catalog.name,
    discovery: catalog.discovery,
    listFor: (client) => {
      const signsIn = isSignedIn ? client?.signsIn : undefined
      const searches = signsIn !== undefined && seeksKnowledge(signsIn)
      const dotless = isDotless(catalog, signsIn !== undefined && refusesDots(signsIn))
      return lists[Number(searches)]![Number(dotless)] as ListedTool[]
    },
  }
}

async function derived(source: string, flags: SourceFlags): Promise<Catalog> {
  const options = deriveOptions(source, flags)
  const document = await readDocument(source, readSettings(process.env), flags['allow-private'] ?? false)
  const found = withAllFiles(document, source, () => derive(document, options))
  refuseWithoutTools(found, document, source)
  return found.catalog
}

async function ofServer(url: string, headers: string[]): Promise<Examined> {
  const { name = '', title, tools } = await listTools(url, readHeaders(headers, process.env))
  if (tools.length === 0)
    throw new StartError('There is nothing to examine', ['the server lists no tool to this caller'])
  return {
    // The query of an address may be a key, and a report is shown around.
    title: visible(title ?? (name || shownAddress(url)), LONGEST_TITLE),
    name: machineName(name),
    listFor: () => tools,
  }
}

const LONGEST_TITLE = 100

/** What a person would type: the clients take letters, digits, _ and -. */
function machineName(name: string): string {
  const words = name
    .slice(0, LONGEST_TITLE)
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
  return words.replace(/^-|-$/g, '').slice(0, 16) || 'server'
}
