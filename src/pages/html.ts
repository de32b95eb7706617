/** HTML that escapes by default: what stands in the template is markup, and what is interpolated is text. */
import { isInvisible } from '../tools/invisible.ts'

/** Markup that a template wrote; nothing else makes one, so that no string passes for markup. */
export class Html {
  readonly #markup: string
  private constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }

  static write(strings: TemplateStringsArray, values: readonly Part[]): Html {
    return new Html(strings.reduce((before, after, at) => before + render(values[at - 1]) + after))
  }
}

/** `undefined` and `false` write nothing, so that `${known && html`...`}` is an optional part. */
export type Part = string | number | Html | readonly Html[] | undefined | false

/** Attributes are to be written in double quotes, and no value goes into a tag's or an attribute's name. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Html {
  return Html.write(strings, values)
}

function render(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return inert(String(part))
  return part instanceof Html ? part.toString() : part.join('')
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Safe as text and as a quoted attribute; characters that nobody sees are left out, half characters replaced. */
function inert(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\x20-\x7e]/gu, (char) => (isInvisible(char.codePointAt(0)!) ? '' : char))
    .replace(/[&<>"']/g, (char) => ENTITIES[char]!)
}
