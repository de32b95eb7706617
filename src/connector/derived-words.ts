/** Titles and descriptions for operations, in the document's words without their markup. */
import type { Operation } from '../document/operations.ts'
import { cutText } from './slim.ts'
import { wordsOf } from './words.ts'

export const LONGEST_TITLE = 80
const LONGEST_DESCRIPTION = 1500

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#39': "'",
}

/** HTML and the louder Markdown taken out: a model pays for them and learns nothing from them. */
export function plainText(words: string): string {
  return words
    .replace(/<!--(?:(?!<!--)[\s\S]){0,10000}?-->/g, ' ')
    .replace(/<\/?[a-z][a-z0-9]*(?:\s[^<>]{0,500})?\/?>/gi, ' ')
    .replace(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (entity, name: string) => ENTITIES[name] ?? entity)
    .replace(/!?\[([^\][]{1,300})\]\((?:[^()\s]{1,500})(?:\s"[^"]{0,200}")?\)/g, '$1')
    .replace(/^#{1,6}\s+/gm, '')
    .replace(/^```.*$/gm, '')
    .replace(/\*\*|(?<!\w)__(?=\S)|(?<=\S)__(?!\w)/g, '')
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ ?\r?\n ?/g, '\n')
    .replace(/\n{2,}/g, '\n')
    .trim()
}

/** The summary where there is one, else the id or the name in words. */
export function titleOf({ summary, id }: Operation, namespace: string, action: string): string {
  const said = plainText(summary ?? '')
    .replace(/\n/g, ' ')
    .replace(/\.$/, '')
  const words = said || namespaceTitle(wordsOf(id ?? '').join(' ')) || named(namespace, action)
  return cutText(words, LONGEST_TITLE)
}

function named(namespace: string, action: string): string {
  return `${namespaceTitle(namespace)}: ${action.replaceAll('_', ' ')}`
}

/** `bank_accounts` as `Bank accounts`. */
export function namespaceTitle(name: string): string {
  const words = plainText(name).replaceAll('_', ' ').trim()
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}

/** Summary and description, each where the other does not say it; the path where there is neither. */
export function actionWords(
  { summary, description, path, deprecated }: Operation,
  namespace: string,
  action: string,
): string {
  const [short, long] = [plainText(summary ?? ''), plainText(description ?? '')]
  const both = long.toLowerCase().startsWith(short.toLowerCase().replace(/\.$/, ''))
    ? long
    : sentences(short, long)
  const said = both || `${named(namespace, action)} (GET ${path.split('?')[0]}).`
  return cutText(deprecated ? `Deprecated. ${said}` : said, LONGEST_DESCRIPTION)
}

function sentences(short: string, long: string): string {
  if (short === '' || long === '') return short || long
  return `${short}${/[.!?:]$/.test(short) ? '' : '.'} ${long}`
}
