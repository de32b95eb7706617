/** Foreign words on a page: one line, bounded, and unable to pose as the words around them. */
import { visible } from '../tools/invisible.ts'

/** Text of one line, at most `longest` characters; a pile of marks on one letter cannot paint over other lines. */
export function line(text: string, longest: number): string {
  return visible(text.slice(0, longest * 8).normalize('NFC'), longest).replace(/(\p{M}{3})\p{M}+/gu, '$1')
}

/** A name to be set in double quotes, which it cannot close; undefined where nothing of it can be seen. */
export function quotable(name: string | undefined): string | undefined {
  return (
    line(name ?? '', 80).replace(/["\u00ab\u00bb\u201c-\u201f\u2033\u301d\u301e\uff02]/g, "'") || undefined
  )
}

/** A host, at most 120 characters; of a longer one the end is kept, since the end says whose it is. */
export function hostName(host: string): string {
  const known = line(host.slice(-512), 512)
  return known.length > 120 ? `…${known.slice(-120)}`.toWellFormed() : known
}
