/** Texts at the edge, and the table of what is refused: everything else must come back as it was given. */
import type { Definition } from './decode.ts'

export const TEXTS: string[] = [
  'blue', '', ' ', 'a b', ' a', 'a ', 'a,b', ',', 'a.b', '.', '..', '...', '%2e', '%2e%2e', '%2E%2E', '.%2e', '../x', '..\\x', 'a/b?c#d',
  'a;b', 'a=b', 'a&b', 'a|b', 'a\tb', 'a+b', '100%', '%20', '%2C', '%zz', ":/?#[]@!$&'()*+,;=", '"quoted"', '\\', '~-._', '{p}', '[0]', '0',
  '\r\nX-Evil: 1', '\u0000', '\u007f', 'żółw', '😀', '\u2028', '\ufeff', '\ud800', 'a\udc00b', '__proto__', 'constructor', 'null', 'true', '-1.50',
  '12345678901234567890', '//evil.example', 'x'.repeat(10_000), '😀'.repeat(2_500),
] // biome-ignore format: one list

/** `list` is ['a', text, 'b'], `single` is [text], `member` is {k: text}, `name` is {[text]: 'x'}. */
export type Kind = 'lone' | 'list' | 'single' | 'member' | 'name'

export const VALUES: Record<Kind, (text: string) => unknown> = {
  lone: (text) => text,
  list: (text) => ['a', text, 'b'],
  single: (text) => [text],
  member: (text) => ({ k: text }),
  name: (text) => ({ [text]: 'x' }),
}

interface Case {
  definition: Required<Pick<Definition, 'in' | 'style' | 'explode'>>
  kind: Kind
  text: string
}

const DELIMITERS: Record<string, string> = { spaceDelimited: ' ', pipeDelimited: '|', tabDelimited: '\t' }
const isPart = ({ kind }: Case) => kind !== 'lone'
const bareCookie = ({ definition: { in: place, style } }: Case) => place === 'cookie' && style === 'cookie'
/** A member's name that becomes a name on the wire. */
const isWireName = ({ definition: { in: place, style, explode }, kind }: Case) =>
  kind === 'name' &&
  (style === 'deepObject' || (explode && (style === 'matrix' || place === 'query' || place === 'cookie')))

/** A text that is a segment by itself. */
const isWholePath = ({ definition: { in: place }, kind }: Case) =>
  place === 'path' && (kind === 'lone' || kind === 'single')
/** A label brings one dot of its own. */
const CLIMBING: Record<string, RegExp> = { simple: /^\.{1,2}$/, label: /^\.?$/ }

/** What cannot be written without being read as something else, and what the refusal says. */
export const REFUSALS: [why: string, applies: (given: Case) => boolean, words: RegExp][] = [
  ['half a character is not UTF-8', ({ text }) => !text.isWellFormed(), /lone surrogate|must be a string/],
  [
    'a path without a value is another path',
    (given) => isWholePath(given) && given.definition.style === 'simple' && given.text === '',
    /must not be empty/,
  ],
  [
    'a segment of dots climbs',
    (given) => isWholePath(given) && (CLIMBING[given.definition.style]?.test(given.text) ?? false),
    /which leads out of its place|must not hold "\."/,
  ],
  [
    'an exploded label cannot hold a dot',
    (given) => given.definition.style === 'label' && given.definition.explode && isPart(given) && given.text.includes('.'),
    /must not hold "\."|leads out of its place/,
  ],
  [
    'a delimiter that is the same escaped and plain',
    (given) => {
      const delimiter = DELIMITERS[given.definition.style]
      return delimiter !== undefined && !given.definition.explode && isPart(given) && given.text.includes(delimiter)
    },
    /it is what separates the parts/,
  ],
  ['a header is printable ASCII', ({ definition, text }) => definition.in === 'header' && !/^[ -~]*$/.test(text), /printable ASCII/],
  ['a header loses the spaces around it', ({ definition, text }) => definition.in === 'header' && text !== text.trim(), /begin or end with a space|printable/],
  ['a header list cannot hold a comma', (given) => given.definition.in === 'header' && isPart(given) && given.text.includes(','), /must not hold ","|printable/],
  [
    'readers of a header skip what is empty in a list',
    (given) =>
      given.definition.in === 'header' && isPart(given) && given.text === '' &&
      !(given.definition.explode && (given.kind === 'member' || given.kind === 'name')),
    /must not hold an empty text|must not be empty/,
  ],
  [
    'a name in a header cannot hold =',
    ({ definition, kind, text }) => definition.in === 'header' && definition.explode && kind === 'name' && text.includes('='),
    /must not hold "="|must not hold ","|printable/,
  ],
  [
    'a cookie holds cookie octets',
    (given) => bareCookie(given) && !isWireName(given) && !/^[!#-+\--:<-[\]-~]*$/.test(given.text),
    /what a cookie cannot/,
  ],
  [
    'a cookie’s name is a token',
    (given) => bareCookie(given) && isWireName(given) && given.text !== '' && !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(given.text),
    /not a name that a cookie can have/,
  ],
  ['a name is not empty', (given) => isWireName(given) && given.text === '', /without a name|read as brackets|not a name/],
  [
    'brackets in a name would be brackets',
    ({ definition: { style }, kind, text }) => style === 'deepObject' && kind === 'name' && /[[\]]/.test(text),
    /read as brackets/,
  ],
] // biome-ignore format: one row each
