/** A short text that a regular expression describes: enough of its grammar for the patterns of ids, codes and dates. */

import { matches } from '../tools/pattern.ts'

/** Characters of the expression that are read, and of the text that is made. */
const LONGEST = 500

/** Undefined for what is not understood, such as a look-ahead; whether the text matches is for the caller to see. */
export function sample(pattern: string): string | undefined {
  if (pattern.length > LONGEST) return undefined
  const reader = { text: pattern, at: 0 }
  const made = alternatives(reader, 0)
  return made === undefined || reader.at < pattern.length || made.length > LONGEST ? undefined : made
}

interface Reader {
  text: string
  at: number
}

const DEEPEST = 20

/** The first of them; the others are read and left. */
function alternatives(reader: Reader, depth: number): string | undefined {
  let first: string | undefined
  for (let count = 0; ; count++) {
    const made = sequence(reader, depth)
    if (made === undefined) return undefined
    if (count === 0) first = made
    if (reader.text[reader.at] !== '|') return first
    reader.at++
  }
}

function sequence(reader: Reader, depth: number): string | undefined {
  let made = ''
  while (reader.at < reader.text.length && !/[|)]/.test(reader.text[reader.at]!)) {
    const atom = one(reader, depth)
    if (atom === undefined) return undefined
    made += atom.repeat(Math.min(least(reader), LONGEST))
    if (made.length > LONGEST) return undefined
  }
  return made
}

function one(reader: Reader, depth: number): string | undefined {
  const char = reader.text[reader.at++]!
  if (char === '^' || char === '$') return ''
  if (char === '.') return 'a'
  if (char === '[') return fromClass(reader)
  if (char === '\\') return fromEscape(reader.text[reader.at++] ?? '')
  if (char !== '(') return /[*+?{]/.test(char) ? undefined : char
  const group = /^\?(:|<\w+>)/.exec(reader.text.slice(reader.at))
  if (group) reader.at += group[0].length
  else if (reader.text[reader.at] === '?') return undefined
  const made = depth < DEEPEST ? alternatives(reader, depth + 1) : undefined
  return reader.text[reader.at++] === ')' ? made : undefined
}

const ESCAPES: Record<string, string> = {
  d: '1',
  w: 'a',
  s: ' ',
  D: 'a',
  W: '-',
  S: 'a',
  b: '',
  t: '\t',
  n: '\n',
}

function fromEscape(char: string): string | undefined {
  return Object.hasOwn(ESCAPES, char) ? ESCAPES[char] : /\w/.test(char) ? undefined : char
}

/** The first character that the class begins with, or for what it excludes one that it is likely not to. */
function fromClass(reader: Reader): string | undefined {
  const end = /^(\^?(?:\\.|[^\\\]])*)\]/.exec(reader.text.slice(reader.at))
  if (!end) return undefined
  reader.at += end[0].length
  const inside = end[1]!
  if (!inside.startsWith('^')) return inside.startsWith('\\') ? fromEscape(inside[1]!) : inside[0]
  return ['a', '1', 'A', '-', '_', ' '].find((each) => matches(`^[${inside}]$`, each))
}

/** The least number of times that the quantifier behind an atom asks for. */
function least(reader: Reader): number {
  const [whole = '', counted] = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(reader.text.slice(reader.at)) ?? []
  reader.at += whole.length
  if (whole === '' || whole.startsWith('+')) return 1
  return counted === undefined ? 0 : Number(counted)
}
