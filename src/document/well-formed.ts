/** A document's text as Unicode has it: half a character makes JSON that strict parsers refuse, and with it the whole list of tools. */
import type { Json, JsonObject } from '../json.ts'

/** Values that are looked at; no document that was read from text has more. */
const MOST_VALUES = 20_000_000

/** The document itself where all of its text is whole, else a copy in which U+FFFD stands for each half. */
export function wellFormed(document: JsonObject): JsonObject {
  return isWhole(document) ? document : (mended(document) as JsonObject)
}

function isWhole(document: Json): boolean {
  const waiting: Json[] = [document]
  for (let seen = 0; waiting.length > 0 && seen < MOST_VALUES; seen++) {
    const value = waiting.pop()!
    if (typeof value === 'string' && !value.isWellFormed()) return false
    if (typeof value !== 'object' || value === null) continue
    for (const key in value) {
      if (!key.isWellFormed()) return false
      waiting.push((value as JsonObject)[key]!)
    }
  }
  return true
}

function mended(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(mended)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toWellFormed(), mended(item)]))
}
