/** Limits that a client drops and that nothing else tells the model: they must stand in the words too. */
import type { Json, JsonObject } from '../json.ts'

/** Formats that change what a model writes, with words that say as much; others only name the API's own types. */
const FORMATS: Record<string, RegExp> = {
  date: /YYYY-MM-DD|\bdates?\b|ISO[ -]?8601/i,
  'date-time': /date|time|RFC[ -]?3339|ISO[ -]?8601/i,
  time: /time|hh:mm/i,
  duration: /duration|ISO[ -]?8601/i,
  uuid: /UUID|GUID/i,
  email: /e-?mail/i,
  uri: /UR[IL]|link|address/i,
  hostname: /host|domain/i,
  ipv4: /\bIP/i,
  ipv6: /\bIP/i,
}

/** Values that limit nothing that a model would do. */
const TRIVIAL: Record<string, Json[]> = { minLength: [0, 1], minItems: [0, 1], multipleOf: [1] }

const LIMITS = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'default',
  'const',
]

/** Keywords of `schema` whose value is found nowhere in `words`. */
export function unsaid(schema: JsonObject, words: string): string[] {
  const format = typeof schema.format === 'string' ? schema.format : ''
  const said = Object.hasOwn(FORMATS, format) ? FORMATS[format]!.test(words) : true
  const limits = LIMITS.filter(
    (keyword) =>
      Object.hasOwn(schema, keyword) &&
      !TRIVIAL[keyword]?.includes(schema[keyword]!) &&
      !says(words, schema[keyword]!),
  )
  return said ? limits : ['format', ...limits]
}

/** A number stands by itself: 5 is not said by 15, nor by 5.5. */
function says(words: string, value: Json): boolean {
  if (typeof value === 'number') {
    const plain = words.replaceAll(/(?<=\d),(?=\d{3})/g, '')
    return new RegExp(`(?<![\\d.])${escapedPattern(String(value))}(?!\\.?\\d)`).test(plain)
  }
  return words.includes(typeof value === 'string' ? value : JSON.stringify(value))
}

function escapedPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
