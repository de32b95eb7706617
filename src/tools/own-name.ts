/** The name in which an answer says of itself what was cut, so that no upstream speaks in it. */

/** A member at the root of the answer. */
export const OWN = '_lectern'

const BACKSLASH = 0x5c
const U = 0x75

/** True where the name that is embedded from `start` to `end` is ours, in whatever escapes. */
export function isOwnName(embedded: Uint8Array, start: number, end: number): boolean {
  let at = start
  for (let index = 0; index < OWN.length; index++) {
    const code = OWN.charCodeAt(index)
    if (embedded[at] === code) at++
    else if (escapedAt(embedded, at) === code) at += 7
    else return false
  }
  return at === end
}

/** What an escape such as `\\u005f` stands for, its backslash doubled as it is embedded. */
function escapedAt(embedded: Uint8Array, at: number): number {
  if (embedded[at] !== BACKSLASH || embedded[at + 2] !== U) return Number.NaN
  return Number.parseInt(String.fromCharCode(...embedded.subarray(at + 3, at + 7)), 16)
}
