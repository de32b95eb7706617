/** A document's words reach a model short and without their markup, and nothing that they say is changed. */
import { describe, expect, it } from 'vitest'
import { actionWords, namespaceTitle, titleOf } from '../../src/connector/derived-words.ts'
import { cutText } from '../../src/connector/slim.ts'
import { hash, safeName, wordsOf } from '../../src/connector/words.ts'
import type { Operation } from '../../src/document/operations.ts'
import { plainText } from '../../src/document/plain-text.ts'

describe('plain text', () => {
  it.each([
    ['plain words', 'All invoices, newest first.', 'All invoices, newest first.'],
    ['HTML', '<p>All <b>invoices</b></p>', 'All invoices'],
    ['HTML with attributes', '<a href="https://a.example" target=_blank>All</a>', 'All'],
    ['line breaks of HTML', 'one<br/>two<br>three<BR />four', 'one two three four'],
    ['a comment', 'one <!-- hidden --> two', 'one two'],
    ['a comment that never ends', 'one <!-- hidden', 'one <!-- hidden'],
    ['a comment over lines', 'one <!-- a\nb\n--> two', 'one two'],
    ['less and more', 'a < b and c > d, 5<6', 'a < b and c > d, 5<6'],
    ['an address in angles', '<https://a.example>', '<https://a.example>'],
    ['entities', 'R&amp;D &lt;5 &gt;6 &quot;a&quot; it&#39;s it&apos;s a&nbsp;b', `R&D <5 >6 "a" it's it's a b`],
    ['entities once', '&amp;lt;b&amp;gt;', '&lt;b&gt;'],
    ['entities that are no markup', '&copy; &unknown; &amp', '&copy; &unknown; &amp'],
    ['a tag made of entities, which was no tag', '&lt;b&gt;', '<b>'],
    ['a link', 'See [the docs](https://a.example/x).', 'See the docs.'],
    ['a link with a title', 'See [the docs](https://a.example "Docs").', 'See the docs.'],
    ['an image', '![Logo](logo.png) Words', 'Logo Words'],
    ['brackets that are no link', 'filter[name] (see [below])', 'filter[name] (see [below])'],
    ['headings', '# One\n\n###### Two\ntext', 'One\nTwo\ntext'],
    ['a number sign in words', 'Invoice #5 and #hash', 'Invoice #5 and #hash'],
    ['a fence', 'See\n```json\n{"a": 1}\n```\nend', 'See\n{"a": 1}\nend'],
    ['strong words', '**One** and __two__', 'One and two'],
    ['emphasis and code, which do no harm', '*One* `two` _three_', '*One* `two` _three_'],
    ['two underscores inside a name', 'created__gte and __all__', 'created__gte and all'],
    ['runs of space', '  a  \t b\u00a0\u00a0c ', 'a b c'],
    ['empty lines', 'a\r\n\r\n \n\nb\nc', 'a\nb\nc'],
    ['nothing', '', ''],
    ['markup alone', '<b></b> ** \n#  ', ''],
  ])('of %s', (_, words, expected) => {
    expect(plainText(words)).toBe(expected)
  }) // biome-ignore format: one row a line
})

const operation = (more: Partial<Operation>) => ({ summary: undefined, description: undefined, id: undefined, path: '/a', deprecated: false, ...more }) as Operation // biome-ignore format: one operation

describe('a title', () => {
  it.each([
    ['the summary', { summary: 'List invoices', id: 'x' }, 'List invoices'],
    ['the summary without its full stop', { summary: 'List invoices.' }, 'List invoices'],
    ['the summary on one line', { summary: '**List**\ninvoices' }, 'List invoices'],
    ['a summary of markup, so the id', { summary: '<br>', id: 'listInvoices' }, 'List invoices'],
    ['the id in words', { id: 'getHTTPProxy_v2' }, 'Get http proxy v2'],
    ['the name, where there is neither', {}, 'Bank accounts: list all'],
    ['the id in whatever script', { id: '取得' }, '取得'],
    ['80 characters', { summary: 'x'.repeat(80) }, 'x'.repeat(80)],
    ['not more than 80 characters', { summary: 'x'.repeat(81) }, `${'x'.repeat(79)}…`],
  ] as [string, Partial<Operation>, string][])('is %s', (_, more, title) => {
    expect(titleOf(operation(more), 'bank_accounts', 'list_all')).toBe(title)
  }) // biome-ignore format: one row a line

  it.each([
    ['bank_accounts', 'Bank accounts'],
    ['Already Said', 'Already Said'],
    ['<b>x</b>', 'X'],
    ['élan', 'Élan'],
    ['', ''],
  ])('of the namespace %j is %j', (name, title) => {
    expect(namespaceTitle(name)).toBe(title)
  })
})

describe('a description', () => {
  it.each([
    ['the description', { description: 'Words.' }, 'Words.'],
    ['the summary', { summary: 'List invoices' }, 'List invoices'],
    ['both', { summary: 'List invoices', description: 'Newest first.' }, 'List invoices. Newest first.'],
    ['both, with one full stop', { summary: 'List invoices.', description: 'Newest first.' }, 'List invoices. Newest first.'],
    ['both, after a question', { summary: 'Which invoices?', description: 'All.' }, 'Which invoices? All.'],
    ['the description that begins as the summary does', { summary: 'List invoices.', description: 'list invoices, newest first.' }, 'list invoices, newest first.'],
    ['the summary with markup', { summary: '<b>List</b>', description: '<i></i>' }, 'List'],
    ['the path, where there is neither', { path: '/a/{b}?c=1' }, 'Bank accounts: list all (GET /a/{b}).'],
    ['a warning first', { summary: 'List', deprecated: true }, 'Deprecated. List'],
    ['a warning and the path', { deprecated: true }, 'Deprecated. Bank accounts: list all (GET /a).'],
    ['1,500 characters', { description: 'x'.repeat(1500) }, 'x'.repeat(1500)],
    ['not more than 1,500 characters', { description: 'x'.repeat(1501) }, `${'x'.repeat(1499)}…`],
    ['not more than 1,500 characters with the warning', { description: 'x'.repeat(1500), deprecated: true }, `Deprecated. ${'x'.repeat(1487)}…`],
  ] as [string, Partial<Operation>, string][])('is %s', (_, more, words) => {
    expect(actionWords(operation(more), 'bank_accounts', 'list_all')).toBe(words)
  }) // biome-ignore format: one row a line
})

describe('a cut', () => {
  it.each([
    ['nothing of what fits', 'abcd', 4, 'abcd'],
    ['inside a word that is too long', 'abcde', 4, 'abc…'],
    ['before a word', 'One two three', 9, 'One two…'],
    ['before a word, and the comma stays', 'One, two three', 10, 'One, two…'],
    ['inside a word, where the words before it are less than half', 'A longestword', 10, 'A longest…'],
    ['behind a sentence', 'One two. Three four', 13, 'One two.'],
    ['behind the last sentence', 'A b. C d. E f g h', 14, 'A b. C d.'],
    ['behind a sentence that ends a line', 'One two.\nThree four', 13, 'One two.'],
    ['behind no sentence in the first half', 'One. Two three four', 16, 'One. Two three…'],
    ['behind no full stop of a number', 'Up to 3.5 percent of', 16, 'Up to 3.5…'],
    ['before half a character', '😀😀😀', 4, '😀\ufffd…'],
  ])('takes %s', (_, text, longest, expected) => {
    expect(cutText(text, longest)).toBe(expected)
    expect(cutText(text, longest).length).toBeLessThanOrEqual(longest)
  }) // biome-ignore format: one row a line
})

describe('words', () => {
  it.each([
    ['getHTTPSProxy', ['get', 'https', 'proxy']],
    ['repos/list-for_org.all', ['repos', 'list', 'for', 'org', 'all']],
    ['v2Users', ['v2', 'users']],
    ['JSON', ['json']],
    ['aB', ['a', 'b']],
    ['ÄpfelUndÖl', ['aepfel', 'und', 'oel']],
    ['Łódź ﬁne', ['lodz', 'fine']],
    ['it’s Anna\'s', ['its', 'annas']],
    ['a宠b', ['a', 'b']],
    ['宠物', []],
    ['  ', []],
  ])('of %j', (name, words) => {
    expect(wordsOf(name)).toEqual(words)
  }) // biome-ignore format: one row a line

  it.each([
    ['a b', 'a_b'],
    ['a  [b]', 'a_b'],
    ['_.-a.b-c_d-._', 'a.b-c_d'],
    ['é', 'e'],
    ['宠', ''],
  ])('%j as a name', (name, safe) => {
    expect(safeName(name)).toBe(safe)
  })

  // Draft-eastlake-fnv, appendix C: 0x811c9dc5, 0xe40c292c and 0xbf9cf968, in base 36.
  it.each([
    ['', 'ztntfp'],
    ['a', 'r9wi7g'],
    ['foobar', 'h5yxyg'],
  ])('the hash of %j', (text, expected) => {
    expect(hash(text)).toBe(expected)
  })
})
