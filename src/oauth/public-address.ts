/** Which addresses of strangers are fetched at all, judged by their text alone (MCP, SSRF; the draft on metadata documents, 3). */
import type { Settings } from '../settings.ts'

const LONGEST = 1024

/** Hosts of well-known clients' documents: where a runtime cannot check what a name resolves to, only these are fetched. */
export const KNOWN_HOSTS: readonly string[] = [
  'chatgpt.com',
  'claude.ai',
  'grok.com',
  'opencode.ai',
  'vscode.dev',
]

/**
 * Why nothing is fetched from an address that a stranger gave, in words that continue its name; undefined where it may be.
 * What its host resolves to is the runtime's to check.
 */
export function addressFault(
  { privateClientOrigins, clientDocumentHosts }: Settings,
  address: string,
): string | undefined {
  if (address.length > LONGEST || !URL.canParse(address)) return `is no URL of at most ${LONGEST} characters`
  const url = new URL(address)
  // What a parser would write differently has dot segments, odd hosts, a default port, or characters to be encoded.
  if (url.href !== address || /[#\\]/.test(address) || url.username !== '' || url.password !== '')
    return 'is not in plain form, without fragment or user'
  if (privateClientOrigins.includes(url.origin) && /^https?:$/.test(url.protocol)) return undefined
  if (url.protocol !== 'https:' || url.port !== '') return 'is not https on port 443'
  if (!/^([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/.test(url.hostname)) return 'has no public host name'
  if (clientDocumentHosts.length > 0 && !clientDocumentHosts.includes(url.hostname))
    return 'is at a host that nothing is fetched from'
  return undefined
}
