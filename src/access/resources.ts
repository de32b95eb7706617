/** The MCP addresses of a deployment: each is its own resource and audience (RFC 8707), `/mcp` and the bare origin one. */

/** Paths of the resources that are served. */
export const RESOURCES: readonly string[] = ['/mcp']

/**
 * The path of the one resource that `resource` parameters name, with the tolerance that clients need: none at all is
 * the first, one trailing slash and letter case of scheme and host do not count. Undefined is `invalid_target`.
 */
export function resourcePath(issuer: string, asked: readonly string[]): string | undefined {
  const paths = new Set(asked.map((each) => pathOf(issuer, each)))
  if (paths.size === 0) return RESOURCES[0]
  const [path] = paths
  return paths.size === 1 && path !== undefined && RESOURCES.includes(path) ? path : undefined
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
