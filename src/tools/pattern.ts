/** A document's pattern on a caller's text (ECMA-262, 22.2), run only where it cannot backtrack for ages. */

/** Longest text held against a pattern, in characters. */
const LONGEST_TEXT = 1000
/** Longest pattern that is read, in characters; a list of all time zones fits. */
const LONGEST_PATTERN = 20_000
/** Ways to try a pattern on one text: some thousand texts that fit into one call stay within a second. */
const MOST_WAYS = 20_000

/** What could take ages is left to the upstream; a text too long to be held against the others does not match. */
export function matches(pattern: string, text: string): boolean {
  if (pattern.length > LONGEST_PATTERN || ways(pattern, Math.min(text.length, LONGEST_TEXT)) > MOST_WAYS)
    return true
  try {
    return text.length <= LONGEST_TEXT && new RegExp(pattern, 'u').test(text)
  } catch {
    return true
  }
}

/** An escape, a class, a bracket, a bar or a character, and how often it may stand there. */
const TOKEN =
  /(\\(?:[pPu]\{[^}]*\}|k<[^>]*>|.)|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?|.)(\*|\+|\?|\{\d+(?:,\d*)?\})?\??/gsu
const BACK_REFERENCE = /^\\[1-9k]/

/** The most ways in which a backtracking engine could try the pattern on `length` characters; repeated groups are beyond count. */
function ways(pattern: string, length: number): number {
  let open = { others: 0, ways: 1 }
  const around: (typeof open)[] = []
  for (const [, token = '', repeat] of pattern.matchAll(TOKEN)) {
    if (token.startsWith('(')) {
      around.push(open)
      open = { others: 0, ways: 1 }
    } else if (token === ')') {
      const inside = open.others + open.ways
      open = around.pop() ?? open
      open.ways *= repeat === undefined ? inside : repeat === '?' ? inside + 1 : Number.POSITIVE_INFINITY
    } else if (token === '|') {
      open = { others: open.others + open.ways, ways: 1 }
    } else {
      open.ways *= BACK_REFERENCE.test(token) ? Number.POSITIVE_INFINITY : lengths(repeat, length)
    }
  }
  const anchored = pattern.startsWith('^') && open.others === 0
  return (open.others + open.ways) * (anchored ? 1 : length + 1)
}

/** In how many lengths one repeated character can fit into `length`. */
function lengths(repeat: string | undefined, length: number): number {
  if (repeat === undefined) return 1
  if (repeat === '?') return 2
  const [, least = '0', comma, most] = /^\{(\d+)(,?)(\d*)\}$/.exec(repeat) ?? ['', '0', ',']
  if (comma === '') return 1
  return Math.max(1, Math.min(most ? Number(most) : length, length) - Number(least) + 1)
}
