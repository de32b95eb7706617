/** Where a document says that its API is (OpenAPI 3.2, 4.5 and 4.6): servers with variables, or Swagger's host and basePath. */
import { isObject, type Json, type JsonObject, text } from '../json.ts'
import { DocumentError } from './resolve.ts'

/** A host that no server has: what is relative without a base still has a path. */
const NOWHERE = 'https://document.invalid'

/** At the end. A pattern that may begin at any of them would look at each for all of the rest. */
export const SLASHES = /(?<!\/)\/+$/

/** The first server that could be asked; `location` is where the document came from. */
export function documentServer(root: JsonObject, location?: string): string | undefined {
  return urls(namedServers(root))
    .map((url) => absolute(url, location ?? NOWHERE))
    .find((url) => url !== undefined && url.origin !== NOWHERE)?.href
}

/** The first server that only says a path, which counts from wherever the document came from; `/v1` of `servers: [{url: /v1}]`. */
export function relativeServer(root: JsonObject): string | undefined {
  const named = root.swagger !== undefined && root.basePath === undefined ? [] : namedServers(root)
  return urls(named).find((url) => absolute(url, NOWHERE)?.origin === NOWHERE)
}

function namedServers(root: JsonObject): Json | undefined {
  return root.swagger === undefined ? root.servers : swaggerServers(root)
}

/**
 * The path of an operation's own servers (on it, or on its path), where they are on the host of one of `bases`: the base URL
 * that was chosen, or the document's. It is added to the base URL where it is inside it, and counts from the origin where it
 * is not. Throws DocumentError for any other host: the credential is meant for the one that the operator knows of.
 */
export function ownServer(nodes: JsonObject[], bases: string[]): { prefix: string; atOrigin: boolean } {
  const named = nodes
    .map(({ servers }) => servers)
    .find((servers) => Array.isArray(servers) && servers.length > 0)
  const [first] = objects(named).map((server) => (isOpen(server) ? pathOf(filled(server)) : filled(server)))
  if (first === undefined) return { prefix: '', atOrigin: false }
  const known = (bases.length > 0 ? bases : [NOWHERE]).map((base) => new URL(base))
  const own = absolute(first, known[0]!.href)
  if (own === undefined) throw new DocumentError(`its own server ${first} is no http(s) URL`)
  const base = known.find(({ host }) => host === own.host) ?? (bases.length === 0 ? own : undefined)
  if (base === undefined)
    throw new DocumentError(
      `its own server ${own.origin} is another than ${known[0]!.origin}: give it a connector of its own`,
    )
  const [ownPath, basePath] = [bare(own.pathname), bare(base.pathname)]
  const inside = ownPath === basePath || ownPath.startsWith(`${basePath}/`)
  return inside
    ? { prefix: ownPath.slice(basePath.length), atOrigin: false }
    : { prefix: ownPath, atOrigin: true }
}

function bare(path: string): string {
  return path.replace(SLASHES, '')
}

function absolute(url: string, base: string): URL | undefined {
  if (!URL.canParse(url, base)) return undefined
  const found = new URL(url, base)
  const usable = /^https?:$/.test(found.protocol) && found.username === '' && found.password === ''
  return usable && !/[{}?#]|%7[bd]/i.test(found.href) ? found : undefined
}

function urls(servers: Json | undefined): string[] {
  return objects(servers).map(filled)
}

type Server = JsonObject & { url: string }

function objects(servers: Json | undefined): Server[] {
  const list = Array.isArray(servers) ? servers : []
  return list.filter((server): server is Server => isObject(server) && typeof server.url === 'string')
}

/** True where the host is for whoever deploys the API to say, such as `https://{hostname}/setup`. */
function isOpen({ url }: Server): boolean {
  return /^[^/]*\/\/[^/]*\{/.test(url.trim())
}

function pathOf(url: string): string {
  return url.replace(/^[^/]*\/\/[^/]*/, '') || '/'
}

/** Variables by their default, else the first of their values; one that has neither stays, and the URL is of no use. */
function filled({ url, variables }: Server): string {
  const known = isObject(variables) ? variables : {}
  return url.trim().replace(/\{([^{}]+)\}/g, (template, name: string) => {
    const variable = Object.hasOwn(known, name) ? known[name] : undefined
    const [first] = isObject(variable) && Array.isArray(variable.enum) ? variable.enum : []
    const value = isObject(variable) ? (variable.default ?? first) : undefined
    return typeof value === 'string' || typeof value === 'number' ? String(value) : template
  })
}

/** Swagger 2.0: `host` and `basePath`, by https where that is among the schemes. Some hosts come with a scheme or a slash. */
function swaggerServers({ host, basePath, schemes }: JsonObject): Json {
  const path = text(basePath) ?? '/'
  const named = (text(host) ?? '')
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(SLASHES, '')
  if (named === '') return [{ url: path }]
  const stated = Array.isArray(schemes) ? schemes : []
  const scheme = stated.includes('http') && !stated.includes('https') ? 'http' : 'https'
  return [{ url: `${scheme}://${named}${path.startsWith('/') ? '' : '/'}${path}` }]
}
