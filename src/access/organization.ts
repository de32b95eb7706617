/** The one organization that a token reads, as an id that may stand in a header and a log line. */
import { type JsonObject, own } from '../json.ts'

/** The claim or field `name`; undefined where it is missing or not one word of at most 128 plain characters. */
export function organizationId(claims: JsonObject, name: string): string | undefined {
  const value = own(claims, name)
  const id = typeof value === 'number' ? String(value) : value
  return typeof id === 'string' && /^[\x21-\x7e]{1,128}$/.test(id) ? id : undefined
}
