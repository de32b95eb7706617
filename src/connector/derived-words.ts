/** Titles and descriptions for operations, in the document's words. */
import type { Operation } from '../document/operations.ts'
import { plainText } from '../document/plain-text.ts'
import { cutText } from './slim.ts'
import { wordsOf } from './words.ts'

export const LONGEST_TITLE = 80
const LONGEST_DESCRIPTION = 1500

/** The summary where there is one, else the id or the name in words. */
export function titleOf({ summary, id }: Operation, namespace: string, action: string): string {
  const said = plainText(summary ?? '')
    .replace(/\n/g, ' ')
    .replace(/\.$/, '')
  const words = said || namespaceTitle(id ?? '') || named(namespace, action)
  return cutText(words, LONGEST_TITLE)
}

function named(namespace: string, action: string): string {
  return `${namespaceTitle(namespace)}: ${action.replaceAll('_', ' ')}`
}

/** `bank_accounts` and `BankAccounts` as `Bank accounts`; a tag of several words stays as it is. */
export function namespaceTitle(name: string): string {
  const plain = plainText(name)
  const words = /^[!-~]+$/.test(plain) ? distinct(wordsOf(plain)) : plain.replaceAll('_', ' ')
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}

/** Ids often say the resource twice, once for the group that they are in. */
function distinct(words: string[]): string {
  return words.filter((word, at) => word !== words[at - 1]).join(' ')
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
