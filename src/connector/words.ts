/** Words of names as documents write them, in the letters that every client takes. */

/** Letters that Unicode does not take apart into a plain one and a mark. */
const SPELLED: Record<string, string> = {
  ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue', ß: 'ss', æ: 'ae', Æ: 'Ae', œ: 'oe', Œ: 'Oe', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ı: 'i',
} // biome-ignore format: one list

/** Latin letters without their marks; what is of another script goes. */
function plain(name: string): string {
  return name
    .replace(/[^\x00-\x7f]/g, (letter) => SPELLED[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x00-\x7f]+/g, ' ')
}

/** Nothing says more in a name than this many characters of it. */
const LONGEST = 1000

/** `getHTTPSProxy` as get, https, proxy; `listVMs` as list, vms; `repos/list-for-org` as repos, list, for, org. */
export function wordsOf(name: string): string[] {
  return plain(name.slice(0, LONGEST).replace(/['’]/g, ''))
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/(?<=[A-Z])(?=[A-Z][a-z])(?![A-Z]s(?![a-z]))/g, ' ')
    .split(/[^a-zA-Z0-9]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase())
}

/** `name` with what is not a letter, digit, dot, dash or underscore as one underscore, and none at its ends. */
export function safeName(name: string): string {
  return plain(name)
    .replace(/[^a-zA-Z0-9_.-]+/g, '_')
    .replace(/^[_.-]+|(?<![_.-])[_.-]+$/g, '')
}

/** Six characters that stay the same for the same text (FNV-1a, 32 bits): tells names apart, and protects nothing. */
export function hash(text: string): string {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return (value >>> 0).toString(36).padStart(6, '0').slice(-6)
}
