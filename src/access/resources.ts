/** The MCP addresses of a deployment: each is its own resource and audience (RFC 8707), `/mcp` and the bare origin one. */
import { type Namespaces, readPart } from './parts.ts'

/** Paths of the resources that every connector has; parts have theirs beside them. */
export const RESOURCES: readonly string[] = ['/mcp']

/** Where resources are: the origin, and the namespaces of which parts are made. */
export interface Site {
  issuer: string
  namespaces: Namespaces
}

/**
 * The path of the one resource that `resource` parameters name, with the tolerance that clients need: none at all is
 * the first, one trailing slash and letter case of scheme and host do not count. Undefined is `invalid_target`.
 */
export function resourcePath(site: Site, asked: readonly string[]): string | undefined {
  const paths = new Set(asked.map((each) => pathOf(site.issuer, each)))
  if (paths.size === 0) return RESOURCES[0]
  const [path] = paths
  return paths.size === 1 && path !== undefined && isServed(path, site) ? path : undefined
}

function isServed(path: string, { namespaces }: Site): boolean {
  if (RESOURCES.includes(path)) return true
  const part = readPart(path, namespaces)
  // To the letter: one slash too many was taken off before.
  return part !== undefined && 'names' in part && part.path === path
}

/** The resource that a request's own path belongs to: the bare origin is `/mcp`. */
export function servedPath(pathname: string): string {
  const path = pathname.replace(/\/$/, '')
  return path === '' ? '/mcp' : path
}

function pathOf(issuer: string, resource: string): string | undefined {
  if (!URL.canParse(resource) || /[?#\\\s]/.test(resource)) return undefined
  const url = new URL(resource)
  return url.origin === issuer && !url.username && !url.password ? servedPath(url.pathname) : undefined
}
