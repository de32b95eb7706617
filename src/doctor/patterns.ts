/** Regular expressions that a client cannot compile: JSON Schema says ECMA-262, OpenAI compiles with Python's `re`. */

/** What ECMA-262 takes and OpenAI answers with 400, for the whole list; seen in public reports of 2026. */
const REFUSED: [RegExp, string][] = [
  [/\(\?<?[=!]/, 'looks ahead or behind'],
  [/\(\?<(?![=!])/, 'names a group'],
  [/\\[pP]\{/, 'asks for a Unicode property'],
  [/\\u\{/, 'holds \\u{…}'],
  [/\\[^\W\d_AbBdDsSwWZafnrtvxuUNpP]/, 'escapes a letter that has no meaning'],
  [/\[\^?\][^\]]*$/, 'holds an empty set'],
]

/** Why OpenAI refuses `pattern`, or undefined. */
export function refusedPattern(pattern: string): string | undefined {
  const unescaped = pattern.replaceAll('\\\\', '')
  return REFUSED.find(([construct]) => construct.test(unescaped))?.[1]
}

/** True where ECMA-262 with the `u` flag compiles `pattern`, as JSON Schema asks (2020-12 core, 6.4). */
export function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp
  } catch {
    return false
  }
}
