/** Where an answer may go: redirect URIs by class, exact but for the port on loopback (OAuth 2.1, 2.3; RFC 8252, 7). */

/** `https`: a web client; `loopback`: a program on the person's machine; `app`: one that the system opens by its scheme. */
export type RedirectKind = 'https' | 'loopback' | 'app'

/** Private-use schemes of clients that are known to come back through one. Schemes after a domain need no row. */
const APP_SCHEMES: readonly string[] = [
  'claude',
  'cursor',
  'jetbrains',
  'kiro',
  'trae',
  'vscode',
  'vscode-insiders',
  'vscodium',
  'windsurf',
  'zed',
]

/** Schemes that run code, read files or stay in the browser: no setting lets them in. */
const UNSAFE_SCHEMES: ReadonlySet<string> = new Set(
  (
    'javascript data vbscript file blob filesystem intent about view-source jar res mk chrome chrome-extension ' +
    'moz-extension edge resource android-app content shell cmd ms-msdt ms-settings ms-officecmd ms-appinstaller ' +
    'ms-cxh ms-its search search-ms mailto tel sms ftp ws wss'
  ).split(' '),
)

/** What no redirect URI may look like, before its class is asked for; in the order in which it is told. */
const SHAPES: readonly (readonly [breaks: RegExp, words: string])[] = [
  [/^.{2049}/s, 'is longer than 2048 characters'],
  [/[^\x21-\x7e]/, 'holds white space, a control character or one beyond ASCII; percent-encode it'],
  [/\\/, 'holds a backslash'],
  [/\*/, 'holds a wildcard; register every URI in full'],
  [/["<>^`{|}]/, 'holds a character that URIs do not have; percent-encode it'],
  [/%(?![0-9a-f]{2})/i, 'holds a "%" that encodes nothing'],
  [/%([01][0-9a-f]|7f)/i, 'holds an encoded control character'],
  [/#/, 'has a fragment; remove what begins with "#"'],
  [/^[^?]*\/(\.|%2e){1,2}([/?]|$)/i, 'has a "." or ".." segment in its path'],
  [/^(?![a-z][a-z0-9+.-]*:\/)/, 'is not an absolute URI that begins with a lower-case scheme and ":/"'],
  [/^[^/]*\/\/[^/?]*@/, 'carries a user name; remove what stands before "@"'],
]

/** Host and path with query; a host in any other spelling (`127.1`, `0x7f000001`, `localhost.`) is not loopback. */
const LOOPBACK = /^http:\/\/(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?((?:[/?].*)?)$/

/**
 * What is wrong with a redirect URI, in words that continue its name (`uses http ...`); undefined where nothing is.
 * `extraSchemes` are the deployment's own, beside the known ones.
 */
export function redirectFault(uri: string, extraSchemes: readonly string[]): string | undefined {
  const shape = SHAPES.find(([breaks]) => breaks.test(uri))
  if (shape !== undefined) return shape[1]
  if (!URL.canParse(uri)) return 'is not a URL'
  const scheme = uri.slice(0, uri.indexOf(':'))
  if (scheme !== 'https' && scheme !== 'http') return schemeFault(scheme, extraSchemes) ?? shellFault(uri)
  if (scheme === 'http' && !LOOPBACK.test(uri))
    return 'uses http for a host other than localhost, 127.0.0.0/8 and [::1]; use https'
  return isPlainHost(uri) ? shellFault(uri) : 'has no host, or one in a spelling that can be misread'
}

/** Programs have opened such addresses through a shell (CVE-2025-6514); URIs may hold these, clients' own do not. */
function shellFault(uri: string): string | undefined {
  return /[$();']/.test(uri) ? 'holds a character that a shell reads; percent-encode it' : undefined
}

function schemeFault(scheme: string, extraSchemes: readonly string[]): string | undefined {
  if (UNSAFE_SCHEMES.has(scheme)) return `uses the scheme ${scheme}, which is never taken`
  if (/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/.test(scheme)) return undefined
  if (APP_SCHEMES.includes(scheme) || extraSchemes.includes(scheme)) return undefined
  return (
    `uses the scheme ${scheme.slice(0, 40)}, which is not known here; use https, loopback, a scheme after a domain ` +
    'such as com.example.app, or have the operator add it to LECTERN_REDIRECT_SCHEMES'
  )
}

/** True where every reader of the URI sees the same host: the text itself is what a parser makes of it. */
function isPlainHost(uri: string): boolean {
  const written = /^https?:\/\/([^/?]+?)(:\d*)?(?=[/?]|$)/.exec(uri)?.[1]
  return written?.toLowerCase() === new URL(uri).hostname
}

/** True where `asked` is the registered URI, or the same on loopback but for its port (RFC 8252, 7.3). */
export function matchesRedirect(registered: string, asked: string): boolean {
  if (registered === asked) return true
  const [one, other] = [LOOPBACK.exec(registered), LOOPBACK.exec(asked)]
  if (!one || !other || !URL.canParse(asked)) return false
  // An empty path and `/` are the same request (RFC 3986, 6.2.3); VS Code writes both.
  return one[1] === other[1] && (one[2] || '/') === (other[2] || '/')
}

/** The class of a URI in which `redirectFault` finds nothing. */
export function redirectKind(uri: string): RedirectKind {
  const { protocol, hostname } = new URL(uri)
  if (protocol !== 'http:' && protocol !== 'https:') return 'app'
  return /^((.*\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname) ? 'loopback' : 'https'
}

/** What a person is shown of where the answer goes: host and port, or scheme and name of an app. */
export function redirectHost(uri: string): string {
  const { protocol, host } = new URL(uri)
  if (protocol === 'http:' || protocol === 'https:') return host
  return host === '' ? protocol : `${protocol}//${host.slice(0, 253)}`
}
