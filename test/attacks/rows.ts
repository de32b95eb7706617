/** The attacks that are known against a server of this kind, a row each, with the advisories that they were found under. */

export interface Row {
  number: number
  title: string
  /** CVE and GHSA ids. */
  ids: readonly string[]
}

// biome-ignore format: one attack a line
export const rows: readonly Row[] = [
  row(1, 'Confused deputy: a stranger rides the live session at the identity provider', 'GHSA-c2jp-c369-7pvx'),
  row(2, 'Consent that is not bound to the browser', 'CVE-2026-27124', 'GHSA-rww4-4w9c-7733'),
  row(3, 'Cross-site request forgery of the approval'),
  row(4, 'A server in the middle on a remembered consent', 'GHSA-6x8h-498w-gv8c'),
  row(5, 'A remembered consent that widens'),
  row(6, 'Clickjacking'),
  row(7, 'A page that is fetched twice and then refuses'),
  row(8, 'Cross-site scripting through metadata'),
  row(9, 'Hostile redirect URIs, open redirect through registration', 'CVE-2025-4143'),
  row(10, 'A redirect URI that is not checked at authorize', 'CVE-2025-4143'),
  row(11, 'Loopback that is matched too loosely'),
  row(12, 'PKCE left out or downgraded', 'CVE-2025-4144'),
  row(13, 'Replay of a code'),
  row(14, 'Burning of a code'),
  row(15, 'A code or token of another client'),
  row(16, 'Audience confusion', 'CVE-2025-69196', 'GHSA-95c3-6vvw-4mrq'),
  row(17, 'Token type confusion'),
  row(18, 'JOSE downgrade'),
  row(19, 'Token passthrough'),
  row(20, 'Login request forgery and state fixation'),
  row(21, 'Mix-up of authorization servers'),
  row(22, 'Server-side request forgery through metadata documents and key sets'),
  row(23, 'A metadata document that changes between authorize and token'),
  row(24, 'Impersonation of a client on loopback'),
  row(25, 'Lenient client authentication'),
  row(26, 'Registration floods and metadata bombs'),
  row(27, 'Metadata spoofed through Host'),
  row(28, 'Addresses that run on the client', 'CVE-2025-6514', 'CVE-2025-58444', 'CVE-2025-49596'),
  row(29, 'Theft and replay of refresh tokens'),
  row(30, 'Secrets in logs, errors and Referer'),
  row(31, 'A weak or ephemeral master secret'),
  row(32, 'An oracle in how unsealing fails'),
  row(33, 'Injection into prompts and logs through names and error descriptions'),
  row(34, 'A resource URI that leads elsewhere'),
]

function row(number: number, title: string, ...ids: string[]): Row {
  return { number, title, ids }
}

/** Name of the row's tests: its number, its title, its advisories. */
export function nameOf({ number, title, ids }: Row): string {
  return `${number}. ${title}${ids.length > 0 ? ` (${ids.join(', ')})` : ''}`
}

/** Number of the row that a test with this full name belongs to; undefined where it is none's. */
export function numberOf(fullName: string): number | undefined {
  const number = /^(\d+)\. /.exec(fullName)?.[1]
  return number === undefined ? undefined : Number(number)
}
