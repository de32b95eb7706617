/** JSON read without arithmetic: every number comes as the text that the upstream wrote, so that no digit of an id or amount is lost. */
import { isObject, type Json, own, text } from '../json.ts'

/** `json` is whole and without whitespace, as the embedding leaves it. */
export function exactJson(json: string): Json {
  return JSON.parse(quotedNumbers(json)) as Json
}

/** What a member holds, as text; undefined where it is no single value. `path` is dotted, and empty for the value itself. */
export function textAt(value: Json | undefined, path: string): string | undefined {
  const found = valueAt(value, path)
  return typeof found === 'boolean' ? String(found) : text(found)
}

export function valueAt(value: Json | undefined, path: string): Json | undefined {
  let found = value
  for (const name of path === '' ? [] : path.split('.'))
    found = isObject(found) ? own(found, name) : undefined
  return found
}

/** Strings are stepped over by their end, and not by a pattern: one of millions of characters must not exhaust a stack. */
function quotedNumbers(json: string): string {
  const pieces: string[] = []
  let taken = 0
  for (let at = 0; at < json.length; at++) {
    const char = json[at]!
    if (char === '"') {
      at = endOfString(json, at)
    } else if (char === '-' || (char >= '0' && char <= '9')) {
      const start = at
      while (at + 1 < json.length && IN_NUMBER.has(json[at + 1]!)) at++
      pieces.push(json.slice(taken, start), '"', json.slice(start, at + 1), '"')
      taken = at + 1
    }
  }
  pieces.push(json.slice(taken))
  return pieces.join('')
}

const IN_NUMBER = new Set('0123456789.eE+-')

/** Where the quote stands that ends the string which begins at `start`. */
function endOfString(json: string, start: number): number {
  let end = start
  do {
    end = json.indexOf('"', end + 1)
  } while (isEscaped(json, end))
  return end < 0 ? json.length : end
}

function isEscaped(json: string, at: number): boolean {
  let slashes = 0
  while (json[at - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}
