/** A document's words without their markup (OpenAPI 3.2, 4.3: CommonMark, and HTML within it). */

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#39': "'",
}

/** Tags that stand within a line, and all others; a name that an API writes in angle brackets has no such form. */
const INLINE = /<\/?(?:a|b|i|u|em|strong|code|span|sub|sup|kbd|tt|small|font)(?:\s[^<>]{0,500})?>/gi
const BLOCK =
  /<\/?(?:p|br|hr|div|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|th|td|pre|h[1-6]|img|details|summary|section|blockquote|center)(?:\s[^<>]{0,500})?\/?>/gi

/** More is never shown: a description is cut at a third of it, in characters. */
const LONGEST = 6_000

/** HTML and the louder Markdown taken out: a model pays for them and learns nothing from them. */
export function plainText(words: string): string {
  return words
    .slice(0, LONGEST)
    .replace(/<!--(?:(?!<!--)[\s\S]){0,2000}?-->/g, ' ')
    .replace(INLINE, '')
    .replace(BLOCK, ' ')
    .replace(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (entity, name: string) => ENTITIES[name] ?? entity)
    .replace(/!?\[([^\][]{1,300})\]\((?:[^()\s]{1,500})(?:\s"[^"]{0,200}")?\)/g, '$1')
    .replace(/^#{1,6}\s+/gm, '')
    .replace(/^```.*$/gm, '')
    .replace(/(?<![\w/])\*\*(?=[^\s*/])([^*\n]{1,300})\*\*(?![\w/])/g, '$1')
    .replace(/(?<!\w)__(?=\S)([^\n]{1,300}?)(?<=\S)__(?!\w)/g, '$1')
    .replace(/^[*_#`\s]+$/, '')
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ ?\r?\n ?/g, '\n')
    .replace(/\n{2,}/g, '\n')
    .trim()
}
