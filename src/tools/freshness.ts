/** For how long a reply may be kept by the one who asked for it: `Cache-Control` and `Age` (RFC 9111, 4.2, 5.1 and 5.2.2). */

/** Seconds. What a client keeps outlives a sign-in that ends, so no upstream may ask for more. */
export const LONGEST_FRESH = 3600

/** Characters of a header that are read; a longer one says nothing that could be relied on. */
const LONGEST_HEADER = 1000

/** A directive, with a value as a token or quoted, up to the comma behind it (RFC 9110, 5.6). */
const DIRECTIVE =
  /[ \t]*(?:([\w!#$%&'*+.^`|~-]+)(?:=(?:([\w!#$%&'*+.^`|~-]+)|"((?:[^"\\]|\\.)*)"))?)?[ \t]*(?:,|$)/y

/**
 * Whole seconds from now, from 0 to LONGEST_FRESH. A client keeps for one person, so `private` allows it and `s-maxage` says
 * nothing to it; whatever is malformed, says two things or must be asked for again is stale at once.
 */
export function freshness(header: (name: string) => string | undefined): number {
  const directives = directivesOf(header('cache-control') ?? '')
  if (directives === undefined || directives.has('no-store') || directives.has('no-cache')) return 0
  const varies = (header('vary') ?? '').split(',', 50).some((name) => name.trim() === '*')
  const lifetime = seconds(directives.get('max-age'))
  if (lifetime === undefined || varies) return 0
  const age = seconds((header('age') ?? '').split(',', 1)[0]!.trim()) ?? 0
  return age < lifetime ? Math.min(lifetime - age, LONGEST_FRESH) : 0
}

/** By lower-case name; undefined where the header is broken, or says `max-age` twice and otherwise (4.2.1). */
function directivesOf(header: string): Map<string, string> | undefined {
  if (header.length > LONGEST_HEADER) return undefined
  const found = new Map<string, string>()
  DIRECTIVE.lastIndex = 0
  while (DIRECTIVE.lastIndex < header.length) {
    const [, spelled, token, quoted] = DIRECTIVE.exec(header) ?? [undefined]
    // A broken one sets `lastIndex` back to 0, from where it would be read for ever.
    if (DIRECTIVE.lastIndex === 0) return undefined
    if (spelled === undefined) continue
    const name = spelled.toLowerCase()
    const value = token ?? quoted ?? ''
    if (name === 'max-age' && (found.get(name) ?? value) !== value) return undefined
    found.set(name, value)
  }
  return found
}

/** Delta-seconds (1.2.2): digits alone; more of them than a number holds exactly are only many. */
function seconds(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined
}
